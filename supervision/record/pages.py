"""What the pages show of units' records: the numbers with their score, working-day medians, what to look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median

from django.db.models import Count, Min, Q
from django.urls import reverse

from core.calendars import calendar_for_pages
from core.workdays import workdays_between
from proposals.rules import rules_for_pages
from proposals.status import AssignmentStatus, ProposalStatus, Satisfaction

from ..models import ReviewVote
from .counting import counts, family, rows, units_in
from .figures import FIGURES
from .formulas import cases_of, in_force
from .kinds import PLACES

SOON_DAYS = 5
# Columns of a place that the cards show.
SHOWN = (
    *("role", "round", "status", "opened_on", "accepted_on", "answered_on", "assigned_on", "due_on"),
    *("proposal__number", "proposal__title", "proposal__status", "proposal__round"),
    *("reply__assignment", "reply__issued_on"),
    *("reply__rating__reply", "reply__rating__attitude", "reply__rating__result"),
)
ATTENTION_SHOWN = 12


class Record:
    """One unit's year for one reader: its counts and score. Given `numbers`, it counts nothing itself."""

    def __init__(self, scope, unit, year, *, formula=None, numbers=None):
        self.scope, self.unit, self.year = scope, unit, year
        self._numbers = numbers
        self.formula = formula or in_force(scope.congress, year)
        self.rank, self.unranked, self.vote = None, "", None

    @cached_property
    def numbers(self):
        if self._numbers is not None:
            return self._numbers
        mine = family(self.unit)
        return counts(self.scope, self.year, mine).get(self.unit.pk) or dict.fromkeys(FIGURES, 0)

    @cached_property
    def score(self):
        return self.formula.score(self.numbers)

    @property
    def cases(self):
        return cases_of(self.numbers)

    @property
    def rules(self):
        return rules_for_pages(self.scope.congress.pk)

    def url(self, code):
        """The address of a figure's list."""
        return f"{reverse('supervision:record_figure', args=[self.unit.pk, code])}?year={self.year}"

    @property
    def lead_url(self):
        return self.url("lead")

    @property
    def co_url(self):
        return self.url("co")

    @property
    def standing(self):
        """What stands in the column 排名: the place, or why there is none."""
        return self.rank or self.unranked

    # --- Satisfaction and classes, as the cards show them ---------------------------------------------

    def satisfaction(self):
        """The rows of the card 满意度: (label, [(code, number)] for each answer, rated, share in percent or None).

        No percentage under the formula's least number of ratings.
        """
        lines = []
        for key, short in (("first", "首轮"), ("final", "最终")):
            rated = self.numbers[f"{key}_rated"]
            for dimension, words in (("attitude", "办理态度"), ("result", "办理结果")):
                codes = [f"{key}_{dimension}_{answer.value}" for answer in Satisfaction]
                cells = [(code, self.numbers[code]) for code in codes]
                if dimension == "attitude" and rated and not sum(n for _, n in cells):
                    continue  # where only the result is rated
                share = None
                if rated >= self.formula.row.min_ratings:
                    share = round(100 * cells[0][1] / rated, 1)
                lines.append((f"{short} {words}", cells, rated, share))
        return lines

    def classes(self):
        """(letter, [words], [(code, number)]) by the printed letter of the rule set; 0 left in."""
        found = {}
        for code, figure in FIGURES.items():
            if not code.startswith("class_"):
                continue
            stored = code.removeprefix("class_")
            letter = self.rules.letter(stored) or figure.label
            entry = found.setdefault(letter, ([], []))
            entry[0].append(self.rules.class_words(stored))
            entry[1].append((code, self.numbers[code]))
        return [(letter, "、".join(dict.fromkeys(words)), cells) for letter, (words, cells) in found.items()]

    # --- Times, and what to look at -------------------------------------------------------------------

    @cached_property
    def _places(self):
        """The unit's places of the year with what the two cards below need; one query."""
        found = rows(PLACES, self.scope, self.year, family(self.unit)).annotate(
            contact_on=Min("contacts__on"),
            recalls=Count("reply__versions", filter=Q(reply__versions__is_correction=False), distinct=True),
        )
        return list(found.select_related("proposal", "reply__rating").only(*SHOWN))

    @cached_property
    def times(self):
        """Medians in working days and the extremes of replies in days."""
        places = [] if self.unit.is_hub else self._places
        return Times.of(places, calendar_for_pages(self.scope.congress.code))

    @cached_property
    def attention(self):
        """Places to look at (a list of Attention), the latest at work first: late or nearly so, sent back, rated
        不满意."""
        found = [
            Attention(place, why) for place in self._places if (why := "；".join(_reasons(place, self.scope)))
        ]
        found.sort(
            key=lambda each: (
                each.place.answered_on is not None,
                each.place.due_on or date.max,
                each.place.pk,
            )
        )
        return found[:ATTENTION_SHOWN]

    # --- 评议 -----------------------------------------------------------------------------------------

    @cached_property
    def votes(self):
        """The votes on this unit, newest year first; for the judged side only released ones. One query."""
        found = ReviewVote.objects.filter(unit__in=family(self.unit), replaced_at=None)
        if not self.scope.is_open:
            found = found.filter(review__released_on__isnull=False)
        return list(found.select_related("review").order_by("-review__held_on", "-pk"))

    def year_votes(self):
        return [vote for vote in self.votes if vote.review.year == self.year]


