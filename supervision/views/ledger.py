"""承诺台账: 办复率 beside 落实率, the years, and every promise that the reader follows; its files; the cases behind."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from core.spreadsheets import csv_text
from core.xlsx import CONTENT_TYPE, xlsx_bytes
from proposals.access import Sight, is_judged
from proposals.lists import CountedPaginator, number_in
from proposals.masking import hide, hide_rows
from proposals.promise_page import story_of
from proposals.rules import rules_for_pages
from proposals.status import CommitmentStatus
from proposals.workflow import Case

from ..implementation import Cohort, answered, assigned_cases, cohorts, promises_of, replied_rate
from ..ledger import SOON_DAYS, LedgerFilter, counted, followed, in_order, sheet_rows, tabs_of, units_in

PAGE_SIZE = 25
YEARS_SHOWN = 4
READERS = frozenset(Role) - {Role.ADMIN}


@dataclass(frozen=True)
class Reader:
    """Who looks at the ledger, and what of it they may do."""

    is_liaison: bool
    verifies: bool
    hides_names: bool
    is_deputy: bool
    unit_ids: frozenset
    congress_id: int

    @classmethod
    def of(cls, user):
        grants = [grant for grant in user.active_grants() if grant.role in READERS]
        if not grants:
            raise Http404
        roles = {grant.role for grant in grants}
        return cls(
            is_liaison=Role.LIAISON in roles,
            verifies=bool(roles & {Role.LIAISON, Role.COMMITTEE}),
            hides_names=any(is_judged(grant) for grant in grants),
            is_deputy=roles == {Role.DEPUTY},
            unit_ids=frozenset(g.unit_id for g in grants if g.role == Role.HANDLER),
            congress_id=grants[0].congress_id,
        )


@dataclass
class Found:
    """The promises that the address asks for: of the tab, in order, with the counts of all tabs."""

    filters: LedgerFilter
    promises: object
    counts: dict
    tabs: dict
    tab: str


def _found(request, reader, promises, today):
    units = units_in(promises)
    filters = LedgerFilter(request.GET, promises, today=today, units=units, hides_names=reader.hides_names)
    rows = filters.qs if request.GET.get("year") else followed(filters.qs, today)
    tabs = tabs_of(today, today + timedelta(SOON_DAYS))
    tab = request.GET.get("tab", "all")
    tab = tab if tab in tabs else "all"
    counts = counted(rows, tabs)
    return Found(filters, in_order(rows.filter(tabs[tab][1]), today), counts, tabs, tab)


@require_safe
def ledger(request):
    """The ledger; `?open=` unfolds one row. Deputies have the same on a page that fits a phone."""
    reader = Reader.of(request.user)
    today = timezone.localdate()
    promises = promises_of(request.user)
    found = _found(request, reader, promises, today)
    paginator = CountedPaginator(found.counts[found.tab], PAGE_SIZE)
    number = min(number_in(request.GET.get("page")), paginator.num_pages)
    first = (number - 1) * PAGE_SIZE
    related = ("proposal__lead", "proposal__delegation", "proposal__congress", "unit")
    rows = found.promises.select_related(*related).annotate(files=Count("evidence"))
    page = paginator.page(number)
    page.object_list = list(rows[first : first + PAGE_SIZE])
    by_year = cohorts(promises, today)
    opened = number_in(request.GET.get("open"), 0)
    story = _story(request.user, page.object_list, opened)
    for row in page.object_list:
        row.is_masked = reader.hides_names and row.proposal.hides_proposer
        row.act = _act(row, reader, today)
    hide_rows([row for row in page.object_list if row.is_masked])
    years = sorted(by_year)[-YEARS_SHOWN:]
    context = {
        "reader": reader,
        "page": page,
        "found": found,
        "tabs": [(code, label, found.counts[code]) for code, (label, _) in found.tabs.items()],
        "fields": [found.filters.form[name] for name in ("unit", "outcome", "confirmed")],
        "chosen_year": request.GET.get("year", ""),
        "problems": found.filters.problems(),
        "is_filtered": any(request.GET.get(n) for n in ("words", "unit", "year", "outcome", "confirmed")),
        "story": story,
        "replied": replied_rate(assigned_cases(request.user, today.year)),
        "current": by_year.get(today.year, Cohort(today.year)),
        "years": [by_year[year] for year in years],
        "all_years": sorted(by_year, reverse=True),
        "rules": rules_for_pages(reader.congress_id),
        "today": today,
        "here": request.get_full_path(),
    }
    template = "supervision/my_promises.html" if reader.is_deputy else "supervision/ledger.html"
    return render(request, template, context)


def _story(user, rows, opened):
    """The Story of the row that is unfolded; None for none."""
    row = next((each for each in rows if each.pk == opened), None)
    if row is None:
        return None
    case = Case.to_show(row.proposal_id)
    sight = Sight.of(case, user)
    if case.proposal.hides_proposer:
        hide(case, sight)
    return story_of(case, case.commitment(row.pk), sight, user)


def _act(row, reader, today):
    """(address, words, is primary) of the one thing that this reader does with a row; None for none."""
    form = f"/commitments/{row.pk}/"
    waits = row.status == CommitmentStatus.REPORTED or row.is_disputed
    if reader.verifies and waits and not row.settled_on:
        return f"{form}verify/", "核实" if not row.is_disputed else "看异议", not row.is_disputed
    is_late = row.status == CommitmentStatus.OPEN and row.promised_on < today
    if reader.is_liaison and is_late:
        return f"/urge/?case={row.proposal_id}", "催办", False
    if row.unit_id in reader.unit_ids:
        if row.status == CommitmentStatus.OPEN:
            return f"{form}report_progress/", "报告进展", is_late
        if row.status in ("partly", "broken") and not row.explained_on and not row.settled_on:
            return f"{form}explain_promise/", "写说明", True
    return None


@require_safe
def export(request):
    """导出台账: what the address asks for, as CSV or XLSX (`?format=xlsx`)."""
    reader = Reader.of(request.user)
    today = timezone.localdate()
    found = _found(request, reader, promises_of(request.user), today)
    rows = sheet_rows(found.promises, reader.hides_names, today)
    if request.GET.get("format") == "xlsx":
        response = HttpResponse(xlsx_bytes(rows, sheet="承诺台账"), content_type=CONTENT_TYPE)
        ending = "xlsx"
    else:
        response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
        ending = "csv"
    response["Content-Disposition"] = f'attachment; filename="promises-{today:%Y%m%d}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def cases(request):
    """What 办复率 counts: the cases assigned in a year; `?part=replied` those that were answered."""
    hides_names = Reader.of(request.user).hides_names
    year = number_in(request.GET.get("year"), timezone.localdate().year, maximum=9999)
    rows = assigned_cases(request.user, year)
    is_part = request.GET.get("part") == "replied"
    rows = answered(rows) if is_part else rows
    related = ("congress", "lead", "delegation")
    paginator = Paginator(rows.select_related(*related).order_by("number", "pk"), PAGE_SIZE * 2)
    page = paginator.get_page(request.GET.get("page"))
    for row in page.object_list:
        row.is_masked = hides_names and row.hides_proposer
    context = {"page": page, "year": year, "is_part": is_part, "today": timezone.localdate()}
    return render(request, "supervision/ledger_cases.html", context)
