"""Pages of 督办活动: the list, one activity, planning one, and each of its steps."""

import uuid

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.grants import log_refusal
from accounts.models import Role
from proposals.access import CONGRESS_ROLES, UNIT_ROLES
from proposals.lists import CountedPaginator, number_in
from proposals.models import Proposal
from proposals.status import ProposalStatus
from proposals.views.attachments import hand_out
from proposals.workflow.errors import Denied

from .. import activities, activity_forms, activity_pages, findings, task_forms
from ..activity_access import ActivitySight, cases_of, manager, visible_files
from ..activity_steps import hidden_in, offers
from ..models import Activity, ActivityState, Finding, Invitation, Topic, TopicState
from ..topic_people import replying_places
from .steps import StepPage, run, typed_before

PAGE_SIZE = 30
TABS = (
    (ActivityState.PLANNED, "将要开展"),
    (ActivityState.HELD, "已开展"),
    (ActivityState.CANCELLED, "已取消"),
)
READERS = CONGRESS_ROLES | UNIT_ROLES | {Role.GOV_LEADER}
# Cases on which nothing can be planned any more.
OVER = (ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN)


# --- Looking -------------------------------------------------------------------------------------------


@require_safe
def activity_list(request):
    """督办活动 of the congress, or that units and the government's side take part in, by state."""
    if not any(grant.role in READERS for grant in request.user.active_grants()):
        raise Http404
    return _list(request, Activity.objects.visible_to(request.user), {"is_own": False})


@require_safe
def my_activities(request):
    """我参加的督办: what a deputy is asked to, and what they took part in."""
    deputies = [g.deputy_id for g in request.user.active_grants() if g.role == Role.DEPUTY]
    if not deputies:
        raise Http404
    mine = Invitation.objects.filter(deputy_id__in=deputies)
    visible = Activity.objects.visible_to(request.user).filter(pk__in=mine.values("activity"))
    came = mine.filter(came=True).count()
    asked = activity_pages.open_invitations(request.user)
    return _list(request, visible, {"is_own": True, "came": came, "asked": asked})


def _list(request, visible, context):
    tab = request.GET.get("tab", ActivityState.PLANNED)
    tab = tab if tab in dict(TABS) else ActivityState.PLANNED
    counts = {row["state"]: row["n"] for row in visible.order_by().values("state").annotate(n=Count("pk"))}
    order = ("on", "pk") if tab == ActivityState.PLANNED else ("-on", "-pk")
    paginator = CountedPaginator(counts.get(tab, 0), PAGE_SIZE)
    page = paginator.get_page(number_in(request.GET.get("page")))
    first = (page.number - 1) * PAGE_SIZE
    shown = visible.filter(state=tab).order_by(*order)[first : first + PAGE_SIZE]
    context |= {
        "page": page,
        "rows": activity_pages.listed(shown, request.user),
        "tab": tab,
        "tabs": [(code, words, counts.get(code, 0)) for code, words in TABS],
        "today": timezone.localdate(),
    }
    return render(request, "supervision/activities.html", context)


@require_safe
def activity_page(request, pk):
    """One activity: who, where, what was found and what became of it, photos and papers."""
    activity = activity_pages.prepare(activity_pages.load(request.user, pk), request.user)
    sight = activity.sight
    invitation = sight.invitations[0] if sight.invitations else None
    office = (
        activities.HOLD,
        activities.ADD_FILES,
        activities.INVITE,
        activities.CHANGE,
        activities.CANCEL,
        findings.FIND,
    )
    own = [activities.ANSWER, activities.OPINION] if invitation else []
    available = {step.code for step in offers(office, activity, request.user)} if sight.manages else set()
    available |= {step.code for step in offers(own, activity, request.user, thing=invitation)}
    opinions = [
        (i, [file for file in activity.open_files if file.invitation_id == i.pk])
        for i in activity.invitations.all()
        if i.words and (sight.is_congress or i in sight.invitations)
    ]
    context = {
        "activity": activity,
        "sight": sight,
        "invitation": invitation,
        "available": available,
        "present": activity_pages.present(activity),
        "opinions": opinions,
        "steps": list(activity.steps.filter(task=None).order_by("-pk")) if sight.manages else [],
        "today": timezone.localdate(),
        "is_over": activity.on <= timezone.localdate(),
    }
    return render(request, "supervision/activity.html", context)


