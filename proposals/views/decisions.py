"""Queues of pending requests on the office's worklist: 退回申请, 延期申请, 异议, a card each."""

from django.db.models import F

from .. import pending
from ..lists import CARDS_PER_PAGE, number_in, page_of_ids
from ..models import Request, Waiting
from ..status import HolderKind, RequestKind, RequestState


def return_queue(request, stack, reader, congress_ids, found):
    """退回申请 with both decisions on each card."""
    page = _places_waiting(request, stack, congress_ids, found)
    page.object_list = pending.return_cards(page.object_list, request.user, with_evidence=True)
    return {"page": page, "body": "proposals/_queue_returns.html"}


def extension_queue(request, stack, reader, congress_ids, found):
    """延期申请 with the decision on each card."""
    page = _places_waiting(request, stack, congress_ids, found)
    page.object_list = pending.extension_cards(page.object_list)
    return {"page": page, "body": "proposals/_queue_extensions.html"}


def _places_waiting(request, stack, congress_ids, found):
    """A page of (place, proposal) keys whose request waits on the office, soonest due first."""
    waiting = Waiting.objects.filter(
        found.condition("proposal__"),
        holder_kind=HolderKind.LIAISON,
        holder_id__in=congress_ids,
        queue=stack.code,
    )
    order = (
        ("-proposal__submitted_on", "-pk") if found.newest_first else (F("due_on").asc(nulls_last=True), "pk")
    )
    keys = waiting.order_by(*order).values_list("assignment_id", "proposal_id")
    return page_of_ids(keys, number=number_in(request.GET.get("page")), size=CARDS_PER_PAGE)


def objection_queue(request, stack, reader, congress_ids, found):
    """异议, the oldest first, answered in place."""
    asked = Request.objects.filter(
        found.condition("proposal__"),
        proposal__congress__in=congress_ids,
        kind=RequestKind.OBJECTION,
        state=RequestState.OPEN,
    )
    order = ("-proposal__submitted_on", "-pk") if found.newest_first else ("pk",)
    keys = asked.order_by(*order).values_list("pk", "proposal_id")
    page = page_of_ids(keys, number=number_in(request.GET.get("page")), size=CARDS_PER_PAGE)
    page.object_list = pending.objection_cards(page.object_list)
    return {"page": page, "body": "proposals/_queue_objections.html"}
