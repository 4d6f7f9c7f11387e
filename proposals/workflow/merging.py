"""Actions on several cases at once: taken in primary-key order, one event per case, all or nothing."""

import uuid

from django.db import transaction

from ..models import MergeGroup, Proposal
from .engine import perform


def merge(first, other, *, actor, version=None, now=None, request_id=None):
    """并案 two proposals: both join one group, each with its own event. Returns the group.

    Raises Denied where either objects; then neither is merged.
    """
    with transaction.atomic():
        # Both rows are held in key order before either is acted on, so that two officers cannot wait in a ring.
        pair = {
            p.pk: p
            for p in Proposal.objects.select_for_update().filter(pk__in=(first.pk, other.pk)).order_by("pk")
        }
        first, other = pair[first.pk], pair[other.pk]
        group = first.merge_group or other.merge_group
        group = group or MergeGroup.objects.create(congress_id=first.congress_id)
        joint = {"actor": actor, "now": now}
        for mine, theirs in sorted(((first, other), (other, first)), key=lambda pair: pair[0].pk):
            if mine.merge_group_id == group.pk:
                continue
            own = mine.pk == first.pk
            perform(
                "merge",
                mine,
                data={"other": theirs, "group": group},
                version=version if own else None,
                request_id=request_id if own else uuid.uuid4(),
                **joint,
            )
    return group


def siblings(proposal):
    """The other proposals of the group, in number order; empty where there is none."""
    if proposal.merge_group_id is None:
        return Proposal.objects.none()
    return (
        Proposal.objects.filter(merge_group_id=proposal.merge_group_id)
        .exclude(pk=proposal.pk)
        .order_by("number")
    )
