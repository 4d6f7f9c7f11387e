"""What a visitor without an account reads of a published proposal (公开), and nothing else.

Everything on the public pages comes through PublicCase. It is built from the columns named here: no phone, no
contact, no rating, no line of history is loaded. Numbers that lead to a person are taken out of every text, and
where the proposer is hidden (隐名) the names as well.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.privacy import numbers_in, without_numbers

from .masking import masked
from .models import Assignment, Commitment, Cosignature, Proposal
from .status import PROMISE_VERIFIED, AssignmentRole, AssignmentStatus, CommitmentStatus, CosignState

ANONYMOUS = "提出人不公开"
SUMMARY = 80
SHOWN = (
    "congress",
    "number",
    "title",
    "situation",
    "analysis",
    "points",
    "category__name",
    "session__name",
    "lead__name",
    "delegation__name",
    "hides_proposer",
    "is_delegations",
    "round",
    "submitted_on",
    "filed_on",
    "assigned_on",
    "closed_on",
    "published_on",
)
PLACE_SHOWN = (
    "proposal",
    "unit__name",
    "role",
    "round",
    "status",
    "reply__assignment",
    "reply__opening",
    "reply__answers",
    "reply__reply_class",
    "reply__doc_no",
    "reply__is_public",
    "reply__issued_at",
    "reply__issued_on",
)


@dataclass(frozen=True)
class PublicReply:
    """One unit's reply. One that the unit marked 不予公开 tells only that it was given."""

    unit: str
    issued_on: date
    is_open: bool
    letter: str = ""
    class_words: str = ""
    doc_no: str = ""
    opening: str = ""
    # The concrete requests, each with {"state", "text"} of its answer or None.
    points: tuple = ()


PROMISE_FIELDS = ("proposal", "what", "promised_on", "moved_from", "status", "unit__name")


@dataclass(frozen=True)
class Promise:
    """承诺事项 and where it stands; whose task it is within the unit is nobody's business outside."""

    what: str
    unit: str
    promised_on: date
    # The words for where it stands, and the colour of their tag.
    state: str
    colour: str
    # The date first promised, where it was moved since.
    moved_from: date | None = None

    @property
    def is_kept(self):
        return self.state == CommitmentStatus.KEPT.label


class Kept(NamedTuple):
    """How many promises were kept, of how many."""

    part: int
    whole: int


def _promise(what, each, today):
    """The Promise of a commitment; of the verification the outcome alone."""
    if each.status in PROMISE_VERIFIED:
        state, colour = each.status_text, "green" if each.status == CommitmentStatus.KEPT else "orange"
    elif each.status == CommitmentStatus.REPORTED:
        state, colour = "报告完成，等待核实", "yellow"
    elif each.promised_on < today:
        state, colour = "约定日期已到，还没有报告完成", "yellow"
    else:
        state, colour = "正在办", "blue"
    return Promise(what, each.unit.name, each.promised_on, state, colour, each.moved_from)


