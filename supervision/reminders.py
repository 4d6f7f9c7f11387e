"""Reminders of clocks: which reached which stage, who is told, in which words (workflow §4).

`telling.py` writes them; duties beside the clocks go the same way (duty_reminders.py).
"""

from collections import defaultdict
from datetime import timedelta

from core.chunks import in_chunks
from core.dates import cn_date, cn_days_left
from core.workdays import days_left
from institutions.succession import acting_unit
from notifications.models import Notice
from proposals.asking import form_url, otherwise
from proposals.clocks import ANSWER_KINDS
from proposals.models import Clock, Waiting
from proposals.status import ClockKind, HolderKind, Queue

from .duty_reminders import remind_of_duties
from .models import REMINDED_KINDS
from .people import UNIT_KINDS
from .telling import CHUNK, Desk, Thing, Told, put_away_done
from .words import thing_words

__all__ = ["VERBS", "clock_words", "put_away_done", "remind"]

# A clock speaks to somebody only while the case waits in one of these queues: who has acted hears nothing,
# and nothing is sent while a request is pending.
QUEUES = {
    ClockKind.REVISE: {Queue.REVISE},
    ClockKind.REVIEW: {Queue.REVIEW},
    ClockKind.ASSIGN: {Queue.ASSIGN},
    ClockKind.DISPATCH: {Queue.DISPATCH},
    ClockKind.ACCEPT: {Queue.ACCEPT},
    ClockKind.RETURN_DECISION: {Queue.RETURN},
    ClockKind.EXTENSION_DECISION: {Queue.EXTENSION},
    ClockKind.FIRST_CONTACT: {Queue.HANDLE, Queue.OPINION},
    ClockKind.REPLY: {Queue.ACCEPT, Queue.HANDLE, Queue.SIGN},
    ClockKind.REDO: {Queue.ACCEPT, Queue.HANDLE, Queue.SIGN},
    ClockKind.CORRECTION: {Queue.HANDLE, Queue.SIGN},
    ClockKind.OPINION: {Queue.ACCEPT, Queue.OPINION, Queue.SIGN},
    ClockKind.OPINION_REDO: {Queue.ACCEPT, Queue.OPINION, Queue.SIGN},
    ClockKind.RATING: {Queue.RATE},
    ClockKind.JUDGE: {Queue.JUDGE},
    ClockKind.COORDINATION: {Queue.COORDINATE},
    ClockKind.COMMITMENT: {Queue.PROMISE},
}
# Their signers hear from three days before; of these they hear once they are overdue.
SIGNED = ANSWER_KINDS | {ClockKind.COMMITMENT}
OVERSEEN = frozenset({ClockKind.ACCEPT, ClockKind.FIRST_CONTACT})
# Decided by the side that assigned, which has nobody above it to tell.
DECISIONS = frozenset({ClockKind.RETURN_DECISION, ClockKind.EXTENSION_DECISION})
CONTACT = "contact"  # what a first contact asks for: no queue of its own


def remind(today):
    """Make the reminders due on `today` with their in-app notices; returns how many are new.

    Reads and writes the open clocks by the thousand, each in a transaction: safe to kill and to run again.
    """
    desk = Desk(today)
    made = 0
    for chunk in in_chunks(_open_clocks(today, desk.furthest), CHUNK):
        waiting = _waiting_of(chunk)
        made += desk.tell(thing for clock in chunk if (thing := _thing(desk, clock, waiting)))
    return made + remind_of_duties(desk)


def _open_clocks(today, furthest):
    kinds = [kind for kind, _ in REMINDED_KINDS if kind in QUEUES]
    return (
        Clock.objects.filter(
            met_on__isnull=True,
            voided_on__isnull=True,
            kind__in=kinds,
            due_on__lte=today + timedelta(days=furthest),
            congress__is_active=True,
        )
        .select_related(
            "proposal",
            "congress",
            "assignment__unit",
            "assignment__parent",
            "commitment__unit",
            "commitment__reply__assignment__parent",
        )
        .defer(
            "proposal__situation",
            "proposal__analysis",
            "proposal__points",
            "rule",
            "commitment__reply__opening",
            "commitment__reply__answers",
        )
    )


def _thing(desk, clock, waiting):
    """The clock as something to tell of, or None while it speaks to nobody."""
    queues = waiting.get(_place_key(clock), {})
    if clock.kind in ANSWER_KINDS and Queue.EXTENSION in queues:
        return None  # the date itself is being asked about
    turn = next(((queue, h) for queue, h in queues.items() if queue in QUEUES[clock.kind]), None)
    if turn is None:
        return None
    queue, holder = turn
    if clock.kind == ClockKind.FIRST_CONTACT:
        queue = CONTACT
        if clock.proposal.hides_proposer:
            # 隐名: the unit does not know whom to call; the liaison office makes the contact and logs it.
            holder = (str(HolderKind.LIAISON), clock.congress_id)
    return Thing(
        clock_id=clock.pk,
        congress_id=clock.congress_id,
        scope=clock.congress.code,
        started_on=clock.started_on,
        due_on=clock.due_on,
        told=tuple(_told(desk, clock, queue, holder)),
    )


