"""工作台 of a hub (政府督查室): places to pass on, its children's requests to decide, children that are late."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.grants import grants_of
from accounts.models import Role
from accounts.nav import COUNT_CAP
from core.calendars import calendar_for_pages
from institutions.offer import units_on_offer

from .. import decisions, pending
from ..access import units_of
from ..forms import FORM_FOR
from ..hints import closest, handling_places
from ..lists import CARDS_PER_PAGE, number_in, page_of_ids
from ..models import Assignment, Clock, Request, Waiting
from ..queues import Stack, Tally
from ..rules import rules_for_pages
from ..status import AssignmentRole, ClockKind, HolderKind, Queue, RequestKind, RequestState
from ..urges import mark_seen
from ..workflow import Case
from .hub_children import (
    LATE,
    NEAR,
    PAGE_SIZE,
    QUIET,
    URGED,
    count_children,
    late_queue,
    near_queue,
    quiet_queue,
    urged_queue,
)
from .many import perform_one

ASKED = "asked"
# What is asked of the hub itself, and the request that each turn is about.
ASKED_QUEUES = {
    Queue.ANSWER_URGE: RequestKind.URGE,
    Queue.PLAN_VIEW: RequestKind.PLAN_VIEW,
    Queue.ANSWER_INSTRUCTION: RequestKind.INSTRUCTED,
}
STACKS = {
    stack.code: stack
    for stack in (
        Stack(Queue.DISPATCH, "待分办", "sitemap", "分办给谁由您确定，答复期限从人大交办日起算"),
        Stack(Queue.RETURN, "下属退回申请", "arrow-back-up", "同意调整或请原单位继续办"),
        Stack(Queue.EXTENSION, "延期申请", "calendar-time", "批准、不批准，或签意见后由联工委决定"),
        Stack(ASKED, "待回复", "message-reply", "对本室的催办、领导批示、拟办征求的意见，请回复"),
        Stack(LATE, "分办件超期", "hourglass-low", "分办的单位这一步已超期的", is_own=False),
        Stack(NEAR, "快到期", "clock", "分办的单位这一步快到期的", is_own=False),
        Stack(QUIET, "没有动静", "zzz", "签收后没有沟通、没有进展，也没有办别的", is_own=False),
        Stack(URGED, "催办未回复", "speakerphone", "催办后单位还没有回复的", is_own=False),
    )
}


def hub_units(user):
    """The hubs for which the user works, with those they replaced (a set of keys)."""
    return {pk for grant in grants_of(user, Role.HUB) for pk in units_of(grant)}


def hub_count(user):
    """How many things wait on the user's hubs, for the header; at most one query."""
    if hasattr(user, "hub_total"):
        return user.hub_total  # the desk itself has counted already
    mine = Waiting.objects.filter(holder_kind=HolderKind.HUB, holder_id__in=hub_units(user))
    return mine[: COUNT_CAP + 1].count()


@require_safe
def hub(request):
    """The desk with one of its queues open."""
    units = hub_units(request.user)
    if not units:
        raise Http404
    stack = STACKS.get(request.GET.get("queue", ""), STACKS[Queue.DISPATCH])
    grants = grants_of(request.user, Role.HUB)
    rules = rules_for_pages(grants[0].congress_id)
    counts = _counts(units, rules)
    own = [counts[each.code] for each in STACKS.values() if each.is_own]
    request.user.hub_total = sum(tally.total for tally in own)
    context = {
        "stacks": [
            (s, counts[s.code], f"{reverse('proposals:hub')}?queue={s.code}") for s in STACKS.values()
        ],
        "stack": stack,
        "count": counts[stack.code],
        "own_total": request.user.hub_total,
        "own_late": sum(tally.late for tally in own),
        "own_today": sum(tally.today for tally in own),
        "hubs": sorted({str(grant.unit) for grant in grants}),
        "rules": rules,
        "today": timezone.localdate(),
        "here": request.get_full_path(),
    }
    return render(request, "proposals/hub.html", context | CONTENTS[stack.code](request, units))


