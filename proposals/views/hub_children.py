"""What the units below a hub are at: steps overdue, steps soon due, urges that nobody answered (盯进度)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from ..lists import number_in, page_of_ids
from ..models import Assignment, Clock, ProposalEvent, Request, Waiting
from ..queues import Tally
from ..rules import rules_for_pages
from ..status import UNIT_HOLDERS, Queue, RequestKind, RequestState

PAGE_SIZE = 20
LATE, NEAR, URGED = "late", "near", "urged"


@dataclass
class ChildRow:
    """A child's step: what it is, by when, what its unit last said, and when it was last urged."""

    place: Assignment
    step: str
    due_on: date | None
    clock: Clock | None = None
    progress: str = ""
    urge: Request | None = None


def _children(units):
    """What waits on the units below these hubs (a queryset of Waiting)."""
    return Waiting.objects.filter(holder_kind__in=UNIT_HOLDERS, assignment__parent__unit__in=units)


def _conditions(near_days):
    """Which of it stands in which queue."""
    today = timezone.localdate()
    return {
        LATE: Q(due_on__lt=today),
        NEAR: Q(due_on__gte=today, due_on__lte=today + timedelta(near_days)),
        URGED: Q(queue=Queue.ANSWER_URGE),
    }


def count_children(units, near_days):
    """A Tally for each of the three queues; one query."""
    counts = {code: Count("pk", filter=condition) for code, condition in _conditions(near_days).items()}
    found = _children(units).aggregate(**counts)
    return {code: Tally(found[code], found[code] if code == LATE else 0) for code in counts}


def late_queue(request, units):
    """分办件超期 with 卡在哪 and 上次催办."""
    return _queue(request, units, LATE)


def near_queue(request, units):
    """Steps that the rule set's yellow light already shows."""
    return _queue(request, units, NEAR)


def urged_queue(request, units):
    """催办未回复: asked, and no answer yet, the oldest first."""
    return _queue(request, units, URGED)


def _queue(request, units, code):
    """A page of rows; five queries however many."""
    near_days = rules_for_pages(request.user.active_grants()[0].congress_id).yellow_days
    keys = _children(units).filter(_conditions(near_days)[code]).order_by("due_on", "pk")
    page = page_of_ids(
        keys.values_list("pk", flat=True), number=number_in(request.GET.get("page")), size=PAGE_SIZE
    )
    waiting = Waiting.objects.filter(pk__in=page.object_list)
    turns = {t.pk: t for t in waiting.select_related("assignment__unit", "assignment__proposal__congress")}
    page.object_list = _rows([turns[pk] for pk in page.object_list if pk in turns])
    return {"page": page, "body": "proposals/_hub_children.html"}


def _rows(turns):
    places = [turn.assignment_id for turn in turns]
    running = Clock.objects.filter(assignment__in=places, met_on=None, voided_on=None)
    clocks = {(clock.assignment_id, clock.due_on): clock for clock in running}
    urges = {}
    asked = Request.objects.filter(assignment__in=places, kind=RequestKind.URGE)
    for request in asked.exclude(state=RequestState.VOID).order_by("pk"):
        urges[request.assignment_id] = request
    notes = defaultdict(str)
    for event in ProposalEvent.objects.filter(assignment__in=places, action="note_progress").order_by("seq"):
        notes[event.assignment_id] = event.payload.get("words", "")
    rows = []
    for turn in turns:
        # An urge has neither date nor step of its own: it is about where the place stands.
        place, is_urge = turn.assignment, turn.queue == Queue.ANSWER_URGE
        due_on = place.due_on if is_urge else turn.due_on
        rows.append(
            ChildRow(
                place,
                place.get_status_display() if is_urge else Queue(turn.queue).label,
                due_on,
                clocks.get((place.pk, due_on)),
                notes[place.pk],
                urges.get(place.pk),
            )
        )
    return rows
