"""机构改革 in bulk: the open cases of an abolished unit, each adjusted to its successor on the same term."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.grants import grants_of
from accounts.models import Role
from institutions.models import Unit
from institutions.succession import acting_unit

from ..forms import CONTROL
from ..lists import number_in
from ..models import Assignment
from ..status import PLACE_ENDED, AssignmentRole
from ..workflow import Case
from .hub import hub_units
from .many import perform_one

MOST = 50
DEFAULT_REASON = "机构改革，职能划入承接单位。"


@dataclass
class Line:
    """One open case of the abolished unit: its place, and why it was not adjusted (empty before it is tried)."""

    place: Assignment
    words: str = ""
    is_ticked: bool = True


def _open_places(user):
    """Open places of abolished units that this user may adjust: the congress's own, or below the user's hubs."""
    congress_ids = {grant.congress_id for grant in grants_of(user, Role.LIAISON)}
    hubs = hub_units(user)
    if not congress_ids and not hubs:
        raise Http404
    own_level = Q(congress__in=congress_ids, parent=None) | Q(parent__unit__in=hubs)
    places = Assignment.objects.visible_to(user).filter(own_level, unit__successor__isnull=False)
    return places.exclude(status__in=PLACE_ENDED)


@require_safe
def reforms(request):
    """The abolished units that still hold open cases, with their successors."""
    counts = _open_places(request.user).order_by().values("unit").annotate(n=Count("pk"))
    numbers = {row["unit"]: row["n"] for row in counts}
    units = Unit.objects.filter(pk__in=numbers).select_related("successor").order_by("pk")
    rows = [(unit, numbers[unit.pk]) for unit in units]
    return render(request, "proposals/reforms.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def reform(request, pk):
    """One abolished unit: tick its open cases; each becomes an adjustment of its own, the reply term kept."""
    places = _open_places(request.user).filter(unit=pk)
    unit = get_object_or_404(
        Unit.objects.select_related("successor", "congress"), pk=pk, successor__isnull=False
    )
    congress_ids = {grant.congress_id for grant in grants_of(request.user, Role.LIAISON, Role.HUB)}
    if unit.congress_id not in congress_ids:
        raise Http404
    heir = _heir(unit)
    related = ("unit", "proposal", "proposal__congress", "proposal__lead", "parent__unit")
    found = list(places.select_related(*related).order_by("due_on", "pk")[:MOST])
    lines = [Line(place) for place in found]
    if request.method == "POST":
        reason = CONTROL.sub("", request.POST.get("reason", "")).strip()[:500]
        lines = _adjust_ticked(request, unit, heir, lines, reason or DEFAULT_REASON)
        if lines is None:
            return redirect("proposals:reform", pk)
    context = {
        "unit": unit,
        "heir": heir,
        "lines": lines,
        "request_id": uuid.uuid4(),
        "reason": request.POST.get("reason", DEFAULT_REASON),
    }
    status = 422 if any(line.words for line in lines) else 200
    return render(request, "proposals/reform.html", context, status=status)


def _heir(unit):
    """Who takes over: the last of the successors, should the first have been abolished as well."""
    acting = acting_unit(unit.pk)
    return unit.successor if acting == unit.pk else Unit.objects.get(pk=acting)


def _adjust_ticked(request, unit, heir, lines, reason):
    """Adjust each ticked case; None where all went well, else the lines that are left, with their reasons."""
    ticked = set(request.POST.getlist("place"))
    done, left = [], []
    for line in lines:
        if str(line.place.pk) not in ticked:
            line.is_ticked = False
            left.append(line)
            continue
        line.words = _adjust(request, unit, heir, line.place, reason)
        (left if line.words else done).append(line)
    if done:
        numbers = "、".join(line.place.proposal.number_text for line in done)
        messages.success(request, f"已改由{heir}承办 {len(done)} 件：{numbers}。")
    if not ticked:
        messages.warning(request, "还没有勾选要调整的建议。")
    return left if any(line.words for line in left) else None


def _adjust(request, unit, heir, place, reason):
    """One adjustment with the successor in the unit's place. Returns why it was not done, empty when it was."""
    case = Case.load(place.proposal_id)
    level = [p for p in case.round_places if p.parent_id == place.parent_id]
    placements = [{"unit": p.unit, "role": p.role} for p in level if p.unit_id not in (unit.pk, heir.pk)]
    # A successor that has a place already keeps that one alone; where the abolished unit led, it leads.
    roles = {p.role for p in level if p.unit_id in (unit.pk, heir.pk)}
    role = AssignmentRole.LEAD if AssignmentRole.LEAD in roles else place.role
    placements.append({"unit": heir, "role": role})
    data = {
        "placements": placements,
        "reason": reason,
        "is_reform": True,
        "parent_id": place.parent_id,
    }
    version = number_in(request.POST.get(f"version-{place.pk}"), default=0)
    return perform_one(request, "adjust", case.proposal, version=version, data=data)
