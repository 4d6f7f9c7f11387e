"""What the units below a hub are at (盯进度): steps overdue or soon due, no movement, urges that nobody answered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.grants import grants_of
from accounts.models import Role

from ..access import units_of
from ..lists import number_in, page_of_ids
from ..models import Assignment, Clock, ProposalEvent, Waiting
from ..queues import Tally
from ..quiet import quiet_by
from ..rules import rules_for_pages
from ..status import UNIT_HOLDERS, Queue
from ..urges import Urged, of_places
from ..workflow.waiting import NO_TERMS

PAGE_SIZE = 20
LATE, NEAR, QUIET, URGED = "late", "near", "quiet", "urged"


@dataclass
class ChildRow:
    """A child's step: what it is, by when, what its unit last said, how often and when it was last urged, and for how
    many working days it has been silent."""

    place: Assignment
    step: str
    due_on: date | None
    clock: Clock | None = None
    progress: str = ""
    urged: Urged | None = None
    quiet_days: int = 0


def _children(units):
    """What waits on the units below these hubs (a queryset of Waiting)."""
    return Waiting.objects.filter(holder_kind__in=UNIT_HOLDERS, assignment__parent__unit__in=units)


def _conditions(rules):
    """Which of it stands in which queue. By when an urge asks for an answer makes nothing late."""
    today = timezone.localdate()
    steps = ~Q(queue__in=NO_TERMS)
    silent = quiet_by(rules, today).places()
    return {
        LATE: steps & Q(due_on__lt=today),
        NEAR: steps & Q(due_on__gte=today, due_on__lte=today + timedelta(rules.yellow_days)),
        QUIET: Q(queue__in=(Queue.HANDLE, Queue.OPINION), assignment__in=silent.values("pk")),
        URGED: Q(queue=Queue.ANSWER_URGE),
    }


def count_children(units, rules):
    """A Tally for each of the queues; one query."""
    counts = {code: Count("pk", filter=condition) for code, condition in _conditions(rules).items()}
    found = _children(units).aggregate(**counts)
    return {code: Tally(found[code], found[code] if code == LATE else 0) for code in counts}


def child_rows(user, code):
    """What stands in one of the queues of this person's hubs, soonest due first (a queryset of Waiting)."""
    grants = grants_of(user, Role.HUB)
    units = {pk for grant in grants for pk in units_of(grant)}
    rules = rules_for_pages(grants[0].congress_id)
    return _children(units).filter(_conditions(rules)[code]).order_by("due_on", "pk")


def late_queue(request, units):
    """分办件超期 with 卡在哪 and 上次催办."""
    return _queue(request, units, LATE)


def near_queue(request, units):
    """Steps that the rule set's yellow light already shows."""
    return _queue(request, units, NEAR)


def quiet_queue(request, units):
    """没有动静: signed for, and nothing done for long."""
    return _queue(request, units, QUIET)


def urged_queue(request, units):
    """催办未回复: asked, and no answer yet, the oldest first."""
    return _queue(request, units, URGED)


def _queue(request, units, code):
    """A page of rows; six queries however many."""
    keys = child_rows(request.user, code)
    page = page_of_ids(
        keys.values_list("pk", flat=True), number=number_in(request.GET.get("page")), size=PAGE_SIZE
    )
    waiting = Waiting.objects.filter(pk__in=page.object_list)
    turns = {t.pk: t for t in waiting.select_related("assignment__unit", "assignment__proposal__congress")}
    rules = rules_for_pages(grants_of(request.user, Role.HUB)[0].congress_id)
    page.object_list = _rows([turns[pk] for pk in page.object_list if pk in turns], rules)
    return {
        "page": page,
        "body": "proposals/_hub_children.html",
        "ticks": request.GET.get("tick"),
        "source": f"hub-{code}",
    }


def _rows(turns, rules):
    places = [turn.assignment_id for turn in turns]
    running = Clock.objects.filter(assignment__in=places, met_on=None, voided_on=None)
    clocks = {(clock.assignment_id, clock.due_on): clock for clock in running}
    urged = of_places(places)
    quiet = quiet_by(rules, timezone.localdate()).of_places([turn.assignment for turn in turns])
    notes = defaultdict(str)
    for event in ProposalEvent.objects.filter(assignment__in=places, action="note_progress").order_by("seq"):
        notes[event.assignment_id] = event.payload.get("words", "")
    rows = []
    for turn in turns:
        # An urge has no step of its own: it is about where the place stands.
        place, is_urge = turn.assignment, turn.queue == Queue.ANSWER_URGE
        due_on = place.due_on if is_urge else turn.due_on
        rows.append(
            ChildRow(
                place,
                place.get_status_display() if is_urge else Queue(turn.queue).label,
                due_on,
                clocks.get((place.pk, due_on)),
                notes[place.pk],
                urged.get(place.pk),
                quiet.get(place.pk, 0),
            )
        )
    return rows
