"""How a date or time is written for readers (日期写法).

Pure functions, no Django.  A date is a `datetime.date` of Asia/Shanghai; an aware `datetime` is turned
into Shanghai time first.  `today` is the reader's day: a date of the same year is written without its
year, any other with it; without `today` the year is always written.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def as_date(value: date | datetime) -> date:
    """The Shanghai date of a date or a datetime (a naive datetime counts as Shanghai time)."""
    return as_shanghai(value).date() if isinstance(value, datetime) else value


def as_shanghai(moment: datetime) -> datetime:
    """The moment as a Shanghai datetime; a naive one counts as Shanghai time already."""
    return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def cn_weekday(value: date | datetime) -> str:
    """周一 … 周日."""
    return WEEKDAYS[as_date(value).weekday()]


def cn_date(value: date | datetime, today: date | None = None) -> str:
    """4月22日, or 2026年2月2日 when the year is not the year of `today`."""
    day = as_date(value)
    short = f"{day.month}月{day.day}日"
    return short if today is not None and today.year == day.year else f"{day.year}年{short}"


def cn_deadline(value: date | datetime, today: date | None = None) -> str:
    """5月6日（周三）: a date that something is due on carries its weekday."""
    return f"{cn_date(value, today)}（{cn_weekday(value)}）"


def cn_time(moment: datetime) -> str:
    """15:20, Shanghai time."""
    return as_shanghai(moment).strftime("%H:%M")


def cn_datetime(moment: datetime, today: date | None = None) -> str:
    """4月22日 10:31, Shanghai time; the year rule is that of `cn_date`."""
    return f"{cn_date(moment, today)} {cn_time(moment)}"


def cn_range(first: date, last: date, today: date | None = None) -> str:
    """2月15日至23日, 1月31日至2月6日, 12月30日至2027年1月1日; one day alone is `cn_date`."""
    start = cn_date(first, today)
    if first == last:
        return start
    if first.year != last.year:
        return f"{start}至{last.year}年{last.month}月{last.day}日"
    if first.month != last.month:
        return f"{start}至{last.month}月{last.day}日"
    return f"{start}至{last.day}日"


def cn_day_list(days: Iterable[date], today: date | None = None) -> str:
    """Days in order, neighbours drawn together: 2月7日至8日、2月14日、3月1日."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return "、".join(cn_range(first, last, today) for first, last in runs)


def cn_days_left(days: int) -> str:
    """还剩 19 天, 今天到期 or 超期 2 天, from the number that `workdays.days_left` returns."""
    if days > 0:
        return f"还剩 {days} 天"
    return "今天到期" if days == 0 else f"超期 {-days} 天"
