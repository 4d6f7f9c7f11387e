"""Who stands behind a key topic: the units at work on its cases, its deputies, and the users to tell."""

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Grant, Role
from institutions.succession import acting_unit
from proposals.models import Assignment, Cosignature, Proposal
from proposals.status import PASSED_ON, AssignmentRole, AssignmentStatus, CosignState

from .models import RoleKind

# In which role the person of a side acts.
SEAT_OF = {RoleKind.LEADER: Role.LEADER, RoleKind.GOV_LEADER: Role.GOV_LEADER, RoleKind.OFFICE: Role.LIAISON}


def replying_places(proposals):
    """The places that answer now for these cases (pk or rows): lead and separate ones of the current round, a
    hub's children in its stead. With unit, in the order of the cases."""
    return (
        Assignment.objects.filter(proposal__in=proposals, round=F("proposal__round"))
        .exclude(role=AssignmentRole.CO)
        .exclude(status__in=PASSED_ON)
        .select_related("unit", "proposal")
        .order_by("proposal", "pk")
    )


def units_of_cases(proposals):
    """The units at work on these cases, each once, in order."""
    units = {place.unit_id: place.unit for place in replying_places(proposals)}
    return list(units.values())


def users_of_cases(proposals, today=None):
    """Users of the units (handlers, hubs) and the deputies (lead, confirmed co-signers) of these cases."""
    pks = [proposal.pk for proposal in proposals]
    units = Assignment.objects.filter(proposal__in=pks).exclude(status=AssignmentStatus.RELEASED)
    acting = {acting_unit(pk) for pk in units.order_by().values_list("unit", flat=True).distinct()}
    leads = Proposal.objects.filter(pk__in=pks, is_delegations=False).order_by().values("lead")
    signed = Cosignature.objects.filter(proposal__in=pks, state=CosignState.CONFIRMED).values("deputy")
    delegations = Proposal.objects.filter(pk__in=pks, is_delegations=True).values("delegation")
    wanted = (
        Q(role__in=(Role.HANDLER, Role.HUB), unit__in=acting)
        | Q(role=Role.DEPUTY, deputy__in=leads)
        | Q(role=Role.DEPUTY, deputy__in=signed)
        | Q(role=Role.DELEGATION_STAFF, delegation__in=delegations)
    )
    return _users(wanted, today)


def users_of_sides(topic, kinds=tuple(RoleKind), today=None, only=None):
    """Users who fill the sides (六方) of a topic: persons, a committee's people, a unit's, deputies.

    `only`: keys of the sides to look at, None for all of these kinds.
    """
    wanted = Q(pk__in=[])
    for side in topic.roles.all():
        if side.kind not in kinds or (only is not None and side.pk not in only):
            continue
        if side.kind in SEAT_OF and side.user_id:
            wanted |= Q(user_id=side.user_id, role=SEAT_OF[side.kind], congress_id=topic.congress_id)
        elif side.committee_id:
            wanted |= Q(role=Role.COMMITTEE, committee_id=side.committee_id)
        elif side.unit_id:
            wanted |= Q(role__in=(Role.HANDLER, Role.HUB), unit_id=acting_unit(side.unit_id))
        elif side.deputy_id:
            wanted |= Q(role=Role.DEPUTY, deputy_id=side.deputy_id)
    return _users(wanted, today)


def office_users(congress_id, today=None):
    """Users of the liaison office."""
    return _users(Q(role=Role.LIAISON, congress_id=congress_id), today)


def _users(wanted, today):
    grants = Grant.objects.in_force(today or timezone.localdate()).filter(wanted, user__is_active=True)
    return set(grants.order_by().values_list("user_id", flat=True))
