"""Answers owed to leaders' instructions (批示), and their marks owed by the office, as duties to be reminded of; and
the overdue cases of a committee that took 督办 over."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from institutions.succession import acting_unit
from proposals.masking import masked
from proposals.models import Oversight, Waiting
from proposals.status import UNIT_HOLDERS, HolderKind, RequestState

from . import duties
from .models import InstructionRecipient, InstructionState
from .topic_masking import names_hidden_in
from .words import TODO, thing_words

OFFICE = str(HolderKind.LIAISON)


def owed_answers(seats=None):
    """What units have not answered, and what the office has not marked as carried out (duties provider)."""
    rows = InstructionRecipient.objects.exclude(instruction__state=InstructionState.DONE)
    rows = rows.exclude(instruction__request__state=RequestState.VOID)
    rows = rows.filter(Q(unit__isnull=True) | Q(answered_at=None))
    rows = rows.exclude(request__state=RequestState.VOID)
    rows = rows.select_related("instruction__proposal", "instruction__topic", "unit").order_by("pk")
    owed = [row for row in rows.iterator(chunk_size=500) if seats is None or _seat(row) in seats]
    # Units read it, by mail and SMS too: the title of a topic names no hidden proposer (隐名).
    hidden = names_hidden_in({row.instruction.topic_id for row in owed} - {None})
    for recipient in owed:
        yield _duty(recipient, hidden.get(recipient.instruction.topic_id, []))


def _seat(recipient):
    """(holder kind, id) of whoever owes it."""
    if recipient.unit_id is None:
        return OFFICE, recipient.instruction.congress_id
    kind = HolderKind.HUB if recipient.unit.is_hub else HolderKind.HANDLER
    return str(kind), acting_unit(recipient.unit_id)


def _duty(recipient, names):
    instruction = recipient.instruction
    case, topic = instruction.proposal, instruction.topic
    kind, holder = _seat(recipient)
    if recipient.unit_id is None:
        verb = "落实批示并标记执行情况"
        url = reverse("supervision:instruction", args=[instruction.pk])
    else:
        verb = "回复领导批示"
        url = answer_url(recipient)
    return duties.Duty(
        key=f"instruct:{recipient.pk}",
        congress_id=instruction.congress_id,
        holder_kind=kind,
        holder_id=holder,
        due_on=instruction.due_on,
        words=thing_words(case.title) if case else f"重点督办专题“{masked(str(topic), names)}”",
        url=url,
        verb=verb,
        started_on=timezone.localdate(instruction.given_at),
        otherwise="" if recipient.unit_id is None else "逾期将告知签发人和联工委",
        number=case.number if case else "",
        unit=recipient.name,
    )


def answer_url(recipient):
    """The form by which a unit answers: the case's own action, or that of a topic's instruction."""
    if recipient.place_id:
        return reverse("proposals:place_action", args=[recipient.place_id, "answer_instruct"])
    return reverse("supervision:instruction_answer", args=[recipient.pk])


def overseen(seats=None):
    """What is overdue at units on cases that a committee took over (接手督办): the committee hears of it as the
    assigning side does (duties provider)."""
    today = timezone.localdate()
    leading = {
        oversight.proposal_id: oversight.committee_id
        for oversight in Oversight.objects.filter(ended_on=None, is_lead=True)
    }
    if not leading:
        return
    late = Waiting.objects.filter(
        proposal__in=leading, holder_kind__in=UNIT_HOLDERS, due_on__lt=today, assignment__isnull=False
    )
    for row in late.select_related("proposal", "assignment__unit").order_by("due_on", "pk"):
        yield duties.Duty(
            key=f"overseen:{row.assignment_id}:{row.queue}",
            congress_id=row.congress_id,
            holder_kind=duties.COMMITTEE,
            holder_id=leading[row.proposal_id],
            due_on=row.due_on,
            words=thing_words(row.proposal.title),
            url=f"/proposals/{row.proposal_id}/",
            verb=f"督促{row.assignment.unit}{TODO[row.queue]}",
            started_on=row.due_on,
            otherwise="本委接手督办，超期由本委催办",
            number=row.proposal.number,
            unit=str(row.assignment.unit),
        )
