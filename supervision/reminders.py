"""Reminders by stages: which clock reached which stage, and who is told (workflow §4).

Conflict-free whatever happens: a reminder is unique on (clock, stage, due date, person), and its in-app
notice is inserted in the same transaction. Only the newest stage that was reached counts, so a machine that was
off for days sends one line per clock, not one per missed stage.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.calendars import load_calendar
from core.dates import cn_date, cn_days_left
from core.workdays import days_left
from institutions.succession import acting_unit
from notifications.models import Notice
from proposals.clocks import ANSWER_KINDS
from proposals.models import Clock, Waiting
from proposals.status import ClockKind, HolderKind, Queue

from .models import DEFAULT_BEFORE, DEFAULT_EVERY, REMINDED_KINDS, Reminder, ReminderPlan, parse_days
from .people import UNIT_KINDS, users_by_seat
from .words import thing_words

CHUNK = 1000
SIGNER_FROM = 3  # days before the due date from which the signer is told too
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
}
# Decided by the side that assigned, which has nobody above it to tell.
DECISIONS = frozenset({ClockKind.RETURN_DECISION, ClockKind.EXTENSION_DECISION})


@dataclass(frozen=True)
class Stages:
    """When one recipient of a clock is told: days before, on the day, overdue on day 1, then every so many."""

    before: tuple[int, ...]
    on_day: bool
    every: int
    first_day_over: bool = False

    def newest(self, started_on, due_on, today):
        """The newest stage reached on `today` (30 … 0 … -7), or None. Stages before the start do not count."""
        left = days_left(due_on, today)
        if left > 0:
            reached = [d for d in self.before if left <= d and due_on - timedelta(days=d) > started_on]
            return min(reached, default=None)
        over = -left
        if self.every and over >= self.every:
            return -(over // self.every * self.every)
        if self.first_day_over and over >= 1:
            return -1
        return 0 if self.on_day else None

    def for_signer(self):
        """The unit's signer: from three days before, and on the first day overdue."""
        return Stages(tuple(d for d in self.before if d <= SIGNER_FROM), self.on_day, self.every, True)

    def for_assigning_side(self):
        """Overdue by a week it reaches the side that assigned."""
        return Stages((), False, self.every)


DEFAULT = Stages(tuple(parse_days(DEFAULT_BEFORE)), True, DEFAULT_EVERY)


def load_stages():
    """{(congress id, clock kind): Stages} of the kinds whose plan was edited."""
    return {
        (plan.congress_id, plan.kind): Stages(tuple(parse_days(plan.before)), plan.on_day, plan.every)
        for plan in ReminderPlan.objects.all()
    }


def remind(today):
    """Make the reminders due on `today` with their in-app notices; returns how many are new.

    Reads the open clocks in a stream and writes a transaction per thousand: safe to kill and to run again.
    """
    run = _Run(today)
    made = 0
    stream = _open_clocks(today, run.furthest).iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        made += run.remind_chunk(chunk)
    return made


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
        .select_related("proposal", "congress", "assignment__unit", "assignment__parent")
        .defer("proposal__situation", "proposal__analysis", "proposal__points", "rule")
        .order_by("pk")
    )


