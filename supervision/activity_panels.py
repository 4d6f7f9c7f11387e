"""What 督办活动 and 整改事项 put on the pages of the layer below, and among the duties that are reminded of."""

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Role
from institutions.succession import acting_unit, units_stood_for
from proposals.masking import masked
from proposals.panels import Panel
from proposals.status import HolderKind, ProposalStatus

from .activity_pages import block_of, open_tasks_of
from .activity_steps import hidden_in
from .duties import Duty
from .models import Activity, Task, TaskState

NOT_SUPERVISED = frozenset(
    {
        ProposalStatus.DRAFT,
        ProposalStatus.SUBMITTED,
        ProposalStatus.RETURNED,
        ProposalStatus.DECLINED,
        ProposalStatus.WITHDRAWN,
    }
)


def has_activities(user):
    """The sign for `case_panels`: whether there was or will be any activity about the case alone."""
    return Exists(Activity.objects.filter(proposal=OuterRef("pk")))


def case_panels(case, user, sight):
    """督办活动 of a single case and what came of them."""
    if case.proposal.status in NOT_SUPERVISED or sight.is_public_reader:
        return
    block = block_of(user, proposal=case.proposal, is_empty=not case.proposal.has_activities)
    context = {"block": block, "today": case.today}
    if block.activities or block.plan_url:
        yield Panel("supervision/_activity_panel.html", context, "side")
    if block.findings:
        yield Panel("supervision/_task_panel.html", context, "main")


def open_tasks_number(user):
    """The figure for `inbox_panels`: how many tasks this person's units still owe."""
    return _number(open_tasks_of(user))


def late_tasks_number(user):
    """The figure for `inbox_panels`: how many of them are late (the day in Asia/Shanghai)."""
    return _number(open_tasks_of(user).filter(due_on__lt=timezone.localdate()))


def _number(tasks):
    """An expression of how many rows there are: NULL for none."""
    return Subquery(tasks.order_by().values("state").annotate(number=Count("pk")).values("number"))


def inbox_panels(user, figures):
    """The line above a unit's inbox: how many tasks it still owes."""
    if figures["tasks"] and any(grant.role in (Role.HANDLER, Role.HUB) for grant in user.active_grants()):
        context = {"open": figures["tasks"], "late": figures["late_tasks"] or 0}
        yield Panel("supervision/_inbox_tasks.html", context)


def open_tasks(seats=None):
    """整改事项 that units still owe, as duties; those reported wait for the office and are none."""
    tasks = Task.objects.filter(state=TaskState.OPEN, congress__is_active=True)
    if seats is not None:
        units = {pk for kind, pk in seats if kind in (HolderKind.HANDLER, HolderKind.HUB)}
        if not units:
            return
        tasks = tasks.filter(unit_id__in={old for pk in units for old in units_stood_for(pk)})
    related = ("unit", "finding__activity__topic", "finding__activity__proposal")
    names = {}  # by topic and case, asked once for each
    for task in tasks.select_related(*related).order_by("pk").iterator(chunk_size=500):
        activity = task.finding.activity
        about = (activity.topic_id, activity.proposal_id)
        if about not in names:
            names[about] = hidden_in(activity)
        yield Duty(
            key=f"task:{task.pk}",
            congress_id=task.congress_id,
            holder_kind=str(HolderKind.HUB if task.unit.is_hub else HolderKind.HANDLER),
            holder_id=acting_unit(task.unit_id),
            due_on=task.due_on,
            words=f"整改：{masked(task.words, names[about])}",
            url=f"/tasks/{task.pk}/report/",
            verb="报整改结果",
            started_on=task.started_on,
            otherwise="逾期将告知签发人和联工委",
            number=activity.proposal.number if activity.proposal_id else "",
            unit=str(task.unit),
        )
