"""单位办理情况: the formula that scores a unit's year, and what the standing committee voted on it (评议).

Both are kept whole: a changed formula is a new version, a corrected vote a new row that names the one it replaces.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress, Unit


class FormulaMode(models.TextChoices):
    POINTS = "points", "按项目计分"
    GRADES = "grades", "按项目定等次，一项不合格即不合格"


class ScoreFormula(models.Model):
    """办理质量评分办法 of a congress and year, one version of it; the highest version is in force.

    `items` holds the lines as plain JSON (record/formulas.py: Item). Rows are added, never changed.
    """

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="formulas", verbose_name="人大")
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("版本", default=1)
    title = models.CharField("名称", max_length=60)
    source = models.CharField("依据", max_length=200, blank=True)
    mode = models.CharField("方式", max_length=10, choices=FormulaMode, default=FormulaMode.POINTS)
    items = models.JSONField("项目")
    min_ratings = models.PositiveSmallIntegerField("满意项最少测评件数", default=10)
    min_cases = models.PositiveSmallIntegerField("参加排名最少件数", default=5)
    ranks_complete_only = models.BooleanField("有暂不计分项目的单位不参加排名", default=True)
    reason = models.CharField("修改原因", max_length=300, blank=True)
    made_by = models.CharField("修改人", max_length=80)
    made_at = models.DateTimeField("修改时间", default=timezone.now)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "评分办法"
        verbose_name_plural = "评分办法"
        ordering = ["congress", "-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "year", "version"], name="formula_version_once")
        ]

    def __str__(self):
        return self.title


class VoteResult(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class Review(models.Model):
    """评议: a meeting of the standing committee that votes on units' handling of a year.

    The result of a unit follows from its votes by the two shares; units see theirs once it is released (公布).
    """

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="reviews", verbose_name="人大")
    year = models.PositiveSmallIntegerField("评议年度")
    meeting = models.CharField("会议", max_length=100)
    held_on = models.DateField("评议日期")
    satisfied_share = models.PositiveSmallIntegerField("满意票占到会人数达到（%）定为满意", default=70)
    basic_share = models.PositiveSmallIntegerField("满意和基本满意票合计达到（%）定为基本满意", default=50)
    released_on = models.DateField("公布日期", null=True, blank=True)
    released_by = models.CharField("公布人", max_length=80, blank=True)
    scan = models.FileField("票决结果扫描件", upload_to="reviews/", max_length=200, blank=True)
    scan_name = models.CharField("文件名", max_length=200, blank=True)
    scan_type = models.CharField("类型", max_length=100, blank=True)
    made_by = models.CharField("登记人", max_length=80)
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "年度评议"
        verbose_name_plural = "年度评议"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfied_share__lte=100, basic_share__lte=100, basic_share__gte=1),
                name="review_shares_are_percent",
            )
        ]

    def __str__(self):
        return f"{self.year} 年度评议（{self.meeting}）"


class ReviewVote(models.Model):
    """评议票 of one unit. A correction is a new row; the one it puts right has `replaced_at`."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes", verbose_name="评议")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="review_votes", verbose_name="单位")
    present = models.PositiveSmallIntegerField("到会")
    satisfied = models.PositiveSmallIntegerField("满意")
    basically = models.PositiveSmallIntegerField("基本满意")
    dissatisfied = models.PositiveSmallIntegerField("不满意")
    abstained = models.PositiveSmallIntegerField("弃权")
    result = models.CharField("结果", max_length=12, choices=VoteResult)
    remark = models.CharField("意见", max_length=500, blank=True)
    reason = models.CharField("更正原因", max_length=300, blank=True)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="录入账号"
    )
    entered_name = models.CharField("录入人", max_length=80)
    entered_at = models.DateTimeField("录入时间", default=timezone.now)
    replaced_at = models.DateTimeField("被更正的时间", null=True, blank=True)
    request_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "评议票"
        verbose_name_plural = "评议票"
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "unit"], condition=Q(replaced_at=None), name="one_standing_vote_per_unit"
            ),
            models.UniqueConstraint(fields=["review", "unit", "request_id"], name="vote_request_once"),
            models.CheckConstraint(
                condition=Q(
                    present__gte=F("satisfied") + F("basically") + F("dissatisfied") + F("abstained")
                ),
                name="votes_within_present",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_result_display()}"
