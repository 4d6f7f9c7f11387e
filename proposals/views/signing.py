"""The signer's queue and page (签发): requests beside replies, what was checked, then 签发 or 退回."""

import uuid

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import set_aside
from accounts.grants import grants_of
from accounts.models import Role

from .. import clocks, joint
from ..access import units_of
from ..desk import desk_of, linked_checks
from ..forms import FORM_FOR
from ..lists import number_in, page_of_ids
from ..models import Assignment, Clock, ProposalEvent
from ..rules import rules_for_pages
from ..status import AssignmentStatus, ClockKind, HolderKind, Queue
from ..turns import QUEUES
from ..workflow import TABLE, Denied
from ..workflow.engine import holder
from ..workflow.guards import reply_checks
from . import actions
from .many import perform_one
from .reply import letter_context

PAGE_SIZE = 50
ISSUE = TABLE["issue"]
SENDING = ("draft_reply", "give_opinion")


@require_safe
def signing(request):
    """待签发: what waits for this signer, the most urgent first."""
    grants = grants_of(request.user, Role.SIGNER)
    if not grants:
        raise Http404
    places = Assignment.objects.visible_to(request.user).filter(
        unit_id__in={pk for grant in grants for pk in units_of(grant)},
        status=AssignmentStatus.SIGNING,
        waiting__holder_kind=HolderKind.SIGNER,
    )
    ordered = places.order_by(F("waiting__due_on").asc(nulls_last=True), "pk")
    page = page_of_ids(
        ordered.values_list("pk", flat=True), number=number_in(request.GET.get("page")), size=PAGE_SIZE
    )
    context = {
        "page": page,
        "rows": _rows(list(page)),
        "units": sorted({str(grant.unit) for grant in grants}),
        "today": timezone.localdate(),
        "rules": rules_for_pages(grants[0].congress_id),
    }
    return render(request, "proposals/signing.html", context)


def _rows(ids):
    """The places of a page with who sent them and the clock of the answer: three queries."""
    if not ids:
        return []
    found = {
        place.pk: place
        for place in Assignment.objects.filter(pk__in=ids).select_related("unit", "proposal", "reply")
    }
    kinds = QUEUES[Queue.SIGN][2]
    open_clocks = Clock.objects.filter(assignment__in=ids, kind__in=kinds, met_on=None, voided_on=None)
    clock_of = {clock.assignment_id: clock for clock in open_clocks}
    events = ProposalEvent.objects.filter(assignment__in=ids, action__in=SENDING).order_by("seq")
    sent = {event.assignment_id: event for event in events}
    rows = [found[pk] for pk in ids if pk in found]
    for row in rows:
        row.clock, row.sent = clock_of.get(row.pk), sent.get(row.pk)
    return rows


@require_safe
def sign(request, pk):
    """One reply or co-opinion to sign. 签发 and 退回 are forms of the action view."""
    desk = desk_of(request.user, pk)
    if (refusal := _refusal(request, desk)) is not None:
        return refusal
    if desk.place.status != AssignmentStatus.SIGNING:
        if desk.place.replies:
            return redirect("proposals:reply", pk)
        return redirect("proposals:case", desk.proposal.pk)
    typed = set_aside.restore(request)
    rework = FORM_FOR["rework"](
        case=desk.case,
        subject=desk.place,
        user=request.user,
        initial={"reason": typed["reason"]} if typed and "reason" in typed else None,
    )
    context = letter_context(desk) | {
        "rework": rework,
        "issue_id": uuid.uuid4(),
        "sent": ProposalEvent.objects.filter(assignment=desk.place, action__in=SENDING).last(),
        "opinion": None if desk.place.replies else desk.case.opinion(desk.place),
        "late": [co for co in desk.co_places if co.is_open],
        "joint": joint.waiting_to_be_signed(desk.place, request.user) if desk.place.replies else [],
        "is_proxy": not desk.sight.is_of_unit(desk.place),
        "rating_due_on": _rating_due(desk.case) if desk.place.replies else None,
    }
    if desk.place.replies:
        checks = linked_checks(reply_checks(desk.case, desk.place), desk.reply, desk.proposal.points)
        context["checks"] = checks
    elif context["opinion"]:
        context["opinion"].files = desk.files[(None, context["opinion"].pk, None)]
    return render(request, "proposals/sign.html", context)


def _refusal(request, desk):
    """The answer to whoever sees the place but does not sign for its unit; None for its signer."""
    if holder(ISSUE, desk.case, desk.place, request.user) is not None:
        return None
    denied = Denied("只有承办单位的签发人能签发。", is_forged=True)
    return actions.refused(request, ISSUE, desk.case, denied)


@require_POST
def issue_together(request, pk):
    """签发 of one reply and of the ticked merged ones: each its own action, reply and delivery."""
    desk = desk_of(request.user, pk)
    if (refusal := _refusal(request, desk)) is not None:
        return refusal
    ticked = set(request.POST.getlist("also"))
    others = joint.waiting_to_be_signed(desk.place, request.user)
    places = [desk.place, *(place for place in others if str(place.pk) in ticked)]
    done = []
    for place in places:
        version = number_in(request.POST.get(f"version-{place.pk}"), default=0)
        if words := perform_one(request, ISSUE.code, place, version=version):
            messages.error(request, f"{place.proposal.number_text} 没有签发：{words}")
        else:
            done.append(place.proposal.number_text)
    if done:
        messages.success(request, f"已签发 {len(done)} 件：{'、'.join(done)}。各件分别送达。")
    return redirect("proposals:signing" if done else "proposals:sign", *([] if done else [pk]))


def _rating_due(case):
    """The day until which the deputy may rate a reply that is issued today; None without such a limit."""
    terms = case.rules.clock(ClockKind.RATING)
    return clocks.due_by(case, terms, case.today).due_on if terms else None
