"""Clocks (期限) and whom a case waits on. Both are written by the workflow only."""

from django.db import models
from django.db.models import Q

from institutions.models import Congress

from ..status import ClockKind, HolderKind, Queue
from .assignment import Assignment
from .proposal import Proposal
from .reply import Commitment


class Clock(models.Model):
    """期限: one running or finished term. Remembers the rule it was computed with, so it can explain itself.

    `started_on` and `due_on` are Asia/Shanghai dates. `rule` is the snapshot: value, unit, start_event,
    article, verified, rule set name, roll_forward. Written by clocks.start / move / meet / void only.
    """

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="+", verbose_name="人大")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="clocks", verbose_name="建议")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="clocks", verbose_name="承办"
    )
    commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="clocks", verbose_name="承诺"
    )
    kind = models.CharField("期限", max_length=20, choices=ClockKind)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    started_on = models.DateField("起算日")
    due_on = models.DateField("到期日")
    is_provisional = models.BooleanField("暂定", default=False)
    rule = models.JSONField("规则")
    met_on = models.DateField("完成日", null=True, blank=True)
    voided_on = models.DateField("作废日", null=True, blank=True)

    class Meta:
        verbose_name = "期限"
        verbose_name_plural = "期限"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "proposal",
                "kind",
                models.functions.Coalesce("assignment", 0),
                models.functions.Coalesce("commitment", 0),
                condition=Q(met_on__isnull=True, voided_on__isnull=True),
                name="one_open_clock_of_a_kind",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="clock_open_by_due",
                condition=Q(met_on__isnull=True, voided_on__isnull=True),
            ),
            models.Index(
                fields=["is_provisional"],
                name="clock_provisional",
                condition=Q(is_provisional=True, met_on__isnull=True, voided_on__isnull=True),
            ),
        ]

    @property
    def is_open(self):
        return self.met_on is None and self.voided_on is None

    def __str__(self):
        return f"{self.get_kind_display()} {self.due_on}"


class Waiting(models.Model):
    """现在轮到谁: rewritten by workflow.perform, read by worklists, counts, buttons and digests."""

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="+", verbose_name="人大")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="waiting", verbose_name="建议")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="waiting", verbose_name="承办"
    )
    commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="waiting", verbose_name="承诺事项"
    )
    queue = models.CharField("队列", max_length=15, choices=Queue)
    holder_kind = models.CharField("等谁", max_length=10, choices=HolderKind)
    # The deputy's, congress's or unit's primary key, as holder_kind says.
    holder_id = models.PositiveBigIntegerField("编号")
    due_on = models.DateField("到期日", null=True, blank=True)

    class Meta:
        verbose_name = "待办"
        verbose_name_plural = "待办"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["holder_kind", "holder_id", "queue", "due_on", "proposal"], name="waiting_by_holder"
            )
        ]
