"""催办 of one or many cases from any list: shows who would be urged and who cannot be, then urges case by case."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.grants import grants_of
from accounts.models import Role
from accounts.views import safe_next
from core.calendars import calendar_for_pages

from ..access import Sight
from ..forms.urging import UrgeWords
from ..lists import load_cases
from ..models import Assignment, Proposal, UrgePhrase, Waiting
from ..phrases import answer_date
from ..quiet import quiet_by
from ..readers import Reader
from ..status import AssignmentStatus
from ..urges import URGING, of_places
from ..workflow import Denied
from ..workflow.engine import check
from ..workflow.table import TABLE
from ..workflow.urging import reached_by
from ..workflow.waiting import NO_TERMS
from .batch import Outcome
from .many import perform_one
from .urge_sources import all_of

# Cases at once: each is an action of its own, with its mails.
MOST = 100
MOST_DIGITS = 18


@dataclass
class Line:
    """A unit's place in a case on the page: where it stands, when it was urged, why it cannot be ticked."""

    place: Assignment
    due_on: object
    urged: object
    quiet_days: int
    why_not: str = ""
    is_ticked: bool = False


@dataclass
class Row:
    """A case on the page: its lines, or why nobody in it can be urged."""

    case: object
    lines: list = field(default_factory=list)
    words: str = ""

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def can_be_urged(self):
        return any(not line.why_not for line in self.lines)


@require_http_methods(["GET", "POST"])
def urge(request):
    """The page of what was ticked in a list (`case`, `place`, or `all` of a list), and 催办 itself.

    404 for whoever urges nobody; what one may not see is left out.
    """
    if not grants_of(request.user, *URGING):
        raise Http404
    if request.method == "POST":
        return _send(request)
    if "all" in request.GET:
        pairs, total = all_of(request, MOST)
    else:
        pairs = _named(request.GET)
        total = len({proposal for proposal, _ in pairs})
    return _page(request, pairs, total=total)


def _keys(values):
    if not all(value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS for value in values):
        raise Http404
    return [int(value) for value in values]


def _named(data):
    """[(case, place or None)] of what an address or a form names, in its order."""
    places = _keys(data.getlist("place"))
    cases_of = (
        dict(Assignment.objects.filter(pk__in=places).values_list("pk", "proposal_id")) if places else {}
    )
    return [(key, None) for key in _keys(data.getlist("case"))] + [
        (cases_of[key], key) for key in places if key in cases_of
    ]


# --- The page -------------------------------------------------------------------------------------------


def _page(request, pairs, *, total, form=None, status=200):
    """`pairs`: (case, place or None) as wanted; a case without a named place has all units ticked."""
    wanted = list(dict.fromkeys(proposal for proposal, _ in pairs))
    named = defaultdict(set)
    for proposal, place in pairs:
        named[proposal] |= {place} - {None}
    reader = Reader(request.user)
    rows = _rows(request, wanted[:MOST], reader)
    for row in rows:
        ticked = named[row.proposal.pk]
        for line in row.lines:
            line.is_ticked = not line.why_not and (line.place.pk in ticked or not (ticked or form))
    phrases = list(UrgePhrase.objects.filter(congress_id__in=reader.congress_ids))
    calendar = calendar_for_pages(reader.rules.scope)
    for phrase in phrases:
        phrase.answer_by = answer_date(phrase, reader.today, calendar)
    able = [row for row in rows if row.can_be_urged]
    context = {
        "form": form or UrgeWords(initial=_initial(request, phrases)),
        "rows": able,
        "others": [row for row in rows if not row.can_be_urged],
        "ticked": sum(line.is_ticked for row in able for line in row.lines),
        "left_out": max(0, total - MOST),
        "most": MOST,
        "phrases": phrases,
        "chosen": request.GET.get("phrase", ""),
        "here": _address(rows, request),
        "request_id": request.POST.get("request_id") or uuid.uuid4(),
        "next": safe_next(request, default=""),
        "back": safe_next(request, default=reverse("proposals:home")),
        "is_office": bool(grants_of(request.user, Role.LIAISON)),
        "rules": reader.rules,
        "today": reader.today,
    }
    return render(request, "proposals/urge.html", context, status=status)


