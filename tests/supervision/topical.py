"""Key topics of the tests: cases that walked to a state, put into a topic through its own actions."""

import uuid
from datetime import timedelta

from django.utils import timezone

from proposals.status import ProposalStatus
from supervision.models import RoleKind, Topic, TopicRole
from supervision.topic_actions import ROWS
from supervision.topics import perform, propose
from tests.cast import make_proposal

DECISION = {"meeting": "市十六届人大常委会第五十八次主任会议", "document_no": "澜人常主〔2026〕9号"}
REASON = "代表连续三年提出，涉及每个街道。"


def case_of(cast, status=ProposalStatus.HANDLING, **fields):
    """A proposal in handling, or in another state."""
    return make_proposal(cast, status, **fields).proposal


def named(cast, *cases, actor=None, title="社区养老和老年助餐", year=None):
    """A topic that is only named (拟列), with these cases."""
    data = {
        "title": title,
        "reason": REASON,
        "cases": list(cases),
        "year": year or timezone.localdate().year,
    }
    made = propose(ROWS["propose"], cast.congress, actor=actor or cast.su, data=data, request_id=uuid.uuid4())
    return made.topic


def act(topic, code, actor, *, step=None, **data):
    """Carry out one action on a topic as it stands; returns the topic anew."""
    row = ROWS[code]
    perform(row, topic, actor=actor, data=data, step=step, request_id=uuid.uuid4())
    return Topic.objects.get(pk=topic.pk)


def decided(cast, *cases, **fields):
    """A topic on the list, by a decision of yesterday."""
    topic = named(cast, *(cases or (case_of(cast),)), **fields)
    day = timezone.localdate() - timedelta(days=1)
    return act(topic, "decide", cast.su, decided_on=day, reason=REASON, **DECISION)


def full_sides(cast, topic):
    """All six sides filled: leaders, committee, office, the unit with its head, the lead deputy."""
    sides = [
        TopicRole(kind=RoleKind.LEADER, user=cast.luo, name="罗主任", title="副主任"),
        TopicRole(kind=RoleKind.GOV_LEADER, user=cast.gov, name="常市长", title="副市长"),
        TopicRole(kind=RoleKind.COMMITTEE, committee=cast.committee, name="覃立秋", title="主任委员"),
        TopicRole(kind=RoleKind.OFFICE, user=cast.su, name="苏婉仪", contact_phone="8866 0117"),
        TopicRole(kind=RoleKind.UNIT, unit=cast.units["civil"], name="邓局长", title="局长"),
        TopicRole(kind=RoleKind.DEPUTY, deputy=cast.deputies["lin"], name="林秀芝"),
    ]
    return act(topic, "sides", cast.su, sides=sides)


def plan_step(cast, topic, *, days=10, words="现场督办", kind=RoleKind.COMMITTEE):
    """One more step of the plan, so many days from now, for one side; returns the step."""
    planned_on = timezone.localdate() + timedelta(days=days)
    act(
        topic,
        "add_step",
        cast.su,
        planned_on=planned_on,
        words=words,
        who=list(topic.roles.filter(kind=kind)),
    )
    return topic.milestones.latest("pk")


def make_late(case, days=2):
    """Let a case in handling be so many days late, without waiting for it."""
    due_on = timezone.localdate() - timedelta(days=days)
    type(case).objects.filter(pk=case.pk).update(due_on=due_on)
    case.assignments.update(due_on=due_on)
    case.refresh_from_db()
    return case
