"""The five figures on top of the operations page: what is well, and what somebody has to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from core.backlog import backlog
from core.dates import SHANGHAI
from supervision import health


@dataclass
class Tile:
    """One of the figures on top."""

    label: str
    light: str
    state: str
    value: str
    unit: str = ""
    words: str = ""


def queue_tile(oldest, beats, now):
    """任务排队: how long the oldest thing has been waiting, in the broker or as a row. `oldest`: since when a
    message waits that nobody has tried to send yet."""
    found = backlog()
    if found is None:
        return Tile(
            "任务排队", "red", "连不上", "—", "", "队列服务没有应答；要发的消息都在数据库里，恢复后补发"
        )
    row_age = (now - oldest).total_seconds() if oldest else 0
    seconds = int(max(found.age or 0, row_age, 0))
    light = ("green", "正常")
    if seconds > health.QUEUE_LATE.total_seconds():
        light = ("red", "没人来取") if _is_late(beats.get("worker"), now) else ("orange", "送得慢")
    value, unit = span(seconds)
    words = f"最久的一条等了 {value} {unit}" if seconds else "没有等着的"
    return Tile("任务排队", *light, value, unit, f"{words}，排队 {found.waiting} 条")


def _is_late(worker, now):
    return worker is None or now - worker > health.WORKER_LATE


def beat_tile(beats, now):
    """定时器心跳, and the worker's beside it."""
    at, worker = beats.get("beat"), beats.get("worker")
    if at is None:
        return Tile("定时器心跳", "red", "没有心跳", "—", "", "定时器没有运行过")
    silent = max(0, int((now - at).total_seconds()))
    is_late = timedelta(seconds=silent) > health.BEAT_LATE
    light, state = (
        ("red", "停了") if is_late else ("orange", "后台没动") if _is_late(worker, now) else ("green", "正常")
    )
    value, unit = span(silent)
    back = f"后台任务 {timezone.localtime(worker):%H:%M:%S}" if worker else "后台任务没有运行过"
    return Tile(
        "定时器心跳",
        light,
        state,
        value,
        f"{unit}前",
        f"{timezone.localtime(at):%H:%M:%S}，每 30 秒一次；{back}",
    )


def daily_tile(run, people, hours, now):
    """今天的提醒. `run`: today's DailyRun or None; `people`: who has a digest of today; `hours`: when the
    congresses have their digests made."""
    state, words = health.daily_state(run, hours, now)
    if run is None:
        light = ("grey", "还没到") if state == health.OK else ("red", "没有开始")
        return Tile("今天的提醒", *light, "—", "", words)
    start = f"{timezone.localtime(run.started_at):%H:%M}"
    if run.finished_at is None:
        light = ("red", "没有做完") if state == health.FAILING else ("yellow", "在做")
        return Tile("今天的提醒", *light, start, "", "已开始，还没有做完")
    value, unit = span(int((run.finished_at - run.started_at).total_seconds()))
    return Tile("今天的提醒", "green", "正常", start, "", f"用 {value} {unit}，汇总 {people} 份")


def delivery_tile(found):
    """消息送达."""
    if found.failed:
        worst = next(row for row in found.rows if row["is_failed"])
        return Tile(
            "消息送达",
            "orange",
            "要处理",
            str(found.failed),
            "条没送达",
            f"{worst['channel']}：{worst['reason']}",
        )
    if found.retrying:
        return Tile(
            "消息送达", "yellow", "在重试", str(found.retrying), "条在重试", "系统自己会再试，不用您做什么"
        )
    return Tile("消息送达", "green", "正常", "0", "条没送达", "站内消息都已送到")


def backup_tile(now):
    """备份: only what the stamp of the backup script tells."""
    try:
        at = datetime.fromtimestamp(settings.BACKUP_STAMP.stat().st_mtime, tz=SHANGHAI)
    except OSError:
        return Tile("备份", "grey", "没有记录", "—", "", "备份脚本还没有留下记录，做法见安装说明“备份”")
    hours = max(0.0, (now - at).total_seconds() / 3600)
    light = ("green", "正常") if hours <= settings.BACKUP_MAX_HOURS else ("orange", "该备份了")
    value, unit = span(int(hours * 3600))
    return Tile("备份", *light, value, f"{unit}前", f"{at.month}月{at.day}日 {at:%H:%M} 完成")


def span(seconds):
    """("12", "秒"), ("5", "分钟"), ("7", "小时"), ("3", "天")."""
    for size, unit in ((86400 * 2, "天"), (3600 * 2, "小时"), (60 * 2, "分钟")):
        if seconds >= size:
            return str(seconds // (size // 2)), unit
    return str(seconds), "秒"
