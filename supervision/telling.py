"""Writing reminders: the newest stage, to each person once, with the in-app notice (workflow §4).

Conflict-free whatever happens: a reminder is unique on (thing, stage, due date, person), and its notice is inserted
in the same transaction. Only the newest stage that was reached counts, so a machine that was off for days sends one
line per thing, not one per missed stage.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.calendars import load_calendar
from notifications.models import Notice

from .models import Reminder
from .people import users_by_seat
from .stages import DEFAULT, Stages, load_stages

CHUNK = 1000
KEY_COLUMNS = ("clock_id", "duty_key", "stage", "due_on", "user_id")


@dataclass(frozen=True)
class Told:
    """One seat that is told of a thing: at which stages, as what kind of notice, in which words, leading where."""

    seat: tuple[str, int]
    stages: Stages
    kind: str
    words: str
    url: str


@dataclass(frozen=True)
class Thing:
    """What has a date: a clock, or a duty beside the clocks. `scope`: whose calendar counts."""

    congress_id: int
    scope: str
    started_on: date
    due_on: date
    told: tuple[Told, ...]
    clock_id: int | None = None
    duty_key: str = ""

    def reminder(self, **fields):
        """A Reminder of this thing, not saved."""
        return Reminder(clock_id=self.clock_id, duty_key=self.duty_key, due_on=self.due_on, **fields)


class Desk:
    """What one run looks up once: plans, seats, calendars."""

    def __init__(self, today):
        self.today = today
        self.plans = load_stages()
        self.users = users_by_seat(today)
        self.furthest = max([*DEFAULT.before, *(d for plan in self.plans.values() for d in plan.before)])
        self._workday = {}

    def plan(self, congress_id, kind):
        """The Stages of a kind of clock in a congress."""
        return self.plans.get((congress_id, kind), DEFAULT)

    def is_workday(self, scope):
        """Whether people work on the run's day in the congress with this code."""
        if scope not in self._workday:
            self._workday[scope] = load_calendar(scope).is_workday(self.today)
        return self._workday[scope]

    def tell(self, things):
        """One transaction: what the things call for and nobody was told yet. Returns how many reminders."""
        wanted = {}
        for thing in things:
            for told, stage, user_id in self._recipients(thing):
                # Whoever holds two seats is told once, as the one who has to act.
                wanted.setdefault((thing.clock_id, thing.duty_key, user_id), (thing, told, stage))
        if not wanted:
            return 0
        with transaction.atomic():
            return self._write(wanted)

    def _recipients(self, thing):
        for told in thing.told:
            stage = told.stages.newest(thing.started_on, thing.due_on, self.today)
            if stage is None or (stage > 0 and not self.is_workday(thing.scope)):
                continue
            for user_id in self.users.get(told.seat, ()):
                yield told, stage, user_id

    def _write(self, wanted):
        earlier = _earlier({key[0] for key in wanted}, {key[1] for key in wanted})
        reminders, notices, outdated = [], [], defaultdict(set)
        for (clock_id, duty_key, user_id), (thing, told, stage) in wanted.items():
            before = earlier[clock_id, duty_key, user_id]
            if any((row.stage, row.due_on) == (stage, thing.due_on) for row in before):
                continue
            by_sms = told.kind == Notice.Kind.TODO and told.stages.goes_by_sms(stage)
            reminder = thing.reminder(stage=stage, user_id=user_id, made_on=self.today, by_sms=by_sms)
            reminders.append(reminder)
            notices.append(_notice(reminder, thing, told))
            for row in before:
                outdated[row.notice_key].add(user_id)
        Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        _put_away(outdated)
        return len(reminders)


def _earlier(clock_ids, duty_keys):
    """{(clock id, duty key, user id): reminders} that were made of these things before."""
    found = defaultdict(list)
    of_duties = Q(clock__isnull=True, duty_key__in=duty_keys - {""})
    known = Reminder.objects.filter(Q(clock__in=clock_ids - {None}) | of_duties)
    for row in known.only(*KEY_COLUMNS):
        found[row.clock_id, row.duty_key, row.user_id].append(row)
    return found


def _notice(reminder, thing, told):
    return Notice(
        user_id=reminder.user_id,
        congress_id=thing.congress_id,
        kind=told.kind,
        words=told.words[:300],
        url=told.url,
        key=reminder.notice_key,
    )


def _put_away(users_by_key):
    """Mark notices as read: a newer stage took their place, or the clock has stopped."""
    keys_by_users = defaultdict(list)
    for key, users in users_by_key.items():
        keys_by_users[frozenset(users)].append(key)
    for users, keys in keys_by_users.items():
        rows = Notice.objects.filter(user__in=users, key__in=keys, read_at__isnull=True)
        rows.update(read_at=timezone.now())


def put_away(rows):
    """Mark reminders (a list) and their notices as over, in one transaction."""
    users = defaultdict(set)
    for row in rows:
        users[row.notice_key].add(row.user_id)
    with transaction.atomic():
        _put_away(users)
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(is_over=True)


def put_away_done():
    """Mark the reminders of stopped clocks as read (办完自动消失); returns how many reminders that were."""
    stopped = Q(clock__met_on__isnull=False) | Q(clock__voided_on__isnull=False)
    done = 0
    while rows := list(Reminder.objects.filter(stopped, is_over=False).only(*KEY_COLUMNS)[:CHUNK]):
        put_away(rows)
        done += len(rows)
    return done
