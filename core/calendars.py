"""The calendar in the database: reading it fast, changing it safely, telling who depends on it.

Caching: each process keeps the last calendar per scope together with its `CalendarVersion` tokens.  Every
`load_calendar` asks for the tokens (one small query) and rebuilds only when they differ, so a change made in
one process is seen by all others at their next call, without a message between them.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import date

from django.core.cache import cache
from django.db import transaction

from core.builtin import NOTICES, builtin_calendar
from core.models import NATIONAL, CalendarDay, CalendarVersion, CalendarYear
from core.workdays import Calendar

ChangeCallback = Callable[[str, frozenset[int]], None]

PAGE_SECONDS = 30

_cache: dict[str, tuple[tuple, Calendar]] = {}
_callbacks: list[ChangeCallback] = []


def load_calendar(scope: str = NATIONAL) -> Calendar:
    """The calendar that holds for `scope`: the national one, overlaid by the scope's own days.

    A year without a national row comes from the built-in calendar, or is unpublished if that lacks it too;
    the scope's own rows never make a year published.  Costs one query when cached, three otherwise.
    """
    scopes = {NATIONAL, scope}
    versions = CalendarVersion.objects.filter(scope__in=scopes).order_by("scope")
    key = tuple(versions.values_list("scope", "token"))
    held = _cache.get(scope)
    if key and held and held[0] == key:
        return held[1]
    calendar = _read(scope)
    if key:
        _cache[scope] = (key, calendar)
    return calendar


def calendar_for_pages(scope: str = NATIONAL) -> Calendar:
    """The calendar for showing dates in lists; may be half a minute old. Never for deciding."""
    key = f"calendar:{scope}"
    calendar = cache.get(key)
    if calendar is None:
        calendar = load_calendar(scope)
        cache.set(key, calendar, PAGE_SECONDS)
    return calendar


def _read(scope: str) -> Calendar:
    years = frozenset(CalendarYear.objects.filter(scope=NATIONAL).values_list("year", flat=True))
    rows = CalendarDay.objects.filter(scope__in={NATIONAL, scope})
    days = {NATIONAL: {}, scope: {}}
    for row_scope, day, is_workday, name in rows.values_list("scope", "date", "is_workday", "name"):
        days[row_scope][day] = (is_workday, name)
    builtin = builtin_calendar()
    base = {day: known for day, known in builtin.exceptions.items() if day.year not in years}
    return Calendar({**base, **days[NATIONAL], **days[scope]}, builtin.published | years)


def on_calendar_change(callback: ChangeCallback) -> ChangeCallback:
    """Have `callback(scope, years)` called after each committed change; usable as a decorator.

    `scope` is "" for the national calendar (which every scope rests on); `years` are the years that had a day
    changed or were published or withdrawn.  Register in `AppConfig.ready()`.  A callback that raises is
    logged and stops neither the change nor the others.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def calendar_changed(scope: str, years: Iterable[int]) -> None:
    """Note a change of the rows of `scope`: a new version now, the callbacks after commit.

    To be called inside the transaction that makes the change, after it.
    """
    touched = frozenset(years)
    CalendarVersion.objects.update_or_create(scope=scope, defaults={"token": uuid.uuid4()})
    for callback in list(_callbacks):
        transaction.on_commit(lambda call=callback: call(scope, touched), robust=True)


@transaction.atomic
def save_year(
    year: int,
    days: dict[date, tuple[bool, str]],
    *,
    scope: str = NATIONAL,
    source: str = "",
    published_on: date | None = None,
    replace: bool = False,
) -> CalendarYear:
    """Enter the notice of a year: `days` maps a date to (is it worked, name).

    Days may reach into the December before (a notice can set its last days).  With `replace` the year's other
    days go; without, they stay.  Empty `source` and `published_on` leave known ones alone.
    """
    builtin = builtin_calendar()
    for touched in {year} | {day.year for day in days}:
        # The first row of a year takes over from the built-in calendar: bring its days along.
        if scope == NATIONAL and builtin.is_published(touched):
            _take_over({touched})
    row, _ = CalendarYear.objects.get_or_create(scope=scope, year=year)
    row.source = source or row.source
    row.published_on = published_on or row.published_on
    row.save()
    if replace:
        CalendarDay.objects.filter(scope=scope, date__year=year).exclude(date__in=days).delete()
    _put_days(scope, days)
    calendar_changed(scope, {year} | {day.year for day in days})
    return row


def _put_days(scope: str, days: dict[date, tuple[bool, str]]) -> None:
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(scope=scope, date=day, is_workday=is_workday, name=name)
            for day, (is_workday, name) in days.items()
        ],
        update_conflicts=True,
        unique_fields=["scope", "date"],
        update_fields=["is_workday", "name"],
    )


@transaction.atomic
def seed_calendar() -> list[int]:
    """Enter those years of the built-in calendar that the national rows lack; returns them.

    Years already present stay as they are, with every edit, and a second run changes nothing.  A new notice
    may also set days of the December before it: those are added where the day has no row.
    """
    new = _take_over(builtin_calendar().published)
    if new:
        calendar_changed(NATIONAL, new)
    return new


def _take_over(years: Iterable[int]) -> list[int]:
    """Make rows of those built-in years that have none yet; returns them in order."""
    have = set(CalendarYear.objects.filter(scope=NATIONAL).values_list("year", flat=True))
    new = sorted(set(years) - have)
    CalendarYear.objects.bulk_create(
        # Two servers starting on one database may both seed it.
        (CalendarYear(year=year, **_notice(year)) for year in new),
        ignore_conflicts=True,
    )
    CalendarDay.objects.bulk_create(
        (
            CalendarDay(date=day, is_workday=is_workday, name=name)
            for day, (is_workday, name) in sorted(builtin_calendar().exceptions.items())
            if day.year in new or (day.month == 12 and day.year + 1 in new)
        ),
        ignore_conflicts=True,
    )
    return new


def _notice(year: int) -> dict:
    source, published_on = NOTICES.get(year, ("", None))
    return {"source": source, "published_on": published_on}


@transaction.atomic
def delete_year(row: CalendarYear) -> None:
    """Remove a year with its days; a national one then counts as the built-in calendar has it, if it does."""
    CalendarDay.objects.filter(scope=row.scope, date__year=row.year).delete()
    scope, year = row.scope, row.year
    row.delete()
    calendar_changed(scope, {year})
