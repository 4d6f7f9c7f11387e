"""工作台 of the liaison staff: what waits on them, queue by queue, and what they keep an eye on."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.grants import grants_of
from accounts.models import Role
from accounts.nav import COUNT_CAP

from .. import pending
from ..hints import closest, known_closest
from ..lists import CARDS_PER_PAGE, load_cases, load_rows, number_in, page_of_ids
from ..models import Clock, Commitment, Cosignature, Proposal, Waiting
from ..pending import on_paper
from ..queues import PAPER, STACKS, QueueFilter, count_stacks, silent_places
from ..readers import Reader
from ..status import CosignState, HolderKind, ProposalStatus, Queue
from .decisions import extension_queue, objection_queue, return_queue
from .watching import due_queue, places_in_order, quiet_queue, urged_queue

PAGE_SIZE = 25


@require_safe
def worklist(request):
    """The worklist with one queue open; for htmx the queue list and the queue alone."""
    congress_ids = office_of(request.user)
    reader = Reader(request.user)
    stack = STACKS.get(request.GET.get("queue", ""), STACKS[Queue.REVIEW])
    counts = count_stacks(congress_ids, reader)
    own_total = sum(counts[each.code].total for each in STACKS.values() if each.is_own)
    request.user.office_total = own_total
    found = QueueFilter(request.GET, congress_ids)
    context = {
        "stacks": [(each, counts[each.code], _address(each)) for each in STACKS.values()],
        "stack": stack,
        "count": counts[stack.code],
        "own_late": sum(counts[each.code].late for each in STACKS.values() if each.is_own),
        "own_total": own_total,
        "unit_late": counts["due"].late,
        "limit": _limit(stack, reader.rules),
        "found": found,
        "rules": reader.rules,
        "today": reader.today,
        "here": request.get_full_path(),
    } | CONTENTS.get(stack.code, own_queue)(request, stack, reader, congress_ids, found)
    is_part = request.headers.get("HX-Target") == "queue"
    response = render(request, "proposals/_queue.html" if is_part else "proposals/worklist.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def office_of(user):
    """The congresses for which the user is liaison staff; 404 for everybody else."""
    congress_ids = sorted({grant.congress_id for grant in grants_of(user, Role.LIAISON)})
    if not congress_ids:
        raise Http404
    return congress_ids


def _address(stack):
    return f"{reverse('proposals:worklist')}?queue={stack.code}"


def _limit(stack, rules):
    """The rule behind the queue, in words: 提交后 5 个工作日内…"""
    terms = rules.clock(stack.kind) if stack.kind else None
    return f"{terms.start_event}后 {terms.length_text}内{stack.todo}" if terms else stack.todo


def worklist_count(user):
    """How many cases wait on the office, for the header, as its own stacks add up; at most one query."""
    if hasattr(user, "office_total"):
        return user.office_total  # the worklist itself has counted already
    congress_ids = [grant.congress_id for grant in grants_of(user, Role.LIAISON)]
    held = Q(holder_kind=HolderKind.LIAISON, holder_id__in=congress_ids)
    paper = Q(congress_id__in=congress_ids, queue=Queue.RATE) & on_paper()
    return Waiting.objects.filter(held | paper)[: COUNT_CAP + 1].count()


# --- What stands in a queue -----------------------------------------------------------------------------


def own_queue(request, stack, reader, congress_ids, found):
    """Cases that wait on the office itself, soonest due first."""
    is_cards = stack.code in (Queue.JUDGE, Queue.COORDINATE)
    waiting = Proposal.objects.visible_to(request.user).filter(
        found.condition(),
        waiting__holder_kind=HolderKind.LIAISON,
        waiting__holder_id__in=congress_ids,
        waiting__queue=stack.code,
    )
    order = (
        ("-submitted_on", "-pk") if found.newest_first else (F("waiting__due_on").asc(nulls_last=True), "pk")
    )
    page = page_of_ids(
        waiting.order_by(*order).values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=CARDS_PER_PAGE if is_cards else PAGE_SIZE,
    )
    extra = {"signed": _confirmed(), "clock_id": _own_clock()}
    if is_cards:
        cases = load_cases(page.object_list, request.user, with_words=True, **extra)
        page.object_list = [Card(case) for case in cases]
        return {"page": page, "body": "proposals/_queue_cards.html"}
    page.object_list = load_rows(page.object_list, **extra)
    found, unknown = known_closest(page.object_list, request.user) if stack.code == Queue.REVIEW else ({}, [])
    for proposal in page.object_list:
        proposal.closest = found.get(proposal.pk)
    return {
        "page": page,
        "body": "proposals/_queue_table.html",
        "unknown": unknown,
        "request_id": uuid.uuid4(),
    }


@require_safe
def hints(request):
    """The hints of 疑似相似 that the page left out because they take long; htmx puts them into their rows."""
    congress_ids = office_of(request.user)
    keys = [number_in(value, 0) for value in request.GET.getlist("case")[:PAGE_SIZE]]
    waiting = Proposal.objects.visible_to(request.user).filter(
        pk__in=keys, congress_id__in=congress_ids, status=ProposalStatus.SUBMITTED
    )
    proposals = list(waiting.only("congress", "title", "version"))
    found = closest(proposals, request.user)
    rows = [(proposal.pk, found.get(proposal.pk)) for proposal in proposals]
    return render(request, "proposals/_hints.html", {"hints": rows})


def _confirmed():
    """How many deputies co-signed, as a column of proposals."""
    signed = Cosignature.objects.filter(proposal=OuterRef("pk"), state=CosignState.CONFIRMED).order_by()
    return Coalesce(Subquery(signed.values("proposal").annotate(n=Count("pk")).values("n")), 0)


def _own_clock():
    """The open clock of the proposal itself, which explains its due date, as a column of proposals."""
    clocks = Clock.objects.filter(
        proposal=OuterRef("pk"), assignment=None, commitment=None, met_on=None, voided_on=None
    )
    return Subquery(clocks.order_by("pk").values("pk")[:1])


@dataclass
class Card:
    """A case to be judged, with the round's replies and ratings."""

    case: object

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def judged(self):
        """(place, reply, rating) of every issued reply of the round."""
        places = [place for place in self.case.replying_places if self.case.reply(place) is not None]
        return [(place, place.reply, self.case.rating(place)) for place in places if place.reply.is_issued]


