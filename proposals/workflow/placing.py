"""Who handles it, and changes of that: assign, dispatch, adjust. Guards, effects and words together.

A *placement* is a list of {"unit", "role"}. A *level* is where it applies: the congress's own places, or the
children of one hub. A change is given as the whole placement wanted on its level; what differs is opened,
released or given another role.
"""

from accounts.models import Role
from institutions.succession import units_stood_for

from .. import clocks
from ..clocks import ANSWER_KINDS
from ..models import Assignment
from ..status import HANDLING, AssignmentRole, AssignmentStatus, ClockKind, RequestKind
from . import requests

KEEP = "keep"
REPLY_CLOCKS = (ClockKind.REPLY, ClockKind.REDO)


# --- Is it a placement? -------------------------------------------------------------------------------


def objection(case, placements, *, parent=None, kept=frozenset()):
    """Why a placement is none on its level, or None.

    Exactly one lead with any co, or at least two separate; no unit twice; a hub only on the congress's level,
    and below it only units of the hub's own system. `kept`: keys of units that only keep their place, which
    may have been abolished meanwhile.
    """
    if not placements:
        if parent is not None and parent.role != AssignmentRole.LEAD:
            return f"还没有选{parent.get_role_display()}单位，请至少选一家。"
        return "还没有选承办单位。请选一个主办单位，或至少两个分办单位。"
    units = [entry["unit"] for entry in placements]
    for unit in units:
        if words := _unit_objection(case, unit, parent, is_new=unit.pk not in kept):
            return words
    if len({unit.pk for unit in units}) != len(units):
        return "同一个单位选了两次，每个单位只能有一个位置。"
    roles = [entry["role"] for entry in placements]
    level_words = _roles_below(parent, roles) if parent is not None else roles_objection(roles)
    return level_words or _clash(case, placements, parent)


def _unit_objection(case, unit, parent, *, is_new):
    if unit.congress_id != case.proposal.congress_id:
        return "选了不属于本级人大的单位，请重新选择。"
    if is_new and not unit.is_in_use(case.today):
        way_out = f"，可改交承接单位{unit.successor}" if unit.successor else ""
        return f"{unit}已停用，不能承办{way_out}。"
    if parent is not None and unit.is_hub:
        return f"{unit}是分办机构，不能再分给它。"
    if parent is not None and unit.system != parent.unit.system:
        return f"{unit}不属于{parent.unit.get_system_display()}系统，{parent.unit}不能分给它。"
    return None


def roles_objection(roles):
    """One lead with any co, or two and more separate; as a sentence where it is neither."""
    leads, separate = roles.count(AssignmentRole.LEAD), roles.count(AssignmentRole.SEPARATE)
    if separate and (leads or AssignmentRole.CO in roles):
        return "分办和主办、会办不能混用：要么一个主办加若干会办，要么两个以上分办。"
    if separate == 1:
        return "分办至少要两个单位。只有一个单位时请选主办。"
    if not separate and not leads:
        return "还没有选主办单位。会办要有一个主办单位牵头。"
    if leads > 1:
        return f"主办单位只能有一个，现在选了 {leads} 个。"
    return None


def _roles_below(parent, roles):
    """What a hub's own place allows: a co place gives co, a separate one separate, a lead what a lead may."""
    if parent.role == AssignmentRole.CO:
        return None if set(roles) == {AssignmentRole.CO} else "督查室的会办只能分给会办单位。"
    if parent.role == AssignmentRole.SEPARATE:
        return None if set(roles) == {AssignmentRole.SEPARATE} else "督查室的分办只能分给分办单位。"
    return roles_objection(roles)


def _clash(case, placements, parent):
    """What is wanted on one level must fit the rest of the round: no unit twice, no separate beside a co."""
    others = _other_levels(case, placements, parent)
    taken = {p.unit_id for p in others}
    for entry in placements:
        if entry["unit"].pk in taken:
            return f"{entry['unit']}在这件里已有位置。"
    wanted, present = {entry["role"] for entry in placements}, {p.role for p in others}
    separate, co = AssignmentRole.SEPARATE, AssignmentRole.CO
    if (separate in wanted and co in present) or (co in wanted and separate in present):
        return "这件里会办和分办不能混用：请分一个主办加会办，或都分办。"
    return None


