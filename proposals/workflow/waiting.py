"""Who is it up to: derived from the states and the pending requests, nothing else.

`perform` writes the derivation to `Waiting`; `manage.py rebuild_waiting` and a test prove the two equal.
"""

from dataclasses import dataclass
from datetime import date

from institutions.succession import acting_unit

from ..models import Waiting
from ..status import (
    PROMISE_FAILED,
    PROMISE_QUEUES,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CommitmentStatus,
    CosignState,
    HolderKind,
    ProposalStatus,
    Queue,
    RequestKind,
)


@dataclass(frozen=True)
class Turn:
    """One thing that waits on somebody."""

    queue: str
    holder_kind: str
    holder_id: int
    due_on: date | None
    assignment_id: int | None = None
    commitment_id: int | None = None


# What has a date that is no term of the case: by when a promise is to be kept, by when an urge to be answered.
NO_TERMS = frozenset(PROMISE_QUEUES) | {Queue.ANSWER_URGE}
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
    """The turns of a case, from its states, clocks and pending requests (a list of Turn)."""
    return _state_turns(case) + _request_turns(case) + _promise_turns(case)


def _state_turns(case):
    proposal = case.proposal
    if proposal.status in OFFICE_QUEUES:
        queue, kind = OFFICE_QUEUES[proposal.status]
        turns = [Turn(queue, HolderKind.LIAISON, proposal.congress_id, _due(case, kind))]
        if check_is_awaited(case):
            turns.append(Turn(Queue.CHECK, HolderKind.DELEGATION, proposal.delegation_id, None))
        return turns
    if proposal.status in PROPOSER_QUEUES:
        queue, kind = PROPOSER_QUEUES[proposal.status]
        turns = [Turn(queue, *_proposer(case), _due(case, kind))]
        return turns + [
            Turn(Queue.COSIGN, HolderKind.DEPUTY, cosignature.deputy_id, None)
            for cosignature in case.cosignatures
            if cosignature.state == CosignState.INVITED
        ]
    if proposal.status in ROUND_STATES:
        return [turn for place in case.round_places for turn in _place_turns(case, place)]
    return []


def _proposer(case):
    """(kind, id) of whoever acts for the proposer: the lead deputy, or the delegation's staff."""
    if case.proposal.is_delegations:
        return HolderKind.DELEGATION, case.proposal.delegation_id
    return HolderKind.DEPUTY, case.proposal.lead_id


def check_is_awaited(case):
    """代表团初核 where the rule set asks for it; it never blocks the filing."""
    proposal = case.proposal
    submitted = proposal.status == ProposalStatus.SUBMITTED
    return submitted and not proposal.checked_on and bool(case.rules.switch("delegation_check"))


def _request_turns(case):
    """What pending requests wait for beside the status; each on its own holder."""
    turns = []
    for request in case.requests:
        if request.is_open:
            # Several instructions to one unit are one turn: it answers them on one page.
            found = _turns_of_request(case, request)
            turns += [t for t in found if t.queue != Queue.ANSWER_INSTRUCTION or t not in turns]
    return turns


def _turns_of_request(case, request):
    congress_id = case.proposal.congress_id
    if request.kind == RequestKind.WITHDRAW:
        return [Turn(Queue.CONSENT, HolderKind.DEPUTY, pk, None) for pk in request.details["waiting"]]
    if request.kind == RequestKind.LEAD:
        return [Turn(Queue.TAKE_LEAD, HolderKind.DEPUTY, request.deputy_id, None)]
    if request.kind == RequestKind.PLAN_VIEW:
        return [Turn(Queue.PLAN_VIEW, *_worker(request.unit), None)]
    if request.kind == RequestKind.OBJECTION:
        return [Turn(Queue.OBJECTION, HolderKind.LIAISON, congress_id, None)]
    if request.kind in (RequestKind.INSTRUCTION, RequestKind.REPORT):
        # 批示 and reports to a leader are looked after on pages of their own (supervision).
        return []
    place = case.place(request.assignment_id)
    if place.status == AssignmentStatus.RETURN_ASKED:
        # Nobody can answer these before it is decided whose case it is; refused, they stand again.
        return []
    if request.kind == RequestKind.URGE:
        return [Turn(Queue.ANSWER_URGE, *_worker(place.unit), request.due_on, place.pk)]
    if request.kind == RequestKind.INSTRUCTED:
        # Its day is the leader's wish and no term of the case: supervision reminds of it.
        return [Turn(Queue.ANSWER_INSTRUCTION, *_worker(place.unit), None, place.pk)]
    if request.kind == RequestKind.EXTENSION:
        return [_extension_turn(case, request, place)]
    return []


