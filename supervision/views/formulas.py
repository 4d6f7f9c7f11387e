"""评分办法: what is in force for a year with its history, and the form by which the office changes it."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from institutions.models import Unit
from proposals.lists import number_in

from ..models import ScoreFormula
from ..record.counting import scope_for, units_in, years_of
from ..record.forms import MOST_ROWS, FormulaForm, ItemFormSet, initial_rows
from ..record.formulas import Frozen, InForce, Stale, from_preset, in_force, is_frozen, keep
from ..record.pages import Record
from ..record.presets import PRESETS


def _scope_and_year(request, *, edits=False):
    """The reader's scope and the year asked for; 404 for the judged side, and for all but the office where it edits."""
    scope = scope_for(request.user, number_in(request.GET.get("congress"), default=0) or None)
    if not scope.is_open or (edits and not scope.is_liaison):
        raise Http404
    years = _years(scope)
    year = number_in(request.GET.get("year"), default=years[0])
    if year not in years:
        raise Http404
    return scope, year, years


def _years(scope):
    """The years that a formula can be for: those with cases, and this one."""
    return sorted({*years_of(scope), scope.today.year}, reverse=True)


@require_safe
def formula(request):
    """The formula of a year, line by line, and every version there was."""
    scope, year, years = _scope_and_year(request)
    current = in_force(scope.congress, year)
    context = {
        "scope": scope,
        "year": year,
        "years": years,
        "formula": current,
        "history": ScoreFormula.objects.filter(congress=scope.congress, year=year),
        "is_frozen": is_frozen(scope.congress, year),
        "presets": PRESETS.values(),
        "today": scope.today,
    }
    return render(request, "supervision/formula.html", context)


@require_http_methods(["GET", "POST"])
def formula_edit(request):
    """Change the formula of a year, by way of a trial on one unit where that is wanted."""
    scope, year, _ = _scope_and_year(request, edits=True)
    if is_frozen(scope.congress, year):
        messages.info(request, f"{year} 年度评议已经公布，评分办法不再改。")
        return redirect(_address(scope, year))
    if request.method == "GET":
        return _form_page(request, scope, year, *_blank(request, scope, year))
    form, items = FormulaForm(request.POST), ItemFormSet(request.POST, prefix="items")
    # Both are asked, so that everything that is wrong is told at once.
    fine = items.is_valid()
    fine = form.is_valid() and fine
    rows = [row for row in (each.row() for each in items if each.is_valid()) if row] if items.is_bound else []
    if not fine or not form.check_rows(rows):
        return _form_page(request, scope, year, form, items, status=422)
    wanted = _wanted(scope, year, form.cleaned_data, rows)
    if "preview" in request.POST:
        return _form_page(request, scope, year, form, items, trial=_trial(request, scope, year, wanted))
    try:
        keep(
            wanted,
            seen=form.cleaned_data["seen"],
            actor=request.user,
            request_id=form.cleaned_data["request_id"],
        )
    except Stale as stale:
        form.add_error(
            None,
            f"{stale.latest.made_by}刚改过这个办法（第 {stale.latest.version} 版）。"
            "您写的内容还在下面；请先看现在的办法，再决定要不要保存。",
        )
        form.data = form.data.copy()  # `|` would make lists of what was typed
        form.data["seen"] = stale.latest.pk or ""
        return _form_page(request, scope, year, form, items, status=409)
    except Frozen:
        messages.info(request, f"{year} 年度评议刚刚公布，评分办法不再改，没有保存。")
        return redirect(_address(scope, year))
    messages.success(request, f"{year} 年度的评分办法已保存，各单位的得分按它重新计算。")
    return redirect(_address(scope, year))


def _address(scope, year):
    return f"{reverse('supervision:formula')}?year={year}&congress={scope.congress.pk}"


def _blank(request, scope, year):
    """The form with what is in force, or with a preset where one is asked for."""
    row = in_force(scope.congress, year).row
    preset = PRESETS.get(request.GET.get("preset"))
    shown = from_preset(preset, scope.congress, year) if preset else row
    initial = {
        name: getattr(shown, name)
        for name in ("title", "source", "mode", "min_ratings", "min_cases", "ranks_complete_only")
    }
    initial |= {"seen": row.pk, "request_id": uuid.uuid4()}
    items = ItemFormSet(prefix="items", initial=initial_rows(shown.items))
    return FormulaForm(initial=initial), items


def _wanted(scope, year, cleaned, rows):
    """An unsaved ScoreFormula of what was filled in."""
    fields = {name: value for name, value in cleaned.items() if name not in ("seen", "request_id")}
    return ScoreFormula(congress=scope.congress, year=year, items=rows, version=0, **fields)


def _trial(request, scope, year, wanted):
    """The record of the chosen unit by the formula that is being written."""
    units = units_in(scope)
    unit = units.get(number_in(request.POST.get("unit"), default=0)) or next(iter(units.values()), None)
    return Record(scope, unit, year, formula=InForce(wanted)) if unit else None


def _form_page(request, scope, year, form, items, *, trial=None, status=200):
    context = {
        "scope": scope,
        "year": year,
        "form": form,
        "items": items,
        "trial": trial,
        "units": Unit.objects.filter(pk__in=units_in(scope)),
        "chosen": number_in(request.POST.get("unit"), default=0),
        "presets": PRESETS.values(),
        "most": MOST_ROWS,
    }
    return render(request, "supervision/formula_edit.html", context, status=status)
