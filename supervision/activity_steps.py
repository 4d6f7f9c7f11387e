"""How a step of a 督办活动 or of one of its 整改事项 is taken: one way for all of them.

`perform` is to an activity what workflow.perform is to a case: in one transaction it takes the activity, checks person,
version and state, makes the change, appends the step, writes the line of history of the topic (or of the case, where
it belongs to none), and tells people; or nothing happens at all. The steps themselves stand in activities.py and
findings.py.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.utils import timezone

from accounts.models import Grant, Role
from core.dates import cn_datetime
from institutions.succession import acting_unit
from notifications.models import Notice
from notifications.services import notify
from proposals import workflow
from proposals.attachments import discard_on_failure, remember
from proposals.masking import hidden_names, masked
from proposals.models import Cosignature, Proposal
from proposals.workflow.engine import plain
from proposals.workflow.errors import Denied, Stale

from . import topics
from .models import Activity, ActivityFile, ActivityStep, Task

USED = "这个表单的编号已被使用，请刷新页面后重新填写。"


@dataclass
class Doing:
    """One step under way: what it reads, and what it leaves for the history and the notices."""

    activity: Activity
    actor: object
    grant: object
    now: datetime
    data: dict
    # What the step is about beside the activity: a task, a finding, an invitation.
    task: Task | None = None
    thing: object = None
    is_proxy: bool = False
    tells: list = field(default_factory=list)
    payload: dict = field(default_factory=dict)

    @property
    def today(self):
        return timezone.localdate(self.now)

    def tell(self, users, words, *, url="", is_duty=False, is_urgent=False):
        """Have these users told once the step is written; whoever is named twice is told by the first sentence."""
        self.tells.append((set(users), words, url, is_duty, is_urgent))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One kind of step.

    `who(doing)` returns the grant that allows it, None for a person who may not; `condition(doing)` says why it cannot
    be done now, `objection(doing)` why not with this form; `do(doing)` makes the change and returns the line of
    history. `compares`: a page that is behind is refused. `is_inner`: the line in a case's history is for the
    congress alone, else for the proposer as well; a topic's lines always are.
    """

    code: str
    label: str
    who: Callable
    do: Callable
    condition: Callable = lambda doing: None
    objection: Callable = lambda doing: None
    compares: bool = True
    is_inner: bool = True


def perform(
    step, activity, *, actor, data=None, task=None, thing=None, version=None, now=None, request_id=None
):
    """Take one step; return its ActivityStep.

    `version` is the one of the task, else of the activity, that the user's page showed. Raises Denied or Stale with the
    Chinese sentence to show; then nothing has changed. The same `request_id` again returns the first step.
    """
    request_id = uuid.UUID(str(request_id)) if request_id else uuid.uuid4()
    with discard_on_failure(), transaction.atomic():
        activity = _take(activity.pk)
        if (done := ActivityStep.objects.filter(request_id=request_id).first()) is not None:
            return _repeated(done, step, activity, actor)
        task = Task.objects.select_related("unit", "finding__activity").get(pk=task.pk) if task else None
        if thing is not None:
            thing.refresh_from_db()
        doing = Doing(activity, actor, None, now or timezone.now(), data or {}, task, thing)
        doing.grant = step.who(doing)
        if doing.grant is None:
            raise Denied(f"您没有“{step.label}”的权限。", is_forged=True)
        if step.compares:
            _check_version(task or activity, activity, task, version)
        if words := step.condition(doing) or step.objection(doing):
            raise Denied(words)
        words = step.do(doing)
        if step.compares:
            _bump(task or activity)
        return record(step, doing, words, request_id)


def check(step, activity, actor, *, task=None, thing=None):
    """Return the Doing of a step that this person may take now; raises Denied as `perform` would before a form."""
    doing = Doing(activity, actor, None, timezone.now(), {}, task, thing)
    doing.grant = step.who(doing)
    if doing.grant is None:
        raise Denied(f"您没有“{step.label}”的权限。", is_forged=True)
    if words := step.condition(doing):
        raise Denied(words)
    return doing


def offers(steps, activity, actor, *, task=None, thing=None):
    """Those of `steps` that this person may take now, for buttons."""
    found = []
    for step in steps:
        try:
            check(step, activity, actor, task=task, thing=thing)
        except Denied:
            continue
        found.append(step)
    return found


def _take(pk):
    """The activity for writing: the UPDATE changes nothing, it holds the row."""
    Activity.objects.filter(pk=pk).update(version=F("version"))
    return Activity.objects.select_related("congress", "topic", "proposal").get(pk=pk)


def _repeated(done, step, activity, actor):
    if (done.action, done.actor_id_then, done.activity_id) != (step.code, actor.pk, activity.pk):
        raise Denied(USED, is_forged=True)
    return done


