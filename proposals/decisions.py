"""What the office reads before it decides: earlier cases alike, units with evidence, what assigning starts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.dateparse import parse_date

from core.explain import explain

from . import clocks
from .access import Sight
from .hints import alike
from .lists import load_cases
from .models import Proposal
from .status import AssignmentRole, AssignmentStatus, ClockKind
from .workflow import available, placing

PLACEMENT = ("lead", "co", "separate")
# Headings above the systems in the table of units: a ticked unit must not hide among ninety.
CHOSEN, SUPPORTED = "已选的单位", "有依据的单位"
# What the pages of a decision put side by side, in this order.
REVIEW_CODES = ("file", "return", "decline")
JUDGE_CODES = ("close_disputed", "settle", "order_redo")
RETURN_CODES = ("approve_return", "refuse_return")
CURRENT_KINDS = (
    ClockKind.REVIEW,
    ClockKind.REVISE,
    ClockKind.ASSIGN,
    ClockKind.JUDGE,
    ClockKind.COORDINATION,
)
PLACE_KINDS = (
    ClockKind.CORRECTION,
    ClockKind.REDO,
    ClockKind.REPLY,
    ClockKind.OPINION_REDO,
    ClockKind.OPINION,
    ClockKind.RATING,
    ClockKind.DISPATCH,
    ClockKind.ACCEPT,
)


def siblings(case, user, code, place=None):
    """The offers beside `code` that decide the same question (a list of Offer); [] where it stands alone."""
    codes = next((codes for codes in (REVIEW_CODES, JUDGE_CODES, RETURN_CODES) if code in codes), ())
    return [offer for offer in available(case, user, codes) if place is None or offer.subject is place]


def current_clock(case, place=None):
    """The clock an action's page shows: the place's own, or the one the proposal runs on; None without."""
    for kind in PLACE_KINDS if place else CURRENT_KINDS:
        if clock := case.clock(kind, assignment=place):
            return clock
    return None


# --- Earlier cases ------------------------------------------------------------------------------------


@dataclass
class Earlier:
    """An earlier proposal on the same matter, as the reader may see it."""

    proposal: object
    shared_words: list
    status_words: str
    places: list
    outcome: list


def earlier_cases(case, user, limit=4):
    """Earlier proposals whose titles share uncommon words, closest first (a list of Earlier); at most
    five queries, three where what is like it is remembered."""
    words = alike(case.proposal, user, limit=limit)
    seen = Proposal.objects.listed_to(user)
    return [_earlier(each, user, words) for each in load_cases(words, user, among=seen)] if words else []


def _earlier(case, user, words):
    sight = Sight.of(case, user)
    places = [place for place in case.round_places if sight.sees_place(place)]
    outcome = []
    for place in places:
        reply = case.reply(place)
        if reply is None or not reply.is_issued or not place.replies:
            continue
        letter = case.rules.letter(reply.reply_class)
        rating = case.rating(place) if sight.sees_rating(case.proposal, place) else None
        outcome.append((letter, rating))
    return Earlier(
        case.proposal, words[case.proposal.pk], sight.proposal_status(case.proposal), places, outcome
    )


# --- Units to choose from -----------------------------------------------------------------------------


@dataclass
class UnitRow:
    """A unit of the placement table, what is chosen for it and why it might be the one."""

    unit: object
    chosen: str = ""
    evidence: list = field(default_factory=list)


def unit_groups(form, case, earlier):
    """The units on offer as (heading, rows): those chosen first, then those with evidence, then by system."""
    # A hub's form has only the columns that its own place allows.
    units = list(next(form.fields[name].queryset for name in PLACEMENT if name in form.fields))
    reasons = _evidence(case, earlier, units)
    chosen = _chosen(form)
    groups = defaultdict(list)
    for unit in units:
        row = UnitRow(unit, chosen.get(str(unit.pk), ""), reasons.get(unit.pk, []))
        heading = SUPPORTED if row.evidence else unit.get_system_display()
        groups[CHOSEN if row.chosen else heading].append(row)
    groups[SUPPORTED].sort(key=lambda row: -len(row.evidence))
    first = [(heading, groups.pop(heading)) for heading in (CHOSEN, SUPPORTED) if groups[heading]]
    groups.pop(SUPPORTED, None)
    groups.pop(CHOSEN, None)
    return [*first, *groups.items()]


def _chosen(form):
    """The role chosen for each unit, by its primary key as text."""
    chosen = {}
    if "lead" in form.fields:
        chosen[str(form["lead"].value() or "")] = AssignmentRole.LEAD.value
    for name in PLACEMENT[1:]:
        for value in (form[name].value() or ()) if name in form.fields else ():
            chosen[str(value)] = name
    return chosen


def _evidence(case, earlier, units):
    """Why a unit might be the one: {primary key: [(kind, words)]}."""
    reasons = defaultdict(list)
    wished = case.proposal.suggested_units
    for unit in units:
        if wished and (unit.name in wished or (unit.short_name and unit.short_name in wished)):
            reasons[unit.pk].append(("代表", "代表建议由其办理"))
    for each in earlier:
        for place in each.places:
            if place.status != AssignmentStatus.RELEASED:
                words = f"{each.proposal.number_text} 由其{place.get_role_display()}"
                reasons[place.unit_id].append(("同类", words))
    return reasons


# --- What assigning starts ----------------------------------------------------------------------------


@dataclass
class Started:
    """A clock that assigning today would start: who does what by when, and why that day."""

    label: str
    who: str
    due_on: date
    is_provisional: bool
    sentences: list


def started_by_assigning(case, *, is_complex=False, early=None):
    """The clocks that assigning today starts (a list of Started), by the rules and calendar in force."""
    reply_kind = ClockKind.REPLY_COMPLEX if is_complex else ClockKind.REPLY
    lines = (
        (ClockKind.ACCEPT, "签收", "每个承办单位"),
        (ClockKind.RETURN_WINDOW, "申请退回截止", "认为不属本单位的"),
        (ClockKind.OPINION, "提交会办意见", "会办单位"),
        (reply_kind, "答复代表", "主办或分办单位"),
    )
    given = {reply_kind: early} if early else {}
    return _started(case, lines, "交办", given)


def started_by_dispatching(case):
    """The clocks that passing a hub's place on today starts for its children (a list of Started)."""
    lines = (
        (ClockKind.ACCEPT, "签收", "每个下属单位"),
        (ClockKind.RETURN_WINDOW, "申请退回", "认为不属本单位的"),
    )
    return _started(case, lines, "分办", {})


