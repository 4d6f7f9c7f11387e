"""The stages of a reminder (提醒阶段): when whoever has to act, the signer and the assigning side are told."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.workdays import days_left
from proposals.asking import Escalation
from proposals.status import ClockKind, Queue

from .models import (
    DEFAULT_BEFORE,
    DEFAULT_EVERY,
    DEFAULT_SIDE_AFTER,
    DEFAULT_SIGNER_AFTER,
    DEFAULT_SIGNER_FROM,
    ReminderPlan,
    parse_days,
)

Sms = ReminderPlan.Sms
# Whose stages tell when signer and office are told.
CLOCK_OF = {
    Queue.ACCEPT: ClockKind.ACCEPT,
    Queue.DISPATCH: ClockKind.DISPATCH,
    Queue.OPINION: ClockKind.OPINION,
    Queue.HANDLE: ClockKind.REPLY,
    Queue.SIGN: ClockKind.REPLY,
    Queue.PROMISE: ClockKind.COMMITMENT,
}


@dataclass(frozen=True)
class Stages:
    """When one recipient is told: so many days before, on the day, overdue from day `first_over` on (0: with
    `every`, None: never) and then every so many. The rest is what the plan says of the others and of SMS."""

    before: tuple[int, ...]
    on_day: bool
    every: int
    first_over: int | None = 0
    signer_from: int = DEFAULT_SIGNER_FROM
    signer_after: int = DEFAULT_SIGNER_AFTER
    side_after: int = DEFAULT_SIDE_AFTER
    sms: str = Sms.OVERDUE

    def newest(self, started_on, due_on, today):
        """The newest stage reached on `today` (30 … 0 … -7), or None. Stages before the start do not count."""
        left = days_left(due_on, today)
        if left > 0:
            reached = [d for d in self.before if left <= d and due_on - timedelta(days=d) > started_on]
            return min(reached, default=None)
        return self._overdue(-left) or (0 if self.on_day else None)

    def _overdue(self, over):
        """The newest overdue stage (-1, -7 …) after so many days, or 0 for none."""
        if self.first_over is None:
            return 0
        first = self.first_over if 0 < self.first_over <= over else 0
        regular = over // self.every * self.every if self.every else 0
        return -max(first, regular if regular >= self.first_over else 0)

    def for_signer(self):
        """The unit's signer: from some days before, and from a certain day overdue."""
        before = tuple(d for d in self.before if d <= self.signer_from)
        on_day = self.on_day and self.signer_from > 0
        return replace(self, before=before, on_day=on_day, first_over=self.signer_after or None)

    def for_late_signer(self):
        """The signer where nothing is to be signed yet (签收): overdue alone."""
        return replace(self.for_signer(), before=(), on_day=False)

    def for_assigning_side(self):
        """The side that assigned: from a certain day overdue."""
        return replace(self, before=(), on_day=False, first_over=self.side_after or None)

    def goes_by_sms(self, stage):
        """Whether this stage goes by SMS to whoever has to act."""
        return {Sms.ALL: True, Sms.DUE: stage <= 0, Sms.OVERDUE: stage < 0}.get(self.sms, False)

    @property
    def escalation(self):
        """After how many days whom is told, for the words of messages."""
        return Escalation(self.signer_after, self.side_after)


DEFAULT = Stages(tuple(parse_days(DEFAULT_BEFORE)), True, DEFAULT_EVERY)


def load_stages():
    """{(congress id, clock kind): Stages} of the kinds whose plan was edited."""
    return {
        (plan.congress_id, plan.kind): Stages(
            tuple(parse_days(plan.before)),
            plan.on_day,
            plan.every,
            signer_from=plan.signer_from,
            signer_after=plan.signer_after,
            side_after=plan.side_after,
            sms=plan.sms,
        )
        for plan in ReminderPlan.objects.order_by()
    }


def escalation_of(congress_id, queue):
    """The Escalation that a congress has set for what waits in a queue (one query)."""
    rows = ReminderPlan.objects.filter(congress=congress_id, kind=CLOCK_OF.get(queue, ""))
    after = rows.values_list("signer_after", "side_after").first()
    return Escalation(*after) if after else DEFAULT.escalation
