"""Putting notices into inboxes. Conflict-free: the same key reaches a person once."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.nav import COUNT_CAP

from . import outbox
from .models import MessagePlan, Notice, UnitPost

logger = logging.getLogger(__name__)

HOURS, HOURS_SECONDS = "digest-hours", 60


def notify(
    user_ids,
    *,
    congress_id,
    words,
    url,
    key,
    is_duty=False,
    is_urgent=False,
    topic=None,
    own=None,
):
    """Insert one notice per user; a key that a user already has is left alone.

    Urgent ones go out at once as well, by the channels that congress and person have chosen; `topic` (a
    Notice.Topic, default: urgent is 催办) says which choice counts. `own`: {user id: (words, url)} of those who are
    asked for something of their own. Call it inside the transaction of what it speaks of.
    """
    kind = Notice.Kind.TODO if is_duty else Notice.Kind.INFO
    if topic is None:
        topic = Notice.Topic.URGE if is_urgent else Notice.Topic.OTHER
    notices = []
    for pk in sorted(user_ids):
        own_words, own_url = (own or {}).get(pk, (words, url))
        notices.append(
            Notice(
                user_id=pk,
                congress_id=congress_id,
                kind=kind,
                topic=topic,
                words=own_words[:300],
                url=own_url,
                key=key,
                is_urgent=is_urgent,
            )
        )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if is_urgent and user_ids:
        outbox.queue_notices(key, user_ids, topic, congress_id)
        transaction.on_commit(wake)


def post_to_units(unit_ids, *, congress_id, words, url, key):
    """One line to the shared mailbox and the groups of each unit, once per key; nothing where a unit has neither.

    `words` name no deputy: who reads in a group is known to nobody here. Call it inside the transaction of what it
    speaks of.
    """
    UnitPost.objects.bulk_create(
        (
            UnitPost(unit_id=pk, congress_id=congress_id, words=words[:300], url=url, key=key)
            for pk in sorted(outbox.units_with_channels(unit_ids))
        ),
        ignore_conflicts=True,
    )
    if outbox.queue_posts(UnitPost.objects.filter(key=key, unit__in=unit_ids)):
        transaction.on_commit(wake)


def wake():
    """Poke the worker: something waits to be sent."""
    from .tasks import deliver_pending

    poke(deliver_pending)


def poke(task):
    """Put a task without arguments into the queue. Nothing depends on it: a sweep finds what a lost poke
    leaves, so a dead broker is logged and fails nothing."""
    try:
        task.apply_async(retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("the queue did not take a poke: %s", error)


def digest_hour(user):
    """When the person's digest is made: the earliest hour of their congresses (a time, Shanghai). For showing: it may
    be a minute old."""
    own = cache.get(HOURS)
    if own is None:
        own = dict(MessagePlan.objects.values_list("congress_id", "digest_at"))
        cache.set(HOURS, own, HOURS_SECONDS)
    congresses = {grant.congress_id for grant in user.active_grants()}
    return min((own.get(pk, settings.DIGEST_HOUR) for pk in congresses), default=settings.DIGEST_HOUR)


def forget_hours():
    """Drop this process's copy of the hours after a change."""
    cache.delete(HOURS)


def unread_count(user):
    """How many notices the person has not opened yet (counted no further than the header shows).

    Counted once per user object: header and bottom bar show the same number.
    """
    if not hasattr(user, "_unread_count"):
        user._unread_count = Notice.objects.filter(user=user, read_at__isnull=True)[: COUNT_CAP + 1].count()
    return user._unread_count


def know_unread(user, number):
    """Keep a number of unread notices that was counted with others, so that the header need not ask again."""
    user._unread_count = min(number, COUNT_CAP + 1)
