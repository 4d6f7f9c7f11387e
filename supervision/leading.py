"""要事 of a leader: what needs their word, what is late, what is disputed, what they lead, what they instructed.

A leader of the standing committee reads the whole congress. One of the government sees what goes through the hub,
from the judged side (§5): no ratings, no disputes, no hidden names.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery

from accounts.grants import grants_of
from accounts.models import Role
from core.dates import cn_date
from proposals.forms import FORM_FOR
from proposals.lists import PLACE_SHOWN, RELATED, SHOWN
from proposals.masking import masked
from proposals.models import Assignment, Proposal, Request, Waiting
from proposals.readers import Reader
from proposals.status import (
    HANDLING,
    PASSED_ON,
    AssignmentStatus,
    ProposalStatus,
    Queue,
    RequestKind,
    RequestState,
)
from proposals.workflow import Case

from .masking import masked_titles
from .models import (
    Instruction,
    InstructionRecipient,
    InstructionState,
    Milestone,
    RoleKind,
    Topic,
    TopicState,
)
from .topic_board import REPLIED, light_of_figures, running_figures
from .topic_masking import names_hidden_from

ROWS = 5
MOST_WORDS = 20
NEAR_DAYS = 7
COUNT_SECONDS = 30
DISPUTED = (ProposalStatus.DISPUTED, ProposalStatus.COORDINATION)


@dataclass
class Word:
    """One thing that needs the leader's word: a case with the form of its instruction, or a step of a topic."""

    tag: str
    colour: str
    title: str
    url: str
    words: str
    link: str
    due_on: object = None
    number: str = ""
    form: object = None
    topic: object = None


