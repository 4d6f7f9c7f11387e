"""What waits for whom (要您办, 在等别人, 快到期), from `Waiting` and the duties beside it: for everybody's digest in
one streamed pass, or for one person's page. Each seat keeps its most urgent lines and counts the rest, so memory
stays flat.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from core.dates import cn_date, cn_days_left, cn_deadline
from core.workdays import days_left
from institutions.succession import acting_unit, units_stood_for
from notifications.agenda import Agenda, Line
from proposals.asking import form_url, otherwise
from proposals.lights import light_of
from proposals.models import Assignment, Waiting
from proposals.rules import rules_for_pages
from proposals.status import AssignmentRole, AssignmentStatus, ClockKind, HolderKind, Queue

from .contacts import contact_duties
from .duties import open_duties
from .models import Reminder
from .people import UNIT_KINDS, seats_of
from .stages import CLOCK_OF, DEFAULT, load_stages
from .words import TODO, thing_words

LIMIT = 20  # lines per section; the rest is counted
URGENT = 5  # a reply or opinion is on the to-do list from so many days before
SOON = 15  # and named among 快到期 from so many days before
LEAD_SEES = 3  # the lead sees a co-opinion that is still missing
DRAFT_LEFT = 7  # days after which a draft counts as left lying
PAGE_ROWS = 1000  # the person's page counts no further
ANSWERING = frozenset({Queue.HANDLE, Queue.OPINION, Queue.PROMISE})
UNIT_QUEUES = frozenset({Queue.HANDLE, Queue.OPINION, Queue.ACCEPT, Queue.SIGN})


@dataclass
class Seat:
    """What one seat (a unit's handlers, a deputy, a congress's office) has before it."""

    todo: list = field(default_factory=list)
    todo_count: int = 0
    overdue: int = 0
    wait: list = field(default_factory=list)
    wait_count: int = 0
    soon: list = field(default_factory=list)
    soon_count: int = 0
    drafts: int = 0
    # 没有动静, as lines that count (quiet_lines).
    quiet: list = field(default_factory=list)

    def add(self, section, due_on, line):
        """Count a line, and keep it with its date while there is room: rows come most urgent first."""
        lines = getattr(self, section)
        setattr(self, f"{section}_count", getattr(self, f"{section}_count") + 1)
        if len(lines) < LIMIT:
            lines.append((due_on or date.max, line))


COLUMNS = (
    "queue",
    "holder_kind",
    "holder_id",
    "due_on",
    "congress_id",
    "proposal_id",
    "title",
    "number",
    "edited_at",
    "role",
    "opened_on",
    "unit",
    "lead_unit",
    "hub",
    "assignment_id",
    "commitment_id",
    "what",
    "hides",
    "office",
    "is_reminded",
)


def waiting_rows(today):
    """Everything that waits, most urgent first, each row with what its line needs (a ValuesQuerySet)."""
    lead = Assignment.objects.filter(
        proposal=OuterRef("proposal"),
        round=OuterRef("assignment__round"),
        role=AssignmentRole.LEAD,
        status=AssignmentStatus.ACCEPTED,
    )
    reminded = Reminder.objects.filter(
        made_on=today, clock__proposal=OuterRef("proposal"), clock__assignment=OuterRef("assignment")
    ).exclude(clock__kind=ClockKind.FIRST_CONTACT)  # has a line of its own
    office_reminded = Reminder.objects.filter(
        made_on=today,
        clock__proposal=OuterRef("proposal"),
        clock__assignment__isnull=True,
        clock__commitment__isnull=True,
    )
    promise_reminded = Reminder.objects.filter(made_on=today, clock__commitment=OuterRef("commitment"))
    return (
        Waiting.objects.filter(congress__is_active=True)
        .annotate(
            title=F("proposal__title"),
            number=F("proposal__number"),
            edited_at=F("proposal__edited_at"),
            role=F("assignment__role"),
            opened_on=F("assignment__opened_on"),
            unit=F("assignment__unit__name"),
            lead_unit=Subquery(lead.values("unit_id")[:1]),
            hub=F("assignment__parent__unit_id"),
            what=F("commitment__what"),
            hides=F("proposal__hides_proposer"),
            office=F("congress__liaison_name"),
            is_reminded=(Q(commitment__isnull=True) & Exists(reminded))
            | (Q(assignment__isnull=True) & Exists(office_reminded))
            | Exists(promise_reminded),
        )
        .order_by(F("due_on").asc(nulls_last=True), "pk")
        .values_list(*COLUMNS, named=True)
    )


class Sorter:
    """Puts rows of `waiting_rows`, and duties, before the seats they concern. `workday_of`: on other days only what
    is due today or overdue, and was reminded of today, is told (workflow §4)."""

    def __init__(self, today, *, workday_of=lambda congress_id: True):
        self.today = today
        self.workday_of = workday_of
        self.seats = defaultdict(Seat)
        self.rules = {}
        self._duty_forms = set()

    @cached_property
    def plans(self):
        """The stages that were edited; a page without anything of a unit does not ask."""
        return load_stages()

    def take(self, rows):
        """Sort all rows; returns {(holder kind, id): Seat}."""
        for row in rows:
            self._take(row)
        return self.seats

    def take_duties(self, duties):
        """Sort duties. They come before the rows, so that a long list does not push out the few there are."""
        for duty in duties:
            self._take_duty(duty, duty.is_reminded or duty.key in self._reminded_duties)

    @cached_property
    def _reminded_duties(self):
        """The keys of duties that somebody was reminded of today; asked for only where there is a duty."""
        rows = Reminder.objects.filter(made_on=self.today, clock__isnull=True)
        return set(rows.values_list("duty_key", flat=True))

    def _take_duty(self, duty, is_reminded):
        left = days_left(duty.due_on, self.today)
        if not self.workday_of(duty.congress_id) and not (left <= 0 and is_reminded):
            return
        if left > URGENT and not is_reminded:
            return
        self._duty_forms.add((duty.seat, duty.url))
        seat = self.seats[duty.seat]
        seat.add("todo", duty.due_on, self._duty_line(duty, left))
        seat.overdue += left < 0
        if left < 0:
            waits = self._duty_line(duty, left, waits_for=duty.unit or "承担者")
            if duty.is_of_unit and duty.holder_kind != HolderKind.SIGNER:
                self.seats[str(HolderKind.SIGNER), duty.holder_id].add("wait", duty.due_on, waits)
            if duty.holder_kind != HolderKind.LIAISON:
                self.seats[str(HolderKind.LIAISON), duty.congress_id].add("wait", duty.due_on, waits)

    def _duty_line(self, duty, left, waits_for=""):
        return Line(
            words=duty.words,
            verb=duty.verb,
            number=duty.number,
            url=duty.url,
            light=light_of(duty.due_on, self.today, self._rules(duty.congress_id)),
            left=left_words(left),
            detail=f"{cn_date(duty.due_on, self.today)}到期。",
            otherwise="" if waits_for else duty.otherwise,
            holder=waits_for,
            due=cn_deadline(duty.due_on, self.today),
        )

    def _rules(self, congress_id):
        if congress_id not in self.rules:
            self.rules[congress_id] = rules_for_pages(congress_id)
        return self.rules[congress_id]

    def _take(self, row):
        left = days_left(row.due_on, self.today) if row.due_on else None
        if not self.workday_of(row.congress_id) and not (left is not None and left <= 0 and row.is_reminded):
            return
        seat = self.seats[row.holder_kind, row.holder_id]
        if row.queue == Queue.DRAFT:
            seat.drafts += self._is_left_lying(row.edited_at)
            return
        section = self._section(row, left)
        if section and not self._is_told_as_duty(row):
            seat.add(section, row.due_on, self._line(row, left))
            seat.overdue += section == "todo" and left is not None and left < 0
        if row.holder_kind in UNIT_KINDS | {HolderKind.SIGNER}:
            self._tell_others(row, left)

    def _is_told_as_duty(self, row):
        """批示 to a unit is a turn and a duty: one line, the duty's, which knows when it was reminded of."""
        if row.queue != Queue.ANSWER_INSTRUCTION:
            return False
        form = form_url(row.queue, row.proposal_id, row.assignment_id)
        return ((str(row.holder_kind), row.holder_id), form) in self._duty_forms

    def _plan(self, row):
        return self.plans.get((row.congress_id, CLOCK_OF.get(row.queue)), DEFAULT)

    def _section(self, row, left):
        """Answers have months: they are on the list only when near or reminded of today."""
        if row.queue not in ANSWERING or left is None or left <= URGENT or row.is_reminded:
            return "todo"
        return "soon" if left <= SOON else None

    def _tell_others(self, row, left):
        """Who else looks on: the handlers while the signer has it, the signer when it gets close, the lead
        whose co-opinion is late, and hub and office when a unit is overdue (workflow §4). The holder is whoever
        acts today, a successor (机构改革) where the place's own unit was abolished."""
        if row.queue == Queue.SIGN:
            line = self._line(row, left, waits_for="签发人")
            self.seats[str(HolderKind.HANDLER), row.holder_id].add("wait", row.due_on, line)
        elif left is not None and left <= (self._plan(row).signer_from if row.queue in ANSWERING else -1):
            line = self._line(row, left, waits_for="本单位经办")
            self.seats[str(HolderKind.SIGNER), row.holder_id].add("wait", row.due_on, line)
        if left is None:
            return
        late_line = self._line(row, left, waits_for=row.unit)
        if row.role == AssignmentRole.CO and row.lead_unit and left <= LEAD_SEES:
            seat = self.seats[str(HolderKind.HANDLER), acting_unit(row.lead_unit)]
            seat.add("wait", row.due_on, late_line)
        if left < 0:
            if row.hub and row.holder_kind != HolderKind.HUB:
                self.seats[str(HolderKind.HUB), acting_unit(row.hub)].add("wait", row.due_on, late_line)
            self.seats[str(HolderKind.LIAISON), row.congress_id].add("wait", row.due_on, late_line)

    def _line(self, row, left, waits_for=""):
        details = []
        if left is not None:
            details.append(f"{cn_date(row.due_on, self.today)}到期")
        if row.queue in UNIT_QUEUES and row.opened_on:
            role = f"，{AssignmentRole(row.role).label}" if row.role else ""
            details.append(f"{cn_date(row.opened_on, self.today)}交办{role}")
        place = (row.queue, row.proposal_id, row.assignment_id, row.commitment_id, row.holder_kind)
        return Line(
            # What a unit wrote into a promise is left out of a hidden case: it may name the deputy (隐名).
            words=row.what[:60] if row.what and not row.hides else thing_words(row.title),
            verb=TODO[row.queue],
            number=row.number,
            url=f"/proposals/{row.proposal_id}/" if waits_for else form_url(*place),
            light="grey" if left is None else light_of(row.due_on, self.today, self._rules(row.congress_id)),
            left=left_words(left),
            detail="。".join(details) + "。" if details else "",
            otherwise="" if waits_for or left is None else self._otherwise(row, left),
            holder=waits_for,
            due=cn_deadline(row.due_on, self.today) if left is not None else "",
        )

    def _otherwise(self, row, left):
        clause = otherwise(
            row.queue,
            row.office,
            left=left,
            escalation=self._plan(row).escalation,
            by_hub=bool(row.hub) and row.holder_kind != HolderKind.HUB,
        )
        return f"{clause}。" if clause else ""

    def _is_left_lying(self, edited_at):
        return (self.today - timezone.localdate(edited_at)).days >= DRAFT_LEFT


