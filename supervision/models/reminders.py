"""Watching over: when people are reminded, what they were reminded of, and the daily run."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress
from proposals.models import Clock
from proposals.status import ClockKind

DEFAULT_BEFORE = "30,15,7,3,1"
DEFAULT_EVERY = 7
DEFAULT_SIGNER_FROM = 3
DEFAULT_SIGNER_AFTER = 1
DEFAULT_SIDE_AFTER = 7
# Terms that nobody is reminded of: a window that just closes, ceilings, and what runs on after the reply.
UNREMINDED = frozenset(
    {
        ClockKind.ASSIGN_SESSION,
        ClockKind.RETURN_WINDOW,
        ClockKind.REPLY_COMPLEX,
        ClockKind.RATING_GRACE,
        ClockKind.REDO_CEILING,
    }
)
# What is owed beside the terms of proposals (duties.py) has stages as well, all of it the same.
DUTY = "duty"
REMINDED_KINDS = [(kind.value, kind.label) for kind in ClockKind if kind not in UNREMINDED]
REMINDED_KINDS.append((DUTY, "督办事项"))


def parse_days(text):
    """[30, 15, 7] from 30,15,7 (full-width commas too), sorted downwards. Raises ValueError."""
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    days = sorted({int(part) for part in parts}, reverse=True)
    if days and (days[-1] < 1 or days[0] > 365):
        raise ValueError("out of range")
    return days


def validate_days(text):
    try:
        parse_days(text)
    except ValueError:
        raise ValidationError("请写 1 到 365 之间的天数，用逗号隔开，如 30,15,7,3,1。") from None


class ReminderPlan(models.Model):
    """提醒阶段 of one kind of clock in a congress; a kind without a row has the default stages."""

    class Sms(models.TextChoices):
        """From which stage on whoever has to act gets the day's line by SMS as well."""

        NEVER = "never", "不发"
        OVERDUE = "overdue", "超期才发"
        DUE = "due", "到期当天和超期"
        ALL = "all", "每次提醒都发"

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="reminder_plans", verbose_name="人大")
    kind = models.CharField("期限", max_length=20, choices=REMINDED_KINDS)
    before = models.CharField(
        "到期前几天提醒", max_length=60, default=DEFAULT_BEFORE, blank=True, validators=[validate_days]
    )
    on_day = models.BooleanField("到期当天提醒", default=True)
    every = models.PositiveSmallIntegerField(
        "超期后每几天提醒",
        default=DEFAULT_EVERY,
        help_text="0 表示超期后不再提醒",
        validators=[MaxValueValidator(365)],
    )
    signer_from = models.PositiveSmallIntegerField(
        "到期前几天起告诉签发人",
        default=DEFAULT_SIGNER_FROM,
        help_text="0 表示到期前不告诉",
        validators=[MaxValueValidator(365)],
    )
    signer_after = models.PositiveSmallIntegerField(
        "超期几天告诉签发人",
        default=DEFAULT_SIGNER_AFTER,
        help_text="0 表示不告诉",
        validators=[MaxValueValidator(365)],
    )
    side_after = models.PositiveSmallIntegerField(
        "超期几天告诉交办方",
        default=DEFAULT_SIDE_AFTER,
        help_text="0 表示不告诉",
        validators=[MaxValueValidator(365)],
    )
    sms = models.CharField("发短信", max_length=7, choices=Sms, default=Sms.OVERDUE)

    class Meta:
        verbose_name = "提醒阶段"
        verbose_name_plural = "提醒阶段"
        ordering = ["congress", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "kind"],
                name="reminder_plan_unique",
                violation_error_message="这个期限的提醒阶段已经有了，请直接修改。",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：提前 {self.before or '不提醒'}"


class ReminderChange(models.Model):
    """Who changed what of a congress's reminders, when, from what to what. Only added to."""

    congress = models.ForeignKey(
        Congress, models.CASCADE, related_name="reminder_changes", verbose_name="人大"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="账号")
    who = models.CharField("当时姓名", max_length=60)
    what = models.CharField("改了什么", max_length=60)
    old = models.CharField("原来", max_length=80)
    new = models.CharField("现在", max_length=80)

    class Meta:
        verbose_name = "提醒设置的改动"
        verbose_name_plural = "提醒设置的改动"
        ordering = ["-pk"]


class Reminder(models.Model):
    """That a person was reminded of a clock, or of a duty beside them, at a stage: once, whatever happens to the job.

    `stage`: so many days before the due date, 0 the day itself, below 0 overdue. What gets another date is armed
    anew. `is_over`: the person's notice was put away, since the clock has stopped. `duty_key`: Duty.key, where
    there is no clock. `by_sms`: the day's digest of this person goes by SMS as well.
    """

    clock = models.ForeignKey(
        Clock, models.CASCADE, null=True, blank=True, related_name="reminders", verbose_name="期限"
    )
    duty_key = models.CharField("督办事项", max_length=60, blank=True)
    stage = models.SmallIntegerField("阶段")
    due_on = models.DateField("到期日")
    user = models.ForeignKey(User, models.CASCADE, related_name="reminders", verbose_name="收件人")
    made_on = models.DateField("提醒日期")
    by_sms = models.BooleanField("发短信", default=False)
    is_over = models.BooleanField("已了结", default=False)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "stage", "due_on", "user"], name="reminder_once"),
            models.UniqueConstraint(
                fields=["duty_key", "stage", "due_on", "user"],
                condition=Q(clock__isnull=True),
                name="reminder_of_duty_once",
            ),
            models.CheckConstraint(
                condition=Q(clock__isnull=False, duty_key="") | Q(clock__isnull=True) & ~Q(duty_key=""),
                name="reminder_is_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["made_on", "clock"], name="reminder_by_day"),
            models.Index(fields=["is_over"], name="reminder_not_over", condition=Q(is_over=False)),
        ]

    @property
    def notice_key(self):
        """The key of the in-app notice that belongs to it."""
        thing = f"clock:{self.clock_id}" if self.clock_id else f"duty:{self.duty_key}"
        return f"{thing}:{self.stage}:{self.due_on:%Y%m%d}"


class DailyRun(models.Model):
    """每日任务 of one day: finished once the digests of every congress are made (DigestRound)."""

    day = models.DateField("日期", unique=True)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("完成", null=True, blank=True)
    counts = models.JSONField("结果", default=dict)

    class Meta:
        verbose_name = "每日任务"
        verbose_name_plural = "每日任务"
        ordering = ["-day"]


class DigestRound(models.Model):
    """That a congress's digests of a day are made, at its own hour. Then nobody of it gets another that day."""

    day = models.DateField("日期")
    congress = models.ForeignKey(Congress, models.CASCADE, related_name="+", verbose_name="人大")
    finished_at = models.DateTimeField("完成", default=timezone.now)

    class Meta:
        verbose_name = "每日汇总批次"
        verbose_name_plural = "每日汇总批次"
        ordering = ["-day", "congress"]
        constraints = [models.UniqueConstraint(fields=["day", "congress"], name="digest_round_once")]
