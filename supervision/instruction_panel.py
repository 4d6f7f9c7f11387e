"""The panels of the case page: instructions with their marks, who supervises, following."""

from django.db.models import Exists, OuterRef

from accounts.models import Role
from proposals.access import CONGRESS_ROLES
from proposals.masking import hidden_names, masked
from proposals.panels import Panel
from proposals.status import HIDDEN_FROM_UNITS, RequestKind

from .instruction_access import sees_answer, works_for
from .instruction_duties import answer_url
from .instructions import mark_all_read
from .models import Follow, Instruction


def instruction_panel(case, user, sight):
    """批示 on the case that this reader may know, newest first; to see it here is to have read it."""
    if not any(request.kind == RequestKind.INSTRUCTION for request in case.requests):
        return
    found = Instruction.objects.visible_to(user).filter(proposal=case.proposal)
    rows = [prepare(each, user) for each in found.select_related("request").prefetch_related(*RELATED)]
    if rows:
        names = hidden_names(case) if sight.names_hidden(case.proposal) else []
        for row in rows:
            row.words, row.mark_words = masked(row.words, names), masked(row.mark_words, names)
        yield Panel("supervision/_instructions.html", {"rows": rows, "today": case.today}, slot="main")


RELATED = ("recipients__unit", "recipients__place__parent", "recipients__files", "recipients__request")


def prepare(instruction, user):
    """An instruction with what this reader sees of each recipient: `shown`, a list; marks what was opened as read."""
    roles = {grant.role for grant in user.active_grants()}
    is_congress, is_gov = bool(roles & CONGRESS_ROLES), Role.GOV_LEADER in roles
    recipients = list(instruction.recipients.all())
    for recipient in recipients:
        recipient.instruction = instruction
    mark_all_read(recipients, user)
    instruction.shown = recipients
    for recipient in recipients:
        recipient.is_mine = works_for(recipient, user) is not None
        recipient.is_answer_shown = sees_answer(recipient, user)
        # Papers of a unit's step are for the unit, the hub above it and the congress (proposals/access.py).
        recipient.opens_files = recipient.is_answer_shown and (is_congress or not is_gov)
        is_owed = recipient.unit_id and recipient.answered_at is None and instruction.is_standing
        recipient.answer_url = answer_url(recipient) if recipient.is_mine and is_owed else ""
    return instruction


def is_followed(user):
    """The sign for `committee_panel`: whether the reader follows the case."""
    return Exists(Follow.objects.filter(user=user, proposal=OuterRef("pk")))


def committee_panel(case, user, sight):
    """Who supervises beside the office, and whether the reader follows the case."""
    is_congress = any(
        grant.role in CONGRESS_ROLES and grant.congress_id == case.proposal.congress_id
        for grant in user.active_grants()
    )
    standing = [each for each in case.oversights if each.ended_on is None]
    if not is_congress:
        # While the case is judged, who steps in would tell a unit of the rating.
        is_judged = sight.is_unit_only and case.proposal.status in HIDDEN_FROM_UNITS
        if standing and not is_judged and not sight.is_public_reader:
            yield Panel("supervision/_oversight.html", {"oversights": standing, "today": case.today})
        return
    follows = case.proposal.is_followed
    context = {"oversights": standing, "is_congress": True, "follows": follows, "today": case.today}
    yield Panel("supervision/_oversight.html", context)
