"""现在轮到谁 in words: what lists and pages show of the things that wait on somebody.

Lists read `Waiting` (turns_in_list), a case page derives the same from the loaded case (turns_of).
"""

from dataclasses import dataclass
from datetime import date

from .access import units_of
from .asking import HOLDER_OF
from .clocks import ANSWER_KINDS
from .models import Clock, Waiting
from .status import HIDDEN_FROM_UNITS, PROMISE_QUEUES, AssignmentRole, ClockKind, HolderKind, Queue
from .workflow.waiting import derive

# What it is about, in the second person for whoever it is up to; what the date is called; whose clock it is.
QUEUES = {
    Queue.DRAFT: ("请写完后提交", "", ()),
    Queue.COSIGN: ("请决定是否附议", "", ()),
    Queue.REVISE: ("请按退回意见修改", "修改", (ClockKind.REVISE,)),
    Queue.REVIEW: ("请审查", "审查", (ClockKind.REVIEW,)),
    Queue.ASSIGN: ("请交办", "交办", (ClockKind.ASSIGN,)),
    Queue.ACCEPT: ("请签收", "签收", (ClockKind.ACCEPT,)),
    Queue.HANDLE: ("请办理并答复", "答复", (ClockKind.REPLY, ClockKind.REDO, ClockKind.CORRECTION)),
    Queue.OPINION: ("请提会办意见", "会办意见", (ClockKind.OPINION, ClockKind.OPINION_REDO)),
    Queue.SIGN: ("请签发", "答复", tuple(ANSWER_KINDS)),
    Queue.RATE: ("请评价{unit}的答复", "测评", (ClockKind.RATING,)),
    Queue.JUDGE: ("请研判", "研判", (ClockKind.JUDGE,)),
    Queue.COORDINATE: ("请组织协调", "协调", (ClockKind.COORDINATION,)),
    Queue.CHECK: ("请初核", "", ()),
    Queue.PLAN_VIEW: ("请对拟办提意见", "", ()),
    Queue.DISPATCH: ("请分办", "分办", (ClockKind.DISPATCH,)),
    Queue.RETURN: ("请决定{unit}的退回申请", "裁定", (ClockKind.RETURN_DECISION,)),
    Queue.EXTENSION: ("请决定{unit}的延期申请", "裁定", (ClockKind.EXTENSION_DECISION,)),
    Queue.OBJECTION: ("请答复代表的异议", "", ()),
    Queue.CONSENT: ("请决定是否同意撤回", "", ()),
    Queue.TAKE_LEAD: ("请决定是否领衔", "", ()),
    Queue.ANSWER_URGE: ("请回复催办", "", ()),
    Queue.PROMISE: ("请兑现承诺并报告", "承诺", (ClockKind.COMMITMENT,)),
    Queue.EXPLAIN: ("请说明承诺未兑现的原因", "", ()),
    Queue.VERIFY: ("请核实{unit}的承诺", "", ()),
    Queue.CONFIRM: ("请确认{unit}的承诺做到没有", "确认", ()),
    Queue.ANSWER_INSTRUCTION: ("请回复领导批示", "", ()),
}
# What the others read behind the holder's name.
DOING = {
    Queue.DRAFT: "在写",
    Queue.COSIGN: "决定是否附议",
    Queue.REVISE: "修改",
    Queue.REVIEW: "审查",
    Queue.ASSIGN: "交办",
    Queue.ACCEPT: "签收",
    Queue.HANDLE: "办理并答复",
    Queue.OPINION: "提会办意见",
    Queue.SIGN: "签发",
    Queue.RATE: "评价{unit}的答复",
    Queue.JUDGE: "研判",
    Queue.COORDINATE: "组织协调",
    Queue.CHECK: "初核",
    Queue.PLAN_VIEW: "对拟办提意见",
    Queue.DISPATCH: "分办",
    Queue.RETURN: "决定{unit}的退回申请",
    Queue.EXTENSION: "决定{unit}的延期申请",
    Queue.OBJECTION: "答复代表的异议",
    Queue.CONSENT: "决定是否同意撤回",
    Queue.TAKE_LEAD: "决定是否领衔",
    Queue.ANSWER_URGE: "回复催办",
    Queue.PROMISE: "兑现承诺",
    Queue.EXPLAIN: "说明承诺未兑现的原因",
    Queue.VERIFY: "核实{unit}的承诺",
    Queue.CONFIRM: "确认{unit}的承诺做到没有",
    Queue.ANSWER_INSTRUCTION: "回复领导批示",
}
# Of a reply that is put right (更正) and not written anew.
CORRECTING = ("请更正答复", "更正答复", "更正")
# What is between the deputies and the congress: units read nothing of it.
NOT_FOR_UNITS = frozenset({Queue.OBJECTION, Queue.CONSENT, Queue.TAKE_LEAD, Queue.CHECK})


@dataclass(frozen=True)
class TurnView:
    """One thing that waits: on whom, to do what, until when (`label` names the date, 答复 or 测评)."""

    queue: str
    who: str
    todo: str
    doing: str
    is_mine: bool
    due_on: date | None
    label: str
    clock_id: int | None = None
    assignment_id: int | None = None
    assists: bool = False
    commitment_id: int | None = None


def holders_of(user):
    """On whom a case waits when it waits on this user: a set of (HolderKind, primary key)."""
    found = set()
    for grant in user.active_grants():
        if grant.role in HOLDER_OF:
            kind, column = HOLDER_OF[grant.role]
            # A row of Waiting may still name the unit that this one replaced.
            found |= {(str(kind), pk) for pk in units_of(grant) or {getattr(grant, column)}}
    return found


