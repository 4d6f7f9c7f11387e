"""What a committee answers for (对口), and which cases somebody follows (关注)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Committee, Unit
from proposals.models import Category, Proposal


class CommitteeField(models.Model):
    """对口: a unit or a category whose cases a committee looks after. Kept by the office or the administrator."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="fields", verbose_name="专委会")
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="对口单位"
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="对口类别"
    )

    class Meta:
        verbose_name = "专委会对口"
        verbose_name_plural = "专委会对口"
        ordering = ["committee", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, category__isnull=True)
                | Q(unit__isnull=True, category__isnull=False),
                name="field_is_unit_or_category",
            ),
            models.UniqueConstraint(
                fields=["committee", "unit"], name="field_unit_once", condition=Q(unit__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["committee", "category"],
                name="field_category_once",
                condition=Q(category__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.unit or self.category)


class FieldChange(models.Model):
    """Who changed what a committee answers for, when, from what to what. Only added to."""

    committee = models.ForeignKey(
        Committee, models.CASCADE, related_name="field_changes", verbose_name="专委会"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="账号")
    who = models.CharField("当时姓名", max_length=60)
    words = models.TextField("改了什么")

    class Meta:
        verbose_name = "专委会对口的改动"
        verbose_name_plural = "专委会对口的改动"
        ordering = ["-pk"]


class Follow(models.Model):
    """关注: somebody of the congress hears of the main steps of a case."""

    user = models.ForeignKey(User, models.CASCADE, related_name="follows", verbose_name="谁")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="follows", verbose_name="建议")
    since = models.DateField("开始日期", default=timezone.localdate)

    class Meta:
        verbose_name = "关注"
        verbose_name_plural = "关注"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "proposal"], name="follow_once")]