def step_of(case, place):
    """The turn that the state of a place makes, without its requests; None where it waits on nobody."""
    return next(iter(_place_turns(case, place)), None)


def _worker(unit):
    """(kind, id) of whoever works at a unit today: handlers, at a hub its staff."""
    return (HolderKind.HUB if unit.is_hub else HolderKind.HANDLER), acting_unit(unit.pk)


def _extension_turn(case, request, place):
    due = _due(case, ClockKind.EXTENSION_DECISION, place)
    by_congress = case.rules.switch("extension_endorsed_by_hub")
    at_hub = place.parent_id and (not by_congress or "endorsement" not in request.details)
    return Turn(Queue.EXTENSION, *_decider(case, place, at_hub), due, place.pk)


def _decider(case, place, at_hub):
    """(kind, id) of the hub above a place, or of the liaison office."""
    if at_hub:
        return HolderKind.HUB, acting_unit(case.place(place.parent_id).unit_id)
    return HolderKind.LIAISON, case.proposal.congress_id


def _place_turns(case, place):
    unit_id = acting_unit(place.unit_id)
    if place.status == AssignmentStatus.DISPATCHING:
        due = _due(case, ClockKind.DISPATCH, place)
        return [Turn(Queue.DISPATCH, HolderKind.HUB, unit_id, due, place.pk)]
    if place.status == AssignmentStatus.RETURN_ASKED:
        due = _due(case, ClockKind.RETURN_DECISION, place)
        return [Turn(Queue.RETURN, *_decider(case, place, place.parent_id), due, place.pk)]
    if place.status == AssignmentStatus.PENDING:
        due = _due(case, ClockKind.ACCEPT, place)
        return [Turn(Queue.ACCEPT, HolderKind.HANDLER, unit_id, due, place.pk)]
    if place.status == AssignmentStatus.ACCEPTED:
        queue = Queue.OPINION if place.role == AssignmentRole.CO else Queue.HANDLE
        return [Turn(queue, HolderKind.HANDLER, unit_id, place.due_on, place.pk)]
    if place.status == AssignmentStatus.SIGNING:
        return [Turn(Queue.SIGN, HolderKind.SIGNER, unit_id, place.due_on, place.pk)]
    if place.status == AssignmentStatus.ANSWERED and awaits_rating(case, place):
        due = _due(case, ClockKind.RATING, place)
        return [Turn(Queue.RATE, *_proposer(case), due, place.pk)]
    return []


def _promise_turns(case):
    """What goes on after the reply (workflow §6), whatever became of the case and of the unit's place."""
    return [
        Turn(queue, *holder, due_on, commitment.reply.assignment_id, commitment.pk)
        for commitment in case.commitments
        if commitment.replaced_by_id is None and commitment.settled_on is None
        for queue, holder, due_on in _turns_of_promise(case, commitment)
    ]


def _turns_of_promise(case, commitment):
    office = (HolderKind.LIAISON, case.proposal.congress_id)
    if commitment.status == CommitmentStatus.OPEN:
        return [(Queue.PROMISE, _worker(commitment.unit), commitment.promised_on)]
    if commitment.status == CommitmentStatus.REPORTED or commitment.is_disputed:
        return [(Queue.VERIFY, office, None)]
    turns = []
    if not commitment.confirmed and commitment.confirm_by:
        turns.append((Queue.CONFIRM, _proposer(case), commitment.confirm_by))
    if commitment.status in PROMISE_FAILED and commitment.explained_on is None:
        turns.append((Queue.EXPLAIN, _worker(commitment.unit), None))
    return turns


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
    own = (turn for turn in turns if turn.queue not in NO_TERMS)
    dates = replies or [turn.due_on for turn in own if turn.due_on is not None]
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
            commitment_id=turn.commitment_id,
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
