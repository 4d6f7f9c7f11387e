"""Permission for rows and for what is shown of them. Lists, pages, search, attachments all start here.

`visible_to` has one branch per grant: a congress-wide role is its congress alone, units and co-signers come
through Exists, so that no join multiplies rows. What one may not see does not exist.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role

from .models import Assignment, Attachment, Cosignature
from .status import (
    BEING_RATED,
    HIDDEN_FROM_UNITS,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    ProposalStatus,
    Visibility,
)

CONGRESS_ROLES = frozenset({Role.LIAISON, Role.COMMITTEE, Role.LEADER})
UNIT_ROLES = frozenset({Role.HANDLER, Role.SIGNER, Role.HUB})
# Terms that give away how a reply was rated, or that it was.
RATING_CLOCKS = frozenset({ClockKind.RATING, ClockKind.RATING_GRACE, ClockKind.JUDGE, ClockKind.COORDINATION})
LIVE_COSIGN = (CosignState.INVITED, CosignState.CONFIRMED)


def _branch(grant):
    """The condition on proposals that one grant adds; None where a role sees no cases (admin)."""
    not_draft = ~Q(status=ProposalStatus.DRAFT)
    if grant.role in CONGRESS_ROLES:
        return Q(congress_id=grant.congress_id) & not_draft
    if grant.role == Role.DEPUTY:
        signed = Cosignature.objects.filter(
            proposal=OuterRef("pk"), deputy_id=grant.deputy_id, state__in=LIVE_COSIGN
        )
        return Q(lead_id=grant.deputy_id) | Exists(signed)
    if grant.role == Role.DELEGATION_STAFF:
        return Q(delegation_id=grant.delegation_id) & not_draft
    if grant.role in UNIT_ROLES:
        return Exists(Assignment.objects.filter(proposal=OuterRef("pk"), unit_id=grant.unit_id))
    if grant.role == Role.GOV_LEADER:
        through_hub = Assignment.objects.filter(proposal=OuterRef("pk"), unit__is_hub=True)
        return Q(congress_id=grant.congress_id) & Exists(through_hub)
    return None


def _any_branch(grants):
    condition = None
    branches = {}
    for grant in grants:
        # Handler and signer of one unit see the same rows: one branch serves both.
        kind = "unit" if grant.role in UNIT_ROLES else grant.role
        kind = "congress" if grant.role in CONGRESS_ROLES else kind
        key = (kind, grant.congress_id, grant.unit_id, grant.deputy_id, grant.delegation_id)
        branches.setdefault(key, grant)
    for grant in branches.values():
        branch = _branch(grant)
        if branch is not None:
            condition = branch if condition is None else condition | branch
    return condition


def visible_proposals(queryset, user):
    """Proposals that exist for `user`."""
    condition = _any_branch(user.active_grants()) if user.is_authenticated else None
    return queryset.none() if condition is None else queryset.filter(condition)


def is_judged(grant):
    """Whether a grant looks from the judged side, for whom ratings and some names are masked (§5, 隐名)."""
    return grant.role in UNIT_ROLES or grant.role == Role.GOV_LEADER


def seen_openly(user):
    """The condition on proposals where nothing is masked for `user`: `not Sight.is_unit_only`, as a Q.

    Filters narrow by it whatever a unit must not find out by filtering. None: everything is masked.
    """
    return _any_branch([grant for grant in user.active_grants() if not is_judged(grant)])


def visible_assignments(queryset, user):
    """Places that exist for `user`: a unit's own; for the others every place of a visible proposal."""
    if not user.is_authenticated:
        return queryset.none()
    units, through_proposal = set(), Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in UNIT_ROLES:
            units.add(grant.unit_id)
        elif grant.role in CONGRESS_ROLES:
            through_proposal |= Q(congress_id=grant.congress_id)
        elif (branch := _branch(grant)) is not None:
            from .models import Proposal

            through_proposal |= Q(proposal__in=Proposal.objects.filter(branch).values("pk"))
    return queryset.filter(Q(unit_id__in=units) | through_proposal)


