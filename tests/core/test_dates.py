"""Dates as readers see them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template

from core import dates

TODAY = date(2026, 4, 22)


@pytest.mark.parametrize(
    ("day", "short", "deadline"),
    [
        (date(2026, 4, 22), "4月22日", "4月22日（周三）"),
        (date(2026, 5, 6), "5月6日", "5月6日（周三）"),
        (date(2027, 3, 1), "2027年3月1日", "2027年3月1日（周一）"),
        (date(2025, 12, 31), "2025年12月31日", "2025年12月31日（周三）"),
    ],
)
def test_date_and_deadline(day, short, deadline):
    assert dates.cn_date(day, TODAY) == short
    assert dates.cn_deadline(day, TODAY) == deadline


def test_without_today_the_year_is_written():
    assert dates.cn_date(TODAY) == "2026年4月22日"


def test_moment_is_shown_in_shanghai_time():
    moment = datetime(2026, 12, 31, 16, 5, tzinfo=UTC)
    assert dates.cn_datetime(moment, TODAY) == "2027年1月1日 00:05"
    assert dates.as_date(moment) == date(2027, 1, 1)
    assert dates.cn_time(datetime(2026, 4, 22, 9, 3)) == "09:03"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 2, 15), date(2026, 2, 23), "2月15日至23日"),
        (date(2026, 1, 31), date(2026, 2, 6), "1月31日至2月6日"),
        (date(2026, 12, 30), date(2027, 1, 1), "12月30日至2027年1月1日"),
        (date(2026, 2, 15), date(2026, 2, 15), "2月15日"),
        (date(2027, 1, 1), date(2027, 1, 3), "2027年1月1日至3日"),
    ],
)
def test_range(first, last, words):
    assert dates.cn_range(first, last, TODAY) == words


def test_list_draws_neighbours_together():
    days = [date(2026, 3, 1), date(2026, 2, 8), date(2026, 2, 7), date(2026, 2, 14)]
    assert dates.cn_day_list(days, TODAY) == "2月7日至8日、2月14日、3月1日"


@pytest.mark.parametrize(("days", "words"), [(19, "还剩 19 天"), (0, "今天到期"), (-2, "超期 2 天")])
def test_days_left(days, words):
    assert dates.cn_days_left(days) == words


def render(text, **context):
    return Template("{% load dates %}" + text).render(Context(context))


def test_filters_with_a_given_today():
    day = date(2027, 3, 1)
    assert render("{{ day|cn_date:today }}", day=day, today=TODAY) == "2027年3月1日"
    assert render("{{ day|cn_deadline:today }}", day=day, today=day) == "3月1日（周一）"
    assert render("{{ day|cn_days_left:today }}", day=date(2026, 5, 6), today=TODAY) == "还剩 14 天"
    assert render("{{ day|cn_weekday }}", day=day) == "周一"


@time_machine.travel("2026-12-31T16:30:00+00:00")
def test_filters_take_today_from_shanghai():
    moment = datetime(2026, 12, 31, 16, 5, tzinfo=UTC)
    assert (
        render("{{ m|cn_date }}|{{ m|cn_datetime }}|{{ m|cn_time }}", m=moment) == "1月1日|1月1日 00:05|00:05"
    )
    assert render("{{ day|cn_date }}", day=date(2026, 12, 31)) == "2026年12月31日"


@pytest.mark.parametrize(
    "name", ["cn_date", "cn_deadline", "cn_datetime", "cn_time", "cn_weekday", "cn_days_left"]
)
def test_filters_leave_nothing_for_nothing(name):
    assert render("{{ day|" + name + " }}", day=None) == ""
