"""期限怎么算的: the page of one clock beside the others of its case; for htmx the small card alone."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.dates import cn_date

from .. import case_page
from ..access import Sight
from ..explanations import clock_card, clock_light
from ..models import Clock


@require_safe
def clock_page(request, pk):
    """How a due date came about. What the reader may not see of the case does not exist here either."""
    proposal_id = get_object_or_404(Clock.objects.values_list("proposal_id", flat=True), pk=pk)
    case = case_page.load(request.user, proposal_id)
    sight = Sight.of(case, request.user)
    clocks = [clock for clock in case.clocks if sight.sees_clock(case, clock)]
    clock = next((clock for clock in clocks if clock.pk == pk), None)
    if clock is None:
        raise Http404
    context = {
        "proposal": case.proposal,
        "sight": sight,
        "card": clock_card(clock, case.today, case.rules, case.calendar),
        "whose": whose(case, clock),
        "today": case.today,
        "clocks": [_entry(case, other) for other in _sorted(clocks)],
    }
    template = "proposals/_clock_card.html" if request.htmx else "proposals/clock.html"
    return render(request, template, context)


def whose(case, clock):
    """Whose term it is, in words: the unit, and the round where there was more than one; else empty."""
    if clock.commitment_id:
        return str(clock.commitment.unit)
    if not clock.assignment_id:
        return ""
    place = case.place(clock.assignment_id)
    words = f"{place.unit}（{place.get_role_display()}）"
    return f"{words}第 {place.round} 轮" if case.proposal.round > 1 else words


def _entry(case, clock):
    """One line of the list at the side; of an ended term just when it ended."""
    light, left = clock_light(clock, case.today, case.rules)
    if clock.met_on:
        left = f"{cn_date(clock.met_on, case.today)}完成"
    elif clock.voided_on:
        left = f"{cn_date(clock.voided_on, case.today)}止"
    return {"clock": clock, "whose": whose(case, clock), "light": light, "left": left}


def _sorted(clocks):
    """Running ones first, the next due on top; then the ended ones, the latest on top."""
    running = sorted((c for c in clocks if c.is_open), key=lambda c: (c.due_on, c.pk))
    return running + sorted(
        (c for c in clocks if not c.is_open), key=lambda c: (c.due_on, c.pk), reverse=True
    )
