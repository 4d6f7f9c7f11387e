"""Key topics (重点督办专题): the only writer of a topic, its cases, sides and plan, and of its history.

`perform` is to a topic what workflow.perform is to a case: one transaction takes the topic, checks person, version and
state, makes the change, appends the line of history and tells people; or nothing happens at all. What each action
does stands in topic_actions.py.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.dates import cn_datetime
from notifications.models import Notice
from notifications.services import notify
from proposals.attachments import discard_on_failure, remember
from proposals.masking import masked
from proposals.workflow.engine import plain
from proposals.workflow.errors import Denied, Stale

from .models import Topic, TopicEvent, TopicFile, TopicState
from .topic_masking import names_hidden_in

SYSTEM_NAME = "系统"
USED = "这个表单的编号已被使用，请刷新页面后重新填写。"


@dataclass
class Change:
    """One change under way: what an action reads, and what it leaves behind for the history and the notices."""

    topic: Topic
    actor: object
    grant: object
    now: datetime
    data: dict
    step: object = None
    # Users to tell, and the sentence; filled by the action.
    told: set = field(default_factory=set)
    notice: str = ""
    is_urgent: bool = False
    about: str = Notice.Topic.OTHER  # for the subject of its mail
    payload: dict = field(default_factory=dict)
    # For the congress alone: as the action's row says, unless what was done says otherwise.
    is_inner: bool | None = None
    # Names of hidden proposers (隐名) before the action: it may take their cases away.
    hidden: list = field(default_factory=list)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def tell(self, users, words):
        """Have these users told once the line of history is written."""
        self.told |= set(users)
        self.notice = words


@dataclass(frozen=True)
class Result:
    """What `perform` did: the event, and whether this very request had been carried out before."""

    event: TopicEvent
    repeated: bool = False

    @property
    def topic(self):
        return self.event.topic


def perform(row, topic, *, actor, data=None, version=None, now=None, request_id=None, step=None):
    """Carry out one action (a topic_actions.Row) on a topic, or on a step of its plan; return its Result.

    `version` is the one the user's page showed; None skips the comparison. Raises Denied or Stale with the Chinese
    sentence to show; then nothing has changed.
    """
    now = now or timezone.now()
    request_id = uuid.UUID(str(request_id)) if request_id else uuid.uuid4()
    with discard_on_failure(), transaction.atomic():
        topic = take(topic.pk, with_year=row.takes_year)
        if (done := _done_before(topic, request_id)) is not None:
            return _repeated(done, row, actor)
        grant = row.grant_for(topic, actor)
        if grant is None:
            raise Denied(f"您没有“{row.label}”的权限。", is_forged=True)
        _check_version(topic, version)
        if objection := row.objection(topic, step):
            raise Denied(objection)
        change = Change(topic, actor, grant, now, data or {}, step, hidden=_hidden_in(topic))
        words = row.do(change)
        topic.version += 1
        topic.save()
        return Result(_record(row, change, words, request_id))


def propose(row, congress, *, actor, data, now=None, request_id):
    """Make a topic (拟列) out of the form's data; return its Result. The same form sent twice makes one."""
    now = now or timezone.now()
    if (first := _made_by(request_id, actor)) is not None:
        return first
    topic = Topic(
        congress=congress,
        year=data["year"],
        title=data["title"],
        reason=data["reason"],
        proposed_on=timezone.localdate(now),
        request_id=request_id,
    )
    grant = row.grant_for(topic, actor)
    if grant is None:
        raise Denied(f"您没有“{row.label}”的权限。", is_forged=True)
    topic.proposed_by = grant.committee
    try:
        with discard_on_failure(), transaction.atomic():
            topic.save()
            change = Change(topic, actor, grant, now, data)
            words = row.do(change)
            return Result(_record(row, change, words, uuid.UUID(str(request_id))))
    except IntegrityError:
        # The same form sent at the same moment.
        if (first := _made_by(request_id, actor)) is None:
            raise
        return first


