"""Keeping the installation small: once a day, whichever of timer, cron or hand comes first."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.backlog import tidy_queue
from core.models import JobRun
from core.vitals import job
from notifications import retention

JOB = "tidy"
# Less than a day, so that it keeps to the same hour however long a run takes.
EVERY = timedelta(hours=23)


def tidy_when_due(now=None):
    """Tidy unless that was done within a day; returns the counts by kind, or None."""
    now = now or timezone.now()
    last = (
        JobRun.objects.filter(name=JOB, finished_at__isnull=False)
        .values_list("finished_at", flat=True)
        .first()
    )
    # A time to come is of a clock that was put back since.
    if last is not None and now - EVERY < last <= now:
        return None
    return tidy(now)


def tidy(now=None):
    """Remove messages, sessions and leftovers of the queue that are past their time."""
    now = now or timezone.now()
    with job(JOB) as counts:
        counts.update(retention.prune(now))
        counts["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
        counts["leftovers"] = tidy_queue(settings.KEEP_QUEUE_LEFTOVERS_DAYS)
    return counts
