"""Terms (届), sessions (次会议), delegations (代表团) and deputies (代表)."""

from django.db import models
from django.db.models import Q

from institutions.models import Congress


class Term(models.Model):
    """届: the five years for which a congress is elected."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="terms", verbose_name="人大")
    number = models.PositiveSmallIntegerField("第几届")
    name = models.CharField("名称", max_length=60, help_text="如：第十六届")
    starts_on = models.DateField("开始")
    ends_on = models.DateField("届满", null=True, blank=True)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        ordering = ["congress", "-number"]
        constraints = [models.UniqueConstraint(fields=["congress", "number"], name="term_unique_in_congress")]

    def __str__(self):
        return self.name


class Session(models.Model):
    """次会议: proposals handed in at a session (大会件) have clocks that start when it closes."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="sessions", verbose_name="人大")
    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", verbose_name="届")
    number = models.PositiveSmallIntegerField("第几次")
    name = models.CharField("名称", max_length=60, help_text="如：十六届人大五次会议")
    year = models.PositiveSmallIntegerField("年度")
    opens_on = models.DateField("开幕")
    closes_on = models.DateField("闭幕")

    class Meta:
        verbose_name = "会议"
        verbose_name_plural = "会议"
        ordering = ["congress", "-opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="session_unique_in_term"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="session_closes_after_opening"
            ),
        ]

    def __str__(self):
        return self.name


class Delegation(models.Model):
    """代表团."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="delegations", verbose_name="人大")
    name = models.CharField("名称", max_length=40)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "代表团"
        verbose_name_plural = "代表团"
        ordering = ["congress", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="delegation_name_unique_in_congress")
        ]

    def __str__(self):
        return self.name


class Deputy(models.Model):
    """代表 in one term. Leaving office ends new rights, never the view of one's own proposals."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="deputies", verbose_name="人大")
    term = models.ForeignKey(Term, models.PROTECT, related_name="deputies", verbose_name="届")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="deputies", verbose_name="代表团")
    name = models.CharField("姓名", max_length=60)
    card_no = models.CharField("代表证号", max_length=30)
    constituency = models.CharField("选举单位", max_length=100, blank=True)
    position = models.CharField("单位职务", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    in_office = models.BooleanField("在任", default=True)
    left_on = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = "代表"
        verbose_name_plural = "代表"
        ordering = ["congress", "pk"]
        constraints = [models.UniqueConstraint(fields=["term", "card_no"], name="deputy_card_unique_in_term")]
        indexes = [models.Index(fields=["congress", "name"], name="deputy_congress_name")]

    def __str__(self):
        return self.name
