"""Permission for rows and for what is shown of them. Lists, pages, search, attachments all start here.

`visible_to` has one branch per grant: a congress-wide role is its congress alone, units and co-signers come
through Exists, so that no join multiplies rows. What one may not see does not exist.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from institutions.succession import units_stood_for

from .models import Assignment, Attachment, Cosignature, Request
from .status import (
    BEING_RATED,
    HANDLING,
    HIDDEN_FROM_UNITS,
    PASSED_ON,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    ProposalStatus,
    RequestKind,
    RequestState,
    Visibility,
)

CONGRESS_ROLES = frozenset({Role.LIAISON, Role.COMMITTEE, Role.LEADER})
UNIT_ROLES = frozenset({Role.HANDLER, Role.SIGNER, Role.HUB})
# Who may type in a paper for a deputy (代录), and then sees that draft.
ENTERING_ROLES = frozenset({Role.LIAISON, Role.DELEGATION_STAFF})
# Terms that give away how a reply was rated, or that it was.
RATING_CLOCKS = frozenset({ClockKind.RATING, ClockKind.RATING_GRACE, ClockKind.JUDGE, ClockKind.COORDINATION})
LIVE_COSIGN = (CosignState.INVITED, CosignState.CONFIRMED)
# Until the case is closed a unit that has answered has the deputy's number for 办后沟通 (the action log_contact).
CONTACT_STATES = HIDDEN_FROM_UNITS | HANDLING
# Steps of a unit's own drafting: nobody's business outside of it, not even the hub's.
DRAFTING = frozenset({"draft_reply", "give_opinion", "rework", "take_back"})
# What of the history of a published proposal other deputies read: no contacts, no requests.
PUBLIC_STEPS = frozenset({"submit", "file", "assign", "publish"})


def units_of(grant):
    """The units that a grant works for: its own and those that one replaced (机构改革), as a frozenset of keys."""
    if not hasattr(grant, "_units"):
        # Kept with the grant, which lives for one request: lists ask for every row.
        grant._units = units_stood_for(grant.unit_id) if grant.role in UNIT_ROLES else frozenset()
    return grant._units


def signed_by(deputy_ids, states):
    """The condition on proposals that these deputies lead, or co-sign in one of these states.

    Two lists of keys put together: for `lead OR EXISTS` PostgreSQL reads all proposals, a second of a hundred
    thousand.
    """
    from .models import Proposal

    led = Proposal.objects.filter(lead_id__in=deputy_ids).order_by().values("pk")
    signed = Cosignature.objects.filter(deputy_id__in=deputy_ids, state__in=states).order_by()
    return Q(pk__in=led.union(signed.values("proposal")))


def signed_proposals(user):
    """Keys of the proposals that this person leads or co-signs: what they do not act in for a unit, nor read its
    drafts of."""
    from .models import Proposal

    mine = [grant.deputy_id for grant in user.active_grants() if grant.role == Role.DEPUTY]
    found = Proposal.objects.filter(signed_by(mine, LIVE_COSIGN)) if mine else Proposal.objects.none()
    return found.order_by().values("pk")


def _branch(grant, *, with_drafts=True, with_published=False):
    """The condition on proposals that one grant adds; None where a role sees no cases (admin)."""
    seen = ~Q(status=ProposalStatus.DRAFT)
    if with_drafts and grant.role in ENTERING_ROLES:
        seen |= Q(entered_by_id=grant.user_id)
    if grant.role in CONGRESS_ROLES:
        return Q(congress_id=grant.congress_id) & seen
    if grant.role == Role.DEPUTY:
        own = signed_by([grant.deputy_id], LIVE_COSIGN)
        published = Q(congress_id=grant.congress_id, published_on__isnull=False)
        return own | published if with_published else own
    if grant.role == Role.DELEGATION_STAFF:
        if with_drafts:
            seen |= Q(is_delegations=True)
        return Q(delegation_id=grant.delegation_id) & seen
    if grant.role in UNIT_ROLES:
        placed = Assignment.objects.filter(proposal=OuterRef("pk"), unit_id__in=units_of(grant))
        return Exists(placed) | Exists(asked_views(units_of(grant)).filter(proposal=OuterRef("pk")))
    if grant.role == Role.GOV_LEADER:
        through_hub = Assignment.objects.filter(proposal=OuterRef("pk"), unit__is_hub=True)
        return Q(congress_id=grant.congress_id) & Exists(through_hub)
    return None


def asked_views(unit_ids):
    """拟办征求意见 put to these units, open or answered: until it is assigned (交办) they see the proposal without
    a place of their own."""
    asked = Request.objects.filter(kind=RequestKind.PLAN_VIEW, unit_id__in=unit_ids)
    return asked.filter(proposal__status=ProposalStatus.FILED).exclude(state=RequestState.VOID)


def _any_branch(grants, **options):
    condition = None
    branches = {}
    for grant in grants:
        # Handler and signer of one unit see the same rows: one branch serves both.
        kind = "unit" if grant.role in UNIT_ROLES else grant.role
        kind = "congress" if grant.role in CONGRESS_ROLES - ENTERING_ROLES else kind
        key = (kind, grant.congress_id, grant.unit_id, grant.deputy_id, grant.delegation_id)
        branches.setdefault(key, grant)
    for grant in branches.values():
        branch = _branch(grant, **options)
        if branch is not None:
            condition = branch if condition is None else condition | branch
    return condition


def visible_proposals(queryset, user):
    """Proposals that exist for `user`; for deputies also what the congress has published."""
    return _visible(queryset, user, with_published=True)


def listed_proposals(queryset, user):
    """Those of them that lists show: never a draft, so that an index alone answers."""
    found = _visible(queryset, user, with_drafts=False, with_published=True)
    return found.exclude(status=ProposalStatus.DRAFT)


def published_proposals(queryset, congress):
    """What visitors without an account see: closed and published ones of a congress whose public list is on."""
    if not (congress.is_active and congress.is_public):
        return queryset.none()
    return queryset.filter(congress=congress, status=ProposalStatus.CLOSED, published_on__isnull=False)


def _visible(queryset, user, **options):
    condition = _any_branch(user.active_grants(), **options) if user.is_authenticated else None
    return queryset.none() if condition is None else queryset.filter(condition)


def is_judged(grant):
    """Whether a grant looks from the judged side, for whom ratings and some names are masked (§5, 隐名)."""
    return grant.role in UNIT_ROLES or grant.role == Role.GOV_LEADER


def seen_openly(user):
    """The condition on proposals where nothing is masked for `user`: `not Sight.is_unit_only`, as a Q.

    Filters narrow by it whatever a unit must not find out by filtering. None: everything is masked.
    """
    grants = [grant for grant in user.active_grants() if not is_judged(grant)]
    return _any_branch(grants, with_drafts=False)


def visible_assignments(queryset, user):
    """Places that exist for `user`: a unit's own, those that assist its lead, a hub's children; for the others
    every place of a visible proposal."""
    if not user.is_authenticated:
        return queryset.none()
    units, hubs, leading, through_proposal = set(), set(), set(), Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in UNIT_ROLES:
            units |= units_of(grant)
            hubs |= units_of(grant) if grant.role == Role.HUB else set()
            leading |= units_of(grant) if grant.role == Role.HANDLER else set()
        elif grant.role in CONGRESS_ROLES:
            through_proposal |= Q(congress_id=grant.congress_id)
        elif (branch := _branch(grant)) is not None:
            from .models import Proposal

            through_proposal |= Q(proposal__in=Proposal.objects.filter(branch).values("pk"))
    if leading:
        leads = Assignment.objects.filter(
            proposal=OuterRef("proposal"),
            round=OuterRef("round"),
            role=AssignmentRole.LEAD,
            unit_id__in=leading,
        ).exclude(status__in=PASSED_ON)
        through_proposal |= Q(Exists(leads), role=AssignmentRole.CO) & ~Q(status=AssignmentStatus.RELEASED)
    if hubs:
        through_proposal |= Q(parent__in=Assignment.objects.filter(unit_id__in=hubs).values("pk"))
    return queryset.filter(Q(unit_id__in=units) | through_proposal)


def visible_commitments(queryset, user):
    """Promises that exist for `user`: those of the cases that they take part in; of published ones, the public
    page has its own."""
    from .models import Proposal

    if not user.is_authenticated:
        return queryset.none()
    return queryset.filter(proposal__in=_visible(Proposal.objects.all(), user).order_by().values("pk"))


@dataclass
class Sight:
    """What of one case a user sees. Built from the grants and the loaded case; queries nothing."""

    is_liaison: bool = False
    is_congress: bool = False
    is_proposer: bool = False
    is_cosigner: bool = False
    is_delegation: bool = False
    # Typed it in for the deputy (代录).
    is_enterer: bool = False
    # A deputy who sees it because it is published, and no more of it than the public.
    is_public_reader: bool = False
    # Own units that have a place in the case; all own units; hubs among them, whose children are seen too.
    unit_ids: frozenset = field(default_factory=frozenset)
    own_units: frozenset = field(default_factory=frozenset)
    hub_places: frozenset = field(default_factory=frozenset)

    @classmethod
    def of(cls, case, user):
        """The sight of `user` on `case`."""
        proposal = case.proposal
        sight = cls()
        units, hubs, is_deputy, has_signed = set(), set(), False, False
        for grant in user.active_grants():
            if grant.role == Role.DEPUTY:
                is_deputy |= grant.congress_id == proposal.congress_id
                leads = grant.deputy_id == proposal.lead_id
                # 代表团名义: the head signs, the delegation's staff act.
                sight.is_proposer |= leads and not proposal.is_delegations
                sight.is_cosigner |= leads and proposal.is_delegations
                cosigns = any(c.deputy_id == grant.deputy_id for c in case.live_cosignatures())
                sight.is_cosigner |= cosigns
                has_signed |= leads or cosigns
            elif grant.congress_id != proposal.congress_id:
                continue
            elif grant.role in CONGRESS_ROLES:
                sight.is_congress = True
                sight.is_liaison |= grant.role == Role.LIAISON
            elif grant.role == Role.DELEGATION_STAFF and grant.delegation_id == proposal.delegation_id:
                sight.is_delegation = True
                sight.is_proposer |= proposal.is_delegations
            elif grant.role in UNIT_ROLES:
                units |= units_of(grant)
                hubs |= units_of(grant) if grant.role == Role.HUB else set()
            elif grant.role == Role.GOV_LEADER:
                hubs.update(place.unit_id for place in case.places if place.unit.is_hub)
            if grant.role in ENTERING_ROLES:
                sight.is_enterer |= proposal.entered_by_id == user.pk
        if has_signed:
            # Who signed the proposal reads it as a deputy: nothing of what their unit keeps to itself.
            units, hubs = set(), set()
        units |= hubs
        sight.own_units = frozenset(units)
        places = case.places if units else ()
        sight.unit_ids = frozenset(units & {place.unit_id for place in places})
        sight.hub_places = frozenset(place.pk for place in places if place.unit_id in hubs)
        sight.is_public_reader = is_deputy and sight.is_unit_only and not sight.unit_ids
        return sight

    @property
    def is_deputy(self):
        return self.is_proposer or self.is_cosigner

    @property
    def is_unit_only(self):
        """True for somebody who sees the case only through a unit's place: the side that is judged."""
        return not (self.is_congress or self.is_deputy or self.is_delegation or self.is_enterer)

    def is_of_unit(self, place):
        return place.unit_id in self.unit_ids

    def is_over(self, place):
        """Whether the place is a child of the reader's hub (督查室)."""
        return place.parent_id is not None and place.parent_id in self.hub_places

    def names_hidden(self, proposal):
        """隐名: whether the proposer's name is masked."""
        return proposal.hides_proposer and self.is_unit_only

    def lead_phone(self, proposal, place):
        """The number at which a unit reaches the lead (办前、办中、办后) until the case is closed; empty for everybody
        else and for 隐名."""
        has_answered = place.status == AssignmentStatus.ANSWERED and proposal.status in CONTACT_STATES
        is_theirs = (
            self.is_of_unit(place) and place.round == proposal.round and (place.is_open or has_answered)
        )
        return proposal.lead.phone if is_theirs and not self.names_hidden(proposal) else ""

    def proposal_status(self, proposal):
        """The state in words; units see 已答复，测评中 instead of what gives a rating away."""
        if self.is_unit_only and proposal.status in HIDDEN_FROM_UNITS:
            return BEING_RATED
        # Not get_status_display(): that makes a dict of all states at each call, and lists call it per row.
        return ProposalStatus(proposal.status).label

    def sees_place(self, place):
        """Which places stand on the page: all of the case, save that a released one is the unit's and ours."""
        is_near = self.is_congress or self.is_of_unit(place) or self.is_over(place)
        return place.status != AssignmentStatus.RELEASED or is_near

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
        return self.is_congress or self.is_over(place) or (lead is not None and self.is_of_unit(lead))

    def sees_contacts(self, place):
        """Contacts are between the unit with the hub above it, the deputy and the congress; no other unit's."""
        return not self.is_unit_only or self.is_of_unit(place) or self.is_over(place)

    def sees_clock(self, case, clock):
        """Which terms may be looked at: a unit those of its own place and of its promises, the lead also when
        the co-opinions are due; none that tells of a rating."""
        place = case.place(clock.assignment_id) if clock.assignment_id else None
        if place is not None and not self.sees_place(place):
            return False
        if not self.is_unit_only:
            return True
        if clock.kind in RATING_CLOCKS or self.is_public_reader:
            return False
        if clock.commitment_id:
            return any(c.pk == clock.commitment_id and c.unit_id in self.unit_ids for c in case.commitments)
        if place is None or self.is_of_unit(place) or self.is_over(place):
            return True
        lead = case.lead_place(place) if clock.kind == ClockKind.OPINION else None
        return lead is not None and self.is_of_unit(lead)

    def sees_evidence(self, place):
        """What a unit brought forward for its promise: the deputies, the congress, itself and the hub above it."""
        return not self.is_unit_only or self.is_of_unit(place) or self.is_over(place)

    def sees_rating(self, proposal, place):
        """A unit sees the rating of its own reply once the case closed or went to redo or coordination (§5)."""
        if not self.is_unit_only:
            return True
        released = proposal.status in (ProposalStatus.CLOSED, ProposalStatus.COORDINATION)
        is_own = self.is_of_unit(place) or self.is_over(place)
        return is_own and (released or place.round < proposal.round)

    def sees_event(self, proposal, event):
        """Whether a line of history is shown, by its visibility and by the masking of ratings."""
        if self.is_congress:
            return event.visibility != Visibility.CONGRESS or self.is_liaison
        if event.visibility == Visibility.INNER:
            return False
        if self.is_public_reader:
            return event.action in PUBLIC_STEPS
        if event.visibility == Visibility.EVERYONE:
            # Other units no more find out here than under 沟通记录 whom a unit spoke to.
            return event.action != "log_contact" or self.sees_contacts(event.assignment)
        if event.visibility == Visibility.PROPOSER:
            return not self.is_unit_only
        if event.visibility == Visibility.UNIT and event.assignment is not None:
            is_hubs = self.is_over(event.assignment) and event.action not in DRAFTING
            return self.is_of_unit(event.assignment) or is_hubs
        return False

    def sees_request(self, case, request):
        """Which side a pending or decided request is for: between a unit and whoever assigned it, between the
        deputies and the congress, or between the office and the one unit that was asked."""
        if request.kind == RequestKind.PLAN_VIEW:
            return self.is_congress or request.unit_id in self.own_units
        if self.is_congress:
            return True
        if request.kind == RequestKind.REPORT:
            return False
        if request.assignment_id:
            place = case.place(request.assignment_id)
            return self.is_of_unit(place) or self.is_over(place)
        return not self.is_unit_only