@dataclass
class Sight:
    """What of one case a user sees. Built from the grants and the loaded case; queries nothing."""

    is_liaison: bool = False
    is_congress: bool = False
    is_proposer: bool = False
    is_cosigner: bool = False
    is_delegation: bool = False
    unit_ids: frozenset = field(default_factory=frozenset)

    @classmethod
    def of(cls, case, user):
        """The sight of `user` on `case`."""
        proposal = case.proposal
        sight = cls()
        units = set()
        for grant in user.active_grants():
            if grant.role == Role.DEPUTY:
                sight.is_proposer |= grant.deputy_id == proposal.lead_id
                sight.is_cosigner |= any(c.deputy_id == grant.deputy_id for c in case.live_cosignatures())
            elif grant.congress_id != proposal.congress_id:
                continue
            elif grant.role in CONGRESS_ROLES:
                sight.is_congress = True
                sight.is_liaison |= grant.role == Role.LIAISON
            elif grant.role == Role.DELEGATION_STAFF:
                sight.is_delegation |= grant.delegation_id == proposal.delegation_id
            elif grant.role in UNIT_ROLES:
                units.add(grant.unit_id)
            elif grant.role == Role.GOV_LEADER:
                units.update(place.unit_id for place in case.places if place.unit.is_hub)
        sight.unit_ids = frozenset(units & {place.unit_id for place in case.places})
        return sight

    @property
    def is_deputy(self):
        return self.is_proposer or self.is_cosigner

    @property
    def is_unit_only(self):
        """True for somebody who sees the case only through a unit's place: the side that is judged."""
        return not (self.is_congress or self.is_deputy or self.is_delegation)

    def is_of_unit(self, place):
        return place.unit_id in self.unit_ids

    def names_hidden(self, proposal):
        """隐名: whether the proposer's name is masked."""
        return proposal.hides_proposer and self.is_unit_only

    def proposal_status(self, proposal):
        """The state in words; units see 已答复，测评中 instead of what gives a rating away."""
        if self.is_unit_only and proposal.status in HIDDEN_FROM_UNITS:
            return BEING_RATED
        # Not get_status_display(): that makes a dict of all states at each call, and lists call it per row.
        return ProposalStatus(proposal.status).label

    def sees_place(self, place):
        """Which places stand on the page: all of the case, save that a released one is the unit's and ours."""
        return place.status != AssignmentStatus.RELEASED or self.is_congress or self.is_of_unit(place)

    def sees_reply(self, place):
        """An issued reply is for everyone on the case; a draft only for its own unit."""
        reply = getattr(place, "reply", None)
        return reply is not None and (reply.is_issued or self.is_of_unit(place))

    def sees_opinion(self, case, opinion):
        """A co-opinion is for its own unit, for the lead once given, and for the congress."""
        place = case.place(opinion.assignment_id)
        if self.is_of_unit(place):
            return True
        if opinion.given_on is None:
            return False
        lead = case.lead_place(place)
        return self.is_congress or (lead is not None and self.is_of_unit(lead))

    def sees_contacts(self, place):
        """Contacts are between the unit, the deputy and the congress; not for the other units."""
        return not self.is_unit_only or self.is_of_unit(place)

    def sees_clock(self, case, clock):
        """Which terms may be looked at: a unit those of its own place and of its promises, the lead also when
        the co-opinions are due; none that tells of a rating."""
        place = case.place(clock.assignment_id) if clock.assignment_id else None
        if place is not None and not self.sees_place(place):
            return False
        if not self.is_unit_only:
            return True
        if clock.kind in RATING_CLOCKS:
            return False
        if clock.commitment_id:
            return clock.commitment.unit_id in self.unit_ids
        if place is None or self.is_of_unit(place):
            return True
        lead = case.lead_place(place) if clock.kind == ClockKind.OPINION else None
        return lead is not None and self.is_of_unit(lead)

    def sees_rating(self, proposal, place):
        """A unit sees the rating of its own reply once the case closed or went to redo or coordination (§5)."""
        if not self.is_unit_only:
            return True
        released = proposal.status in (ProposalStatus.CLOSED, ProposalStatus.COORDINATION)
        return self.is_of_unit(place) and (released or place.round < proposal.round)

    def sees_event(self, proposal, event):
        """Whether a line of history is shown, by its visibility and by the masking of ratings."""
        if self.is_congress:
            return event.visibility != Visibility.CONGRESS or self.is_liaison
        if event.visibility == Visibility.EVERYONE:
            # Other units no more find out here than under 沟通记录 whom a unit spoke to.
            return event.action != "log_contact" or self.sees_contacts(event.assignment)
        if event.visibility == Visibility.PROPOSER:
            return self.is_deputy or self.is_delegation
        if event.visibility == Visibility.UNIT:
            return event.assignment is not None and event.assignment.unit_id in self.unit_ids
        return False


def visible_attachments(user):
    """Attachments that `user` may open.

    A proposal's own files go with the proposal. A file of a reply, opinion or contact goes with that: a
    draft's only to its own unit, an opinion's to its unit, the lead and the congress.
    """
    from .models import Proposal

    if not user.is_authenticated:
        return Attachment.objects.none()
    proposals = Proposal.objects.visible_to(user)
    own_units, is_wide = set(), Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in UNIT_ROLES:
            own_units.add(grant.unit_id)
        elif grant.role in CONGRESS_ROLES:
            is_wide |= Q(proposal__congress_id=grant.congress_id)
        elif grant.role in (Role.DEPUTY, Role.DELEGATION_STAFF) and (branch := _branch(grant)) is not None:
            is_wide |= Q(proposal__in=Proposal.objects.filter(branch).values("pk"))
    leads = Assignment.objects.filter(
        proposal=OuterRef("proposal"),
        round=OuterRef("opinion__assignment__round"),
        role=AssignmentRole.LEAD,
        unit_id__in=own_units,
    ).exclude(status=AssignmentStatus.RELEASED)
    congress_ids = [g.congress_id for g in user.active_grants() if g.role in CONGRESS_ROLES]
    of_proposal = Q(reply__isnull=True, opinion__isnull=True, contact__isnull=True)
    of_reply = Q(reply__isnull=False) & (
        Q(reply__issued_at__isnull=False) | Q(reply__assignment__unit_id__in=own_units)
    )
    given = Q(opinion__given_on__isnull=False) & (Q(proposal__congress_id__in=congress_ids) | Exists(leads))
    of_opinion = Q(opinion__isnull=False) & (Q(opinion__assignment__unit_id__in=own_units) | given)
    of_contact = Q(contact__isnull=False) & (Q(contact__assignment__unit_id__in=own_units) | is_wide)
    return Attachment.objects.filter(proposal__in=proposals.values("pk")).filter(
        of_proposal | of_reply | of_opinion | of_contact
    )