def _other_levels(case, placements, parent):
    """The round's places at work outside one level: not those a hub passed on, nor what goes with a hub that is
    taken away."""
    if case.proposal.status not in HANDLING:
        return []
    places = [p for p in case.round_places if p.status != AssignmentStatus.DISPATCHED]
    if parent is not None:
        return [p for p in places if p.pk != parent.pk and p.parent_id != parent.pk]
    wanted = {entry["unit"].pk for entry in placements}
    below = [p for p in places if p.parent_id]
    return [p for p in below if not p.is_open or case.place(p.parent_id).unit_id in wanted]


def assign_is_valid(case, subject, data):
    return objection(case, data["placements"])


def dispatch_is_valid(case, place, data):
    return objection(case, data["placements"], parent=place)


def text_of(placements):
    """省民政厅主办，省财政厅、省卫生健康委员会会办 / 甲、乙分办."""
    by_role = {role: [] for role in AssignmentRole}
    for entry in placements:
        by_role[entry["role"]].append(str(entry["unit"]))
    return "，".join(f"{'、'.join(names)}{role.label}" for role, names in by_role.items() if names)


# --- Opening and releasing ----------------------------------------------------------------------------


def open_place(case, entry, *, parent=None, counted_from=None, answer=None, cause=None):
    """Open one place with its clocks. `counted_from`: the day the reply term counts from (default today);
    `answer`: arguments of the answer clock (kind, terms_kind, due_on, note); `cause`: the 事由 of a new round
    (default that of the round's other places)."""
    if cause is None:
        cause = next((p.redo_cause for p in case.places if p.round == case.proposal.round), "")
    place = Assignment.objects.create(
        congress_id=case.proposal.congress_id,
        proposal=case.proposal,
        unit=entry["unit"],
        parent=parent,
        role=entry["role"],
        round=case.proposal.round,
        status=AssignmentStatus.DISPATCHING if entry["unit"].is_hub else AssignmentStatus.PENDING,
        opened_on=case.today,
        assigned_on=counted_from or case.today,
        redo_cause=cause,
    )
    place.proposal = case.proposal
    case.places.append(place)
    case.opened.add(place.pk)
    first_step = ClockKind.DISPATCH if entry["unit"].is_hub else ClockKind.ACCEPT
    clocks.start(case, first_step, started_on=case.today, assignment=place)
    clocks.start(case, ClockKind.RETURN_WINDOW, started_on=case.today, assignment=place)
    start_answer(case, place, **(answer or {}))
    return place


def start_answer(case, place, *, kind=None, terms_kind=None, due_on=None, note=""):
    """Start the clock of the place's own answer: opinion for a co, reply or redo for the others.

    The reply counts from the congress's assignment (交办之日), also for a hub's children; where the rule set
    says 收到之日, from the day the unit's own place was opened.
    """
    if place.role == AssignmentRole.CO:
        clocks.start(case, ClockKind.OPINION, started_on=case.today, assignment=place)
        return
    kind = kind or (ClockKind.REPLY if place.round == 1 else ClockKind.REDO)
    if kind == ClockKind.REPLY and case.proposal.is_complex:
        terms_kind = ClockKind.REPLY_COMPLEX
    terms = case.rules.clock(terms_kind or kind)
    # A date by decision stands as it is, also for whoever receives the case later.
    received = terms is not None and terms.start_code == "place_opened" and due_on is None
    started_on = max(place.opened_on, place.assigned_on) if received else place.assigned_on
    clocks.start(
        case,
        kind,
        started_on=started_on,
        assignment=place,
        due_on=due_on,
        terms_kind=terms_kind,
        note=note,
    )


def release(case, place, words):
    """Take a place away: its clocks and requests end, and a hub's children go with it."""
    for child in case.children(place):
        if child.is_open:
            release(case, child, words)
    if place.status != AssignmentStatus.RELEASED:
        case.move(place, AssignmentStatus.RELEASED)
    place.released_on, place.release_words = case.today, words[:200]
    case.touch(place, "released_on", "release_words")
    case.released.add(place.pk)
    clocks.void(case, assignment=place)
    requests.void_all(case, place)


def release_emptied(case, words):
    """Take away a hub's co place when the last unit below it has gone without replacement: 已分办 would say that
    somebody still assists."""
    for hub in case.round_places:
        if hub.status == AssignmentStatus.DISPATCHED and not case.children(hub):
            release(case, hub, words)


