"""总览 for those who read the whole: how many stand where, what is late, what is disputed, what is new."""

from django.db.models import Count, F
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.grants import grants_of
from accounts.models import Role

from ..filters import BEING_RATED_CODE, RegistryFilter
from ..lights import ORANGE, RED
from ..lists import load_cases
from ..models import Assignment, Proposal, Waiting
from ..readers import Reader
from ..status import (
    BEING_RATED,
    HIDDEN_FROM_UNITS,
    AssignmentRole,
    AssignmentStatus,
    HolderKind,
    ProposalStatus,
)
from ..turns import QUEUES
from .registry import Row

READERS = (
    Role.COMMITTEE,
    Role.LEADER,
    Role.DELEGATION_STAFF,
    Role.GOV_LEADER,
    Role.HUB,
    Role.LIAISON,
)
NEWEST = 6
SLOWEST = 6
DUTIES_SHOWN = 20
LIGHTS = ((RED, "已超期"), (ORANGE, "快到期"))
# The road of a proposal, in order; the ends come last.
ORDER = [
    status for status in ProposalStatus if status not in (ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN)
]


@require_safe
def overview(request):
    """One screen of counts; every number opens its list in the registry."""
    if not grants_of(request.user, *READERS):
        raise Http404
    reader = Reader(request.user)
    visible = Proposal.objects.listed_to(request.user)
    by_status = dict(visible.order_by().values_list("status").annotate(Count("pk")))
    states = _states(visible, by_status, reader)
    lights = [(code, words, _count(visible, reader, code)) for code, words in LIGHTS]
    newest = list(visible.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    context = {
        "states": states,
        "total": sum(by_status.values()),
        "lights": lights,
        "disputed": _disputed(by_status, reader),
        "slowest": [] if reader.is_judged else _slowest(request.user, reader.today),
        "duties": _duties(request.user),
        "newest": [Row(case, request.user, reader.rules) for case in load_cases(newest, request.user)],
        "rules": reader.rules,
        "today": reader.today,
        "scope": "、".join(dict.fromkeys(grant.place for grant in grants_of(request.user, *READERS))),
    }
    return render(request, "proposals/overview.html", context)


def _duties(user):
    """What waits on the delegations of this person (a list of Waiting with its words), by date."""
    ids = [grant.delegation_id for grant in grants_of(user, Role.DELEGATION_STAFF)]
    if not ids:
        return []
    waiting = Waiting.objects.filter(holder_kind=HolderKind.DELEGATION, holder_id__in=ids)
    waiting = waiting.select_related("proposal", "assignment__unit")
    rows = list(waiting.order_by(F("due_on").asc(nulls_last=True), "-proposal")[:DUTIES_SHOWN])
    for row in rows:
        row.words = QUEUES[row.queue][0].format(unit=row.assignment.unit if row.assignment else "")
    return rows


def _states(visible, by_status, reader):
    """(code, words, count) of each state on the road. The judged side sees 已答复，测评中 as one; whoever stands on
    both sides is told the states apart of those cases only that are seen openly, as the registry filters them."""
    counts = by_status
    if reader.is_judged:
        openly = reader.only_openly(visible.filter(status__in=HIDDEN_FROM_UNITS))
        counts = {code: n for code, n in by_status.items() if code not in HIDDEN_FROM_UNITS}
        if reader.openly is not None:
            counts |= dict(openly.order_by().values_list("status").annotate(Count("pk")))
    shown = []
    for status in ORDER:
        if status not in HIDDEN_FROM_UNITS or not reader.is_judged or reader.openly is not None:
            shown.append((status.value, status.label, counts.get(status.value, 0)))
        if status == ProposalStatus.REPLIED and reader.is_judged:
            count = sum(by_status.get(hidden.value, 0) for hidden in HIDDEN_FROM_UNITS)
            shown.append((BEING_RATED_CODE, BEING_RATED, count))
    return shown


def _disputed(by_status, reader):
    """What waits on a second judgement: (code, words, count); nothing for the judged side."""
    if reader.is_judged:
        return []
    states = (ProposalStatus.DISPUTED, ProposalStatus.COORDINATION, ProposalStatus.REDO)
    return [(status.value, status.label, by_status.get(status.value, 0)) for status in states]


def _count(visible, reader, light):
    """How many stand in a light: exactly those the registry shows for it."""
    return RegistryFilter({"light": light}, visible, reader=reader).qs.order_by().count()


def _slowest(user, today):
    """The lead units with most overdue first-round replies: rows of unit, its name and n. A case that waits for
    the deputy's rating or the office's judgement is no delay of the unit's."""
    places = Assignment.objects.visible_to(user).filter(
        proposal__status=ProposalStatus.HANDLING, proposal__due_on__lt=today, role=AssignmentRole.LEAD
    )
    # A hub that passed its lead on is late no more: its unit is.
    passed_on = (AssignmentStatus.RELEASED, AssignmentStatus.DISPATCHED)
    places = places.exclude(status__in=passed_on).order_by().values("unit", "unit__name")
    return places.annotate(n=Count("proposal", distinct=True)).order_by("-n", "unit")[:SLOWEST]
