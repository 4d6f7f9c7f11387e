"""回头看名单 of a year, and B 类再交办: the ticked cases are handed out again to the same units in one step."""

import uuid

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from proposals.forms import PlainText
from proposals.lists import number_in
from proposals.models import LookBack, Proposal
from proposals.status import ProposalStatus, RedoCause
from proposals.views.many import perform_one
from proposals.views.worklist import office_of

from ..look_backs import listed_cases, same_placements

PAGE_SIZE = 25
MOST = 100
REDOABLE = frozenset({ProposalStatus.DISPUTED, ProposalStatus.COORDINATION, ProposalStatus.CLOSED})
REASON = PlainText(label="再交办要求", max_length=500)


@require_safe
def look_back(request):
    """The list of a year, a row per case."""
    congress_ids = office_of(request.user)
    year = number_in(request.GET.get("year"), timezone.localdate().year, maximum=9999)
    return _page(request, congress_ids, year)


def _page(request, congress_ids, year, *, problem="", status=200, reason="", ticked=()):
    rows = LookBack.objects.filter(commitment__proposal__congress__in=congress_ids)
    open_ones = Count("pk", filter=Q(closed_on=None))
    years = list(rows.order_by("-year").values("year").annotate(total=Count("pk"), open=open_ones))
    on_list = rows.filter(commitment__proposal=OuterRef("pk"), year=year)
    if request.GET.get("state", "open") == "open":
        on_list = on_list.filter(closed_on=None)
    cases = Proposal.objects.filter(Exists(on_list)).select_related("congress", "lead", "delegation")
    page = Paginator(cases.order_by("number", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = listed_cases(list(page.object_list), year)
    for each in page.object_list:
        each.may_redo = each.is_open and each.proposal.status in REDOABLE
    context = {
        "page": page,
        "year": year,
        "years": years,
        "shows_open": request.GET.get("state", "open") == "open",
        "request_id": uuid.uuid4(),
        "today": timezone.localdate(),
        "problem": problem,
        "reason": reason,
        "ticked": ticked,
    }
    return render(request, "supervision/look_back.html", context, status=status)


@require_POST
def reassign(request):
    """B 类再交办 of the ticked cases, one perform each; says what came of every one."""
    congress_ids = office_of(request.user)
    year = number_in(request.POST.get("year"), timezone.localdate().year, maximum=9999)
    keys = [number_in(key, 0) for key in request.POST.getlist("case")[:MOST]]
    reason = REASON.to_python(request.POST.get("reason", ""))
    problem = _problem(keys, reason)
    if problem:
        return _page(
            request, congress_ids, year, problem=problem, status=422, reason=reason, ticked=set(keys)
        )
    visible = Proposal.objects.visible_to(request.user).filter(pk__in=keys, congress__in=congress_ids)
    cases = visible.select_related("congress", "lead", "delegation").order_by("number", "pk")
    done, undone = [], []
    for listed in listed_cases(list(cases), year):
        data = {
            "placements": same_placements(listed),
            "cause": RedoCause.REASSIGNED,
            "reason": reason,
        }
        version = number_in(request.POST.get(f"version-{listed.proposal.pk}"), 0)
        words = perform_one(request, "order_redo", listed.proposal, version=version, data=data)
        (undone if words else done).append((listed, words))
    context = {"done": done, "undone": undone, "year": year}
    return render(request, "supervision/look_back_result.html", context)


def _problem(keys, reason):
    if not keys:
        return "还没有勾选要再交办的建议。"
    if not reason.strip():
        return "请写再交办要求，承办单位和代表看得到。"
    if len(reason) > REASON.max_length:
        return f"再交办要求最多 {REASON.max_length} 字，您写了 {len(reason)} 字，请删减。"
    return ""
