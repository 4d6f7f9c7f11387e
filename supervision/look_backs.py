"""回头看: what time alone does about promises (a year's list, 未表态 of confirmations), and handing out anew."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from institutions.models import Unit
from institutions.succession import acting_unit
from proposals.models import Assignment, Commitment, LookBack
from proposals.status import PROMISE_VERIFIED, AssignmentStatus
from proposals.workflow import Refused, perform

from .implementation import LIVE


def open_look_backs(today, now):
    """Put on this year's list what replies of earlier years promised and is not done; returns how many.

    Safe to run at any day and again: a promise stands once on the list of a year.
    """
    listed = LookBack.objects.filter(commitment=OuterRef("pk"), year__gte=today.year)
    rows = Commitment.objects.filter(LIVE, replaced_by=None, reply__issued_on__year__lt=today.year)
    return _perform_all("look_back", rows.exclude(Exists(listed)), now, {"year": today.year})


def mark_unconfirmed_promises(today, now):
    """未表态: verified promises whose proposer let the term pass; returns how many."""
    rows = Commitment.objects.filter(confirmed="", confirm_by__lt=today, status__in=PROMISE_VERIFIED)
    rows = rows.filter(settled_on=None, replaced_by=None)
    return _perform_all("mark_unconfirmed", rows, now, {})


def _perform_all(action, rows, now, data):
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        commitment = Commitment.objects.get(pk=pk)
        try:
            perform(action, commitment, actor=None, data=dict(data), now=now)
            done += 1
        except Refused:
            continue  # somebody acted on it a moment ago
    return done


# --- The list ------------------------------------------------------------------------------------------


@dataclass
class Listed:
    """A case on a year's list with its promises, and with whom it would be handed out again."""

    proposal: object
    look_backs: list
    placements: list

    @property
    def is_open(self):
        """Whether something on it is neither settled nor handed out again yet."""
        return any(not each.closed_on and not each.reassigned_on for each in self.look_backs)


def listed_cases(proposals, year):
    """The Listed of these proposals for a year, in their order; three queries."""
    related = ("commitment__unit", "commitment__reply")
    rows = LookBack.objects.filter(commitment__proposal__in=proposals, year=year).select_related(*related)
    by_case, places = {}, {}
    for row in rows.order_by("pk"):
        by_case.setdefault(row.commitment.proposal_id, []).append(row)
    held = Assignment.objects.filter(proposal__in=proposals, parent=None).select_related("unit")
    for place in held.exclude(status=AssignmentStatus.RELEASED).order_by("pk"):
        places.setdefault(place.proposal_id, []).append(place)
    return [
        Listed(p, by_case.get(p.pk, []), [each for each in places.get(p.pk, []) if each.round == p.round])
        for p in proposals
    ]


def same_placements(listed):
    """The placement of the present round anew: each unit, or whoever acts for it now (机构改革), as it was."""
    keys = {place.pk: acting_unit(place.unit_id) for place in listed.placements}
    units = Unit.objects.in_bulk(keys.values())
    return [{"unit": units[keys[place.pk]], "role": place.role} for place in listed.placements]


def run(today=None, now=None):
    """Both steps of the day, for the command; returns the counts by name."""
    now = now or timezone.now()
    today = today or timezone.localdate(now)
    return {
        "look_backs": open_look_backs(today, now),
        "unconfirmed": mark_unconfirmed_promises(today, now),
    }
