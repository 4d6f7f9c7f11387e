"""In-app notices, daily digests and their deliveries. This layer knows nothing of proposals: words and a link."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress


class Notice(models.Model):
    """消息: one line to one person, with a link straight to the page it speaks of."""

    class Kind(models.TextChoices):
        TODO = "todo", "要您办"
        WAIT = "wait", "在等别人"
        INFO = "info", "知道就行"

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="收件人")
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="+", verbose_name="人大")
    kind = models.CharField("类别", max_length=5, choices=Kind, default=Kind.INFO)
    words = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=300, blank=True)
    # What makes a notice the same notice: the event or (clock, stage, due date). Unique per person.
    key = models.CharField("去重键", max_length=120)
    is_urgent = models.BooleanField("立即发送", default=False)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_unique_per_person")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self):
        return self.words


class Digest(models.Model):
    """每日汇总: one per person and working day, its content fixed when it is made."""

    user = models.ForeignKey(User, models.CASCADE, related_name="digests", verbose_name="收件人")
    day = models.DateField("日期")
    content = models.JSONField("内容", help_text="sections: title and lines of words, url, due")
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = "每日汇总"
        verbose_name_plural = "每日汇总"
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_unique_per_day")]


class Delivery(models.Model):
    """投递: one message through one channel; claimed by a conditional UPDATE with a lease, so it is sent once."""

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"

    channel = models.CharField("渠道", max_length=10, choices=Channel, default=Channel.EMAIL)
    notice = models.OneToOneField(
        Notice, models.CASCADE, null=True, blank=True, related_name="delivery", verbose_name="消息"
    )
    digest = models.OneToOneField(
        Digest, models.CASCADE, null=True, blank=True, related_name="delivery", verbose_name="每日汇总"
    )
    address = models.CharField("地址", max_length=254)
    state = models.CharField("结果", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次尝试", default=timezone.now)
    leased_until = models.DateTimeField("占用至", null=True, blank=True)
    error = models.CharField("失败原因", max_length=300, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = "投递"
        verbose_name_plural = "投递"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, digest__isnull=True)
                | Q(notice__isnull=True, digest__isnull=False),
                name="delivery_is_of_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_waiting", condition=Q(state="waiting"))
        ]
