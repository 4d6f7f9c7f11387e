"""The calendar in the database: seeding, overlay, the cache, and telling those who depend on it."""

from datetime import date
from importlib import import_module
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import transaction

from core import calendars
from core.builtin import builtin_calendar
from core.calendars import (
    calendar_changed,
    calendar_for_pages,
    delete_year,
    load_calendar,
    on_calendar_change,
    save_year,
    seed_calendar,
)
from core.models import CalendarDay, CalendarVersion, CalendarYear

pytestmark = pytest.mark.django_db
NEW_YEAR = {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 2): (False, "元旦")}


@pytest.fixture
def told(monkeypatch):
    """Collects what the registered callbacks are told."""
    calls = []
    monkeypatch.setattr(calendars, "_callbacks", [])
    on_calendar_change(lambda scope, years: calls.append((scope, set(years))))
    return calls


def test_unseeded_database_answers_with_the_builtin_calendar():
    assert load_calendar() == builtin_calendar()


def test_pages_keep_a_calendar_for_a_while_and_decisions_do_not(django_assert_num_queries):
    seed_calendar()
    shown = calendar_for_pages("lanjiang")
    assert shown == load_calendar("lanjiang")
    save_year(2027, NEW_YEAR)
    with django_assert_num_queries(0):
        assert calendar_for_pages("lanjiang") == shown
    assert load_calendar("lanjiang").is_published(2027) and not shown.is_published(2027)


def test_seeding_twice_changes_nothing():
    assert seed_calendar() == list(range(2004, 2027))
    rows = list(CalendarDay.objects.values_list())
    token = CalendarVersion.objects.get().token
    assert seed_calendar() == []
    assert list(CalendarDay.objects.values_list()) == rows
    assert CalendarVersion.objects.get().token == token
    assert load_calendar() == builtin_calendar()


def test_seeding_keeps_edits():
    seed_calendar()
    save_year(2026, {date(2026, 3, 12): (False, "临时放假")})
    CalendarDay.objects.filter(date=date(2026, 10, 10)).delete()
    seed_calendar()
    assert not load_calendar().is_workday(date(2026, 3, 12))
    assert not CalendarDay.objects.filter(date=date(2026, 10, 10)).exists()


def test_seeding_a_new_year_brings_its_december_days():
    """The notice of 2019 made 29 December 2018 a working day; of 2023, 31 December 2022 a day off."""
    seed_calendar()
    delete_year(CalendarYear.objects.get(year=2023))
    CalendarDay.objects.filter(date=date(2022, 12, 31)).delete()
    assert seed_calendar() == [2023]
    assert CalendarDay.objects.filter(date=date(2022, 12, 31), is_workday=False).exists()


def test_command_says_what_it_did(capsys):
    call_command("seed_calendar")
    assert capsys.readouterr().out == "已写入 23 个年份的放假安排：2004—2026 年。\n"
    call_command("seed_calendar")
    assert capsys.readouterr().out == "放假安排已齐全，没有改动。\n"


def test_new_year_becomes_published():
    assert not load_calendar().is_published(2027)
    row = save_year(2027, NEW_YEAR, source="国办发明电〔2026〕1号", published_on=date(2026, 11, 10))
    calendar = load_calendar()
    assert calendar.is_published(2027)
    assert calendar.is_published(2026)
    assert calendar.day_name(date(2027, 1, 1)) == "元旦"
    save_year(2027, {})
    row.refresh_from_db()
    assert (row.source, row.published_on) == ("国办发明电〔2026〕1号", date(2026, 11, 10))


def test_first_edit_of_a_builtin_year_keeps_its_other_days():
    save_year(2026, {date(2026, 3, 12): (False, "临时放假")})
    calendar = load_calendar()
    assert not calendar.is_workday(date(2026, 3, 12))
    assert calendar.is_workday(date(2026, 2, 14))
    assert not calendar.is_workday(date(2026, 10, 1))


def test_days_reaching_into_december_keep_that_year():
    save_year(2027, NEW_YEAR | {date(2026, 12, 31): (False, "元旦")})
    calendar = load_calendar()
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2026, 10, 10))


