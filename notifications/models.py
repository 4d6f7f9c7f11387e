"""In-app notices, daily digests and their deliveries. This layer knows nothing of proposals: words and a link."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress, Unit


class Notice(models.Model):
    """消息: one line to one person, with a link straight to the page it speaks of."""

    class Kind(models.TextChoices):
        TODO = "todo", "要您办"
        WAIT = "wait", "在等别人"
        INFO = "info", "知道就行"

    class Topic(models.TextChoices):
        """What a message that goes out at once is about: the person's choice of channels hangs on it."""

        OTHER = "", "其他"
        URGE = "urge", "催办"
        REPLY = "reply", "答复送达"
        WORD = "word", "批示"

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="收件人")
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="+", verbose_name="人大")
    kind = models.CharField("类别", max_length=5, choices=Kind, default=Kind.INFO)
    topic = models.CharField("事由", max_length=5, choices=Topic, default=Topic.OTHER, blank=True)
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
        indexes = [models.Index(fields=["day"], name="digest_by_day")]


class UnitPost(models.Model):
    """单位消息: what a unit gets as a whole, in its shared mailbox (公用邮箱) and its group (企业微信、钉钉).

    `content` is a digest's (mailbox), empty for an urge; `words` is the one line that a group gets. Neither names
    a deputy: a group has readers that nobody here knows.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="posts", verbose_name="单位")
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="+", verbose_name="人大")
    # What makes it the same one: "digest:2026-05-06" or "event:17". Unique per unit.
    key = models.CharField("去重键", max_length=120)
    words = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=300, blank=True)
    content = models.JSONField("汇总", default=dict, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "单位消息"
        verbose_name_plural = "单位消息"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="post_unique_per_unit")]

    def __str__(self):
        return self.words


class UnitGroup(models.Model):
    """单位群: the webhook of a unit's group.

    `url` and `secret` are keys: the administrator writes them, nobody is shown them again.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", "企业微信（政务微信）"
        DINGTALK = "dingtalk", "钉钉"

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="+", verbose_name="人大")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="groups", verbose_name="单位")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    name = models.CharField("群名", max_length=60, help_text="如：市民政局建议办理群")
    url = models.CharField("机器人地址", max_length=500)
    secret = models.CharField("加签密钥", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "单位群"
        verbose_name_plural = "单位群"
        ordering = ["congress", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="unit_group_unique")]

    def __str__(self):
        return self.name


class Delivery(models.Model):
    """投递: one message through one channel; claimed by a conditional UPDATE with a lease, so it is sent once.

    Of exactly one thing (`notice`, `digest` or `post`), once per channel and address. `address`: the email
    address, the phone number, or for a group its primary key: the webhook's address is a secret.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        SMS = "sms", "短信"
        GROUP = "group", "单位群"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送达"

    channel = models.CharField("渠道", max_length=10, choices=Channel, default=Channel.EMAIL)
    notice = models.ForeignKey(
        Notice, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="消息"
    )
    digest = models.ForeignKey(
        Digest, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="每日汇总"
    )
    post = models.ForeignKey(
        UnitPost, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="单位消息"
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
                condition=Q(notice__isnull=False, digest__isnull=True, post__isnull=True)
                | Q(notice__isnull=True, digest__isnull=False, post__isnull=True)
                | Q(notice__isnull=True, digest__isnull=True, post__isnull=False),
                name="delivery_is_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[thing, "channel", "address"],
                    condition=Q(**{f"{thing}__isnull": False}),
                    name=f"delivery_once_per_{thing}",
                )
                for thing in ("notice", "digest", "post")
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["next_try_at"], name="delivery_failed", condition=Q(state="failed")),
            models.Index(fields=["sent_at"], name="delivery_sent", condition=Q(state="sent")),
        ]

    @property
    def lane(self):
        """The name of the Lane it travels on: the channel, and for groups each its own."""
        return f"{self.channel}:{self.address}" if self.channel == self.Channel.GROUP else self.channel


class Retry(models.Model):
    """重试: that an administrator had a delivery tried again, and how it stood then. Only added to."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="retries", verbose_name="投递")
    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="账号")
    who = models.CharField("当时姓名", max_length=60)
    attempts = models.PositiveSmallIntegerField("当时试过几次")
    error = models.CharField("当时的失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "重试"
        verbose_name_plural = "重试"
        ordering = ["-pk"]


class Lane(models.Model):
    """通道: how a channel is doing. One that failed several times in a row rests, so that it is not hammered."""

    name = models.CharField("通道", max_length=40, unique=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    rests_until = models.DateTimeField("暂停至", null=True, blank=True)
    error = models.CharField("最近的失败原因", max_length=300, blank=True)
    failed_at = models.DateTimeField("最近失败", null=True, blank=True)
    sent_at = models.DateTimeField("最近成功", null=True, blank=True)

    class Meta:
        verbose_name = "通道"
        verbose_name_plural = "通道"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Preference(models.Model):
    """消息怎么收: one person's choices; without a row everything is on.

    No choice is left for what is told in the system, nor for a reply that is delivered.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="preference", verbose_name="账号")
    digest_mail = models.BooleanField("每日汇总发邮件", default=True)
    urge_mail = models.BooleanField("催办发邮件", default=True)
    urge_sms = models.BooleanField("催办发短信", default=True)
    late_sms = models.BooleanField("到期和超期发短信", default=True)

    class Meta:
        verbose_name = "消息怎么收"
        verbose_name_plural = "消息怎么收"


def default_hour():
    """DIGEST_HOUR, the hour of a congress that has set none."""
    return settings.DIGEST_HOUR or time(8, 30)


class MessagePlan(models.Model):
    """发送安排 of a congress: when its digests are made (Shanghai time) and what goes by SMS at once."""

    congress = models.OneToOneField(
        Congress, models.CASCADE, related_name="message_plan", verbose_name="人大"
    )
    digest_at = models.TimeField("每日汇总时间", default=default_hour)
    sms_urges = models.BooleanField("催办发短信", default=True)
    sms_replies = models.BooleanField("答复送达时给代表发短信", default=True)

    class Meta:
        verbose_name = "发送安排"
        verbose_name_plural = "发送安排"
