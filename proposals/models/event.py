"""The history of a case: append-only and hash-chained."""

from django.db import models

from institutions.models import Congress

from ..status import Visibility
from .assignment import Assignment
from .proposal import Proposal


class AppendOnly(TypeError):
    """Somebody tried to change or delete a line of history."""


class EventQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly("办理经过只增不改")

    def delete(self):
        raise AppendOnly("办理经过只增不改")

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnly("办理经过只增不改")


class AppendOnlyModel(models.Model):
    """A line of history: written once, neither changed nor deleted."""

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("办理经过只增不改")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("办理经过只增不改")


class ProposalEvent(AppendOnlyModel):
    """One line of history: who (as they were then), what, when, from and to, in words.

    `seq` counts from 1 within the proposal. `hash` covers the serialised line and `previous_hash`;
    see history.py. Names are snapshots: people and units are renamed, the record is not.
    """

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="+", verbose_name="人大")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="events", verbose_name="建议")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="承办"
    )
    seq = models.PositiveIntegerField("序号")
    action = models.CharField("动作", max_length=30)
    at = models.DateTimeField("时间")
    actor_id_then = models.BigIntegerField("账号编号", null=True)
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("身份", max_length=20, blank=True)
    actor_place = models.CharField("单位", max_length=120, blank=True)
    grant_id_then = models.BigIntegerField("授权编号", null=True)
    from_status = models.CharField("原状态", max_length=15, blank=True)
    to_status = models.CharField("新状态", max_length=15, blank=True)
    words = models.TextField("说明")
    payload = models.JSONField("附记", default=dict)
    visibility = models.CharField("可见范围", max_length=10, choices=Visibility)
    request_id = models.UUIDField("请求编号")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "办理经过"
        verbose_name_plural = "办理经过"
        ordering = ["proposal", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "seq"], name="event_seq_unique"),
            models.UniqueConstraint(fields=["proposal", "request_id"], name="event_request_once"),
        ]