@dataclass(frozen=True)
class Times:
    """How fast a unit was. None where there is nothing to say."""

    signing: float | None
    contact: float | None
    fastest: int | None
    slowest: int | None

    @classmethod
    def of(cls, places, calendar):
        """From the places of Record._places."""
        known = {}
        signing, contact, replies = [], [], []

        def workdays(first, last):
            if (first, last) not in known:
                known[first, last] = workdays_between(first, last, calendar)
            return max(known[first, last], 0)

        for place in places:
            if place.accepted_on:
                signing.append(workdays(place.opened_on, place.accepted_on))
            if place.replies and place.contact_on:
                contact.append(workdays(place.opened_on, place.contact_on))
            if issued := getattr(getattr(place, "reply", None), "issued_on", None):
                replies.append((issued - place.assigned_on).days)
        return cls(
            signing=median(signing) if signing else None,
            contact=median(contact) if contact else None,
            fastest=min(replies, default=None),
            slowest=max(replies, default=None),
        )


@dataclass(frozen=True)
class Attention:
    """One row of 要留意的件."""

    place: object
    why: str


def _reasons(place, scope):
    """Why a place is to be looked at, in words; none mostly."""
    if place.status == AssignmentStatus.RELEASED:
        yield "会办意见没有提交，主办单位已先答复"
    elif place.is_open and place.due_on and place.due_on <= scope.today + timedelta(days=SOON_DAYS):
        yield _what_is_awaited(place)
    if place.recalls:
        yield f"答复被退回重答 {place.recalls} 次"
    rating = getattr(getattr(place, "reply", None), "rating", None)
    hidden = scope.context.judged and not _is_released(place)
    if rating and rating.is_dissatisfied and not hidden and place.status == AssignmentStatus.ANSWERED:
        yield "首轮不满意" if place.round == 1 else f"第 {place.round} 轮不满意"


RELEASED = frozenset({ProposalStatus.CLOSED, ProposalStatus.COORDINATION})


def _is_released(place):
    """Sight.sees_rating for the unit itself."""
    return place.proposal.status in RELEASED or place.round < place.proposal.round


def _what_is_awaited(place):
    return {
        AssignmentStatus.PENDING: "还没签收",
        AssignmentStatus.SIGNING: "等签发",
        AssignmentStatus.RETURN_ASKED: "申请退回，等裁定",
        AssignmentStatus.DISPATCHING: "还没分办",
    }.get(place.status, "会办意见没交" if not place.replies else "还没答复")


def records_of(scope, year):
    """Records of every unit that the reader may see, with ranks and the year's 评议; few queries for all."""
    formula, units = in_force(scope.congress, year), units_in(scope)
    found = counts(scope, year, None if scope.is_open else _families(units))
    nothing = dict.fromkeys(FIGURES, 0)
    records = {
        pk: Record(scope, unit, year, formula=formula, numbers=found.get(pk, nothing))
        for pk, unit in units.items()
        if pk in found or pk in scope.unit_ids
    }
    if scope.is_open:
        scores = {pk: record.score for pk, record in records.items()}
        places = formula.places(scores, {pk: record.numbers for pk, record in records.items()})
        for pk, record in records.items():
            record.rank = places.get(pk)
            if not record.rank:
                record.unranked = formula.why_unranked(record.score, record.numbers)
    votes = ReviewVote.objects.filter(review__congress=scope.congress, review__year=year, replaced_at=None)
    if not scope.is_open:
        votes = votes.filter(review__released_on__isnull=False)
    for vote in votes.select_related("review").order_by("review__held_on", "pk"):
        if vote.unit_id in records:
            records[vote.unit_id].vote = vote
    return list(records.values()), formula


def _families(units):
    return {pk for unit in units.values() for pk in family(unit)}
