"""办复率 and 落实率: answered, and what was promised done. Two figures, each with what it counts.

Every figure is a Rate: its numerator and denominator as querysets, so that each opens its list. The year of a case
is that of its assignment (交办), the year of a promise that of the reply that made it; Shanghai dates.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear

from accounts.models import Role
from proposals.access import CONGRESS_ROLES, UNIT_ROLES, signed_by, signed_proposals, units_of
from proposals.models import Assignment, Commitment, LookBack, Proposal
from proposals.status import (
    PROMISE_FAILED,
    PROMISE_OPEN,
    PROMISE_VERIFIED,
    AssignmentRole,
    AssignmentStatus,
    CommitmentStatus,
    Confirmation,
    CosignState,
    ProposalStatus,
)

# Under so many a percentage says nothing.
FEWEST = 10
# Verified, or past its date: it should have been kept.
VERIFIED = Q(status__in=PROMISE_VERIFIED)
IS_OPEN = Q(status__in=PROMISE_OPEN)
# 代表有异议: the proposer says less of it than the verification.
DISPUTED = VERIFIED & Q(confirmed__in=(Confirmation.PARTLY, Confirmation.BROKEN)) & ~Q(confirmed=F("status"))
# What was settled (了结) is verified no more.
WAITING_TO_VERIFY = Q(settled_on=None) & (Q(status=CommitmentStatus.REPORTED) | DISPUTED)
# Followed still: not verified, or not wholly kept and not settled.
LIVE = Q(settled_on=None) & (IS_OPEN | Q(status__in=PROMISE_FAILED))


def is_due(today):
    """The condition that a promise should have been kept by `today`: verified, or its date is over."""
    return VERIFIED | Q(promised_on__lt=today)


def is_late(today):
    """The condition that a promise is overdue and its unit has not reported it done."""
    return Q(status=CommitmentStatus.OPEN, promised_on__lt=today)


@dataclass(frozen=True)
class Rate:
    """A share: how many of how many. `percent` is None where there are too few to say."""

    part: int
    whole: int

    @property
    def percent(self):
        return round(100 * self.part / self.whole, 1) if self.whole >= FEWEST else None


# --- Whose ---------------------------------------------------------------------------------------------


def promises_of(user):
    """The promises in the ledger of this person: of the congress, of a hub's system, of the own unit, of the own
    proposals. Those that a later round's reply replaced are left out."""
    found = Q(pk__in=[])
    for grant in user.active_grants():
        if (scope := _promises_of_grant(grant, user)) is not None:
            found |= scope
    return Commitment.objects.filter(found, replaced_by=None)


def _promises_of_grant(grant, user):
    if grant.role in CONGRESS_ROLES:
        return Q(proposal__congress_id=grant.congress_id)
    if grant.role == Role.GOV_LEADER:
        hub = Q(unit__is_hub=True) | Q(reply__assignment__parent__unit__is_hub=True)
        return Q(proposal__congress_id=grant.congress_id) & hub
    if grant.role in UNIT_ROLES:
        own = Q(unit_id__in=units_of(grant))
        if grant.role == Role.HUB:
            own |= Q(reply__assignment__parent__unit_id__in=units_of(grant))
        return own & ~Q(proposal__in=signed_proposals(user))
    if grant.role == Role.DEPUTY:
        states = (CosignState.INVITED, CosignState.CONFIRMED)
        mine = Proposal.objects.filter(signed_by([grant.deputy_id], states))
        return Q(proposal__in=mine.order_by().values("pk"))
    if grant.role == Role.DELEGATION_STAFF:
        return Q(proposal__delegation_id=grant.delegation_id)
    return None


def assigned_cases(user, year):
    """What was assigned in a year, of the cases whose promises this person follows; withdrawn ones left out."""
    cases = Proposal.objects.filter(assigned_on__year=year).exclude(status=ProposalStatus.WITHDRAWN)
    found = Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in CONGRESS_ROLES:
            found |= Q(congress_id=grant.congress_id)
        elif grant.role == Role.GOV_LEADER:
            held = _replying().filter(unit__is_hub=True) | _replying().filter(parent__unit__is_hub=True)
            found |= Q(congress_id=grant.congress_id) & Q(Exists(held))
        elif grant.role in UNIT_ROLES:
            units = units_of(grant)
            held = Q(unit_id__in=units) | Q(parent__unit_id__in=units if grant.role == Role.HUB else ())
            found |= Q(Exists(_replying().filter(held)))
        elif grant.role == Role.DEPUTY:
            found |= signed_by([grant.deputy_id], (CosignState.INVITED, CosignState.CONFIRMED))
        elif grant.role == Role.DELEGATION_STAFF:
            found |= Q(delegation_id=grant.delegation_id)
    return cases.filter(found)


def _replying():
    places = Assignment.objects.filter(proposal=OuterRef("pk")).exclude(role=AssignmentRole.CO)
    return places.exclude(status=AssignmentStatus.RELEASED)


# --- The figures ----------------------------------------------------------------------------------------


def answered(cases):
    """Those of the cases to which a reply went out, whatever round it was."""
    out = Assignment.objects.filter(proposal=OuterRef("pk"), reply__issued_at__isnull=False)
    return cases.filter(Exists(out))


def replied_rate(cases):
    """办复率 of a queryset of assigned cases; one query."""
    out = Assignment.objects.filter(proposal=OuterRef("pk"), reply__issued_at__isnull=False)
    counts = cases.order_by().aggregate(whole=Count("pk"), part=Count("pk", filter=Q(Exists(out))))
    return Rate(counts["part"], counts["whole"])


@dataclass(frozen=True)
class Cohort:
    """The promises made in one year: how many, and what became of them."""

    year: int
    total: int = 0
    due: int = 0
    kept: int = 0
    partly: int = 0
    broken: int = 0
    reported: int = 0
    late: int = 0
    looked_back: int = 0
    looking: int = 0

    @property
    def rate(self):
        """落实率: verified as kept, of those that were due."""
        return Rate(self.kept, self.due)

    @property
    def not_due(self):
        return self.total - self.due

    @property
    def settled(self):
        return self.looked_back - self.looking


def cohorts(promises, today):
    """{year: Cohort} of a queryset of promises, by the year of the reply; one query."""
    looked_back = LookBack.objects.filter(commitment=OuterRef("pk"))
    due = is_due(today)
    rows = (
        promises.order_by()
        .annotate(year=ExtractYear("reply__issued_on"))
        .values("year")
        .annotate(
            total=Count("pk"),
            due=Count("pk", filter=due),
            kept=Count("pk", filter=Q(status=CommitmentStatus.KEPT)),
            partly=Count("pk", filter=Q(status=CommitmentStatus.PARTLY)),
            broken=Count("pk", filter=Q(status=CommitmentStatus.BROKEN)),
            reported=Count("pk", filter=due & Q(status=CommitmentStatus.REPORTED)),
            late=Count("pk", filter=is_late(today)),
            looked_back=Count("pk", filter=Q(Exists(looked_back))),
            looking=Count("pk", filter=Q(Exists(looked_back.filter(closed_on=None)))),
        )
    )
    return {row["year"]: Cohort(**row) for row in rows if row["year"]}


def kept_rate(promises, today):
    """落实率 of a queryset of promises: verified as kept, of those verified or past their date; one query."""
    counts = promises.order_by().aggregate(
        whole=Count("pk", filter=is_due(today)),
        part=Count("pk", filter=Q(status=CommitmentStatus.KEPT)),
    )
    return Rate(counts["part"], counts["whole"])
