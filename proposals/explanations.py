"""Every due date explains itself (怎么算的): sentences, and the card with its calendar for the page."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from core.builtin import NOTICES
from core.dates import as_date, cn_date, cn_days_left, cn_deadline
from core.explain import explain as explain_due
from core.explain import off_summary
from core.models import NATIONAL, CalendarYear
from core.strip import DayCell, calendar_weeks
from core.workdays import MONTH, WORKDAY, DueDate, days_left, workdays_between

from .clocks import computed_due
from .lights import light_of
from .status import ClockKind

LENGTH_UNITS = {"day": "日", "workday": "个工作日", "month": "个月"}


def length_words(rule):
    """The length of a rule snapshot in words: 3 个月."""
    return f"{rule['value']} {LENGTH_UNITS[rule['unit']]}"


def source_words(rule):
    """Where the length stands, with the mark of one that was not read in the article itself."""
    source = rule["article"] or rule["rule_set"]
    return source if rule["verified"] else f"{source}（未核实）"


def explain_rule(rule, computed, today=None):
    """How a rule snapshot leads to a computed date: Chinese sentences, the rule with its article first."""
    is_complex = rule.get("kind") == ClockKind.REPLY_COMPLEX
    head = f"{'列为复杂件，按答复上限计算：' if is_complex else ''}自{rule['start_event']}之日起 {length_words(rule)}。"
    return [f"{head}依据：{source_words(rule)}。", *explain_due(computed, today)]


@dataclass(frozen=True)
class Explanation:
    """Why a clock falls due when it does: sentences in order, and the computed parts for a calendar.

    `computed` is None for a date that no rule computes (承诺). Where a decision fixed or moved the date it
    tells what the rule alone would give.
    """

    due_on: date
    is_provisional: bool
    sentences: list[str]
    computed: DueDate | None


def explain(clock, calendar, today=None):
    """Explanation of one clock: start, rule with article, days skipped, roll; what moved it; how it ended.

    `calendar` is the congress's; dates of the year of `today` are written without their year.
    """
    rule = clock.rule
    computed = computed_due(rule, clock.started_on, calendar) if rule["value"] else None
    if rule.get("fixed"):
        sentences = _fixed_sentences(clock, computed, today)
    else:
        sentences = explain_rule(rule, computed, today) + _move_sentences(clock, computed, today)
    if note := rule.get("note", "").rstrip("。"):
        sentences.append(f"{note}。")
    if state := state_words(clock, today):
        sentences.append(f"{state}。")
    return Explanation(clock.due_on, clock.is_provisional, sentences, computed)


def _fixed_sentences(clock, computed, today):
    due, rule = cn_deadline(clock.due_on, today), clock.rule
    if computed is None:
        return [f"到期日是承诺的完成日期 {due}，当天仍在期限内。"]
    return [
        f"到期日由办理决定直接确定：{due}，当天仍在期限内。",
        f"只按规则算，自{rule['start_event']}之日 {cn_date(clock.started_on, today)}起 {length_words(rule)}，"
        f"到期日是 {cn_deadline(computed.due_on, today)}。依据：{source_words(rule)}。",
    ]


def _move_sentences(clock, computed, today):
    """Where the date is not, or was not always, what the calendar gives."""
    due, first = cn_deadline(clock.due_on, today), clock.rule.get("first_due_on")
    before = cn_deadline(date.fromisoformat(first), today) if first else ""
    if first and computed.due_on == clock.due_on:
        return [f"放假安排公布前暂定为 {before}，公布后重新计算为 {due}。"]
    if first:
        return [f"原到期日 {before}，后改为 {due}。"]
    if computed.due_on != clock.due_on:
        return [f"计算之后放假安排有过修改，本期限仍以当时确定的 {due}为准。"]
    return []


def state_words(clock, today=None):
    """How a clock ended, or by how much it is over: words without full stop; empty while it runs in time."""
    if clock.met_on:
        late = (clock.met_on - clock.due_on).days
        return f"{cn_date(clock.met_on, today)}已完成，" + (f"超期 {late} 天" if late > 0 else "未超期")
    if clock.voided_on:
        return f"{cn_date(clock.voided_on, today)}起不再计算"
    if today and today > clock.due_on:
        over = (today - clock.due_on).days
        return "窗口已关闭" if clock.kind == ClockKind.RETURN_WINDOW else f"已超期 {over} 天"
    return ""


# --- The card of the page (clock-explain) --------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One column of the reckoning: what was asked, the answer, a few words."""

    key: str
    value: str
    words: str
    is_result: bool = False


@dataclass(frozen=True)
class Day:
    """One field of the calendar: the classes of the stylesheet, the number, the words below."""

    css: str
    number: int
    month: int | None
    mark: str
    words: str


@dataclass(frozen=True)
class Week:
    first: date
    days: list[Day | None]


def term_name(label):
    """答复期限 for 答复; 答复上限 and 测评宽限 say it already."""
    return label if label.endswith("限") else f"{label}期限"


@dataclass
class ClockCard:
    """A clock ready to show. `light` is green, yellow, orange, red or grey (ended); `left` its words."""

    clock: object
    heading: str
    light: str
    left: str
    workdays_left: int | None
    steps: list[Step]
    sentences: list[str]
    is_provisional: bool
    weeks: list[Week] = field(default_factory=list)
    sources: str = ""
    counts_workdays: bool = False

    @property
    def name(self):
        return term_name(self.clock.get_kind_display())

    @property
    def label(self):
        """The calendar in one sentence, for who cannot see it."""
        return "".join(self.sentences)


