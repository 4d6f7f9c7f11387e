"""年度评议: the meetings, the votes on units, corrections with what they replaced, and the release to the units."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals.lists import number_in

from ..models import Review, ReviewVote
from ..record.counting import scope_for, units_in, years_of
from ..record.forms import ReviewForm, VoteForm
from ..record.pages import records_of
from ..record.reviews import Closed, enter, open_review, release


def _scope(request, congress_id=None):
    """The scope of somebody on the congress's side; 404 for all others. Units see results in their own record."""
    scope = scope_for(request.user, congress_id)
    if not scope.is_open:
        raise Http404
    return scope


def _review(request, pk, *, edits=False):
    """(scope, review); 404 outside the reader's congress, and for all but the office where it changes something."""
    review = get_object_or_404(Review.objects.select_related("congress"), pk=pk)
    scope = _scope(request, review.congress_id)
    if edits and not scope.is_liaison:
        raise Http404
    return scope, review


@require_http_methods(["GET", "POST"])
def reviews(request):
    """All meetings that voted on units, newest first; the office registers a new one."""
    scope = _scope(request, number_in(request.GET.get("congress"), default=0) or None)
    if request.method == "POST" and not scope.is_liaison:
        raise Http404
    years = sorted({*years_of(scope), scope.today.year}, reverse=True)
    posted = request.method == "POST"
    form = ReviewForm(request.POST if posted else None, request.FILES if posted else None, years=years)
    if posted and form.is_valid():
        review = open_review(scope.congress, actor=request.user, data=form.cleaned_data)
        messages.success(request, f"已登记{review}，接着录入各单位的票数。")
        return redirect("supervision:review", review.pk)
    context = {
        "scope": scope,
        "form": form if scope.is_liaison else None,
        "reviews": Review.objects.filter(congress=scope.congress),
        "today": scope.today,
    }
    return render(request, "supervision/reviews.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def review(request, pk):
    """One meeting: its votes beside the scores, and the form for the next unit or a correction."""
    posted = request.method == "POST"
    scope, shown = _review(request, pk, edits=posted)
    votes = list(ReviewVote.objects.filter(review=shown).select_related("unit").order_by("unit", "-pk"))
    standing = {vote.unit_id: vote for vote in votes if vote.replaced_at is None}
    units = units_in(scope)
    form = None
    if scope.is_liaison:
        options = {"units": units.values(), "standing": standing}
        form = (
            VoteForm(request.POST, **options)
            if posted
            else VoteForm(initial=_start(request, standing), **options)
        )
    if posted and form.is_valid():
        unit = units[int(form.cleaned_data["unit"])]
        vote = enter(shown, unit, actor=request.user, data=form.cleaned_data)
        messages.success(request, f"{unit}：{vote.get_result_display()}。")
        return redirect("supervision:review", shown.pk)
    found, formula = records_of(scope, shown.year)
    records = {record.unit.pk: record for record in found}
    context = {
        "scope": scope,
        "review": shown,
        "lines": [(vote, records.get(unit_id)) for unit_id, vote in standing.items()],
        "replaced": [vote for vote in votes if vote.replaced_at],
        "form": form,
        "formula": formula,
        "today": scope.today,
    }
    return render(request, "supervision/review.html", context, status=422 if form and form.errors else 200)


def _start(request, standing):
    """The votes that stand for the unit named in the address, to put them right."""
    vote = standing.get(number_in(request.GET.get("unit"), default=0))
    if vote is None:
        first = next(iter(standing.values()), None)
        return {"present": first.present} if first else {}
    names = ("present", "satisfied", "basically", "dissatisfied", "abstained", "remark")
    return {"unit": str(vote.unit_id)} | {name: getattr(vote, name) for name in names}


@require_POST
def review_release(request, pk):
    """公布 the results to the units."""
    _, shown = _review(request, pk, edits=True)
    try:
        release(shown, actor=request.user)
    except Closed as closed:
        messages.error(request, str(closed))
    else:
        messages.success(
            request, f"{shown}的结果已公布，各单位能看到自己的结果，{shown.year} 年度的评分办法从此固定。"
        )
    return redirect("supervision:review", shown.pk)


@require_safe
def review_scan(request, pk):
    """The scanned result of the vote, for the congress's side."""
    _, shown = _review(request, pk)
    if not shown.scan:
        raise Http404
    try:
        file = shown.scan.open()
    except FileNotFoundError:
        raise Http404("这个附件的文件不在了，请告诉系统管理员。") from None
    response = FileResponse(file, as_attachment=True, filename=shown.scan_name, content_type=shown.scan_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, private=True, no_store=True)
    return response
