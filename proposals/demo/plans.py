"""Which proposal of the demonstration stands where: every state, every queue, every light."""

from datetime import date, timedelta

from ..status import ContactMode, ContactStage, Source
from . import tales_city, tales_office, tales_units
from .planner import BAD, GOOD, SATISFIED, Plan, Planner, Round
from .sentences import DECLINES, URGE_ANSWERS
from .tales_office import MAIN_DEPUTY, SECOND_DEPUTY
from .topics import HUNAN

DOUBLE_DEPUTY, BUSY_DEPUTY = "温雅琴", "易子航"
TAKEN_DOWN = 5  # the how-manieth of a list that is published and taken down again
# Topics with a place of their own: those with a tale, and those of the accounts that people try.
PINNED = frozenset(
    {
        "a09", "a10", "a17", "a20", "a23", "a24", "a26", "a27", "a28", "a29", "a30", "a31", "a32", "a34", "a35", "a36",
        "a38", "a42", "a49", "a57", "a58", "b02", "b09", "b11", "b12", "b13", "b14", "b15", "b16", "b17", "b23", "b24",
        "b27", "b29", "b30", "b31", "b32", "b33", "b34", "b35", "b37", "b38", "b40", "b44", "b45", "b46", "b47", "b48",
        "b49", "b51", "b54", "b55", "b57", "b58", "c02", "c04", "c05", "c06", "c07", "c08", "c09", "c10", "c12", "c14",
        "c17", "c18", "c20", "c21", "c22", "c24", "c25", "c26", "c27", "c28", "c29", "c30", "c32", "c33", "c37", "c39",
        "c41", "c42", "c45", "c49", "e01", "e02",
    }
    | DECLINES.keys()
    | tales_city.TOPICS
)  # fmt: skip


def plan_province(tenant, topics, timetable, seed):
    """The plans of the province: of this and last year, on the main road and off it, and the story of 2023."""
    planner = Planner(tenant, topics, timetable, seed, PINNED)
    planner.plans.append(hunan_plan(planner.take(HUNAN), tenant))
    _previous_session(planner, 8, ("a27",))
    _finished_in_recess(planner, ("redo", "close", "close", "settle", "settle", "silent", ""))
    _latest_session(planner, 13, ("b54", "a35"))
    _being_written(planner, 5, ("b38",))
    _under_review(planner, 5, 2)
    _returned_and_declined(planner, ("c22",), 2)
    _at_work(planner)
    _answered_or_disputed(planner)
    for tell in (
        tales_units.tell_returns,
        tales_units.tell_hub,
        tales_units.tell_extensions,
        tales_units.tell_opinions_and_recalls,
        tales_units.tell_reform,
        tales_office.tell_withdrawals,
        tales_office.tell_objections,
        tales_office.tell_changes_of_lead,
        tales_office.tell_reviews,
        tales_office.tell_merged,
        tales_office.tell_ratings,
        tales_office.tell_hidden_and_delegations,
        tales_office.decorate,
    ):
        tell(planner)
    return planner.plans


def plan_city(tenant, topics, timetable, seed):
    """The plans of the city, on another rule set than the province's."""
    planner = Planner(tenant, topics, timetable, seed, PINNED)
    _previous_session(planner, 3, ())
    _latest_session(planner, 7, ())
    _being_written(planner, 2, ())
    _under_review(planner, 2, 1)
    _returned_and_declined(planner, (), 2)
    pending = planner.assigned(planner.take("c41"), timetable.ago(1))
    pending.rounds[0].is_accepted = False
    for left, code in ((40, "c37"), (10, None), (3, "c42"), (-6, None)):
        planner.assigned(planner.take(code), planner.opened_for(left))
    sent = planner.assigned(planner.take("c49"), planner.opened_for(20))
    sent.rounds[0].sent = timetable.ago(2)
    replied = planner.assigned(planner.take("c39"), timetable.ago(62))
    planner.answered(replied, timetable.ago(7))
    _disputed(planner, {5: "c45"})
    tales_city.tell(planner)
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
    plan.published = date(2023, 6, 8)
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
    codes = [*pinned, *[None] * (number - len(pinned))]
    for index, code in enumerate(codes):
        # Some promised what the years since were to keep, a few of them another year earlier (逐年回头看).
        has_promised = code is None and index % 2 == 1
        session = planner.tenant.sessions[years[-3 if code is None and index % 4 == 3 else -2]]
        plan = planner.finished(planner.at_session(planner.take(code, promises=has_promised), session))
        _make_public(planner, plan, index)


