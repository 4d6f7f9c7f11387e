"""批示: what is kept of those on cases together with the action (hooks of workflow.perform), and who read them.

On a key topic topic_instructions.py does the same.
"""

from django.utils import timezone

from accounts.models import Role
from proposals.workflow import hooks, instructing

from .instruction_access import works_for
from .models import Instruction, InstructionRecipient


def register_hooks():
    """Have every instruction, answer and mark kept in the transaction of its action."""
    hooks.after("instruct", keep_instruction)
    hooks.after("answer_instruct", keep_answer)
    hooks.after("mark_instruct", keep_mark)


def keep_instruction(case, subject, data, event):
    """One Instruction with a recipient for each unit addressed, and for the office."""
    whole = instructing.latest(case)
    instruction = Instruction.objects.create(
        congress_id=case.proposal.congress_id,
        proposal=case.proposal,
        request=whole,
        author=case.actor,
        author_name=case.actor.name,
        author_role=case.grant.get_role_display(),
        is_gov=case.grant.role == Role.GOV_LEADER,
        words=whole.reason,
        due_on=instructing.due_of(whole),
        given_at=case.now,
    )
    recipients = [
        InstructionRecipient(instruction=instruction, unit=place.unit, place=place, request=answer)
        for answer in instructing.answers_to(case, whole)
        for place in [case.place(answer.assignment_id)]
    ]
    if whole.details["office"]:
        recipients.insert(0, InstructionRecipient(instruction=instruction))
    InstructionRecipient.objects.bulk_create(recipients)


def keep_answer(case, place, data, event):
    """The unit's answer beside the instruction; who answers has read it."""
    recipient = InstructionRecipient.objects.get(instruction__request=case.answered_instruction, place=place)
    mark_read(recipient, case.actor, now=case.now)
    recipient.answered_at, recipient.answered_by = case.now, case.actor.name
    recipient.answer = data["words"]
    recipient.save(update_fields=["answered_at", "answered_by", "answer"])
    recipient.files.set(case.kept_files)


def keep_mark(case, subject, data, event):
    """正在执行 or 已执行, by whom and in what words."""
    instruction = Instruction.objects.get(request=case.marked)
    mark(instruction, data, by=case.grant.place or case.actor.name, now=case.now)
    mark_all_read(instruction.recipients.filter(unit__isnull=True), case.actor)


def mark(instruction, data, *, by, now):
    """Write the execution mark of an instruction."""
    instruction.state = data["mark"]
    instruction.marked_by, instruction.marked_at = by, now
    instruction.mark_words = data["words"]
    instruction.save(update_fields=["state", "marked_by", "marked_at", "mark_words"])


def mark_read(recipient, user, *, now=None):
    """阅读标记: the first who opens it for the recipient, once."""
    if recipient.read_at is None:
        recipient.read_at, recipient.read_by = now or timezone.now(), user.name
        InstructionRecipient.objects.filter(pk=recipient.pk, read_at=None).update(
            read_at=recipient.read_at, read_by=recipient.read_by
        )


def mark_all_read(recipients, user):
    """Opening a page on which an instruction stands is reading it, for whoever works for a recipient."""
    for recipient in recipients:
        if recipient.read_at is None and works_for(recipient, user) is not None:
            mark_read(recipient, user)