def visible_stubs(queryset, user):
    """涉密件: that there is one is known to the office, the committees and the leaders of its congress alone."""
    if not user.is_authenticated:
        return queryset.none()
    wide = {grant.congress_id for grant in user.active_grants() if grant.role in CONGRESS_ROLES}
    return queryset.filter(congress__in=wide)


def visible_attachments(user):
    """Attachments that `user` may open.

    A proposal's own files go with the proposal, save that signed papers are kept from the judged side: they
    show a hidden name, or how a reply was rated. A file of a reply, opinion or contact goes with that: a
    draft's only to its own unit, an opinion's to its unit, the lead and the congress. The paper of a unit's step
    is for that unit, the hub above it and the congress, not for deputies: it may be a draft or a request. What a
    recalled reply went out with is for whoever reads that.
    """
    from .models import Proposal

    if not user.is_authenticated:
        return Attachment.objects.none()
    grants = user.active_grants()
    proposals = _visible(Proposal.objects.all(), user)
    own_units, hubs, is_wide = set(), set(), Q(pk__in=[])
    for grant in grants:
        own_units |= units_of(grant)
        if grant.role == Role.HUB:
            hubs |= units_of(grant)
        elif grant.role in CONGRESS_ROLES:
            is_wide |= Q(proposal__congress_id=grant.congress_id)
        elif grant.role in (Role.DEPUTY, Role.DELEGATION_STAFF):
            is_wide |= Q(proposal__in=Proposal.objects.filter(_branch(grant)).values("pk"))
    leads = Assignment.objects.filter(
        proposal=OuterRef("proposal"),
        round=OuterRef("opinion__assignment__round"),
        role=AssignmentRole.LEAD,
        unit_id__in=own_units,
    ).exclude(status__in=PASSED_ON)
    congress_ids = [g.congress_id for g in grants if g.role in CONGRESS_ROLES]
    of_proposal = Q(reply__isnull=True, opinion__isnull=True, contact__isnull=True, assignment__isnull=True)
    of_proposal &= Q(commitment__isnull=True)
    of_proposal &= ~of_recalled_reply()
    if any(is_judged(grant) for grant in grants):
        of_proposal &= Q(is_scan=False) | Q(uploaded_by=user) | is_wide
    # Whoever signed a case reads it as a deputy: nothing that their unit has not sent out.
    is_colleague = ~Q(proposal__in=signed_proposals(user))
    drafts = Q(reply__assignment__unit_id__in=own_units) & is_colleague
    of_reply = Q(reply__isnull=False) & (Q(reply__issued_at__isnull=False) | drafts)
    given = Q(opinion__given_on__isnull=False) & (
        Q(proposal__congress_id__in=congress_ids) | Exists(leads) | _below("opinion__", hubs)
    )
    of_opinion = Q(opinion__isnull=False) & (
        Q(opinion__assignment__unit_id__in=own_units) & is_colleague | given
    )
    spoken = Q(contact__assignment__unit_id__in=own_units) | is_wide | _below("contact__", hubs)
    of_contact = Q(contact__isnull=False) & spoken
    near = (
        Q(assignment__unit_id__in=own_units) & is_colleague
        | _below("", hubs)
        | Q(proposal__congress_id__in=congress_ids)
    )
    of_place = Q(assignment__isnull=False) & (near | Q(uploaded_by=user))
    deputies_side = Q(proposal__in=proposals.filter(seen_openly(user) or Q(pk__in=[])).values("pk"))
    promising = Q(commitment__unit_id__in=own_units) | _below("commitment__reply__", hubs) | deputies_side
    of_promise = Q(commitment__isnull=False) & promising
    is_theirs = Q(proposal__congress_id__in=congress_ids) | of_recalled_reply(assignment__unit__in=own_units)
    was_released = of_recalled_reply(assignment__status=AssignmentStatus.RELEASED)
    of_old = of_recalled_reply() & (is_theirs | ~was_released)
    return Attachment.objects.filter(proposal__in=proposals.values("pk")).filter(
        of_proposal | of_reply | of_opinion | of_contact | of_place | of_promise | of_old
    )


def of_recalled_reply(**conditions):
    """The condition that an attachment went out with a reply that was recalled; `conditions` on that reply."""
    kept = Attachment.versions.through.objects.filter(attachment=OuterRef("pk"))
    of_reply = {f"replyversion__reply__{name}": value for name, value in conditions.items()}
    return Q(Exists(kept.filter(**of_reply)))


def _below(prefix, hubs):
    """The condition that a thing belongs to a place below one of these hubs."""
    if not hubs:
        return Q(pk__in=[])
    parents = Assignment.objects.filter(unit_id__in=hubs)
    return Q(**{f"{prefix}assignment__parent__in": parents.values("pk")})
