"""The page of one key topic (专题) as one reader sees it: cases, six sides with their coverage, plan, history."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F

from accounts.models import Role
from core.dates import cn_date, cn_days_left
from proposals.access import CONGRESS_ROLES
from proposals.lights import light_of
from proposals.lists import RELATED, SHOWN, cases_of_rows
from proposals.masking import masked
from proposals.models import Proposal
from proposals.readers import Reader
from proposals.status import HANDLING, PASSED_ON, ProposalStatus, Queue
from proposals.turns import QUEUES
from proposals.views.registry import Row as CaseRow

from .activities import next_activity, participation
from .models import Milestone, RoleKind, TopicFile, TopicState
from .topic_actions import available
from .topic_board import Card, open_tasks_of
from .topic_masking import is_masked_for, names_hidden_in

LABELS = {
    RoleKind.LEADER: "常委会领导牵头",
    RoleKind.GOV_LEADER: "政府领导领办",
    RoleKind.COMMITTEE: "专委会对口",
    RoleKind.OFFICE: "联工委统筹",
    RoleKind.DEPUTY: "代表参与",
    RoleKind.UNIT: "承办单位",
}
# What the date of a case that no unit works on is about.
WAITS_FOR = {
    ProposalStatus.FILED: Queue.ASSIGN,
    ProposalStatus.REPLIED: Queue.RATE,
    ProposalStatus.DISPUTED: Queue.JUDGE,
    ProposalStatus.COORDINATION: Queue.COORDINATE,
}
URGING = frozenset({Role.LIAISON, Role.COMMITTEE, Role.LEADER, Role.HUB})
ABSENT = 3  # deputies who never came named in the coverage check; the others are counted
NAMED = 4  # deputies and units named on the card; the others are counted


@dataclass
class Check:
    """One line of the coverage check; `invite` is a deputy who could be asked to take part."""

    is_met: bool
    words: str
    action: str = ""
    invite: object = None


@dataclass
class Side:
    """One of the six on the card: its heading, who it is, and a smaller line below."""

    label: str
    words: str
    detail: str = ""


@dataclass
class TopicPage:
    """Everything of a topic for one reader, read once. `cases` are rows as in the registry."""

    topic: object
    user: object
    reader: Reader
    cases: list = field(default_factory=list)
    sides: list = field(default_factory=list)
    milestones: list = field(default_factory=list)

    @classmethod
    def of(cls, topic, user):
        """Read the parts that every block needs: cases (two queries), sides and plan."""
        page = cls(topic, user, Reader(user))
        page.sides = list(topic.roles.select_related("committee", "unit").order_by("pk"))
        # Actions ask for the sides as well.
        topic._prefetched_objects_cache = {"roles": page.sides}
        page.cases = page._read_cases()
        page.milestones = page._read_plan()
        page._mask()
        return page

    def _read_cases(self):
        rows = Proposal.objects.visible_to(self.user).filter(topic_cases__topic=self.topic)
        rows = rows.select_related(*RELATED).only(*SHOWN).order_by("topic_cases__pk")
        found = []
        for case in cases_of_rows(list(rows), self.user):
            row = CaseRow(case, self.user, self.reader.rules)
            row.label = _date_label(row)
            # A hub's place that was passed on does not answer: its units do.
            row.at_work = [place for place in row.replying if place.status not in PASSED_ON]
            row.is_late = case.proposal.status in HANDLING and row.due_on and row.due_on < self.today
            found.append(row)
        return found

    def _read_plan(self):
        """The steps with who answers for each, in one query: a row per step and side."""
        sides = {side.pk: side for side in self.sides}
        steps = {}
        for step in Milestone.objects.filter(topic=self.topic).annotate(side_id=F("who")):
            kept = steps.setdefault(step.pk, step)
            if not hasattr(kept, "sides"):
                kept.sides, kept.topic = [], self.topic
            if step.side_id in sides:
                kept.sides.append(sides[step.side_id])
        for step in steps.values():
            step.shown_state = self._state_of(step)
        return list(steps.values())

    def _state_of(self, step):
        """(colour, words) of a step: 3月11日完成, 超期 2 天, 还剩 14 天."""
        if step.done_on:
            late = (step.done_on - step.planned_on).days
            how = f"，晚 {late} 天" if late > 0 else ""
            return "grey", f"{cn_date(step.done_on, self.today)}完成{how}"
        if self.topic.state != TopicState.DECIDED:
            return "grey", "还没有开始"
        days = (step.planned_on - self.today).days
        return light_of(step.planned_on, self.today, self.reader.rules), cn_days_left(days)

    # --- Who looks ------------------------------------------------------------------------------------

    @property
    def today(self):
        return self.reader.today

    @cached_property
    def is_congress(self):
        """The congress's side: reads everything."""
        mine = self.user.active_grants()
        return any(g.role in CONGRESS_ROLES and g.congress_id == self.topic.congress_id for g in mine)

    @cached_property
    def is_judged(self):
        """The judged side (§5), from which hidden names are kept."""
        return is_masked_for(self.user, self.topic.congress_id)

    @cached_property
    def hidden(self):
        """Names that this reader must not learn: of hidden proposers (隐名) among the cases. [] for none."""
        return names_hidden_in([self.topic]).get(self.topic.pk, []) if self.is_judged else []

    def _mask(self):
        if not self.hidden:
            return
        topic = self.topic
        for name in ("title", "reason", "summary"):
            setattr(topic, name, masked(getattr(topic, name), self.hidden))
        for step in self.milestones:
            step.words, step.done_words = (
                masked(text, self.hidden) for text in (step.words, step.done_words)
            )
        self.sides = [
            side for side in self.sides if side.kind != RoleKind.DEPUTY or side.name not in self.hidden
        ]

    # --- What is shown --------------------------------------------------------------------------------

    @cached_property
    def card(self):
        """The topic's Card, for the light and the counts."""
        card = Card(self.topic, self.today, self.reader.rules, sides=self.sides, milestones=self.milestones)
        for row in self.cases:
            row.proposal.shown_due = row.due_on
            card.cases.append(row.proposal)
        card.tasks = [due_on for _, due_on in open_tasks_of([self.topic], self.user)]
        return card

    @cached_property
    def actions(self):
        """Codes of the actions that this reader may take now."""
        return available(self.topic, self.user)

    @property
    def may_urge(self):
        """Whether the reader may urge (催办) the unit of a late case."""
        mine = self.user.active_grants()
        return any(g.role in URGING and g.congress_id == self.topic.congress_id for g in mine)

    @cached_property
    def deputies_present(self):
        """{deputy: to how many activities they came}."""
        return participation(self.topic)

    def of_kind(self, kind):
        return [side for side in self.sides if side.kind == kind]

    @property
    def six(self):
        """六方责任: the sides of the card, in order (a list of Side)."""
        return [self._side(kind) for kind in RoleKind]

    def _side(self, kind):
        sides, label = self.of_kind(kind), LABELS[kind]
        if not sides:
            return Side(label, "")
        if kind in (RoleKind.DEPUTY, RoleKind.UNIT):
            named = "、".join(_short(side) for side in sides[:NAMED]) + ("等" if len(sides) > NAMED else "")
            counted = f"{len(sides)} {'人' if kind == RoleKind.DEPUTY else '家'}"
            return Side(label, counted, named)
        return Side(label, "、".join(str(side) for side in sides), _contact(sides[0]))

    @property
    def units(self):
        """The units' sides with their heads, for the list below the card."""
        return self.of_kind(RoleKind.UNIT)

    @cached_property
    def checks(self):
        """覆盖检查 (a list of Check): leaders, committee, units' heads, lead deputies who took part."""
        total = len(self.cases)
        lacking = [
            words
            for kind, words in ((RoleKind.LEADER, "常委会领导牵头"), (RoleKind.GOV_LEADER, "政府领导领办"))
            if not self.of_kind(kind)
        ]
        checks = [
            Check(True, f"{total} 件都有牵头和领办领导")
            if not lacking
            else Check(False, f"{total} 件都还没有{'、'.join(lacking)}", "sides"),
            Check(True, f"{total} 件都有对口专委会")
            if self.of_kind(RoleKind.COMMITTEE)
            else Check(False, f"{total} 件都还没有对口专委会", "sides"),
            self._check_heads(),
        ]
        return [*checks, *self._check_deputies()]

    def _check_heads(self):
        at_work = {place.unit_id: place.unit for row in self.cases for place in row.at_work}
        named = {side.unit_id for side in self.units if side.name}
        if unnamed := [str(unit) for pk, unit in at_work.items() if pk not in named]:
            return Check(False, f"{'、'.join(unnamed)}还没有列明主要负责人", "sides")
        return Check(True, f"{len(at_work)} 家单位主要负责人已列明")

    def _check_deputies(self):
        absent = [row for row in self.cases if row.proposal.lead_id not in self.deputies_present]
        if not absent:
            return [Check(True, f"{len(self.cases)} 件的领衔代表都参加过活动")]
        by_lead = {}
        for row in absent:
            by_lead.setdefault(row.proposal.lead, []).append(row.proposal.number_text)
        checks = [
            Check(False, f"{'、'.join(numbers)} 领衔代表{lead.name}没有参加过活动", "invite", lead)
            for lead, numbers in by_lead.items()
        ]
        if (rest := len(checks) - ABSENT) > 0:
            checks[ABSENT:] = [Check(False, f"另有 {rest} 位领衔代表没有参加过活动")]
        return checks

    @property
    def met(self):
        """How many of the four conditions hold; deputies count as one, however many are absent."""
        return sum(check.is_met for check in self.checks[:4]) if len(self.checks) > 3 else 0

    @property
    def asked(self):
        """How many conditions there are."""
        return min(len(self.checks), 4)

    @cached_property
    def next_activity(self):
        """The activity to which absent deputies may be invited, or None."""
        return next_activity(self.topic, self.today)

    @property
    def steps_done(self):
        return sum(step.done_on is not None for step in self.milestones)

    @property
    def next_step(self):
        """The first step from today on that is not done: the row set off in the plan."""
        ahead = (step for step in self.milestones if not step.done_on and step.planned_on >= self.today)
        return next(ahead, None)

    @cached_property
    def events(self):
        """督办经过 for this reader, the newest first, each with `shown_words` and `scans`."""
        events = self.topic.events.order_by("-at", "-pk")
        shown = list(events if self.is_congress else events.filter(is_inner=False))
        files = {}
        if any(event.payload.get("files") for event in shown):
            for file in visible_files(self.user).filter(event__topic=self.topic):
                files.setdefault(file.event_id, []).append(file)
        for event in shown:
            event.shown_words = masked(event.words, self.hidden)
            event.scans = files.get(event.pk, [])
        return shown

    @property
    def decision(self):
        """The line of history that put the topic on the list, with its scan; or None."""
        return next((event for event in self.events if event.action == "decide"), None)


def visible_files(user):
    """Scans of topics that `user` may open: the congress's own people alone."""
    wide = {grant.congress_id for grant in user.active_grants() if grant.role in CONGRESS_ROLES}
    return TopicFile.objects.filter(event__topic__congress__in=wide)


def _short(side):
    if side.kind == RoleKind.DEPUTY:
        return side.name
    return f"{side.unit.short_name or side.unit.name}{side.name}"


def _contact(side):
    """The smaller line: the chair of a committee, who to call."""
    parts = []
    if side.committee_id and side.name:
        parts.append(f"{side.name} {side.title}".strip())
    if side.contact or side.contact_phone:
        words = f"{side.contact} {side.contact_phone}".strip()
        parts.append(f"联系人：{words}" if side.contact else words)
    return "，".join(parts)


def _date_label(row):
    """What the date of a case is called: 答复, 测评, 研判."""
    status = row.proposal.status
    if status in HANDLING or row.sight.is_unit_only:
        return "答复"
    queue = WAITS_FOR.get(status)
    return QUEUES[queue][1] if queue else ""
