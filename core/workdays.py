"""Working days and due dates (工作日与期限).

Pure: no Django, no database, no clock of its own; the calendar and the day are always given.  All dates
are Asia/Shanghai dates.  The counting follows the Civil Code (民法典) by analogy:

* art. 201: the starting day is not counted (开始的当日不计入);
* art. 202: a period of months ends on the same day of the last month, or on that month's last day when it
  has no such day;
* art. 203: when the last day is a holiday, the period ends on the next working day.  Rules may switch this
  off (`roll_forward=False`).

Which days are worked follows the State Council's yearly notice, make-up weekends (调休上班) included.  A year
whose notice is not out yet counts with plain weekends and the result is provisional (暂定).
"""

import calendar as _calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

DAY, WORKDAY, MONTH = "day", "workday", "month"
UNITS = {DAY: "天", WORKDAY: "个工作日", MONTH: "个月"}
WEEKEND = "周末"
UNNAMED_HOLIDAY = "放假"
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days that differ from the plain Monday-to-Friday week, and the years whose notice is known.

    `exceptions` maps a date to (is it worked, the holiday's name); `published` holds the years.
    """

    exceptions: Mapping[date, tuple[bool, str]] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def __post_init__(self):
        # A calendar is shared by every request of the process: nobody may change it in place.
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "published", frozenset(self.published))

    def __hash__(self):
        return hash((frozenset(self.exceptions.items()), self.published))

    def __reduce__(self):
        # A mappingproxy cannot be pickled, and a cache keeps its values so.
        return Calendar, (dict(self.exceptions), self.published)

    def is_published(self, year: int) -> bool:
        """Whether the holiday notice of that year is in the calendar."""
        return year in self.published

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day: the notice first, else Monday to Friday."""
        known = self.exceptions.get(day)
        return known[0] if known else day.weekday() < 5

    def is_makeup(self, day: date) -> bool:
        """Whether the day is a weekend day that is worked (调休上班)."""
        return day.weekday() >= 5 and self.is_workday(day)

    def day_name(self, day: date) -> str:
        """The name in the notice (春节), both for days off and for make-up days; else empty."""
        known = self.exceptions.get(day)
        return known[1] if known else ""

    def why_off(self, day: date) -> str:
        """Why the day is not worked: the holiday's name or 周末; empty for a working day."""
        if self.is_workday(day):
            return ""
        return self.day_name(day) or (WEEKEND if day.weekday() >= 5 else UNNAMED_HOLIDAY)


@dataclass(frozen=True)
class NamedDay:
    """A day with its reason: 周末 or the holiday's name; for a make-up day the holiday it makes up for."""

    date: date
    why: str


@dataclass(frozen=True)
class DueDate:
    """A due date with all that is needed to explain it.

    `nominal` is the last day before rolling; `due_on` the day that counts, itself still in time.
    `skipped`: days not counted (unit `workday`); `rolled`: days off from `nominal` until the day before
    `due_on` (units `day` and `month`); `makeup`: worked weekend days that were counted, or that the last day
    fell on; `provisional_years`: years looked at from `start` to `due_on` whose notice is not in the calendar;
    `awaited_years`: those of them whose notice is still to come, later than every year that is.
    """

    start: date
    value: int
    unit: str
    roll_forward: bool
    nominal: date
    due_on: date
    skipped: tuple[NamedDay, ...] = ()
    rolled: tuple[NamedDay, ...] = ()
    makeup: tuple[NamedDay, ...] = ()
    nominal_off: str = ""
    provisional_years: tuple[int, ...] = ()
    awaited_years: tuple[int, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether the date may still move (暂定), since a year it depends on is not published."""
        return bool(self.provisional_years)

    @property
    def counted_from(self) -> date:
        """The first day that counts."""
        return self.start + _ONE

    @property
    def at_month_end(self) -> bool:
        """Whether the target month had no same day, so that its last day was taken (art. 202)."""
        return self.unit == MONTH and self.nominal.day != self.start.day


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier, if negative), or the last day of that month (art. 202).

    Raises ValueError when the result would lie outside the years 1 to 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"the year {year} is outside the calendar")
    return date(year, month + 1, min(day.day, _calendar.monthrange(year, month + 1)[1]))


def next_workday(day: date, calendar: Calendar) -> date:
    """The first working day strictly after `day`."""
    return workday_from(_step(day), calendar)


def workday_from(day: date, calendar: Calendar) -> date:
    """`day` itself if it is worked, else the next working day (art. 203)."""
    while not calendar.is_workday(day):
        day = _step(day)
    return day


def workdays_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is earlier."""
    if last < first:
        return -workdays_between(last, first, calendar)
    return sum(calendar.is_workday(first + _ONE * n) for n in range(1, (last - first).days + 1))


def days_left(due: date, today: date) -> int:
    """Calendar days until the due date: 0 on the day itself, negative when it is over."""
    return (due - today).days


def compute_due(start: date, value: int, unit: str, calendar: Calendar, roll_forward: bool = True) -> DueDate:
    """The due date of `value` days, working days or months counted from `start` (start not counted).

    `unit` is `day`, `workday` or `month`; `roll_forward` concerns `day` and `month`, since a working-day
    period ends on a working day anyway.  Raises ValueError for an unknown unit, a value below 1, or a result
    beyond the year 9999; TypeError when `start` is a datetime (whose date depends on a time zone).
    """
    if isinstance(start, datetime) or not isinstance(start, date):
        raise TypeError("start must be a date")
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    if value < 1:
        raise ValueError("the value must be at least 1")
    if unit == WORKDAY:
        return _count_workdays(start, value, calendar, roll_forward)
    nominal = add_months(start, value) if unit == MONTH else _step(start, value)
    due_on = workday_from(nominal, calendar) if roll_forward else nominal
    rolled = _off_days(nominal, due_on - _ONE, calendar)
    return DueDate(
        start=start,
        value=value,
        unit=unit,
        roll_forward=roll_forward,
        nominal=nominal,
        due_on=due_on,
        rolled=rolled,
        makeup=_makeup_days(nominal, due_on, calendar),
        nominal_off=calendar.why_off(nominal),
        provisional_years=_unpublished(start, due_on, calendar),
        awaited_years=_awaited(start, due_on, calendar),
    )


def _count_workdays(start: date, value: int, calendar: Calendar, roll_forward: bool) -> DueDate:
    day = start
    for _ in range(value):
        day = next_workday(day, calendar)
    return DueDate(
        start=start,
        value=value,
        unit=WORKDAY,
        roll_forward=roll_forward,
        nominal=day,
        due_on=day,
        skipped=_off_days(start + _ONE, day, calendar),
        makeup=_makeup_days(start + _ONE, day, calendar),
        provisional_years=_unpublished(start, day, calendar),
        awaited_years=_awaited(start, day, calendar),
    )


def _step(day: date, days: int = 1) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ValueError("the date lies beyond the year 9999") from None


def days_in(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included; empty when `last` is earlier."""
    return [first + _ONE * n for n in range((last - first).days + 1)]


def _off_days(first: date, last: date, calendar: Calendar) -> tuple[NamedDay, ...]:
    named = ((day, calendar.why_off(day)) for day in days_in(first, last))
    return tuple(NamedDay(day, why) for day, why in named if why)


def _makeup_days(first: date, last: date, calendar: Calendar) -> tuple[NamedDay, ...]:
    days = days_in(first, last)
    return tuple(NamedDay(day, calendar.day_name(day)) for day in days if calendar.is_makeup(day))


def _unpublished(first: date, last: date, calendar: Calendar) -> tuple[int, ...]:
    return tuple(year for year in range(first.year, last.year + 1) if not calendar.is_published(year))


def _awaited(first: date, last: date, calendar: Calendar) -> tuple[int, ...]:
    newest = max(calendar.published, default=0)
    return tuple(year for year in _unpublished(first, last, calendar) if year > newest)
