"""Pages of 整改事项: a unit's list and the office's, one task, and its steps."""

from datetime import date

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from core.dates import cn_deadline
from proposals.access import CONGRESS_ROLES, UNIT_ROLES
from proposals.lists import CountedPaginator, number_in
from proposals.masking import masked

from .. import activity_pages, findings, task_forms
from ..activity_access import ActivitySight, visible_files
from ..activity_steps import hidden_in, offers
from ..models import Task, TaskState
from .steps import StepPage, run

PAGE_SIZE = 50
TABS = ((TaskState.OPEN, "整改中"), (TaskState.ANSWERED, "待核实"), (TaskState.CLOSED, "已了结"))
READERS = CONGRESS_ROLES | UNIT_ROLES | {Role.GOV_LEADER}


@require_safe
def task_list(request):
    """整改事项 by state: for a unit its own, for the congress all; `unit`, `topic`, `late` narrow it by the address."""
    if not any(grant.role in READERS for grant in request.user.active_grants()):
        raise Http404
    today = timezone.localdate()
    tab = request.GET.get("tab", TaskState.OPEN)
    tab = tab if tab in dict(TABS) else TaskState.OPEN
    tasks = Task.objects.visible_to(request.user)
    for name, path in (("unit", "unit"), ("topic", "finding__activity__topic")):
        if name in request.GET:
            tasks = tasks.filter(**{path: number_in(request.GET[name], default=0)})
    late = Q(state=TaskState.OPEN, due_on__lt=today)
    counted = tasks.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=late))
    counts = {row["state"]: row for row in counted}
    overdue = sum(row["late"] for row in counts.values())
    is_late = request.GET.get("late") == "1"
    shown = tasks.filter(late) if is_late else tasks.filter(state=tab)
    total = overdue if is_late else counts.get(tab, {"n": 0})["n"]
    page = CountedPaginator(total, PAGE_SIZE).get_page(number_in(request.GET.get("page")))
    first = (page.number - 1) * PAGE_SIZE
    order = ("-closed_on", "-pk") if tab == TaskState.CLOSED and not is_late else ("due_on", "pk")
    related = ("unit", "finding__activity__topic", "finding__activity__proposal")
    rows = list(shown.select_related(*related).order_by(*order)[first : first + PAGE_SIZE])
    found = [row.finding.activity for row in rows]
    judged = [ActivitySight.of(a, request.user, None, with_invitations=False).is_judged for a in found]
    names = hidden_in(*found) if any(judged) else []
    for row, is_judged in zip(rows, judged, strict=True):
        activity_pages.dress(row, names if is_judged else [], today=today)
        row.finding.activity.name = masked(row.finding.activity.name, names if is_judged else [])
    context = {
        "page": page,
        "rows": rows,
        "tab": tab,
        "tabs": [(code, words, counts.get(code, {"n": 0})["n"]) for code, words in TABS],
        "overdue": overdue,
        "is_late": is_late,
        "today": today,
        "own": activity_pages.own_units(request.user),
    }
    return render(request, "supervision/tasks.html", context)


def _load(user, pk):
    """The task that `user` may see with its activity, masked for the judged side; 404 for any other."""
    related = ("unit", "congress", "finding__activity__topic", "finding__activity__proposal")
    related += ("finding__activity__congress",)
    task = get_object_or_404(Task.objects.visible_to(user).select_related(*related), pk=pk)
    activity = task.finding.activity
    task.sight = ActivitySight.of(activity, user)
    task.names = hidden_in(activity) if task.sight.is_judged else []
    activity.name = masked(activity.name, task.names)
    task.finding.words = masked(task.finding.words, task.names)
    return activity_pages.dress(task, task.names)


@require_safe
def task_page(request, pk):
    """One task: what is asked, by when, and everything said and shown of it."""
    task = _load(request.user, pk)
    files = {}
    for file in visible_files(request.user).filter(step__task=task).order_by("pk"):
        files.setdefault(file.step_id, []).append(file)
    steps = list(task.steps.order_by("-pk"))
    for step in steps:
        step.shown_words = masked(step.words, task.names)
        # A date that was set or moved: (the old one, the new one).
        if "from" in step.payload:
            step.moved = [date.fromisoformat(step.payload[name]) for name in ("from", "due_on")]
        found = files.get(step.pk, [])
        step.photos = [file for file in found if file.is_photo]
        step.papers = [file for file in found if not file.is_photo]
    ways = (findings.REPORT, findings.PROGRESS, findings.VERIFY, findings.MOVE)
    context = {
        "task": task,
        "activity": task.finding.activity,
        "steps": steps,
        "available": {step.code for step in offers(ways, task.finding.activity, request.user, task=task)},
        "today": timezone.localdate(),
        "is_proxy": not task.unit.has_access and task.sight.manages is not None,
    }
    return render(request, "supervision/task.html", context)


STEPS = {
    "progress": (findings.PROGRESS, task_forms.ProgressForm, "已报进展，联工委会看到。"),
    "report": (findings.REPORT, task_forms.ReportForm, "已报整改结果，等联工委或对口专委会核实。"),
    "verify": (findings.VERIFY, task_forms.VerifyForm, "已核实，单位会收到消息。"),
    "move": (findings.MOVE, task_forms.MoveForm, "期限已改，单位会收到新的期限和说明。"),
}


@require_http_methods(["GET", "POST"])
def task_step(request, pk, name):
    """One step of a task, by its name in the address."""
    if name not in STEPS:
        raise Http404
    task = _load(request.user, pk)
    step, form_class, done = STEPS[name]
    activity = task.finding.activity
    about = [(str(activity), f"/activities/{activity.pk}/"), ("整改事项", f"/tasks/{task.pk}/")]
    page = StepPage(step, activity, form_class, about, title=step.label, task=task, done=done)
    page.facts = f"{task.unit}：{task.words}"
    page.context["due"] = cn_deadline(task.due_on, timezone.localdate())
    return run(request, page)