def _initial(request, phrases):
    """The words and the day of the phrase that was chosen; empty where none was."""
    chosen = next((p for p in phrases if str(p.pk) == request.GET.get("phrase")), None)
    return {"words": chosen.words, "answer_by": chosen.answer_by} if chosen else {}


def _address(rows, request):
    """The address of this very selection, to which a phrase is added."""
    query = [("place", line.place.pk) for row in rows for line in row.lines if line.is_ticked]
    query += [("case", row.proposal.pk) for row in rows if not any(line.is_ticked for line in row.lines)]
    if back := safe_next(request, default=""):
        query.append(("next", back))
    return f"{reverse('proposals:urge')}?{urlencode(query)}"


def _rows(request, wanted, reader):
    """The cases that the reader sees, each with the units it can urge and why not the others; six queries."""
    cases = load_cases(wanted, request.user, among=Proposal.objects.visible_to(request.user).order_by())
    places = [place for case in cases for place in case.round_places if place.is_open]
    steps = Waiting.objects.filter(assignment__in=places).exclude(queue__in=NO_TERMS)
    due = dict(steps.values_list("assignment_id", "due_on"))
    urged = of_places([place.pk for place in places])
    quiet = quiet_by(reader.rules, reader.today).of_places(places)
    rows = []
    for case in cases:
        row = Row(case)
        rows.append(row)
        try:
            grant = check(TABLE["urge"], case, case.proposal, request.user)
        except Denied as denied:
            row.words = denied.words
            continue
        reached, sight = {place.pk for place in reached_by(case, grant)}, Sight.of(case, request.user)
        for place in case.round_places:
            is_shown = sight.sees_place(place) and place.status != AssignmentStatus.DISPATCHED
            if is_shown and (place.pk in reached or grant.role != Role.HUB or sight.is_over(place)):
                why_not = "" if place.pk in reached else f"{place.status_text}，不用催办"
                line = Line(place, due.get(place.pk), urged.get(place.pk), quiet.get(place.pk, 0), why_not)
                row.lines.append(line)
        row.words = "" if row.can_be_urged else "没有正在办理的单位可以催办。"
    return rows


# --- Sending --------------------------------------------------------------------------------------------


def _send(request):
    """Urge the ticked units, case by case; says per case what came of it."""
    form = UrgeWords(request.POST)
    ticked = _ticked(request)
    if not form.is_valid() or not ticked:
        if not ticked:
            form.add_error(None, "还没有勾选要催办的单位，请在下面勾选。")
        pairs = _named(request.POST)
        return _page(request, pairs, total=len({key for key, _ in pairs}), form=form, status=422)
    outcomes = []
    for proposal, places in ticked[:MOST]:
        outcome = Outcome(
            proposal, perform_one(request, "urge", proposal, version=None, data=_data(form, places))
        )
        outcome.units = places
        outcomes.append(outcome)
    return _result(request, outcomes)


def _ticked(request):
    """[(proposal, its ticked places)] in the order of the proposals' keys."""
    visible = Assignment.objects.visible_to(request.user).filter(pk__in=_keys(request.POST.getlist("place")))
    found = defaultdict(list)
    for place in visible.select_related("unit", "proposal__congress").order_by("proposal", "pk"):
        found[place.proposal].append(place)
    return list(found.items())


def _data(form, places):
    """What `perform` gets: fresh for each case."""
    return {
        "words": form.cleaned_data["words"],
        "answer_by": form.cleaned_data["answer_by"],
        "places": places,
    }


def _result(request, outcomes):
    """One case that went well: back to the list with a line. Else the page that tells case by case."""
    done = [outcome for outcome in outcomes if not outcome.words]
    undone = [outcome for outcome in outcomes if outcome.words]
    back = safe_next(request, default="")
    if len(outcomes) == 1 and done:
        proposal, units = done[0].proposal, "、".join(place.unit.name for place in done[0].units)
        messages.success(request, f"已催办 {proposal.number_text}：{units}。马上通知到单位，回复了会告诉您。")
        return redirect(back or reverse("proposals:case", args=[proposal.pk]))
    context = {
        "verb": "催办",
        "done": done,
        "undone": undone,
        "back": back or reverse("proposals:home"),
        "back_words": "回到列表",
        "again": reverse("proposals:urge") + "?" + urlencode([("case", each.proposal.pk) for each in undone]),
    }
    return render(request, "proposals/batch_result.html", context, status=200 if done else 422)
