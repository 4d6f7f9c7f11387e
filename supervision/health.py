"""Whether the installation does its work: what monitoring and the operations page ask. Nothing about cases here.

A check is `ok`, `warning` (somebody should look) or `failing` (something is not being done). A setting says
which checks count; see docs/operations.md.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Min, Q
from django.utils import timezone

from core.backlog import backlog
from core.dates import SHANGHAI
from core.models import Heartbeat
from notifications.models import Delivery, MessagePlan

from .models import DailyRun

OK, WARNING, FAILING = "ok", "warning", "failing"

# The timer beats every half minute; the worker answers it between two tasks.
BEAT_LATE = timedelta(minutes=2)
WORKER_LATE = timedelta(minutes=10)
QUEUE_LATE = timedelta(minutes=10)
DELIVERY_LATE = timedelta(minutes=30)
DAILY_LATE = timedelta(hours=1)
DISK_LOW_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One thing looked at: its code, its state, and in a sentence why."""

    code: str
    state: str
    words: str = ""

    @property
    def is_ok(self):
        return self.state == OK


def database_answers():
    """Whether the database answers a question that touches no table."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except (DatabaseError, InterfaceError):
        return False


def run_checks(now=None):
    """The checks that settings.HEALTH_CHECKS names, as a list of Check, in its order. Raises nothing: when the
    database is away, what is read from it is failing too."""
    now = now or timezone.now()
    return [_run(code, now) for code in settings.HEALTH_CHECKS if code in CHECKS]


def overall(checks):
    """The worst state among the checks."""
    states = {check.state for check in checks}
    return next((state for state in (FAILING, WARNING) if state in states), OK)


def _run(code, now):
    try:
        return Check(code, *CHECKS[code](now))
    except (DatabaseError, InterfaceError):
        return Check(code, FAILING, "数据库没有应答")


def check_database(_now):
    """The database answers."""
    return (OK, "有应答") if database_answers() else (FAILING, "数据库没有应答")


def check_queue(_now):
    """The broker answers, and nothing has been waiting in it for long."""
    found = backlog()
    if found is None:
        return FAILING, "队列服务没有应答"
    if found.age is not None and found.age > QUEUE_LATE.total_seconds():
        return FAILING, f"最久的一条等了 {int(found.age // 60)} 分钟，没有后台进程来取"
    return OK, f"排队 {found.waiting} 条"


def check_beat(now):
    """The timer is alive."""
    return _check_heartbeat("beat", BEAT_LATE, now)


def check_worker(now):
    """The worker takes up what the timer sends."""
    return _check_heartbeat("worker", WORKER_LATE, now)


def _check_heartbeat(name, limit, now):
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if at is None:
        return FAILING, "从来没有心跳"
    silent = int((now - at).total_seconds())
    words = f"{max(silent, 0)} 秒前有心跳"
    return (FAILING if silent > limit.total_seconds() else OK), words


def check_daily(now):
    """Today's digests are made."""
    hours = [settings.DIGEST_HOUR, *MessagePlan.objects.values_list("digest_at", flat=True)]
    return daily_state(DailyRun.objects.filter(day=timezone.localdate(now)).first(), hours, now)


def daily_state(run, hours, now):
    """State and words of today's DailyRun (or None): it has begun an hour after the earliest of the hours that
    congresses have set, and is done an hour after the latest."""
    today = timezone.localdate(now)
    first, last = (
        datetime.combine(today, hour, tzinfo=SHANGHAI) + DAILY_LATE for hour in (min(hours), max(hours))
    )
    if run is not None and run.finished_at is not None:
        return OK, "今天的已做完"
    if now > last or (run is None and now > first):
        return FAILING, "今天的每日任务没有做完" if run else "今天的每日任务没有开始"
    return OK, "今天的时间还没到"


def check_deliveries(now):
    """Messages go out, and none has been given up lately."""
    waiting, failed = Delivery.State.WAITING, Delivery.State.FAILED
    recent = Q(state=failed, next_try_at__gte=now - timedelta(days=1))
    found = Delivery.objects.filter(Q(state=waiting, attempts=0) | recent).aggregate(
        oldest=Min("next_try_at", filter=Q(state=waiting)), failed=Count("pk", filter=Q(state=failed))
    )
    if found["oldest"] is not None and now - found["oldest"] > DELIVERY_LATE:
        return FAILING, f"有消息等了 {int((now - found['oldest']).total_seconds() // 60)} 分钟还没有送"
    if found["failed"]:
        return WARNING, f"一天内有 {found['failed']} 条没有送达"
    return OK, "没有积压"


def check_disk(_now):
    """There is room where the program writes."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    percent = usage.free * 100 // usage.total
    is_low = percent < settings.HEALTH_DISK_FREE_PERCENT or usage.free < DISK_LOW_BYTES
    return (FAILING if is_low else OK), f"余 {percent}%"


CHECKS = {
    "database": check_database,
    "queue": check_queue,
    "beat": check_beat,
    "worker": check_worker,
    "daily": check_daily,
    "deliveries": check_deliveries,
    "disk": check_disk,
}
