"""The page of one promise (承诺事项): its course, and what may be done about it now."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import promise_page
from ..access import Sight
from ..masking import hide
from ..models import Commitment, Proposal
from ..workflow import Case


@require_safe
def commitment(request, pk):
    """Everything that this reader may see of the promise; the proposer's visit marks its explanations as read."""
    found = Commitment.objects.visible_to(request.user).filter(pk=pk)
    try:
        case = Case.to_show(found.values("proposal")[:1])
    except Proposal.DoesNotExist:
        raise Http404 from None
    sight = Sight.of(case, request.user)
    if case.proposal.hides_proposer:
        hide(case, sight)
    promise = case.commitment(pk)
    story = promise_page.story_of(case, promise, sight, request.user)
    promise_page.mark_read(story, sight)
    context = {
        "case": case,
        "proposal": case.proposal,
        "sight": sight,
        "promise": promise,
        "story": story,
        "hides_names": sight.names_hidden(case.proposal),
        "rules": case.rules,
        "today": case.today,
    }
    return render(request, "proposals/promise.html", context)
