"""Actions on several cases at once: taken in primary-key order, one event per case, all or nothing."""

import uuid

from django.db import transaction
from django.db.models import Q

from ..models import MergeGroup, Proposal, ProposalEvent
from .engine import perform


def merge(first, other, *, actor, version=None, now=None, request_id=None):
    """并案 two proposals: both join one group, with those already merged with them, each with its own event.

    Returns the group. Raises Denied where any of them objects; then none is merged.
    """
    request_id = request_id or uuid.uuid4()
    with transaction.atomic():
        held = _hold(first, other)
        first, other = held[first.pk], held[other.pk]
        group = first.merge_group or other.merge_group
        joining = [p for p in held.values() if group is None or p.merge_group_id != group.pk]
        if not joining and _was_done(first, other, request_id):
            return group
        group = group or MergeGroup.objects.create(congress_id=first.congress_id)
        # Merged already: the first is asked alone, and says so.
        for mine in joining or [first]:
            is_first = mine.pk == first.pk
            perform(
                "merge",
                mine,
                data={"other": other if is_first else first, "group": group},
                version=version if is_first else None,
                actor=actor,
                now=now,
                request_id=request_id,
            )
    return group


def unmerge(proposal, *, actor, data, version=None, now=None, request_id=None):
    """取消并案: the proposal leaves its group; one that is left alone there leaves it too, with its own event.

    Returns the Result of the first. Raises Denied where it objects; then nothing has changed.
    """
    with transaction.atomic():
        # As it stands once it is held: another officer may just have merged or unmerged it.
        group_id = _hold(proposal, proposal)[proposal.pk].merge_group_id
        result = perform(
            "unmerge", proposal, actor=actor, data=data, version=version, now=now, request_id=request_id
        )
        left = list(Proposal.objects.filter(merge_group_id=group_id)) if group_id else []
        if len(left) == 1:
            perform("dissolve", left[0], actor=None, now=now)
    return result


def _hold(first, other):
    """{pk: proposal} of both and of those merged with the other, in key order, held before any is acted on, so
    that two officers cannot wait in a ring."""
    wanted = Q(pk__in=(first.pk, other.pk))
    if other.merge_group_id:
        wanted |= Q(merge_group_id=other.merge_group_id)
    return {p.pk: p for p in Proposal.objects.select_for_update().filter(wanted).order_by("pk")}


def _was_done(first, other, request_id):
    """Whether this very form merged them."""
    return ProposalEvent.objects.filter(proposal__in=(first.pk, other.pk), request_id=request_id).exists()


def siblings(proposal):
    """The other proposals of the group, in number order; empty where there is none."""
    if proposal.merge_group_id is None:
        return Proposal.objects.none()
    return (
        Proposal.objects.filter(merge_group_id=proposal.merge_group_id)
        .exclude(pk=proposal.pk)
        .order_by("number")
    )