def release_all(case, words):
    """Every open place of the round (撤回)."""
    for place in list(case.round_places):
        if place.status in (AssignmentStatus.ANSWERED, AssignmentStatus.RELEASED):
            continue
        release(case, place, words)


# --- Assign and dispatch ------------------------------------------------------------------------------


def early_answer(data):
    """The arguments of an answer clock whose date the office set earlier than the rule's."""
    early = data.get("reply_due_on")
    return {"due_on": early, "note": f"交办时要求提前答复：{data['early_reason']}"} if early else {}


def decided_answer(clock):
    """The arguments that carry a date set by decision (earlier at assignment, extended) over to another place."""
    if clock is None or not (clock.rule.get("fixed") or clock.rule.get("first_due_on")):
        return {}
    return {"due_on": clock.due_on, "note": clock.rule.get("note", "")}


def dispatch(case, place, data):
    """A hub passes its place on; its own place stays as the parent of the units' places."""
    clocks.meet(case, ClockKind.DISPATCH, assignment=place)
    running = next(iter(case.open_clocks(*REPLY_CLOCKS, assignment=place)), None)
    # The window in which the hub may return the whole matter stays open.
    clocks.void(case, *REPLY_CLOCKS, ClockKind.OPINION, assignment=place)
    requests.void_all(case, place, RequestKind.URGE)
    # The database holds one lead per round: the hub's place must give way before a child takes it.
    case.save_touched()
    answer = decided_answer(running)
    for entry in data["placements"]:
        is_co = entry["role"] == AssignmentRole.CO
        open_place(
            case, entry, parent=place, counted_from=place.assigned_on, answer={} if is_co else dict(answer)
        )


def dispatch_words(case, place, data):
    words = f"{place.unit}分办：{text_of(data['placements'])}"
    return words + (f"。办理要求：{data['words']}" if data.get("words") else "")


# --- Adjust -------------------------------------------------------------------------------------------


def level_places(case, parent_id):
    """The places of one level that an adjustment may touch, and those it must leave (already answered)."""
    places = [p for p in case.round_places if p.parent_id == parent_id]
    return (
        [p for p in places if p.status != AssignmentStatus.ANSWERED],
        [p for p in places if p.status == AssignmentStatus.ANSWERED],
    )


def adjusts_own_level(case, subject, data):
    """Liaison adjusts the congress's own places, a hub the children of its own."""
    parent = _parent(case, data)
    if case.grant.role == Role.HUB:
        if parent is None or parent.unit_id not in units_stood_for(case.grant.unit_id):
            return "督查室只能调整自己分办的单位。"
    elif parent is not None:
        return f"{parent.unit}分办的单位由它自己调整。"
    return None


def adjust_is_valid(case, subject, data):
    """The result must be a valid placement that differs from the present one and keeps the answered places."""
    parent = _parent(case, data)
    movable, answered = level_places(case, parent.pk if parent else None)
    wanted = {entry["unit"].pk: entry["role"] for entry in data["placements"]}
    for place in answered:
        if wanted.get(place.unit_id) != place.role and place not in _stepping_up(answered, wanted):
            return f"{place.unit}{place.status_text}，不能调整；{_way_back(place)}。"
    for place in movable:
        if words := _hub_objection(case, place, wanted.get(place.unit_id)):
            return words
    if wanted == {p.unit_id: p.role for p in (*movable, *answered)}:
        return "和现在的承办单位一样，没有要调整的。"
    kept = frozenset(p.unit_id for p in (*movable, *answered))
    return objection(case, data["placements"], parent=parent, kept=kept)


def _stepping_up(answered, wanted):
    """Those whose co-opinion is in and who are to lead now: it stays given, and they write the reply besides."""
    return [p for p in answered if not p.replies and wanted.get(p.unit_id) == AssignmentRole.LEAD]


def _hub_objection(case, place, role):
    """What stands against changing a hub's place that was passed on; `role` is the one wanted, None to go."""
    if place.status != AssignmentStatus.DISPATCHED or role == place.role:
        return None
    if role is not None:
        return f"{place.unit}已经分办，不能改它的承办性质；可以去掉它，改交别的单位。"
    answered = next((c for c in case.children(place) if c.status == AssignmentStatus.ANSWERED), None)
    if answered is None:
        return None
    return f"{place.unit}分办的{answered.unit}{answered.status_text}，不能去掉{place.unit}；{_way_back(answered)}。"