def _made_by(request_id, actor):
    event = TopicEvent.objects.filter(topic__request_id=request_id, request_id=request_id).first()
    if event is None:
        return None
    if event.actor_id_then != actor.pk:
        raise Denied(USED, is_forged=True)
    return Result(event, repeated=True)


def take(pk, *, with_year=False):
    """The topic for writing, inside a transaction: the UPDATE changes nothing, it only holds the row.

    `with_year` holds all topics of its year, in the order of their keys, so that two who reorder them wait for
    each other.
    """
    if with_year:
        topic = Topic.objects.only("congress", "year").get(pk=pk)
        same = Topic.objects.filter(congress=topic.congress_id, year=topic.year)
        list(same.order_by("pk").select_for_update().values_list("pk", flat=True))
    Topic.objects.filter(pk=pk).update(version=F("version"))
    return Topic.objects.select_related("congress", "proposed_by").get(pk=pk)


def _done_before(topic, request_id):
    return TopicEvent.objects.filter(topic=topic, request_id=request_id).first()


def _repeated(event, row, actor):
    """The same request again: the first result, if it is the same person's same action."""
    if (event.action, event.actor_id_then) != (row.code, actor.pk):
        raise Denied(USED, is_forged=True)
    return Result(event, repeated=True)


def _check_version(topic, version):
    if version is None or int(version) == topic.version:
        return
    last = topic.events.order_by("-pk").first()
    who = f"由{last.actor_name}于 {cn_datetime(last.at, timezone.localdate())} " if last else ""
    raise Stale(f"这个专题已{who}改动，请刷新。您写的内容还在。")


def _record(row, change, words, request_id):
    """The line of history, the files that came with it, and the notices."""
    topic = change.topic
    files = change.data.get("files") or []
    data = {name: value for name, value in change.data.items() if name != "files"}
    is_inner = row.is_inner if change.is_inner is None else change.is_inner
    event = log(
        topic,
        change.actor,
        row.code,
        words,
        at=change.now,
        payload=plain(data | {"files": [file.name for file in files]} | change.payload),
        grant=change.grant,
        is_inner=is_inner or topic.state == TopicState.PROPOSED,
        request_id=request_id,
    )
    for file in files:
        keep(file, event, change.actor)
    # Units are among those told, so that nobody is told a hidden name.
    names = sorted({*change.hidden, *_hidden_in(topic)}, key=len, reverse=True) if change.told else []
    notify(
        change.told - {change.actor.pk},
        congress_id=topic.congress_id,
        words=masked(change.notice, names),
        url=f"/topics/{topic.pk}/",
        key=f"topic:{event.pk}",
        is_urgent=change.is_urgent,
        topic=change.about,
    )
    return event


def _hidden_in(topic):
    return names_hidden_in([topic]).get(topic.pk, [])


def keep(checked, event, user):
    """Keep a checked upload with a line of history; the caller is inside discard_on_failure()."""
    kept = TopicFile(
        event=event,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=user,
    )
    kept.file.save(checked.name, checked.file, save=False)
    remember(kept.file)
    kept.save()
    return kept


def log(topic, actor, action, words, *, at=None, payload=None, grant=None, is_inner=True, request_id=None):
    """Append one line to the topic's history and return it.

    `actor` is a User, or None for the system; `grant` the one in which they act (default: their first in this
    congress); `is_inner` lines are for the congress alone; `at` an aware time, default now. The caller is inside
    the transaction of the change.
    """
    if grant is None and actor is not None:
        grant = next((g for g in actor.active_grants() if g.congress_id == topic.congress_id), None)
    return TopicEvent.objects.create(
        topic=topic,
        action=action,
        at=at or timezone.now(),
        actor_id_then=actor.pk if actor else None,
        actor_name=actor.name if actor else SYSTEM_NAME,
        actor_role=grant.get_role_display() if grant else "",
        actor_place=grant.place if grant else "",
        words=words,
        payload=payload or {},
        is_inner=is_inner,
        request_id=request_id,
    )