def _started(case, lines, verb, given):
    """One Started for each of the lines (kind, label, who) that the rule set has; `given` dates are set by hand."""
    started = []
    for kind, label, who in lines:
        terms = case.rules.clock(kind)
        if terms is None:
            continue
        if kind in given:
            words = "按您要求的日期，不按法定期限计算。"
            started.append(Started(label, who, given[kind], False, [words]))
            continue
        due = clocks.due_by(case, terms, case.today)
        source = terms.article or case.rules.name
        head = (
            f"从{verb}之日起 {terms.length_text}，依据：{source}{'' if terms.is_verified else '（未核实）'}。"
        )
        started.append(Started(label, who, due.due_on, due.provisional, [head, *explain(due, case.today)]))
    return started


def day_in(value):
    """The date in a form's value, typed or given; None where it is none."""
    if not isinstance(value, str):
        return value
    try:
        return parse_date(value)
    except ValueError:
        return None


def placement_words(case, units_by_role):
    """(sentence, objection) for a placement being chosen: {role: [Unit]}."""
    placements = [{"unit": unit, "role": role} for role, units in units_by_role.items() for unit in units]
    if not placements:
        return "", ""
    parts = [
        f"{'、'.join(unit.name for unit in units)}{AssignmentRole(role).label}"
        for role, units in units_by_role.items()
        if units
    ]
    return "，".join(parts), placing.objection(case, placements) or ""
