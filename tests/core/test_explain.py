"""Why a due date is what it is."""

from datetime import date

from core.builtin import builtin_calendar
from core.explain import explain, off_summary
from core.strip import calendar_weeks, year_months
from core.workdays import Calendar, compute_due

CALENDAR = builtin_calendar()
TODAY = date(2026, 4, 22)


def due(start, value, unit, **options):
    return compute_due(date.fromisoformat(start), value, unit, CALENDAR, **options)


def test_working_days_over_the_spring_festival():
    result = due("2026-02-04", 20, "workday")
    assert explain(result, TODAY) == [
        "起算日 2月4日（周三）不计入，从 2月5日起算。",
        "跳过不是工作日的 14 天：周末 5 天（2月7日至8日、3月1日、3月7日至8日），"
        "春节放假 9 天（2月15日至23日）。",
        "调休上班的 2月14日（周六）、2月28日（周六）照常计入。",
        "数到第 20 个工作日，是 3月10日（周二）。",
        "到期日是 3月10日（周二），当天仍在期限内。",
    ]
    assert off_summary(result.skipped) == "周末 5 天，春节放假 9 天"


def test_roll_over_labour_day():
    assert explain(due("2026-02-02", 3, "month"), TODAY) == [
        "起算日 2月2日（周一）不计入，从 2月3日起算。",
        "3 个月后的对应日是 5月2日（周六），为末日。",
        "末日 5月2日（周六）逢劳动节放假，顺延至其后第一个工作日 5月6日（周三）。",
        "到期日是 5月6日（周三），当天仍在期限内。",
    ]


def test_month_end_in_an_unpublished_year():
    lines = explain(due("2026-11-30", 3, "month"), TODAY)
    assert lines[1] == "满 3 个月的当月没有 30 日，以该月最后一日 2027年2月28日（周日）为末日。"
    assert lines[2] == "末日 2027年2月28日（周日）逢周末，顺延至其后第一个工作日 2027年3月1日（周一）。"
    assert lines[-1].startswith("暂定：日历里还没有 2027 年的放假安排")


def test_a_year_before_the_newest_notice_is_not_waited_for():
    lines = explain(due("1999-03-02", 3, "month"), TODAY)
    assert lines[-1] == "暂定：日历里没有 1999 年的放假安排，按普通周末推算。"


def test_last_day_that_is_a_makeup_day():
    assert "末日 10月10日（周六）是调休上班日，不顺延。" in explain(due("2026-07-10", 3, "month"), TODAY)
    rolled = explain(due("2023-06-29", 3, "month"), date(2023, 7, 1))
    assert rolled[2] == (
        "末日 9月29日（周五）逢中秋节、国庆节放假，顺延至其后第一个工作日 10月7日（周六）（调休上班日）。"
    )


def test_strict_rule_says_that_it_does_not_roll():
    lines = explain(due("2026-02-02", 3, "month", roll_forward=False), TODAY)
    assert lines[2] == "末日 5月2日（周六）逢劳动节放假，按规则不顺延。"


def test_days_and_years_without_today():
    lines = explain(due("2026-04-20", 10, "day"))
    assert lines == [
        "起算日 2026年4月20日（周一）不计入，从 4月21日起算。",
        "数到第 10 天，末日是 4月30日（周四）。",
        "末日 4月30日（周四）是工作日，不顺延。",
        "到期日是 2026年4月30日（周四），当天仍在期限内。",
    ]


def test_unnamed_day_off():
    calendar = Calendar({date(2026, 4, 30): (False, "")}, frozenset({2026}))
    lines = explain(compute_due(date(2026, 4, 20), 10, "day", calendar), TODAY)
    assert lines[2] == "末日 4月30日（周四）逢放假，顺延至其后第一个工作日 5月1日（周五）。"


def test_strip_of_working_days():
    weeks = calendar_weeks(due("2026-02-04", 20, "workday"), CALENDAR)
    assert len(weeks) == 6
    assert weeks[0][:2] == [None, None]
    start, makeup, holiday = weeks[0][2], weeks[1][5], weeks[1][6]
    assert (start.is_start, start.count) == (True, None)
    assert (makeup.kind, makeup.count) == ("makeup", 8)
    assert (holiday.kind, holiday.name, holiday.counted) == ("holiday", "春节", False)
    assert weeks[0][5].kind == "weekend"
    last = weeks[5][1]
    assert (last.date, last.count, last.is_due) == (date(2026, 3, 10), 20, True)
    assert weeks[5][2] is None


def test_strip_of_months_shows_the_end_only():
    weeks = calendar_weeks(due("2026-02-02", 3, "month"), CALENDAR)
    assert [week[0].date for week in weeks] == [date(2026, 4, 27), date(2026, 5, 4)]
    assert weeks[0][5].is_nominal
    assert weeks[1][2].is_due
    assert weeks[1][5].kind == "makeup"
    assert not weeks[1][5].counted


def test_whole_year():
    months = year_months(2026, CALENDAR)
    days = [cell.date for weeks in months for week in weeks for cell in week if cell]
    assert len(months) == 12
    assert len(days) == 365 == len(set(days))
