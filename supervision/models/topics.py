"""重点督办建议: theme groups (类) of a year, their cases, six sides (六方), plan, and an append-only history."""

import uuid

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from deputies.models import Deputy
from institutions.models import Committee, Congress, Unit
from proposals.models import Proposal
from proposals.models.event import AppendOnlyModel


class TopicState(models.TextChoices):
    PROPOSED = "proposed", "拟列"
    DECIDED = "decided", "督办中"
    CONCLUDED = "concluded", "已结题"
    DROPPED = "dropped", "未列入"


class RoleKind(models.TextChoices):
    """大督办: the six sides that each key topic has (domain.md §3.1), in the order of the card."""

    LEADER = "leader", "常委会领导牵头督办"
    GOV_LEADER = "gov_leader", "政府领导领办"
    COMMITTEE = "committee", "专委会对口督办"
    OFFICE = "office", "联工委统筹督办"
    DEPUTY = "deputy", "代表参与督办"
    UNIT = "unit", "承办单位自觉督办"


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Topics that exist for this user (topic_access.visible_topics)."""
        from ..topic_access import visible_topics

        return visible_topics(self, user)


class Topic(models.Model):
    """重点督办专题（类）of a congress and year. `state` is written by supervision/topics.py only.

    The decision (meeting, decided_on, document_no) is that of the 主任会议 which put it on the list; later changes
    of its cases are decisions of their own and stand in the history.
    """

    State = TopicState

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="topics", verbose_name="人大")
    year = models.PositiveSmallIntegerField("年度")
    rank = models.PositiveSmallIntegerField("序号", default=0)
    title = models.CharField("专题名称", max_length=60)
    reason = models.TextField("列为重点的理由", max_length=500)
    state = models.CharField("状态", max_length=10, choices=TopicState, default=TopicState.PROPOSED)
    version = models.PositiveIntegerField("版本", default=1)
    # 拟列: which committee named it; empty where the office did.
    proposed_by = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提名的专委会"
    )
    proposed_on = models.DateField("提名日期", default=timezone.localdate)
    meeting = models.CharField("主任会议", max_length=100, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)
    plan_printed_on = models.DateField("督办方案印发日期", null=True, blank=True)
    ended_on = models.DateField("结题或未列入日期", null=True, blank=True)
    summary = models.TextField("结题小结", max_length=3000, blank=True)
    # 专报: what was written over the words that the page makes by itself; empty means by itself.
    brief = models.JSONField("专报文字", default=dict, blank=True)
    # The form that made it: sent twice it makes one topic.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cases = models.ManyToManyField(Proposal, through="TopicCase", related_name="topics")

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "重点督办专题"
        verbose_name_plural = "重点督办专题"
        ordering = ["congress", "-year", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=TopicState.values), name="topic_state_is_known"
            )
        ]

    def __str__(self):
        return self.title


class TopicCase(models.Model):
    """A case of a topic, as it is now; who came and went stands in the history. One topic a year per case."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="topic_cases", verbose_name="专题")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="topic_cases", verbose_name="建议")
    year = models.PositiveSmallIntegerField("年度")
    added_on = models.DateField("列入日期", default=timezone.localdate)

    class Meta:
        verbose_name = "专题里的建议"
        verbose_name_plural = "专题里的建议"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "year"], name="one_topic_a_year_per_case")]


class TopicRole(models.Model):
    """One of the six sides of a topic: a person, a committee, a unit with its head, or a deputy.

    `name` and `title` are those of the person who answers for it: the leader, the committee's chair, the unit's
    head (主要负责人).
    """

    TARGETS = ("user", "committee", "unit", "deputy")

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="roles", verbose_name="专题")
    kind = models.CharField("哪一方", max_length=10, choices=RoleKind)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="topic_roles", verbose_name="账号"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="topic_roles", verbose_name="专委会"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="topic_roles", verbose_name="承办单位"
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, null=True, blank=True, related_name="topic_roles", verbose_name="代表"
    )
    name = models.CharField("姓名", max_length=60, blank=True)
    title = models.CharField("职务", max_length=60, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)

    class Meta:
        verbose_name = "六方责任"
        verbose_name_plural = "六方责任"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "topic",
                "kind",
                *(Coalesce(name, 0) for name in ("user", "committee", "unit", "deputy")),
                name="topic_role_once",
            )
        ]

    def __str__(self):
        return self.words

    @property
    def words(self):
        """Who it is, briefly: 沈若川 副主任, 农业与农村委, 市生态环境局, 林秀芝."""
        body = self.committee or self.unit
        if body is not None:
            return str(body)
        if self.kind == RoleKind.DEPUTY:
            return self.name
        return f"{self.name} {self.title}".strip()


class Milestone(models.Model):
    """A step of the plan (督办计划): what, by when, who answers for it. `who` are sides of the same topic."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="milestones", verbose_name="专题")
    planned_on = models.DateField("计划日期")
    first_planned_on = models.DateField("原计划日期")
    words = models.CharField("做什么", max_length=100)
    who = models.ManyToManyField(TopicRole, related_name="milestones", verbose_name="谁负责")
    done_on = models.DateField("完成日期", null=True, blank=True)
    done_words = models.CharField("完成情况", max_length=200, blank=True)

    class Meta:
        verbose_name = "督办计划"
        verbose_name_plural = "督办计划"
        ordering = ["planned_on", "pk"]
        indexes = [
            models.Index(
                fields=["planned_on"], name="milestone_open", condition=models.Q(done_on__isnull=True)
            )
        ]

    def __str__(self):
        return self.words


class TopicEvent(AppendOnlyModel):
    """One line of a topic's history: who (as they were then), what, when, in words. Written by topics.log only.

    `is_inner`: for the congress alone, not for units, government and deputies.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="events", verbose_name="专题")
    action = models.CharField("动作", max_length=30)
    at = models.DateTimeField("时间")
    actor_id_then = models.BigIntegerField("账号编号", null=True)
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("身份", max_length=20, blank=True)
    actor_place = models.CharField("单位", max_length=120, blank=True)
    words = models.TextField("说明")
    payload = models.JSONField("附记", default=dict)
    is_inner = models.BooleanField("只给人大机关看", default=True)
    request_id = models.UUIDField("请求编号", null=True)

    class Meta:
        verbose_name = "督办经过"
        verbose_name_plural = "督办经过"
        ordering = ["topic", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "request_id"], name="topic_event_request_once")
        ]


def scan_path(scan, filename):
    """A random path by month: the user's file name never touches the disk."""
    return f"topics/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"


class TopicFile(models.Model):
    """A scan that goes with a line of the history: the minutes of the decision (主任会议纪要)."""

    event = models.ForeignKey(TopicEvent, models.PROTECT, related_name="files", verbose_name="督办经过")
    file = models.FileField("文件", upload_to=scan_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = "督办材料"
        verbose_name_plural = "督办材料"
        ordering = ["pk"]

    def __str__(self):
        return self.name
