"""A unit's place in a proposal (承办), and what happens in it: contacts, progress notes, co-opinions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from deputies.models import Deputy
from institutions.models import Congress, Unit

from ..status import PLACE_ENDED, AssignmentRole, AssignmentStatus, ContactMode, ContactStage, RedoCause
from .proposal import Proposal
from .querysets import AssignmentQuerySet


class Assignment(models.Model):
    """承办: one unit's place in one round. `status` is written by workflow.perform only."""

    Status = AssignmentStatus
    Role = AssignmentRole

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="assignments", verbose_name="人大")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="assignments", verbose_name="建议")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="承办单位")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name="分办自"
    )
    role = models.CharField("承办性质", max_length=10, choices=AssignmentRole)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    status = models.CharField(
        "状态", max_length=15, choices=AssignmentStatus, default=AssignmentStatus.PENDING
    )
    version = models.PositiveIntegerField("版本", default=1)
    # The date this unit's answer (reply or co-opinion) is due; kept by clocks.py.
    due_on = models.DateField("到期日", null=True, blank=True)
    opened_on = models.DateField("交办日期")
    accepted_on = models.DateField("签收日期", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    # The last day on which the unit did anything here, or got the work (back): whether it is silent (没有动静) is
    # told from it. Written by perform.
    stirred_on = models.DateField("最近有动静的日期", null=True, blank=True)
    released_on = models.DateField("调整日期", null=True, blank=True)
    release_words = models.CharField("调整说明", max_length=200, blank=True)
    # The day of the congress's own assignment, also for a hub's children: the reply term counts from it.
    assigned_on = models.DateField("交办起算日")
    # 事由 of the redo that opened this round; empty in the first. 再交办 stays out of first and final satisfaction.
    redo_cause = models.CharField("重新办理事由", max_length=15, choices=RedoCause, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "承办"
        verbose_name_plural = "承办"
        ordering = ["proposal", "round", "pk"]
        constraints = [
            # At most one open assignment per unit, proposal and round.
            models.UniqueConstraint(
                fields=["proposal", "unit", "round"],
                name="one_open_place_per_unit",
                condition=~Q(status__in=["released", "dispatched"]),
            ),
            # One lead per round; a hub's dispatched place stays behind its children.
            models.UniqueConstraint(
                fields=["proposal", "round"],
                name="one_lead_per_round",
                condition=Q(role="lead") & ~Q(status__in=["released", "dispatched"]),
            ),
            models.CheckConstraint(
                condition=Q(status__in=AssignmentStatus.values), name="assignment_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status", "due_on", "id"], name="assignment_by_unit"),
            models.Index(fields=["unit", "proposal", "status", "due_on"], name="assignment_unit_proposal"),
            models.Index(
                fields=["congress", "stirred_on", "id"],
                name="assignment_stirred",
                condition=Q(status="accepted"),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_role_display()}"

    @property
    def is_open(self):
        return self.status not in PLACE_ENDED

    @property
    def replies(self):
        """True for a place that answers the deputy itself: lead (主办) or separate (分办)."""
        return self.role != AssignmentRole.CO

    @property
    def status_text(self):
        """The state in words; a co place says 已提交会办意见 where a lead says 已答复."""
        if self.status == AssignmentStatus.ANSWERED and self.role == AssignmentRole.CO:
            return "已提交会办意见"
        return self.get_status_display()


class Contact(models.Model):
    """沟通记录 (办前、办中、办后): who of the unit spoke with the deputy, when, how, and at what rank."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="contacts", verbose_name="承办")
    stage = models.CharField("阶段", max_length=10, choices=ContactStage)
    mode = models.CharField("方式", max_length=10, choices=ContactMode)
    on = models.DateField("日期")
    people = models.CharField("参加人员和职务", max_length=200)
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, verbose_name="联系的代表")
    words = models.TextField("内容", max_length=2000)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "沟通记录"
        verbose_name_plural = "沟通记录"
        ordering = ["on", "pk"]


class Opinion(models.Model):
    """会办意见: a co unit's answer to the lead. A signed one is addressed to the lead once it is issued."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="opinions", verbose_name="承办")
    words = models.TextField("会办意见", max_length=20000)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    contact_person = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("电话", max_length=40, blank=True)
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    given_on = models.DateField("送达主办日期", null=True, blank=True)
    returned_words = models.CharField("退回补正的原因", max_length=500, blank=True)
    signed_by = models.CharField("签发人", max_length=80, blank=True)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="送审人"
    )

    class Meta:
        verbose_name = "会办意见"
        verbose_name_plural = "会办意见"
        ordering = ["pk"]
