"""The office's pages of decision: review (审查), judging (研判、协调), and what assigning would start."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from institutions.models import Unit

from .. import decisions
from ..forms import FORM_FOR
from ..lists import number_in
from ..models import Proposal
from ..status import AssignmentRole
from ..workflow import Case
from ..workflow.engine import check
from ..workflow.errors import Denied
from ..workflow.table import TABLE
from .actions import form_page
from .worklist import office_of


@require_safe
def review(request, pk):
    """审查: the whole text beside the three decisions, 立案 first."""
    return _decide(request, pk, decisions.REVIEW_CODES)


@require_safe
def judge(request, pk):
    """研判、协调: replies and ratings beside the decisions."""
    return _decide(request, pk, decisions.JUDGE_CODES)


def _decide(request, pk, codes):
    """The page of the first decision that may be taken; the case itself where none may any more."""
    case = _case(request, pk)
    offers = decisions.siblings(case, request.user, codes[0])
    if not offers:
        status = case.proposal.get_status_display()
        messages.info(request, f"{case.proposal.number_text}现在是“{status}”，不用您在这里决定。")
        return redirect("proposals:case", pk)
    row = offers[0].row
    form = FORM_FOR[row.code](case=case, subject=case.proposal, user=request.user)
    return form_page(request, row, case, case.proposal, form)


def _case(request, pk):
    """The case, if it is one of the congresses for which this person is the office; 404 for any other."""
    ours = Proposal.objects.visible_to(request.user).filter(congress_id__in=office_of(request.user))
    get_object_or_404(ours, pk=pk)
    return Case.load(pk)


@require_safe
def assign_effects(request, pk):
    """What assigning would start with the units and dates chosen so far; for htmx."""
    case = _case(request, pk)
    try:
        check(TABLE["assign"], case, case.proposal, request.user)
    except Denied:
        raise Http404 from None
    chosen = {
        AssignmentRole.LEAD: request.GET.getlist("lead")[:1],
        AssignmentRole.CO: request.GET.getlist("co"),
        AssignmentRole.SEPARATE: request.GET.getlist("separate"),
    }
    keys = {role: [number_in(value, 0) for value in values] for role, values in chosen.items()}
    wanted = [key for values in keys.values() for key in values][:200]
    units = Unit.objects.filter(congress=case.proposal.congress, pk__in=wanted).in_bulk()
    by_role = {role: [units[key] for key in values if key in units] for role, values in keys.items()}
    words, objection = decisions.placement_words(case, by_role)
    context = {
        "started": decisions.started_by_assigning(
            case,
            is_complex="is_complex" in request.GET,
            early=decisions.day_in(request.GET.get("reply_due_on")),
        ),
        "placement": words,
        "objection": objection,
        "case": case,
    }
    return render(request, "proposals/_assign_effects.html", context)
