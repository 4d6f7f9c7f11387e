"""并案: one text for several. Each merged proposal keeps its own reply, delivery and rating; the text is shared."""

from institutions.succession import acting_unit

from . import drafts
from .access import signed_proposals
from .models import Assignment
from .status import AssignmentRole, AssignmentStatus, ProposalStatus
from .workflow.merging import siblings

OPEN = (ProposalStatus.HANDLING, ProposalStatus.REDO)


def sibling_places(place, user, status):
    """The places in which the same unit answers merged proposals, in this state, as far as `user` sees them and
    may act there for the unit.

    None is queried where the proposal is not merged.
    """
    if place.proposal.merge_group_id is None:
        return []
    places = (
        Assignment.objects.visible_to(user)
        .filter(proposal__in=siblings(place.proposal).values("pk"), proposal__status__in=OPEN, status=status)
        .exclude(role=AssignmentRole.CO)
        .exclude(proposal__in=signed_proposals(user))
        .select_related("proposal", "unit", "reply")
        .order_by("proposal__number")
    )
    unit = acting_unit(place.unit_id)
    return [p for p in places if acting_unit(p.unit_id) == unit and p.round == p.proposal.round]


def copy_reply(reply, place, user):
    """Take the text of `reply` into the draft of a merged proposal's place: what is written there already stays.

    Returns whether anything was taken over. Raises Stale or Denied as saving a draft does.
    """
    own = getattr(place, "reply", None)
    fields = {}
    for name in ("opening", "reply_class", "contact_person", "contact_phone"):
        if getattr(reply, name) and not (own and getattr(own, name)):
            fields[name] = getattr(reply, name)
    answers = [dict(answer) for answer in (own.answers if own else [])]
    answers += [{"state": "", "text": ""} for _ in place.proposal.points[len(answers) :]]
    taken = False
    for mine, answer in zip(answers, reply.answers, strict=False):
        if not mine.get("text", "").strip() and answer.get("text", "").strip():
            mine |= answer
            taken = True
    if taken:
        fields["answers"] = answers
    if not fields:
        return False
    drafts.save_reply(place, fields, draft_version=own.draft_version if own else None, user=user)
    return True


def writing(place, user):
    """The merged proposals' places into which the text of this one may be taken."""
    return sibling_places(place, user, AssignmentStatus.ACCEPTED)


def waiting_to_be_signed(place, user):
    """The merged proposals' places that wait for the same signer."""
    return sibling_places(place, user, AssignmentStatus.SIGNING)
