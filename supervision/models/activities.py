"""督办活动 of a topic or of one case, who is asked to come, what was found, and what units put right (整改事项)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from deputies.models import Deputy
from institutions.models import Committee, Congress, Unit
from proposals.models import Proposal
from proposals.models.event import AppendOnlyModel

from .topics import Topic


class ActivityKind(models.TextChoices):
    """The instruments of supervision (domain.md §3.2)."""

    ON_SITE = "on_site", "现场督办"
    STUDY = "study", "专题调研"
    TALK = "talk", "座谈"
    HEARING = "hearing", "听取汇报"
    SUMMONS = "summons", "约谈"
    NOTICE = "notice", "通报"
    REVISIT = "revisit", "回访"
    INQUIRY = "inquiry", "专题询问"
    INSPECTION = "inspection", "视察"


class ActivityState(models.TextChoices):
    PLANNED = "planned", "计划中"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"


class InvitationState(models.TextChoices):
    INVITED = "invited", "等答复"
    ACCEPTED = "accepted", "参加"
    DECLINED = "declined", "不能参加"
    # Came without having been asked through the system.
    UNASKED = "unasked", "没有书面邀请"


class TaskState(models.TextChoices):
    OPEN = "open", "整改中"
    ANSWERED = "answered", "已报整改，待核实"
    CLOSED = "closed", "已了结"


class TaskOutcome(models.TextChoices):
    DONE = "done", "已整改"
    PARTLY = "partly", "部分整改"
    NOT = "not", "未整改"


class StepAction(models.TextChoices):
    PLAN = "plan", "安排活动"
    CHANGE = "change", "改动安排"
    CANCEL = "cancel", "取消活动"
    HOLD = "hold", "登记开展情况"
    ADD_FILES = "add_files", "补充材料"
    INVITE = "invite", "邀请代表"
    ANSWER_INVITATION = "answer_invitation", "答复邀请"
    OPINION = "opinion", "代表留意见"
    FIND = "find", "记下问题"
    SHOW = "show", "给代表看"
    GIVE = "give", "交办整改"
    PROGRESS = "progress", "报进展"
    REPORT = "report", "报整改结果"
    VERIFY = "verify", "核实整改"
    MOVE = "move", "改期限"


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities that exist for this user (activity_access.visible_activities)."""
        from ..activity_access import visible_activities

        return visible_activities(self, user)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks that exist for this user (activity_access.visible_tasks)."""
        from ..activity_access import visible_tasks

        return visible_tasks(self, user)

    def under_way(self):
        """Those that are not closed."""
        return self.exclude(state=TaskState.CLOSED)


class Activity(models.Model):
    """督办活动 of a topic, or of a single case. `state` is written by supervision/activities.py only."""

    Kind, State = ActivityKind, ActivityState

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="activities", verbose_name="人大")
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="专题"
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="建议"
    )
    kind = models.CharField("方式", max_length=12, choices=ActivityKind)
    name = models.CharField("活动名称", max_length=60, blank=True)
    on = models.DateField("日期")
    begins_at = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.CharField("谁带队、主持", max_length=60, blank=True)
    leaders = models.ManyToManyField(User, related_name="activities", verbose_name="参加的领导", blank=True)
    committees = models.ManyToManyField(
        Committee, related_name="activities", verbose_name="专委会", blank=True
    )
    units = models.ManyToManyField(Unit, related_name="activities", verbose_name="参加的单位", blank=True)
    others = models.CharField("其他参加人员", max_length=300, blank=True)
    purpose = models.TextField("内容和要求", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=10, choices=ActivityState, default=ActivityState.PLANNED)
    cancelled_because = models.CharField("取消的原因", max_length=500, blank=True)
    minutes = models.TextField("纪要", max_length=5000, blank=True)
    # 纪要和照片 are the congress's own until the office hands them to the deputies and units that took part.
    shares_minutes = models.BooleanField("纪要、照片给参加的代表和单位看", default=False)
    version = models.PositiveIntegerField("版本", default=1)
    # The form that made it: sent twice it makes one activity.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "督办活动"
        verbose_name_plural = "督办活动"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False, proposal__isnull=True)
                | Q(topic__isnull=True, proposal__isnull=False),
                name="activity_is_of_a_topic_or_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ActivityState.values), name="activity_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["congress", "on"], name="activity_by_day")]

    def __str__(self):
        return self.name or self.get_kind_display()

    @property
    def is_planned(self):
        return self.state == ActivityState.PLANNED

    @property
    def is_held(self):
        return self.state == ActivityState.HELD


class Invitation(models.Model):
    """邀请 of a deputy to an activity, the answer, whether they came, and what they said afterwards."""

    State = InvitationState

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="invitations", verbose_name="督办活动"
    )
    deputy = models.ForeignKey(Deputy, models.PROTECT, related_name="invitations", verbose_name="代表")
    state = models.CharField("答复", max_length=10, choices=InvitationState, default=InvitationState.INVITED)
    invited_at = models.DateTimeField("邀请时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    reason = models.CharField("不能参加的原因", max_length=200, blank=True)
    # Recorded by the office after the event; None until then.
    came = models.BooleanField("到会", null=True, blank=True)
    words = models.TextField("代表的意见", max_length=1000, blank=True)
    words_at = models.DateTimeField("留意见的时间", null=True, blank=True)

    class Meta:
        verbose_name = "邀请代表"
        verbose_name_plural = "邀请代表"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "deputy"], name="one_invitation_per_deputy")
        ]
        indexes = [models.Index(fields=["deputy"], name="invitation_open", condition=Q(state="invited"))]


class Finding(models.Model):
    """发现的问题 of an activity. The congress's own, unless it is shown (`is_shown`) to the deputies."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="findings", verbose_name="督办活动")
    words = models.CharField("问题", max_length=300)
    is_shown = models.BooleanField("给代表看", default=False)

    class Meta:
        verbose_name = "发现的问题"
        verbose_name_plural = "发现的问题"
        ordering = ["pk"]

    def __str__(self):
        return self.words