def test_replacing_a_year_drops_the_days_not_named():
    save_year(2027, NEW_YEAR)
    save_year(2027, {date(2027, 1, 4): (False, "元旦")}, replace=True)
    assert [day.date for day in CalendarDay.objects.filter(date__year=2027)] == [date(2027, 1, 4)]


def test_deleted_year_is_provisional_again():
    row = save_year(2027, NEW_YEAR)
    delete_year(row)
    assert not load_calendar().is_published(2027)
    assert load_calendar().is_workday(date(2027, 1, 1))


def test_local_days_lie_over_the_national_ones():
    save_year(2026, {date(2026, 9, 25): (True, "中秋节"), date(2026, 3, 20): (False, "开斋节")}, scope="nx")
    local, national = load_calendar("nx"), load_calendar()
    assert (local.is_workday(date(2026, 3, 20)), national.is_workday(date(2026, 3, 20))) == (False, True)
    assert (local.is_workday(date(2026, 9, 25)), national.is_workday(date(2026, 9, 25))) == (True, False)
    assert not local.is_workday(date(2026, 10, 1))


def test_local_rows_do_not_publish_a_year():
    save_year(2027, {date(2027, 3, 10): (False, "开斋节")}, scope="nx")
    assert not load_calendar("nx").is_published(2027)
    assert not load_calendar("nx").is_workday(date(2027, 3, 10))


def test_national_change_reaches_a_cached_local_calendar():
    save_year(2026, {date(2026, 3, 20): (False, "开斋节")}, scope="nx")
    load_calendar("nx")
    save_year(2027, NEW_YEAR)
    assert load_calendar("nx").is_published(2027)


def test_cached_calendar_costs_one_query(django_assert_num_queries):
    seed_calendar()
    first = load_calendar()
    with django_assert_num_queries(1):
        assert load_calendar() is first


def test_change_by_another_process_is_seen():
    """Another process writes rows and version; nothing of it passes through this one's memory."""
    seed_calendar()
    load_calendar()
    CalendarDay.objects.create(date=date(2026, 3, 12), name="临时放假")
    CalendarVersion.objects.update(token="00000000-0000-4000-8000-000000000001")
    assert not load_calendar().is_workday(date(2026, 3, 12))


def test_calendar_of_a_rolled_back_change_is_not_kept():
    seed_calendar()
    with pytest.raises(RuntimeError), transaction.atomic():
        save_year(2026, {date(2026, 3, 12): (False, "临时放假")})
        assert not load_calendar().is_workday(date(2026, 3, 12))
        raise RuntimeError
    assert load_calendar().is_workday(date(2026, 3, 12))


def test_dependants_are_told_after_commit(told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        save_year(2027, NEW_YEAR | {date(2026, 12, 31): (False, "元旦")})
        assert told == []
    assert told == [("", {2026, 2027})]


def test_nobody_is_told_when_nothing_is_saved(told):
    with pytest.raises(RuntimeError), transaction.atomic():
        save_year(2027, NEW_YEAR)
        raise RuntimeError
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_failing_dependant_stops_nobody(told):
    def fail(scope, years):
        raise RuntimeError("recomputing failed")

    on_calendar_change(fail)
    calls = Mock()
    on_calendar_change(calls)
    calendar_changed("nx", {2027})
    assert told == [("nx", {2027})]
    calls.assert_called_once_with("nx", frozenset({2027}))


def test_registering_twice_calls_once(told, django_capture_on_commit_callbacks):
    calls = []

    def callback(scope, years):
        calls.append(scope)

    on_calendar_change(callback)
    on_calendar_change(callback)
    with django_capture_on_commit_callbacks(execute=True):
        calendar_changed("", {2027})
    assert calls == [""]


def test_migration_has_no_data_operations():
    """The calendar is loaded by function: a flush of the tables must not lose it for good."""
    migration = import_module("core.migrations.0001_initial").Migration
    assert {type(operation).__name__ for operation in migration.operations} == {"CreateModel"}
