"""The forms of the key topics: naming one, and every action on it or on a step of its plan."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import set_aside
from accounts.grants import log_refusal
from proposals.views.attachments import answer_with
from proposals.workflow.errors import Denied, Stale

from .. import topic_sides_form  # noqa: F401  adds its form to FORM_FOR
from ..models import Milestone, Topic, TopicEvent
from ..topic_actions import ROWS, may_propose
from ..topic_forms import FORM_FOR, ProposeForm
from ..topic_page import visible_files
from ..topics import perform
from ..topics import propose as make_topic
from .topics import visible_topic

# A page always says what it showed; a form that does not is as stale as one that is behind.
NO_VERSION = 0


@require_http_methods(["GET", "POST"])
def propose(request):
    """提名专题 by the office or a committee; 404 for everybody else."""
    congresses = may_propose(request.user)
    if not congresses:
        raise Http404
    congress = congresses[0]
    row, blank = ROWS["propose"], Topic(congress=congress)
    if request.method == "GET":
        numbers = request.GET.get("case", "")[:200]
        typed = _typed(request)
        form = ProposeForm(topic=blank, user=request.user, initial={"cases": numbers} | typed)
        return _page(request, row, None, form)
    form = ProposeForm(request.POST, request.FILES, topic=blank, user=request.user)
    if not form.is_valid():
        return _page(request, row, None, form, status=422)
    request_id = form.cleaned_data["request_id"] or uuid.uuid4()
    try:
        result = make_topic(row, congress, actor=request.user, data=form.action_data(), request_id=request_id)
    except Denied as denied:
        return _page(request, row, None, form, problem=denied.words, status=422)
    messages.success(request, f"已提名专题“{result.topic}”。")
    return redirect("supervision:topic", result.topic.pk)


@require_http_methods(["GET", "POST"])
def topic_action(request, pk, name):
    """An action on a topic: its form, or carried out."""
    return _run(request, visible_topic(request.user, pk), name, None)


@require_http_methods(["GET", "POST"])
def step_action(request, pk, name):
    """An action on a step of the plan."""
    found = Milestone.objects.filter(topic__in=Topic.objects.visible_to(request.user).order_by().values("pk"))
    step = found.filter(pk=pk).first()
    if step is None:
        if (event := _sent_before(request)) is not None:  # the step that this very form took away
            return redirect("supervision:topic", event.topic_id)
        raise Http404
    return _run(request, visible_topic(request.user, step.topic_id), name, step)


def _run(request, topic, action, step):
    row = ROWS.get(action)
    if row is None or action not in FORM_FOR or row.of_step != (step is not None):
        raise Http404
    if row.grant_for(topic, request.user) is None:
        words = f"您没有“{row.label}”的权限。"
        log_refusal(request.user, f"topic:{action}", f"{topic.pk} {words}", topic.congress)
        return _refused(request, row, topic, words, status=403)
    if _sent_before(request) is not None:
        return redirect("supervision:topic", topic.pk)
    objection = row.objection(topic, step)
    if request.method == "GET":
        if objection:
            return _refused(request, row, topic, objection, status=409)
        form = FORM_FOR[action](topic=topic, user=request.user, step=step, initial=_typed(request))
        return _page(request, row, topic, form)
    form = FORM_FOR[action](request.POST, request.FILES, topic=topic, user=request.user, step=step)
    if not form.is_valid():
        if objection:
            return _refused(request, row, topic, objection, status=409)
        return _page(request, row, topic, form, status=422)
    return _carry_out(request, row, topic, form)


def _sent_before(request):
    """The line of history that this very form has left already, or None: sent twice, it is answered the same."""
    try:
        request_id = uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return None
    return TopicEvent.objects.filter(request_id=request_id, actor_id_then=request.user.pk).first()


def _carry_out(request, row, topic, form):
    try:
        perform(
            row,
            topic,
            actor=request.user,
            data=form.action_data(),
            version=form.cleaned_data["version"] or NO_VERSION,
            request_id=form.cleaned_data["request_id"],
            step=form.step,
        )
    except Stale as stale:
        return _stale(request, row, topic, form, stale)
    except Denied as denied:
        if denied.is_forged:
            log_refusal(request.user, f"topic:{row.code}", f"{topic.pk} {denied.words}", topic.congress)
        # By its state now, or by what the form itself holds.
        if objection := row.objection(visible_topic(request.user, topic.pk), form.step):
            return _refused(request, row, topic, objection, status=409)
        return _page(request, row, topic, form, problem=denied.words, status=422)
    messages.success(request, f"{row.label}：{topic}，已记入督办经过。")
    return redirect("supervision:topic", topic.pk)


def _stale(request, row, topic, form, stale):
    """Somebody else acted meanwhile: the same form on the fresh topic, with what was typed."""
    topic = visible_topic(request.user, topic.pk)
    if objection := row.objection(topic, form.step):
        return _refused(request, row, topic, f"{stale.words}{objection}", status=409)
    fresh = form.data.copy()
    fresh["version"], fresh["request_id"] = topic.version, uuid.uuid4()
    form.data = fresh
    return _page(request, row, topic, form, problem=stale.words, status=409)


def _typed(request):
    """What somebody was typing when the session expired, as initial values."""
    typed = set_aside.restore(request)
    if not typed:
        return {}
    return {
        name: typed.getlist(name) if len(typed.getlist(name)) > 1 else typed[name]
        for name in typed
        if name not in ("version", "request_id")
    }


def _page(request, row, topic, form, *, problem="", status=200):
    template = "supervision/topics/sides.html" if row.code == "sides" else "supervision/topics/form.html"
    context = {"row": row, "topic": topic, "step": form.step, "form": form, "problem": problem}
    return render(request, template, context, status=status)


def _refused(request, row, topic, words, *, status):
    context = {"row": row, "topic": topic, "words": words}
    return render(request, "supervision/topics/refused.html", context, status=status)


@require_safe
def file(request, pk):
    """A scan of a topic, for the congress's own people; 404 for everybody else."""
    return answer_with(get_object_or_404(visible_files(request.user), pk=pk))
