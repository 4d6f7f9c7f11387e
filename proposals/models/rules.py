"""Rule sets (办法): every time limit, switch, light and reply letter of a congress, as data with its article."""

from django.db import models

from institutions.models import Congress

from ..status import ClockKind, ReplyClass


class RuleSet(models.Model):
    """办法 of one congress. A change applies to clocks that start afterwards."""

    congress = models.OneToOneField(Congress, models.CASCADE, related_name="rule_set", verbose_name="人大")
    preset = models.CharField("来自预设", max_length=20)
    name = models.CharField("名称", max_length=100)
    switches = models.JSONField("开关", default=dict, help_text="代码: 值，见预设的开关表")
    yellow_days = models.PositiveSmallIntegerField("黄灯（剩余天数）", default=15)
    orange_days = models.PositiveSmallIntegerField("橙灯（剩余天数）", default=5)

    class Meta:
        verbose_name = "办法"
        verbose_name_plural = "办法"

    def __str__(self):
        return self.name


class ClockRule(models.Model):
    """One time limit of a rule set."""

    class Unit(models.TextChoices):
        DAY = "day", "自然日"
        WORKDAY = "workday", "工作日"
        MONTH = "month", "月"

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="clocks", verbose_name="办法")
    kind = models.CharField("期限", max_length=20, choices=ClockKind)
    is_on = models.BooleanField("启用", default=True)
    value = models.PositiveSmallIntegerField("数值", default=0)
    unit = models.CharField("单位", max_length=10, choices=Unit, default=Unit.WORKDAY)
    start_code = models.CharField("起算事件", max_length=20)
    start_event = models.CharField("起算", max_length=60)
    article = models.CharField("依据", max_length=200, blank=True)
    is_verified = models.BooleanField("已核对原文", default=False)

    class Meta:
        verbose_name = "期限规则"
        verbose_name_plural = "期限规则"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "kind"], name="clock_rule_unique")]

    def __str__(self):
        return self.get_kind_display()


class ReplyLetter(models.Model):
    """How a rule set prints a reply class: 甲/乙/丙, A/B/C, A/B/C/D …"""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="letters", verbose_name="办法")
    reply_class = models.CharField("答复类别", max_length=12, choices=ReplyClass)
    letter = models.CharField("字母", max_length=4)
    words = models.CharField("说明", max_length=40)

    class Meta:
        verbose_name = "答复类别字母"
        verbose_name_plural = "答复类别字母"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "reply_class"], name="reply_letter_unique")
        ]
