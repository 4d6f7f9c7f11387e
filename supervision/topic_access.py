"""Which key topics (重点督办专题) exist for whom.

The congress's side reads all topics of its congress. The judged side (§5) and deputies know a topic once it is
decided, and through a case or a side of their own only; of its cases they see those that exist for them.
"""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from proposals.access import CONGRESS_ROLES, LIVE_COSIGN, UNIT_ROLES, signed_by, units_of
from proposals.models import Assignment, Proposal
from proposals.status import AssignmentStatus

from .models import Invitation, InvitationState, TopicCase, TopicRole, TopicState

KNOWN = (TopicState.DECIDED, TopicState.CONCLUDED)
TAKING_PART = (InvitationState.ACCEPTED, InvitationState.UNASKED)


def visible_topics(queryset, user):
    """Topics that exist for `user`: one branch per grant, put together."""
    if not user.is_authenticated:
        return queryset.none()
    condition = Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in CONGRESS_ROLES:
            condition |= Q(congress_id=grant.congress_id)
        elif (branch := _branch(grant)) is not None:
            condition |= Q(branch, congress_id=grant.congress_id, state__in=KNOWN)
    return queryset.filter(condition)


def _branch(grant):
    """The condition that one grant of the judged side or of a deputy adds; None where a role knows no topics."""
    if grant.role in UNIT_ROLES:
        units = units_of(grant)
        placed = Assignment.objects.filter(proposal=OuterRef("proposal"), unit_id__in=units)
        placed = placed.exclude(status=AssignmentStatus.RELEASED)
        return _has_case(Exists(placed)) | _has_side(unit_id__in=units)
    if grant.role == Role.GOV_LEADER:
        through_hub = Assignment.objects.filter(proposal=OuterRef("proposal"), unit__is_hub=True)
        return _has_case(Exists(through_hub)) | _has_side(user_id=grant.user_id)
    if grant.role == Role.DEPUTY:
        signed = Proposal.objects.filter(signed_by([grant.deputy_id], LIVE_COSIGN)).order_by()
        took_part = Invitation.objects.filter(
            activity__topic=OuterRef("pk"), deputy_id=grant.deputy_id, state__in=TAKING_PART
        )
        own = _has_case(Q(proposal__in=signed.values("pk"))) | _has_side(deputy_id=grant.deputy_id)
        return own | Exists(took_part)
    return None


def _has_case(condition):
    return Q(Exists(TopicCase.objects.filter(condition, topic=OuterRef("pk"))))


def _has_side(**target):
    return Q(Exists(TopicRole.objects.filter(topic=OuterRef("pk"), **target)))
