"""Reading a pasted holiday notice (粘贴的放假安排), one day or range a line.  Pure.

2027-01-01 休 元旦
2027-02-06 班 春节
2027-02-07 至 2027-02-13 休 春节
"""

import re
import unicodedata
from datetime import date

from core.dates import cn_weekday
from core.workdays import Calendar, days_in

MAX_NAME = 20
EXAMPLE = "2027-01-01 休 元旦"
_WORDS = {"休": False, "放假": False, "休息": False, "班": True, "上班": True, "补班": True}
_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:至|到|~|—+)\s*{_DATE})?[\s,、:]*({'|'.join(_WORDS)})[\s,、:]*(\S.*)")
_SHAPE = re.compile(rf"{_DATE}")

Days = dict[date, tuple[bool, str]]


class LineError(ValueError):
    """A line that cannot be taken, with a Chinese sentence saying why."""


def parse_notice(text: str, year: int, base: Calendar) -> tuple[Days, list[str]]:
    """The days of a pasted notice of `year`, and one Chinese sentence per line that cannot be taken.

    `base` is what the days are laid over: the plain week for the national calendar, the national one for a
    place's own.  Blank lines are passed over.  Take the days only when there are no errors.
    """
    days: Days = {}
    seen: dict[date, int] = {}
    errors = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = unicodedata.normalize("NFKC", raw).strip()
        if not line:
            continue
        try:
            _take_line(line, number, year, base, days, seen)
        except LineError as error:
            errors.append(f"第 {number} 行“{_short(line)}”：{error}")
    return days, errors


def _take_line(line: str, number: int, year: int, base: Calendar, days: Days, seen: dict) -> None:
    match = _LINE.fullmatch(line)
    if not match:
        shape = _SHAPE.match(line)
        if shape:
            _date(shape.groups())
        raise LineError(f"看不懂。请写“日期 休或班 节日名”，例如 {EXAMPLE}。")
    first = _date(match.groups()[:3])
    last = _date(match.groups()[3:6]) if match[4] else first
    is_workday, name = _WORDS[match[7]], match[8].strip()
    if last < first:
        raise LineError("止日早于起日。")
    if not (_in_notice(first, year) and _in_notice(last, year)):
        raise LineError(f"日期不属于这份安排，只能是 {year} 年，或 {year - 1} 年 12 月。")
    if len(name) > MAX_NAME:
        raise LineError(f"节日名最多 {MAX_NAME} 个字。")
    for day in days_in(first, last):
        if day in seen:
            raise LineError(f"{day} 与第 {seen[day]} 行重复。")
        check_day(day, is_workday, base)
        seen[day] = number
        days[day] = (is_workday, name)


def check_day(day: date, is_workday: bool, base: Calendar) -> None:
    """Raises LineError for a make-up day that is worked anyway, the usual slip of the pen."""
    if is_workday and base.is_workday(day):
        raise LineError(f"{day} 是{cn_weekday(day)}，本来就上班，不用写“班”。")


def _in_notice(day: date, year: int) -> bool:
    # New Year's break may begin, and its make-up day may lie, in the last days of December.
    return day.year == year or (day.year == year - 1 and day.month == 12)


def _date(parts: tuple[str, ...]) -> date:
    try:
        return date(*map(int, parts))
    except ValueError:
        raise LineError(f"没有 {'-'.join(parts)} 这一天。") from None


def _short(line: str) -> str:
    return line if len(line) <= 40 else f"{line[:40]}…"
