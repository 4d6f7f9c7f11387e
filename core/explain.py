"""How a due date came about, in sentences (怎么算的).  Pure."""

from datetime import date

from core.dates import cn_date, cn_day_list, cn_deadline
from core.workdays import MONTH, UNITS, WEEKEND, WORKDAY, DueDate, NamedDay


def explain(due: DueDate, today: date | None = None) -> list[str]:
    """The steps from the starting day to the due date, one Chinese sentence each.

    Dates of the year of `today` carry no year; without `today` the starting day and the result carry it.
    """
    near = today or due.start
    lines = [
        f"起算日 {cn_deadline(due.start, today)}不计入，从 {cn_date(due.counted_from, near)}起算。",
        *(_workday_lines(due, near) if due.unit == WORKDAY else _nominal_lines(due, near)),
        f"到期日是 {cn_deadline(due.due_on, today)}，当天仍在期限内。",
    ]
    return lines + _provisional_lines(due)


def _provisional_lines(due: DueDate) -> list[str]:
    """What the calendar lacks: a year before the newest notice will not be published any more."""
    missing = tuple(year for year in due.provisional_years if year not in due.awaited_years)
    lines = []
    if missing:
        lines.append(f"暂定：日历里没有 {_year_words(missing)}的放假安排，按普通周末推算。")
    if due.awaited_years:
        years = _year_words(due.awaited_years)
        lines.append(f"暂定：日历里还没有 {years}的放假安排，先按普通周末推算，国务院公布并录入后自动重算。")
    return lines


def _year_words(years: tuple[int, ...]) -> str:
    return "、".join(f"{year} 年" for year in years)


def off_summary(days: tuple[NamedDay, ...]) -> str:
    """周末 5 天，春节放假 9 天: how many days off for which reason, in order of appearance after weekends."""
    counts: dict[str, int] = {}
    for day in sorted(days, key=lambda d: (d.why != WEEKEND, d.date)):
        counts[day.why] = counts.get(day.why, 0) + 1
    return "，".join(f"{_off_words(why)} {count} 天" for why, count in counts.items())


def _off_words(why: str) -> str:
    return why if why == WEEKEND or why.endswith("放假") else f"{why}放假"


def _workday_lines(due: DueDate, near: date) -> list[str]:
    lines = []
    if due.skipped:
        lines.append(f"跳过不是工作日的 {len(due.skipped)} 天：{_skipped_words(due, near)}。")
    if due.makeup:
        lines.append(f"调休上班的 {_makeup_words(due.makeup, near)}照常计入。")
    lines.append(f"数到第 {due.value} 个工作日，是 {cn_deadline(due.due_on, near)}。")
    return lines


def _skipped_words(due: DueDate, near: date) -> str:
    groups: dict[str, list[date]] = {}
    for day in sorted(due.skipped, key=lambda d: (d.why != WEEKEND, d.date)):
        groups.setdefault(day.why, []).append(day.date)
    parts = (f"{_off_words(why)} {len(days)} 天（{cn_day_list(days, near)}）" for why, days in groups.items())
    return "，".join(parts)


def _makeup_words(days: tuple[NamedDay, ...], near: date) -> str:
    return "、".join(cn_deadline(day.date, near) for day in days)


def _nominal_lines(due: DueDate, near: date) -> list[str]:
    last = cn_deadline(due.nominal, near)
    period = f"{due.value} {UNITS[due.unit]}"
    if due.at_month_end:
        first = f"满 {period}的当月没有 {due.start.day} 日，以该月最后一日 {last}为末日。"
    elif due.unit == MONTH:
        first = f"{period}后的对应日是 {last}，为末日。"
    else:
        first = f"数到第 {due.value} 天，末日是 {last}。"
    return [first, _roll_line(due, last, near)]


def _roll_line(due: DueDate, last: str, near: date) -> str:
    if due.rolled:
        names = "、".join(dict.fromkeys(_off_words(day.why) for day in due.rolled))
        makeup = "（调休上班日）" if due.makeup else ""
        return f"末日 {last}逢{names}，顺延至其后第一个工作日 {cn_deadline(due.due_on, near)}{makeup}。"
    if due.nominal_off:
        return f"末日 {last}逢{_off_words(due.nominal_off)}，按规则不顺延。"
    return f"末日 {last}{'是调休上班日' if due.makeup else '是工作日'}，不顺延。"
