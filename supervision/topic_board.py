"""重点督办 as the board shows it: a card per topic with its six sides, the line of steps, lights and counts.

Everything is read for one person: cases they may not see are not counted, dates are those of their own place on the
judged side. A fixed number of queries, whatever the number of topics and cases.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.dates import cn_date, cn_days_left, cn_deadline
from proposals.lights import GREEN, light_of
from proposals.masking import masked
from proposals.models import Proposal
from proposals.readers import Reader
from proposals.status import HANDLING, HIDDEN_FROM_UNITS, ProposalStatus

from .models import (
    Activity,
    ActivityState,
    Milestone,
    RoleKind,
    Task,
    TaskState,
    Topic,
    TopicRole,
    TopicState,
)
from .topic_masking import is_masked_for, names_hidden_in

REPLIED = HIDDEN_FROM_UNITS | {ProposalStatus.CLOSED}
# Steps that the line of a card has room for.
STEPS = 5
# What a side is called on a card, where there is less room.
SHORT = {
    RoleKind.LEADER: "牵头督办",
    RoleKind.GOV_LEADER: "领办",
    RoleKind.COMMITTEE: "对口督办",
    RoleKind.OFFICE: "统筹督办",
    RoleKind.DEPUTY: "参与督办",
    RoleKind.UNIT: "承办单位",
}


@dataclass
class Step:
    """One point of the line on a card. `state`: done, next or todo."""

    when: str
    words: str
    state: str
    is_late: bool = False


@dataclass
class Card:
    """A topic as one reader sees it."""

    topic: Topic
    today: date
    rules: object
    cases: list = field(default_factory=list)
    sides: list = field(default_factory=list)
    milestones: list = field(default_factory=list)
    planned: list = field(default_factory=list)
    held: int = 0
    # The dates by which units owe 整改事项.
    tasks: list = field(default_factory=list)

    @property
    def total(self):
        return len(self.cases)

    @property
    def replied(self):
        return sum(case.status in REPLIED for case in self.cases)

    @property
    def late(self):
        """Cases that units are late with, the latest first."""
        late = [case for case in self.open_cases if case.shown_due < self.today]
        return sorted(late, key=lambda case: case.shown_due)

    @property
    def open_cases(self):
        """Cases at work that have a date to run against."""
        return [case for case in self.cases if case.status in HANDLING and case.shown_due]

    @property
    def light(self):
        """(colour, words) of the topic: what is latest of its cases, plan steps and 整改事项, else the nearest date."""
        if self.topic.state != TopicState.DECIDED:
            return "grey", self.topic.get_state_display()
        running = {
            kind: (min(days, default=None), sum(day < self.today for day in days))
            for kind, days in self._running.items()
        }
        return _light(running, self.today, self.rules, self.total and self.replied == self.total)

    @property
    def _running(self):
        """{what is counted: its open dates}: cases at work, steps of the plan, tasks."""
        return {
            "件": [case.shown_due for case in self.open_cases],
            "步": [step.planned_on for step in self.milestones if not step.done_on],
            "项整改": self.tasks,
        }

    @property
    def short_sides(self):
        """(label, words) of each of the six, as the card has them."""
        return [(SHORT[kind], self._words(kind)) for kind in RoleKind]

    def of_kind(self, kind):
        return [side for side in self.sides if side.kind == kind]

    def _words(self, kind):
        sides = self.of_kind(kind)
        if kind == RoleKind.OFFICE:
            return self.topic.congress.liaison_name
        if kind == RoleKind.DEPUTY:
            return f"代表 {len(sides)} 人" if sides else ""
        if kind == RoleKind.UNIT and sides:
            first = sides[0].unit.short_name or sides[0].unit.name
            return f"{first}等 {len(sides)} 家" if len(sides) > 1 else first
        return "、".join(str(side) for side in sides)

    @property
    def line(self):
        """The line of steps: the first and the last ones done, the next, the last to come."""
        done = [step for step in self.milestones if step.done_on]
        done.sort(key=lambda step: (step.done_on, step.pk))
        todo = [step for step in self.milestones if not step.done_on]
        room = STEPS - min(len(todo), 2)
        if len(done) > room:
            done = [done[0], *done[len(done) - room + 1 :]]
        points = [Step(cn_date(step.done_on, self.today), step.words, "done") for step in done]
        if todo:
            is_late = todo[0].planned_on < self.today
            points.append(Step(cn_date(todo[0].planned_on, self.today), todo[0].words, "next", is_late))
        if len(todo) > 1:
            points.append(Step(self._month(todo[-1].planned_on), todo[-1].words, "todo"))
        return points

    def _month(self, day):
        """6月, next year's 2027年1月: far enough off for the month to do."""
        return f"{day.month}月" if day.year == self.today.year else f"{day.year}年{day.month}月"

    @property
    def coming(self):
        """(date, words) of the next step or activity from today on; None for none."""
        days = [(step.planned_on, step.words) for step in self.milestones if not step.done_on]
        days += [(activity.on, str(activity)) for activity in self.planned]
        return min(((on, words) for on, words in days if on >= self.today), default=None)

    @property
    def percent(self):
        """How much of the bar is filled."""
        return round(100 * self.replied / self.total) if self.total else 0


def load_cards(topics, user, reader):
    """The cards of these topics (a list, with congress and committee) for one reader, in their order. Six queries."""
    cards = {topic.pk: Card(topic, reader.today, reader.rules) for topic in topics}
    for case in cases_of(topics, user, reader):
        cards[case.topic_id].cases.append(case)
    for side in TopicRole.objects.filter(topic__in=topics).select_related("committee", "unit").order_by("pk"):
        cards[side.topic_id].sides.append(side)
    for step in Milestone.objects.filter(topic__in=topics):
        cards[step.topic_id].milestones.append(step)
    activities = Activity.objects.visible_to(user).filter(topic__in=topics)
    for activity in activities.exclude(state=ActivityState.CANCELLED).order_by("on", "pk"):
        card = cards[activity.topic_id]
        if activity.state == ActivityState.HELD:
            card.held += 1
        else:
            card.planned.append(activity)
    for pk, due_on in open_tasks_of(topics, user):
        cards[pk].tasks.append(due_on)
    _mask(cards, user)
    return list(cards.values())


