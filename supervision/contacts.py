"""首次沟通 as lines of the digests: a clock beside the reply's, for which nobody has a turn of its own."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q

from institutions.succession import acting_unit, units_stood_for
from proposals.asking import form_url, otherwise
from proposals.models import Clock, Waiting
from proposals.status import ClockKind, HolderKind, Queue

from .duties import Duty
from .models import Reminder
from .stages import DEFAULT
from .words import thing_words

CONTACT = "contact"
CACHE_KEY, CACHE_SECONDS = "first-contacts", 60
NEAR = 60  # days: what is further off is not even read


def contact_duties(today, seats=None):
    """First contacts that are still to be made, as Duty, of everybody or of these seats (one query)."""
    rows = (
        Clock.objects.filter(
            Exists(
                Waiting.objects.filter(
                    assignment=OuterRef("assignment"), queue__in=(Queue.HANDLE, Queue.OPINION)
                )
            ),
            kind=ClockKind.FIRST_CONTACT,
            met_on__isnull=True,
            voided_on__isnull=True,
            due_on__lte=today + timedelta(days=NEAR),
            congress__is_active=True,
        )
        .annotate(is_told=Exists(Reminder.objects.filter(clock=OuterRef("pk"), made_on=today)))
        .select_related("congress", "proposal", "assignment__unit", "assignment__parent")
        .order_by("due_on", "pk")
    )
    if seats is not None:
        if not _are_there_any(seats):
            return
        rows = rows.filter(_of(seats))
    for clock in rows.iterator(chunk_size=1000):
        yield _duty(clock, today)


def _are_there_any(seats):
    """Whether a page has to look at all: most congresses set no such term. May be a minute old."""
    if not any(kind in (HolderKind.HANDLER, HolderKind.LIAISON) for kind, _ in seats):
        return False
    found = cache.get(CACHE_KEY)
    if found is None:
        open_ones = Clock.objects.filter(kind=ClockKind.FIRST_CONTACT, met_on=None, voided_on=None)
        found = open_ones.exists()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def _of(seats):
    mine = Q(pk__in=[])
    for kind, pk in seats:
        if kind == HolderKind.HANDLER:
            mine |= Q(assignment__unit__in=units_stood_for(pk), proposal__hides_proposer=False)
        elif kind == HolderKind.LIAISON:
            mine |= Q(congress_id=pk, proposal__hides_proposer=True)
    return mine


def _duty(clock, today):
    """隐名: the office makes the contacts of a hidden case, since the unit does not know whom to call."""
    hides, place = clock.proposal.hides_proposer, clock.assignment
    late = ""
    if not hides:
        late = otherwise(
            CONTACT,
            clock.congress.liaison_name,
            left=(clock.due_on - today).days,
            escalation=DEFAULT.escalation,
            by_hub=place.parent_id is not None,
        )
    return Duty(
        key=f"contact:{clock.pk}",
        congress_id=clock.congress_id,
        holder_kind=HolderKind.LIAISON if hides else HolderKind.HANDLER,
        holder_id=clock.congress_id if hides else acting_unit(place.unit_id),
        due_on=clock.due_on,
        words=thing_words(clock.proposal.title),
        url=form_url(CONTACT, clock.proposal_id, place.pk),
        verb="首次与代表沟通",
        started_on=clock.started_on,
        otherwise=f"{late}。" if late else "",
        number=clock.proposal.number,
        unit=str(place.unit),
        is_reminded=clock.is_told,
    )