class Task(models.Model):
    """整改事项: what a unit puts right by a date. `state` and dates are written by supervision/findings.py only.

    `outcome` is the latest verification: 部分整改 and 未整改 either go on with another date or end with a reason.
    """

    State, Outcome = TaskState, TaskOutcome

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="tasks", verbose_name="人大")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="tasks", verbose_name="问题")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name="整改单位")
    words = models.CharField("整改要求", max_length=500)
    responsible = models.CharField("责任人", max_length=60, blank=True)
    started_on = models.DateField("交办日期", default=timezone.localdate)
    due_on = models.DateField("整改期限")
    first_due_on = models.DateField("原期限")
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    outcome = models.CharField("核实结果", max_length=10, choices=TaskOutcome, blank=True)
    # What the unit said last, or what was found when it was checked: the column 情况 of lists.
    situation = models.CharField("情况", max_length=1000, blank=True)
    reported_on = models.DateField("报整改结果的日期", null=True, blank=True)
    closed_on = models.DateField("了结日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "整改事项"
        verbose_name_plural = "整改事项"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | ~Q(state="closed") & Q(closed_on__isnull=True),
                name="task_closed_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_on"], name="task_of_unit"),
            models.Index(fields=["due_on"], name="task_open", condition=Q(state="open")),
        ]

    def __str__(self):
        return self.words

    @property
    def is_open(self):
        """Whether the unit still owes it."""
        return self.state == TaskState.OPEN

    @property
    def is_closed(self):
        return self.state == TaskState.CLOSED


class ActivityStep(AppendOnlyModel):
    """One step of an activity or of one of its tasks: who (as they were then), what, when, in whole words.

    The history of the topic or of the case holds a line of most of them; the words in full, and the files that
    went with them, stand here.
    """

    Action = StepAction

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="steps", verbose_name="督办活动")
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name="整改事项"
    )
    action = models.CharField("动作", max_length=20, choices=StepAction)
    at = models.DateTimeField("时间")
    actor_id_then = models.BigIntegerField("账号编号")
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("身份", max_length=20)
    actor_place = models.CharField("单位", max_length=120)
    words = models.TextField("说明", blank=True)
    payload = models.JSONField("附记", default=dict)
    request_id = models.UUIDField("请求编号", unique=True)

    class Meta:
        verbose_name = "督办活动经过"
        verbose_name_plural = "督办活动经过"
        ordering = ["pk"]


def file_path(row, filename):
    """A random path by month: the user's file name never touches the disk."""
    return f"activities/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"


class ActivityFile(models.Model):
    """照片或材料 of an activity, of a step of its tasks (佐证), or left by a deputy who was there."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="files", verbose_name="督办活动")
    step = models.ForeignKey(
        ActivityStep, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="经过"
    )
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="代表的意见"
    )
    # 代录: the paper that a unit without access signed and stamped.
    is_scan = models.BooleanField("单位签章扫描件", default=False)
    file = models.FileField("文件", upload_to=file_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = "督办活动的照片和材料"
        verbose_name_plural = "督办活动的照片和材料"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def is_photo(self):
        return self.content_type.startswith("image/")

    @property
    def caption(self):
        """The words under a photo: the name it was handed in with, without its ending."""
        return self.name.rpartition(".")[0] or self.name
