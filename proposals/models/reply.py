"""The reply (答复), its delivery to each deputy, the rating (测评), and what was promised (承诺)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from deputies.models import Deputy
from institutions.models import Unit

from ..status import ReplyClass, Satisfaction
from .assignment import Assignment
from .proposal import Proposal


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
    replaced_by = models.ForeignKey(
        Reply, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="被后一轮答复代替"
    )

    class Meta:
        verbose_name = "承诺事项"
        verbose_name_plural = "承诺事项"
        ordering = ["promised_on", "pk"]
        indexes = [
            models.Index(
                fields=["unit", "promised_on"],
                name="commitment_open_by_unit",
                condition=Q(replaced_by__isnull=True),
            )
        ]