class _Run:
    """What one run looks up once: stages, seats, calendars."""

    def __init__(self, today):
        self.today = today
        self.stages = load_stages()
        self.users = users_by_seat(today)
        self.furthest = max([*DEFAULT.before, *(d for plan in self.stages.values() for d in plan.before)])
        self._workday = {}

    def is_workday(self, scope):
        if scope not in self._workday:
            self._workday[scope] = load_calendar(scope).is_workday(self.today)
        return self._workday[scope]

    def remind_chunk(self, clocks):
        """One transaction: what the clocks call for and nobody was told yet. Returns how many reminders."""
        waiting = _waiting_of(clocks)
        wanted = {}
        for clock in clocks:
            place = waiting.get((clock.proposal_id, clock.assignment_id), {})
            if clock.kind in ANSWER_KINDS and Queue.EXTENSION in place:
                continue  # the date itself is being asked about
            holder = next((h for queue, h in place.items() if queue in QUEUES[clock.kind]), None)
            if holder is not None:
                for stage, user_id, kind in self._recipients(clock, holder):
                    # Whoever holds two seats is told once, as the one who has to act.
                    wanted.setdefault((clock.pk, user_id), (clock, stage, kind))
        if not wanted:
            return 0
        with transaction.atomic():
            return self._write(clocks, wanted)

    def _recipients(self, clock, holder):
        plan = self.stages.get((clock.congress_id, clock.kind), DEFAULT)
        told = [(holder, plan.for_signer() if holder[0] == HolderKind.SIGNER else plan, Notice.Kind.TODO)]
        if holder[0] in UNIT_KINDS and clock.kind not in DECISIONS:
            if clock.kind in ANSWER_KINDS | {ClockKind.ACCEPT} and holder[0] != HolderKind.SIGNER:
                signer = plan.for_signer()
                if clock.kind == ClockKind.ACCEPT:
                    signer = Stages((), False, signer.every, True)
                # The seat's own unit: a successor's (机构改革) where the place's was abolished.
                told.append(((str(HolderKind.SIGNER), holder[1]), signer, Notice.Kind.WAIT))
            late = plan.for_assigning_side()
            told += [(seat, late, Notice.Kind.WAIT) for seat in _assigning_seats(clock)]
        for seat, stages, kind in told:
            stage = stages.newest(clock.started_on, clock.due_on, self.today)
            if stage is None or (stage > 0 and not self.is_workday(clock.congress.code)):
                continue
            for user_id in self.users.get(seat, ()):
                yield stage, user_id, kind

    def _write(self, clocks, wanted):
        earlier = defaultdict(set)
        known = Reminder.objects.filter(clock__in=[clock.pk for clock in clocks])
        for row in known.only("clock_id", "stage", "due_on", "user_id"):
            earlier[row.clock_id, row.user_id].add((row.stage, row.due_on))
        reminders, notices, outdated = [], [], defaultdict(set)
        for (clock_id, user_id), (clock, stage, kind) in wanted.items():
            before = earlier[clock_id, user_id]
            if (stage, clock.due_on) in before:
                continue
            reminder = Reminder(
                clock=clock, stage=stage, due_on=clock.due_on, user_id=user_id, made_on=self.today
            )
            reminders.append(reminder)
            notices.append(self._notice(reminder, clock, kind))
            for old_stage, old_due in before:
                old = Reminder(clock_id=clock_id, stage=old_stage, due_on=old_due)
                outdated[old.notice_key].add(user_id)
        Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        _put_away(outdated)
        return len(reminders)

    def _notice(self, reminder, clock, kind):
        left = cn_days_left(days_left(clock.due_on, self.today))
        due = f"{cn_date(clock.due_on, self.today)}到期"
        words = f"{left}：{clock_words(clock, kind)}，{due}"
        return Notice(
            user_id=reminder.user_id,
            congress_id=clock.congress_id,
            kind=kind,
            words=words[:300],
            url=f"/proposals/{clock.proposal_id}/",
            key=reminder.notice_key,
        )


def _assigning_seats(clock):
    """The seats that assigned the place of a clock: the hub above it, where there is one, and the liaison office."""
    above = clock.assignment.parent
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
}


def clock_words(clock, kind):
    """What is to be done, on which case; for who only waits, by whom."""
    by = f"等{clock.assignment.unit}" if kind == Notice.Kind.WAIT else ""
    return f"{by}{VERBS[clock.kind]}“{thing_words(clock.proposal.title)}”{clock.proposal.number}"


def _waiting_of(clocks):
    """{(proposal id, place id): {queue: seat}} for the cases of these clocks (one query)."""
    found = defaultdict(dict)
    rows = Waiting.objects.filter(proposal__in={clock.proposal_id for clock in clocks})
    columns = ("proposal_id", "assignment_id", "queue", "holder_kind", "holder_id")
    for proposal_id, place_id, queue, kind, holder_id in rows.values_list(*columns):
        found[proposal_id, place_id][queue] = (kind, holder_id)
    return found


def _put_away(users_by_key):
    """Mark notices as read: a newer stage took their place, or the clock has stopped."""
    keys_by_users = defaultdict(list)
    for key, users in users_by_key.items():
        keys_by_users[frozenset(users)].append(key)
    for users, keys in keys_by_users.items():
        rows = Notice.objects.filter(user__in=users, key__in=keys, read_at__isnull=True)
        rows.update(read_at=timezone.now())


def put_away_done():
    """Mark the reminders of stopped clocks as read (办完自动消失); returns how many reminders that were."""
    stopped = Q(clock__met_on__isnull=False) | Q(clock__voided_on__isnull=False)
    done = 0
    while rows := list(
        Reminder.objects.filter(stopped, is_over=False).only("clock_id", "stage", "due_on", "user_id")[:CHUNK]
    ):
        users = defaultdict(set)
        for row in rows:
            users[row.notice_key].add(row.user_id)
        with transaction.atomic():
            _put_away(users)
            Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(is_over=True)
        done += len(rows)
    return done
