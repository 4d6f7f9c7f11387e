"""Due dates over real holiday years; the expected days are counted by hand on the notices."""

from datetime import date, datetime, timedelta

import pytest

from core.builtin import builtin_calendar
from core.workdays import (
    Calendar,
    NamedDay,
    add_months,
    compute_due,
    days_left,
    next_workday,
    workday_from,
    workdays_between,
)
from tests.core import notices

CALENDAR = builtin_calendar()
D = date.fromisoformat


def due(start, value, unit, **options):
    return compute_due(D(start), value, unit, CALENDAR, **options)


@pytest.mark.parametrize("year", notices.NOTICES)
def test_calendar_is_that_of_the_notices(year):
    off, on = notices.breaks(year), notices.makeup_days(year)
    assert CALENDAR.is_published(year)
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in on or (day.weekday() < 5 and day not in off)
        assert CALENDAR.is_workday(day) is expected, day
        if day in off | on:
            assert CALENDAR.day_name(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "value", "expected"),
    [
        ("2026-02-02", 3, "2026-05-06"),  # 2 May lies in the Labour Day break
        ("2026-02-20", 3, "2026-05-20"),
        ("2023-02-20", 3, "2023-05-22"),  # 20 May 2023 is a Saturday
        ("2026-11-30", 3, "2027-03-01"),  # no 30 February; the 28th is a Sunday
        ("2023-11-30", 3, "2024-02-29"),  # leap year, Thursday
        ("2022-11-30", 3, "2023-02-28"),
        ("2026-01-31", 1, "2026-02-28"),  # Saturday, but worked
        ("2025-01-31", 1, "2025-02-28"),
        ("2020-01-31", 1, "2020-03-02"),  # 29 February 2020 is a Saturday
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-07-01", 3, "2026-10-08"),  # over National Day
        ("2026-07-10", 3, "2026-10-10"),  # Saturday, worked for National Day
        ("2025-07-01", 3, "2025-10-09"),  # eight days: National Day and Mid-autumn
        ("2025-07-11", 3, "2025-10-11"),  # Saturday, worked
        ("2025-07-12", 3, "2025-10-13"),  # Sunday after it
        ("2023-06-29", 3, "2023-10-07"),  # Saturday, worked, ends the break
        ("2020-01-02", 1, "2020-02-03"),  # the Spring Festival extended to 2 February
        ("2019-10-27", 3, "2020-02-03"),  # 27 January lies in it as well
        ("2026-08-27", 6, "2027-03-01"),  # 27 February 2027 is a Saturday
        ("2026-06-30", 6, "2026-12-30"),
    ],
)
def test_months(start, value, expected):
    assert due(start, value, "month").due_on == D(expected)


