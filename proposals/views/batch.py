"""Several cases in one go: filing those with a category, assigning from one table. Each by a perform of its own."""

import uuid
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from institutions.offer import units_on_offer

from .. import decisions
from ..forms import FORM_FOR
from ..hints import closest, handling_places
from ..lists import number_in
from ..models import Proposal
from ..readers import Reader
from ..status import AssignmentRole, ProposalStatus
from ..workflow import Case
from .many import perform_one
from .worklist import office_of

MOST = 50
BOARD_ROWS = 20


@dataclass
class Outcome:
    """What became of one case of a batch: `words` says why not, empty when it was done."""

    proposal: Proposal
    words: str = ""


@require_POST
def batch_file(request):
    """立案 of the ticked ones, one after the other; those that cannot be filed are named with the reason."""
    outcomes = []
    for proposal in _ticked(request, request.POST.getlist("case")[:MOST]):
        if proposal.category is None:
            outcomes.append(Outcome(proposal, "类别未定，请点标题逐件立案。"))
            continue
        version = request.POST.get(f"version-{proposal.pk}", "")
        data = {"category": proposal.category}
        outcomes.append(_perform(request, "file", proposal, data, version))
    return _result(request, "立案", outcomes)


@require_http_methods(["GET", "POST"])
def assign_board(request):
    """集中交办: the ticked ones in one table, units side by side; sent, each is assigned by itself."""
    if request.method == "POST":
        return _assign_all(request)
    proposals = _ticked(request, request.GET.getlist("case")[:BOARD_ROWS], status=ProposalStatus.FILED)
    return _board(request, proposals)


def _board(request, proposals, rows=None, *, status=200, done=()):
    reader = Reader(request.user)
    units = units_on_offer(reader.congress_ids)
    rows = rows or _suggested(request, proposals, units)
    context = {
        "rows": rows,
        "units": units,
        "request_id": uuid.uuid4(),
        "started": decisions.started_by_assigning(Case(proposals[0])) if proposals else [],
        "today": reader.today,
        "rules": reader.rules,
        "done": done,
    }
    return render(request, "proposals/assign_board.html", context, status=status)


@dataclass
class BoardRow:
    """One line of the table: what is chosen, why, and what is wrong with it."""

    proposal: Proposal
    lead: str = ""
    co: tuple = ()
    evidence: tuple = ()
    words: str = ""
    is_ticked: bool = True


def _suggested(request, proposals, units):
    """Rows with the units that the plan (拟办), the closest earlier case or the deputy's wish names, in this
    order; the office decides."""
    alike = closest(proposals, request.user)
    places_of = handling_places({other.pk for other in alike.values()}, request.user) if alike else {}
    offered = {unit.pk: unit for unit in units}
    rows = []
    for proposal in proposals:
        row = BoardRow(proposal, evidence=[])
        planned = [(offered[each["unit"]], each["role"]) for each in proposal.plan if each["unit"] in offered]
        if planned:
            _suggest(row, "拟办", "", planned)
        if (other := alike.get(proposal.pk)) and (places := places_of.get(other.pk)):
            handled = [(place.unit, place.role) for place in places]
            _suggest(row, "同类", f"{other.number or '待编号'} ", handled)
        wished = [unit for unit in units if unit.name in proposal.suggested_units]
        if wished:
            row.evidence.append(("代表", f"代表建议由{'、'.join(unit.name for unit in wished)}办理"))
            row.lead = row.lead or str(wished[0].pk)
        rows.append(row)
    return rows


def _suggest(row, kind, start, placement):
    """Note a placement, a list of (unit, role), as evidence; the first that is noted fills in the row."""
    words = "，".join(f"{unit.name}{AssignmentRole(role).label}" for unit, role in placement)
    if not row.evidence:
        row.lead = next((str(unit.pk) for unit, role in placement if role == AssignmentRole.LEAD), "")
        row.co = [str(unit.pk) for unit, role in placement if role == AssignmentRole.CO]
    row.evidence.append((kind, f"{start}{words}"))


def _assign_all(request):
    """Assign the ticked rows one after the other. Rows with an error come back in the table, filled as sent."""
    proposals = _ticked(request, request.POST.getlist("row")[:BOARD_ROWS])
    ticked = set(request.POST.getlist("case"))
    outcomes, wrong = [], []
    for proposal in proposals:
        key = str(proposal.pk)
        if key not in ticked:
            continue
        lead, co = request.POST.get(f"lead-{key}", ""), request.POST.getlist(f"co-{key}")
        form = FORM_FOR["assign"](
            {"lead": lead, "co": co}, case=Case.load(proposal.pk), subject=proposal, user=request.user
        )
        if form.is_valid():
            version = request.POST.get(f"version-{key}", "")
            outcome = _perform(request, "assign", proposal, form.action_data(), version)
        else:
            outcome = Outcome(
                proposal, "；".join(error for errors in form.errors.values() for error in errors)
            )
        outcomes.append(outcome)
        if outcome.words:
            proposal.refresh_from_db(fields=["version", "status"])
            wrong.append(BoardRow(proposal, lead, co, [], outcome.words))
    if not outcomes:
        rows = [
            BoardRow(
                proposal,
                request.POST.get(f"lead-{proposal.pk}", ""),
                request.POST.getlist(f"co-{proposal.pk}"),
                is_ticked=False,
            )
            for proposal in proposals
        ]
        return _board(request, proposals, rows, status=422)
    if wrong:
        done = [outcome.proposal for outcome in outcomes if not outcome.words]
        return _board(request, [row.proposal for row in wrong], wrong, status=422, done=done)
    return _result(request, "交办", outcomes)


def _ticked(request, values, **condition):
    """The named proposals of the congresses for which the user is the office, in the order named.

    404 for whoever is no office, and for a name that is no number.
    """
    condition |= {"congress_id__in": office_of(request.user)}
    keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
    if len(keys) != len(values):
        raise Http404
    visible = Proposal.objects.visible_to(request.user).filter(**condition)
    found = visible.select_related("congress", "lead", "delegation", "category").in_bulk(keys)
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _perform(request, action, proposal, data, version):
    """Carry out one action of a batch; returns its Outcome."""
    words = perform_one(request, action, proposal, version=number_in(version, default=0), data=data)
    if not words:
        proposal.refresh_from_db(fields=["number", "status"])
    return Outcome(proposal, words)


def _result(request, verb, outcomes):
    """The list of what was done and what was not, and why."""
    done = [outcome for outcome in outcomes if not outcome.words]
    queue = "review" if verb == "立案" else "assign"
    context = {
        "back": f"{reverse('proposals:worklist')}?queue={queue}",
        "back_words": "回到待审查" if queue == "review" else "回到待交办",
        "verb": verb,
        "done": done,
        "undone": [outcome for outcome in outcomes if outcome.words],
        "queue": queue,
    }
    return render(
        request, "proposals/batch_result.html", context, status=200 if done or not outcomes else 422
    )