class Leading:
    """What stands on one leader's page. Cases, their places and their requests come in three queries for all blocks."""

    def __init__(self, user):
        self.user = user
        self.reader = Reader(user)
        self.today = self.reader.today
        wide = grants_of(user, Role.LEADER)
        self.is_gov = not wide
        self.grants = wide or grants_of(user, Role.GOV_LEADER)
        self.congress_ids = sorted({grant.congress_id for grant in self.grants})

    # --- Cases ------------------------------------------------------------------------------------------

    @cached_property
    def _cases(self):
        """Cases that this leader reads, drafts apart, with what the blocks choose them by."""
        mine = {"kind": RequestKind.REPORT, "state": RequestState.OPEN, "details__leader": self.user.pk}
        spoken = Instruction.objects.filter(author=self.user, proposal=OuterRef("pk")).standing()
        returns = Waiting.objects.filter(proposal=OuterRef("pk"), queue=Queue.RETURN)
        return (
            Proposal.objects.listed_to(self.user)
            .filter(congress_id__in=self.congress_ids)
            .annotate(
                step_due=self.reader.due_key(),
                is_reported=Exists(Request.objects.filter(proposal=OuterRef("pk"), **mine)),
                is_sent_back=Exists(returns),
                return_due=Subquery(returns.order_by("due_on").values("due_on")[:1]),
                is_spoken_on=Exists(spoken),
            )
        )

    @property
    def _wants_word(self):
        """多次退回, 协调研究 on which no instruction of theirs stands, and what the office reported. For a leader of
        the government only steps of topics."""
        if self.is_gov:
            return Q(pk__in=[])
        stuck = Q(status=ProposalStatus.COORDINATION) | Q(returns_asked__gt=1, is_sent_back=True)
        return Q(is_reported=True) | stuck & Q(is_spoken_on=False)

    @property
    def _is_disputed(self):
        return Q(pk__in=[]) if self.is_gov else Q(status__in=DISPUTED)

    @cached_property
    def counts(self):
        """How many: words, late, late_at_units, disputed, coordination."""
        late = Q(step_due__lt=self.today)
        return self._cases.order_by().aggregate(
            words=Count("pk", filter=self._wants_word),
            late=Count("pk", filter=late),
            late_at_units=Count("pk", filter=late & Q(status__in=HANDLING)),
            disputed=Count("pk", filter=self._is_disputed),
            coordination=Count("pk", filter=self._is_disputed & Q(status=ProposalStatus.COORDINATION)),
        )

    @cached_property
    def _rows(self):
        """The Cases that some block shows, by key: places and requests loaded for all of them."""
        late = self._cases.filter(step_due__lt=self.today).order_by("step_due", "pk")
        worded = self._cases.filter(self._wants_word).order_by(F("due_on").asc(nulls_last=True), "pk")
        disputed = self._cases.filter(self._is_disputed).order_by(F("due_on").asc(nulls_last=True), "pk")
        shown = Q(pk__in=late.values("pk")[:ROWS]) | Q(pk__in=worded.values("pk")[:MOST_WORDS])
        shown |= Q(pk__in=disputed.values("pk")[:ROWS])
        rows = self._cases.filter(shown).select_related(*RELATED).only(*SHOWN, "returns_asked")
        found = {row.pk: row for row in rows.order_by(F("step_due").asc(nulls_last=True), "pk")}
        return _with_parts(found, self.user)

    # --- Blocks -----------------------------------------------------------------------------------------

    @cached_property
    def words(self):
        """What needs their word (a list of Word), the soonest first."""
        found = [self._word(case) for case in self._rows.values() if self._is_worded(case.proposal)]
        found += self._steps()
        return sorted(found, key=lambda word: (word.due_on is None, word.due_on or self.today))

    def _is_worded(self, row):
        if self.is_gov:
            return False
        is_stuck = row.status == ProposalStatus.COORDINATION or (row.returns_asked > 1 and row.is_sent_back)
        return row.is_reported or (is_stuck and not row.is_spoken_on)

    def _word(self, case):
        row = case.proposal
        tell = _told_returns if row.is_sent_back else _told_coordination
        if row.is_reported:
            tell = _told_report
        tag, colour, words, link = tell(case)
        return Word(
            tag,
            colour,
            row.title,
            f"/proposals/{row.pk}/",
            words,
            link,
            due_on=row.return_due or row.due_on,
            number=row.number_text,
            form=form_of(case, self.user),
        )

    def _steps(self):
        """Steps of the leader's topics that come near."""
        until = self.today + timedelta(NEAR_DAYS)
        near = [topic for topic in self.topics if topic.next_step and topic.next_step.planned_on <= until]
        return [
            Word(
                "我领办的专题" if self.is_gov else "我牵头的专题",
                "blue",
                f"{topic}：{cn_date(topic.next_step.planned_on, self.today)}{topic.next_step.words}",
                f"/topics/{topic.pk}/",
                f"已答复 {topic.answered} / {topic.total} 件。",
                "看督办方案",
                due_on=topic.next_step.planned_on,
                topic=topic,
            )
            for topic in near
        ]

    @cached_property
    def late(self):
        """The cases longest past their date: a list of LateRow."""
        late = [case for case in self._rows.values() if case.proposal.step_due and self._is_late(case)]
        late.sort(key=lambda case: (case.proposal.step_due, case.proposal.pk))
        titles = masked_titles([case.proposal for case in late], self.user)
        return [LateRow(case, titles.get(case.proposal.pk, case.proposal.title)) for case in late[:ROWS]]

    def _is_late(self, case):
        return case.proposal.step_due < self.today

    @cached_property
    def disputed(self):
        """Cases that deputies are not satisfied with; none for the judged side."""
        if self.is_gov:
            return []
        found = [case.proposal for case in self._rows.values() if case.proposal.status in DISPUTED]
        return sorted(found, key=lambda row: (row.due_on is None, row.due_on or self.today, row.pk))[:ROWS]

    @cached_property
    def topics(self):
        """Topics that this leader leads (政府领导：领办), with `next_step`, and counts and light as on the board."""
        kind = RoleKind.GOV_LEADER if self.is_gov else RoleKind.LEADER
        is_read = Q(cases__in=Proposal.objects.visible_to(self.user).order_by().values("pk"))
        is_out = is_read & Q(cases__status__in=REPLIED)
        steps = Milestone.objects.filter(done_on=None).order_by("planned_on", "pk")
        own = Topic.objects.filter(
            pk__in=Topic.objects.filter(roles__kind=kind, roles__user=self.user).values("pk"),
            congress_id__in=self.congress_ids,
            state=TopicState.DECIDED,
        )
        own = own.annotate(
            total=Count("cases", filter=is_read, distinct=True),
            answered=Count("cases", filter=is_out, distinct=True),
            **running_figures(self.user, self.reader),
        )
        topics = list(
            own.order_by("-year", "rank", "pk").prefetch_related(Prefetch("milestones", steps, "open_steps"))
        )
        hidden = names_hidden_from(self.user, topics)
        for topic in topics:
            topic.light = light_of_figures(topic, self.reader)
            topic.next_step = topic.open_steps[0] if topic.open_steps else None
            if names := hidden.get(topic.pk):
                topic.title = masked(topic.title, names)
                for step in topic.open_steps:
                    step.words = masked(step.words, names)
        return topics

    @cached_property
    def instructed(self):
        """The leader's instructions, those to be carried out first, then the newest."""
        own = Instruction.objects.filter(author=self.user, congress_id__in=self.congress_ids)
        own = own.annotate(is_done=Q(state=InstructionState.DONE)).order_by("is_done", "-given_at", "-pk")
        recipients = InstructionRecipient.objects.select_related("unit")
        rows = list(
            own.select_related("proposal", "topic", "request").prefetch_related(
                Prefetch("recipients", recipients)
            )[:ROWS]
        )
        return titled(rows, self.user)

    @property
    def open_instructions(self):
        """How many of their instructions are to be carried out still."""
        return Instruction.objects.standing().filter(author=self.user).count()

    @property
    def word_count(self):
        """How many things wait for the leader's word."""
        return self.counts["words"] + len(self._steps())


