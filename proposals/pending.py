"""Pending requests as the side that decides reads them: 退回申请, 延期申请, 异议, and ratings still on paper.

A page of cards costs the same number of queries however many there are.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import Grant, Role
from core.calendars import calendar_for_pages
from core.workdays import workdays_between
from institutions.models import Unit
from institutions.offer import units_on_offer

from .clocks import answer_clock
from .hints import closest, handling_places
from .lists import load_rows
from .models import Assignment, Clock, Request, Waiting
from .status import AssignmentRole, ClockKind, HolderKind, Queue, RequestKind
from .workflow import Case
from .workflow.extending import ceiling, endorsement_is_given


@dataclass
class ReturnCard:
    """申请退回: what the unit says, whether it came in time, who refused it before, and whom it could go to."""

    case: Case
    place: Assignment
    request: Request
    earlier: list
    units: list
    chosen: Unit | None = None
    evidence: list = field(default_factory=list)

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def window(self):
        """The clock of the window, over or not; None where the rule set has none."""
        own = (c for c in self.case.clocks if c.assignment_id == self.place.pk)
        return next((c for c in own if c.kind == ClockKind.RETURN_WINDOW), None)

    @property
    def workday(self):
        """On which working day after the assignment it was asked."""
        return workdays_between(self.place.opened_on, self.request.asked_on, self.case.calendar)

    @property
    def clock(self):
        return answer_clock(self.case, self.place)

    @property
    def decision_clock(self):
        """By when it is to be decided."""
        return self.case.clock(ClockKind.RETURN_DECISION, assignment=self.place)

    @property
    def others(self):
        """(field name, place) of the others on the level, who stay."""
        return [(str(p.role), p) for p in self.case.siblings(self.place) if p.pk != self.place.pk]

    @property
    def may_go_alone(self):
        """A co place may go without replacement."""
        return self.place.role == AssignmentRole.CO

    @property
    def number(self):
        """How often a return was asked for on this proposal."""
        return len(self.earlier) + 1


@dataclass
class ObjectionCard:
    """异议: what the proposer objects to, answered in place."""

    case: Case
    request: Request

    @property
    def proposal(self):
        return self.case.proposal


@dataclass
class ExtensionCard:
    """申请延期: the present date, the latest that is possible, what is asked for and why."""

    case: Case
    place: Assignment
    request: Request

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def clock(self):
        return answer_clock(self.case, self.place)

    @property
    def decision_clock(self):
        """By when it is to be decided."""
        return self.case.clock(ClockKind.EXTENSION_DECISION, assignment=self.place)

    @property
    def until(self):
        """The day asked for."""
        return date.fromisoformat(self.request.details["until"])

    @property
    def latest(self):
        return ceiling(self.case, self.place)

    @property
    def waits_for_hub(self):
        """The sentence that says so, where the hub must sign its view first; None when it may be decided."""
        return endorsement_is_given(self.case, self.place)


def load_for_deciding(proposal_ids):
    """The cases of a page with places, clocks, requests and one calendar: {proposal key: Case}, a fixed number of
    queries."""
    cases = {proposal.pk: Case(proposal) for proposal in load_rows(list(proposal_ids))}
    for name, rows in (
        (
            "places",
            Assignment.objects.select_related("unit", "reply").defer("reply__opening", "reply__answers"),
        ),
        ("clocks", Clock.objects.all()),
        ("requests", Request.objects.select_related("unit", "deputy")),
    ):
        found = defaultdict(list)
        for row in rows.filter(proposal__in=cases).order_by("pk"):
            row.proposal = cases[row.proposal_id].proposal
            found[row.proposal_id].append(row)
        for pk, case in cases.items():
            setattr(case, name, found[pk])
    calendars = {scope: calendar_for_pages(scope) for scope in {case.scope for case in cases.values()}}
    for case in cases.values():
        case.calendar = calendars[case.scope]
    return cases


def return_cards(keys, user, *, with_evidence):
    """A ReturnCard for each place that asks to be returned, in the order of its (place, proposal) key."""
    cards = []
    for case, place, request in _asked(keys, RequestKind.RETURN):
        cards.append(ReturnCard(case, place, request, _earlier_returns(case, place, request), []))
    congress_ids = {card.proposal.congress_id for card in cards}
    units = units_on_offer(congress_ids)
    for card in cards:
        card.units = [unit for unit in units if _may_take(card, unit)]
        card.chosen = named_unit(card.units, card.request.details.get("suggested", ""))
    if with_evidence:
        _find_evidence(cards, user)
    return cards


def _asked(keys, kind):
    """(case, place, request) of each (place, proposal) key in order that has a pending request of the kind."""
    cases = load_for_deciding({proposal for _, proposal in keys})
    for pk, proposal in keys:
        case = cases[proposal]
        place = case.place(pk)
        request = case.pending(kind, place)
        if request is not None:
            yield case, place, request


def _earlier_returns(case, place, request):
    """Earlier 退回 requests in the case: all of them for the congress; a hub reads those of its own units."""
    earlier = [r for r in case.requests if r.kind == RequestKind.RETURN and r.pk < request.pk]
    hub = _hub_over(case, place)
    return [r for r in earlier if hub is None or _hub_over(case, case.place(r.assignment_id)) == hub]


def _hub_over(case, place):
    return case.place(place.parent_id).unit_id if place.parent_id else None


def _may_take(card, unit):
    """On offer in the place of the one that goes: of the congress, on its level, not yet in the round."""
    if unit.congress_id != card.proposal.congress_id or unit.pk == card.place.unit_id:
        return False
    if card.place.parent_id:
        hub = card.case.place(card.place.parent_id).unit
        if unit.is_hub or unit.system != hub.system:
            return False
    return unit.pk not in {p.unit_id for p in card.case.round_places}


def named_unit(units, words):
    """The unit that these words name (full or short name), or None."""
    words = words.strip()
    return next((unit for unit in units if words and words in (unit.name, unit.short_name)), None)


def _find_evidence(cards, user):
    """Who handled the closest earlier case: beside the choice, for those who read the whole congress."""
    alike = closest([card.proposal for card in cards], user)
    places_of = handling_places({other.pk for other in alike.values()}, user) if alike else {}
    for card in cards:
        other = alike.get(card.proposal.pk)
        for place in places_of.get(other.pk, ()) if other else ():
            if place.replies:
                words = f"{other.number or '待编号'} 同类建议由{place.unit.name}{place.get_role_display()}"
                card.evidence.append((other.pk, words))


def extension_cards(keys):
    """An ExtensionCard for each place that asks for more time, in the order of its (place, proposal) key."""
    return [ExtensionCard(*found) for found in _asked(keys, RequestKind.EXTENSION)]


def objection_cards(keys):
    """An ObjectionCard for each (request, proposal) key, in this order."""
    cases = load_for_deciding({proposal for _, proposal in keys})
    cards = []
    for pk, proposal in keys:
        case = cases[proposal]
        cards += [ObjectionCard(case, request) for request in case.requests if request.pk == pk]
    return cards


def decision_card(case, place):
    """The card of one place for the page of its decision: a return or an extension; None for neither."""
    if request := case.pending(RequestKind.EXTENSION, place):
        return ExtensionCard(case, place, request)
    request = case.pending(RequestKind.RETURN, place)
    if request is None:
        return None
    return ReturnCard(case, place, request, _earlier_returns(case, place, request), [])


# --- 待代录测评 -----------------------------------------------------------------------------------------


def on_paper():
    """The condition on Waiting that a rating can only come on paper: the deputy has no account."""
    signs_in = Grant.objects.in_force().filter(role=Role.DEPUTY, deputy=OuterRef("holder_id"))
    return Q(queue=Queue.RATE, holder_kind=HolderKind.DEPUTY) & ~Exists(signs_in)


def awaited_ratings(congress_ids):
    """Every reply that waits for its rating: a deputy with an account may send the form on paper as well."""
    return Waiting.objects.filter(congress_id__in=congress_ids, queue=Queue.RATE)
