"""The simulated year day by day: people act on what waits for them, the daily job runs each working day."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.test.utils import override_settings

from core.calendars import load_calendar
from core.dates import SHANGHAI
from core.workdays import WORKDAY, compute_due
from institutions.models import Congress
from proposals.models import Assignment, Commitment, Proposal, Waiting
from proposals.workflow import Refused
from supervision.daily import run_daily

from . import world
from .people import People

YEAR = 2026  # its holidays are published
LAST_DAY = date(YEAR, 12, 31)
SESSION_SHARE = (
    0.77  # of a province's proposals; the others come in over the year (domain notes, Beijing 2023)
)
URGED_AFTER = 3  # days overdue from which the office urges, on Mondays


class NotEmpty(Exception):
    """The database holds a congress; the text is the sentence to show."""


@dataclass
class Year:
    """What happened: counts of steps, and of what each daily job did."""

    actions: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    jobs: Counter = field(default_factory=Counter)
    workdays: int = 0
    job_seconds: list = field(default_factory=list)


def simulate(*, proposals, units, deputies, seed, last_day=LAST_DAY, say=lambda words: None):
    """Live through the year until `last_day` (a Shanghai date); returns a Year.

    Raises NotEmpty where the database has a congress already: the daily job would write to its real people.
    """
    if Congress.objects.exists():
        raise NotEmpty("这个数据库里已经有人大的数据。模拟只在空的数据库里运行，请用 DATABASE_URL 另指一个。")
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        return _Simulation(proposals, units, deputies, seed, say).run(last_day)


class _Simulation:
    def __init__(self, proposals, units, deputies, seed, say):
        self.say, self.rng, self.year = say, random.Random(seed), Year()
        self.world = world.build(YEAR, units=units, deputies=deputies)
        self.calendar = load_calendar(self.world.congress.code)
        self.people = People(self.world, self.rng, self.calendar)
        self.agreed = {}  # what waits -> the day on which its holder acts
        self.arrivals = self._plan_arrivals(proposals)

    def run(self, last):
        day = self.world.session.opens_on
        number = 0
        while day <= last:
            self._job(day)
            for session in self.arrivals.get(day, ()):
                number += 1
                self.people.propose(number, session, self._moment(day))
                self.year.actions["submit"] += 1
            if self.calendar.is_workday(day):
                self._work(day)
                if day.weekday() == 0:
                    self._urge(day)
            if (day + timedelta(days=1)).day == 1:
                self.say(f"{day:%Y-%m-%d}：已走 {sum(self.year.actions.values())} 步")
            day += timedelta(days=1)
        return self.year

    def _plan_arrivals(self, proposals):
        """{day: [session or None, …]}: most during the session, the others on working days until October."""
        session, arrivals = self.world.session, {}
        for _ in range(round(proposals * SESSION_SHARE)):
            day = session.opens_on + timedelta(days=self.rng.randint(0, 3))
            arrivals.setdefault(day, []).append(session)
        for _ in range(proposals - round(proposals * SESSION_SHARE)):
            day = self._later(session.closes_on, self.rng.randint(10, 170))
            arrivals.setdefault(day, []).append(None)
        return arrivals

    def _job(self, day):
        """The daily job, on working days as the product's schedule has it (on others it is nearly idle)."""
        if not self.calendar.is_workday(day):
            return
        started = time.perf_counter()
        now = datetime.combine(day, settings.DIGEST_HOUR, tzinfo=SHANGHAI)
        counts = run_daily(day, now)
        self.year.job_seconds.append(time.perf_counter() - started)
        self.year.workdays += 1
        for name, count in counts.items():
            if not isinstance(count, bool):
                self.year.jobs[name] += count

    def _work(self, day):
        """Everybody does what they agreed with themselves to do today."""
        rows = Waiting.objects.filter(queue__in=self.people.acts).order_by("pk")
        columns = (
            *("proposal_id", "assignment_id", "commitment_id", "queue"),
            *("holder_id", "due_on", "proposal__round"),
        )
        for row in list(rows.values_list(*columns, named=True)):
            is_begun = row.assignment_id in self.people.spoken_to
            key = (*row, is_begun)
            if key not in self.agreed:
                delay = self.people.delay(row, day)
                self.agreed[key] = None if delay is None else self._later(day, delay)
            due = self.agreed[key]
            if due is not None and due <= day:
                self._act(row, key, day)

    def _later(self, day, workdays):
        return compute_due(day, workdays, WORKDAY, self.calendar).due_on if workdays else day

    def _act(self, row, key, day):
        here = Waiting.objects.filter(
            proposal=row.proposal_id,
            assignment=row.assignment_id,
            commitment=row.commitment_id,
            queue=row.queue,
            holder_id=row.holder_id,
        )
        if not here.exists():
            return  # somebody else's step of today has ended it
        case = Proposal.objects.select_related("category").get(pk=row.proposal_id)
        subject = self._subject(row)
        del self.agreed[key]
        try:
            self.people.acts[row.queue](case, subject, self._moment(day))
        except Refused as refusal:
            self.year.refused[f"{row.queue}：{refusal.words}"] += 1
            self.agreed[key] = self._later(day, 2)
        else:
            self.year.actions[row.queue] += 1

    @staticmethod
    def _subject(row):
        """What it is about beside the case: a promise, a place, or nothing else."""
        if row.commitment_id:
            return Commitment.objects.get(pk=row.commitment_id)
        places = Assignment.objects.select_related("unit", "reply")
        return places.get(pk=row.assignment_id) if row.assignment_id else None

    def _urge(self, day):
        late = Proposal.objects.filter(
            status__in=("handling", "redo"), due_on__lt=day - timedelta(days=URGED_AFTER)
        )
        for case in late.order_by("pk"):
            try:
                self.people.urge(case, self._moment(day))
                self.year.actions["urge"] += 1
            except Refused as refusal:
                self.year.refused[f"urge: {refusal.words}"] += 1

    def _moment(self, day):
        return datetime.combine(day, settings.DIGEST_HOUR, tzinfo=SHANGHAI) + timedelta(
            minutes=self.rng.randint(30, 500)
        )
