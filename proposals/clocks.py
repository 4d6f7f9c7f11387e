"""Clocks (期限): started, moved, met and voided here and nowhere else; explanations.py says how a date came about.

All dates are Asia/Shanghai dates. A clock remembers the rule it was computed with, so a later change of the
rule set leaves it alone.
"""

from core.dates import cn_deadline
from core.workdays import compute_due, next_workday

from .models import Clock
from .status import ClockKind

# A place's own answer: whose date stands as Assignment.due_on and decides the light.
TERMS = frozenset({ClockKind.REPLY, ClockKind.REDO, ClockKind.OPINION, ClockKind.OPINION_REDO})
ANSWER_KINDS = TERMS | {ClockKind.CORRECTION}
# Terms after which something is tolerated for a while; remembered with the clock as its "grace".
GRACE_OF = {ClockKind.RATING: ClockKind.RATING_GRACE}


def due_by(case, terms, start):
    """The DueDate of `terms` counted from `start`, by the case's calendar and its rule on rolling forward."""
    roll_forward = bool(case.rules.switch("roll_forward"))
    return compute_due(start, terms.value, terms.unit, case.calendar, roll_forward=roll_forward)


def day_off_words(case, day):
    """Why no term can be set to end on `day`, with the next one that is worked; None where it can.

    Terms end on working days where the rule set rolls them forward (民法典 203); a year whose notice is not out
    yet counts with plain weekends.
    """
    if not case.rules.switch("roll_forward") or case.calendar.is_workday(day):
        return None
    worked = cn_deadline(next_workday(day, case.calendar), day)
    return f"{cn_deadline(day, case.today)}是休息日，请选工作日，如 {worked}。"


def rule_snapshot(terms, rules):
    """What a clock remembers of its rule, as plain JSON: enough to compute and to explain it again."""
    return {
        "kind": terms.kind,
        "value": terms.value,
        "unit": terms.unit,
        "start_event": terms.start_event,
        "article": terms.article,
        "verified": terms.is_verified,
        "rule_set": rules.name,
        "roll_forward": bool(rules.switch("roll_forward")),
    }


def start(case, kind, *, started_on, assignment=None, commitment=None, due_on=None, terms_kind=None, note=""):
    """Start a clock of `kind` and return it; None where the rule set has no such limit.

    `due_on` fixes the date by decision (an earlier reply date, a promised date); `terms_kind` takes another
    kind's terms (复杂件 replies run on the ceiling); `note` says why the date is not the ordinary one.
    """
    terms = case.rules.clock(terms_kind or kind)
    if terms is None:
        return None
    rule = rule_snapshot(terms, case.rules)
    if kind in GRACE_OF:
        grace = case.rules.clock(GRACE_OF[kind])
        rule["grace"] = rule_snapshot(grace, case.rules) if grace else None
    if note:
        rule["note"] = note
    is_provisional = False
    if due_on is None:
        computed = due_by(case, terms, started_on)
        due_on, is_provisional = computed.due_on, computed.provisional
    else:
        rule["fixed"] = True
    clock = Clock.objects.create(
        congress_id=case.proposal.congress_id,
        proposal=case.proposal,
        assignment=assignment,
        commitment=commitment,
        kind=kind,
        round=case.proposal.round,
        started_on=started_on,
        due_on=due_on,
        is_provisional=is_provisional,
        rule=rule,
    )
    case.clocks.append(clock)
    _copy_due(case, clock)
    return clock


def move(case, clock, due_on, *, note, is_provisional=False):
    """Give an open clock another date, with the reason; the first date stays in its rule snapshot."""
    clock.rule.setdefault("first_due_on", clock.due_on.isoformat())
    clock.rule["note"] = note
    clock.due_on = due_on
    clock.is_provisional = is_provisional
    clock.save(update_fields=["due_on", "is_provisional", "rule"])
    _copy_due(case, clock)


def grace_until(case, clock):
    """The last day of the grace after a clock's due date, by the rule it was started with; the due date where
    that knows none."""
    if "grace" in clock.rule:
        grace = clock.rule["grace"]
    else:  # started before clocks remembered it
        terms = case.rules.clock(GRACE_OF[clock.kind])
        grace = rule_snapshot(terms, case.rules) if terms else None
    return computed_due(grace, clock.due_on, case.calendar).due_on if grace else clock.due_on


def answer_clock(case, place):
    """The running clock of a place's own answer (reply or co-opinion), or None."""
    return next(iter(case.open_clocks(*ANSWER_KINDS, assignment=place)), None)


def reopen(case, place, *kinds):
    """Have the term of these kinds that a place met last run on towards its date."""
    if clock := met_last(case, place, *kinds):
        clock.met_on = None
        clock.save(update_fields=["met_on"])
        _copy_due(case, clock)


def rest(case, place):
    """The term that a place met stands with it no more while its answer is only put right (更正): were its date
    over, it would make a place overdue that was in time."""
    place.due_on = None
    case.touch(place, "due_on")


def end_rest(case, place):
    """The date of the term that the place met stands with it again."""
    if clock := met_last(case, place, *TERMS):
        _copy_due(case, clock)


def met_last(case, place, *kinds):
    """The term of these kinds that a place met last, or None."""
    met = [c for c in case.clocks if c.assignment_id == place.pk and c.kind in kinds and c.met_on]
    return met[-1] if met else None


def meet(case, *kinds, assignment=None):
    """Stop the open clocks of these kinds (of one place, or of the proposal itself) as met today."""
    for clock in case.open_clocks(*kinds, assignment=assignment):
        clock.met_on = case.today
        clock.save(update_fields=["met_on"])


def void(case, *kinds, assignment=None):
    """Stop open clocks that nobody needs to meet any more. Without kinds: all of that place."""
    _stop(case, case.open_clocks(*kinds, assignment=assignment))


def void_promises(case, commitment_ids):
    """Stop the open clocks of these commitments (承诺)."""
    _stop(case, [clock for clock in case.open_clocks() if clock.commitment_id in commitment_ids])


def _stop(case, clocks):
    for clock in clocks:
        clock.voided_on = case.today
        clock.save(update_fields=["voided_on"])


def _copy_due(case, clock):
    """Keep the copy that lists sort by."""
    if clock.assignment_id and clock.kind in ANSWER_KINDS:
        place = case.place(clock.assignment_id)
        place.due_on = clock.due_on
        case.touch(place, "due_on")


def confirm(clock_ids):
    """Take the 暂定 mark off clocks whose date a newly published year left as it was. Returns how many."""
    return Clock.objects.filter(pk__in=clock_ids).update(is_provisional=False)


def computed_due(rule, started_on, calendar):
    """The DueDate recomputed from a clock's own rule snapshot."""
    return compute_due(started_on, rule["value"], rule["unit"], calendar, roll_forward=rule["roll_forward"])
