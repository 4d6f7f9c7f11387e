"""涉密件: matter that never enters this system. A number and 线下办理, nothing else."""

from django.db import models
from django.db.models import TextChoices

from institutions.models import Congress

from .event import AppendOnlyModel
from .querysets import SecretStubQuerySet


class SecretStub(models.Model):
    """涉密件 as this system knows it: its number out of the common series, when it came in, whether it is done.

    Whose it is, what about and who handles it stands on paper alone, so there is no field for it.
    """

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="secret_stubs", verbose_name="人大")
    number = models.CharField("编号", max_length=30)
    registered_on = models.DateField("登记日期")
    registered_by = models.CharField("登记人", max_length=60)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects = SecretStubQuerySet.as_manager()

    class Meta:
        verbose_name = "涉密件（线下办理）"
        verbose_name_plural = "涉密件（线下办理）"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["congress", "number"], name="secret_number_unique")]

    def __str__(self):
        return self.number


class SecretAction(TextChoices):
    REGISTER = "register", "登记"
    CLOSE = "close", "办结"
    REOPEN = "reopen", "撤销办结"


class SecretEvent(AppendOnlyModel):
    """One line of a stub's history: who did what when. No words: nobody is to type any."""

    stub = models.ForeignKey(SecretStub, models.PROTECT, related_name="events", verbose_name="涉密件")
    action = models.CharField("动作", max_length=10, choices=SecretAction)
    at = models.DateTimeField("时间")
    actor_id_then = models.BigIntegerField("账号编号")
    actor_name = models.CharField("姓名", max_length=60)
    request_id = models.UUIDField("请求编号", unique=True)

    class Meta:
        verbose_name = "涉密件经过"
        verbose_name_plural = "涉密件经过"
        ordering = ["pk"]