def clock_card(clock, today, rules, calendar):
    """The card of one clock as of `today` (a Shanghai date); `rules` and `calendar` are its congress's."""
    explanation = explain(clock, calendar, today)
    computed = explanation.computed
    light, left = clock_light(clock, today, rules)
    runs = clock.is_open and today <= clock.due_on
    card = ClockCard(
        clock=clock,
        heading=f"{clock.get_kind_display()}：{cn_deadline(clock.due_on, today)}到期",
        light=light,
        left=left,
        workdays_left=workdays_between(today, clock.due_on, calendar) if runs else None,
        steps=_steps(clock, computed, today),
        sentences=explanation.sentences,
        is_provisional=clock.is_provisional,
    )
    if computed is not None and computed.due_on == clock.due_on:
        card.weeks = _weeks(computed, calendar, clock.rule)
        card.sources = _sources(computed)
        card.counts_workdays = computed.unit == WORKDAY
    return card


def clock_light(clock, today, rules):
    """(colour, words) of a clock: 还剩 14 天 while it runs, grey with how it ended afterwards."""
    if not clock.is_open or (clock.kind == ClockKind.RETURN_WINDOW and today > clock.due_on):
        return "grey", state_words(clock, today)
    left = days_left(clock.due_on, today)
    return light_of(clock.due_on, today, rules), "明天到期" if left == 1 else cn_days_left(left)


def _steps(clock, computed, today):
    rule = clock.rule
    if computed is None:
        due = cn_deadline(clock.due_on, today)
        return [Step("结果", due, rule.get("note") or "承诺的完成日期", True)]
    event = rule["start_event"]
    steps = [
        Step(
            "从哪天算",
            f"{cn_deadline(computed.start, today)}{event}",
            f"当天不算，从 {cn_date(computed.counted_from, today)}起",
        ),
        Step("按什么规定", f"{length_words(rule)}内", source_words(rule)),
    ]
    if rule.get("fixed"):
        steps.append(Step("只按规则", cn_deadline(computed.due_on, today), "办理时定了别的日期"))
        return [*steps, Step("定为", cn_deadline(clock.due_on, today), rule.get("note", ""), True)]
    steps += _reckoning(computed, today)
    if computed.due_on != clock.due_on:
        words = rule.get("note") or "到期日后来改过"
        return [*steps[:3], Step("改为", cn_deadline(clock.due_on, today), words, True)]
    return steps


def _reckoning(computed, today):
    due = cn_deadline(computed.due_on, today)
    if computed.unit == WORKDAY:
        makeup = f"；补班 {len(computed.makeup)} 天照算" if computed.makeup else ""
        skipped = f"{len(computed.skipped)} 天不算" if computed.skipped else "没有"
        summary = f"{off_summary(computed.skipped) or '全是工作日'}{makeup}"
        return [Step("跳过哪些天", skipped, summary), Step("结果", due, "是工作日，不顺延", True)]
    nominal = cn_deadline(computed.nominal, today)
    if computed.nominal_off:
        why = computed.nominal_off if computed.nominal_off == "周末" else f"{computed.nominal_off}放假"
        landed = Step("落在哪天", nominal, f"{why}，不是工作日")
    else:
        month_end = "当月没有对应日，取最后一日；" if computed.unit == MONTH and computed.at_month_end else ""
        landed = Step("落在哪天", nominal, f"{month_end}是工作日")
    if computed.rolled:
        return [landed, Step("顺延后", due, "顺延到其后第一个工作日", True)]
    return [landed, Step("结果", due, "按规则不顺延" if computed.nominal_off else "不顺延", True)]


def _weeks(computed, calendar, rule):
    rows, previous = [], None
    for cells in calendar_weeks(computed, calendar):
        first = next(cell.date for cell in cells if cell)
        monday = first - timedelta(days=as_date(first).weekday())
        days = []
        for cell in cells:
            shows_month = cell is not None and (previous is None or cell.date.month != previous.month)
            days.append(_day(cell, computed, rule, shows_month) if cell else None)
            previous = cell.date if cell else previous
        rows.append(Week(monday, days))
    return rows


CELL_CSS = {"work": "", "makeup": "make", "weekend": "off", "holiday": "hol"}
CELL_MARK = {"makeup": "班", "holiday": "休"}


def _day(cell: DayCell, computed, rule, shows_month):
    css = [CELL_CSS[cell.kind]]
    words = cell.name if cell.kind == "holiday" else {"weekend": "周末"}.get(cell.kind, "")
    if cell.is_due:
        css.append("end")
        words = f"第 {cell.count} 天 到期" if cell.count else "到期"
    elif cell.is_start:
        css.append("start")
        words = rule["start_event"]
    elif cell.is_nominal:
        css.append("start")
        words = f"{length_words(rule)}届满"
    elif cell.count:
        words = f"第 {cell.count} 天"
    month = cell.date.month if shows_month else None
    return Day(" ".join(filter(None, css)), cell.date.day, month, CELL_MARK.get(cell.kind, ""), words)


def _sources(computed):
    """The notices that the calendar of this period rests on."""
    years = range(computed.start.year, computed.due_on.year + 1)
    rows = dict(CalendarYear.objects.filter(scope=NATIONAL, year__in=years).values_list("year", "source"))
    words = []
    for year in years:
        if year in computed.provisional_years:
            is_awaited = year in computed.awaited_years
            words.append(f"{year} 年{'尚未公布' if is_awaited else '没有录入'}，暂按普通周末")
        else:
            words.append(rows.get(year) or NOTICES.get(year, ("",))[0] or f"国务院办公厅 {year} 年通知")
    return "，".join(words)
