"""催办 as pages read it: how often a place was urged, whether its unit has seen it, who has not answered yet."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Role

from .access import UNIT_ROLES, units_of
from .models import Request
from .status import AssignmentStatus, RequestKind, RequestState

# Who urges at all; whom and where, the table of actions says.
URGING = (Role.LIAISON, Role.HUB, Role.COMMITTEE, Role.LEADER)


@dataclass
class Urged:
    """The urges of one place: how many, how many of them were answered, the newest."""

    times: int = 0
    answered: int = 0
    last: Request | None = None

    def add(self, request):
        self.times += 1
        self.answered += request.state == RequestState.GRANTED
        self.last = request


def of_places(keys):
    """{place pk: Urged} of these places; one query."""
    found = {}
    asked = Request.objects.filter(assignment__in=keys, kind=RequestKind.URGE).order_by("pk")
    for request in asked.only(
        "assignment", "state", "asked_on", "asked_by", "due_on", "seen_at", "seen_by", "decision"
    ):
        found.setdefault(request.assignment_id, Urged()).add(request)
    return found


def of_case(case, sight):
    """The urges of a loaded case that this reader sees: (list of requests, the newest first, each with its unit;
    how many of them were answered)."""
    found = [r for r in case.requests if r.kind == RequestKind.URGE and sight.sees_request(case, r)]
    for request in found:
        request.of_unit = case.place(request.assignment_id).unit
    return found[::-1], sum(request.state == RequestState.GRANTED for request in found)


def unanswered(congress_ids):
    """Urges that wait for an answer, the oldest first (a queryset of Request). While somebody decides whether the
    unit keeps the case, it has nothing to answer."""
    asked = Request.objects.filter(
        proposal__congress_id__in=congress_ids, kind=RequestKind.URGE, state=RequestState.OPEN
    )
    return asked.exclude(assignment__status=AssignmentStatus.RETURN_ASKED).order_by("asked_on", "pk")


def of_turns(turns):
    """Give the turns of unanswered urges (rows of Waiting) each its `request`, None where it is gone by now; returns
    the requests. One query, none for no turns."""
    if not turns:
        return []
    asked = Request.objects.filter(
        assignment__in=[turn.assignment_id for turn in turns], kind=RequestKind.URGE, state=RequestState.OPEN
    )
    by_place = {request.assignment_id: request for request in asked.order_by("pk")}
    for turn in turns:
        turn.request = by_place.get(turn.assignment_id)
    return list(by_place.values())


def mark_seen(requests, user):
    """已看: note that somebody of the urged unit has seen these open urges; only the first time counts.

    The caller gives urges of the reader's own places. Whoever looks from above (政府领导) or answers on paper for a
    unit (代录) is not the unit.
    """
    if not any(grant.role in UNIT_ROLES for grant in user.active_grants()):
        return
    fresh = [r for r in requests if r.kind == RequestKind.URGE and r.is_open and r.seen_at is None]
    if not fresh:
        return
    now = timezone.now()
    Request.objects.filter(pk__in=[r.pk for r in fresh], seen_at=None).update(seen_at=now, seen_by=user.name)
    for request in fresh:
        request.seen_at, request.seen_by = now, user.name


def mark_seen_in(case, sight, user):
    """The same for the urges of the reader's own places in a loaded case."""
    units = {pk for grant in user.active_grants() if grant.role in UNIT_ROLES for pk in units_of(grant)}
    urges = [r for r in case.requests if r.kind == RequestKind.URGE]
    own = [case.place(r.assignment_id) for r in urges]
    mine = {place.pk for place in own if place.unit_id in units and sight.is_of_unit(place)}
    mark_seen([r for r in urges if r.assignment_id in mine], user)