def _make_public(planner, plan, index):
    """公开 a week or two after the end; one was taken down again, and now and then one is not published at all."""
    ends = [day for step in plan.rounds for day in (step.issued, step.rated) if day]
    ends += [day for day in (plan.closed, plan.settled) if day]
    if plan.rounds[-1].is_silent:
        ends.append(planner.times.shift(plan.rounds[-1].issued, planner.tenant.silent_after))
    if index % 9 == 8 or not planner.tenant.congress.is_public:
        return
    plan.published = planner.times.shift(max(ends), planner.rng.randint(4, 12))
    if index == TAKEN_DOWN:
        plan.then(
            planner.times.shift(plan.published, 6),
            "unpublish",
            reason="附件照片中能看清一位老人的面部和门牌，处理后再公开。",
        )


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
        _make_public(planner, plan, index)


def _latest_session(planner, number, pinned):
    codes = [*pinned, *[None] * (number - len(pinned))]
    for index, code in enumerate(codes):
        topic = planner.take(code, promises=None if index % 2 else False)
        _make_public(planner, planner.finished(planner.at_session(topic, planner.tenant.latest)), index)


def _being_written(planner, number, pinned):
    asked = ((MAIN_DEPUTY, SECOND_DEPUTY), (), (MAIN_DEPUTY, DOUBLE_DEPUTY), (BUSY_DEPUTY,), (SECOND_DEPUTY,))
    for index, code in enumerate((*pinned, *[None] * (number - len(pinned)))):
        fields = {"begins": planner.times.ago(3 + 4 * index)}
        if code:  # begun only
            fields |= {"is_unfinished": True, "cosigners": 0}
        else:
            fields |= {"still_asked": asked[index % len(asked)], "cosigners": index % 3}
        plan = planner.recess(planner.take(code), None, **fields)
        if BUSY_DEPUTY in plan.still_asked:
            plan.then(planner.back(2), "stop_waiting", name=BUSY_DEPUTY)


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
        plan.cosigners = 2


def _at_work(planner):
    """In the units' hands: not yet signed for, in time, near the date, overdue, waiting for the signer."""
    times = planner.times
    for ago, code in ((1, None), (1, "a17"), (2, None), (11, None)):
        plan = planner.assigned(planner.take(code), times.ago(ago))
        plan.rounds[0].is_accepted = False
        plan.urged = times.ago(1) if ago == 11 else None
    fresh = {15: None, 21: "a28", 34: "a29", 42: None}
    for ago, code in fresh.items():
        planner.assigned(planner.take(code), times.ago(ago))
    near = {4: "b12", 2: "a30"}
    for index, left in enumerate((14, 6, 4, 2, 1, -2, -7, -13, -24)):
        plan = planner.assigned(planner.take(near.get(left)), planner.opened_for(left))
        if left < -5 or index % 4 == 3:
            plan.urged = times.ago(3 + index % 3)
            if index % 2:
                words = URGE_ANSWERS[index // 2 % len(URGE_ANSWERS)]
                plan.then(times.shift(plan.urged, 1), "answer_urge", words=words)
    planner.assigned(planner.take(), times.ago(118), is_complex=True)
    for index, left in enumerate((33, 12, 8, 2, -4)):
        plan = planner.assigned(planner.take("a31" if left == 12 else None), planner.opened_for(left))
        plan.rounds[0].sent = times.ago(1 + index % 4)
    for answered, code in enumerate(("a09", "b33", "c29")):
        plan = planner.assigned(
            planner.take(code), times.ago(66), is_separate=True, half_answered=answered == 1
        )
        if answered:
            planner.answered(plan, times.ago(12), rating=SATISFIED, rated_after=3)


def _answered_or_disputed(planner):
    times = planner.times
    for index, ago in enumerate((2, 7, 10, 17, 20, 24)):
        code = {7: "c28", 10: "a32"}.get(ago)
        plan = planner.assigned(planner.take(code), times.ago(ago + 45 + 4 * index))
        planner.answered(plan, times.ago(ago + 3))
        plan.rounds[0].issued = times.ago(ago)
    _disputed(planner, dict.fromkeys((2, 17)))
    for index, ordered in enumerate((3, 14)):
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
