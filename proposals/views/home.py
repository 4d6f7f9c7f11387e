"""The front door: sends each person to the place where their work is."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Role

# Whoever holds several roles comes to the first of these.
WORKPLACES = (
    # Leaders of a standing committee are deputies too.
    (Role.LEADER, "supervision:leader"),
    (Role.DEPUTY, "proposals:my"),
    (Role.LIAISON, "proposals:worklist"),
    (Role.HUB, "proposals:hub"),
    (Role.HANDLER, "proposals:inbox"),
    (Role.SIGNER, "proposals:signing"),
    (Role.COMMITTEE, "supervision:committee"),
    (Role.DELEGATION_STAFF, "proposals:overview"),
    (Role.GOV_LEADER, "supervision:leader"),
    (Role.ADMIN, "admin:index"),
)


@require_safe
def home(request):
    """Redirect to the person's first workplace; without any, a page that says what to do."""
    roles = {grant.role for grant in request.user.active_grants()}
    for role, name in WORKPLACES:
        if role in roles:
            return redirect(name)
    if request.user.is_superuser:
        return redirect("admin:index")
    return render(request, "proposals/no_workplace.html")
