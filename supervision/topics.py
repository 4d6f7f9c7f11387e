"""Key topics (重点督办专题): the only writer of a topic, its cases, sides and plan, and of its history."""

from django.utils import timezone

from .models import TopicEvent

SYSTEM_NAME = "系统"


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
