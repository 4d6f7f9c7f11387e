"""The daily run: everything that time alone brings about. Safe to run again, at once with itself, and after
being killed anywhere: each step leaves alone what is already done.
"""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts import set_aside
from core.dates import SHANGHAI
from notifications.delivery import deliver_pending

from .calendars import recompute_provisional
from .digests import make_digests
from .models import DailyRun
from .reminders import put_away_done, remind
from .silence import mark_silent_replies


def run_when_due(now=None):
    """The daily run, once a day from DIGEST_HOUR on; for a schedule that asks often. Returns the counts, or
    None when it is too early or done. A machine that was off at that hour catches up at the next asking."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    too_early = timezone.localtime(now).time() < settings.DIGEST_HOUR
    if too_early or DailyRun.objects.filter(day=today, finished_at__isnull=False).exists():
        return None
    return run_daily(today, now)


def run_daily(today=None, now=None):
    """Do the day's work for `today` (a Shanghai date; default: now's); returns the counts by step.

    `now`: the time that events and deliveries carry; by default the clock, or DIGEST_HOUR of another `today`.
    Digests are made once a day; everything else is done whenever it is called.
    """
    now = now or _time_of(today)
    today = today or timezone.localdate(now)
    DailyRun.objects.bulk_create([DailyRun(day=today, started_at=timezone.now())], ignore_conflicts=True)
    run = DailyRun.objects.get(day=today)
    counts = {
        "recomputed": recompute_provisional(now),
        "silent": mark_silent_replies(today, now),
        "done": put_away_done(),
        "reminders": remind(today),
        "digests": 0 if run.finished_at else make_digests(today),
    }
    if run.finished_at is None:
        DailyRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), counts=counts)
    sent = deliver_pending()
    return {
        **counts,
        "was_done": run.finished_at is not None,
        "sent": sent.sent,
        "failed": sent.failed,
        "pruned": set_aside.prune(),
    }


def _time_of(today):
    if today is None or today == timezone.localdate():
        return timezone.now()
    return datetime.combine(today, settings.DIGEST_HOUR, tzinfo=SHANGHAI)
