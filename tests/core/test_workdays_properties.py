"""What holds for every start, period and calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.builtin import builtin_calendar
from core.strip import calendar_weeks
from core.workdays import Calendar, add_months, compute_due, workdays_between

starts = st.dates(date(2018, 1, 1), date(2028, 12, 31))
values = st.integers(1, 90)
units = st.sampled_from(["day", "workday", "month"])
made_up = st.builds(
    Calendar,
    st.dictionaries(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.tuples(st.booleans(), st.just("节"))),
    st.frozensets(st.integers(2018, 2030)),
)
calendars = st.one_of(st.just(builtin_calendar()), made_up)


@given(starts, values, units, calendars, st.booleans())
def test_due_lies_after_start(start, value, unit, calendar, roll):
    assert compute_due(start, value, unit, calendar, roll).due_on > start


@given(starts, values, units, calendars)
def test_due_is_a_working_day(start, value, unit, calendar):
    assert calendar.is_workday(compute_due(start, value, unit, calendar).due_on)


@given(starts, values, units, calendars, st.booleans())
def test_one_more_is_never_earlier(start, value, unit, calendar, roll):
    less = compute_due(start, value, unit, calendar, roll).due_on
    assert compute_due(start, value + 1, unit, calendar, roll).due_on >= less


@given(starts, values, calendars)
def test_as_many_working_days_as_asked(start, value, calendar):
    due = compute_due(start, value, "workday", calendar)
    assert workdays_between(start, due.due_on, calendar) == value
    assert (due.due_on - start).days == value + len(due.skipped)


@given(starts, values, units, calendars)
def test_starting_later_is_never_due_earlier(start, value, unit, calendar):
    first = compute_due(start, value, unit, calendar).due_on
    assert compute_due(start + timedelta(days=1), value, unit, calendar).due_on >= first


@given(starts, values, units, calendars)
def test_rolled_days_fill_the_gap(start, value, unit, calendar):
    due = compute_due(start, value, unit, calendar)
    assert (due.due_on - due.nominal).days == len(due.rolled)
    assert not any(calendar.is_workday(day.date) for day in due.rolled + due.skipped)
    assert all(calendar.is_makeup(day.date) for day in due.makeup)


@given(starts, values, units, calendars)
def test_provisional_when_a_year_is_missing(start, value, unit, calendar):
    due = compute_due(start, value, unit, calendar)
    years = range(start.year, due.due_on.year + 1)
    assert due.provisional is not all(map(calendar.is_published, years))


@given(starts, st.integers(-60, 60))
def test_months_land_in_the_month(start, months):
    end = add_months(start, months)
    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(starts, st.integers(1, 30), units, calendars)
def test_strip_shows_the_due_date_and_every_count(start, value, unit, calendar):
    due = compute_due(start, value, unit, calendar)
    weeks = calendar_weeks(due, calendar)
    cells = [cell for week in weeks for cell in week if cell]
    assert all(len(week) == 7 for week in weeks)
    assert [cell.date for cell in cells if cell.is_due] == [due.due_on]
    assert [cell.count for cell in cells if cell.count] == (
        list(range(1, value + 1)) if unit == "workday" else []
    )
