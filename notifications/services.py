"""Putting notices into inboxes. Conflict-free: the same key reaches a person once."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.nav import COUNT_CAP

from .models import Delivery, Notice

logger = logging.getLogger(__name__)


def notify(user_ids, *, congress_id, words, url, key, is_duty=False, is_urgent=False):
    """Insert one notice per user; a key that a user already has is left alone.

    Urgent ones also get an email delivery at once. Call it inside the transaction of what it speaks of.
    """
    kind = Notice.Kind.TODO if is_duty else Notice.Kind.INFO
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=pk,
                congress_id=congress_id,
                kind=kind,
                words=words[:300],
                url=url,
                key=key,
                is_urgent=is_urgent,
            )
            for pk in sorted(user_ids)
        ),
        ignore_conflicts=True,
    )
    if is_urgent and user_ids:
        waiting = Notice.objects.filter(key=key, user_id__in=user_ids).exclude(user__email="")
        Delivery.objects.bulk_create(
            (Delivery(notice_id=pk, address=email) for pk, email in waiting.values_list("pk", "user__email")),
            ignore_conflicts=True,
        )
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


def unread_count(user):
    """How many notices the person has not opened yet (counted no further than the header shows).

    Counted once per user object: header and bottom bar show the same number.
    """
    if not hasattr(user, "_unread_count"):
        user._unread_count = Notice.objects.filter(user=user, read_at__isnull=True)[: COUNT_CAP + 1].count()
    return user._unread_count