def _told(desk, clock, queue, holder):
    """Who is told of a clock: whoever has to act, then those above."""
    plan = desk.plan(clock.congress_id, clock.kind)
    place = _place(clock)
    signs = holder[0] == HolderKind.SIGNER
    stages = plan.for_signer() if signs else plan
    url = form_url(queue, clock.proposal_id, place.pk if place else None, clock.commitment_id, holder[0])
    by_hub = place is not None and place.parent_id is not None and holder[0] != HolderKind.HUB
    left = days_left(clock.due_on, desk.today)
    office = clock.congress.liaison_name
    late = otherwise(queue, office, left=left, escalation=plan.escalation, by_hub=by_hub, is_signer=signs)
    if holder[0] == HolderKind.LIAISON and queue == CONTACT:
        late = ""
    words = _words(desk, clock, Notice.Kind.TODO) + (f"，{late}" if late else "")
    yield Told(holder, stages, Notice.Kind.TODO, words, url)
    if holder[0] not in UNIT_KINDS or clock.kind in DECISIONS:
        return
    waits, case = _words(desk, clock, Notice.Kind.WAIT), f"/proposals/{clock.proposal_id}/"
    if clock.kind in SIGNED | OVERSEEN and not signs:
        above = plan.for_late_signer() if clock.kind in OVERSEEN else plan.for_signer()
        # The seat's own unit: a successor's (机构改革) where the place's was abolished.
        yield Told((str(HolderKind.SIGNER), holder[1]), above, Notice.Kind.WAIT, waits, case)
    for seat in _assigning_seats(clock, place):
        yield Told(seat, plan.for_assigning_side(), Notice.Kind.WAIT, waits, case)


def _place(clock):
    """The place a clock is of: its own, or the one whose reply made the promise; None for the case's clocks."""
    return clock.commitment.reply.assignment if clock.commitment_id else clock.assignment


def _assigning_seats(clock, place):
    """The seats that assigned the place of a clock: the hub above it, where there is one, and the liaison office."""
    above = place.parent if place is not None else None
    hub = [(str(HolderKind.HUB), acting_unit(above.unit_id))] if above is not None else []
    return [*hub, (str(HolderKind.LIAISON), clock.congress_id)]


VERBS = {
    ClockKind.REVISE: "修改后再提交",
    ClockKind.REVIEW: "审查",
    ClockKind.ASSIGN: "交办",
    ClockKind.DISPATCH: "分办",
    ClockKind.ACCEPT: "签收",
    ClockKind.RETURN_DECISION: "裁定退回申请",
    ClockKind.EXTENSION_DECISION: "裁定延期申请",
    ClockKind.FIRST_CONTACT: "首次与代表沟通",
    ClockKind.REPLY: "答复",
    ClockKind.REDO: "重新办理并答复",
    ClockKind.CORRECTION: "更正答复",
    ClockKind.OPINION: "提会办意见",
    ClockKind.OPINION_REDO: "补正会办意见",
    ClockKind.RATING: "看答复并评价",
    ClockKind.JUDGE: "研判",
    ClockKind.COORDINATION: "协调研究",
    ClockKind.COMMITMENT: "兑现承诺并报告",
}


def clock_words(clock, kind):
    """What is to be done, on which case; for who only waits, by whom."""
    by = ""
    if kind == Notice.Kind.WAIT:
        by = f"等{clock.commitment.unit if clock.commitment_id else clock.assignment.unit}"
    return f"{by}{VERBS[clock.kind]}“{_about(clock)}”{clock.proposal.number}"


def _about(clock):
    """The thing's name. What a unit wrote into a promise is left out of a hidden case: it may name the deputy."""
    if clock.commitment_id and not clock.proposal.hides_proposer:
        return clock.commitment.what[:60]
    return thing_words(clock.proposal.title)


def _words(desk, clock, kind):
    left = cn_days_left(days_left(clock.due_on, desk.today))
    return f"{left}：{clock_words(clock, kind)}，{cn_date(clock.due_on, desk.today)}到期"


def _place_key(clock):
    """What the rows of Waiting of a clock have in common: the promise, else the case and the place."""
    if clock.commitment_id:
        return clock.commitment_id
    return clock.proposal_id, clock.assignment_id


def _waiting_of(clocks):
    """{place key: {queue: seat}} for the cases of these clocks (one query)."""
    found = defaultdict(dict)
    rows = Waiting.objects.filter(proposal__in={clock.proposal_id for clock in clocks})
    columns = ("proposal_id", "assignment_id", "commitment_id", "queue", "holder_kind", "holder_id")
    for proposal_id, place_id, promise_id, queue, kind, holder_id in rows.values_list(*columns):
        found[promise_id or (proposal_id, place_id)][queue] = (kind, holder_id)
    return found
