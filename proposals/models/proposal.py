"""The proposal (建议) itself, its categories, and the deputies who sign it with the lead."""

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from deputies.models import Delegation, Deputy, Session
from institutions.models import Congress

from ..status import CosignState, DeclineOutcome, ProposalStatus, Source
from .querysets import ProposalQuerySet


class Category(models.Model):
    """建议分类 of one congress."""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="categories", verbose_name="人大")
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "建议类别"
        verbose_name_plural = "建议类别"
        ordering = ["congress", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "name"], name="category_unique_in_congress")
        ]

    def __str__(self):
        return self.name


class MergeGroup(models.Model):
    """并案: a link between like proposals. It shows nobody a case they may not see, and never deletes one."""

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "并案"
        verbose_name_plural = "并案"


class NumberSequence(models.Model):
    """The last number given out per congress and series (a session, or a year's 闭会件). Never reused."""

    congress = models.ForeignKey(Congress, models.CASCADE, related_name="+")
    series = models.CharField(max_length=40)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["congress", "series"], name="number_series_unique")]


class Proposal(models.Model):
    """代表建议、批评和意见. `status` is written by workflow.perform only."""

    Status = ProposalStatus

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="proposals", verbose_name="人大")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="会议"
    )
    source = models.CharField("来源", max_length=12, choices=Source, default=Source.RECESS)
    number = models.CharField("编号", max_length=30, blank=True)
    title = models.CharField("标题", max_length=100, blank=True)
    situation = models.TextField("情况", blank=True)
    analysis = models.TextField("分析", blank=True)
    points = models.JSONField("具体建议", default=list, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="类别"
    )
    suggested_units = models.CharField("建议承办单位", max_length=200, blank=True)
    lead = models.ForeignKey(Deputy, models.PROTECT, related_name="led_proposals", verbose_name="领衔代表")
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="proposals", verbose_name="代表团", help_text="提交时所在团"
    )
    cosigners = models.ManyToManyField(Deputy, through="Cosignature", related_name="cosigned_proposals")
    open_wanted = models.BooleanField("同意公开", default=True)
    # 隐名: units must not learn who proposed it. Masked in access.py.
    hides_proposer = models.BooleanField("对承办单位隐名", default=False)
    is_complex = models.BooleanField("复杂件", default=False)
    # 代表团名义: the delegation proposes; `lead` is its head, and its staff act with the head's signed scan.
    is_delegations = models.BooleanField("代表团名义", default=False)
    # 代录: typed in by staff from the deputy's signed paper, which is attached.
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="代录人"
    )
    checked_on = models.DateField("初核日期", null=True, blank=True)
    check_words = models.CharField("初核意见", max_length=500, blank=True)
    # 拟办: a placement saved for the 交办会: [{"unit": id, "role": code}].
    plan = models.JSONField("拟办", default=list, blank=True)
    returns_asked = models.PositiveSmallIntegerField("申请退回次数", default=0)
    merge_group = models.ForeignKey(
        "MergeGroup", models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name="并案"
    )
    published_on = models.DateField("公开日期", null=True, blank=True)

    status = models.CharField("状态", max_length=15, choices=ProposalStatus, default=ProposalStatus.DRAFT)
    version = models.PositiveIntegerField("版本", default=1)
    draft_version = models.PositiveIntegerField("草稿版本", default=1)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    decline_outcome = models.CharField("去向", max_length=10, choices=DeclineOutcome, blank=True)

    # Sort keys. `due_on` is the date the case now runs against (kept by clocks.py); the light is derived from it.
    due_on = models.DateField("到期日", null=True, blank=True)
    created_at = models.DateTimeField("起草时间", default=timezone.now)
    edited_at = models.DateTimeField("最后编辑", default=timezone.now)
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    filed_on = models.DateField("立案日期", null=True, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)

    # History: how many events there are and the hash of the last, so that a lost tail is found.
    event_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "建议"
        verbose_name_plural = "建议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "number"], name="proposal_number_unique", condition=~Q(number="")
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status_is_known"
            ),
        ]
        indexes = [
            # Whole lists read their page of ids from these alone; the status is in them because drafts are
            # left out of every list.
            models.Index(fields=["congress", "due_on", "-id", "status"], name="proposal_by_due"),
            models.Index(fields=["congress", "-filed_on", "-id", "status"], name="proposal_by_filing"),
            models.Index(fields=["congress", "-replied_on", "-id", "status"], name="proposal_by_reply"),
            models.Index(fields=["congress", "number", "id", "status"], name="proposal_by_number"),
            models.Index(fields=["congress", "status", "due_on", "-id"], name="proposal_by_status"),
            models.Index(fields=["congress", "category", "-filed_on"], name="proposal_by_category"),
            models.Index(fields=["congress", "session", "-filed_on"], name="proposal_by_session"),
            models.Index(fields=["congress", "delegation", "-filed_on"], name="proposal_by_delegation"),
            models.Index(fields=["lead", "-id"], name="proposal_by_lead"),
            models.Index(
                fields=["congress", "-published_on"],
                name="proposal_published",
                condition=Q(published_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title or "（未命名草稿）"

    @property
    def number_text(self):
        """编号 as users see it, 待编号 before filing."""
        return self.number or "待编号"

    @property
    def proposer_name(self):
        """Whose it is, briefly: 林秀芝, or 澜东代表团（代表团名义）."""
        return f"{self.delegation.name}（代表团名义）" if self.is_delegations else self.lead.name

    @property
    def proposer_text(self):
        """Whose it is, in full: 林秀芝（澜东代表团）, or 澜东代表团（代表团名义，团长林秀芝）."""
        lead, delegation = self.lead.name, self.delegation.name
        if self.is_delegations:
            return f"{delegation}（代表团名义，团长{lead}）"
        return f"{lead}（{delegation}）"

    @property
    def addressee(self):
        """Whom a reply speaks to: 林秀芝代表, or 澜东代表团."""
        return self.delegation.name if self.is_delegations else f"{self.lead.name}代表"

    @property
    def openness(self):
        """同意公开 or 不公开: a proposal whose proposer is hidden (隐名) is never published."""
        return "同意公开" if self.open_wanted and not self.hides_proposer else "不公开"

    @property
    def is_written_by_staff(self):
        """代录 or 代表团名义: a signed paper goes with it."""
        return self.is_delegations or self.entered_by_id is not None

    @property
    def text_snapshot(self):
        """What a co-signer binds to: the text of substance, as a plain dict."""
        return {
            "title": self.title,
            "situation": self.situation,
            "analysis": self.analysis,
            "points": list(self.points),
        }

    @property
    def text_hash(self):
        """SHA-256 (hex) of the text of substance."""
        return hash_text(self.text_snapshot)


def hash_text(snapshot):
    """SHA-256 (hex) over the sorted-key JSON of a text snapshot."""
    body = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


class Cosignature(models.Model):
    """附议: an invited deputy's answer. It binds to the text as it stood; a change of substance asks again."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="cosignatures", verbose_name="建议")
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="cosignatures", verbose_name="代表")
    state = models.CharField("答复", max_length=10, choices=CosignState, default=CosignState.INVITED)
    text = models.JSONField("附议的文本", null=True, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField("邀请时间", default=timezone.now)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "附议"
        verbose_name_plural = "附议"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "deputy"], name="cosigner_once_per_proposal")
        ]
        indexes = [models.Index(fields=["deputy", "state"], name="cosign_by_deputy")]

    @property
    def was_confirmed_before(self):
        """True when an earlier text had been confirmed, so the page shows the change."""
        return self.state == CosignState.INVITED and bool(self.text_hash)
