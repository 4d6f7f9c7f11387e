"""When each proposal of the demonstration reaches which step, counted back from the day of loading.

A plan may reach beyond that day: what would happen later does not happen. So the newest session's proposals
stand wherever the season has them, while those between sessions (闭会件) show every state and every light.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.workdays import MONTH, compute_due

from ..status import CLASSES_WITH_COMMITMENTS, ContactMode, ContactStage, Satisfaction, Source
from .sentences import DECLINES
from .topics import HUNAN

S, B, D = Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED
# (attitude, result), as often as they occur.
GOOD = ((S, S), (S, S), (S, S), (S, S), (S, B), (B, B))
BAD = ((S, D), (B, D), (D, D))
RECESS = (
    (Source.RECESS,) * 5 + (Source.STATION,) * 2 + (Source.INSPECTION,) * 2 + (Source.REVIEW, Source.MOTION)
)
MAIN_DEPUTY, SECOND_DEPUTY = "魏长河", "鲁慧君"
# Left office since; their proposals are of the year before.
LEFT_OFFICE = ("严守一", "戴伯仁", "余水生", "翁守林")


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


class Planner:
    """Deals the topics of one congress out to plans."""

    def __init__(self, tenant, topics, timetable, seed):
        self.tenant, self.topics, self.times = tenant, dict(topics), timetable
        self.rng = random.Random(f"{seed}:{tenant.place.code}:plans")
        self.plans = []
        # Dealt out by name only.
        self.reserved = {
            "a28",
            "b12",
            "b16",
            "b38",
            "b51",
            "b54",
            "b58",
            "a27",
            "c22",
            "c28",
            "c39",
            *DECLINES,
        }

    def take(self, code=None, *, promises=None):
        """The next topic that nobody has, or the one asked for; `promises` prefers a class without any."""
        if code is None:
            codes = [code for code in self.topics if code not in self.reserved]
            if promises is False:
                open_ended = CLASSES_WITH_COMMITMENTS
                kept = [c for c in codes if self.topics[c].reply["reply_class"] not in open_ended]
                codes = kept or codes
            code = self.rng.choice(codes)
        return self.topics.pop(code)

    # --- Beginnings -------------------------------------------------------------------------------------

    def recess(self, topic, submitted, **fields):
        """A proposal between sessions, submitted on that day (None: still a draft)."""
        begins = fields.pop("begins", None) or self.times.shift(submitted, -self.rng.randint(2, 9))
        cosigners = fields.pop("cosigners", self.rng.choice((0, 0, 1, 2, 2, 3, 5)))
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
            cosigners=self.rng.choice((1, 2, 2, 3, 4, 6)),
            submitted=self.rng.choice(during),
            filed=filed,
            assigned=opened,
        )
        plan.rounds.append(Round(opened))
        self.plans.append(plan)
        return plan

    def opened_for(self, days_left):
        """The working day on which to assign so that about so many days are left of three months."""
        today, calendar = self.times.today, self.times.calendar
        days = {self.times.ago(ago) for ago in range(60 - days_left, 125 - days_left)}

        def miss(day):
            left = (compute_due(day, 3, MONTH, calendar).due_on - today).days
            return (abs(left - days_left) + (10 if (left < 0) != (days_left < 0) else 0), day)

        return min(days, key=miss)

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


def plan_province(tenant, topics, timetable, seed):
    """The plans of the province: 149 of this and last year, and the story of 2023."""
    planner = Planner(tenant, topics, timetable, seed)
    planner.plans.append(hunan_plan(planner.take(HUNAN), tenant))
    _previous_session(planner, 14, ("b51", "a27", "b58", "b16"))
    _finished_in_recess(
        planner, ("redo", "redo", "close", "close", "settle", "silent", "silent", "", "", "", "")
    )
    _latest_session(planner, 35, ("b54",))
    _being_written(planner, 6, ("b38",))
    _under_review(planner, 8, 7)
    _returned_and_declined(planner, ("c22",), 3)
    _at_work(planner)
    _answered_or_disputed(planner)
    return planner.plans


def plan_city(tenant, topics, timetable, seed):
    """The plans of the city: 20."""
    planner = Planner(tenant, topics, timetable, seed)
    _previous_session(planner, 2, ())
    _latest_session(planner, 4, ())
    _being_written(planner, 1, ())
    _under_review(planner, 2, 1)
    _returned_and_declined(planner, (), 1)
    for left in (70, 40, 10, 3, -6):
        planner.assigned(planner.take(), planner.opened_for(left))
    sent = planner.assigned(planner.take(), planner.opened_for(20))
    sent.rounds[0].sent = timetable.ago(2)
    replied = planner.assigned(planner.take("c39"), timetable.ago(62))
    planner.answered(replied, timetable.ago(7))
    _disputed(planner, (5,))
    return planner.plans


def hunan_plan(topic, tenant):
    """湖南 2023: assigned on 20 February, joint centre on 10 May, a vice-chair on site on 12 May, answered in time."""
    session = tenant.sessions[2023]
    plan = Plan(
        topic,
        begins=date(2023, 1, 9),
        source=Source.SESSION,
        session=session,
        cosigners=5,
        submitted=date(2023, 1, 17),
        filed=date(2023, 1, 31),
        assigned=date(2023, 2, 20),
    )
    plan.rounds.append(
        Round(
            date(2023, 2, 20),
            sent=date(2023, 5, 16),
            issued=date(2023, 5, 18),
            rated=date(2023, 5, 24),
            rating=(S, S),
        )
    )
    leader = tenant.staff["leader"][0].name
    plan.notes = [
        (
            date(2023, 3, 28),
            "三方已就共建共管共维机制达成一致，共同草拟联合中心组建方案，从六个市州抽调骨干参与。",
        ),
        (
            date(2023, 5, 10),
            "社会保险费信息系统联合运行维护中心今日挂牌运行，税务、人社、医保三方46人集中办公，统一值班、统一派单。",
        ),
        (
            date(2023, 5, 12),
            f"省人大常委会副主任{leader}带队到联合中心现场督办，听取三方汇报，要求按期答复代表。",
        ),
    ]
    plan.contacts = [
        (date(2023, 3, 7), ContactStage.BEFORE, ContactMode.MEETING, "", topic.contact),
        (
            date(2023, 5, 12),
            ContactStage.DURING,
            ContactMode.FIELD,
            f"省人大常委会副主任{leader}，税务、人社、医保三家负责同志等12人",
            "请代表到联合运行维护中心实地察看，现场演示数据实时交换和差错派单，代表提出退费时限要写进制度。",
        ),
        (
            date(2023, 5, 22),
            ContactStage.AFTER,
            ContactMode.PHONE,
            "",
            "电话回访，代表说事务所挂牌以来只遇到两件疑难件，希望把联合中心的电话向社会公布。",
        ),
    ]
    return plan


def _previous_session(planner, number, pinned):
    years = sorted(planner.tenant.sessions)
    session = planner.tenant.sessions[years[-2]]
    codes = [*pinned, *[None] * (number - len(pinned))]
    for code in codes:
        planner.finished(planner.at_session(planner.take(code, promises=False), session))


def _finished_in_recess(planner, endings):
    """Long since at their end, in every way there is."""
    for index, ending in enumerate(endings):
        opened = planner.times.ago(250 + 16 * index)
        plan = planner.assigned(planner.take(promises=False), opened)
        sent = opened + timedelta(days=planner.rng.randint(40, 80))
        if ending == "silent":
            planner.answered(plan, sent, is_silent=True)
        elif ending:
            first = planner.answered(plan, sent, rating=planner.rng.choice(BAD))
            planner.dispute_ends(plan, first, ending)
        else:
            planner.answered(plan, sent, rating=planner.rng.choice(GOOD))


def _latest_session(planner, number, pinned):
    codes = [*pinned, *[None] * (number - len(pinned))]
    for index, code in enumerate(codes):
        topic = planner.take(code, promises=None if index % 2 else False)
        planner.finished(planner.at_session(topic, planner.tenant.latest))


def _being_written(planner, number, pinned):
    asked = [(MAIN_DEPUTY, SECOND_DEPUTY), (), (MAIN_DEPUTY,), (), (SECOND_DEPUTY,)]
    for index in range(number):
        topic = planner.take(pinned[index] if index < len(pinned) else None)
        names = asked[(index - len(pinned)) % len(asked)] if index >= len(pinned) else (SECOND_DEPUTY,)
        begins = planner.times.ago(3 + 4 * index)
        planner.recess(topic, None, begins=begins, still_asked=names, cosigners=index % 3)


def _under_review(planner, submitted, filed):
    """Waiting for review or for assignment; the last of each is overdue."""
    for index in range(submitted):
        ago = 8 if index == submitted - 1 and index else index % 6
        planner.recess(planner.take(), planner.times.shift(planner.times.today, -ago - 1))
    for index in range(filed):
        ago = 12 if index == filed - 1 else 1 + index % 8
        filed_on = planner.times.shift(planner.times.today, -ago)
        planner.recess(planner.take(), planner.times.shift(filed_on, -2), filed=filed_on)


def _returned_and_declined(planner, pinned, number):
    today, shift = planner.times.today, planner.times.shift
    codes = [*pinned, *[None] * number]
    for index, code in enumerate(codes):
        returned = shift(today, -(3, 6, 9, 12)[index % 4])
        asked = (SECOND_DEPUTY,) if code == "c22" else ()
        planner.recess(planner.take(code), shift(returned, -3), returned=returned, still_asked=asked)
    for index, code in enumerate(code for code in DECLINES if code in planner.topics):
        declined = planner.times.ago(15 + 37 * index)
        planner.recess(planner.take(code), shift(declined, -3), declined=declined)
    # Returned once, handed in again and filed since.
    if number > 1:
        returned = planner.times.ago(40)
        plan = planner.assigned(planner.take(), planner.times.ago(18))
        plan.submitted, plan.returned = shift(returned, -3), returned
        plan.begins, plan.resubmitted = shift(returned, -9), shift(returned, 5)


def _at_work(planner):
    """In the units' hands: not yet signed for, in time, near the date, overdue, waiting for the signer."""
    times = planner.times
    for ago in (1, 1, 2, 8, 11):
        plan = planner.assigned(planner.take(), times.ago(ago))
        plan.rounds[0].is_accepted = False
        plan.urged = times.ago(1) if ago == 11 else None
    for ago in (9, 15, 21, 28, 34, 42, 51, 59):
        planner.assigned(planner.take("a28" if ago == 21 else None), times.ago(ago))
    for index, left in enumerate((14, 12, 10, 8, 6, 5, 4, 2, 1, -2, -7, -13, -24, -38)):
        plan = planner.assigned(planner.take("b12" if left == 4 else None), planner.opened_for(left))
        if left < -5 or index % 4 == 3:
            plan.urged = times.ago(1 + index % 3)
    for ago in (118, 150):
        planner.assigned(planner.take(), times.ago(ago), is_complex=True)
    for index, left in enumerate((33, 21, 12, 8, 2, -4)):
        plan = planner.assigned(planner.take(), planner.opened_for(left))
        plan.rounds[0].sent = times.ago(1 + index % 4)
    for answered in (0, 1, 2):
        code = next(
            c for c, topic in planner.topics.items() if len(topic.co) == 1 and c not in planner.reserved
        )
        plan = planner.assigned(
            planner.take(code), times.ago(66), is_separate=True, half_answered=answered == 1
        )
        if answered:
            planner.answered(plan, times.ago(12), rating=(S, S), rated_after=3)


