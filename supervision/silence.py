"""未表态: replies that nobody rated while the rating window and its grace lasted."""

from datetime import timedelta
from itertools import chain

from core.chunks import in_chunks
from proposals.models import Clock
from proposals.status import ClockKind, HolderKind
from proposals.workflow import Refused, perform

from .models import Reminder
from .people import users_by_seat

CHUNK = 500
# The fewest days that so many units can last: what is surely too early is not even tried.
SHORTEST = {"day": 1, "workday": 1, "month": 28}


def mark_silent_replies(today, now):
    """Perform `mark_silent` where window and grace are over and the proposer was reminded; returns how many.

    A proposer who could be reminded but was not (the machine was off) is reminded first and gets until the
    next run. One transaction per reply.
    """
    users, marked = users_by_seat(today), 0
    rows = Clock.objects.filter(
        kind=ClockKind.RATING, met_on__isnull=True, voided_on__isnull=True, due_on__lt=today
    ).select_related("assignment", "proposal")
    for clock in chain.from_iterable(in_chunks(rows, CHUNK)):
        if today <= clock.due_on + _least_grace(clock.rule.get("grace")):
            continue
        can_be_reminded = users.get((str(HolderKind.DEPUTY), clock.proposal.lead_id))
        if can_be_reminded and not Reminder.objects.filter(clock=clock, made_on__lt=today).exists():
            continue
        try:
            perform("mark_silent", clock.assignment, actor=None, now=now)
            marked += 1
        except Refused:
            continue  # still within the grace, or rated a moment ago
    return marked


def _least_grace(grace):
    return timedelta(days=grace["value"] * SHORTEST[grace["unit"]] if grace else 0)