def _way_back(answered):
    """What reopens a place that has answered."""
    return "可以先退回重答" if answered.replies else "可以请主办单位退回会办意见"


def _parent(case, data):
    return case.place(data["parent_id"]) if data.get("parent_id") else None


def adjust(case, subject, data):
    apply_placement(case, data["placements"], parent=_parent(case, data), data=data)


def apply_placement(case, placements, *, parent, data, decided=None):
    """Make the level's places those wanted: release first, then swap roles, then open.

    `decided`: the date by decision of a place that has gone already (decided_date); kept where the term is. Below
    a hub it always is: there the reply counts from the congress's assignment, and a hub puts nothing off.
    """
    keeps_clock = data.get("is_reform") or case.rules.switch("reply_clock_on_adjust") == KEEP
    keeps_clock = keeps_clock or parent is not None
    reason = "机构改革" if data.get("is_reform") else data["reason"]
    wanted = {entry["unit"].pk: entry["role"] for entry in placements}
    movable, answered = level_places(case, parent.pk if parent else None)
    kept_date = (decided or decided_date(case, movable)) if keeps_clock else {}
    for place in movable:
        if place.unit_id not in wanted:
            release(case, place, f"调整承办：{reason}")
    kept = [p for p in movable if p.unit_id in wanted] + _stepping_up(answered, wanted)
    case.save_touched()
    # Leads step down before another steps up: the database allows one per round at any moment.
    for place in sorted(kept, key=lambda p: p.role != AssignmentRole.LEAD):
        if place.role != wanted[place.unit_id]:
            swap_role(case, place, wanted[place.unit_id], keeps_clock, kept_date)
            case.save_touched()
    present = {p.unit_id for p in (*kept, *answered)}
    first_assigned = case.proposal.assigned_on or case.today
    counted_from = _round_started(case, first_assigned) if keeps_clock else case.today
    if parent is not None:
        counted_from = parent.assigned_on
    for entry in placements:
        if entry["unit"].pk not in present:
            answer = {} if entry["role"] == AssignmentRole.CO else kept_date
            open_place(case, entry, parent=parent, counted_from=counted_from, answer=answer)


def decided_date(case, places):
    """The date by decision that the first reply among these places runs against: kept with the term."""
    running = [c for p in places for c in case.open_clocks(*REPLY_CLOCKS, assignment=p)]
    children = [
        c
        for p in places
        for child in case.children(p)
        for c in case.open_clocks(*REPLY_CLOCKS, assignment=child)
    ]
    return next((found for clock in (*running, *children) if (found := decided_answer(clock))), {})


def _round_started(case, first_assigned):
    """The day the current round's answers count from."""
    if case.proposal.round == 1:
        return first_assigned
    opened = [p.assigned_on for p in case.places if p.round == case.proposal.round]
    return min(opened, default=case.today)


def swap_role(case, place, role, keeps_clock, kept_date):
    """主办、会办互换: the answer clock follows the role; what was sent for signing comes back, and whoever has given
    an opinion and is to lead now is at work again."""
    clocks.void(case, *ANSWER_KINDS, ClockKind.EXTENSION_DECISION, assignment=place)
    requests.void_all(case, place, RequestKind.EXTENSION)
    place.role, place.due_on, place.answered_on = role, None, None
    if not keeps_clock:
        place.assigned_on = case.today
    case.touch(place, "role", "due_on", "answered_on", "assigned_on")
    if place.status in (AssignmentStatus.SIGNING, AssignmentStatus.ANSWERED):
        case.move(place, AssignmentStatus.ACCEPTED)
    start_answer(case, place, **({} if role == AssignmentRole.CO else kept_date))


def adjust_words(case, subject, data):
    parent = _parent(case, data)
    who = str(parent.unit) if parent else office(case)
    reason = "机构改革。" if data.get("is_reform") else ""
    return f"{who}调整承办：{text_of(data['placements'])}。{reason}{data['reason']}"


def office(case):
    return f"{case.proposal.congress.office_name}{case.proposal.congress.liaison_name}"
