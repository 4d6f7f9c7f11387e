"""盯进度 of the liaison office: steps that are late or soon due, places without movement, urges without an answer."""

from copy import copy
from datetime import timedelta

from ..lists import number_in, page_of_ids
from ..models import Assignment, Clock, Request, Waiting
from ..queues import near_until, quiet_places
from ..quiet import quiet_by
from ..status import UNIT_HOLDERS, Queue
from ..urges import of_places, unanswered
from ..workflow.waiting import NO_TERMS

PAGE_SIZE = 25


def places_in_order(ids, **extra):
    """Places of a page with unit, reply and proposal, in the order of `ids`."""
    rows = (
        Assignment.objects.filter(pk__in=ids)
        .select_related("unit", "reply", "proposal", "proposal__lead", "proposal__delegation")
        .defer(
            "proposal__situation",
            "proposal__analysis",
            "proposal__points",
            "reply__opening",
            "reply__answers",
        )
        .annotate(**extra)
    )
    by_pk = {place.pk: place for place in rows}
    return [by_pk[pk] for pk in ids if pk in by_pk]


# --- What stands in the queues: also the source of 选中全部 ------------------------------------------------


def due_rows(reader, congress_ids, found):
    """Steps of places that are overdue or near, soonest first (a queryset of Waiting)."""
    latest = {
        "all": near_until(reader),
        "late": reader.today - timedelta(1),
        "orange": reader.today + timedelta(reader.rules.orange_days),
        "yellow": near_until(reader),
    }[found.range]
    # From what waits, not from the places; what has a day but no term (an urge, a promise) stands elsewhere.
    waiting = Waiting.objects.filter(
        found.condition("proposal__"),
        congress_id__in=congress_ids,
        holder_kind__in=UNIT_HOLDERS,
        due_on__lte=latest,
    ).exclude(queue__in=NO_TERMS)
    if found.range == "orange":
        waiting = waiting.filter(due_on__gte=reader.today)
    if found.range == "yellow":
        waiting = waiting.filter(due_on__gt=reader.today + timedelta(reader.rules.orange_days))
    return waiting.order_by("due_on", "pk")


def quiet_rows(reader, congress_ids, found):
    """Places without movement, the longest silent first (a queryset of Assignment)."""
    silent = quiet_places(congress_ids, reader).filter(found.condition("proposal__"))
    return silent.order_by("stirred_on", "pk")


def urged_rows(reader, congress_ids, found):
    """Urges without an answer, the oldest first (a queryset of Request)."""
    return unanswered(congress_ids).filter(found.condition("proposal__"))


# --- The queues -----------------------------------------------------------------------------------------


def _page(request, keys):
    return page_of_ids(keys, number=number_in(request.GET.get("page")), size=PAGE_SIZE)


def due_queue(request, stack, reader, congress_ids, found):
    """Places whose step is overdue or near."""
    rows = due_rows(reader, congress_ids, found)
    page = _page(request, rows.values_list("assignment_id", "due_on", "queue"))
    places = {place.pk: place for place in places_in_order([pk for pk, _, _ in page.object_list])}
    clocks = Clock.objects.filter(assignment__in=places, met_on=None, voided_on=None)
    clock_ids = {
        (clock.assignment_id, clock.due_on): clock.pk for clock in clocks.only("assignment", "due_on")
    }
    urged = of_places(places)
    quiet = quiet_by(reader.rules, reader.today).of_places(places.values())
    shown = []
    for pk, due_on, queue in page.object_list:
        place = copy(places[pk])
        place.step_due_on, place.step_label = due_on, Queue(queue).label
        place.clock_id = clock_ids.get((pk, due_on))
        place.urged, place.quiet_days = urged.get(pk), quiet.get(pk)
        shown.append(place)
    page.object_list = shown
    return {
        "page": page,
        "body": "proposals/_queue_due.html",
        "ranges": [
            ("all", "全部"),
            ("late", "超期"),
            ("orange", f"{reader.rules.orange_days} 天内"),
            ("yellow", f"{reader.rules.orange_days + 1}—{reader.rules.yellow_days} 天"),
        ],
        "ticks": request.GET.get("tick"),
    }


def quiet_queue(request, stack, reader, congress_ids, found):
    """没有动静: signed for, and nothing done for as many working days as the rule set says."""
    page = _page(request, quiet_rows(reader, congress_ids, found).values_list("pk", flat=True))
    places = places_in_order(page.object_list)
    quiet, urged = quiet_by(reader.rules, reader.today), of_places([place.pk for place in places])
    for place in places:
        place.urged, place.quiet_days = urged.get(place.pk), quiet.days_of(place)
    page.object_list = places
    return {"page": page, "body": "proposals/_queue_quiet.html", "ticks": request.GET.get("tick")}


def urged_queue(request, stack, reader, congress_ids, found):
    """催办未回复: who, since when, and whether they have seen it."""
    page = _page(request, urged_rows(reader, congress_ids, found).values_list("pk", flat=True))
    rows = Request.objects.in_bulk(page.object_list)
    requests = [rows[pk] for pk in page.object_list if pk in rows]
    places = {place.pk: place for place in places_in_order([r.assignment_id for r in requests])}
    for request_row in requests:
        request_row.place = places[request_row.assignment_id]
    page.object_list = requests
    return {"page": page, "body": "proposals/_queue_urged.html", "ticks": request.GET.get("tick")}
