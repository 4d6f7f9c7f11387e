"""The daily run: everything that time alone brings about. Safe to run again, at once with itself, and after
being killed anywhere: each step leaves alone what is already done.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import set_aside
from core.dates import SHANGHAI
from institutions.models import Congress
from notifications.delivery import deliver_pending
from notifications.models import MessagePlan

from .calendars import recompute_provisional
from .digests import make_digests
from .look_backs import mark_unconfirmed_promises, open_look_backs
from .models import DailyRun, DigestRound
from .reminders import put_away_done, remind
from .silence import mark_silent_replies
from .tidying import tidy_when_due


def run_when_due(now=None):
    """The daily run for the congresses whose hour has come (DIGEST_HOUR, or their own), once a day each; for a
    schedule that asks often. Returns the counts, or None when it is too early or done. A machine that was off at
    that hour catches up at the next asking."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    due = _due_congresses(today, timezone.localtime(now).time())
    return run_daily(today, now, congress_ids=due) if due else None


def _due_congresses(today, time):
    """Ids of the congresses whose hour has come and whose digests of today are not made."""
    own = dict(MessagePlan.objects.values_list("congress_id", "digest_at"))
    return [pk for pk in _left(today) if own.get(pk, settings.DIGEST_HOUR) <= time]


def _left(today):
    """Ids of the congresses whose digests of today are not made yet, oldest first."""
    done = DigestRound.objects.filter(day=today).values("congress")
    rows = Congress.objects.filter(is_active=True).exclude(pk__in=done)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def run_daily(today=None, now=None, congress_ids=None):
    """Do the day's work for `today` (a Shanghai date; default: now's); returns the counts by step.

    `now`: the time that events and deliveries carry; by default the clock, or DIGEST_HOUR of another `today`.
    `congress_ids`: whose digests to make (default: all). Digests are made once a day; everything else is done
    whenever it is called.
    """
    now = now or _time_of(today)
    today = today or timezone.localdate(now)
    DailyRun.objects.bulk_create([DailyRun(day=today, started_at=timezone.now())], ignore_conflicts=True)
    left = _left(today)
    wanted = [pk for pk in left if congress_ids is None or pk in congress_ids]
    counts = {
        "recomputed": recompute_provisional(now),
        "silent": mark_silent_replies(today, now),
        "unconfirmed": mark_unconfirmed_promises(today, now),
        "look_backs": open_look_backs(today, now),
        "done": put_away_done(),
        "reminders": remind(today),
        "digests": make_digests(today, wanted) if wanted else 0,
    }
    was_done = not wanted and DailyRun.objects.filter(day=today, finished_at__isnull=False).exists()
    if not was_done:
        _finish(today, wanted, counts)
    sent = deliver_pending()
    tidy_when_due()  # where cron is all there is
    return {
        **counts,
        "was_done": was_done,
        "sent": sent.sent,
        "failed": sent.failed,
        "pruned": set_aside.prune(),
    }


def _finish(today, congress_ids, counts):
    """Note whose digests are made; the run of the day is finished with the last congress."""
    with transaction.atomic():
        DigestRound.objects.bulk_create(
            (DigestRound(day=today, congress_id=pk) for pk in congress_ids), ignore_conflicts=True
        )
        run = DailyRun.objects.select_for_update().get(day=today)
        # Several hours, several rounds: the day's counts are their sum.
        run.counts = {key: run.counts.get(key, 0) + number for key, number in counts.items()}
        if not _left(today):
            run.finished_at = run.finished_at or timezone.now()
        run.save(update_fields=["counts", "finished_at"])


def _time_of(today):
    if today is None or today == timezone.localdate():
        return timezone.now()
    return datetime.combine(today, settings.DIGEST_HOUR, tzinfo=SHANGHAI)
