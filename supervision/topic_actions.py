"""What can be done to a key topic (重点督办专题), one row each: who may, in which state, and what it does.

Each `do` changes rows inside topics.perform's transaction and returns the words of the history.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts.models import Role
from core.dates import cn_date
from proposals.models import Proposal
from proposals.status import HANDLING, ProposalStatus
from proposals.workflow.errors import Denied

from . import topic_people as people
from . import topic_plan as plan
from . import topic_sides
from .models import RoleKind, Topic, TopicCase, TopicState

PROPOSED, DECIDED = TopicState.PROPOSED, TopicState.DECIDED
LIVE = frozenset({PROPOSED, DECIDED})
# Cases that may stand in a topic: on the register, not on their way to it nor off it.
LISTABLE = frozenset(ProposalStatus) - {
    ProposalStatus.DRAFT,
    ProposalStatus.SUBMITTED,
    ProposalStatus.RETURNED,
    ProposalStatus.DECLINED,
    ProposalStatus.WITHDRAWN,
}


# --- Who ----------------------------------------------------------------------------------------------


def liaison(topic, grants):
    """The office (联工委): it manages topics."""
    return _first(grants, Role.LIAISON, topic)


def committee(topic, grants):
    """Any committee of the congress: it may name topics (拟列)."""
    return _first(grants, Role.COMMITTEE, topic)


def supervising(topic, grants):
    """The committee that supervises the topic, or that named it."""
    own = {side.committee_id for side in topic.roles.all()} | {topic.proposed_by_id}
    return _first([grant for grant in grants if grant.committee_id in own], Role.COMMITTEE, topic)


def nominating(topic, grants):
    """The committee that named the topic, before it is decided."""
    own = [grant for grant in grants if grant.committee_id == topic.proposed_by_id]
    return _first(own, Role.COMMITTEE, topic) if topic.state == PROPOSED and topic.proposed_by_id else None


def _first(grants, role, topic):
    found = (grant for grant in grants if grant.role == role and grant.congress_id == topic.congress_id)
    return next(found, None)


@dataclass(frozen=True)
class Row:
    """One action. `do(change)` returns the words of the history; `conditions` say why not, or None."""

    code: str
    label: str
    who: tuple
    states: frozenset
    do: Callable
    is_inner: bool = True
    of_step: bool = False
    conditions: tuple = ()
    # Looks at the order of the year's topics, so it takes all of them.
    takes_year: bool = False

    def grant_for(self, topic, actor):
        """The first grant of `actor` that allows the action at all, or None."""
        grants = actor.active_grants()
        return next((grant for who in self.who if (grant := who(topic, grants)) is not None), None)

    def objection(self, topic, step=None):
        """Why the state or a condition stands against it, in words; or None."""
        if topic.state not in self.states:
            return f"这个专题现在是“{topic.get_state_display()}”，不能{self.label}。"
        return next((words for check in self.conditions if (words := check(topic, step))), None)


# --- Cases --------------------------------------------------------------------------------------------


def propose(change):
    """拟列: a topic with its first cases; the office has its side from the start."""
    topic_sides.ensure_office(change.topic, change.grant)
    if change.grant.committee_id:
        topic_sides.ensure_committee(change.topic, change.grant.committee)
        names = people.office_users(change.topic.congress_id)
        change.tell(names, f"{change.grant.place}提名重点督办专题“{change.topic}”，请研究。")
    _put_in(change, change.data["cases"])
    return (
        f"提名为{change.topic.year}年重点督办建议：{_numbers(change.data['cases'])}。{change.data['reason']}"
    )


def edit(change):
    """The title and reason while it is only named."""
    topic = change.topic
    change.payload["before"] = {"title": topic.title, "reason": topic.reason}
    topic.title, topic.reason = change.data["title"], change.data["reason"]
    return f"改为“{topic.title}”，理由：{topic.reason}"


def decide(change):
    """主任会议 puts it on the list: from now on everybody concerned knows."""
    topic, data = change.topic, change.data
    topic.meeting, topic.decided_on = data["meeting"], data["decided_on"]
    topic.document_no, topic.reason = data["document_no"], data["reason"]
    topic.state = DECIDED
    last = Topic.objects.filter(congress=topic.congress_id, year=topic.year).aggregate(last=Max("rank"))
    topic.rank = (last["last"] or 0) + 1
    topic_sides.ensure_office(topic, change.grant)
    topic_sides.ensure_units(topic)
    change.tell(_everybody(topic), f"“{topic}”列为{topic.year}年重点督办建议：{topic.meeting}决定。")
    return f"{_decision(data, change)}决定列为{topic.year}年重点督办。理由：{topic.reason}"


def add_cases(change):
    """More cases: recorded with a reason, of a decided topic with what decided it."""
    cases = change.data["cases"]
    _put_in(change, cases)
    if change.topic.state == DECIDED:
        topic_sides.ensure_units(change.topic)
        words = f"{_numbers(cases)}列入重点督办专题“{change.topic}”。"
        change.tell(people.users_of_cases(cases, change.today) | _leading(change.topic), words)
    return f"{_decision(change.data, change, '，')}加入 {_numbers(cases)}。理由：{change.data['why']}"


def remove_case(change):
    """A case leaves the topic; who came and went stands in the history alone."""
    case = change.data["case"]
    gone, _ = TopicCase.objects.filter(topic=change.topic, proposal=case).delete()
    if not gone:
        raise Denied(f"{case.number_text}已经不在这个专题里。")
    if not TopicCase.objects.filter(topic=change.topic).exists():
        raise Denied("专题里至少要有一件建议。不再督办的，请办“不列入”。")
    if change.topic.state == DECIDED:
        words = f"{case.number_text}移出重点督办专题“{change.topic}”。"
        change.tell(people.users_of_cases([case], change.today) | _leading(change.topic), words)
    return f"{_decision(change.data, change, '，')}移出 {case.number_text}。理由：{change.data['why']}"


def drop(change):
    """不列入, or off the list again: its cases are free for another topic of the year."""
    topic = change.topic
    cases = list(topic.cases.all())
    if topic.state == DECIDED:
        change.tell(_everybody(topic), f"“{topic}”不再列为{topic.year}年重点督办建议。")
    TopicCase.objects.filter(topic=topic).delete()
    change.payload["cases"] = [case.number_text for case in cases]
    topic.state, topic.ended_on = TopicState.DROPPED, change.today
    return (
        f"{_decision(change.data, change, '，')}不列入重点督办：{_numbers(cases)}。理由：{change.data['why']}"
    )


def conclude(change):
    """结题: what came of it, in words for the record."""
    topic = change.topic
    topic.summary, topic.ended_on = change.data["summary"], change.data["ended_on"]
    topic.state = TopicState.CONCLUDED
    change.tell(_everybody(topic), f"重点督办专题“{topic}”已结题。")
    return f"结题。{topic.summary}"


def move(change):
    """One place up or down in the year's list; the other one moves the other way."""
    topic, step = change.topic, change.data["by"]
    others = Topic.objects.filter(congress=topic.congress_id, year=topic.year, rank__gt=0)
    others = others.filter(rank__lt=topic.rank) if step < 0 else others.filter(rank__gt=topic.rank)
    other = others.order_by("-rank" if step < 0 else "rank").first()
    if other is None:
        raise Denied("已经排在最前。" if step < 0 else "已经排在最后。")
    # The other one keeps its version: nobody's page depends on the order.
    Topic.objects.filter(pk=other.pk).update(rank=topic.rank)
    topic.rank = other.rank
    return f"排到第 {topic.rank} 题，与“{other}”对调。"


