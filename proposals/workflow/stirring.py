"""动静: on which day a unit last did anything at its place, or got the work (back). Written after every action.

Whether a unit is silent (没有动静) is told from it: see proposals/quiet.py.
"""

from accounts.models import Role
from institutions.succession import units_stood_for

from ..status import AssignmentStatus, RequestKind
from .actors import lead_proxy, may_be_entered
from .row import ASSIGNMENT

AT_UNITS = frozenset({Role.HANDLER, Role.SIGNER, Role.HUB})
# While these are decided a unit waits, and is not silent.
AWAITED = frozenset({RequestKind.EXTENSION, RequestKind.RETURN})


def before(case):
    """What `note` compares with: the places at work, and the requests that wait for a decision."""
    at_work = {place.pk for place in case.places if place.status == AssignmentStatus.ACCEPTED}
    asked = {request.pk for request in case.requests if request.is_open and request.kind in AWAITED}
    return at_work, asked


def note(row, case, subject, earlier):
    """Date the places of the unit that acted, those that got the work just now, and those whose wait is over."""
    at_work, asked = earlier
    units = _acting_units(row, case, subject)
    decided = {r.assignment_id for r in case.requests if r.pk in asked and not r.is_open}
    for place in case.round_places:
        is_given = place.status == AssignmentStatus.ACCEPTED and place.pk not in at_work
        has_stirred = is_given or place.unit_id in units or place.pk in decided
        if has_stirred and (place.stirred_on is None or place.stirred_on < case.today):
            place.stirred_on = case.today
            case.touch(place, "stirred_on")


def _acting_units(row, case, subject):
    """The units for which the actor acted: their own, or one that works on paper (代录)."""
    grant = case.grant
    if grant is None:
        return frozenset()
    own = units_stood_for(grant.unit_id) if grant.role in AT_UNITS else frozenset()
    if row.subject != ASSIGNMENT or not may_be_entered(case, row.who):
        return own
    place = case.lead_place(subject) if lead_proxy in row.who else subject
    if place is None or place.unit.has_access or place.unit_id in own:
        return own
    return own | {place.unit_id}
