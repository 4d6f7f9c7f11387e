"""Watching over: when people are reminded, what they were reminded of, and the daily run."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress
from proposals.models import Clock
from proposals.status import ClockKind

DEFAULT_BEFORE = "30,15,7,3,1"
DEFAULT_EVERY = 7
# Terms that nobody is reminded of: a window that just closes, ceilings, and what runs on after the reply.
UNREMINDED = frozenset(
    {
        ClockKind.ASSIGN_SESSION,
        ClockKind.RETURN_WINDOW,
        ClockKind.REPLY_COMPLEX,
        ClockKind.RATING_GRACE,
        ClockKind.REDO_CEILING,
        ClockKind.COMMITMENT,
    }
)
REMINDED_KINDS = [(kind.value, kind.label) for kind in ClockKind if kind not in UNREMINDED]


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

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="reminder_plans", verbose_name="人大")
    kind = models.CharField("期限", max_length=20, choices=REMINDED_KINDS)
    before = models.CharField(
        "到期前几天提醒", max_length=60, default=DEFAULT_BEFORE, blank=True, validators=[validate_days]
    )
    on_day = models.BooleanField("到期当天提醒", default=True)
    every = models.PositiveSmallIntegerField(
        "超期后每几天提醒", default=DEFAULT_EVERY, help_text="0 表示超期后不再提醒"
    )

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


class Reminder(models.Model):
    """That a person was reminded of a clock at a stage: once, whatever happens to the job.

    `stage`: so many days before the due date, 0 the day itself, below 0 overdue. A clock that gets another
    date is armed anew. `is_over`: the person's notice was put away, since the clock has stopped.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="reminders", verbose_name="期限")
    stage = models.SmallIntegerField("阶段")
    due_on = models.DateField("到期日")
    user = models.ForeignKey(User, models.CASCADE, related_name="reminders", verbose_name="收件人")
    made_on = models.DateField("提醒日期")
    is_over = models.BooleanField("已了结", default=False)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "stage", "due_on", "user"], name="reminder_once")
        ]
        indexes = [models.Index(fields=["made_on", "clock"], name="reminder_by_day")]

    @property
    def notice_key(self):
        """The key of the in-app notice that belongs to it."""
        return f"clock:{self.clock_id}:{self.stage}:{self.due_on:%Y%m%d}"


class DailyRun(models.Model):
    """每日任务 of one day. Once it is finished, nobody gets another digest for that day."""

    day = models.DateField("日期", unique=True)
    started_at = models.DateTimeField("开始", default=timezone.now)
    finished_at = models.DateTimeField("完成", null=True, blank=True)
    counts = models.JSONField("结果", default=dict)

    class Meta:
        verbose_name = "每日任务"
        verbose_name_plural = "每日任务"
        ordering = ["-day"]
