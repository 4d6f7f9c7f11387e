"""The one view behind every step of an activity or task: show its form, take the step, show what came of it."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import set_aside
from accounts.grants import log_refusal
from proposals.workflow.errors import Denied, Stale

from .. import activity_steps

NO_VERSION = 0


@dataclass
class StepPage:
    """What one step's page needs: the step, its form's class and what that is built with, and where it stands.

    `about`: (label, url) of the crumbs from the outside in; the last is the page to return to. `facts`: the line over
    the form. `aside`: a template shown above it. `done`: the sentence after it.
    """

    step: object
    activity: object
    form_class: type
    about: list
    title: str = ""
    facts: str = ""
    task: object = None
    thing: object = None
    form_fields: dict = field(default_factory=dict)
    context: dict = field(default_factory=dict)
    aside: str = ""
    done: str = ""
    initial: dict = field(default_factory=dict)

    @property
    def subject(self):
        """Whose version the form carries."""
        return self.task or self.activity

    @property
    def back(self):
        return self.about[-1][1]

    @property
    def back_label(self):
        return self.about[-1][0]


def run(request, page):
    """Show the form of the step, or take it. 403 for whoever sees the thing but may not do this, 409 for a state that
    does not allow it or a page that is behind, 422 for a form to be put right; what was typed stays."""
    try:
        doing = activity_steps.check(page.step, page.activity, request.user, task=page.task, thing=page.thing)
    except Denied as denied:
        if request.method != "POST" or denied.is_forged or not _was_sent_before(request):
            return refused(request, page, denied)
        doing = None
    if request.method == "POST":
        return _post(request, page, doing)
    form = _form(page, doing, initial=page.initial | typed_before(request))
    return _show(request, page, form)


def _was_sent_before(request):
    """Whether this very form was carried out: then its first result is the answer, whatever stands now."""
    try:
        request_id = uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return False
    return activity_steps.ActivityStep.objects.filter(
        request_id=request_id, actor_id_then=request.user.pk
    ).exists()


def typed_before(request):
    """What was typed here before the session expired, as initial values; {} for nothing."""
    typed = set_aside.restore(request)
    if not typed:
        return {}
    return {
        name: typed.getlist(name) if len(typed.getlist(name)) > 1 else typed[name]
        for name in typed
        if name not in ("version", "request_id")
    }


def _form(page, doing, data=None, files=None, initial=None):
    subject = page.form_fields.get("subject", page.subject)
    fields = {**page.form_fields, "subject": subject, "doing": doing}
    return page.form_class(data, files, initial=initial, **fields)


def _post(request, page, doing):
    if doing is None:
        return redirect(page.back)
    form = _form(page, doing, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        activity_steps.perform(
            page.step,
            page.activity,
            actor=request.user,
            data=form.step_data(),
            task=page.task,
            thing=page.thing,
            version=form.cleaned_data["version"] or NO_VERSION,
            request_id=form.cleaned_data["request_id"],
        )
    except Stale as stale:
        return _stale(request, page, form, stale)
    except Denied as denied:
        if denied.is_forged:
            return refused(request, page, denied, form=form)
        return _show(request, page, form, problem=denied.words, status=422)
    messages.success(request, page.done or f"{page.step.label}：已记入经过。")
    return redirect(page.back)


def _stale(request, page, form, stale):
    """Somebody else acted meanwhile: the same form with what was typed, on the thing as it stands now."""
    page.subject.refresh_from_db()
    try:
        activity_steps.check(page.step, page.activity, request.user, task=page.task, thing=page.thing)
    except Denied as denied:
        return refused(request, page, denied, form=form)
    fresh = form.data.copy()
    fresh["version"], fresh["request_id"] = page.subject.version, uuid.uuid4()
    form.data = fresh
    return _show(request, page, form, problem=stale.words, status=409)


def _show(request, page, form, *, problem="", status=200):
    context = {"page": page, "form": form, "problem": problem, **page.context}
    return render(request, "supervision/step.html", context, status=status)


def refused(request, page, denied, *, form=None):
    """The refusal: what happened, what is kept, where to go. A forged one is written into the security log."""
    if denied.is_forged:
        words = f"{page.activity.pk} {denied.words}"
        log_refusal(request.user, page.step.code, words, page.activity.congress)
    typed = typed_texts(form) if form is not None else []
    context = {"page": page, "words": denied.words, "typed": typed}
    return render(request, "supervision/step_refused.html", context, status=403 if denied.is_forged else 409)


def typed_texts(form):
    """What was typed into a form that cannot be shown any more, to be copied: a list of (label, text)."""
    texts = [
        (field.label, form.data.get(name))
        for name, field in form.fields.items()
        if field.label and not hasattr(field, "choices")  # a code that was chosen says nothing to a reader
    ]
    return [(label, text) for label, text in texts if isinstance(text, str) and text.strip()]
