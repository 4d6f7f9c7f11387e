"""Sending what waits. A delivery is claimed by a conditional UPDATE with a lease, so two workers never send one
twice; one whose sender died is taken up again when its lease is over. A failing channel only makes mail late.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from .channels import Senders, is_refusal
from .lanes import Lanes
from .models import Delivery

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
# Minutes until the next try after the first, second … failure; after the last the delivery has failed.
BACK_OFF = (1, 5, 20, 60, 180, 360, 720)
CHUNK = 200


@dataclass
class Sent:
    """How one run went."""

    sent: int = 0
    failed: int = 0


def deliver_pending(now=None):
    """Send every delivery whose time has come; returns the counts as Sent. Safe to run at any time, at once
    with others, and after being killed. `now` is an aware time (default: the clock).

    A channel that is down rests (lanes.py): it holds up no other, and is not asked for every message.
    """
    counts, last_pk = Sent(), 0
    lanes = Lanes(now or timezone.now())
    with Senders() as senders:
        while chunk := list(lanes.open(_due(now or timezone.now()).filter(pk__gt=last_pk))[:CHUNK]):
            for delivery in chunk:
                last_pk = delivery.pk
                moment = now or timezone.now()
                if delivery.lane in lanes.resting or not _claim(delivery, moment):
                    continue
                if _send(delivery, senders, lanes, moment):
                    counts.sent += 1
                else:
                    counts.failed += 1
    return counts


def _due(now):
    related = ("notice__user", "notice__congress", "digest__user", "post__unit", "post__congress")
    return _free(now).select_related(*related).order_by("pk")


def _free(now):
    """Deliveries whose time has come and that no living worker holds."""
    unheld = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    return Delivery.objects.filter(unheld, state=Delivery.State.WAITING, next_try_at__lte=now)


def _claim(delivery, now):
    """Take the delivery for the length of a lease; False when another worker has it."""
    until = now + LEASE
    if not _free(now).filter(pk=delivery.pk).update(leased_until=until, attempts=F("attempts") + 1):
        return False
    delivery.leased_until = until
    delivery.attempts += 1
    return True


def _send(delivery, senders, lanes, now):
    try:
        senders.send(delivery)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:300]
        logger.warning("delivery %s was not sent: %s", delivery.pk, words)
        _put_off(delivery, words, now)
        # A message that is refused says nothing of the channel: the next one may well be taken.
        if not is_refusal(error):
            lanes.failed(delivery, words, now)
        return False
    _finish(delivery, state=Delivery.State.SENT, sent_at=now, error="")
    lanes.sent(delivery, now)
    return True


def _put_off(delivery, words, now):
    if delivery.attempts > len(BACK_OFF):
        _finish(delivery, state=Delivery.State.FAILED, error=words)
        return
    wait = timedelta(minutes=BACK_OFF[delivery.attempts - 1])
    _finish(delivery, next_try_at=now + wait, error=words)


def _finish(delivery, **fields):
    """Write the outcome, if the lease is still ours."""
    mine = Delivery.objects.filter(pk=delivery.pk, leased_until=delivery.leased_until)
    mine.update(leased_until=None, **fields)
