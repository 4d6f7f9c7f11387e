"""运行状况: what the administrator's page shows, gathered in a few queries."""

import shutil

from django.conf import settings
from django.utils import timezone

from core.models import Heartbeat, JobRun
from notifications.models import MessagePlan
from supervision import health
from supervision.models import DailyRun

from .deliveries import channels_today, in_app, problems
from .programs import jobs, week
from .tiles import backup_tile, beat_tile, daily_tile, delivery_tile, queue_tile


def page(congress_ids, now=None):
    """Everything the page shows, as a template's context."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    channels, oldest = channels_today(congress_ids, now)
    inbox, digests = in_app(congress_ids, now)
    found = problems(congress_ids, channels, now)
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    runs = {run.name: run for run in JobRun.objects.all()}
    days = {run.day: run for run in DailyRun.objects.filter(day__lte=today).order_by("-day")[:10]}
    newest = max(days.values(), key=lambda run: run.day, default=None)
    plans = dict(MessagePlan.objects.values_list("congress", "digest_at"))
    tiles = [
        queue_tile(oldest, beats, now),
        beat_tile(beats, now),
        daily_tile(days.get(today), digests.get(today, 0), [settings.DIGEST_HOUR, *plans.values()], now),
        delivery_tile(found),
        backup_tile(now),
    ]
    hours = [hour for pk, hour in plans.items() if congress_ids is None or pk in congress_ids]
    to_do = [f"{tile.label}{tile.state}" for tile in tiles if tile.light in ("red", "orange")]
    return {
        "now": now,
        "tiles": tiles,
        "to_do": to_do,
        "channels": [inbox, *channels],
        "problems": found,
        "jobs": jobs(runs, newest, digests, min(hours, default=settings.DIGEST_HOUR)),
        "week": week(days, digests, now),
        "disk": disk(),
    }


def disk():
    """{percent used, free GB} of the disk that the program writes to."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    free = usage.free / 2**30
    return {
        "used": round((usage.total - usage.free) * 100 / usage.total),
        "free": f"{free / 1024:.1f} TB" if free >= 1024 else f"{free:.1f} GB",
        "light": ("green", "正常") if health.check_disk(None)[0] == health.OK else ("red", "快满了"),
    }