def _counts(units, rules):
    """A Tally for each queue: what waits on the hubs by queue, and what their children are at."""
    today = timezone.localdate()
    tallies = {code: Tally() for code in STACKS}
    waiting = (
        Waiting.objects.filter(holder_kind=HolderKind.HUB, holder_id__in=units).order_by().values("queue")
    )
    for row in waiting.annotate(
        total=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        now=Count("pk", filter=Q(due_on=today)),
    ):
        code = ASKED if row["queue"] in ASKED_QUEUES else row["queue"]
        if code not in tallies:
            continue  # a promise (承诺) of the hub's own stands in the ledger
        before = tallies[code]
        tallies[code] = Tally(
            before.total + row["total"], before.late + row["late"], before.today + row["now"]
        )
    return tallies | count_children(units, rules)


def _waiting(request, units, queue, size):
    """A page of (place, proposal) keys for which something waits on the hubs, soonest due first."""
    waiting = Waiting.objects.filter(holder_kind=HolderKind.HUB, holder_id__in=units, queue=queue)
    ordered = waiting.order_by(F("due_on").asc(nulls_last=True), "pk")
    keys = ordered.values_list("assignment_id", "proposal_id")
    return page_of_ids(keys, number=number_in(request.GET.get("page")), size=size)


# --- 待分办 ---------------------------------------------------------------------------------------------


@dataclass
class DispatchRow:
    """One place to pass on: what is chosen, why, and what is wrong with it."""

    place: Assignment
    clock: Clock | None = None
    lead: str = ""
    others: tuple = ()
    evidence: tuple = ()
    words: str = ""
    is_ticked: bool = False

    @property
    def other_field(self):
        """The field of the units beside the lead: co, or separate for a separate place."""
        return "separate" if self.place.role == AssignmentRole.SEPARATE else "co"


def dispatch_queue(request, units):
    """待分办: one line a place, with what earlier cases suggest."""
    page = _waiting(request, units, Queue.DISPATCH, CARDS_PER_PAGE)
    return _board(request, units, page, _suggested(request.user, _places([pk for pk, _ in page.object_list])))


def _board(request, units, page, rows):
    offered = units_on_offer({row.place.congress_id for row in rows})
    clocks = Clock.objects.filter(
        assignment__in=[row.place for row in rows], kind=ClockKind.DISPATCH, met_on=None, voided_on=None
    )
    clock_of = {clock.assignment_id: clock for clock in clocks}
    for row in rows:
        row.clock = clock_of.get(row.place.pk)
    if page is not None:
        page.object_list = rows
    return {
        "page": page,
        "rows": rows,
        "units": [unit for unit in offered if not unit.is_hub],
        "request_id": uuid.uuid4(),
        "started": _started(rows),
        "body": "proposals/_hub_dispatch.html",
    }


def _started(rows):
    """The clocks that passing on today starts for the children (a list of decisions.Started)."""
    if not rows:
        return []
    case = Case(rows[0].place.proposal)
    case.calendar = calendar_for_pages(case.scope)
    return decisions.started_by_dispatching(case)


def _places(ids):
    rows = Assignment.objects.filter(pk__in=ids).select_related("unit", "proposal", "proposal__congress")
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for pk in ids if pk in by_pk]


def _suggested(user, places):
    """Rows with the lead that the closest earlier case names, as far as the hub sees it; the hub decides."""
    alike = closest([place.proposal for place in places], user) if places else {}
    places_of = handling_places({other.pk for other in alike.values()}, user) if alike else {}
    rows = []
    for place in places:
        row = DispatchRow(place)
        if (other := alike.get(place.proposal_id)) and (found := places_of.get(other.pk)):
            under = [p for p in found if not p.unit.is_hub]
            if under:
                names = "，".join(f"{p.unit.name}{p.get_role_display()}" for p in under)
                row.evidence = (("同类", f"{other.number or '待编号'} {names}"),)
            if place.role == AssignmentRole.LEAD:
                row.lead = next((str(p.unit_id) for p in under if p.role == AssignmentRole.LEAD), "")
        rows.append(row)
    return rows


