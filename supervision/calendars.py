"""When a year's holidays are published, the dates that had been provisional (暂定) become final."""

import logging

from core.calendars import load_calendar
from notifications.services import poke
from proposals import clocks
from proposals.models import Clock, Proposal
from proposals.workflow import Refused, perform

logger = logging.getLogger(__name__)

CHUNK = 200


def recompute_provisional(now=None):
    """Recompute the open provisional clocks whose years have come; returns how many cases got an event.

    One event per case, and only where a date changes; of the others just the 暂定 mark goes. Works in batches
    of cases, each case in its own transaction: safe to kill and to run again.
    """
    changed, last = 0, 0
    while ids := _next_cases(last):
        last = ids[-1]
        moved, settled = _sort(ids)
        clocks.confirm(settled)
        for pk in moved:
            try:
                perform("recompute", Proposal(pk=pk), actor=None, now=now)
                changed += 1
            except Refused as refusal:
                logger.warning("case %s was not recomputed: %s", pk, refusal.words)
    return changed


def _provisional():
    return Clock.objects.filter(is_provisional=True, met_on__isnull=True, voided_on__isnull=True)


def _next_cases(after):
    rows = _provisional().filter(proposal_id__gt=after).order_by("proposal_id")
    return list(rows.values_list("proposal_id", flat=True).distinct()[:CHUNK])


def _sort(proposal_ids):
    """(cases with a date to change, clocks whose date stands and is final now)."""
    moved, settled = [], []
    rows = (
        _provisional()
        .filter(proposal__in=proposal_ids)
        .select_related("congress")
        .order_by("proposal_id", "pk")
    )
    for clock in rows:
        computed = clocks.computed_due(clock.rule, clock.started_on, load_calendar(clock.congress.code))
        if computed.due_on != clock.due_on:
            moved.append(clock.proposal_id)
        elif not computed.provisional:
            settled.append(clock.pk)
    return list(dict.fromkeys(moved)), settled


def calendar_published(scope, years):
    """Called after each change of the calendar: wake the worker. The daily run does the same if it sleeps."""
    from .tasks import recompute

    poke(recompute)
