"""The unit's inbox (收件箱): what waits on it by urgency, what it answered, and 签收 straight from the list."""

import uuid
from collections import defaultdict
from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, F, Max, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.grants import grants_of
from accounts.models import Role
from accounts.views import safe_next
from institutions.models import Unit
from institutions.succession import units_stood_for

from ..access import signed_proposals, units_of
from ..clocks import ANSWER_KINDS
from ..lights import LABELS, light_range
from ..lists import number_in, page_of_ids, scope_key
from ..masking import named_in_text
from ..models import Assignment, Clock, Cosignature, Proposal, Waiting
from ..panels import inbox_figures, inbox_panels
from ..quiet import quiet_by
from ..rules import rules_for_pages
from ..status import UNIT_HOLDERS, AssignmentRole, AssignmentStatus, ClockKind, CosignState, HolderKind, Queue
from ..turns import CORRECTING, QUEUES
from ..urges import mark_seen, of_turns
from .many import perform_one

PAGE_SIZE = 50
TABS = (("todo", "要办的"), ("answered", "已答复"), ("all", "全部"))
# While a unit is at it, its handlers tell the deputies how far they are (写进展).
AT_WORK = (AssignmentStatus.ACCEPTED, AssignmentStatus.SIGNING)
# 拟办征求意见, unanswered urges and instructions wait on the handlers beside the steps of their places.
BESIDE = (Queue.PLAN_VIEW, Queue.ANSWER_URGE, Queue.ANSWER_INSTRUCTION)
# 承诺, after the reply: shown above the list when it is near or late, or an explanation is owed.
OWED, PROMISES_SHOWN = (Queue.PROMISE, Queue.EXPLAIN), 10
# The next step in words and where it is done: (words, url name or action, words of the button).
STEPS = {
    Queue.ACCEPT: ("签收", None, "签收"),
    Queue.HANDLE: ("写答复", "proposals:reply", "写答复"),
    Queue.OPINION: ("提会办意见", "give_opinion", "写会办意见"),
    Queue.SIGN: ("等签发人签发", "proposals:reply", "看答复稿"),
}
# Among the lights, what is silent (没有动静) long before it is due.
QUIET = "quiet"
LIGHTS = LABELS | {QUIET: "黄灯（没有动静）"}
GROUPS = (("late", "超期"), ("soon", "本周和下周"), ("later", "稍后"))


def unit_ids(user, *roles):
    """The units for which this user works (as handler or signer, or in one of `roles` only), with those that
    they replaced."""
    grants = grants_of(user, *(roles or (Role.HANDLER, Role.SIGNER)))
    return {pk for grant in grants for pk in units_of(grant)}


def waiting_counts(user):
    """What waits on this user's units as a step of its place: (holder kind, unit pk, number, overdue)."""
    return [(kind, unit, n, late) for kind, unit, queue, n, late in _all_waiting(user) if queue in STEPS]


def _all_waiting(user):
    """The same with what waits beside the steps, by queue; asked once per request."""
    if not hasattr(user, "_unit_waiting"):
        waiting = Waiting.objects.filter(holder_kind__in=UNIT_HOLDERS, holder_id__in=unit_ids(user))
        overdue = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
        groups = waiting.order_by().values_list("holder_kind", "holder_id", "queue")
        user._unit_waiting = list(groups.annotate(number=Count("pk"), overdue=overdue))
    return user._unit_waiting


def inbox_count(user):
    """How many places wait on this user's units, those at the signer too: the number of the tab 要办的 (header)."""
    return sum(number for _, _, number, _ in waiting_counts(user))


def signing_count(user):
    """How many replies and opinions wait for this signer, for the header."""
    return _number_waiting(user, HolderKind.SIGNER, Role.SIGNER)


def _number_waiting(user, kind, role):
    units = unit_ids(user, role)
    return sum(number for held, unit, number, _ in waiting_counts(user) if held == kind and unit in units)


