"""专报: one A4 page on a key topic, written by the system; what somebody wrote over it stays as they wrote it."""

from dataclasses import dataclass, field

from core.dates import cn_date, cn_deadline

from .models import Instruction, RoleKind, TopicState
from .topic_page import TopicPage

# What one page has room for; the rest is counted.
CASES, PROBLEMS, INSTRUCTIONS, ADVICE = 10, 6, 4, 4
# Characters of a line, and lines that the sheet holds in its usual type beside headings and foot.
WIDTH, ROOM = 42, 30
# Texts that may be written over.
TEXTS = {
    "issue": "期号",
    "headline": "标题",
    "progress": "进展",
    "problems": "问题",
    "advice": "建议",
    "report_to": "报",
    "copy_to": "送",
    "contact": "联系人",
}
LISTS = ("problems", "advice")


@dataclass
class Brief:
    """The page: `texts` by name (lists of lines for problems and advice), the tables, and what was written over."""

    page: TopicPage
    texts: dict
    cases: list
    instructions: list
    more_cases: int = 0
    more_instructions: int = 0
    written: set = field(default_factory=set)

    @property
    def is_dense(self):
        """Whether the words are so many that a smaller type keeps them on one page."""
        lines = sum(len(line) // WIDTH + 1 for name in LISTS for line in self.texts[name])
        lines += len(self.texts["progress"]) // WIDTH + 2 * len(self.cases) + 2 * len(self.instructions)
        return lines > ROOM


def brief_of(page, block):
    """The Brief of a topic for its page and the Block of its activities."""
    made = Maker(page, block)
    texts = made.texts()
    written = {name: words for name, words in page.topic.brief.items() if name in TEXTS and words}
    for name, words in written.items():
        texts[name] = words.splitlines() if name in LISTS else words
    rows = sorted(page.cases, key=lambda row: (row.due_on is None, row.due_on or page.today))
    return Brief(
        page,
        texts,
        cases=rows[:CASES],
        instructions=made.instructions[:INSTRUCTIONS],
        more_cases=max(0, len(rows) - CASES),
        more_instructions=max(0, len(made.instructions) - INSTRUCTIONS),
        written=set(written),
    )


class Maker:
    """Writes the words of the brief out of what is on record."""

    def __init__(self, page, block):
        self.page, self.block, self.topic, self.today = page, block, page.topic, page.today
        found = Instruction.objects.visible_to(page.user).filter(topic=self.topic)
        self.instructions = list(found.prefetch_related("recipients__unit"))

    def texts(self):
        """{name: words}, of LISTS {name: lines}."""
        return {
            "issue": "",
            "headline": self.headline(),
            "progress": self.progress(),
            "problems": self.cut(self.problems(), PROBLEMS),
            "advice": self.cut(self.advice(), ADVICE),
            "report_to": "常委会主任、副主任，政府分管领导",
            "copy_to": self.copy_to(),
            "contact": self.contact(),
        }

    def cut(self, lines, most):
        """The first lines, and how many more there are."""
        rest = len(lines) - most
        return [*lines[: most - 1], f"另有 {rest + 1} 项，见系统。"] if rest > 0 else lines

    def headline(self):
        card = self.page.card
        late = f"，{len(card.late)} 件超期" if card.late else ""
        return f"{self.topic}：{card.total} 件建议答复 {card.replied} 件{late}"

    def progress(self):
        if self.topic.state == TopicState.CONCLUDED:
            return self.topic.summary
        since = (
            f"{cn_date(self.topic.decided_on, self.today)}主任会议确定以来，" if self.topic.decided_on else ""
        )
        kinds = {}
        for activity in self.block.activities:
            if activity.is_held:
                kinds[activity.get_kind_display()] = kinds.get(activity.get_kind_display(), 0) + 1
        held = "、".join(f"{kind} {count} 次" for kind, count in kinds.items())
        came = sum(self.page.deputies_present.values())
        parts = [f"开展{held}" if held else "还没有开展督办活动"]
        if came:
            parts.append(f"代表参加 {came} 人次")
        if self.page.milestones:
            parts.append(f"督办计划 {len(self.page.milestones)} 步，完成 {self.page.steps_done} 步")
        if self.block.tasks:
            parts.append(f"发现问题交办整改 {len(self.block.tasks)} 项，办好 {self.block.done} 项")
        return since + "，".join(parts) + "。"

    def problems(self):
        lines = []
        for row in self.page.cases:
            if row.is_late:
                days = (self.today - row.due_on).days
                lines.append(
                    f"答复超期。{row.proposal.number_text}应于 {cn_date(row.due_on, self.today)}答复，"
                    f"{_units(row)}超期 {days} 天。"
                )
        for task, _ in self.block.tasks:
            if task.is_open and task.due_on < self.today:
                said = f"，{task.situation.rstrip('。')}" if task.situation else ""
                lines.append(
                    f"整改超期。{task.unit}：{task.words}，应于 {cn_date(task.due_on, self.today)}办好，"
                    f"超期 {(self.today - task.due_on).days} 天{said}。"
                )
        for step in self.page.milestones:
            if not step.done_on and step.planned_on < self.today:
                lines.append(f"计划未完成。原定 {cn_date(step.planned_on, self.today)}{step.words}。")
        lines += [f"覆盖不全。{check.words}。" for check in self.page.checks if not check.is_met]
        return lines or ["没有超期的答复和整改，六方责任已落实。"]

    def advice(self):
        lines = []
        for row in self.page.cases:
            if row.is_late:
                lines.append(f"约谈{_units(row)}，限期答复 {row.proposal.number_text}。")
        ahead = [step for step in self.page.milestones if not step.done_on and step.planned_on >= self.today]
        for step in ahead:
            who = "、".join(str(side) for side in step.sides)
            day = cn_deadline(step.planned_on, self.today)
            lines.append(f"{day}{step.words}" + (f"，由{who}负责。" if who else "。"))
        return lines or ["按督办计划继续督办。"]

    def copy_to(self):
        committees = [str(side) for side in self.page.of_kind(RoleKind.COMMITTEE)]
        units = len({place.unit_id for row in self.page.cases for place in row.at_work})
        return "，".join([*committees, f"{units} 家承办单位"])

    def contact(self):
        side = next(iter(self.page.of_kind(RoleKind.OFFICE)), None)
        if side is None:
            return self.topic.congress.liaison_name
        return "，".join(filter(None, [side.name, side.contact_phone]))


def _units(row):
    return "、".join(place.unit.name for place in row.at_work)
