"""Which 督办活动 and 整改事项 exist for whom, who runs them, and what of them each side reads.

The congress's side reads all of its congress. A unit knows the activities it takes part in and its own tasks; a hub
and the government's leaders those of their system. A deputy knows what they are invited to and what concerns their
own proposals: of it the plan, of the findings only those that the office shows them. 纪要 and photos are the
congress's own until it hands them on (`shares_minutes`); what deputies say afterwards stays with the congress.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Value

from accounts.models import Role
from institutions.models import UnitSystem
from institutions.succession import units_stood_for
from proposals.access import CONGRESS_ROLES, LIVE_COSIGN, UNIT_ROLES, signed_by, units_of
from proposals.models import Proposal

from .models import Activity, ActivityFile, Invitation, RoleKind, Task, TopicCase, TopicRole
from .topic_access import KNOWN


def visible_activities(queryset, user):
    """Activities that exist for `user`: one branch per grant, put together."""
    return _visible(queryset, user, _activity_branch)


def visible_tasks(queryset, user):
    """Tasks that exist for `user`; deputies read of them on the page of the activity alone."""
    return _visible(queryset, user, _task_branch)


def _visible(queryset, user, branch_of):
    if not user.is_authenticated:
        return queryset.none()
    condition = Q(pk__in=[])
    for grant in user.active_grants():
        if grant.role in CONGRESS_ROLES:
            condition |= Q(congress_id=grant.congress_id)
        elif (branch := branch_of(grant)) is not None:
            condition |= Q(branch, congress_id=grant.congress_id)
    return queryset.filter(condition)


def _units(grant):
    """The condition on units that one grant of the judged side answers for; None for other roles."""
    if grant.role == Role.HUB:
        return Q(unit_id__in=units_of(grant)) | Q(unit__system=grant.unit.system)
    if grant.role in UNIT_ROLES:
        return Q(unit_id__in=units_of(grant))
    if grant.role == Role.GOV_LEADER:
        return Q(unit__system=UnitSystem.GOVERNMENT)
    return None


def _activity_branch(grant):
    if (units := _units(grant)) is not None:
        present = Activity.units.through.objects.filter(units, activity=OuterRef("pk"))
        given = Task.objects.filter(units, finding__activity=OuterRef("pk"))
        named = Activity.leaders.through.objects.filter(activity=OuterRef("pk"), user_id=grant.user_id)
        return Q(Exists(present)) | Exists(given) | Exists(named)
    if grant.role == Role.DEPUTY:
        invited = Invitation.objects.filter(activity=OuterRef("pk"), deputy_id=grant.deputy_id)
        signed = Proposal.objects.filter(signed_by([grant.deputy_id], LIVE_COSIGN)).order_by().values("pk")
        in_topic = TopicCase.objects.filter(topic=OuterRef("topic"), proposal__in=signed)
        own = Q(proposal__in=signed) | Q(Exists(in_topic), topic__state__in=KNOWN)
        return Q(Exists(invited)) | own
    return None


def _task_branch(grant):
    return _units(grant)


def cases_of(activity):
    """The proposals that an activity is about (a queryset): those of its topic, or the one."""
    if activity.topic_id:
        return Proposal.objects.filter(topic_cases__topic=activity.topic_id)
    return Proposal.objects.filter(pk=activity.proposal_id)


def manager(user, *, congress_id, topic_id=None):
    """The grant by which `user` runs activities of this topic, or of a single case (no topic): the office, a
    committee of the topic's sides, for a single case any committee. None for everybody else."""
    for grant in user.active_grants():
        if grant.congress_id != congress_id:
            continue
        if grant.role == Role.LIAISON:
            return grant
        if grant.role == Role.COMMITTEE and (
            topic_id is None
            or TopicRole.objects.filter(
                topic=topic_id, kind=RoleKind.COMMITTEE, committee_id=grant.committee_id
            ).exists()
        ):
            return grant
    return None


def manager_of(activity, user):
    """The grant by which `user` runs this activity and verifies what came of it, or None. No query where the activity
    was loaded by `with_manager`."""
    known = getattr(activity, "committees_of_reader", None)
    if known is None:
        return manager(user, congress_id=activity.congress_id, topic_id=activity.topic_id)
    for grant in user.active_grants():
        if grant.congress_id == activity.congress_id and (
            grant.role == Role.LIAISON or (grant.role == Role.COMMITTEE and known)
        ):
            return grant
    return None