@require_safe
def inbox(request):
    """The list, with tabs, filters, groups by urgency; the page's rows cost the same however many they are."""
    units = unit_ids(request.user)
    if not units:
        raise Http404
    today = timezone.localdate()
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in dict(TABS) else "todo"
    grants = grants_of(request.user, Role.HANDLER, Role.SIGNER)
    rules = rules_for_pages(grants[0].congress_id)
    chosen = _chosen(request.GET, grants)
    places = _filtered(Assignment.objects.visible_to(request.user), units, chosen, tab, today, rules)
    page = page_of_ids(
        places.values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
        count_key=f"inbox {scope_key(request.user)} {today} {tab} {chosen}",
    )
    turns = _turns(list(page), request.user, units)
    rows = _rows(list(page), request.user, turns)
    handles = unit_ids(request.user, Role.HANDLER)
    beside = [turn for turn in turns if turn.holder_kind == HolderKind.HANDLER and turn.holder_id in handles]
    urges = [turn for turn in beside if turn.queue == Queue.ANSWER_URGE] if tab == "todo" else []
    mark_seen(of_turns(urges), request.user)
    quiet = quiet_by(rules, today).of_places(rows)
    for row in rows:
        row.quiet_days = quiet.get(row.pk, 0)
    tabs, figures = _tabs(request.user, units)
    context = {
        "page": page,
        "rows": rows,
        "panels": inbox_panels(request.user, figures) if tab == "todo" else [],
        "views": [turn for turn in beside if turn.queue == Queue.PLAN_VIEW] if tab == "todo" else [],
        "instructions": [t for t in beside if t.queue == Queue.ANSWER_INSTRUCTION] if tab == "todo" else [],
        "urges": urges,
        "groups": _grouped(rows, today) if tab == "todo" else [("", "", rows)],
        "promises": _promises(request.user, handles, today, rules) if tab == "todo" else None,
        "tab": tab,
        "tabs": tabs,
        "today": today,
        "rules": rules,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "units": sorted({grant.unit.name for grant in grants}),
        "unit_choices": {str(grant.unit_id): str(grant.unit) for grant in grants},
        "lights": LIGHTS,
        "roles": AssignmentRole.choices,
        "steps": [(str(queue), words) for queue, (words, _, _) in STEPS.items()],
        "request_id": uuid.uuid4(),
        "ticks_all": "tick" in request.GET,
        "may_accept": any(row.may_accept for row in rows),
        "overdue": sum(overdue for _, _, _, overdue in waiting_counts(request.user)),
    }
    return render(request, "proposals/inbox.html", context)


def _turns(ids, user, units):
    """What waits on these places, and what waits on the handlers beside the steps (BESIDE): one query."""
    wanted = Q(assignment__in=ids)
    if any(queue in BESIDE for _, _, queue, _, _ in _all_waiting(user)):
        handles = units & unit_ids(user, Role.HANDLER)
        wanted |= Q(holder_kind=HolderKind.HANDLER, holder_id__in=handles, queue__in=BESIDE)
    turns = Waiting.objects.filter(wanted).select_related("proposal__congress", "assignment__unit")
    return list(turns.order_by("pk"))


def _promises(user, units, today, rules):
    """What the unit promised: how many are open, and the rows that are near, late or to be explained."""
    number = sum(n for _, unit, queue, n, _ in _all_waiting(user) if queue in OWED and unit in units)
    if not number:
        return None
    owed = Waiting.objects.filter(holder_kind=HolderKind.HANDLER, holder_id__in=units, queue__in=OWED)
    near = Q(due_on__lte=today + timedelta(rules.yellow_days)) | Q(queue=Queue.EXPLAIN)
    rows = owed.filter(near).select_related("commitment", "proposal__congress")
    return {"open": number, "rows": list(rows.order_by("due_on", "pk")[:PROMISES_SHOWN])}


def _chosen(data, grants):
    """The filters of the address, those that mean something only."""
    allowed = {
        "role": AssignmentRole.values,
        "light": LIGHTS,
        "step": STEPS,
        "unit": {str(grant.unit_id) for grant in grants},
    }
    chosen = {name: data.get(name, "") for name in allowed}
    chosen = {name: value if value in allowed[name] else "" for name, value in chosen.items()}
    return chosen | {"q": data.get("q", "").replace("\x00", "").strip()[:60]}