@require_POST
def dispatch_all(request):
    """分办 of the ticked lines, one after the other; those that cannot be are shown again with the reason."""
    units = hub_units(request.user)
    if not units:
        raise Http404
    ticked = [value for value in request.POST.getlist("place") if value.isascii() and value.isdigit()]
    keys = [int(value) for value in ticked if len(value) < 15][:PAGE_SIZE]
    visible = Assignment.objects.visible_to(request.user).filter(pk__in=keys, unit_id__in=units)
    rows, done = [], []
    for place in _places(sorted(visible.values_list("pk", flat=True))):
        row = _dispatch(request, place)
        (rows if row.words else done).append(row)
    if done:
        numbers = "、".join(row.place.proposal.number_text for row in done)
        messages.success(request, f"已分办 {len(done)} 件：{numbers}。")
    if not rows:
        if not done:
            messages.warning(request, "还没有勾选要分办的。请在左边打勾，再点“分办勾选的”。")
        return redirect("proposals:hub")
    context = {
        "stacks": [],
        "stack": STACKS[Queue.DISPATCH],
        "count": Tally(len(rows)),
        "hubs": sorted({str(row.place.unit) for row in rows}),
        "rules": rules_for_pages(rows[0].place.congress_id),
        "today": timezone.localdate(),
        "is_again": True,
    }
    return render(request, "proposals/hub.html", context | _board(request, units, None, rows), status=422)


def _dispatch(request, place):
    """Try one line; the row comes back with `words` saying why where it was not done."""
    key = str(place.pk)
    lead = request.POST.get(f"lead-{key}", "")
    name = "separate" if place.role == AssignmentRole.SEPARATE else "co"
    row = DispatchRow(place, lead=lead, others=request.POST.getlist(f"{name}-{key}"), is_ticked=True)
    case = Case.load(place.proposal_id)
    subject = case.place(place.pk)
    form = FORM_FOR["dispatch"](
        {"lead": lead, name: row.others}, case=case, subject=subject, user=request.user
    )
    if not form.is_valid():
        row.words = "；".join(error for errors in form.errors.values() for error in errors)
        return row
    version = number_in(request.POST.get(f"version-{key}"), default=0)
    row.words = perform_one(request, "dispatch", subject, version=version, data=form.action_data())
    place.refresh_from_db(fields=["version", "status"])
    return row


# --- What the children ask for --------------------------------------------------------------------------


def return_queue(request, units):
    page = _waiting(request, units, Queue.RETURN, CARDS_PER_PAGE)
    page.object_list = pending.return_cards(page.object_list, request.user, with_evidence=False)
    return {"page": page, "body": "proposals/_hub_returns.html"}


def extension_queue(request, units):
    """延期: to decide, or, where the rule set has the congress decide, to sign a view (签意见)."""
    page = _waiting(request, units, Queue.EXTENSION, CARDS_PER_PAGE)
    page.object_list = pending.extension_cards(page.object_list)
    return {
        "page": page,
        "body": "proposals/_hub_extensions.html",
        "endorses": any(card.case.rules.switch("extension_endorsed_by_hub") for card in page.object_list),
    }


# --- What others ask of the hub itself ------------------------------------------------------------------


def asked_queue(request, units):
    """待回复: urges and instructions to the hub's own places, and plans (拟办) on which its view is asked."""
    waiting = Waiting.objects.filter(
        holder_kind=HolderKind.HUB, holder_id__in=units, queue__in=list(ASKED_QUEUES)
    )
    page = page_of_ids(
        waiting.order_by("pk").values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
    )
    turns = waiting.filter(pk__in=page.object_list).select_related(
        "assignment__unit", "proposal__congress", "proposal__lead"
    )
    page.object_list = list(turns.order_by("pk"))
    asked = Request.objects.filter(
        proposal__in=[turn.proposal_id for turn in page.object_list],
        kind__in=ASKED_QUEUES.values(),
        state=RequestState.OPEN,
    )
    asked_of = {(r.proposal_id, r.assignment_id, r.kind): r for r in asked.order_by("pk")}
    for turn in page.object_list:
        turn.request = asked_of.get((turn.proposal_id, turn.assignment_id, ASKED_QUEUES[turn.queue]))
    mark_seen([turn.request for turn in page.object_list if turn.request], request.user)
    return {"page": page, "body": "proposals/_hub_asked.html"}


CONTENTS = {
    Queue.DISPATCH: dispatch_queue,
    Queue.RETURN: return_queue,
    Queue.EXTENSION: extension_queue,
    ASKED: asked_queue,
    LATE: late_queue,
    NEAR: near_queue,
    QUIET: quiet_queue,
    URGED: urged_queue,
}
