"""各单位办理情况: the list of units, a unit's year, its printed score, and the list behind each figure."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.spreadsheets import csv_text
from institutions.models import Unit
from institutions.succession import acting_unit
from proposals.lists import number_in
from proposals.rules import rules_for_pages

from ..record.counting import family, scope_for, scopes_of, units_in, years_of
from ..record.figures import FIGURES
from ..record.listing import page_of
from ..record.pages import Record, records_of
from ..record.sheets import columns, sheet_rows

SORTS = {
    "unit": "按单位排列",
    "cases": "承办多的在前",
    "replied": "答复多的在前",
    "overdue": "超期多的在前",
    "score": "得分高的在前",
}


def _year(request, scope):
    """(the year asked for, the years there are); the newest with numbered cases where none is named."""
    years = years_of(scope)
    year = number_in(request.GET.get("year"), default=years[0])
    if year not in years:
        raise Http404
    return year, years


def _sorted(records, sort):
    keys = {
        "unit": lambda r: r.unit.pk,
        "cases": lambda r: (-r.cases, r.unit.pk),
        "replied": lambda r: (-r.numbers["replied"], r.unit.pk),
        "overdue": lambda r: (-r.numbers["reply_overdue"] - r.numbers["reply_late"], r.unit.pk),
        # Those without a rank keep the order of units, so that the list ranks nobody by stealth.
        "score": lambda r: (r.rank is None, r.rank or 0, r.unit.pk),
    }
    return sorted(records, key=keys[sort])


@require_safe
def records(request):
    """Every unit of the year in one table; ranked only where there is enough to rank."""
    scope = scope_for(request.user, _congress(request))
    year, years = _year(request, scope)
    if not (scope.is_open or scope.is_over):
        return redirect("supervision:record_own")
    found, formula = records_of(scope, year)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "unit"
    context = {
        "scope": scope,
        "records": _sorted(found, sort),
        "formula": formula,
        "year": year,
        "years": years,
        "sort": sort,
        "sorts": SORTS,
        "ranked": sum(1 for record in found if record.rank),
        "congresses": _congresses(request.user),
    }
    return render(request, "supervision/records.html", context)


@require_safe
def export(request):
    """The same table as a file for spreadsheets (CSV)."""
    scope = scope_for(request.user, _congress(request))
    year, _ = _year(request, scope)
    if not (scope.is_open or scope.is_over):
        raise Http404
    found, formula = records_of(scope, year)
    rows = [columns(scope, formula), *sheet_rows(_sorted(found, "unit"), scope, formula)]
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unit-records-{year}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def own(request):
    """The record of the person's own unit; the first of several, from which the others are one click away."""
    scope = scope_for(request.user, _congress(request))
    units = units_in(scope)
    mine = [pk for pk in units if pk in {acting_unit(own) for own in scope.unit_ids}]
    if not mine:
        raise Http404
    return redirect("supervision:record", mine[0])


@require_safe
def record(request, pk):
    """办理情况 of one unit in one year: figures, the score line by line, what to look at, 评议."""
    shown = _record(request, pk)
    return shown if isinstance(shown, HttpResponse) else render(request, "supervision/record.html", shown)


@require_safe
def sheet(request, pk):
    """评分表 on A4."""
    shown = _record(request, pk)
    return (
        shown if isinstance(shown, HttpResponse) else render(request, "supervision/record_sheet.html", shown)
    )


def _record(request, pk):
    """The context of a unit's pages, or the redirect to the unit that stands for it now."""
    unit, scope, units = _unit(request, pk)
    if unit.pk != pk:
        return redirect(request.resolver_match.view_name, unit.pk)
    year, years = _year(request, scope)
    return {
        "scope": scope,
        "unit": unit,
        "record": Record(scope, unit, year),
        "year": year,
        "years": years,
        "units": units.values(),
        "predecessors": Unit.objects.filter(pk__in=family(unit) - {unit.pk}) if len(family(unit)) > 1 else (),
        "rules": rules_for_pages(scope.congress.pk),
        "today": scope.today,
    }


def _unit(request, pk):
    """(unit that stands for this one now, scope, units that may be looked at); 404 for whoever may not know of it."""
    for scope in scopes_of(request.user):
        units = units_in(scope)
        if unit := units.get(acting_unit(pk)):
            return unit, scope, units
    raise Http404


@require_safe
def chosen(request):
    """换单位: the form of the page sends the unit and the year, the answer is that unit's address."""
    pk, year = number_in(request.GET.get("unit"), default=0), number_in(request.GET.get("year"), default=0)
    unit, _, _ = _unit(request, pk)
    return redirect(reverse("supervision:record", args=[unit.pk]) + (f"?year={year}" if year else ""))


@require_safe
def record_figure(request, pk, figure):
    """The list of exactly what a figure counted."""
    unit, scope, _ = _unit(request, pk)
    if figure not in FIGURES:
        raise Http404
    if unit.pk != pk:
        return redirect("supervision:record_figure", unit.pk, figure)
    year, _ = _year(request, scope)
    page = page_of(figure, scope, year, family(unit), number_in(request.GET.get("page")))
    context = {
        "scope": scope,
        "unit": unit,
        "year": year,
        "figure": FIGURES[figure],
        "page": page,
        "today": scope.today,
    }
    return render(request, "supervision/record_figure.html", context)


def _congress(request):
    """The congress asked for in the address, where somebody serves several; None for the person's first."""
    return number_in(request.GET.get("congress"), default=0) or None


def _congresses(user):
    """The congresses to choose from, where there are several."""
    found = {grant.congress_id: grant.congress for grant in user.active_grants()}
    return list(found.values()) if len(found) > 1 else []
