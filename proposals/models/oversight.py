"""督办 by a committee: that it joined the office on a case, or took the case over from it."""

from django.db import models
from django.db.models import Q

from institutions.models import Committee

from .proposal import Proposal


class Oversight(models.Model):
    """专委会督办 of one case: joined (加入督办), or in the place of the office (接手督办).

    Written by the workflow only.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="oversights", verbose_name="建议")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="oversights", verbose_name="专委会")
    is_lead = models.BooleanField("接手督办", default=False)
    reason = models.CharField("理由", max_length=500, blank=True)
    since = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "专委会督办"
        verbose_name_plural = "专委会督办"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "committee"], name="oversight_once", condition=Q(ended_on__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                name="one_leading_oversight",
                condition=Q(ended_on__isnull=True, is_lead=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["committee", "proposal"], name="oversight_open", condition=Q(ended_on__isnull=True)
            )
        ]

    def __str__(self):
        return f"{self.committee}{'接手' if self.is_lead else '加入'}督办"