def _check_version(subject, activity, task, version):
    if version is not None and int(version) == subject.version:
        return
    last = activity.steps.filter(task=task).order_by("-pk").first()
    who = f"由{last.actor_name}于 {cn_datetime(last.at, timezone.localdate())} " if last else ""
    what = "这项整改" if task else "这次活动"
    raise Stale(f"{what}已{who}处理，请刷新。您写的内容还在。")


def _bump(subject):
    subject.version += 1
    subject.save(update_fields=["version"])


def record(step, doing, words, request_id):
    """Append the step with its files, the line of history and the notices; returns the ActivityStep."""
    files = doing.data.get("files") or []
    data = {name: value for name, value in doing.data.items() if name != "files"}
    done = ActivityStep.objects.create(
        activity=doing.activity,
        task=doing.task,
        action=step.code,
        at=doing.now,
        actor_id_then=doing.actor.pk,
        actor_name=doing.actor.name,
        actor_role=doing.grant.get_role_display(),
        actor_place=doing.grant.place,
        words=str(doing.data.get("words") or doing.data.get("reason") or ""),
        payload=plain(data | {"files": [file.name for file in files]} | doing.payload),
        request_id=request_id,
    )
    for file in files:
        _keep(file, doing, done)
    if words:
        _log(step, doing, words, done)
    _send(doing, done)
    return done


def _keep(checked, doing, done):
    row = ActivityFile(
        activity=doing.activity,
        step=done,
        invitation=doing.thing if done.action == ActivityStep.Action.OPINION else None,
        is_scan=doing.is_proxy,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=doing.actor,
    )
    with discard_on_failure():
        row.file.save(checked.name, checked.file, save=False)
        remember(row.file)
        row.save()


def _log(step, doing, words, done):
    """The line in the history of the topic; of a single case in that case's own."""
    activity = doing.activity
    payload = {"step": done.pk, "activity": activity.pk} | ({"task": doing.task.pk} if doing.task else {})
    if activity.topic_id:
        topics.log(
            activity.topic,
            doing.actor,
            step.code,
            words,
            at=doing.now,
            payload=payload,
            grant=doing.grant,
        )
        return
    by = f"{doing.grant.place}{doing.actor.name}："
    workflow.perform(
        "rectify" if step.is_inner else "supervise",
        activity.proposal,
        actor=None,
        data={"words": by + words} | payload,
        now=doing.now,
    )


def _send(doing, done):
    """One notice per person and step. What units read names no hidden proposer (隐名)."""
    names = hidden_in(doing.activity)
    told = {doing.actor.pk}
    for users, words, url, is_duty, is_urgent in doing.tells:
        notify(
            users - told,
            congress_id=doing.activity.congress_id,
            words=masked(words, names),
            url=url or f"/activities/{doing.activity.pk}/",
            key=f"activity:{done.pk}",
            is_duty=is_duty,
            is_urgent=is_urgent,
            topic=Notice.Topic.OTHER,
        )
        told |= users


def hidden_in(*activities):
    """The names of deputies that must not reach units: of the hidden proposers (隐名) among the cases of these
    activities, longest first. Two queries, one where none is hidden."""
    of_topics = Q(topic_cases__topic__in={a.topic_id for a in activities if a.topic_id})
    single = Q(pk__in={a.proposal_id for a in activities if a.proposal_id})
    signed = Cosignature.objects.select_related("deputy__delegation")
    cases = Proposal.objects.filter(of_topics | single, hides_proposer=True).distinct()
    cases = cases.select_related("lead__delegation", "delegation")
    names = set()
    for proposal in cases.prefetch_related(Prefetch("cosignatures", signed)):
        cosignatures = list(proposal.cosignatures.all())
        names.update(hidden_names(SimpleNamespace(proposal=proposal, cosignatures=cosignatures)))
    return sorted(names, key=len, reverse=True)


# --- Who is told ---------------------------------------------------------------------------------------


def _users(today, **condition):
    grants = Grant.objects.in_force(today).filter(user__is_active=True, **condition)
    return set(grants.values_list("user_id", flat=True))


def unit_people(doing, unit_ids):
    """Handlers of these units, at a hub its staff; a successor's for an abolished one."""
    units = {acting_unit(pk) for pk in unit_ids}
    return _users(doing.today, role__in=(Role.HANDLER, Role.HUB), unit_id__in=units)


def deputy_people(doing, deputy_ids):
    """The accounts of these deputies."""
    return _users(doing.today, role=Role.DEPUTY, deputy_id__in=list(deputy_ids))


def office_people(doing):
    """The office, and the members of the committees among the sides of the topic."""
    office = _users(doing.today, role=Role.LIAISON, congress_id=doing.activity.congress_id)
    if not doing.activity.topic_id:
        ids = set(doing.activity.committees.values_list("pk", flat=True))
    else:
        ids = set(
            doing.activity.topic.roles.filter(committee__isnull=False).values_list("committee_id", flat=True)
        )
    return office | _users(doing.today, role=Role.COMMITTEE, committee_id__in=ids)