# --- Sides and leaders -----------------------------------------------------------------------------


def set_sides(change):
    """六方责任, all at once; returns who came, who went."""
    new, words = topic_sides.rewrite(change.topic, change.data["sides"])
    told = people.users_of_sides(change.topic, today=change.today, only=new)
    if change.topic.state == DECIDED:
        change.tell(told, f"您负责重点督办专题“{change.topic}”，请看六方责任和督办计划。")
    return words


def write_brief(change):
    """专报: what somebody writes over the system's words is kept; an emptied text is the system's again."""
    texts = {name: words for name, words in change.data["texts"].items() if words}
    change.topic.brief = texts
    return f"改了专报的文字（{len(texts)} 处）。" if texts else "专报恢复为系统自动生成。"


def report(change):
    """报告牵头领导: the leaders hear of an overdue case, by the officer's click alone (workflow §4)."""
    case, topic = change.data["case"], change.topic
    late = (change.today - case.due_on).days
    units = "、".join(str(unit) for unit in people.units_of_cases([case]))
    told = people.users_of_sides(topic, (RoleKind.LEADER,), change.today)
    change.is_urgent = True
    words = f"请您过问：{case.number_text}《{case.title}》超期 {late} 天（{units}）。{change.data['words']}"
    change.tell(told, words)
    names = "、".join(str(side) for side in topic.roles.all() if side.kind == RoleKind.LEADER)
    return f"报告牵头领导{names}：{case.number_text}超期 {late} 天。{change.data['words']}"


# --- Parts --------------------------------------------------------------------------------------------


def _put_in(change, cases):
    """Put cases into the topic; Denied where one is in another topic of the year."""
    topic = change.topic
    keys = sorted(case.pk for case in cases)
    # Holds the cases in the order of their keys: two officers who take the same one wait for each other.
    for key in keys:
        Proposal.objects.filter(pk=key).update(event_count=F("event_count"))
    _refuse_taken(topic, keys)
    rows = [TopicCase(topic=topic, proposal_id=key, year=topic.year, added_on=change.today) for key in keys]
    try:
        with transaction.atomic():
            TopicCase.objects.bulk_create(rows)
    except IntegrityError:
        _refuse_taken(topic, keys)
        raise


