"""The conditions that the figures are made of: which places count, what a reply, a term or a rating came to.

Each returns a Q on places (Assignment), on terms (Clock) or on what hangs on a place. None joins a to-many table, so
that a count of rows is a count of things.
"""

from datetime import timedelta

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from institutions.succession import families
from proposals.models import Assignment, Contact, Request
from proposals.status import (
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    ProposalStatus,
    RedoCause,
    RequestKind,
    RequestState,
)
from proposals.workflow.effects import LATE_OPINION

SIGN_KINDS = (ClockKind.ACCEPT, ClockKind.DISPATCH)
REPLY_KINDS = (ClockKind.REPLY, ClockKind.REDO)
# No six months in a row have more days: a reply later than that is over six months by any reckoning.
HALF_YEAR_DAYS = 184
REPLYING = (AssignmentRole.LEAD, AssignmentRole.SEPARATE)


def at(prefix, **conditions):
    """A Q of conditions below a path such as `assignment__`."""
    return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})


def counted(prefix=""):
    """Places that stand to a unit's account: all but those taken away from it. A co place that the lead's reply
    overtook (未提交会办意见) stands, since its opinion never came."""
    overtaken = at(prefix, role=AssignmentRole.CO, release_words=LATE_OPINION)
    return ~at(prefix, status=AssignmentStatus.RELEASED) | overtaken


# --- Places -------------------------------------------------------------------------------------------


def replying():
    """主办 and 分办 places; what a hub holds is its units' to answer."""
    return Q(role__in=REPLYING, unit__is_hub=False)


def assisting():
    return Q(role=AssignmentRole.CO, unit__is_hub=False)


def held_by_hub():
    return Q(unit__is_hub=True)


def contacted():
    return Q(Exists(Contact.objects.filter(assignment=OuterRef("pk"))))


def replied():
    return replying() & Q(status=AssignmentStatus.ANSWERED)


def rating_shown(judged):
    """Where a rating, or that there is none, may be known: everywhere; on the judged side where Sight.sees_rating
    says so (§5)."""
    if not judged:
        return Q()
    released = (ProposalStatus.CLOSED, ProposalStatus.COORDINATION)
    return Q(proposal__status__in=released) | Q(round__lt=F("proposal__round"))


def quiet(until):
    """没有动静 (proposals/quiet.py): signed for, and nothing done since `until`; never where that is None."""
    if until is None:
        return Q(pk__in=[])
    asked = Request.objects.filter(
        assignment=OuterRef("pk"), kind=RequestKind.EXTENSION, state=RequestState.OPEN
    )
    return Q(status=AssignmentStatus.ACCEPTED, stirred_on__lte=until) & ~Q(Exists(asked))


def first_round():
    return replied() & Q(round=1)


def final_round():
    """The unit's last reply to a case: none of it is being done again. 再交办 counts for neither first nor final.

    A unit and those it stands for (机构改革) are one.
    """
    later = Assignment.objects.filter(proposal=OuterRef("proposal"), round__gt=OuterRef("round"))
    later = later.filter(replying()).exclude(status=AssignmentStatus.RELEASED)
    later = later.exclude(redo_cause=RedoCause.REASSIGNED)
    overtaken = Q(Exists(later.filter(unit=OuterRef("unit"))))
    for family in families():
        overtaken |= Q(unit__in=family) & Q(Exists(later.filter(unit__in=family)))
    return replied() & ~Q(redo_cause=RedoCause.REASSIGNED) & ~overtaken


def rated(judged):
    return Q(reply__rating__isnull=False) & rating_shown(judged)


def silent(judged):
    return Q(reply__silent_on__isnull=False, reply__rating__isnull=True) & rating_shown(judged)


# --- Terms --------------------------------------------------------------------------------------------


def in_time():
    return Q(met_on__lte=F("due_on"))


def late(today):
    """Met after its day; not met and its day is over, now or when the lead's reply overtook the place."""
    overtaken = Q(met_on=None, voided_on__gt=F("due_on"), assignment__release_words=LATE_OPINION)
    return Q(met_on__gt=F("due_on")) | running_late(today) | overtaken


def running_late(today):
    return Q(met_on=None, voided_on=None, due_on__lt=today)


def signing(today):
    """Terms of 签收 (a hub's: 分办) that were met or are over."""
    return Q(kind__in=SIGN_KINDS) & (in_time() | late(today))


def _answers():
    """Terms of replies; a hub's ends when it passes the place on."""
    return Q(kind__in=REPLY_KINDS, assignment__role__in=REPLYING, assignment__unit__is_hub=False)


def answering():
    """Reply terms that a reply which is out met; 退回重答 takes it back."""
    return _answers() & Q(met_on__isnull=False, assignment__status=AssignmentStatus.ANSWERED)


def answer_overdue(today):
    return _answers() & running_late(today)


def within_first_date():
    """Met by the date that stood before any extension (the granted ones move the date, its rule keeps the first)."""
    first = Cast(KeyTextTransform("first_due_on", "rule"), DateField())
    original = Case(When(rule__note__startswith="延期", then=first), default=F("due_on"))
    return Q(met_on__lte=original)


def over_half_year(today):
    met = Q(met_on__gt=F("started_on") + Value(timedelta(days=HALF_YEAR_DAYS)))
    still_open = Q(met_on=None, voided_on=None, started_on__lt=today - timedelta(days=HALF_YEAR_DAYS))
    return _answers() & (met | still_open)


def opinion_missed(today):
    """The opinion was late, or never came."""
    return Q(kind=ClockKind.OPINION) & late(today)


def opinion_in_time():
    return Q(kind=ClockKind.OPINION) & in_time()
