"""What the office does beside the main road: check, undo, correct, merge, plan, publish."""

from institutions.succession import units_stood_for

from .. import clocks
from ..models import Proposal
from ..search import index
from ..status import (
    HANDLING,
    PASSED_ON,
    AssignmentRole,
    ClockKind,
    ProposalStatus,
    RequestKind,
    RequestState,
    Source,
)
from . import effects, placing, requests
from .placing import office

# --- 代表团初核 ----------------------------------------------------------------------------------------


def check_is_asked(case, subject):
    if not case.rules.switch("delegation_check"):
        return "本地办法没有要求代表团初核。"
    return "已经初核过。" if case.proposal.checked_on else None


def check_proposal(case, subject, data):
    case.proposal.checked_on = case.today
    case.proposal.check_words = data["words"]
    case.touch(case.proposal, "checked_on", "check_words")


def check_words(case, subject, data):
    return f"{case.grant.place}初核：{data['words']}"


# --- 撤销审查决定 --------------------------------------------------------------------------------------


def undo_review(case, subject, data):
    """Back to 待审查. A number once given stays with its proposal; the review term starts anew."""
    clocks.void(case, ClockKind.ASSIGN)
    for request in case.open_requests(RequestKind.PLAN_VIEW):
        requests.settle(case, request, RequestState.VOID)
    proposal = case.proposal
    proposal.decline_outcome, proposal.filed_on, proposal.plan = "", None, []
    case.touch(proposal, "decline_outcome", "filed_on", "plan")
    effects.start_review(case)


def undo_words(case, subject, data):
    return f"{office(case)}撤销审查决定：{data['reason']}"


# --- 更正登记 ------------------------------------------------------------------------------------------

AMENDABLE = ("title", "category", "source", "session", "open_wanted")


def something_changes(case, subject, data):
    if not _changes(case, data):
        return "没有改动。要更正的内容改好后再提交。"
    if data.get("source") == Source.SESSION and not data.get("session"):
        return "大会件要选是哪次会议。"
    if case.proposal.filed_on and not data.get("category", case.proposal.category):
        return "已经立案的建议要有类别，请选一个。"
    return None


def _changes(case, data):
    return [name for name in AMENDABLE if name in data and getattr(case.proposal, name) != data[name]]


def amend(case, subject, data):
    """Correct the register; old and new values stay in the history."""
    proposal, labels = case.proposal, []
    for name in _changes(case, data):
        field = Proposal._meta.get_field(name)
        labels.append(
            f"{field.verbose_name}由“{_shown(proposal, field)}”改为“{_shown_value(proposal, field, data[name])}”"
        )
        setattr(proposal, name, data[name])
        case.touch(proposal, name)
    # A page on which the deputy is writing meanwhile must not put the old values back.
    proposal.draft_version += 1
    case.touch(proposal, "draft_version")
    data["changes"] = "；".join(labels)
    index(proposal)


def _shown(proposal, field):
    return _shown_value(proposal, field, getattr(proposal, field.name))


def _shown_value(proposal, field, value):
    if isinstance(value, bool):
        return "同意公开" if value else "不公开"
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    return "未填" if value in (None, "") else str(value)


def amend_words(case, subject, data):
    return f"{office(case)}更正登记：{data['changes']}。{data['reason']}"


# --- 并案 ----------------------------------------------------------------------------------------------


def _replying_units(case):
    """The units that reply in the current round: the one that leads, or all of 分办."""
    return {p.unit_id for p in case.replying_places if p.status not in PASSED_ON}


# Where a case may be merged with another, which goes for both.
MERGEABLE = HANDLING | {ProposalStatus.FILED}


def merges_well(case, subject, data):
    """Same congress, in hand, and the same lead (of 分办 the same units) where assigned."""
    other = data["other"]
    if other.pk == case.proposal.pk:
        return "不能和自己并案。"
    if other.congress_id != case.proposal.congress_id:
        return "只能和本级人大的建议并案。"
    if other.status not in MERGEABLE:
        return f"{other.number_text}现在是“{other.get_status_display()}”，不能并案。"
    are_assigned = ProposalStatus.FILED not in (case.proposal.status, other.status)
    if are_assigned and _replying_units(case) != _units_replying_to(other):
        return "两件的主办单位不同，不能并案。可以先调整承办单位。"
    if case.proposal.merge_group_id and case.proposal.merge_group_id == other.merge_group_id:
        return "这两件已经并案。"
    return None


