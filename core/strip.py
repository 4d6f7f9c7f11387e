"""Calendars to look at: the weeks in which a due date was counted, a whole year (日历条、全年日历).  Pure."""

import calendar as _calendar
from dataclasses import dataclass
from datetime import date, timedelta

from core.workdays import WORKDAY, Calendar, DueDate, days_in


@dataclass(frozen=True)
class DayCell:
    """One day of the calendar strip.

    `kind`: work, makeup, weekend or holiday; `name`: the holiday's; `count`: its place among the counted
    working days (unit `workday` only); `counted`: after the starting day and not after the due date.
    """

    date: date
    kind: str
    name: str = ""
    count: int | None = None
    counted: bool = False
    is_start: bool = False
    is_nominal: bool = False
    is_due: bool = False


def calendar_weeks(due: DueDate, calendar: Calendar) -> list[list[DayCell | None]]:
    """Weeks from Monday to Sunday that show how the due date was found.

    A working-day period is shown from its starting to its last day, other days of these weeks being None; of
    the other periods only the weeks from their nominal last day to the due date, since the days before are
    simply counted through.
    """
    first = due.start if due.unit == WORKDAY else max(due.start, _monday(due.nominal))
    last = due.due_on if due.unit == WORKDAY else _monday(due.due_on) + timedelta(days=6)
    cells: list[DayCell | None] = []
    count = 0
    for day in days_in(_monday(first), _monday(last) + timedelta(days=6)):
        if not first <= day <= last:
            cells.append(None)
            continue
        counted = due.start < day <= due.due_on and (due.unit != WORKDAY or calendar.is_workday(day))
        count += counted
        cells.append(_cell(day, due, calendar, counted, count))
    return [cells[i : i + 7] for i in range(0, len(cells), 7)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_kind(day: date, calendar: Calendar) -> str:
    """work, makeup, weekend or holiday."""
    if calendar.is_workday(day):
        return "makeup" if calendar.is_makeup(day) else "work"
    return "holiday" if calendar.day_name(day) or day.weekday() < 5 else "weekend"


def _cell(day: date, due: DueDate, calendar: Calendar, counted: bool, count: int) -> DayCell:
    return DayCell(
        date=day,
        kind=day_kind(day, calendar),
        name=calendar.day_name(day),
        count=count if counted and due.unit == WORKDAY else None,
        counted=counted,
        is_start=day == due.start,
        is_nominal=day == due.nominal,
        is_due=day == due.due_on,
    )


def year_months(year: int, calendar: Calendar) -> list[list[list[DayCell | None]]]:
    """The twelve months of a year, each a list of weeks from Monday; days outside the month are None."""
    weeks_of = _calendar.Calendar(firstweekday=0).monthdatescalendar
    return [
        [[_plain_cell(day, calendar) if day.month == month else None for day in week] for week in weeks]
        for month, weeks in ((month, weeks_of(year, month)) for month in range(1, 13))
    ]


def _plain_cell(day: date, calendar: Calendar) -> DayCell:
    return DayCell(date=day, kind=day_kind(day, calendar), name=calendar.day_name(day))
