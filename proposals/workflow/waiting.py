"""Who is it up to: derived from the states and the pending requests, nothing else.

`perform` writes the derivation to `Waiting`; `manage.py rebuild_waiting` and a test prove the two equal.
"""

from dataclasses import dataclass
from datetime import date

from ..models import Waiting
from ..status import (
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    HolderKind,
    ProposalStatus,
    Queue,
)


@dataclass(frozen=True)
class Turn:
    """One thing that waits on somebody."""

    queue: str
    holder_kind: str
    holder_id: int
    due_on: date | None
    assignment_id: int | None = None


OFFICE_QUEUES = {
    ProposalStatus.SUBMITTED: (Queue.REVIEW, ClockKind.REVIEW),
    ProposalStatus.FILED: (Queue.ASSIGN, ClockKind.ASSIGN),
    ProposalStatus.DISPUTED: (Queue.JUDGE, ClockKind.JUDGE),
    ProposalStatus.COORDINATION: (Queue.COORDINATE, ClockKind.COORDINATION),
}
PROPOSER_QUEUES = {
    ProposalStatus.DRAFT: (Queue.DRAFT, None),
    ProposalStatus.RETURNED: (Queue.REVISE, ClockKind.REVISE),
}
ROUND_STATES = frozenset({ProposalStatus.HANDLING, ProposalStatus.REDO, ProposalStatus.REPLIED})


def derive(case):
    """The turns of a case, from its states and clocks (a list of Turn)."""
    proposal = case.proposal
    if proposal.status in OFFICE_QUEUES:
        queue, kind = OFFICE_QUEUES[proposal.status]
        return [Turn(queue, HolderKind.LIAISON, proposal.congress_id, _due(case, kind))]
    if proposal.status in PROPOSER_QUEUES:
        queue, kind = PROPOSER_QUEUES[proposal.status]
        turns = [Turn(queue, HolderKind.DEPUTY, proposal.lead_id, _due(case, kind))]
        return turns + [
            Turn(Queue.COSIGN, HolderKind.DEPUTY, cosignature.deputy_id, None)
            for cosignature in case.cosignatures
            if cosignature.state == CosignState.INVITED
        ]
    if proposal.status in ROUND_STATES:
        return [turn for place in case.round_places for turn in _place_turns(case, place)]
    return []


def _place_turns(case, place):
    if place.status == AssignmentStatus.PENDING:
        due = _due(case, ClockKind.ACCEPT, place)
        return [Turn(Queue.ACCEPT, HolderKind.HANDLER, place.unit_id, due, place.pk)]
    if place.status == AssignmentStatus.ACCEPTED:
        queue = Queue.OPINION if place.role == AssignmentRole.CO else Queue.HANDLE
        return [Turn(queue, HolderKind.HANDLER, place.unit_id, place.due_on, place.pk)]
    if place.status == AssignmentStatus.SIGNING:
        return [Turn(Queue.SIGN, HolderKind.SIGNER, place.unit_id, place.due_on, place.pk)]
    if place.status == AssignmentStatus.ANSWERED and awaits_rating(case, place):
        due = _due(case, ClockKind.RATING, place)
        return [Turn(Queue.RATE, HolderKind.DEPUTY, case.proposal.lead_id, due, place.pk)]
    return []


def awaits_rating(case, place):
    """An issued reply that is neither rated nor 未表态."""
    reply = case.reply(place)
    return (
        place.replies
        and reply is not None
        and reply.is_issued
        and reply.silent_on is None
        and case.rating(place) is None
    )


def _due(case, kind, place=None):
    clock = case.clock(kind, assignment=place) if kind else None
    return clock.due_on if clock else None


def case_due_on(case, turns):
    """The date the case as a whole runs against: the first open reply, else the first turn that has a date."""
    replies = [place.due_on for place in case.replying_places if place.is_open and place.due_on is not None]
    dates = replies or [turn.due_on for turn in turns if turn.due_on is not None]
    return min(dates, default=None)


def rewrite(case):
    """Write the derivation to `Waiting` and the case's due date to the proposal."""
    turns = derive(case)
    Waiting.objects.filter(proposal=case.proposal).delete()
    Waiting.objects.bulk_create(
        Waiting(
            congress_id=case.proposal.congress_id,
            proposal=case.proposal,
            assignment_id=turn.assignment_id,
            queue=turn.queue,
            holder_kind=turn.holder_kind,
            holder_id=turn.holder_id,
            due_on=turn.due_on,
        )
        for turn in turns
    )
    due_on = case_due_on(case, turns)
    if case.proposal.due_on != due_on:
        case.proposal.due_on = due_on
        case.touch(case.proposal, "due_on")
    return turns