def _units_replying_to(proposal):
    """As `_replying_units`, of the other case, which is not loaded."""
    places = proposal.assignments.filter(round=proposal.round).exclude(role=AssignmentRole.CO)
    return set(places.exclude(status__in=PASSED_ON).values_list("unit_id", flat=True))


def merge(case, subject, data):
    """Join the group of the other, or make one. The other case gets its own event (workflow.merging)."""
    case.proposal.merge_group = data["group"]
    case.touch(case.proposal, "merge_group")


def merge_words(case, subject, data):
    return f"{office(case)}与{data['other'].number_text}并案办理，各件分别答复"


def is_merged(case, subject):
    return None if case.proposal.merge_group_id else "这件没有并案。"


def unmerge(case, subject, data):
    case.proposal.merge_group = None
    case.touch(case.proposal, "merge_group")


def unmerge_words(case, subject, data):
    return f"{office(case)}取消并案：{data['reason']}"


def dissolve_words(case, subject, data):
    return "同组的其他建议已取消并案，只剩这一件，并案随之解除"


# --- 拟办 ----------------------------------------------------------------------------------------------


def plan(case, subject, data):
    """Save the placement for the 交办会; ask the units named for their view where that is wanted.

    A unit without access is asked on paper: nobody could answer for it here.
    """
    case.proposal.plan = [{"unit": e["unit"].pk, "role": str(e["role"])} for e in data["placements"]]
    case.touch(case.proposal, "plan")
    for request in case.open_requests(RequestKind.PLAN_VIEW):
        requests.settle(case, request, RequestState.VOID)
    # A unit asked anew has one pending request: the earlier gives way in the database first.
    case.save_touched()
    if data.get("asks_views"):
        for entry in data["placements"]:
            if not entry["unit"].has_access:
                continue
            requests.open_request(
                case,
                RequestKind.PLAN_VIEW,
                data={"words": data.get("words", "")},
                unit=entry["unit"],
                details={"role": str(entry["role"])},
            )


def plan_words(case, subject, data):
    words = f"{office(case)}拟办：{placing.text_of(data['placements'])}"
    return words + ("，征求单位意见" if data.get("asks_views") else "")


def give_view(case, subject, data):
    request = _my_view(case)
    state = RequestState.GRANTED if data["agrees"] else RequestState.REFUSED
    requests.settle(case, request, state, data["words"])


def _my_view(case):
    mine = units_stood_for(case.grant.unit_id)
    return next(r for r in case.open_requests(RequestKind.PLAN_VIEW) if r.unit_id in mine)


def disagreement_is_explained(case, subject, data):
    if not data["agrees"] and not data["words"].strip():
        return "不同意拟办意见，请写明职能依据和建议的承办单位。"
    return None


def give_view_words(case, subject, data):
    verdict = "同意" if data["agrees"] else "不同意"
    return f"{case.grant.place}对拟办意见：{verdict}" + (f"。{data['words']}" if data["words"] else "")


def end_plan(case, subject, data):
    """Assigning ends whatever was still being asked of units."""
    for request in case.open_requests(RequestKind.PLAN_VIEW):
        requests.settle(case, request, RequestState.VOID)


# --- 公开 ----------------------------------------------------------------------------------------------


def may_be_public(case, subject):
    if case.proposal.published_on:
        return "这件已经公开。"
    if case.proposal.hides_proposer:
        return "代表要求对承办单位保密身份，这件不能公开。"
    if not case.proposal.open_wanted and case.rules.switch("publish_needs_deputy_consent"):
        return "代表认为不宜公开，按本地办法不公开。"
    return None


def publish(case, subject, data):
    case.proposal.published_on = case.today
    case.touch(case.proposal, "published_on")


def publish_words(case, subject, data):
    return f"{office(case)}公开建议和答复"


def is_published(case, subject):
    return None if case.proposal.published_on else "这件没有公开。"


def unpublish(case, subject, data):
    case.proposal.published_on = None
    case.touch(case.proposal, "published_on")


def unpublish_words(case, subject, data):
    return f"{office(case)}撤下公开：{data['reason']}"
