"""重点督办: the board, the meeting-room screen, the page of a topic, its one-page brief (专报)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.grants import grants_of
from accounts.models import Role
from proposals.lists import number_in
from proposals.masking import masked

from ..activity_pages import block_of
from ..instruction_panel import RELATED, prepare
from ..models import Instruction, Topic
from ..topic_actions import may_propose
from ..topic_board import board_for
from ..topic_brief import brief_of
from ..topic_instructions import INSTRUCT
from ..topic_page import TopicPage

# Roles to whom no topic can ever be known.
OUTSIDE = frozenset({Role.ADMIN, Role.DELEGATION_STAFF})


def _board(request):
    """What board and screen have in common; 404 for whoever can know of no topic."""
    if not any(grant.role not in OUTSIDE for grant in grants_of(request.user)):
        raise Http404
    today = timezone.localdate()
    board, years = board_for(request.user, number_in(request.GET.get("year"), None, maximum=9999))
    return {
        "board": board,
        "year": board.year,
        "years": sorted({*years, board.year}, reverse=True),
        "today": today,
        "now": timezone.now(),
    }


@require_safe
def board(request):
    """重点督办建议 of a year: a card per topic."""
    context = _board(request)
    context["may_propose"] = bool(may_propose(request.user))
    return render(request, "supervision/topics/board.html", context)


@require_safe
def screen(request):
    """会议大屏: the same cards to be read from five metres; it renews itself."""
    return render(request, "supervision/topics/screen.html", _board(request))


def visible_topic(user, pk):
    """The topic that this person may see, with its congress; 404 for any other."""
    found = Topic.objects.visible_to(user).select_related("congress", "proposed_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def topic(request, pk):
    """Everything that this reader may see of a topic, and what they may do now."""
    page = TopicPage.of(visible_topic(request.user, pk), request.user)
    context = {
        "page": page,
        "topic": page.topic,
        "today": page.today,
        "rules": page.reader.rules,
        "activities": block_of(request.user, topic=page.topic),
        "panel": _instructions(page),
    }
    return render(request, "supervision/topics/topic.html", context)


def _instructions(page):
    """批示 on the topic that this reader may know, for `_instructions.html`; to see one here is to have read it."""
    found = Instruction.objects.visible_to(page.user).filter(topic=page.topic)
    rows = [prepare(each, page.user) for each in found.select_related("topic").prefetch_related(*RELATED)]
    for row in rows:
        row.words, row.mark_words = (masked(text, page.hidden) for text in (row.words, row.mark_words))
    return {"rows": rows, "today": page.today, "may_write": _may_instruct(page)}


def _may_instruct(page):
    is_open = not INSTRUCT.objection(page.topic)
    return is_open and INSTRUCT.grant_for(page.topic, page.user) is not None


@require_safe
def brief(request, pk):
    """专报: one A4 page for the congress's own people; 404 for the others."""
    page = TopicPage.of(visible_topic(request.user, pk), request.user)
    if not page.is_congress:
        raise Http404
    made = brief_of(page, block_of(request.user, topic=page.topic))
    context = {
        "brief": made,
        "page": page,
        "topic": page.topic,
        "today": page.today,
        "rules": page.reader.rules,
    }
    return render(request, "supervision/topics/brief.html", context | {"now": timezone.now()})