@dataclass
class LateRow:
    """One late case: where it is held up, in words."""

    case: Case
    title: str

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def words(self):
        places = [p for p in self.case.replying_places if p.is_open]
        if not places:
            return "等代表测评" if self.proposal.status == ProposalStatus.REPLIED else "在联工委"
        units = "、".join(str(place.unit) for place in places)
        if any(place.status == AssignmentStatus.SIGNING for place in places):
            return f"{units} · 等签发人签发"
        was_urged = any(request.kind == RequestKind.URGE for request in self.case.requests)
        return f"{units} · {'已催办' if was_urged else '没有催办过'}"


def titled(rows, user):
    """The instructions with `about` (case or topic, as this reader may know it), `hidden` (names hidden in a topic),
    `answered` and `silent`."""
    titles = masked_titles([row.proposal for row in rows if row.proposal_id], user)
    hidden = names_hidden_from(user, {row.topic for row in rows if row.topic_id})
    for row in rows:
        row.hidden = hidden.get(row.topic_id, [])
        title = row.proposal.title if row.proposal_id else masked(str(row.topic), row.hidden)
        row.about = titles.get(row.proposal_id, title)
        recipients = list(row.recipients.all())
        row.answered = [each for each in recipients if each.answered_at]
        row.silent = [each for each in recipients if each.unit_id and not each.answered_at]
    return rows


def form_of(case, user):
    """The form of an instruction on the case, its fields told from those of other cases on the page."""
    form = FORM_FOR["instruct"](case=case, subject=case.proposal, user=user)
    form.auto_id = f"id_{case.proposal.pk}_%s"
    return form


def _with_parts(rows, user):
    """Cases of these proposals with places and requests; two queries, whatever their number."""
    places, requests = defaultdict(list), defaultdict(list)
    if rows:
        found = Assignment.objects.filter(proposal__in=rows).select_related("unit").order_by("round", "pk")
        for place in found.only(*(name for name in PLACE_SHOWN if not name.startswith("reply"))):
            place.proposal = rows[place.proposal_id]
            places[place.proposal_id].append(place)
        for request in Request.objects.filter(proposal__in=rows).order_by("pk"):
            requests[request.proposal_id].append(request)
    cases = {}
    for pk, row in rows.items():
        case = cases[pk] = Case(row)
        case.places, case.requests = places[pk], requests[pk]
        # Who signed is of no account to what a leader writes; it would be a query for each case.
        case.cosignatures = []
    return cases


def _told_report(case):
    asked = [r for r in case.requests if r.kind == RequestKind.REPORT and r.is_open]
    return "联工委报告", "blue", asked[-1].reason if asked else "", "看这件的经过"


def _told_coordination(case):
    units = "、".join(str(place.unit) for place in case.replying_places if place.status not in PASSED_ON)
    return "协调研究", "orange", f"{units}重新办理后代表仍不满意，要协调研究。", "看答复和评价"


def _told_returns(case):
    for place in case.round_places:
        request = case.pending(RequestKind.RETURN, place)
        if request is not None:
            suggested = request.details.get("suggested", "")
            by = f"，认为该由{suggested}办" if suggested else ""
            times = case.proposal.returns_asked
            words = f"{place.unit}申请退回{by}。这件已经 {times} 次申请退回。"
            return "单位争执", "orange", words, "看来回的经过"
    return "单位争执", "orange", "", "看来回的经过"


def leader_count(user):
    """How many things need the leader's word, for the header of every page: up to half a minute old, but on the
    leader's own page, which has them all before it."""
    key = f"leader-words:{user.pk}"
    count = leading_of(user).word_count if hasattr(user, "_leading") else cache.get(key)
    if count is None:
        count = leading_of(user).word_count
    cache.set(key, count, COUNT_SECONDS)
    return count


def leading_of(user):
    """The Leading of this person, one per request."""
    if not hasattr(user, "_leading"):
        user._leading = Leading(user)
    return user._leading