def _filtered(places, units, chosen, tab, today, rules):
    """The places of a tab through the filters, in the order of the list."""
    if chosen["unit"]:
        units = units_stood_for(int(chosen["unit"]))
    places = places.filter(unit_id__in=units)
    if chosen["role"]:
        places = places.filter(role=chosen["role"])
    # Of a hidden proposer (隐名) whose name stands in the title, the title is found as it is shown.
    words = chosen["q"].split()
    searched = (
        Proposal.objects.filter(assignments__in=places.values("pk")) if words else Proposal.objects.none()
    )
    shown = {proposal.pk: proposal.title.lower() for proposal in named_in_text(searched)}
    for word in words:
        named = Q(proposal__lead__name__icontains=word, proposal__hides_proposer=False)
        by_name = [pk for pk, title in shown.items() if word.lower() not in title]
        title = Q(proposal__title__icontains=word) & ~Q(proposal__in=by_name)
        places = places.filter(Q(proposal__number__icontains=word) | title | named)
    if tab != "todo":
        if tab == "answered":
            places = places.filter(status=AssignmentStatus.ANSWERED)
        return places.order_by(F("answered_on").desc(nulls_last=True), "-pk")
    # An urge waits beside the step, on the same place: it is shown in its row.
    waiting = {"waiting__holder_kind__in": UNIT_HOLDERS, "waiting__queue__in": list(STEPS)}
    if chosen["step"]:
        waiting["waiting__queue__in"] = [chosen["step"]]
    if chosen["light"] == QUIET:
        places = places.filter(pk__in=quiet_by(rules, today).places().values("pk"))
    elif chosen["light"]:
        first, last = light_range(chosen["light"], today, rules)
        bounds = {"waiting__due_on__gte": first, "waiting__due_on__lte": last}
        waiting |= {name: day for name, day in bounds.items() if day is not None}
    return places.filter(**waiting).order_by(F("waiting__due_on").asc(nulls_last=True), "pk")


def _tabs(user, units):
    """((code, words, count) of each tab, {name: number} of what the panels show): one query beside the header's.

    It starts from the units: there is one at least, also where no case was ever given to it.
    """
    waiting = inbox_count(user)
    answered = Count("assignments", filter=Q(assignments__status=AssignmentStatus.ANSWERED))
    figures = {name: Max(figure) for name, figure in inbox_figures(user).items()}
    counts = Unit.objects.filter(pk__in=units).aggregate(
        answered=answered, all=Count("assignments"), **figures
    )
    tabs = [(code, words, waiting if code == "todo" else counts[code]) for code, words in TABS]
    return tabs, {name: counts[name] for name in figures}


def _rows(ids, user, waiting):
    """The places of a page with all they show, in order; `waiting`: what waits on them. Four queries in all."""
    if not ids:
        return []
    related = ("unit", "proposal", "proposal__congress", "proposal__lead", "proposal__delegation")
    found = {place.pk: place for place in Assignment.objects.filter(pk__in=ids).select_related(*related)}
    rows = [found[pk] for pk in ids if pk in found]
    proposals = {row.proposal_id for row in rows}
    turns, others = {}, defaultdict(set)
    for turn in waiting:
        if turn.holder_kind in UNIT_HOLDERS and turn.queue in STEPS:
            turns[turn.assignment_id] = turn
        else:
            others[turn.assignment_id].add(turn.queue)
    clocks = defaultdict(list)
    for clock in Clock.objects.filter(assignment__in=ids, met_on=None, voided_on=None):
        clocks[clock.assignment_id].append(clock)
    leads = Assignment.objects.filter(proposal__in=proposals, role=AssignmentRole.LEAD)
    leads = leads.exclude(status=AssignmentStatus.RELEASED).select_related("unit")
    lead_of = {(lead.proposal_id, lead.round): lead.unit for lead in leads}
    signed = Cosignature.objects.filter(proposal__in=proposals, state=CosignState.CONFIRMED)
    cosigners = dict(signed.values_list("proposal").annotate(Count("pk")).order_by())
    handles, signs = unit_ids(user, Role.HANDLER), unit_ids(user, Role.SIGNER)
    own = set(signed_proposals(user).filter(pk__in=proposals).values_list("pk", flat=True))
    for row in rows:
        row.turn = turns.get(row.pk)
        row.is_urged, row.asks_extension = (
            queue in others[row.pk] for queue in (Queue.ANSWER_URGE, Queue.EXTENSION)
        )
        row.cosigners = cosigners.get(row.proposal_id, 0)
        row.lead_unit = lead_of.get((row.proposal_id, row.round))
        row.answer_clock = next((c for c in clocks[row.pk] if c.kind in ANSWER_KINDS), None)
        # Of what one proposed or co-signed, a colleague does what the unit has to do.
        mine = (handles, signs) if row.proposal_id not in own else ((), ())
        _next_step(row, clocks[row.pk], *mine)
    return rows


