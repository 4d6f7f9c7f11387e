"""The working calendar as rows: which days off and make-up days a notice sets (放假安排); at the end, the signs
of life that the programs leave.

`scope` is empty for the national calendar (全国) and a congress's code for what that place adds or changes,
such as the holidays of an autonomous region.  Rows are read through `core.calendars.load_calendar` and
written through its functions only, so that the caches of all processes and the waiting due dates follow.
"""

import uuid

from django.db import models

NATIONAL = ""


class CalendarYear(models.Model):
    """A year whose notice is known (放假通知). A row in the national scope makes the year published."""

    scope = models.CharField("适用范围", max_length=40, blank=True, default=NATIONAL)
    year = models.PositiveSmallIntegerField("年份")
    source = models.CharField("通知文号", max_length=100, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)

    class Meta:
        verbose_name = "年度放假安排"
        verbose_name_plural = "年度放假安排"
        ordering = ["-year", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "year"],
                name="core_calendaryear_scope_year",
                violation_error_message="这一年的安排已经有了，请直接修改。",
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2100),
                name="core_calendaryear_year_range",
                violation_error_message="年份应在 2000 到 2100 之间。",
            ),
        ]

    def __str__(self):
        return f"{self.year} 年放假安排"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a day off (休) or a worked weekend day (班)."""

    scope = models.CharField("适用范围", max_length=40, blank=True, default=NATIONAL)
    date = models.DateField("日期")
    is_workday = models.BooleanField("休或班", choices=[(False, "休"), (True, "班")], default=False)
    name = models.CharField("节日", max_length=20)

    class Meta:
        verbose_name = "放假或调休日"
        verbose_name_plural = "放假和调休日"
        ordering = ["date", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "date"],
                name="core_calendarday_scope_date",
                violation_error_message="这一天已经有安排了。",
            ),
        ]

    def __str__(self):
        return f"{self.date} {'班' if self.is_workday else '休'} {self.name}"


class CalendarVersion(models.Model):
    """A token per scope that changes with every change of its rows, so that other processes notice.

    Random rather than counted: a number would be used twice when the transaction that took it is rolled back.
    """

    scope = models.CharField("适用范围", max_length=40, unique=True)
    token = models.UUIDField("版本", default=uuid.uuid4)

    class Meta:
        verbose_name = "日历版本"
        verbose_name_plural = "日历版本"

    def __str__(self):
        return f"{self.scope or '全国'} {self.token}"


class Heartbeat(models.Model):
    """心跳: when a program that nobody sees was last alive. One row each: `beat` (定时器), `worker` (后台任务)."""

    name = models.CharField("程序", max_length=40, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "心跳"
        verbose_name_plural = "心跳"

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class JobRun(models.Model):
    """定时任务 as it last ran: one row per job, written over each time."""

    name = models.CharField("任务", max_length=40, unique=True)
    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField(
        "完成", null=True, blank=True, help_text="of the newest run that ended well"
    )
    seconds = models.FloatField("用时", null=True, blank=True)
    counts = models.JSONField(
        "结果", default=dict, help_text="what the newest run that ended well did, in numbers"
    )
    failed_at = models.DateTimeField("出错时间", null=True, blank=True)
    error = models.CharField("出错原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "定时任务"
        verbose_name_plural = "定时任务"

    def __str__(self):
        return self.name
