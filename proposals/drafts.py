"""Writing before an action: a deputy's draft and a unit's reply, saved by hand and by autosave.

Neither is an event. Each has its own counter, so that two tabs notice each other; the states do not move.
What a proposal draft changes for its co-signers (asking again) goes through here as well.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .attachments import attach, discard_on_failure, remove
from .models import Proposal, Reply
from .search import index
from .status import ProposalStatus, Source
from .workflow import waiting
from .workflow.case import Case
from .workflow.engine import holder, perform
from .workflow.errors import Denied, Stale
from .workflow.guards import signed_scans
from .workflow.table import TABLE, WRITING

TEXT_FIELDS = ("title", "situation", "analysis", "points")
DRAFT_FIELDS = (
    *TEXT_FIELDS,
    "category",
    "suggested_units",
    "open_wanted",
    "hides_proposer",
    "source",
    "session",
)
REPLY_FIELDS = (
    "opening",
    "answers",
    "reply_class",
    "is_oral",
    "doc_no",
    "contact_person",
    "contact_phone",
    "is_public",
    "no_contact_reason",
    "late_opinions",
    "planned_commitments",
    "replaces",
)
SUBSTANCE = frozenset(TEXT_FIELDS)


@transaction.atomic
def create_draft(deputy, **fields):
    """A new draft led by `deputy`; returns it.

    `fields` are of DRAFT_FIELDS, and `entered_by` or `is_delegations` where staff write it.
    """
    proposal = Proposal.objects.create(
        congress_id=deputy.congress_id,
        lead=deputy,
        delegation_id=deputy.delegation_id,
        source=fields.pop("source", Source.RECESS),
        **fields,
    )
    index(proposal)
    waiting.rewrite(Case.load(proposal.pk))
    return proposal


@transaction.atomic
def save_draft(proposal, fields, *, draft_version, reask_by=None, now=None):
    """Save the writing of a draft or returned proposal; returns the fresh proposal.

    `draft_version` is the one the page showed. With `reask_by`, the user who saves by hand (autosave asks
    nobody), co-signers who had confirmed another text are asked again. Raises Stale when another tab saved
    meanwhile, Denied when the proposal is no longer being written.
    """
    now = now or timezone.now()
    case = Case.take(proposal.pk, now=now)
    fresh = case.proposal
    _require_writing(case)
    if fresh.draft_version != draft_version:
        raise Stale("这份草稿已在别的窗口改过。您这里写的内容还在，请先另存，再打开最新的草稿。")
    changed = [name for name in DRAFT_FIELDS if name in fields and getattr(fresh, name) != fields[name]]
    for name in changed:
        setattr(fresh, name, fields[name])
    if changed:
        fresh.draft_version += 1
        fresh.edited_at = now
        case.touch(fresh, "draft_version", "edited_at", *changed)
    case.save_touched()
    if SUBSTANCE & set(changed) or "category" in changed:
        index(fresh)
    if reask_by is not None and case.outdated_cosignatures():
        perform("ask_again", fresh, actor=reask_by, now=now)
        fresh.refresh_from_db(fields=["event_count", "head_hash"])
    return fresh


@discard_on_failure()
@transaction.atomic
def keep_draft_files(proposal, files, *, user, is_scan=False):
    """Keep checked files with a proposal that is being written; returns the sentences for those that did not fit.

    `is_scan` marks signed papers. Raises Denied when the proposal is no longer being written.
    """
    _require_writing(Case.take(proposal.pk))
    return _attach_all(files, proposal=proposal, user=user, is_scan=is_scan)


@transaction.atomic
def drop_draft_file(proposal, pk):
    """Remove one of the proposal's own files while it is being written; does nothing when it is gone already.

    Raises Denied when the proposal is no longer being written, and for the signed paper of a text that was handed
    in: it is the record of who signed what.
    """
    case = Case.take(proposal.pk)
    _require_writing(case)
    attachment = own_files(case.proposal).filter(pk=pk).first()
    if attachment is None:
        return
    if attachment.is_scan and not signed_scans(case.proposal).filter(pk=pk).exists():
        raise Denied("这份签名扫描件已随建议提交过，要留存备查，不能移除。改动后的请另附一份。")
    remove(attachment)


def own_files(proposal):
    """Attachments of the proposal itself, not of what units wrote."""
    return proposal.attachments.filter(reply=None, opinion=None, contact=None, commitment=None)


def _require_writing(case):
    if case.proposal.status not in WRITING:
        raise Denied(f"该件现在是“{case.proposal.get_status_display()}”，不能再改正文。")


def _attach_all(files, **owner):
    """Attach each file; returns the sentences for those refused."""
    problems = []
    for checked in files:
        try:
            attach(checked, **owner)
        except ValidationError as error:
            problems += error.messages
    return problems


@transaction.atomic
def delete_draft(proposal):
    """Delete a draft that was never submitted, with its files. Raises Denied when it has a history to keep."""
    case = Case.take(proposal.pk)
    if case.proposal.status != ProposalStatus.DRAFT or case.proposal.submitted_on:
        raise Denied("已经提交过的建议不能删除。")
    if case.proposal.event_count:
        raise Denied("已经邀请过代表附议，留有记录，不能删除。可以放着不提交，也可以改写成别的建议。")
    for attachment in case.proposal.attachments.all():
        remove(attachment)
    case.proposal.delete()


@transaction.atomic
def save_reply(place, fields, *, draft_version, user, now=None):
    """Save the unit's reply while its place is in hand; returns the reply (made on first save).

    Raises Stale when a colleague of the unit saved meanwhile, Denied when the place is no longer in hand or
    `user` does not write for its unit.
    """
    now = now or timezone.now()
    reply = _reply_in_hand(Case.take(place.proposal_id, now=now), place, user)
    # Nobody's text is in the way where nobody has written yet, whatever number the form carries.
    if reply.edited_by and reply.draft_version != (draft_version or 1):
        raise Stale(f"这份答复已由{reply.edited_by}改过。您这里写的内容还在，请复制需要的部分后刷新页面。")
    changed = [name for name in REPLY_FIELDS if name in fields and getattr(reply, name) != fields[name]]
    for name in changed:
        setattr(reply, name, fields[name])
    if changed:
        reply.draft_version += 1
        reply.edited_at, reply.edited_by = now, user.name
        reply.save()
    return reply


def _reply_in_hand(case, place, user):
    """The reply of a place that is still being answered, made when there is none.

    Raises Denied where it is not, and for whoever may not send it for signing.
    """
    place = case.place(place.pk)
    if holder(TABLE["draft_reply"], case, place, user) is None:
        raise Denied(f"您不能写{place.unit}的答复。", is_forged=True)
    if place.status != place.Status.ACCEPTED:
        raise Denied(f"该件现在是“{place.status_text}”，不能再改答复。")
    return case.reply(place) or Reply.objects.create(assignment=place)


@discard_on_failure()
@transaction.atomic
def keep_reply_files(place, files, *, user):
    """Keep checked files with a reply that is being written; returns the sentences for those that did not fit.

    They need no version: two colleagues may each add one. Raises Denied as saving does.
    """
    case = Case.take(place.proposal_id)
    reply = _reply_in_hand(case, place, user)
    return _attach_all(files, proposal=case.proposal, user=user, reply=reply)


@transaction.atomic
def drop_reply_file(place, pk, *, user):
    """Remove a file of a reply that is being written; does nothing when it is gone already.

    One that a recalled reply went out with stays with that. Raises Denied as saving does.
    """
    reply = _reply_in_hand(Case.take(place.proposal_id), place, user)
    attachment = reply.attachments.filter(pk=pk).first()
    if attachment is not None and attachment.versions.exists():
        attachment.reply = None
        attachment.save(update_fields=["reply"])
    elif attachment is not None:
        remove(attachment)
