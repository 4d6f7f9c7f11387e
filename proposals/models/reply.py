"""The reply (答复), its delivery to each deputy, the rating (测评), and what was promised (承诺)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from deputies.models import Deputy
from institutions.models import Unit

from ..status import (
    PROMISE_FAILED,
    PROMISE_OPEN,
    PROMISE_VERIFIED,
    CommitmentStatus,
    Confirmation,
    ExplanationKind,
    LookBackCause,
    LookBackResult,
    ReplyClass,
    Satisfaction,
)
from .assignment import Assignment
from .proposal import Proposal
from .querysets import CommitmentQuerySet


class Reply(models.Model):
    """答复 of one place in one round. Editable until it is issued (签发); frozen afterwards."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="reply", verbose_name="承办")
    opening = models.TextField("开头", max_length=5000, blank=True)
    # One per concrete request, in order: {"state": PointState, "text": str}.
    answers = models.JSONField("逐条答复", default=list, blank=True)
    reply_class = models.CharField("答复类别", max_length=12, choices=ReplyClass, blank=True)
    # 当面答复: the deputy's signed record (an attachment) stands for 文号, 联系人 and 电话 (鲁条例 22).
    is_oral = models.BooleanField("当面答复", default=False)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    contact_person = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("电话", max_length=40, blank=True)
    is_public = models.BooleanField("主动公开", default=True)
    no_contact_reason = models.CharField("未沟通的原因", max_length=300, blank=True)
    # Co-opinions that had not come in when the reply was sent for signing: {assignment id: reason}.
    late_opinions = models.JSONField("会办意见未到的原因", default=dict, blank=True)
    # Commitments while the reply is being written: [{"what", "promised_on", "owner"}]; rows are made at issue.
    planned_commitments = models.JSONField("承诺事项", default=list, blank=True)
    # Of the unit's open promises of earlier rounds, those that this reply replaces (由新的代替); others go on (继续).
    replaces = models.JSONField("代替以前的承诺", default=list, blank=True)
    # 首次类别: what it was before it was corrected (调整答复类别), for statistics; empty while it never was.
    first_class = models.CharField("首次答复类别", max_length=12, choices=ReplyClass, blank=True)
    draft_version = models.PositiveIntegerField("草稿版本", default=1)
    edited_at = models.DateTimeField("最后编辑", default=timezone.now)
    edited_by = models.CharField("编辑人", max_length=60, blank=True)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="送审人"
    )
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)
    issued_on = models.DateField("答复日期", null=True, blank=True)
    signed_by = models.CharField("签发人", max_length=80, blank=True)
    # 更正 of a slip keeps the first date of issue.
    first_issued_on = models.DateField("首次答复日期", null=True, blank=True)
    # 未表态: the rating window and its grace are over. Never counted as 满意.
    silent_on = models.DateField("未表态日期", null=True, blank=True)

    class Meta:
        verbose_name = "答复"
        verbose_name_plural = "答复"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["reply_class"], name="reply_by_class"),
            models.Index(fields=["silent_on"], name="reply_silent", condition=Q(silent_on__isnull=False)),
        ]

    @property
    def is_issued(self):
        return self.issued_at is not None


