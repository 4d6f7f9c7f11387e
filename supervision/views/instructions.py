"""批示: the list (我的批示), one instruction, and on a key topic the forms to give, answer and mark it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.grants import grants_of
from accounts.models import Role
from accounts.views import safe_next
from proposals.access import CONGRESS_ROLES, UNIT_ROLES, Sight
from proposals.lists import number_in, page_of_ids
from proposals.masking import hidden_names, masked
from proposals.rules import rules_for_pages
from proposals.workflow import Case
from proposals.workflow.errors import Refused

from .. import topic_instructions
from ..instruction_access import works_for
from ..instruction_duties import answer_url
from ..instruction_forms import AnswerForm, MarkForm, TopicInstructForm
from ..instruction_panel import RELATED, prepare
from ..instructions import mark_all_read
from ..leading import titled
from ..models import Instruction, InstructionRecipient, InstructionState, Topic
from ..topic_masking import names_hidden_from as hidden_in_topics
from .steps import typed_before, typed_texts

PAGE_SIZE = 25
TABS = (("open", "未执行完"), ("done", "已执行"), ("all", "全部"))
READERS = (*CONGRESS_ROLES, Role.GOV_LEADER, *UNIT_ROLES)


@require_safe
def instructions(request):
    """A leader's own instructions, an office's or committee's all, a unit's those sent to it; by their state."""
    if not grants_of(request.user, *READERS):
        raise Http404
    tab = request.GET.get("tab", "open")
    tab = tab if tab in dict(TABS) else "open"
    is_leader = bool(grants_of(request.user, Role.LEADER, Role.GOV_LEADER))
    found = Instruction.objects.visible_to(request.user)
    if is_leader:
        found = found.filter(author=request.user)
    if tab == "done":
        shown = found.filter(state=InstructionState.DONE).order_by("-given_at", "-pk")
    elif tab == "open":
        shown = found.standing().order_by("due_on", "pk")
    else:
        shown = found.order_by("-given_at", "-pk")
    page = page_of_ids(
        shown.values_list("pk", flat=True), number=number_in(request.GET.get("page")), size=PAGE_SIZE
    )
    page.object_list = rows_of(page.object_list, request.user)
    context = {
        "page": page,
        "tab": tab,
        "tabs": TABS,
        "is_leader": is_leader,
        "today": timezone.localdate(),
        "rules": rules_for_pages(request.user.active_grants()[0].congress_id),
    }
    return render(request, "supervision/instructions.html", context)


def rows_of(ids, user):
    """Instructions for a list, in this order, with who has answered and read; two queries (leading.titled)."""
    found = Instruction.objects.filter(pk__in=ids).select_related("proposal", "topic", "request")
    by_pk = {each.pk: each for each in found.prefetch_related("recipients__unit")}
    rows = titled([by_pk[pk] for pk in ids if pk in by_pk], user)
    is_judged = not grants_of(user, *CONGRESS_ROLES)
    for row in rows:
        # Words that were written freely may name a hidden proposer: the page of the one shows them masked.
        is_masked = is_judged and row.proposal_id and row.proposal.hides_proposer
        row.shown_words = masked(row.words, row.hidden) if not is_masked or row.author_id == user.pk else ""
        row.unread = [each for each in row.recipients.all() if not each.read_at]
    return rows


@require_safe
def instruction(request, pk):
    """One instruction: words, whom it went to, who read and answered. Opening it marks it as read."""
    found = Instruction.objects.visible_to(request.user)
    found = found.select_related("proposal", "topic__congress", "request")
    row = get_object_or_404(found.prefetch_related(*RELATED, "recipients__event__files"), pk=pk)
    prepare(row, request.user)
    hide_names(row, request.user)
    context = {
        "row": row,
        "today": timezone.localdate(),
        "is_congress": bool(grants_of(request.user, *CONGRESS_ROLES)),
        # A unit that works on none of its cases any more keeps its instruction, and knows the topic no longer.
        "knows_topic": Topic.objects.visible_to(request.user).filter(pk=row.topic_id).exists(),
        "mark_url": mark_url(row) if row.is_standing and may_mark(row, request.user) else "",
    }
    return render(request, "supervision/instruction.html", context)


def hide_names(row, user):
    """Give the instruction `about`, and take out of it and of all words the names hidden from the reader (隐名)."""
    if row.proposal_id:
        names, row.about = names_hidden_from(user, row.proposal), row.proposal.title
    else:
        names, row.about = hidden_in_topics(user, [row.topic]).get(row.topic_id, []), str(row.topic)
    for name in ("about", "words", "mark_words"):
        setattr(row, name, masked(getattr(row, name), names))


def names_hidden_from(user, proposal):
    """Names to take out of words on this case for the reader (隐名); empty where nothing is hidden from them."""
    if not proposal.hides_proposer or grants_of(user, *CONGRESS_ROLES):
        return []
    case = Case.to_show(proposal.pk)
    return hidden_names(case) if Sight.of(case, user).names_hidden(case.proposal) else []


def may_mark(instruction, user):
    """Whether this person puts the execution mark: the office, or the leader who gave it."""
    return instruction.author_id == user.pk or any(
        grant.congress_id == instruction.congress_id for grant in grants_of(user, Role.LIAISON)
    )


def mark_url(instruction):
    """The form of the mark: the case's own action, or that of a topic's instruction."""
    if instruction.topic_id:
        return reverse("supervision:instruction_mark", args=[instruction.pk])
    return reverse("proposals:proposal_action", args=[instruction.proposal_id, "mark_instruct"])


# --- On a key topic ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def instruct_topic(request, pk):
    """写批示 on a key topic, for its leaders."""
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("congress"), pk=pk)
    row = topic_instructions.INSTRUCT
    if row.grant_for(topic, request.user) is None:
        raise Http404
    return _run(
        request,
        TopicInstructForm(**_filled(request), topic=topic),
        title="写批示",
        about=str(topic),
        act=lambda form: topic_instructions.give(topic, actor=request.user, **form.once()),
        done="批示已发出，收件人马上收到通知。",
        then=safe_next(request, default=reverse("supervision:instructions")),
        objection=row.objection(topic),
    )


@require_http_methods(["GET", "POST"])
def answer(request, pk):
    """回复批示 on a key topic, by somebody of the unit it was sent to."""
    related = ("instruction__topic__congress", "unit")
    recipient = get_object_or_404(InstructionRecipient.objects.select_related(*related), pk=pk)
    grant = works_for(recipient, request.user) if recipient.unit_id else None
    if grant is None or grant.role == Role.SIGNER:
        raise Http404
    if not recipient.instruction.topic_id:
        return redirect(answer_url(recipient))
    mark_all_read([recipient], request.user)
    hide_names(recipient.instruction, request.user)
    return _run(
        request,
        AnswerForm(**_filled(request)),
        title="回复批示",
        about=recipient.instruction.about,
        quoted=recipient.instruction,
        act=lambda form: topic_instructions.answer(recipient, actor=request.user, **form.once()),
        done="已回复，领导和联工委马上看到。",
        then=reverse("supervision:instruction", args=[recipient.instruction_id]),
        objection="这条批示已经回复过。" if recipient.answered_at else None,
    )


@require_http_methods(["GET", "POST"])
def mark(request, pk):
    """执行标记 of an instruction on a key topic."""
    found = Instruction.objects.visible_to(request.user).select_related("topic__congress", "request")
    row = get_object_or_404(found, pk=pk)
    if not may_mark(row, request.user):
        raise Http404
    if not row.topic_id:
        return redirect(mark_url(row))
    return _run(
        request,
        MarkForm(**_filled(request)),
        title="标记批示执行",
        about=str(row.topic),
        quoted=row,
        act=lambda form: topic_instructions.mark_done(row, actor=request.user, **form.once()),
        done="已标记，告诉作批示的领导。",
        then=reverse("supervision:instruction", args=[row.pk]),
        objection=None if row.is_standing else "这条批示已经标为已执行。",
    )


def _filled(request):
    """Arguments for a form: what was sent, be it nothing; else what was typed before the session expired."""
    if request.method == "POST":
        return {"data": request.POST, "files": request.FILES}
    return {"initial": typed_before(request)}


def _run(request, form, *, title, about, act, done, then, quoted=None, objection=None):
    """Show the form, or do what it asks for: a refusal and what was typed come back with it."""
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except Refused as refused:
            problem, status = refused.words, 409
        else:
            messages.success(request, done)
            return redirect(then)
    elif objection:
        problem, status = objection, 409
    elif form.is_bound:
        status = 422
    context = {
        "form": form,
        "title": title,
        "about": about,
        "quoted": quoted,
        "problem": problem,
        "then": then,
        "is_shut": bool(objection),
        "typed": typed_texts(form) if form.is_bound else [],
        "today": timezone.localdate(),
    }
    return render(request, "supervision/instruction_form.html", context, status=status)