def with_manager(queryset, user):
    """The activities, each knowing whether a committee of `user` supervises it (for manager_of)."""
    own = [grant.committee_id for grant in user.active_grants() if grant.role == Role.COMMITTEE]
    if not own:
        return queryset.annotate(committees_of_reader=Value(False))
    sides = TopicRole.objects.filter(topic=OuterRef("topic"), kind=RoleKind.COMMITTEE, committee_id__in=own)
    return queryset.annotate(committees_of_reader=Q(topic__isnull=True) | Q(Exists(sides)))


def unit_grant(task, user):
    """(grant, is on behalf): by which `user` answers for the task's unit; (None, False) for nobody.

    Its handlers (a hub's staff) answer; for a unit without access the office enters what its paper says (代录). Nobody
    answers for a unit on a case that they proposed or co-signed.
    """
    grants = [g for g in user.active_grants() if g.congress_id == task.congress_id]
    activity = task.finding.activity
    mine = [g.deputy_id for g in grants if g.role == Role.DEPUTY]
    if mine and activity.proposal_id:
        own = Proposal.objects.filter(signed_by(mine, LIVE_COSIGN), pk=activity.proposal_id)
        if own.exists():
            return None, False
    for grant in grants:
        if grant.role in (Role.HANDLER, Role.HUB) and task.unit_id in units_stood_for(grant.unit_id):
            return grant, False
    if not task.unit.has_access:
        return next(((g, True) for g in grants if g.role == Role.LIAISON), (None, False))
    return None, False


@dataclass
class ActivitySight:
    """What of one activity a user sees. `manages`: the grant by which they run it, or None."""

    manages: object = None
    is_congress: bool = False
    invitations: list = field(default_factory=list)
    unit_ids: frozenset = field(default_factory=frozenset)
    system: str = ""
    has_deputy: bool = False

    @classmethod
    def of(cls, activity, user, manages=..., with_invitations=True):
        """The sight of `user` on `activity`, whose invitations should be prefetched. `manages`: the grant of
        manager_of where it is known already; without `with_invitations` lists ask for none."""
        sight = cls(manages=manager_of(activity, user) if manages is ... else manages)
        deputies, units = set(), set()
        for grant in user.active_grants():
            if grant.congress_id != activity.congress_id:
                continue
            if grant.role in CONGRESS_ROLES:
                sight.is_congress = True
            elif grant.role == Role.DEPUTY:
                deputies.add(grant.deputy_id)
            elif grant.role in UNIT_ROLES:
                units |= units_of(grant)
                sight.system = grant.unit.system if grant.role == Role.HUB else sight.system
            elif grant.role == Role.GOV_LEADER:
                sight.system = UnitSystem.GOVERNMENT
        sight.unit_ids = frozenset(units)
        if deputies and with_invitations:
            sight.invitations = [i for i in activity.invitations.all() if i.deputy_id in deputies]
        sight.has_deputy = bool(deputies)
        return sight

    @property
    def is_judged(self):
        """Whether this is the judged side, from which hidden names (隐名) are kept."""
        return not self.is_congress and bool(self.unit_ids or self.system)

    @property
    def is_deputy(self):
        return not self.is_congress and self.has_deputy

    def sees_minutes(self, activity):
        return self.is_congress or activity.shares_minutes

    def sees_task(self, task):
        """A task with its words: the congress, its own unit, the hub or government leader of its system."""
        is_own = task.unit_id in self.unit_ids
        return self.is_congress or is_own or (bool(self.system) and task.unit.system == self.system)

    def sees_finding(self, finding, tasks):
        """A finding: the congress, whoever sees one of its tasks, and the deputies where it is shown to them."""
        if self.is_congress or any(self.sees_task(task) for task in tasks):
            return True
        return self.is_deputy and finding.is_shown


def visible_files(user):
    """Photos and papers of activities that `user` may open.

    Those of the activity itself go with its minutes; those of a task's step with the task; what a deputy left is for
    that deputy and the congress. A signed paper (代录) is for its unit and the congress.
    """
    if not user.is_authenticated:
        return ActivityFile.objects.none()
    grants = user.active_grants()
    wide = [g.congress_id for g in grants if g.role in CONGRESS_ROLES]
    mine = [g.deputy_id for g in grants if g.role == Role.DEPUTY]
    activities = Activity.objects.visible_to(user)
    tasks = Task.objects.visible_to(user)
    of_activity = Q(step__task__isnull=True, invitation__isnull=True)
    readable = Q(activity__congress_id__in=wide)
    readable |= of_activity & Q(activity__in=activities.filter(shares_minutes=True).values("pk"))
    readable |= Q(step__task__in=tasks.values("pk"))
    readable |= Q(invitation__deputy_id__in=mine)
    return ActivityFile.objects.filter(readable)
