"""Date filters: `{% load dates %}`, then `{{ day|cn_date }}` or `{{ day|cn_date:today }}`.

Without an argument "today" is the current Shanghai date. An empty value gives an empty string.
"""

from datetime import date

from django import template
from django.utils import timezone

from core import dates

register = template.Library()


@register.filter
def cn_date(value, today: date | None = None) -> str:
    """4月22日, with the year when it is not this year's."""
    return dates.cn_date(value, today or timezone.localdate()) if value else ""


@register.filter
def cn_deadline(value, today: date | None = None) -> str:
    """5月6日（周三）, for a date that something is due on."""
    return dates.cn_deadline(value, today or timezone.localdate()) if value else ""


@register.filter
def cn_datetime(value, today: date | None = None) -> str:
    """4月22日 10:31, Shanghai time."""
    return dates.cn_datetime(value, today or timezone.localdate()) if value else ""


@register.filter
def cn_time(value) -> str:
    """15:20, Shanghai time."""
    return dates.cn_time(value) if value else ""


@register.filter
def cn_weekday(value) -> str:
    """周三."""
    return dates.cn_weekday(value) if value else ""


@register.filter
def cn_days_left(due, today: date | None = None) -> str:
    """还剩 19 天, 今天到期 or 超期 2 天."""
    return dates.cn_days_left((dates.as_date(due) - (today or timezone.localdate())).days) if due else ""