class ReplyVersion(models.Model):
    """A reply as it was before it was recalled (更正、退回重答): kept whole, never overwritten."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="versions", verbose_name="答复")
    content = models.JSONField("当时的内容")
    issued_at = models.DateTimeField("当时的签发时间")
    recalled_at = models.DateTimeField("收回时间", default=timezone.now)
    is_correction = models.BooleanField("更正")
    reason = models.CharField("原因", max_length=500)

    class Meta:
        verbose_name = "答复旧稿"
        verbose_name_plural = "答复旧稿"
        ordering = ["pk"]


class ReplyDelivery(models.Model):
    """送达: the reply reaches each deputy whom the rule set names (逐人答复), with a read receipt."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="deliveries", verbose_name="答复")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="deliveries", verbose_name="代表")
    delivered_at = models.DateTimeField("送达时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "送达"
        verbose_name_plural = "送达"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reply", "deputy"], name="delivered_once_per_deputy")]


class Rating(models.Model):
    """满意度测评 on two dimensions (沪规 21, 鲁条例 23); words are required with any 不满意. Frozen."""

    reply = models.OneToOneField(Reply, models.CASCADE, related_name="rating", verbose_name="答复")
    # Empty where the rule set rates the result alone.
    attitude = models.CharField("办理态度", max_length=12, choices=Satisfaction, blank=True)
    result = models.CharField("办理结果", max_length=12, choices=Satisfaction)
    words = models.TextField("意见", max_length=5000, blank=True)
    rated_at = models.DateTimeField("测评时间", default=timezone.now)
    rated_by = models.CharField("测评人", max_length=80)
    # 代录: entered by the liaison office from the signed form; the deputy may replace it until this day.
    is_proxy = models.BooleanField("代录", default=False)
    replaceable_until = models.DateField("代表可改至", null=True, blank=True)
    replaced = models.JSONField("被代表改写的代录", null=True, blank=True)
    is_late = models.BooleanField("逾期测评", default=False)

    class Meta:
        verbose_name = "测评"
        verbose_name_plural = "测评"
        ordering = ["pk"]
        indexes = [models.Index(fields=["result", "attitude"], name="rating_by_result")]

    @property
    def is_dissatisfied(self):
        """True when either dimension is 不满意."""
        return Satisfaction.DISSATISFIED in (self.attitude, self.result)


class Commitment(models.Model):
    """承诺事项: what the reply promises, by when, and whose it is. It outlives the case."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="commitments", verbose_name="建议")
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="commitments", verbose_name="答复")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="commitments", verbose_name="承诺单位")
    what = models.CharField("事项", max_length=300)
    owner = models.CharField("责任人", max_length=100)
    promised_on = models.DateField("完成日期")
    # 改期: the date first promised, and how often it was moved; the dates between stand in its explanations.
    moved_from = models.DateField("原定日期", null=True, blank=True)
    moves = models.PositiveSmallIntegerField("改期次数", default=0)
    status = models.CharField("状态", max_length=10, choices=CommitmentStatus, default=CommitmentStatus.OPEN)
    version = models.PositiveIntegerField("版本", default=1)
    # What the unit last told of it, and when it said that it is done (报告完成).
    progress = models.CharField("最近进展", max_length=2000, blank=True)
    progress_on = models.DateField("进展日期", null=True, blank=True)
    done_on = models.DateField("报告完成日期", null=True, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    verified_by = models.CharField("核实人", max_length=120, blank=True)
    verify_words = models.CharField("核实情况", max_length=1000, blank=True)
    explained_on = models.DateField("说明日期", null=True, blank=True)
    confirmed = models.CharField("代表确认", max_length=10, choices=Confirmation, blank=True)
    confirm_words = models.CharField("代表的话", max_length=1000, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    # Until when the proposer is asked; 未表态 afterwards.
    confirm_by = models.DateField("确认到期日", null=True, blank=True)
    # 了结: a promise not wholly kept that is followed no more.
    settled_on = models.DateField("了结日期", null=True, blank=True)
    replaced_by = models.ForeignKey(
        Reply, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="被后一轮答复代替"
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "承诺事项"
        verbose_name_plural = "承诺事项"
        ordering = ["promised_on", "pk"]
        indexes = [
            models.Index(
                fields=["unit", "promised_on"],
                name="commitment_open_by_unit",
                condition=Q(replaced_by__isnull=True),
            ),
            models.Index(fields=["status", "promised_on"], name="commitment_by_status"),
            models.Index(
                fields=["confirm_by"],
                name="commitment_unconfirmed",
                condition=Q(confirm_by__isnull=False, confirmed=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CommitmentStatus.values), name="commitment_status_is_known"
            )
        ]

    def __str__(self):
        return self.what

    @property
    def status_text(self):
        return self.get_status_display()

    @property
    def is_open(self):
        """Not verified yet, and not replaced by a later round's."""
        return self.status in PROMISE_OPEN and self.replaced_by_id is None

    @property
    def is_disputed(self):
        """代表有异议: the proposer says less of it than the verification."""
        said_less = self.confirmed in PROMISE_FAILED and self.confirmed != self.status
        return said_less and self.status in PROMISE_VERIFIED

    @property
    def original_on(self):
        """The date that was promised first."""
        return self.moved_from or self.promised_on


class Explanation(models.Model):
    """书面说明 of a promise that was moved or not kept; the proposer receives it, with a read mark."""

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, related_name="explanations", verbose_name="承诺事项"
    )
    kind = models.CharField("种类", max_length=10, choices=ExplanationKind)
    words = models.TextField("说明", max_length=2000)
    old_on = models.DateField("原日期", null=True, blank=True)
    new_on = models.DateField("新日期", null=True, blank=True)
    by = models.CharField("填报人", max_length=120)
    at = models.DateTimeField("送达时间", default=timezone.now)
    read_at = models.DateTimeField("代表阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "承诺说明"
        verbose_name_plural = "承诺说明"
        ordering = ["-pk"]


class LookBack(models.Model):
    """回头看: a promise on the list of a year, from when it was put there until it is settled (了结)."""

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, related_name="look_backs", verbose_name="承诺事项"
    )
    year = models.PositiveSmallIntegerField("年度")
    cause = models.CharField("缘由", max_length=10, choices=LookBackCause)
    opened_on = models.DateField("列入日期")
    # 再交办: the round that the case was handed out in again because of it.
    reassigned_on = models.DateField("再交办日期", null=True, blank=True)
    round = models.PositiveSmallIntegerField("再交办轮次", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=LookBackResult, blank=True)
    closed_on = models.DateField("了结日期", null=True, blank=True)
    closed_by = models.CharField("了结人", max_length=120, blank=True)
    words = models.CharField("说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = "回头看"
        verbose_name_plural = "回头看"
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "year"], name="look_back_once_a_year"),
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(closed_on__isnull=True), name="one_open_look_back"
            ),
        ]
        indexes = [models.Index(fields=["year", "closed_on"], name="look_back_by_year")]