def left_words(left):
    """超期 2 天, 今天到期, 明天到期, 还剩 19 天; empty without a date."""
    if left is None:
        return ""
    return "明天到期" if left == 1 else cn_days_left(left)


def seats_for(grants, today: date):
    """The Seats of one person as of now, in the order of the grants (a few queries)."""
    keys = seats_of(grants)
    if not keys:
        return []
    sorter = Sorter(today)
    sorter.take_duties([*open_duties(keys), *contact_duties(today, keys)])
    found = sorter.take(_rows_of(keys, today)[:PAGE_ROWS])
    return [found[key] for key in keys if key in found]


def _rows_of(keys, today):
    """The rows of `waiting_rows` that can concern these seats."""
    mine = Q(pk__in=[])
    for kind, pk in keys:
        mine |= Q(holder_kind=kind, holder_id=pk)
        if kind == HolderKind.HANDLER:
            mine |= Q(queue=Queue.SIGN, holder_id=pk)
            mine |= Q(assignment__role=AssignmentRole.CO, lead_unit__in=units_stood_for(pk))
        elif kind == HolderKind.SIGNER:
            mine |= Q(holder_kind__in=UNIT_KINDS, holder_id=pk)
        elif kind == HolderKind.HUB:
            overdue = Q(assignment__parent__unit_id__in=units_stood_for(pk), due_on__lt=today)
            mine |= overdue & ~Q(holder_kind=HolderKind.DEPUTY)
        elif kind == HolderKind.LIAISON:
            overdue = Q(congress_id=pk, due_on__lt=today, assignment__isnull=False)
            mine |= overdue & ~Q(holder_kind=HolderKind.DEPUTY)
    return waiting_rows(today).filter(mine)


def merge(seats, section):
    """(lines, count) of a section over several seats of one person, most urgent first."""
    count = sum(getattr(seat, f"{section}_count") for seat in seats)
    entries = dict.fromkeys(entry for seat in seats for entry in getattr(seat, section))
    return [line for _, line in sorted(entries, key=lambda entry: entry[0])][:LIMIT], count


def agenda_of(user):
    """The person's Agenda for the notices page: live, so what is done is gone."""
    seats = seats_for(user.active_grants(), timezone.localdate())
    todo, todo_count = merge(seats, "todo")
    wait, wait_count = merge(seats, "wait")
    return Agenda(todo, todo_count, wait, wait_count)
