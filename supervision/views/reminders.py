"""提醒设置: the liaison office sees and changes when people of its congress are reminded."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from core.dates import cn_datetime

from ..models import ReminderChange
from ..reminder_forms import PlanForm, SendingForm
from ..reminder_settings import (
    KINDS,
    PLAN_FIELDS,
    Outdated,
    keep_plan,
    keep_sending,
    plan_lines,
    plan_of,
    sending_of,
)

HISTORY = 30


@require_safe
def reminders(request):
    """All stages of the congress, its sending, and what was changed lately."""
    congress, congresses = _congress(request)
    sending = sending_of(congress)
    context = {
        "congress": congress,
        "congresses": congresses,
        "lines": plan_lines(congress),
        "columns": PLAN_FIELDS.values(),
        "sending": sending,
        "changes": ReminderChange.objects.filter(congress=congress)[:HISTORY],
    }
    return render(request, "supervision/reminders.html", context)


@require_http_methods(["GET", "POST"])
def plan(request, kind):
    """The stages of one kind of clock."""
    if kind not in KINDS:
        raise Http404
    congress, _ = _congress(request)
    form = PlanForm(_sent(request), instance=plan_of(congress, kind))
    return _edit(request, congress, form, KINDS[kind], lambda **known: keep_plan(congress, kind, **known))


@require_http_methods(["GET", "POST"])
def sending(request):
    """When the digests are made and what goes by SMS."""
    congress, _ = _congress(request)
    form = SendingForm(_sent(request), instance=sending_of(congress))
    return _edit(request, congress, form, "发送安排", lambda **known: keep_sending(congress, **known))


def _sent(request):
    """The form that was sent, even an empty one; None on a visit."""
    return request.POST if request.method == "POST" else None


def _edit(request, congress, form, title, keep):
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changes = keep(values=form.values(), actor=request.user, seen=form.cleaned_data["seen"])
            except Outdated as outdated:
                form.add_error(None, _outdated_words(outdated.change))
                form.data = form.data.copy()
                form.data["seen"] = form.fields["seen"].initial
                status = 409
            else:
                words = f"{title}已保存，下一次提醒起按新的设置。" if changes else "没有改动。"
                messages.success(request, words)
                return redirect(_address(congress))
    context = {"congress": congress, "form": form, "title": title, "back": _address(congress)}
    return render(request, "supervision/reminder_form.html", context, status=status)


def _outdated_words(change):
    who = f"{change.who}于 {cn_datetime(change.at)} " if change else "有人刚刚"
    return f"{who}改过这里的设置。您填的还在，请核对后再保存。"


def _congress(request):
    """The congress whose liaison office this person works in, and all of them; 404 for everybody else."""
    grants = [grant for grant in request.user.active_grants() if grant.role == Role.LIAISON]
    congresses = list({grant.congress_id: grant.congress for grant in grants}.values())
    if not congresses:
        raise Http404
    wanted = request.GET.get("congress", "")
    if not wanted:
        return congresses[0], congresses
    found = next((congress for congress in congresses if str(congress.pk) == wanted), None)
    if found is None:
        raise Http404
    return found, congresses


def _address(congress):
    return f"{reverse('supervision:reminders')}?congress={congress.pk}"