def _mask(cards, user):
    """Take hidden proposers (隐名) out of what the judged side reads of the cards."""
    judged = [pk for pk, card in cards.items() if is_masked_for(user, card.topic.congress_id)]
    for pk, names in names_hidden_in(judged).items():
        card = cards[pk]
        card.topic.title = masked(card.topic.title, names)
        card.sides = [side for side in card.sides if side.name not in names or not side.deputy_id]
        for step in card.milestones:
            step.words = masked(step.words, names)
        for activity in card.planned:
            activity.name = masked(activity.name, names)


def cases_of(topics, user, reader):
    """The cases of these topics that exist for the reader, each with `topic_id` and `shown_due`; one query."""
    rows = Proposal.objects.visible_to(user).filter(topic_cases__topic__in=topics)
    rows = rows.annotate(topic_id=F("topic_cases__topic"), shown_due=reader.due_key())
    return rows.only("number", "title", "status", "due_on", "congress").order_by("topic_cases__pk")


def open_tasks_of(topics, user):
    """(topic's pk, date) of each 整改事项 that units still owe and this reader may know; one query."""
    tasks = Task.objects.visible_to(user).filter(state=TaskState.OPEN, finding__activity__topic__in=topics)
    return tasks.order_by().values_list("finding__activity__topic", "due_on")


def running_figures(user, reader):
    """Annotations of a query of topics: the first open date and the number late, of cases and of 整改事项."""
    cases = Proposal.objects.visible_to(user).filter(topic_cases__topic=OuterRef("pk"), status__in=HANDLING)
    cases = cases.annotate(shown_due=reader.due_key()).filter(shown_due__isnull=False)
    tasks = Task.objects.visible_to(user).filter(state=TaskState.OPEN)
    tasks = tasks.filter(finding__activity__topic=OuterRef("pk"))
    return {
        "first_case": Subquery(cases.order_by("shown_due").values("shown_due")[:1]),
        "late_cases": _number(cases.filter(shown_due__lt=reader.today), "topic_cases__topic"),
        "first_task": Subquery(tasks.order_by("due_on").values("due_on")[:1]),
        "late_tasks": _number(tasks.filter(due_on__lt=reader.today), "finding__activity__topic"),
    }


def _number(rows, topic):
    grouped = rows.order_by().values(topic)
    return Coalesce(Subquery(grouped.annotate(number=Count("pk", distinct=True)).values("number")), 0)


def light_of_figures(topic, reader):
    """The light, as on the board, of a decided topic read with `running_figures`, `open_steps`, `total`, `answered`."""
    steps = [step.planned_on for step in topic.open_steps]
    running = {
        "件": (topic.first_case, topic.late_cases),
        "步": (min(steps, default=None), sum(day < reader.today for day in steps)),
        "项整改": (topic.first_task, topic.late_tasks),
    }
    return _light(running, reader.today, reader.rules, topic.total and topic.answered == topic.total)


def _light(running, today, rules, is_replied):
    """(colour, words) by {what is counted: (its first open date or None, how many are late)}."""
    first = {kind: day for kind, (day, _) in running.items() if day}
    if not first:
        return "grey", "都已答复" if is_replied else "没有在走的期限"
    kind = min(first, key=first.get)
    days = (first[kind] - today).days
    if days < 0:
        return "red", f"{running[kind][1]} {kind}超期 {-days} 天"
    colour = light_of(first[kind], today, rules)
    return colour, "正常" if colour == GREEN else cn_days_left(days)


@dataclass
class Board:
    """The whole board: its cards, and what stands above them."""

    year: int
    cards: list
    rules: object

    @property
    def decided(self):
        return [
            card for card in self.cards if card.topic.decided_on and card.topic.state != TopicState.DROPPED
        ]

    @property
    def others(self):
        """Topics that are only named (拟列), or were not taken."""
        return [card for card in self.cards if card not in self.decided]

    @property
    def total(self):
        return sum(card.total for card in self.decided)

    @property
    def replied(self):
        return sum(card.replied for card in self.decided)

    @property
    def late(self):
        return sum(len(card.late) for card in self.decided)

    @property
    def held(self):
        return sum(card.held for card in self.decided)

    @property
    def coming(self):
        """下一次 of all topics: 4月24日（周五）约谈市城市管理局."""
        days = [
            card.coming for card in self.decided if card.coming and card.topic.state == TopicState.DECIDED
        ]
        if not days:
            return ""
        on, words = min(days)
        return f"{cn_deadline(on, timezone.localdate())}{words}"

    @property
    def decisions(self):
        """The days on which the list was decided, in order."""
        return sorted({card.topic.decided_on for card in self.decided})


def board_for(user, year=None):
    """(the Board of a year, the years of which this person knows topics, newest first); default: the newest year.

    All years' topics are read at once: they are few, and each holds little.
    """
    reader = Reader(user)
    topics = Topic.objects.visible_to(user).select_related("congress", "proposed_by")
    topics = list(topics.order_by("congress", "rank", "pk"))
    years = sorted({topic.year for topic in topics}, reverse=True)
    year = year or (years[0] if years else reader.today.year)
    cards = load_cards([topic for topic in topics if topic.year == year], user, reader)
    return Board(year, cards, reader.rules), years