class PublicCase:
    """A published proposal in its visitors' words: attributes are ready for the template."""

    def __init__(self, proposal, places, signers, promises, *, rules, today):
        self.number, self.round = proposal.number, proposal.round
        self.category = proposal.category.name if proposal.category else ""
        self.session = proposal.session.name if proposal.session else ""
        self.published_on, self._dates = proposal.published_on, proposal
        self.is_anonymous = proposal.hides_proposer
        names = {proposal.lead.name, proposal.delegation.name, *signers} if self.is_anonymous else set()
        self._hidden = sorted(names, key=len, reverse=True)
        self._tell_proposer(proposal, signers)
        self.title, self.situation = self._clean(proposal.title), self._clean(proposal.situation)
        self.analysis = self._clean(proposal.analysis)
        self.points = [self._clean(point) for point in proposal.points]
        answered = [place for place in places if place.role != AssignmentRole.CO and _is_out(place)]
        self.replies = [self._reply(place, rules) for place in answered]
        self.co_units = [place.unit.name for place in places if place.role == AssignmentRole.CO]
        self.promises = [_promise(self._clean(each.what), each, today) for each in promises]
        self.kept = Kept(sum(promise.is_kept for promise in self.promises), len(self.promises))

    def _clean(self, text):
        return masked(without_numbers(text), self._hidden)

    def _tell_proposer(self, proposal, signers):
        """Who proposed it, briefly for lists and in full."""
        self.cosigners, lead, delegation = [], proposal.lead.name, proposal.delegation.name
        if self.is_anonymous:
            self.proposer = self.proposer_in_full = ANONYMOUS
        elif proposal.is_delegations:
            self.proposer = self.proposer_in_full = f"{delegation}（代表团提出）"
        else:
            self.cosigners = signers
            self.proposer = f"{lead}等 {len(signers) + 1} 名代表" if signers else f"{lead}代表"
            self.proposer_in_full = f"{lead}（{delegation}）"

    def _reply(self, place, rules):
        reply, unit = place.reply, place.unit.name
        if not reply.is_public:
            return PublicReply(unit, reply.issued_on, is_open=False)
        answers = [
            {"state": answer.get("state", ""), "text": self._clean(answer.get("text", ""))}
            for answer in reply.answers
        ]
        answers += [None] * (len(self.points) - len(answers))
        return PublicReply(
            unit=unit,
            issued_on=reply.issued_on,
            is_open=True,
            letter=rules.letter(reply.reply_class),
            class_words=rules.class_words(reply.reply_class) if reply.reply_class else "",
            doc_no=self._clean(reply.doc_no),
            opening=self._clean(reply.opening),
            points=tuple(zip(self.points, answers, strict=False)),
        )

    @property
    def summary(self):
        """What it asks for, in a line."""
        text = "；".join(" ".join(point.split()).rstrip("。；;") for point in self.points)
        return text if len(text) <= SUMMARY else text[: SUMMARY - 1] + "…"

    @property
    def units(self):
        """The units that answered, as words."""
        return "、".join(reply.unit for reply in self.replies)

    @property
    def steps(self):
        """What happened when, the newest first: (date, words). Taken from the dates alone, so it names nobody."""
        dates = self._dates
        steps = [
            (dates.submitted_on, "代表团提出" if dates.is_delegations else "代表提出"),
            (dates.filed_on, f"立案，编号 {self.number}"),
            (dates.assigned_on, f"交{self.units}办理" if self.units else "交办"),
            *sorted((reply.issued_on, f"{reply.unit}答复") for reply in self.replies),
            (dates.closed_on, "办结"),
            (dates.published_on, "公开"),
        ]
        return [step for step in reversed(steps) if step[0]]


def _is_out(place):
    reply = getattr(place, "reply", None)
    return reply is not None and reply.issued_at is not None


def load(published, *, rules, today):
    """The published proposals of a queryset as PublicCase, in its order; four queries.

    Of several rounds only the last: that there was an earlier one would tell how it was rated.
    """
    proposals = list(published.select_related("category", "session", "lead", "delegation").only(*SHOWN))
    by_pk = {proposal.pk: proposal for proposal in proposals}
    places, signers, promises = defaultdict(list), defaultdict(list), defaultdict(list)
    found = Assignment.objects.filter(proposal__in=by_pk, status=AssignmentStatus.ANSWERED)
    for place in found.select_related("unit", "reply").only(*PLACE_SHOWN).order_by("pk"):
        if place.round == by_pk[place.proposal_id].round:
            places[place.proposal_id].append(place)
    signed = Cosignature.objects.filter(proposal__in=by_pk, state=CosignState.CONFIRMED).order_by("pk")
    for pk, name in signed.values_list("proposal", "deputy__name"):
        signers[pk].append(name)
    made = Commitment.objects.filter(proposal__in=by_pk, replaced_by=None, reply__is_public=True)
    for promise in made.select_related("unit").only(*PROMISE_FIELDS):
        promises[promise.proposal_id].append(promise)
    return [
        PublicCase(row, places[row.pk], signers[row.pk], promises[row.pk], rules=rules, today=today)
        for row in proposals
    ]


def numbers_to_look_at(case):
    """What the office should look at before publishing: (where, number) of each that the pages will take out."""
    proposal = case.proposal
    texts = [("标题", proposal.title), ("情况", proposal.situation), ("分析", proposal.analysis)]
    texts += [(f"第 {number} 条建议", point) for number, point in enumerate(proposal.points, start=1)]
    for place in case.replying_places:
        reply = case.reply(place)
        if reply is not None and reply.is_issued and reply.is_public:
            texts.append((f"{place.unit}答复的开头", reply.opening))
            for number, answer in enumerate(reply.answers, start=1):
                texts.append((f"{place.unit}对第 {number} 条的答复", answer.get("text", "")))
            texts += [(f"{place.unit}的承诺", each.get("what", "")) for each in reply.planned_commitments]
    return [(where, number) for where, text in texts for number in numbers_in(text)]


def published_of(congress, number):
    """The queryset of the one published proposal with this 编号; empty where there is none."""
    return Proposal.objects.published_by(congress).filter(number=number)