@require_safe
def activity_file(request, pk):
    """A photo or paper under the name it was handed in with (隐名: a neutral one); 404 for whoever may not see it.

    Only pictures are shown in the page and PDF in the browser, everything else is saved; it runs nothing.
    """
    found = get_object_or_404(visible_files(request.user).select_related("activity"), pk=pk)
    name = found.name
    sight = ActivitySight.of(found.activity, request.user)
    if sight.is_judged and hidden_in(found.activity):
        ending = name.rpartition(".")[2]
        name = f"材料{found.pk}.{ending}"
    return hand_out(found, name)


# --- Planning ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def plan_of_topic(request, pk):
    """安排活动 of a topic; 404 for whoever does not see it, 403 for whoever may not."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("congress"), pk=pk)
    about = [("重点督办", "/topics/"), (topic.title, f"/topics/{topic.pk}/")]
    over = "这个专题没有列入重点督办，不能安排活动。" if topic.state == TopicState.DROPPED else ""
    return _plan(request, about, over, topic=topic)


@require_http_methods(["GET", "POST"])
def plan_of_case(request, pk):
    """安排活动 of a single case."""
    cases = Proposal.objects.visible_to(request.user).exclude(status=ProposalStatus.DRAFT)
    case = get_object_or_404(cases.select_related("congress"), pk=pk)
    about = [(case.number_text, f"/proposals/{case.pk}/")]
    over = ""
    if case.status in OVER or not case.number:
        over = f"这件现在是“{case.get_status_display()}”，不能安排督办活动。"
    return _plan(request, about, over, proposal=case)


def _plan(request, about, over, *, topic=None, proposal=None):
    congress = (topic or proposal).congress
    page = StepPage(activities.PLAN, None, activity_forms.PlanForm, about, title="安排督办活动")
    if manager(request.user, congress_id=congress.pk, topic_id=topic.pk if topic else None) is None:
        log_refusal(request.user, "plan_activity", f"{about[-1][1]}", congress)
        return _not_planned(request, page, "您没有“安排督办活动”的权限。", 403)
    if over:
        return _not_planned(request, page, over, 409)
    of = {"topic": topic, "proposal": proposal}
    if request.method != "POST":
        form = activity_forms.PlanForm(initial=typed_before(request) or _asked_for(request), **of)
        return _show_plan(request, page, form)
    form = activity_forms.PlanForm(request.POST, **of)
    if not form.is_valid():
        return _show_plan(request, page, form, status=422)
    try:
        step = activities.plan(
            actor=request.user,
            data=form.step_data(),
            request_id=form.cleaned_data["request_id"] or uuid.uuid4(),
            **of,
        )
    except Denied as denied:
        return _show_plan(request, page, form, problem=denied.words, status=422)
    return _after_plan(request, step)


def _asked_for(request):
    """Who is ticked beforehand: the deputy whom the coverage check of the topic misses."""
    deputy = request.GET.get("deputy", "")
    return {"deputies": [int(deputy)]} if deputy.isascii() and deputy.isdigit() and len(deputy) < 15 else {}


def _show_plan(request, page, form, *, problem="", status=200):
    context = {"page": page, "form": form, "problem": problem}
    return render(request, "supervision/step.html", context, status=status)


def _not_planned(request, page, words, status):
    context = {"page": page, "words": words, "typed": []}
    return render(request, "supervision/step_refused.html", context, status=status)


def _after_plan(request, step):
    """To the activity; what lies behind us already has its minutes written at once."""
    activity = step.activity
    if activity.is_planned and activity.on < timezone.localdate():
        messages.success(request, "已登记。请接着写开展情况：纪要、到会的代表、照片、发现的问题。")
        return redirect("supervision:activity_step", activity.pk, "hold")
    messages.success(request, "已安排，请代表和单位参加的消息已发出。")
    return redirect("supervision:activity", activity.pk)


# --- Steps ---------------------------------------------------------------------------------------------


STEPS = {
    "edit": (activities.CHANGE, activity_forms.ChangeForm, "改动安排", "已保存改动。"),
    "cancel": (activities.CANCEL, activity_forms.CancelForm, "取消活动", "已取消，并通知了代表和单位。"),
    "hold": (activities.HOLD, activity_forms.HoldForm, "登记开展情况", "已登记开展情况。"),
    "files": (activities.ADD_FILES, activity_forms.FilesForm, "补充照片和材料", "已保存照片和材料。"),
    "invite": (activities.INVITE, activity_forms.InviteForm, "邀请代表", "邀请已发出。"),
    "answer": (activities.ANSWER, activity_forms.AnswerForm, "答复邀请", "已答复，联工委会看到。"),
    "opinion": (activities.OPINION, activity_forms.OpinionForm, "留下意见", "已收到您的意见。"),
    "find": (findings.FIND, task_forms.FindForm, "记下问题", "已记下。"),
}


@require_http_methods(["GET", "POST"])
def activity_step(request, pk, name):
    """One step of an activity, by its name in the address."""
    if name not in STEPS:
        raise Http404
    activity = activity_pages.prepare(activity_pages.load(request.user, pk), request.user)
    step, form_class, title, done = STEPS[name]
    page = StepPage(step, activity, form_class, crumbs(activity), title=title, done=done)
    page.facts = activities.words_of(activity, timezone.localdate())
    if name in ("answer", "opinion"):
        if not activity.sight.invitations:
            raise Http404
        page.thing = activity.sight.invitations[0]
        page.form_fields["subject"] = page.thing
        page.aside = "supervision/_invited_to.html"
    elif name == "invite":
        page.form_fields |= {
            "cases": cases_of(activity),
            "topic": activity.topic,
            "congress_id": activity.congress_id,
        }
        page.initial = _asked_for(request)
    elif name == "edit":
        page.form_fields |= {"topic": activity.topic, "proposal": activity.proposal}
    elif name == "find" and activity.sight.manages:
        page.context["offers_unit"] = True
        page.form_class = _with_units(task_forms.FindForm, activity)
    return run(request, page)


@require_http_methods(["GET", "POST"])
def finding_step(request, pk, name):
    """交单位整改, or 给代表看, of one finding."""
    if name not in ("give", "show"):
        raise Http404
    visible = Activity.objects.visible_to(request.user)
    finding = get_object_or_404(Finding, pk=pk, activity__in=visible.values("pk"))
    activity = activity_pages.prepare(activity_pages.load(request.user, finding.activity_id), request.user)
    if finding.pk not in {shown.pk for shown in activity.shown_findings}:
        raise Http404
    if name == "give":
        form = _with_units(task_forms.GiveForm, activity)
        page = StepPage(findings.GIVE, activity, form, crumbs(activity), title="交单位整改", thing=finding)
        page.facts, page.done = f"问题：{finding.words}", "已交单位整改，单位会收到消息。"
    else:
        page = StepPage(findings.SHOW, activity, task_forms.ShowForm, crumbs(activity), thing=finding)
        page.title, page.facts, page.done = "给代表看", f"问题：{finding.words}", "已改好。"
        page.form_fields["finding"] = finding
    return run(request, page)


def _with_units(form_class, activity):
    """The form with the units that a task of this activity may go to."""

    class WithUnits(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.offer_units(task_forms.units_for(activity, _places(activity)))

    return WithUnits


def _places(activity):
    """The places of a single case, from which its tasks take their units."""
    return replying_places([activity.proposal_id]) if activity.proposal_id else ()


def crumbs(activity):
    """From the topic or the case down to the activity: a list of (label, url)."""
    here = (str(activity), f"/activities/{activity.pk}/")
    if activity.topic_id:
        return [("重点督办", "/topics/"), (activity.topic.title, f"/topics/{activity.topic_id}/"), here]
    return [(activity.proposal.number_text, f"/proposals/{activity.proposal_id}/"), here]
