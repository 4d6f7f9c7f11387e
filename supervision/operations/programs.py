"""The programs nobody sees, and what they do periodically: jobs, the last seven days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.calendars import load_calendar
from notifications.upkeep import reason


@dataclass
class Job:
    """One row of 定时任务."""

    label: str
    last: datetime | None = None
    seconds: float | None = None
    words: str = ""
    next: str = ""
    light: tuple = ("grey", "还没有做过")


def jobs(runs, newest, digests, hour):
    """The periodic jobs: list of Job. `newest`: the newest DailyRun or None; `digests`: {date: how many}."""
    return [
        _daily_job(newest, digests, hour),
        _job("补发消息", runs.get("deliver"), "每分钟", _sent_words),
        _job("清理过期数据", runs.get("tidy"), "每天一次", _tidied_words),
    ]


def _daily_job(run, digests, hour):
    job = Job("到期提醒和每日汇总", next=f"每天 {hour:%H:%M} 起")
    if run is None:
        return job
    job.last = run.started_at
    if run.finished_at is None:
        job.light = ("yellow", "在做")
        return job
    job.seconds = (run.finished_at - run.started_at).total_seconds()
    counts = run.counts
    job.words = f"新提醒 {counts.get('reminders', 0)} 条，汇总 {digests.get(run.day, 0)} 份"
    if counts.get("silent"):
        job.words += f"，记为未表态 {counts['silent']} 件"
    job.light = ("green", "正常")
    return job


def _job(label, run, every, words_of):
    job = Job(label, next=every)
    if run is None:
        return job
    job.last, job.seconds = run.started_at, run.seconds
    if run.failed_at is not None:
        job.words, job.light = reason(run.error), ("red", "没有做完")
    elif run.finished_at is None or run.finished_at < run.started_at:
        job.light = ("yellow", "在做")
    else:
        job.words, job.light = words_of(run.counts), ("green", "正常")
    return job


def _sent_words(counts):
    if counts.get("failed"):
        return f"送出 {counts.get('sent', 0)} 条，没送出 {counts['failed']} 条"
    return f"送出 {counts['sent']} 条" if counts.get("sent") else "没有要送的"


def _tidied_words(counts):
    removed = sum(counts.values())
    return f"清理 {removed} 条" if removed else "没有过期的"


def week(runs, digests, now):
    """近 7 天每日提醒, newest first: dicts of day, is_workday, run (DailyRun or None), people, is_done."""
    calendar, today = load_calendar(), timezone.localdate(now)
    rows = []
    for back in range(7):
        day = today - timedelta(days=back)
        run = runs.get(day)
        rows.append(
            {
                "day": day,
                "is_workday": calendar.is_workday(day),
                "run": run,
                "people": digests.get(day, 0),
                "is_done": bool(run and run.finished_at),
            }
        )
    return rows
