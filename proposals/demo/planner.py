"""How the course of a proposal is planned: its dates, counted back from the day of loading.

A plan may reach beyond that day: what would happen later does not happen. So the newest session's proposals
stand wherever the season has them, while those between sessions (闭会件) show every state and every light.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.workdays import MONTH, compute_due

from ..status import CLASSES_WITH_COMMITMENTS, Satisfaction, Source

S, B, D = Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED
# (attitude, result), as often as they occur.
GOOD = ((S, S),) * 8 + ((S, B), (B, B))
BAD = ((S, D), (B, D), (D, D))
SATISFIED = (S, S)
RECESS = (
    (Source.RECESS,) * 5 + (Source.STATION,) * 2 + (Source.INSPECTION,) * 2 + (Source.REVIEW, Source.MOTION)
)
# Left office since, so many days ago.
LEFT_OFFICE = {"严守一": 105, "戴伯仁": 30, "余水生": 18, "翁守林": 55}


@dataclass
class Round:
    """One round of handling: when it opened, was sent for signing, issued and rated; None is not yet."""

    opened: date
    is_accepted: bool = True
    sent: date | None = None
    issued: date | None = None
    rated: date | None = None
    rating: tuple | None = None
    is_silent: bool = False
    is_reworked: bool = False


@dataclass
class Plan:
    """The course of one proposal. `ending` is what the office does with a dissatisfied deputy."""

    topic: object
    begins: date
    source: str = Source.RECESS
    session: object = None
    cosigners: int = 0
    still_asked: tuple[str, ...] = ()
    is_unfinished: bool = False
    submitted: date | None = None
    returned: date | None = None
    resubmitted: date | None = None
    declined: date | None = None
    filed: date | None = None
    assigned: date | None = None
    is_complex: bool = False
    is_separate: bool = False
    half_answered: bool = False
    urged: date | None = None
    rounds: list[Round] = field(default_factory=list)
    closed: date | None = None
    settled: date | None = None
    notes: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    # Off the main road. `lead` and `co` are others than the topic's own units, `redo_lead` that of a second round.
    lead: str = ""
    co: tuple[str, ...] | None = None
    redo_lead: str = ""
    is_through_hub: bool = False
    named: tuple[str, ...] = ()  # co-signers who certainly sign
    is_paper: bool = False  # typed in by the office from the signed paper (代录)
    is_delegations: bool = False
    is_hidden: bool = False
    is_stood_in: bool = False
    is_merged: bool = False
    published: date | None = None
    halts: date | None = None  # the ordinary course ends with this day
    tale: list = field(default_factory=list)

    def then(self, day, action, **what):
        """Add one step off the main road: a method of Detours with its arguments. Returns the plan."""
        self.tale.append((day, action, what))
        return self

    def waits(self):
        """Nobody of the units has done anything yet but what the tale says. Returns the plan."""
        self.rounds[0].is_accepted = False
        return self


class Planner:
    """Deals the topics of one congress out to plans."""

    def __init__(self, tenant, topics, timetable, seed, reserved):
        self.tenant, self.topics, self.times = tenant, dict(topics), timetable
        self.rng = random.Random(f"{seed}:{tenant.place.code}:plans")
        self.plans = []
        # Dealt out by name only.
        self.reserved = reserved

    def back(self, workdays):
        """The working day so many working days before today."""
        return self.times.shift(self.times.today, -workdays)

    def take(self, code=None, *, promises=None):
        """The next topic that nobody has, or the one asked for; `promises` prefers a class with or without any."""
        if code is None:
            codes = [code for code in self.topics if code not in self.reserved]
            if promises is not None:
                classes = {c: self.topics[c].reply["reply_class"] for c in codes}
                kept = [c for c in codes if (classes[c] in CLASSES_WITH_COMMITMENTS) == promises]
                codes = kept or codes
            code = self.rng.choice(codes)
        return self.topics.pop(code)

    # --- Beginnings -------------------------------------------------------------------------------------

    def recess(self, topic, submitted, **fields):
        """A proposal between sessions, submitted on that day (None: still a draft)."""
        begins = fields.pop("begins", None) or self.times.shift(submitted, -self.rng.randint(2, 9))
        cosigners = fields.pop("cosigners", self.rng.choice((0, 0, 0, 1, 1, 2, 4)))
        plan = Plan(
            topic, begins, self.rng.choice(RECESS), cosigners=cosigners, submitted=submitted, **fields
        )
        self.plans.append(plan)
        return plan

    def assigned(self, topic, opened, **fields):
        """A proposal between sessions that was assigned on that day."""
        filed = self.times.shift(opened, -self.rng.randint(2, 7))
        submitted = self.times.shift(filed, -self.rng.randint(1, 4))
        plan = self.recess(topic, submitted, filed=filed, assigned=opened, **fields)
        plan.rounds.append(Round(opened))
        return plan

    def at_session(self, topic, session):
        """A 大会件, assigned with all the others at the meeting that gives them out (交办会)."""
        during = [session.opens_on + timedelta(days=day) for day in range(4)]
        filed = self.times.shift(session.closes_on, self.rng.randint(1, 5))
        opened = self.times.shift(session.closes_on, 15)
        plan = Plan(
            topic,
            begins=self.times.shift(session.opens_on, -self.rng.randint(3, 15)),
            source=Source.SESSION,
            session=session,
            cosigners=self.rng.choice((1, 1, 2, 2, 3, 5)),
            submitted=self.rng.choice(during),
            filed=filed,
            assigned=opened,
        )
        plan.rounds.append(Round(opened))
        self.plans.append(plan)
        return plan

    def opened_for(self, days_left):
        """The working day on which to assign so that about so many days are left of three months."""
        today = self.times.today
        days = {self.times.ago(ago) for ago in range(60 - days_left, 125 - days_left)}

        def miss(day):
            left = (self.due_of(day) - today).days
            return (abs(left - days_left) + (10 if (left < 0) != (days_left < 0) else 0), day)

        return min(days, key=miss)

    def due_of(self, opened):
        """The reply date of what was assigned on that day."""
        return compute_due(opened, 3, MONTH, self.times.calendar).due_on

    # --- Courses ----------------------------------------------------------------------------------------

    def answered(self, plan, sent, *, rated_after=None, rating=None, is_silent=False, number=-1):
        """Let a round be answered, and rated so many working days later."""
        step = plan.rounds[number]
        step.sent = self.times.workday(sent)
        step.issued = self.times.shift(step.sent, self.rng.randint(1, 3))
        step.is_reworked = self.rng.random() < 0.15
        step.is_silent = is_silent
        if rating:
            step.rated, step.rating = (
                self.times.shift(step.issued, rated_after or self.rng.randint(2, 12)),
                rating,
            )
        return step

    def again(self, plan, ordered):
        """责成重新办理 on that day."""
        plan.rounds.append(Round(self.times.workday(ordered)))
        return plan.rounds[-1]

    def finished(self, plan):
        """The usual course to the end: mostly satisfied, now and then silent, or not satisfied at first."""
        opened = plan.assigned
        sent = opened + timedelta(days=self.rng.randint(38, 82))
        fate = self.rng.random()
        if fate < 0.78:
            self.answered(plan, sent, rating=self.rng.choice(GOOD))
        elif fate < 0.86:
            self.answered(plan, sent, is_silent=True)
        else:
            first = self.answered(plan, sent, rating=self.rng.choice(BAD))
            self.dispute_ends(plan, first, self.rng.choice(("redo", "redo", "close", "settle")))
        return plan

    def dispute_ends(self, plan, first, how):
        """What follows a first 不满意: closed after study, a second answer, or coordination as well."""
        decided = self.times.shift(first.rated, self.rng.randint(3, 8))
        if how == "close":
            plan.closed = decided
            return
        self.again(plan, decided)
        rating = self.rng.choice(BAD) if how == "settle" else self.rng.choice(GOOD)
        second = self.answered(plan, decided + timedelta(days=self.rng.randint(16, 26)), rating=rating)
        if how == "settle":
            plan.settled = self.times.shift(second.rated, self.rng.randint(8, 16))
