"""Reading a pasted notice."""

from datetime import date

import pytest

from core.builtin import builtin_calendar
from core.calendar_import import parse_notice
from core.workdays import Calendar

PLAIN = Calendar()


def errors(text, year=2027, base=PLAIN):
    return parse_notice(text, year, base)[1]


def test_days_ranges_and_blank_lines():
    days, wrong = parse_notice(
        "2027-01-01 休 元旦\n\n2027-02-07 至 2027-02-09 休 春节\n2027-02-20 班 春节", 2027, PLAIN
    )
    assert wrong == []
    assert days == {
        date(2027, 1, 1): (False, "元旦"),
        date(2027, 2, 7): (False, "春节"),
        date(2027, 2, 8): (False, "春节"),
        date(2027, 2, 9): (False, "春节"),
        date(2027, 2, 20): (True, "春节"),
    }


@pytest.mark.parametrize(
    "line",
    [
        "2027-1-1 休 元旦",
        "2027/01/01\t休\t元旦",
        "2027.01.01,放假,元旦",
        "2027年1月1日 休 元旦",
        "　２０２７－０１－０１　休　元旦　",
        "2027年1月1日休元旦\r",
    ],
)
def test_ways_of_writing_a_day(line):
    assert parse_notice(line, 2027, PLAIN) == ({date(2027, 1, 1): (False, "元旦")}, [])


def test_december_before_belongs_to_the_notice():
    days, wrong = parse_notice("2026-12-31 至 2027-01-02 休 元旦", 2027, PLAIN)
    assert len(days) == 3
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2027-13-01 休 元旦", "第 1 行“2027-13-01 休 元旦”：没有 2027-13-01 这一天。"),
        ("2027-02-30 元旦", "第 1 行“2027-02-30 元旦”：没有 2027-02-30 这一天。"),
        ("元旦放假", "第 1 行“元旦放假”：看不懂。请写“日期 休或班 节日名”，例如 2027-01-01 休 元旦。"),
        (
            "2027-01-01 元旦",
            "第 1 行“2027-01-01 元旦”：看不懂。请写“日期 休或班 节日名”，例如 2027-01-01 休 元旦。",
        ),
        (
            "2027-01-01 休",
            "第 1 行“2027-01-01 休”：看不懂。请写“日期 休或班 节日名”，例如 2027-01-01 休 元旦。",
        ),
        (
            "2028-01-01 休 元旦",
            "第 1 行“2028-01-01 休 元旦”：日期不属于这份安排，只能是 2027 年，或 2026 年 12 月。",
        ),
        (
            "2026-11-30 休 元旦",
            "第 1 行“2026-11-30 休 元旦”：日期不属于这份安排，只能是 2027 年，或 2026 年 12 月。",
        ),
        ("2027-02-05 班 春节", "第 1 行“2027-02-05 班 春节”：2027-02-05 是周五，本来就上班，不用写“班”。"),
        ("2027-02-09 至 2027-02-07 休 春节", "第 1 行“2027-02-09 至 2027-02-07 休 春节”：止日早于起日。"),
        (
            "\n2027-01-01 休 元旦\n2027-01-01 休 元旦",
            "第 3 行“2027-01-01 休 元旦”：2027-01-01 与第 2 行重复。",
        ),
    ],
)
def test_refused_lines(text, message):
    assert errors(text) == [message]


def test_long_names_and_lines_are_refused_shortly():
    (message,) = errors("2027-01-01 休 " + "节" * 200)
    assert message.endswith("…”：节日名最多 20 个字。")
    assert len(message) < 80


@pytest.mark.parametrize("junk", ["<script>alert(1)</script>", "\x00\x01", "𠮷㛃😀", "2027-01-01 休 " * 5000])
def test_junk_is_refused_line_by_line(junk):
    assert len(errors(junk)) == len(junk.splitlines())


def test_every_wrong_line_is_named():
    assert [message[:5] for message in errors("x\n2027-01-01 休 元旦\ny\n2027-02-30 休 z")] == [
        "第 1 行",
        "第 3 行",
        "第 4 行",
    ]


def test_place_may_work_on_a_national_holiday():
    assert errors("2026-10-07 班 国庆节", 2026, builtin_calendar()) == []
    assert len(errors("2026-10-08 班 国庆节", 2026, builtin_calendar())) == 1
