"""The proposal follows its places: one rule, after every action."""

from .. import clocks
from ..status import FOLLOWING, AssignmentStatus, ClockKind, ProposalStatus
from .waiting import awaits_rating

# What `decided_status` can lead to, for the workflow picture and the test of the table.
FOLLOWING_EDGES = (
    (ProposalStatus.HANDLING, ProposalStatus.REPLIED, "都已答复"),
    (ProposalStatus.REDO, ProposalStatus.REPLIED, "都已答复"),
    # The last unit at work is taken away when the others' replies are rated already.
    (ProposalStatus.HANDLING, ProposalStatus.CLOSED, "其余单位都已测评"),
    (ProposalStatus.HANDLING, ProposalStatus.DISPUTED, "其余有不满意"),
    (ProposalStatus.REDO, ProposalStatus.CLOSED, "其余单位都已测评"),
    (ProposalStatus.REDO, ProposalStatus.COORDINATION, "其余有不满意"),
    (ProposalStatus.REPLIED, ProposalStatus.CLOSED, "都已测评或未表态"),
    (ProposalStatus.REPLIED, ProposalStatus.DISPUTED, "首轮有不满意"),
    (ProposalStatus.REPLIED, ProposalStatus.COORDINATION, "第二轮起仍不满意"),
    (ProposalStatus.REPLIED, ProposalStatus.HANDLING, "答复被收回"),
    (ProposalStatus.REPLIED, ProposalStatus.REDO, "答复被收回"),
    (ProposalStatus.CLOSED, ProposalStatus.DISPUTED, "逾期测评不满意"),
    (ProposalStatus.CLOSED, ProposalStatus.COORDINATION, "逾期测评不满意"),
    (ProposalStatus.DISPUTED, ProposalStatus.CLOSED, "代表改写代录的测评"),
    (ProposalStatus.COORDINATION, ProposalStatus.CLOSED, "代表改写代录的测评"),
)


def follow(case):
    """Set the proposal's state from the replies and ratings of its round (workflow §1); may do nothing."""
    proposal = case.proposal
    if proposal.status not in FOLLOWING and not _rating_reopens(case):
        return
    status = decided_status(case)
    if status == proposal.status:
        return
    clocks.void(case, ClockKind.JUDGE, ClockKind.COORDINATION)
    case.move(proposal, status)
    if status != ProposalStatus.CLOSED and proposal.closed_on:
        proposal.closed_on = None
        case.touch(proposal, "closed_on")
        case.take_down()
    if status == ProposalStatus.DISPUTED:
        clocks.start(case, ClockKind.JUDGE, started_on=case.today)
    elif status == ProposalStatus.COORDINATION:
        clocks.start(case, ClockKind.COORDINATION, started_on=case.today)
    elif status == ProposalStatus.CLOSED:
        proposal.closed_on = case.today
        case.touch(proposal, "closed_on")
        for hub in case.round_places:
            clocks.void(case, ClockKind.RETURN_WINDOW, assignment=hub)


def _rating_reopens(case):
    """A rating that came late, or in the place of one entered by proxy, decides again where it matters."""
    if case.was_rated is None:
        return False
    if case.proposal.status in (ProposalStatus.DISPUTED, ProposalStatus.COORDINATION):
        return True
    return case.proposal.status == ProposalStatus.CLOSED and case.was_rated.is_dissatisfied


def decided_status(case):
    """handling/redo while a replying place is open; replied; then closed, disputed or coordination."""
    places = case.replying_places
    answered = [place for place in places if place.status == AssignmentStatus.ANSWERED]
    if any(place.is_open for place in places) or not answered:
        return ProposalStatus.HANDLING if case.proposal.round == 1 else ProposalStatus.REDO
    if any(awaits_rating(case, place) for place in answered):
        return ProposalStatus.REPLIED
    ratings = [case.rating(place) for place in answered]
    if any(rating and rating.is_dissatisfied for rating in ratings):
        return ProposalStatus.DISPUTED if case.proposal.round == 1 else ProposalStatus.COORDINATION
    return ProposalStatus.CLOSED
