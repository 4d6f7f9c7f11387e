"""Files. Kept outside any public folder, served only through the permission of their case."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models import User

from .assignment import Assignment, Contact, Opinion
from .proposal import Proposal
from .reply import Commitment, Reply, ReplyVersion


def storage_path(attachment, filename):
    """A random path by month: the user's file name never touches the disk."""
    return f"attachments/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """附件 of a proposal, or of a place, reply, co-opinion or contact within it; who may read it follows from that."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="attachments", verbose_name="建议")
    reply = models.ForeignKey(
        Reply, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="答复"
    )
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="会办意见"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="沟通记录"
    )
    # 证据: what a unit brings forward that a promise is being kept.
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="承诺事项"
    )
    # Replies that went out with it and were recalled: it stays with them, also when the new one does without it.
    versions = models.ManyToManyField(ReplyVersion, related_name="files", verbose_name="答复旧稿", blank=True)
    # The signed paper with which a step of a unit was entered on its behalf (代录): as inner as the step itself.
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="承办"
    )
    # 签名扫描件: shows who signed, so it is kept from units where the proposer is hidden (隐名).
    is_scan = models.BooleanField("签名扫描件", default=False)
    file = models.FileField("文件", upload_to=storage_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["pk"]

    def __str__(self):
        return self.name
