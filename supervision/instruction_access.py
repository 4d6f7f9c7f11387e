"""Which instructions (批示) exist for whom.

The congress's own people read all of their congress. A leader of the government reads their own; a unit those sent
to it, a hub also those sent to its children. Deputies read them in the history of their case.
"""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from proposals.access import CONGRESS_ROLES, UNIT_ROLES, units_of

from .models import InstructionRecipient


def visible_instructions(queryset, user):
    """Instructions that exist for `user`: one branch per grant, put together."""
    if not user.is_authenticated:
        return queryset.none()
    condition = Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in CONGRESS_ROLES:
            condition |= Q(congress_id=grant.congress_id)
        elif grant.role == Role.GOV_LEADER:
            condition |= Q(congress_id=grant.congress_id, author_id=grant.user_id)
        elif grant.role in UNIT_ROLES:
            condition |= Q(Exists(sent_to(grant).filter(instruction=OuterRef("pk"))))
    return queryset.filter(condition)


def sent_to(grant):
    """What of instructions a grant at a unit or hub reads: sent to its own units, or to a hub's children."""
    own = Q(unit_id__in=units_of(grant))
    if grant.role == Role.HUB:
        own |= Q(place__parent__unit_id__in=units_of(grant))
    return InstructionRecipient.objects.filter(own)


def works_for(recipient, user):
    """The grant by which `user` reads and answers for a recipient: a handler, signer or hub of the unit, liaison for
    the office. None for onlookers."""
    congress_id = recipient.instruction.congress_id
    for grant in user.active_grants():
        if recipient.unit_id is None:
            if grant.role == Role.LIAISON and grant.congress_id == congress_id:
                return grant
        elif grant.role in UNIT_ROLES and recipient.unit_id in units_of(grant):
            return grant
    return None


def sees_answer(recipient, user):
    """Whether this reader of the instruction sees what came back: not a unit what another one answered."""
    grants = user.active_grants()
    if any(grant.role in CONGRESS_ROLES or grant.role == Role.GOV_LEADER for grant in grants):
        return True
    return works_for(recipient, user) is not None or any(
        grant.role == Role.HUB
        and recipient.place
        and recipient.place.parent_id
        and recipient.place.parent.unit_id in units_of(grant)
        for grant in grants
    )
