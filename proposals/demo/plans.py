"""Which proposal of the demonstration stands where: every state, every queue, every light."""

from datetime import date, timedelta

from ..status import ContactMode, ContactStage, Source
from .planner import BAD, GOOD, SATISFIED, Plan, Planner, Round
from .sentences import DECLINES
from .topics import HUNAN

MAIN_DEPUTY, SECOND_DEPUTY, DOUBLE_DEPUTY = "魏长河", "鲁慧君", "温雅琴"
# Topics with a place of their own, so that the accounts that people try have something to do.
PINNED = frozenset(
    {
        "a17", "a27", "a28", "a29", "a30", "a31", "a32", "a34", "a35",
        "b12", "b16", "b38", "b51", "b54", "b58",
        "c22", "c28", "c37", "c39", "c41", "c42", "c45", "c49",
    }
    | DECLINES.keys()
)  # fmt: skip


def plan_province(tenant, topics, timetable, seed):
    """The plans of the province: 149 of this and last year, and the story of 2023."""
    planner = Planner(tenant, topics, timetable, seed, PINNED)
    planner.plans.append(hunan_plan(planner.take(HUNAN), tenant))
    _previous_session(planner, 14, ("b51", "a27", "b58", "b16"))
    _finished_in_recess(
        planner, ("redo", "redo", "close", "close", "settle", "silent", "silent", "", "", "", "")
    )
    _latest_session(planner, 35, ("b54", "a35"))
    _being_written(planner, 6, ("b38",))
    _under_review(planner, 8, 7)
    _returned_and_declined(planner, ("c22",), 3)
    _at_work(planner)
    _answered_or_disputed(planner)
    return planner.plans


def plan_city(tenant, topics, timetable, seed):
    """The plans of the city: 20."""
    planner = Planner(tenant, topics, timetable, seed, PINNED)
    _previous_session(planner, 2, ())
    _latest_session(planner, 4, ())
    _being_written(planner, 1, ())
    _under_review(planner, 2, 1)
    _returned_and_declined(planner, (), 1)
    pending = planner.assigned(planner.take("c41"), timetable.ago(1))
    pending.rounds[0].is_accepted = False
    for left, code in ((40, "c37"), (10, None), (3, "c42"), (-6, None)):
        planner.assigned(planner.take(code), planner.opened_for(left))
    sent = planner.assigned(planner.take("c49"), planner.opened_for(20))
    sent.rounds[0].sent = timetable.ago(2)
    replied = planner.assigned(planner.take("c39"), timetable.ago(62))
    planner.answered(replied, timetable.ago(7))
    _disputed(planner, {5: "c45"})
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
            rating=SATISFIED,
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
    asked = ((MAIN_DEPUTY, SECOND_DEPUTY), (), (MAIN_DEPUTY, DOUBLE_DEPUTY), (), (SECOND_DEPUTY,))
    for index, code in enumerate((*pinned, *[None] * (number - len(pinned)))):
        fields = {"begins": planner.times.ago(3 + 4 * index)}
        if code:  # begun only
            fields |= {"is_unfinished": True, "cosigners": 0}
        else:
            fields |= {"still_asked": asked[index % len(asked)], "cosigners": index % 3}
        planner.recess(planner.take(code), None, **fields)


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
    for ago, code in ((1, None), (1, "a17"), (2, None), (8, None), (11, None)):
        plan = planner.assigned(planner.take(code), times.ago(ago))
        plan.rounds[0].is_accepted = False
        plan.urged = times.ago(1) if ago == 11 else None
    fresh = {9: None, 15: None, 21: "a28", 28: None, 34: "a29", 42: None, 51: None, 59: None}
    for ago, code in fresh.items():
        planner.assigned(planner.take(code), times.ago(ago))
    near = {4: "b12", 2: "a30"}
    for index, left in enumerate((14, 12, 10, 8, 6, 5, 4, 2, 1, -2, -7, -13, -24, -38)):
        plan = planner.assigned(planner.take(near.get(left)), planner.opened_for(left))
        if left < -5 or index % 4 == 3:
            plan.urged = times.ago(1 + index % 3)
    for ago in (118, 150):
        planner.assigned(planner.take(), times.ago(ago), is_complex=True)
    for index, left in enumerate((33, 21, 12, 8, 2, -4)):
        plan = planner.assigned(planner.take("a31" if left == 12 else None), planner.opened_for(left))
        plan.rounds[0].sent = times.ago(1 + index % 4)
    for answered in (0, 1, 2):
        code = next(
            c for c, topic in planner.topics.items() if len(topic.co) == 1 and c not in planner.reserved
        )
        plan = planner.assigned(
            planner.take(code), times.ago(66), is_separate=True, half_answered=answered == 1
        )
        if answered:
            planner.answered(plan, times.ago(12), rating=SATISFIED, rated_after=3)


def _answered_or_disputed(planner):
    times = planner.times
    for index, ago in enumerate((2, 4, 7, 10, 13, 17, 20, 24, 28, 31)):
        code = {7: "c28", 10: "a32"}.get(ago)
        plan = planner.assigned(planner.take(code), times.ago(ago + 45 + 4 * index))
        planner.answered(plan, times.ago(ago + 3))
        plan.rounds[0].issued = times.ago(ago)
    _disputed(planner, dict.fromkeys((2, 5, 9, 17)))
    for index, ordered in enumerate((3, 14, 27, 36)):
        plan = _dissatisfied(planner, times.ago(ordered + 9), "a34" if ordered == 14 else None)
        planner.again(plan, times.ago(ordered)).is_accepted = index > 0
    for second in (3, 12, 34):
        plan = _dissatisfied(planner, times.ago(second + 50))
        ordered = times.ago(second + 42)
        planner.again(plan, ordered)
        step = planner.answered(plan, times.shift(times.ago(second), -8), rating=planner.rng.choice(BAD))
        step.rated = times.ago(second)


def _disputed(planner, codes):
    """First answers rated 不满意 so many days ago; `codes` maps the days to a topic or None."""
    for ago, code in codes.items():
        _dissatisfied(planner, planner.times.ago(ago), code)


def _dissatisfied(planner, rated, code=None):
    """A plan whose first answer was rated 不满意 on that day."""
    times = planner.times
    plan = planner.assigned(planner.take(code), times.workday(rated - timedelta(days=78)))
    step = planner.answered(plan, times.shift(rated, -8), rating=planner.rng.choice(BAD))
    step.rated = rated
    return plan