# What a hub decides of a place below its own; all else that waits on it is its own place's.
DECIDED_ABOVE = frozenset({Queue.RETURN, Queue.EXTENSION})


def turns_of(case, user, sight):
    """The turns of a loaded case as `user` may see them, the reader's own first (a list of TurnView)."""
    mine = holders_of(user)
    clocks = [clock for clock in case.clocks if sight.sees_clock(case, clock)]
    views = []
    for turn in derive(case):
        if not _is_shown(turn.queue, case.proposal, sight, turn.holder_kind, turn.holder_id, mine):
            continue
        place = case.place(turn.assignment_id) if turn.assignment_id else None
        deputy = None
        if turn.holder_kind == HolderKind.DEPUTY:
            deputy = next((c.deputy for c in case.cosignatures if c.deputy_id == turn.holder_id), None)
        if place is not None and place.parent_id:
            place.parent = case.place(place.parent_id)
        views.append(_view(turn, case.proposal, place, mine, sight, clocks, deputy))
    return _own_first(views)


def turns_in_list(proposals, user, sight_of):
    """{proposal pk: turns} for the rows of a list, two queries whatever their number.

    The proposals come with congress and lead; `sight_of(proposal)` gives what `user` sees of each.
    """
    rows = Waiting.objects.filter(proposal__in=proposals).order_by("pk")
    waiting = list(rows.select_related("assignment__unit", "assignment__parent__unit"))
    clocks = (
        list(Clock.objects.filter(proposal__in=proposals, met_on=None, voided_on=None)) if waiting else []
    )
    mine = holders_of(user)
    by_pk = {proposal.pk: proposal for proposal in proposals}
    turns = {pk: [] for pk in by_pk}
    for row in waiting:
        proposal = by_pk[row.proposal_id]
        sight = sight_of(proposal)
        if _is_shown(row.queue, proposal, sight, row.holder_kind, row.holder_id, mine):
            own = [clock for clock in clocks if clock.proposal_id == row.proposal_id]
            turns[row.proposal_id].append(_view(row, proposal, row.assignment, mine, sight, own, None))
    return {pk: _own_first(views) for pk, views in turns.items()}


def _is_shown(queue, proposal, sight, holder_kind, holder_id, mine):
    """Units learn neither that a reply was rated nor that it is disputed (防止“被满意”)."""
    is_own = (str(holder_kind), holder_id) in mine
    # What a leader asked of a unit, or what it promised, it owes whatever became of its reply.
    is_owed = queue in PROMISE_QUEUES or (is_own and queue == Queue.ANSWER_INSTRUCTION)
    is_hidden = queue == Queue.RATE or (proposal.status in HIDDEN_FROM_UNITS and not is_owed)
    if sight.is_unit_only and is_hidden:
        return False
    if queue in NOT_FOR_UNITS and sight.is_unit_only:
        return False
    # A plan (拟办) is the office's own until it is assigned; only the unit that was asked knows of it.
    if queue == Queue.PLAN_VIEW and not (is_own or sight.is_congress):
        return False
    # Who else was invited to co-sign is the proposer's business until they have answered.
    return queue != Queue.COSIGN or sight.is_proposer or is_own


def _view(turn, proposal, place, mine, sight, clocks, deputy):
    (todo, label, kinds), doing = QUEUES[turn.queue], DOING[turn.queue]
    unit = str(place.unit) if place else ""
    is_mine = (str(turn.holder_kind), turn.holder_id) in mine
    clock = next(
        (c for c in clocks if c.is_open and c.kind in kinds and _is_clock_of(turn, c)),
        None,
    )
    if clock and clock.kind == ClockKind.CORRECTION and turn.queue == Queue.HANDLE:
        todo, doing, label = CORRECTING
    return TurnView(
        queue=turn.queue,
        who="您" if is_mine else _holder_name(turn, proposal, place, sight, deputy),
        todo=todo.format(unit=unit),
        doing=doing.format(unit=unit),
        is_mine=is_mine,
        due_on=turn.due_on,
        label=label,
        clock_id=clock.pk if clock else None,
        assignment_id=place.pk if place else None,
        commitment_id=turn.commitment_id,
        assists=turn.queue == Queue.COSIGN or (place is not None and place.role == AssignmentRole.CO),
    )


def _is_clock_of(turn, clock):
    if turn.commitment_id:
        return clock.commitment_id == turn.commitment_id
    return clock.assignment_id == turn.assignment_id


def _holder_name(turn, proposal, place, sight, deputy):
    if turn.holder_kind == HolderKind.LIAISON:
        return f"{proposal.congress.office_name}{proposal.congress.liaison_name}"
    if turn.holder_kind == HolderKind.DELEGATION:
        return "代表团工作人员"
    if turn.holder_kind == HolderKind.HUB and turn.queue in DECIDED_ABOVE:
        return str(place.parent.unit)
    if turn.holder_kind != HolderKind.DEPUTY:
        unit = str(place.unit) if place else "拟交办的单位"
        return f"{unit}签发人" if turn.holder_kind == HolderKind.SIGNER else unit
    if sight.names_hidden(proposal):
        return "代表"
    if deputy is not None:
        return f"{deputy.name}代表"
    if turn.queue == Queue.COSIGN:
        return "受邀代表"
    return "附议代表" if turn.holder_id != proposal.lead_id else f"{proposal.lead.name}代表"


def _own_first(views):
    """The reader's own turns, then the replying units, then who assists."""
    # Several units asked the same (拟办) read as one line.
    return sorted(dict.fromkeys(views), key=lambda view: (not view.is_mine, view.assists))