def verify_queue(request, stack, reader, congress_ids, found):
    """Promises that a unit reported done, or whose verification the proposer objects to, oldest first."""
    waiting = Waiting.objects.filter(
        found.condition("proposal__"),
        holder_kind=HolderKind.LIAISON,
        holder_id__in=congress_ids,
        queue=Queue.VERIFY,
    )
    page = page_of_ids(
        waiting.order_by("commitment__done_on", "pk").values_list("commitment_id", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
    )
    related = ("unit", "proposal", "proposal__lead", "proposal__delegation")
    rows = Commitment.objects.filter(pk__in=page.object_list).select_related(*related)
    by_pk = {row.pk: row for row in rows.annotate(files=Count("evidence"))}
    page.object_list = [by_pk[pk] for pk in page.object_list if pk in by_pk]
    return {"page": page, "body": "proposals/_queue_verify.html"}


def silent_queue(request, stack, reader, congress_ids, found):
    """Replies that were marked 未表态, newest first."""
    places = (
        silent_places(congress_ids, reader).visible_to(request.user).filter(found.condition("proposal__"))
    )
    page = page_of_ids(
        places.order_by("-reply__silent_on", "-pk").values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
    )
    page.object_list = places_in_order(page.object_list)
    return {"page": page, "body": "proposals/_queue_silent.html"}


def paper_queue(request, stack, reader, congress_ids, found):
    """Replies that wait for a rating on paper: of deputies without an account; with `range=all` every one."""
    shows_all = request.GET.get("range") == "all"
    waiting = pending.awaited_ratings(congress_ids).filter(found.condition("proposal__"))
    if not shows_all:
        waiting = waiting.filter(pending.on_paper())
    order = (
        ("-proposal__submitted_on", "-pk") if found.newest_first else (F("due_on").asc(nulls_last=True), "pk")
    )
    page = page_of_ids(
        waiting.order_by(*order).values_list("assignment_id", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
    )
    page.object_list = places_in_order(page.object_list, step_due_on=F("waiting__due_on"))
    return {"page": page, "body": "proposals/_queue_paper.html", "shows_all": shows_all}


CONTENTS = {
    Queue.RETURN: return_queue,
    Queue.EXTENSION: extension_queue,
    Queue.OBJECTION: objection_queue,
    Queue.VERIFY: verify_queue,
    PAPER: paper_queue,
    "due": due_queue,
    "quiet": quiet_queue,
    "urged": urged_queue,
    "silent": silent_queue,
}
