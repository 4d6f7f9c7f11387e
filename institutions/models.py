"""Congresses (the tenants), the units that handle proposals, and the congress's committees."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Level(models.TextChoices):
    PROVINCE = "province", "省级"
    CITY = "city", "设区的市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡镇级"


class Congress(models.Model):
    """人民代表大会: one tenant. Nothing of one congress is seen from another."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=100, unique=True, help_text="如：澜江市人民代表大会")
    office_name = models.CharField("机关简称", max_length=60, help_text="显示在页眉，如：澜江市人大常委会")
    liaison_name = models.CharField("工作机构", max_length=60, default="联工委", help_text="交办和督办的机构")
    liaison_phone = models.CharField(
        "工作机构电话", max_length=40, blank=True, help_text="显示在登录页和拒绝说明里"
    )
    level = models.CharField("层级", max_length=10, choices=Level)
    is_active = models.BooleanField("启用", default=True)
    is_public = models.BooleanField(
        "对外公开建议和答复", default=False, help_text="打开后，访客不登录可看已公开的建议"
    )

    class Meta:
        verbose_name = "人大"
        verbose_name_plural = "人大"
        ordering = ["pk"]

    def __str__(self):
        return self.name


class UnitSystem(models.TextChoices):
    """系统: proposals go to party organs, congress bodies, courts and companies too, not only to government."""

    GOVERNMENT = "government", "政府"
    PARTY = "party", "党委"
    CONGRESS = "congress", "人大"
    SUPERVISION = "supervision", "监委"
    COURT = "court", "法院"
    PROCURATORATE = "procuratorate", "检察院"
    MASS = "mass", "群团"
    COMPANY = "company", "企业"


class UnitQuerySet(models.QuerySet):
    def in_use(self, today=None):
        """Units that cases may be given to: active ones that are not abolished by `today` (default: this day)."""
        still_there = Q(abolished_on=None) | Q(abolished_on__gt=today or timezone.localdate())
        return self.filter(still_there, is_active=True)


class Unit(models.Model):
    """承办单位. A hub (政府督查室) is a unit that passes its places on to units of its own system."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="units", verbose_name="人大")
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=30, blank=True)
    system = models.CharField("系统", max_length=15, choices=UnitSystem, default=UnitSystem.GOVERNMENT)
    is_hub = models.BooleanField("分办机构", default=False, help_text="政府督查室等：收到后再分给本系统单位")
    phone = models.CharField("联系电话", max_length=40, blank=True)
    mailbox = models.EmailField(
        "公用邮箱", blank=True, help_text="本单位的每日汇总和催办也发到这里；不写代表姓名"
    )
    has_access = models.BooleanField(
        "使用本系统", default=True, help_text="不使用的，由联工委或督查室凭盖章的纸质材料代录"
    )
    is_active = models.BooleanField("在用", default=True)
    abolished_on = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="承接单位",
        help_text="机构改革后由谁承接未办结的建议",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "承办单位"
        verbose_name_plural = "承办单位"
        ordering = ["congress", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="unit_name_unique_in_congress"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("pk")),
                name="unit_successor_is_another",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """A successor takes cases over: it must be at work itself, or have one that is, and not this unit again."""
        super().clean()
        heir, seen = self.successor, {self.pk}
        while heir is not None and heir.pk not in seen and heir.successor is not None:
            seen.add(heir.pk)
            heir = heir.successor
        if heir is None:
            return
        if heir.pk in seen:
            raise ValidationError(
                {"successor": "这样几个单位互为承接单位，没有人接着办。请选真正承接的单位。"}
            )
        if not heir.is_in_use(timezone.localdate()):
            raise ValidationError({"successor": f"{heir}已停用或撤销，不能承接。请选在用的单位。"})

    def is_in_use(self, today):
        """`UnitQuerySet.in_use` of this one unit."""
        return self.is_active and (self.abolished_on is None or self.abolished_on > today)


class Committee(models.Model):
    """专门委员会或工作委员会: reads the whole congress and supervises its own field."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="committees", verbose_name="人大")
    name = models.CharField("名称", max_length=60)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "专委会"
        verbose_name_plural = "专委会"
        ordering = ["congress", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="committee_name_unique_in_congress")
        ]

    def __str__(self):
        return self.name
