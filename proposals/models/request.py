"""Pending requests: a second thing that waits on somebody while the status stands. And the words to urge with."""

from django.db import models
from django.db.models import Q

from deputies.models import Deputy
from institutions.models import Congress, Unit

from ..status import RequestKind, RequestState
from .assignment import Assignment
from .proposal import Proposal


class Request(models.Model):
    """申请: asked by one side, decided by another. Written by the workflow only."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="requests", verbose_name="建议")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="requests", verbose_name="承办"
    )
    # 拟办征求意见: a unit that has no place yet.
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    # 变更领衔: the co-signer who is asked to take the lead.
    deputy = models.ForeignKey(
        Deputy, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="代表"
    )
    kind = models.CharField("种类", max_length=12, choices=RequestKind)
    state = models.CharField("结果", max_length=10, choices=RequestState, default=RequestState.OPEN)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    reason = models.TextField("理由", max_length=2000)
    details = models.JSONField("内容", default=dict)
    asked_by = models.CharField("申请人", max_length=120)
    asked_on = models.DateField("申请日期")
    decided_by = models.CharField("决定人", max_length=120, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision = models.TextField("决定", max_length=2000, blank=True)
    # 催办: by when the unit is asked to answer; when and by whom the unit first saw it (no step of the workflow).
    due_on = models.DateField("请在此日前回复", null=True, blank=True)
    seen_at = models.DateTimeField("已看时间", null=True, blank=True)
    seen_by = models.CharField("已看的人", max_length=80, blank=True)

    class Meta:
        verbose_name = "申请"
        verbose_name_plural = "申请"
        ordering = ["pk"]
        constraints = [
            # One pending request of a kind per place, unit or deputy it concerns.
            models.UniqueConstraint(
                "proposal",
                "kind",
                models.functions.Coalesce("assignment", 0),
                models.functions.Coalesce("unit", 0),
                models.functions.Coalesce("deputy", 0),
                condition=Q(state="open")
                & ~Q(kind__in=["objection", "urge", "instruction", "instructed", "report"]),
                name="one_pending_request",
            )
        ]
        indexes = [
            models.Index(fields=["unit"], name="request_plan_view", condition=Q(kind="plan_view")),
            # How often a unit's places were urged, and when last: a unit counts by its places.
            models.Index(fields=["assignment", "asked_on"], name="request_urges", condition=Q(kind="urge")),
        ]

    @property
    def is_open(self):
        return self.state == RequestState.OPEN


class UrgePhrase(models.Model):
    """催办用语: a text of one congress to start an urge from; {单位} and the like are filled in case by case."""

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="urge_phrases", verbose_name="人大")
    name = models.CharField("名称", max_length=30)
    words = models.CharField("用语", max_length=500)
    # Working days until the answer is asked for; 0 asks for no date.
    answer_days = models.PositiveSmallIntegerField("几个工作日内回复", default=0)

    class Meta:
        verbose_name = "催办用语"
        verbose_name_plural = "催办用语"
        ordering = ["pk"]

    def __str__(self):
        return self.name