def _refuse_taken(topic, keys):
    taken = TopicCase.objects.filter(proposal__in=keys, year=topic.year).select_related("topic", "proposal")
    if words := "；".join(f"{row.proposal.number_text}已在专题“{row.topic}”里" for row in taken):
        raise Denied(f"{words}。一件建议一年只能列入一个专题。")


def _decision(data, change, end=""):
    """市十六届人大常委会第五十八次主任会议 2月10日（澜人常主〔2026〕9号); empty where none was needed."""
    if not data.get("meeting"):
        return ""
    number = f"（{data['document_no']}）" if data.get("document_no") else ""
    return f"{data['meeting']} {cn_date(data['decided_on'], change.today)}{number}{end}"


def _numbers(cases):
    return "、".join(case.number_text for case in cases)


def _everybody(topic):
    cases = list(topic.cases.all())
    return (
        people.users_of_cases(cases) | people.users_of_sides(topic) | people.office_users(topic.congress_id)
    )


def _leading(topic):
    return people.users_of_sides(topic, (RoleKind.LEADER, RoleKind.GOV_LEADER, RoleKind.COMMITTEE))


# --- Conditions ---------------------------------------------------------------------------------------


def has_cases(topic, step):
    return None if topic.cases.exists() else "专题里还没有建议，请先加入建议。"


def has_leader(topic, step):
    sides = [side for side in topic.roles.all() if side.kind == RoleKind.LEADER]
    return None if sides else "这个专题还没有牵头领导，请先在六方责任里写明。"


def has_late_case(topic, step):
    return None if late_cases(topic) else "这个专题没有超期的建议，不用报告。"


def late_cases(topic, today=None):
    """Cases of the topic that units are late with (a list, the latest first)."""
    today = today or timezone.localdate()
    return list(topic.cases.filter(status__in=HANDLING, due_on__lt=today).order_by("due_on", "pk"))


OFFICE, KEEPERS = (liaison,), (liaison, supervising)
DECIDED_ONLY = frozenset({DECIDED})
KNOWN = frozenset({DECIDED, TopicState.CONCLUDED})
ROWS = {
    row.code: row
    for row in (
        Row("propose", "提名专题", (liaison, committee), LIVE, propose),
        Row("edit", "改提名", (liaison, nominating), frozenset({PROPOSED}), edit),
        Row(
            "decide",
            "登记主任会议决定",
            OFFICE,
            frozenset({PROPOSED}),
            decide,
            is_inner=False,
            takes_year=True,
            conditions=(has_cases,),
        ),
        Row("add_cases", "加入建议", (liaison, nominating), LIVE, add_cases, is_inner=False),
        Row("remove_case", "移出建议", (liaison, nominating), LIVE, remove_case, is_inner=False),
        Row("drop", "不列入", (liaison, nominating), LIVE, drop),
        Row(
            "conclude",
            "结题",
            OFFICE,
            DECIDED_ONLY,
            conclude,
            is_inner=False,
            conditions=(plan.plan_is_done,),
        ),
        Row("move", "调整次序", OFFICE, DECIDED_ONLY, move, takes_year=True),
        Row("sides", "改六方责任", OFFICE, LIVE, set_sides),
        Row("print_plan", "印发督办方案", KEEPERS, DECIDED_ONLY, plan.print_plan, is_inner=False),
        Row("add_step", "加一步", KEEPERS, LIVE, plan.add_step),
        Row("report", "报告牵头领导", OFFICE, DECIDED_ONLY, report, conditions=(has_leader, has_late_case)),
        Row("brief_text", "改专报文字", KEEPERS, KNOWN, write_brief),
        Row("done", "登记完成", KEEPERS, LIVE, plan.done_step, of_step=True, conditions=(plan.step_is_open,)),
        Row("undo", "撤销完成", KEEPERS, LIVE, plan.undo_step, of_step=True, conditions=(plan.step_is_done,)),
        Row(
            "reschedule",
            "改日期",
            KEEPERS,
            LIVE,
            plan.move_step,
            of_step=True,
            conditions=(plan.step_is_open,),
        ),
        Row(
            "remove",
            "去掉这一步",
            KEEPERS,
            LIVE,
            plan.remove_step,
            of_step=True,
            conditions=(plan.step_is_open,),
        ),
    )
}


def available(topic, user):
    """The actions on the topic itself that this person may take now, as a set of codes."""
    return {
        row.code
        for row in ROWS.values()
        if topic.state in row.states and row.grant_for(topic, user) is not None
    }


def may_propose(user):
    """The congresses in which this person may name topics, in the order of their grants."""
    grants = [grant for grant in user.active_grants() if grant.role in (Role.LIAISON, Role.COMMITTEE)]
    return list({grant.congress_id: grant.congress for grant in grants}.values())