def _answered_or_disputed(planner):
    times = planner.times
    for index, ago in enumerate((2, 4, 7, 10, 13, 17, 20, 24, 28, 31)):
        plan = planner.assigned(planner.take("c28" if ago == 7 else None), times.ago(ago + 45 + 4 * index))
        planner.answered(plan, times.ago(ago + 3))
        plan.rounds[0].issued = times.ago(ago)
    _disputed(planner, (2, 5, 9, 17))
    for index, ordered in enumerate((3, 14, 27, 36)):
        plan = _dissatisfied(planner, times.ago(ordered + 9))
        planner.again(plan, times.ago(ordered)).is_accepted = index > 0
    for second in (3, 12, 34):
        plan = _dissatisfied(planner, times.ago(second + 50))
        ordered = times.ago(second + 42)
        planner.again(plan, ordered)
        step = planner.answered(plan, times.ago(second + 12), rating=planner.rng.choice(BAD))
        step.rated = times.ago(second)
    while planner.topics:
        plan = planner.assigned(planner.take(), times.ago(130 + len(planner.topics) * 9))
        planner.answered(plan, times.ago(60 + len(planner.topics) * 8), rating=planner.rng.choice(GOOD))


def _disputed(planner, days):
    for ago in days:
        _dissatisfied(planner, planner.times.ago(ago))


def _dissatisfied(planner, rated):
    """A plan whose first answer was rated 不满意 on that day."""
    times = planner.times
    plan = planner.assigned(planner.take(), times.workday(rated - timedelta(days=78)))
    step = planner.answered(plan, rated - timedelta(days=11), rating=planner.rng.choice(BAD))
    step.rated = rated
    return plan
