"""People who sign in, and what they may act as."""

from functools import reduce
from operator import or_

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from deputies.models import Delegation, Deputy
from institutions.models import Committee, Congress, Unit


class User(AbstractUser):
    """One person, one account. What the person may do comes from grants alone."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机号", max_length=20, unique=True, null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    # Empty until the person chooses: large for deputies, standard for the others.
    big_type = models.BooleanField("大字", null=True, blank=True)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["pk"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def wants_big_type(self):
        """The person's own choice; before that, large for deputies."""
        if self.big_type is None:
            return any(grant.role == Role.DEPUTY for grant in self.active_grants())
        return self.big_type

    def administered_congresses(self):
        """Return the ids of the congresses whose people, units and rules this person may edit by grant."""
        return {grant.congress_id for grant in self.active_grants() if grant.role == Role.ADMIN}

    def active_grants(self):
        """Grants in force today, with what they point at; loaded once per user object.

        Returns a list ordered by primary key.
        """
        if not hasattr(self, "_active_grants"):
            grants = self.grants.in_force().select_related(
                "congress", "unit", "delegation", "committee", "deputy__delegation"
            )
            self._active_grants = list(grants.order_by("pk"))
        return self._active_grants


class Role(models.TextChoices):
    DEPUTY = "deputy", "代表"
    DELEGATION_STAFF = "delegation_staff", "代表团工作人员"
    LIAISON = "liaison", "联工委"
    HUB = "hub", "政府督查室"
    HANDLER = "handler", "承办单位经办"
    SIGNER = "signer", "承办单位签发人"
    COMMITTEE = "committee", "专委会"
    LEADER = "leader", "常委会领导"
    GOV_LEADER = "gov_leader", "政府领导"
    ADMIN = "admin", "系统管理员"


# Which reference each role needs beside the congress; the others take none.
ROLE_TARGET = {
    Role.DEPUTY: "deputy",
    Role.DELEGATION_STAFF: "delegation",
    Role.HUB: "unit",
    Role.HANDLER: "unit",
    Role.SIGNER: "unit",
    Role.COMMITTEE: "committee",
}
TARGETS = ("unit", "delegation", "committee", "deputy")


def _target_matches_role():
    """The check constraint: a role has exactly the reference it needs."""
    return reduce(
        or_,
        (
            Q(role=role.value, **{f"{name}__isnull": name != ROLE_TARGET.get(role) for name in TARGETS})
            for role in Role
        ),
    )


class GrantQuerySet(models.QuerySet):
    def in_force(self, today=None):
        """Grants that count on `today` (a Shanghai date; default now)."""
        today = today or timezone.localdate()
        return self.filter(is_active=True, congress__is_active=True).filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=today),
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        )


class Grant(models.Model):
    """授权: a role in a congress, with the unit, delegation, committee or deputy it is for."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role)
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="grants", verbose_name="人大")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="单位"
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="代表团"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="专委会"
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="代表"
    )
    title = models.CharField("职务", max_length=60, blank=True, help_text="如：副局长、科长")
    is_active = models.BooleanField("有效", default=True)
    # 代班: acts from–to for an absent colleague; history says for whom.
    stands_in_for = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="代谁（代班）"
    )
    starts_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_target_matches_role(), name="grant_target_matches_role"),
            models.UniqueConstraint(
                "user",
                "role",
                "congress",
                *(Coalesce(name, 0) for name in TARGETS),
                name="grant_unique",
                violation_error_message="这个账号已有同样的授权。",
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="grant_role_unit")]

    def __str__(self):
        return f"{self.get_role_display()} · {self.place}"

    @property
    def place(self):
        """Where the grant holds, in words: the unit, delegation, committee, or the congress's office."""
        if self.role == Role.LIAISON:
            return f"{self.congress.office_name}{self.congress.liaison_name}"
        if self.role == Role.DEPUTY:
            return self.deputy.delegation.name
        if self.role == Role.GOV_LEADER:  # of the government, not of the standing committee
            return self.congress.name.replace("人民代表大会", "人民政府")
        target = ROLE_TARGET.get(self.role)
        return str(getattr(self, target)) if target else self.congress.office_name


class SetAsideForm(models.Model):
    """What somebody was typing when the session expired; given back to the same person after signing in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="set_aside_forms", verbose_name="账号")
    path = models.CharField("页面", max_length=500)
    fields = models.JSONField("内容")
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "暂存的表单"
        verbose_name_plural = "暂存的表单"
        ordering = ["-pk"]

    def __str__(self):
        return self.path


class SecurityEvent(models.Model):
    """安全日志: refused or forged requests. Written outside the refused transaction; never edited."""

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    congress = models.ForeignKey(Congress, models.PROTECT, null=True, blank=True, verbose_name="人大")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name="账号")
    who = models.CharField("当时姓名", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=30)
    words = models.CharField("说明", max_length=500)

    class Meta:
        verbose_name = "安全日志"
        verbose_name_plural = "安全日志"
        ordering = ["-pk"]

    def __str__(self):
        return self.words
