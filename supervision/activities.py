"""督办活动: planned, changed, cancelled, held; deputies asked to come, their answers, presence and words afterwards."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Role
from core.dates import cn_date, cn_deadline
from proposals.attachments import discard_on_failure
from proposals.workflow.errors import Denied

from .activity_access import manager, manager_of
from .activity_steps import USED, Doing, Step, deputy_people, office_people, perform, record, unit_people
from .models import Activity, ActivityState, ActivityStep, Finding, Invitation, InvitationState, StepAction

__all__ = [
    "ADD_FILES",
    "ANSWER",
    "CANCEL",
    "CHANGE",
    "HOLD",
    "INVITE",
    "OPINION",
    "next_activity",
    "participation",
    "perform",
    "plan",
    "words_of",
]

FIELDS = ("kind", "name", "on", "begins_at", "place", "chair", "others", "purpose")
PEOPLE = ("leaders", "committees", "units")


def words_of(activity, today):
    """The activity in a phrase: 4月24日（周五）15:00 约谈市城市管理局, 市政府三楼会议室."""
    at = f" {activity.begins_at:%H:%M}" if activity.begins_at else ""
    where = f"，{activity.place}" if activity.place else ""
    return f"{cn_deadline(activity.on, today)}{at} {activity}{where}"


# --- Planning ------------------------------------------------------------------------------------------


def plan(*, actor, data, topic=None, proposal=None, now=None, request_id):
    """Make an activity of a topic or of a case out of the form's data; returns its ActivityStep.

    The same form sent twice makes one. Raises Denied with the sentence to show.
    """
    request_id = uuid.UUID(str(request_id))
    if (first := _made_by(request_id, actor)) is not None:
        return first
    congress = (topic or proposal).congress
    grant = manager(actor, congress_id=congress.pk, topic_id=topic.pk if topic else None)
    if grant is None:
        raise Denied("您没有“安排督办活动”的权限。", is_forged=True)
    fields = {name: data.get(name) or ("" if name not in ("on", "begins_at") else None) for name in FIELDS}
    activity = Activity(congress=congress, topic=topic, proposal=proposal, request_id=request_id, **fields)
    try:
        with discard_on_failure(), transaction.atomic():
            activity.save()
            doing = Doing(activity, actor, grant, now or timezone.now(), data)
            words = _do_plan(doing)
            return record(PLAN, doing, words, request_id)
    except IntegrityError:
        # The same form sent at the same moment.
        if (first := _made_by(request_id, actor)) is None:
            raise
        return first


def _made_by(request_id, actor):
    step = ActivityStep.objects.filter(request_id=request_id).select_related("activity").first()
    if step is None:
        return None
    if (step.actor_id_then, step.action) != (actor.pk, StepAction.PLAN):
        raise Denied(USED, is_forged=True)
    return step


def _do_plan(doing):
    _set_people(doing)
    _invite(doing, doing.data.get("deputies", ()))
    _tell_present(doing, "安排了督办活动")
    return f"安排{words_of(doing.activity, doing.today)}"


def _set_people(doing):
    for name in PEOPLE:
        if name in doing.data:
            getattr(doing.activity, name).set(doing.data[name])


def _present(activity):
    """(keys of the units, keys of the leaders) who take part."""
    return tuple(set(getattr(activity, name).values_list("pk", flat=True)) for name in ("units", "leaders"))


def _tell_present(doing, what, but=((), ())):
    """The units and leaders who take part, `but` those (as of `_present`). An activity of the past needs nobody to
    come."""
    activity = doing.activity
    if activity.on < doing.today:
        return
    sentence = f"{what}：{words_of(activity, doing.today)}"
    units, leaders = (now.difference(before) for now, before in zip(_present(activity), but, strict=True))
    doing.tell(unit_people(doing, units), f"{sentence}，请参加。", is_duty=False)
    doing.tell(leaders, f"{sentence}。")


def _tell_gone(doing, before):
    """Units and leaders who were asked to come and need not any more."""
    if doing.activity.on < doing.today:
        return
    units, leaders = (old - now for old, now in zip(before, _present(doing.activity), strict=True))
    words = f"不用再参加督办活动：{words_of(doing.activity, doing.today)}。"
    doing.tell(unit_people(doing, units) | leaders, words)


def _of_office(doing):
    return manager_of(doing.activity, doing.actor)


def _is_planned(doing):
    state = doing.activity.state
    return None if state == ActivityState.PLANNED else f"这次活动{ActivityState(state).label}，不能再改安排。"


def _is_not_cancelled(doing):
    return "这次活动已取消。" if doing.activity.state == ActivityState.CANCELLED else None


def _is_held(doing):
    return None if doing.activity.is_held else "活动开展以后才能办这一步，请先登记开展情况。"


def _do_change(doing):
    activity, before = doing.activity, (doing.activity.on, doing.activity.begins_at, doing.activity.place)
    came_before = _present(activity)
    for name in FIELDS:
        if name in doing.data:
            value = doing.data[name]
            setattr(activity, name, value if value is not None or name == "begins_at" else "")
    activity.save()
    _set_people(doing)
    if before != (activity.on, activity.begins_at, activity.place):
        # Whoever was asked for another day is asked again.
        asked = activity.invitations.exclude(state=InvitationState.UNASKED)
        again = list(asked.values_list("deputy_id", flat=True))
        asked.update(state=InvitationState.INVITED, answered_at=None, reason="")
        if again and activity.on >= doing.today:
            words = f"督办活动改了时间或地点：{words_of(activity, doing.today)}。请重新答复是否参加。"
            doing.tell(deputy_people(doing, again), words, is_duty=True, is_urgent=True)
        _tell_present(doing, "督办活动改了时间或地点")
    else:
        _tell_present(doing, "安排了督办活动", but=came_before)
    _tell_gone(doing, came_before)
    _invite(doing, doing.data.get("deputies", ()))
    return f"改动安排：{words_of(activity, doing.today)}"


def _do_cancel(doing):
    activity = doing.activity
    activity.state, activity.cancelled_because = ActivityState.CANCELLED, doing.data["reason"]
    activity.save()
    words = f"督办活动取消：{words_of(activity, doing.today)}。原因：{doing.data['reason']}"
    asked = activity.invitations.exclude(state=InvitationState.DECLINED).values_list("deputy_id", flat=True)
    doing.tell(deputy_people(doing, asked), words, is_urgent=True)
    doing.tell(unit_people(doing, activity.units.values_list("pk", flat=True)), words, is_urgent=True)
    doing.tell(activity.leaders.values_list("pk", flat=True), words)
    return f"取消{words_of(activity, doing.today)}：{doing.data['reason']}"


# --- Holding -------------------------------------------------------------------------------------------


def _not_before_its_day(doing):
    if doing.data["on"] > doing.today:
        return f"活动在 {cn_date(doing.data['on'], doing.today)}，还没有到。到那天再登记开展情况。"
    return None


def _do_hold(doing):
    """The minutes, who came, and the problems found (one a line). Done again later it puts the minutes right."""
    activity, data, was_held = doing.activity, doing.data, doing.activity.is_held
    activity.state, activity.on = ActivityState.HELD, data["on"]
    activity.chair = data.get("chair") or activity.chair
    activity.minutes, activity.shares_minutes = data["words"], bool(data.get("shares_minutes"))
    activity.save()
    came = {deputy.pk for deputy in data.get("came", ())}
    for invitation in activity.invitations.all():
        invitation.came = invitation.deputy_id in came
        invitation.save(update_fields=["came"])
    known = set(activity.invitations.values_list("deputy_id", flat=True))
    unasked = came - known
    Invitation.objects.bulk_create(
        Invitation(activity=activity, deputy_id=pk, state=InvitationState.UNASKED, came=True)
        for pk in unasked
    )
    Finding.objects.bulk_create(Finding(activity=activity, words=words) for words in data.get("findings", ()))
    doing.payload["came"] = sorted(came)
    if not was_held:
        words = f"您参加了{cn_date(activity.on, doing.today)}的{activity}，可以留下意见和照片。"
        doing.tell(deputy_people(doing, came), words)
    what = "改动开展情况" if was_held else "开展"
    found = f"，发现问题 {len(data['findings'])} 个" if data.get("findings") else ""
    return f"{what}：{cn_date(activity.on, doing.today)}{activity}，代表 {len(came)} 人参加{found}"


def _do_add_files(doing):
    names = "、".join(file.name for file in doing.data["files"])
    return f"{activity_named(doing)}补充材料：{names}"


def activity_named(doing):
    """4月8日座谈会."""
    return f"{cn_date(doing.activity.on, doing.today)}{doing.activity}"


# --- Deputies ------------------------------------------------------------------------------------------


def _invite(doing, deputies):
    """Ask these deputies who are not asked yet, while the activity lies ahead; returns those asked now."""
    activity = doing.activity
    known = set(activity.invitations.values_list("deputy_id", flat=True))
    new = [deputy for deputy in deputies if deputy.pk not in known]
    is_over = activity.on < doing.today
    Invitation.objects.bulk_create(
        Invitation(
            activity=activity,
            deputy=deputy,
            state=InvitationState.UNASKED if is_over else InvitationState.INVITED,
            invited_at=None if is_over else doing.now,
        )
        for deputy in new
    )
    if new and not is_over:
        words = f"请您参加督办活动：{words_of(activity, doing.today)}。请答复能否参加。"
        people = deputy_people(doing, [deputy.pk for deputy in new])
        doing.tell(people, words, is_duty=True, is_urgent=True)
    return new


def _do_invite(doing):
    new = _invite(doing, doing.data["deputies"])
    names = "、".join(deputy.name for deputy in new) or "（都已邀请过）"
    return f"邀请代表参加{activity_named(doing)}：{names}"


def _lies_ahead(doing):
    if objection := _is_planned(doing):
        return objection
    return None if doing.activity.on >= doing.today else "活动的日期已经过了，不能再邀请或答复。"


def _is_asked(doing):
    """The grant of the deputy whose invitation it is."""
    for grant in doing.actor.active_grants():
        if grant.role == Role.DEPUTY and grant.deputy_id == doing.thing.deputy_id:
            return grant
    return None


def _do_answer(doing):
    invitation, comes = doing.thing, doing.data["comes"]
    invitation.state = InvitationState.ACCEPTED if comes else InvitationState.DECLINED
    invitation.reason = "" if comes else doing.data["reason"]
    invitation.answered_at = doing.now
    invitation.save()
    said = "参加" if comes else f"不能参加：{invitation.reason}"
    doing.tell(office_people(doing), f"{invitation.deputy}代表答复，{activity_named(doing)}{said}")
    return f"答复{activity_named(doing)}的邀请：{said}"


def _was_there(doing):
    if objection := _is_held(doing):
        return objection
    return None if doing.thing.came else "登记的到会代表里没有您，请联系联工委。"


def _do_opinion(doing):
    invitation = doing.thing
    invitation.words, invitation.words_at = doing.data["words"], doing.now
    invitation.save()
    doing.tell(office_people(doing), f"{invitation.deputy}代表对{activity_named(doing)}留了意见。")
    return f"对{activity_named(doing)}留意见：{invitation.words}"


PLAN = Step(code=StepAction.PLAN, label="安排督办活动", who=_of_office, do=_do_plan, is_inner=False)
CHANGE = Step(
    code=StepAction.CHANGE,
    label="改动安排",
    who=_of_office,
    condition=_is_planned,
    do=_do_change,
    is_inner=False,
)
CANCEL = Step(
    code=StepAction.CANCEL,
    label="取消活动",
    who=_of_office,
    condition=_is_planned,
    do=_do_cancel,
    is_inner=False,
)
HOLD = Step(
    code=StepAction.HOLD,
    label="登记开展情况",
    who=_of_office,
    condition=_is_not_cancelled,
    objection=_not_before_its_day,
    do=_do_hold,
    is_inner=False,
)
ADD_FILES = Step(
    code=StepAction.ADD_FILES,
    label="补充照片和材料",
    who=_of_office,
    condition=_is_held,
    do=_do_add_files,
    compares=False,
)
INVITE = Step(
    code=StepAction.INVITE,
    label="邀请代表",
    who=_of_office,
    condition=_lies_ahead,
    do=_do_invite,
    compares=False,
)
ANSWER = Step(
    code=StepAction.ANSWER_INVITATION,
    label="答复邀请",
    who=_is_asked,
    condition=_lies_ahead,
    do=_do_answer,
    compares=False,
)
OPINION = Step(
    code=StepAction.OPINION,
    label="留意见",
    who=_is_asked,
    condition=_was_there,
    do=_do_opinion,
    compares=False,
)


# --- Participation -------------------------------------------------------------------------------------


def participation(topic):
    """Who took part: {deputy's key: to how many activities of the topic they came}. One query."""
    came = Invitation.objects.filter(activity__topic=topic, activity__state=ActivityState.HELD, came=True)
    return dict(came.values_list("deputy_id").annotate(n=Count("pk")).order_by())


def next_activity(topic, today=None):
    """The next planned activity of the topic from `today` on (default: this day), or None: who never came may be
    invited to it."""
    today = today or timezone.localdate()
    ahead = topic.activities.filter(state=ActivityState.PLANNED, on__gte=today)
    return ahead.order_by("on", "pk").first()
