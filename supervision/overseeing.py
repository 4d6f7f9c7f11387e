"""本委: the cases that a committee answers for (对口), by how they stand, and what it verifies."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.grants import grants_of
from accounts.models import Role
from proposals.lights import ORANGE, light_range
from proposals.models import Assignment, Commitment, Oversight, Proposal
from proposals.quiet import quiet_by
from proposals.readers import Reader
from proposals.status import ENDED, AssignmentStatus, CommitmentStatus, ProposalStatus

from .models import CommitteeField, RoleKind, Task, TaskState, Topic, TopicRole, TopicState
from .topic_board import REPLIED

DISPUTED = (ProposalStatus.DISPUTED, ProposalStatus.COORDINATION)
P = ProposalStatus
SHOWN = 5


@dataclass(frozen=True)
class Stack:
    """One entry of the list at the left."""

    code: str
    label: str
    icon: str
    todo: str


STACKS = {
    stack.code: stack
    for stack in (
        Stack("open", "在办的", "progress", "对口单位、对口类别没有办结的"),
        Stack("late", "超期", "hourglass-low", "这一步已经超期的"),
        Stack("near", "快到期", "clock", "这一步快到期的"),
        Stack("silent", "没有动静", "zzz", "签收后很久没有联系代表、也没有写进展的"),
        Stack("disputed", "有争议", "mood-sad", "代表不满意待研判、协调研究的"),
        Stack("overseen", "本委督办", "eye-check", "本委加入或接手督办的"),
        Stack("following", "我关注的", "star", "您关注的，有主要进展会告诉您"),
    )
}


class Field:
    """The field of a person's committees, and what stands in it."""

    def __init__(self, user):
        self.user = user
        self.reader = Reader(user)
        self.today = self.reader.today
        self.grants = grants_of(user, Role.COMMITTEE)
        self.committee_ids = {grant.committee_id for grant in self.grants}

    @cached_property
    def parts(self):
        """The units and categories answered for (a list of CommitteeField)."""
        rows = CommitteeField.objects.filter(committee__in=self.committee_ids)
        return list(rows.select_related("unit", "category", "committee"))

    @cached_property
    def unit_ids(self):
        return {part.unit_id for part in self.parts if part.unit_id}

    @cached_property
    def all_cases(self):
        """Cases that the person reads, drafts apart."""
        return Proposal.objects.listed_to(self.user)

    @cached_property
    def condition(self):
        """The condition on proposals of being in the field: of a category, or at work at a unit in this round."""
        categories = {part.category_id for part in self.parts if part.category_id}
        placed = Assignment.objects.filter(
            proposal=OuterRef("pk"), round=OuterRef("round"), unit_id__in=self.unit_ids
        ).exclude(status=AssignmentStatus.RELEASED)
        return Q(category_id__in=categories) | Q(Exists(placed))

    def _stack_condition(self, code):
        """What a stack holds of the cases that the person reads."""
        if code == "following":
            return Q(follows__user=self.user)
        if code == "overseen":
            standing = Oversight.objects.filter(
                proposal=OuterRef("pk"), committee__in=self.committee_ids, ended_on=None
            )
            return Q(Exists(standing))
        first, last = light_range(ORANGE, self.today, self.reader.rules)
        own = {
            "open": ~Q(status__in=(*ENDED, P.RETURNED)),
            "late": Q(due_on__lt=self.today),
            "near": Q(due_on__gte=first, due_on__lte=last),
            "silent": self._silent,
            "disputed": Q(status__in=DISPUTED),
        }
        return self.condition & own[code]

    @cached_property
    def _silent(self):
        """Cases at which a unit does nothing (没有动静), as the office counts them."""
        places = quiet_by(self.reader.rules, self.today).places()
        return Q(Exists(places.filter(proposal=OuterRef("pk"))))

    def cases(self, code):
        """The cases of a stack, the soonest due first."""
        found = self.all_cases.filter(self._stack_condition(code))
        return found.order_by(F("due_on").asc(nulls_last=True), "-pk")

    @cached_property
    def counts(self):
        """{stack code: how many}; one query."""
        tallies = {code: Count("pk", filter=self._stack_condition(code), distinct=True) for code in STACKS}
        return self.all_cases.order_by().aggregate(**tallies)

    @cached_property
    def topics(self):
        """Topics that a committee of the person supervises (对口督办), with cases answered of all."""
        own = Topic.objects.filter(roles__committee__in=self.committee_ids)
        found = Topic.objects.filter(pk__in=own.values("pk"), state=TopicState.DECIDED)
        is_out = Q(cases__status__in=REPLIED)
        return list(
            found.annotate(
                total=Count("cases", distinct=True), answered=Count("cases", filter=is_out, distinct=True)
            ).order_by("-year", "rank")
        )

    @cached_property
    def promises(self):
        """Promises of the field that wait for verification (待核实承诺), the oldest first."""
        rows = Commitment.objects.visible_to(self.user).filter(
            status=CommitmentStatus.REPORTED, replaced_by__isnull=True
        )
        rows = rows.filter(Q(unit_id__in=self.unit_ids) | Q(proposal__in=self._field_keys))
        return list(rows.select_related("unit", "proposal").order_by("promised_on", "pk")[:SHOWN])

    @cached_property
    def tasks(self):
        """整改事项 that the committee may verify: of its topics, and of single cases at the field's units."""
        rows = Task.objects.visible_to(self.user).filter(state=TaskState.ANSWERED)
        own = TopicRole.objects.filter(kind=RoleKind.COMMITTEE, committee__in=self.committee_ids)
        rows = rows.filter(
            Q(unit_id__in=self.unit_ids, finding__activity__topic__isnull=True)
            | Q(finding__activity__topic__in=own.values("topic"))
        )
        return list(rows.select_related("unit").order_by("due_on", "pk")[:SHOWN])

    @property
    def _field_keys(self):
        return self.all_cases.filter(self.condition).order_by().values("pk")