def _next_step(row, clocks, handles, signs):
    """What this reader does next with the row: words, clock, and at most one button."""
    row.step, row.step_clock, row.button, row.may_accept = "", None, None, False
    row.may_note = row.status in AT_WORK and row.unit_id in handles
    if row.turn is None:
        row.button = (reverse("proposals:case", args=[row.proposal_id]), "查看", False)
        return
    words, target, label = STEPS[row.turn.queue]
    kinds = QUEUES[row.turn.queue][2]
    row.step_clock = next((c for c in clocks if c.kind in kinds), None)
    if row.step_clock and row.step_clock.kind == ClockKind.CORRECTION and row.turn.queue == Queue.HANDLE:
        words = label = CORRECTING[1]
    row.step = words
    if row.turn.queue == Queue.SIGN and row.unit_id in signs:
        row.step, row.button = "请您签发", (reverse("proposals:sign", args=[row.pk]), "去签发", True)
    elif row.unit_id not in handles or (row.turn.queue == Queue.SIGN and not row.replies):
        row.button = (reverse("proposals:case", args=[row.proposal_id]), "查看", False)
    elif target is None:
        row.may_accept = True
    elif target.startswith("proposals:"):
        is_mine = row.turn.queue != Queue.SIGN
        row.button = (reverse(target, args=[row.pk]), label, is_mine)
    else:
        row.button = (reverse("proposals:place_action", args=[row.pk, target]), label, True)


def _grouped(rows, today):
    """The rows of the page by urgency: overdue, due by the end of next week, later.

    Next week belongs to it: on a Friday what is due on Monday would otherwise stand among the later ones.
    """
    sunday = today + timedelta(days=13 - today.weekday())
    groups = defaultdict(list)
    for row in rows:
        due_on = row.turn.due_on if row.turn else None
        code = "later" if due_on is None or due_on > sunday else ("late" if due_on < today else "soon")
        groups[code].append(row)
    return [(code, words, groups[code]) for code, words in GROUPS if groups[code]]


@require_POST
def accept_from_inbox(request):
    """签收 one row (its own button) or all ticked ones, each an action of its own; says what came of each."""
    wanted = [request.POST["one"]] if "one" in request.POST else request.POST.getlist("place")
    chosen = dict(_place_and_version(text) for text in wanted[:PAGE_SIZE])
    chosen.pop(None, None)
    if not chosen:
        messages.warning(request, "还没有勾选要签收的建议。请在左边打勾，再点“签收勾选的”。")
        return redirect(_back(request))
    visible = Assignment.objects.visible_to(request.user).filter(pk__in=chosen).select_related("proposal")
    done = []
    for place in sorted(visible, key=lambda place: place.proposal_id):
        if words := perform_one(request, "accept", place, version=chosen[place.pk]):
            messages.error(request, f"{place.proposal.number_text} 没有签收：{words}")
        else:
            done.append(place.proposal.number_text)
    if done:
        messages.success(request, f"已签收 {len(done)} 件：{'、'.join(done)}。")
    return redirect(_back(request))


def _place_and_version(text):
    """(primary key, version) out of a row's value; (None, None) for what is neither."""
    place, _, version = text.partition(":")
    if all(part.isascii() and part.isdigit() and len(part) < 15 for part in (place, version)):
        return int(place), int(version)
    return None, None


def _back(request):
    """The list as it was filtered."""
    return safe_next(request, default=reverse("proposals:inbox"))
