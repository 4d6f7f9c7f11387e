"""要事: one screen for a leader, with instructions in three taps."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.grants import grants_of
from accounts.models import Role

from ..leading import leading_of


@require_safe
def leader(request):
    """What needs the leader's word, what is late, disputed, led by them, and what they instructed."""
    grants = grants_of(request.user, Role.LEADER, Role.GOV_LEADER)
    if not grants:
        raise Http404
    leading = leading_of(request.user)
    context = {
        "leading": leading,
        "counts": leading.counts,
        "today": timezone.localdate(),
        "rules": leading.reader.rules,
    }
    return render(request, "supervision/leader.html", context)
