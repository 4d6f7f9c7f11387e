"""批示 of leaders: to whom, by when, who read them, what came back, whether they were carried out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from institutions.models import Congress, Unit
from proposals.models import Assignment, Attachment, Proposal, Request
from proposals.status import RequestState

from .topics import Topic, TopicEvent


class InstructionState(models.TextChoices):
    """执行标记, by the office once it has looked, or by the leader."""

    GIVEN = "given", "未执行"
    DOING = "doing", "正在执行"
    DONE = "done", "已执行"


class InstructionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Instructions that exist for this user (instruction_access.visible_instructions)."""
        from ..instruction_access import visible_instructions

        return visible_instructions(self, user)

    def standing(self):
        """Those that are to be carried out still: not done, and the case is not gone."""
        ended = Q(state=InstructionState.DONE) | Q(request__state=RequestState.VOID)
        return self.exclude(ended)


class Instruction(models.Model):
    """批示 on a case or on a key topic. On a case it is written by the hooks of workflow.perform (instructions.py),
    on a topic by topic_instructions.py. It changes no deadline and no unit."""

    State = InstructionState

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="instructions", verbose_name="人大")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="instructions", verbose_name="建议"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="instructions", verbose_name="专题"
    )
    # Of a case: the request as the workflow has it.
    request = models.OneToOneField(
        Request, models.PROTECT, null=True, blank=True, related_name="instruction", verbose_name="申请"
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="instructions", verbose_name="领导")
    # As they were then.
    author_name = models.CharField("姓名", max_length=60)
    author_role = models.CharField("身份", max_length=20)
    is_gov = models.BooleanField("政府领导", default=False)
    words = models.TextField("批示", max_length=1400)
    due_on = models.DateField("回复日")
    given_at = models.DateTimeField("批示时间", default=timezone.now)
    state = models.CharField(
        "执行标记", max_length=10, choices=InstructionState, default=InstructionState.GIVEN
    )
    marked_by = models.CharField("标记人", max_length=120, blank=True)
    marked_at = models.DateTimeField("标记时间", null=True, blank=True)
    mark_words = models.CharField("执行情况", max_length=1000, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "批示"
        verbose_name_plural = "批示"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, topic__isnull=True)
                | Q(proposal__isnull=True, topic__isnull=False),
                name="instruction_on_case_or_topic",
            )
        ]
        indexes = [
            models.Index(fields=["congress", "state", "due_on"], name="instruction_by_state"),
            models.Index(fields=["author", "given_at"], name="instruction_by_author"),
        ]

    def __str__(self):
        return self.words[:40]

    @property
    def is_standing(self):
        """Whether it is to be carried out still."""
        return self.state != InstructionState.DONE and not self.is_void

    @property
    def is_void(self):
        """The case was withdrawn before it was done."""
        return self.request is not None and self.request.state == RequestState.VOID


class InstructionRecipient(models.Model):
    """One to whom an instruction was sent: a unit, or the office (`unit` empty). `read_by`: who opened it first."""

    instruction = models.ForeignKey(
        Instruction, models.CASCADE, related_name="recipients", verbose_name="批示"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="instructed", verbose_name="单位"
    )
    place = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办"
    )
    request = models.OneToOneField(
        Request, models.PROTECT, null=True, blank=True, related_name="instructed", verbose_name="申请"
    )
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    read_by = models.CharField("阅读人", max_length=60, blank=True)
    answered_at = models.DateTimeField("回复时间", null=True, blank=True)
    answered_by = models.CharField("回复人", max_length=60, blank=True)
    answer = models.TextField("回复", max_length=2000, blank=True)
    files = models.ManyToManyField(Attachment, related_name="+", blank=True, verbose_name="材料")
    # On a topic: the line of history that the answer left, which has its files.
    event = models.ForeignKey(
        TopicEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="督办经过"
    )

    class Meta:
        verbose_name = "批示送达"
        verbose_name_plural = "批示送达"
        ordering = ["pk"]
        indexes = [models.Index(fields=["unit", "answered_at"], name="instructed_by_unit")]

    @property
    def name(self):
        """市民政局, or 联工委."""
        return str(self.unit) if self.unit_id else "联工委"
