"""What is removed in time: messages that were told long ago, and how they travelled. Cases keep their history."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from .models import Delivery, Digest, Notice, UnitPost

CHUNK = 1000


def prune(now):
    """Remove what is older than the settings KEEP_…_DAYS; returns the counts by kind. Small transactions, so
    that nobody waits for it. What still waits to be sent is never removed."""
    told = now - timedelta(days=settings.KEEP_NOTICES_DAYS)
    summed_up = now - timedelta(days=settings.KEEP_DIGESTS_DAYS)
    travelled = now - timedelta(days=settings.KEEP_DELIVERIES_DAYS)
    over = ~Q(state=Delivery.State.WAITING)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    return {
        "deliveries": _remove(Delivery.objects.filter(over, next_try_at__lt=travelled)),
        "notices": _remove(
            Notice.objects.filter(created_at__lt=told).exclude(
                pk__in=waiting.filter(notice__isnull=False).values("notice")
            )
        ),
        "digests": _remove(
            Digest.objects.filter(created_at__lt=summed_up).exclude(
                pk__in=waiting.filter(digest__isnull=False).values("digest")
            )
        ),
        "posts": _remove(
            UnitPost.objects.filter(created_at__lt=summed_up).exclude(
                pk__in=waiting.filter(post__isnull=False).values("post")
            )
        ),
    }


def _remove(rows):
    removed = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        rows.model.objects.filter(pk__in=pks).delete()
        removed += len(pks)
    return removed
