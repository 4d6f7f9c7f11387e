"""批示 on a key topic: given, answered and marked through topics.perform, so that the topic's history has each."""

from django.db import transaction

from accounts.models import Grant, Role
from core.calendars import calendar_for_pages
from core.dates import cn_date, cn_deadline
from core.workdays import compute_due
from institutions.succession import acting_unit
from notifications.models import Notice
from proposals.attachments import discard_on_failure
from proposals.workflow.errors import Denied
from proposals.workflow.instructing import ANSWER_DAYS, MARKS

from . import topic_people as people
from .instruction_access import works_for
from .instructions import mark, mark_all_read, mark_read
from .models import Instruction, InstructionRecipient, InstructionState, RoleKind, TopicState
from .topic_actions import Row, liaison
from .topics import perform

OFFICE = "office"


# --- Who ----------------------------------------------------------------------------------------------


def leader(topic, grants):
    """A leader of the standing committee."""
    return _of(topic, grants, Role.LEADER)


def gov_leader(topic, grants):
    """A leader of the government whose topic it is (政府领导领办)."""
    own = {side.user_id for side in topic.roles.all() if side.kind == RoleKind.GOV_LEADER}
    return next((g for g in grants if g.role == Role.GOV_LEADER and g.user_id in own), None)


def unit_staff(topic, grants):
    """Somebody of a unit; which one must answer, the action itself looks."""
    return next((g for g in grants if g.role in (Role.HANDLER, Role.HUB)), None)


def _of(topic, grants, role):
    return next((g for g in grants if g.role == role and g.congress_id == topic.congress_id), None)


# --- What is offered ----------------------------------------------------------------------------------


def default_due(topic, today):
    """The day by which an answer is asked for where the leader names none."""
    calendar = calendar_for_pages(topic.congress.code)
    return compute_due(today, ANSWER_DAYS, "workday", calendar).due_on


def units_of(topic):
    """Units that may be addressed: those at work on its cases, and those of the sides."""
    found = {unit.pk: unit for unit in people.units_of_cases(topic.cases.all())}
    found |= {side.unit_id: side.unit for side in topic.roles.select_related("unit") if side.unit_id}
    return list(found.values())


def sentences(topic, today):
    """Three sentences to choose from, by the next step of the plan."""
    due = cn_deadline(default_due(topic, today), today)
    step = topic.milestones.filter(done_on=None).order_by("planned_on").first()
    first = (
        f"请联工委按计划组织“{step.words}”，请各承办单位负责同志参加。"
        if step
        else "请联工委提出下一步督办安排。"
    )
    return [
        first,
        f"请各承办单位把进展和难点列清楚，{due}报我。",
        f"请联工委把各件办理情况汇总，{due}报我。",
    ]


# --- Actions ------------------------------------------------------------------------------------------


def _give(change):
    """An Instruction on the topic; those addressed are told at once."""
    data, topic = change.data, change.topic
    if data["due_on"] < change.today:
        raise Denied("回复日不能早于今天。")
    instruction = Instruction.objects.create(
        congress=topic.congress,
        topic=topic,
        author=change.actor,
        author_name=change.actor.name,
        author_role=change.grant.get_role_display(),
        is_gov=change.grant.role == Role.GOV_LEADER,
        words=data["words"],
        due_on=data["due_on"],
        given_at=change.now,
    )
    units = [unit for unit in units_of(topic) if str(unit.pk) in data["recipients"]]
    recipients = [InstructionRecipient(instruction=instruction, unit=unit) for unit in units]
    told = _users_of(units, change.today) | people.office_users(topic.congress_id, change.today)
    if OFFICE in data["recipients"]:
        recipients.insert(0, InstructionRecipient(instruction=instruction))
    InstructionRecipient.objects.bulk_create(recipients)
    change.payload = {"instruction": instruction.pk}
    change.is_inner = _is_inner(instruction, units)
    change.is_urgent, change.about = True, Notice.Topic.WORD
    due = f"{cn_date(data['due_on'], change.today)}前回复，逾期将告知签发人和联工委"
    words = f"领导批示：重点督办专题“{topic}”。{data['words']}"
    change.tell(told, f"{words[: 299 - len(due)]}，{due}")
    named = "、".join(each.name for each in recipients)
    return f"{change.grant.get_role_display()}{change.actor.name}批示：{data['words']}（送{named}）"


