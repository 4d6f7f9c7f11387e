"""本委: a committee's page of its own field, what it answers for, and following a case."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.grants import grants_of
from accounts.models import Role
from accounts.views import safe_next
from institutions.models import Committee
from proposals.access import CONGRESS_ROLES
from proposals.lists import load_cases, number_in, page_of_ids
from proposals.models import Proposal
from proposals.views.registry import Row

from ..committee_forms import FieldForm
from ..following import may_follow, set_following
from ..overseeing import STACKS, Field

PAGE_SIZE = 25
KEEPERS = (Role.LIAISON, Role.ADMIN)


@require_safe
def committee(request):
    """The field of the person's committees: its cases by how they stand, topics, what waits for verification."""
    found = Field(request.user)
    if not found.grants:
        raise Http404
    stack = STACKS.get(request.GET.get("queue", ""), STACKS["open"])
    context = _page(request, found, stack) | {
        "counts": [(each, found.counts[each.code]) for each in STACKS.values()],
        "field": found,
        "committees": "、".join(dict.fromkeys(str(grant.committee) for grant in found.grants)),
    }
    return render(request, "supervision/committee.html", context)


@require_safe
def following(request):
    """我关注的, for whoever reads the whole congress."""
    if not grants_of(request.user, *CONGRESS_ROLES):
        raise Http404
    context = _page(request, Field(request.user), STACKS["following"])
    return render(request, "supervision/following.html", context)


def _page(request, found, stack):
    """The cases of a stack, page by page, as rows of the registry."""
    page = page_of_ids(
        found.cases(stack.code).values_list("pk", flat=True),
        number=number_in(request.GET.get("page")),
        size=PAGE_SIZE,
        count_key=f"field {request.user.pk} {stack.code} {found.today}",
    )
    cases = load_cases(page.object_list, request.user)
    page.object_list = [Row(case, request.user, found.reader.rules) for case in cases]
    return {
        "page": page,
        "stack": stack,
        "today": found.today,
        "rules": found.reader.rules,
        "here": request.get_full_path(),
    }


@require_POST
def follow(request, pk):
    """关注, or no more: back to the page it came from."""
    proposal = get_object_or_404(Proposal.objects.listed_to(request.user), pk=pk)
    if not may_follow(request.user, proposal):
        raise Http404
    wanted = request.POST.get("follow") == "1"
    set_following(request.user, proposal, wanted)
    words = "已关注，有主要进展会告诉您。" if wanted else "已不再关注。"
    messages.success(request, words)
    return redirect(safe_next(request, default=reverse("proposals:case", args=[pk])))


@require_http_methods(["GET", "POST"])
def fields(request):
    """对口: which units and categories each committee answers for; the office and the administrator keep it."""
    congress_ids = {grant.congress_id for grant in grants_of(request.user, *KEEPERS)}
    if not congress_ids:
        raise Http404
    committees = Committee.objects.filter(congress__in=congress_ids, is_active=True)
    committees = list(committees.select_related("congress").prefetch_related("fields", "field_changes"))
    wanted = request.POST.get("committee", "")
    forms = []
    for each in committees:
        is_posted = request.method == "POST" and wanted == str(each.pk)
        form = FieldForm(request.POST if is_posted else None, committee=each)
        if is_posted and form.is_valid():
            form.save(request.user)
            messages.success(request, f"{each}的对口单位和类别已保存。")
            return redirect("supervision:committee_fields")
        forms.append(form)
    if request.method == "POST" and not any(form.is_bound for form in forms):
        raise Http404
    is_bad = any(form.is_bound for form in forms)
    return render(request, "supervision/fields.html", {"forms": forms}, status=422 if is_bad else 200)