@pytest.mark.parametrize(
    ("start", "value", "expected"),
    [
        ("2026-02-04", 20, "2026-03-10"),  # Spring Festival and both its make-up Saturdays
        ("2026-02-13", 1, "2026-02-14"),  # Friday to the worked Saturday
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-01-02", 1, "2026-01-04"),  # a worked Sunday after New Year
        ("2026-01-23", 7, "2026-02-03"),
        ("2026-02-02", 7, "2026-02-11"),
        ("2020-01-21", 3, "2020-02-03"),
        ("2020-01-17", 5, "2020-01-23"),  # Sunday 19 January was worked
        ("2019-01-31", 5, "2019-02-12"),
        ("2021-02-05", 5, "2021-02-18"),
        ("2022-01-28", 5, "2022-02-09"),
        ("2023-01-19", 5, "2023-01-31"),
        ("2024-02-08", 5, "2024-02-21"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2022-12-30", 2, "2023-01-04"),  # a break that began in December
        ("2023-12-29", 1, "2024-01-02"),
        ("2025-09-30", 2, "2025-10-10"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-12-28", 5, "2027-01-04"),  # plain weekends beyond the published years
    ],
)
def test_workdays(start, value, expected):
    assert due(start, value, "workday").due_on == D(expected)


@pytest.mark.parametrize(
    ("start", "value", "expected"),
    [
        ("2026-04-21", 10, "2026-05-06"),  # 1 May
        ("2026-04-20", 10, "2026-04-30"),
        ("2026-09-10", 30, "2026-10-10"),
        ("2020-01-14", 10, "2020-02-03"),
        ("2024-02-19", 10, "2024-02-29"),
    ],
)
def test_days(start, value, expected):
    assert due(start, value, "day").due_on == D(expected)


def test_strict_rule_does_not_roll():
    result = due("2026-02-02", 3, "month", roll_forward=False)
    assert result.due_on == result.nominal == D("2026-05-02")
    assert result.rolled == ()
    assert result.nominal_off == "劳动节"


def test_rolling_keeps_the_days_rolled_over():
    result = due("2026-02-02", 3, "month")
    assert result.nominal == D("2026-05-02")
    assert [day.date.day for day in result.rolled] == [2, 3, 4, 5]
    assert {day.why for day in result.rolled} == {"劳动节"}
    assert not result.at_month_end
    assert due("2026-11-30", 3, "month").at_month_end


def test_workdays_keep_skipped_and_makeup_days():
    result = due("2026-02-04", 20, "workday")
    assert result.counted_from == D("2026-02-05")
    assert len(result.skipped) == 14
    assert sum(day.why == "周末" for day in result.skipped) == 5
    assert sum(day.why == "春节" for day in result.skipped) == 9
    assert result.makeup == (NamedDay(D("2026-02-14"), "春节"), NamedDay(D("2026-02-28"), "春节"))
    assert not result.provisional


@pytest.mark.parametrize(
    ("start", "value", "unit", "years"),
    [
        ("2026-11-30", 3, "month", (2027,)),
        ("2026-12-28", 5, "workday", (2027,)),
        ("2026-12-21", 10, "day", ()),
        ("2026-12-22", 10, "day", (2027,)),
        ("2026-12-02", 30, "day", (2027,)),  # 1 January, counted as a plain Friday for now
        ("2026-12-24", 5, "workday", ()),
        ("2026-12-31", 24, "month", (2027, 2028, 2029)),  # 31 December 2028 is a Sunday
    ],
)
def test_unpublished_years_are_provisional(start, value, unit, years):
    result = due(start, value, unit)
    assert result.provisional_years == years
    assert result.provisional is bool(years)


def test_publishing_the_year_moves_a_provisional_date():
    before = due("2026-11-30", 20, "workday")
    assert before.due_on == D("2026-12-28")
    before = due("2026-12-28", 5, "workday")
    holiday = {D("2027-01-01"): (False, "元旦")}
    published = Calendar({**CALENDAR.exceptions, **holiday}, CALENDAR.published | {2027})
    after = compute_due(D("2026-12-28"), 5, "workday", published)
    assert (before.due_on, after.due_on) == (D("2027-01-04"), D("2027-01-05"))
    assert before.provisional
    assert not after.provisional


def test_neighbouring_workdays():
    assert next_workday(D("2026-02-14"), CALENDAR) == D("2026-02-24")
    assert workday_from(D("2026-02-14"), CALENDAR) == D("2026-02-14")
    assert workday_from(D("2026-10-01"), CALENDAR) == D("2026-10-08")


def test_workdays_between():
    assert workdays_between(D("2026-04-22"), D("2026-05-06"), CALENDAR) == 7
    assert workdays_between(D("2026-05-06"), D("2026-04-22"), CALENDAR) == -7
    assert workdays_between(D("2026-05-06"), D("2026-05-06"), CALENDAR) == 0


@pytest.mark.parametrize(("today", "left"), [("2026-04-22", 14), ("2026-05-06", 0), ("2026-05-08", -2)])
def test_days_left(today, left):
    assert days_left(D("2026-05-06"), D(today)) == left


def test_add_months_backwards():
    assert add_months(D("2024-03-31"), -1) == D("2024-02-29")


@pytest.mark.parametrize(
    ("start", "value", "unit", "error"),
    [
        (date(2026, 1, 1), 0, "day", ValueError),
        (date(2026, 1, 1), -3, "month", ValueError),
        (date(2026, 1, 1), 3, "year", ValueError),
        (date(9999, 12, 31), 1, "day", ValueError),
        (date(9999, 12, 31), 1, "workday", ValueError),
        (date(9999, 12, 31), 1, "month", ValueError),
        (datetime(2026, 1, 1), 3, "month", TypeError),
        ("2026-01-01", 3, "month", TypeError),
    ],
)
def test_refused_input(start, value, unit, error):
    with pytest.raises(error):
        compute_due(start, value, unit, CALENDAR)


def test_calendar_cannot_be_changed_in_place():
    with pytest.raises(TypeError):
        CALENDAR.exceptions[D("2027-01-01")] = (False, "元旦")