def _answer(change):
    """A unit's answer; the leader and the office are told."""
    recipient = change.step
    # The row was read before the topic was taken: a colleague may have answered since.
    recipient.refresh_from_db()
    if works_for(recipient, change.actor) is None:
        raise Denied("这条批示不是送给您单位的。", is_forged=True)
    _still_open(recipient.instruction)
    if recipient.answered_at is not None:
        raise Denied("这条批示已经回复过，请刷新。")
    mark_read(recipient, change.actor, now=change.now)
    recipient.answered_at, recipient.answered_by = change.now, change.actor.name
    recipient.answer = change.data["words"]
    recipient.save(update_fields=["answered_at", "answered_by", "answer"])
    change.payload = {"recipient": recipient.pk}
    told = {recipient.instruction.author_id} | people.office_users(change.topic.congress_id, change.today)
    change.tell(told, f"{recipient.name}回复了批示：重点督办专题“{change.topic}”")
    return f"{recipient.name}回复批示：{change.data['words']}"


def _mark(change):
    instruction = change.step
    instruction.refresh_from_db()
    _still_open(instruction)
    if change.grant.role != Role.LIAISON and instruction.author_id != change.actor.pk:
        raise Denied("这条批示不是您作的，由作批示的领导或联工委标记。")
    mark(instruction, change.data, by=change.grant.place or change.actor.name, now=change.now)
    mark_all_read(instruction.recipients.filter(unit__isnull=True), change.actor)
    units = [each.unit for each in instruction.recipients.all() if each.unit_id]
    change.is_inner = _is_inner(instruction, units)
    change.tell({instruction.author_id}, f"您的批示有了执行标记：重点督办专题“{change.topic}”")
    words = f"批示{dict(MARKS)[change.data['mark']]}：{instruction.words}"
    return f"{words}。{change.data['words']}" if change.data["words"] else words


def _is_inner(instruction, units):
    """What is for the office alone stays among the congress's own people, unless it comes from the government."""
    return not units and not instruction.is_gov


def _users_of(units, today):
    """Handlers (or a hub's staff) of the units that act for these today."""
    acting = {acting_unit(unit.pk) for unit in units}
    grants = Grant.objects.in_force(today).filter(role__in=(Role.HANDLER, Role.HUB), unit_id__in=acting)
    return set(grants.filter(user__is_active=True).values_list("user_id", flat=True))


def _still_open(instruction):
    if instruction.state == InstructionState.DONE:
        raise Denied("这条批示已经标为已执行，请刷新。")


INSTRUCT = Row(
    "instruct", "写批示", (leader, gov_leader), frozenset({TopicState.DECIDED}), _give, is_inner=False
)
# An answer is for whoever gave the instruction and for the congress, not for the other units of the topic: the history
# has it as an inner line, the unit reads its own beside the instruction.
ANSWER = Row("answer_instruct", "回复批示", (unit_staff,), frozenset(TopicState), _answer, of_step=True)
MARK = Row(
    "mark_instruct",
    "标记批示执行",
    (liaison, leader, gov_leader),
    frozenset(TopicState),
    _mark,
    is_inner=False,
    of_step=True,
)


def give(topic, *, actor, data, request_id, now=None):
    """Give an instruction on a topic; Denied where it may not be. The same form sent twice gives one."""
    return perform(INSTRUCT, topic, actor=actor, data=data, request_id=request_id, now=now)


def answer(recipient, *, actor, data, request_id, now=None):
    """Answer for one recipient, with files that the line of history keeps."""
    topic = recipient.instruction.topic
    with discard_on_failure(), transaction.atomic():
        done = perform(ANSWER, topic, actor=actor, data=data, request_id=request_id, now=now, step=recipient)
        InstructionRecipient.objects.filter(pk=recipient.pk).update(event=done.event)
    return done


def mark_done(instruction, *, actor, data, request_id, now=None):
    """正在执行 or 已执行 on a topic's instruction."""
    return perform(
        MARK, instruction.topic, actor=actor, data=data, request_id=request_id, now=now, step=instruction
    )
