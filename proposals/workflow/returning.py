"""申请退回: a unit says that the case is not its own; the assigning side decides."""

from core.dates import cn_date

from .. import clocks
from ..clocks import ANSWER_KINDS
from ..status import AssignmentRole, AssignmentStatus, ClockKind, RequestKind
from . import requests
from .extending import due_date_is_ahead
from .placing import (
    adjust_is_valid,
    apply_placement,
    decided_date,
    office,
    release,
    release_emptied,
    start_answer,
    text_of,
)


def window_is_open(case, place):
    """申请退回 only inside the window; late is not adjustable (the refusal names rule and date)."""
    window = case.clock(ClockKind.RETURN_WINDOW, assignment=place)
    if window is None:
        return f"申请退回期限已过。{_way_out(case, place)}"
    if case.today > window.due_on:
        unit = {"day": "日", "workday": "个工作日", "month": "个月"}[window.rule["unit"]]
        closed = cn_date(window.due_on, case.today)
        length = f"交办后 {window.rule['value']} {unit}"
        return f"申请退回期限已于 {closed}届满（{length}）。{_way_out(case, place)}"
    return None


def _way_out(case, place):
    """What is left to whoever may not ask to be let go any more: a hub and a co unit have no term to put off."""
    if place.unit.is_hub:
        return "请分办给下属单位；有困难的，请与联工委联系。"
    if place.replies and due_date_is_ahead(case, place) is None:
        return "您可以：申请延期，或与联工委联系。"
    return "请继续办理；有困难的，请与联工委联系。"


def no_child_has_answered(case, place):
    if any(child.status == AssignmentStatus.ANSWERED for child in case.children(place)):
        return "已有分办的单位答复或提交意见，不能整件申请退回。可以调整其余单位。"
    return None


def ask_return(case, place, data):
    """A hub that returns the whole matter takes it back from its units first; refused, it dispatches anew.

    Its 分办 term is met by dispatching alone: while it is decided whose the case is, nobody is asked to dispatch,
    and refused, the hub has the whole term again.
    """
    decided = decided_date(case, [place])
    for child in case.children(place):
        release(case, child, "督查室申请整件退回")
    if place.unit.is_hub and not case.open_clocks(*ANSWER_KINDS, assignment=place):
        # Passed on, the answer was its units'; now it is the hub's own again, by the date that stood.
        start_answer(case, place, **({} if place.role == AssignmentRole.CO else decided))
    requests.open_request(case, RequestKind.RETURN, place=place, data=data)
    case.proposal.returns_asked += 1
    case.touch(case.proposal, "returns_asked")
    clocks.meet(case, ClockKind.ACCEPT, assignment=place)
    clocks.void(case, ClockKind.DISPATCH, assignment=place)
    clocks.start(case, ClockKind.RETURN_DECISION, started_on=case.today, assignment=place)


def ask_return_words(case, place, data):
    basis = data["basis"].rstrip("。")
    words = f"{place.unit}申请退回：{data['reason'].rstrip('。')}。职能依据：{basis}"
    return words + (f"。建议改交{data['suggested']}" if data.get("suggested") else "")


def approval_is_valid(case, place, data):
    """The placement that answers the request no longer holds the unit; a co may go without replacement."""
    wanted = {entry["unit"].pk for entry in data["placements"]}
    if place.unit_id in wanted:
        return f"{place.unit}还在承办单位里。同意退回，就要去掉它；仍请它办的，请选“不同意调整”。"
    others = [p for p in case.siblings(place) if p.pk != place.pk]
    if place.parent_id and place.role == AssignmentRole.CO and not data["placements"] and not others:
        return None
    return adjust_is_valid(case, place, data | {"parent_id": place.parent_id})


def approve_return(case, place, data):
    requests.decide(case, RequestKind.RETURN, place, granted=True, words=data["reason"])
    clocks.meet(case, ClockKind.RETURN_DECISION, assignment=place)
    decided = decided_date(case, [place])
    # `perform` has already moved the place to released; its clocks and whatever hangs on it end here.
    release(case, place, f"申请退回获同意：{data['reason']}")
    parent = case.place(place.parent_id) if place.parent_id else None
    apply_placement(case, data["placements"], parent=parent, data=data, decided=decided)
    release_emptied(case, "分办的会办单位已退回，不另安排会办")


def approve_return_words(case, place, data):
    result = text_of(data["placements"]) or "不另安排会办"
    return f"{_decider(case, place)}同意{place.unit}退回，改由：{result}。{data['reason']}"


def refuse_return(case, place, data):
    requests.decide(case, RequestKind.RETURN, place, granted=False, words=data["reason"])
    clocks.meet(case, ClockKind.RETURN_DECISION, assignment=place)
    if place.unit.is_hub:
        clocks.start(case, ClockKind.DISPATCH, started_on=case.today, assignment=place)
    elif place.accepted_on is None:
        # 不同意调整 counts as 签收.
        place.accepted_on = case.today
        case.touch(place, "accepted_on")
        clocks.start(case, ClockKind.FIRST_CONTACT, started_on=case.today, assignment=place)


def refused_to(case, place):
    return AssignmentStatus.DISPATCHING if place.unit.is_hub else AssignmentStatus.ACCEPTED


def refuse_return_words(case, place, data):
    return f"{_decider(case, place)}不同意{place.unit}退回，请继续办理：{data['reason']}"


def _decider(case, place):
    return str(case.place(place.parent_id).unit) if place.parent_id else office(case)
