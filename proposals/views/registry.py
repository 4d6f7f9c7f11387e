"""建议总表: every proposal that exists for the reader, filtered, sorted, page by page, each state an address."""

from django.db.models import F, Min, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.grants import grants_of

from ..access import Sight
from ..filters import DAYS, RegistryFilter
from ..lists import PAGE_SIZES, addresses, load_cases, number_in, page_of_ids, scope_key
from ..models import Assignment, Clock, Proposal, SecretStub
from ..quiet import quiet_by
from ..readers import Reader
from ..status import HANDLING, PLACE_ENDED, AssignmentStatus, Source
from ..urges import URGING

# What may be sorted by, the first is the default. A column that may be empty has its empty rows last, save
# those not filed yet, which are the newest.
SORTS = {
    "due": "到期日近的在前",
    "filed": "新立案的在前",
    "number": "编号从小到大",
    "number_desc": "编号从大到小",
    "replied": "新答复的在前",
}
STUBS_SHOWN = 100
# Shown at once; the others stand under 更多条件.
FIRST_FIELDS = ("words", "status", "unit", "category", "session")
CHOICE_FIELDS = (
    "source",
    "delegation",
    "deputy",
    "role",
    "light",
    "reply_class",
    "result",
    "attitude",
    "key",
    "mark",
)


@require_safe
def registry(request):
    """The registry page; for htmx its result list alone."""
    if "" in request.GET.values() and not request.headers.get("HX-Request"):
        # A form sends what was left empty too; the address to keep has only what was asked for.
        return redirect(_address(request.GET))
    reader = Reader(request.user)
    base = Proposal.objects.listed_to(request.user)
    filters = RegistryFilter(request.GET, base, reader=reader)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else next(iter(SORTS))
    size = number_in(request.GET.get("size"), PAGE_SIZES[0])
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    page = page_of_ids(
        keys_of(filters, sort, reader),
        number=number_in(request.GET.get("page")),
        size=size,
        count_key=f"{scope_key(request.user)} {reader.today} {_filter_key(filters)}",
    )
    cases = load_cases(page.object_list, request.user)
    page.object_list = [Row(case, request.user, reader.rules) for case in cases]
    address = addresses("proposals:case")
    for row in page.object_list:
        row.url = address(row.proposal.pk)
    _link_clocks(page.object_list)
    _tell_silence(page.object_list, reader)
    may_urge = bool(grants_of(request.user, *URGING)) and any(row.is_at_work for row in page.object_list)
    active = [(item, _without(request.GET, item.name)) for item in filters.active()]
    is_whole = reader.is_congress and page.number == 1 and not active and not filters.problems()
    context = {
        "first_fields": [filters.form[name] for name in FIRST_FIELDS if name in filters.form.fields],
        "more_fields": [filters.form[name] for name in CHOICE_FIELDS if name in filters.form.fields],
        "days": [
            (words, filters.form[f"{name}_from"], filters.form[f"{name}_to"]) for name, words in DAYS.items()
        ],
        "active": active,
        "problems": filters.problems(),
        "more_is_open": any(item.name not in FIRST_FIELDS for item, _ in active),
        "sorts": SORTS,
        "sort": sort,
        "sort_words": SORTS[sort],
        "size": size,
        "sizes": PAGE_SIZES,
        "page": page,
        # 涉密件 are found by nothing: they stand below the whole list alone, and are not of its count.
        "stubs": SecretStub.objects.visible_to(request.user)[:STUBS_SHOWN] if is_whole else [],
        "rules": reader.rules,
        "today": reader.today,
        "may_urge": may_urge,
        "ticks": request.GET.get("tick"),
        "here": request.get_full_path(),
    }
    is_part = request.headers.get("HX-Target") == "results"
    template = "proposals/_registry_results.html" if is_part else "proposals/registry.html"
    response = render(request, template, context)
    if is_part:
        response["HX-Push-Url"] = _address(request.GET)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def search_page(request):
    """检索: the registry with the words asked for."""
    return redirect(_address(request.GET))


def _address(query):
    """The permanent address of a set of conditions: empty ones left out."""
    kept = query.copy()
    for name in list(kept):
        if not kept[name]:
            del kept[name]
    return reverse("proposals:registry") + (f"?{kept.urlencode()}" if kept else "")


def _without(query, name):
    """The address without one condition, back on the first page."""
    rest = query.copy()
    rest.pop(name, None)
    rest.pop("page", None)
    return _address(rest)


def _filter_key(filters):
    """The conditions in force as text; equal for equal result sets."""
    return repr([(item.name, str(filters.form.cleaned_data[item.name])) for item in filters.active()])


def keys_of(filters, sort, reader):
    """Primary keys in the chosen order; the primary key decides between equals."""
    # What words find is little: it is ordered as it is, which saves a query.
    has_words = any(item.name == "words" for item in filters.active())
    if sort == "due" and not has_words and reader.is_unit_only and not reader.is_asked_for_views:
        # By the unit's own dates, so from its places: the proposals are looked at only for the conditions, and
        # none is asked for its date one by one.
        own = Assignment.objects.filter(unit_id__in=reader.unit_ids).order_by()
        if filters.active():
            own = own.filter(proposal__in=filters.qs.order_by().values("pk"))
        own = own.values("proposal").annotate(first=Min("due_on", filter=~Q(status__in=PLACE_ENDED)))
        return own.order_by(F("first").asc(nulls_last=True), "-proposal").values_list("proposal", flat=True)
    return ordered(filters.qs, sort, reader).values_list("pk", flat=True)


def ordered(queryset, sort, reader):
    """The proposals in the chosen order."""
    if sort == "filed":
        return queryset.order_by(F("filed_on").desc(nulls_first=True), "-pk")
    if sort == "replied":
        return queryset.order_by(F("replied_on").desc(nulls_last=True), "-pk")
    if sort == "number":
        return queryset.order_by("number", "pk")
    if sort == "number_desc":
        return queryset.order_by("-number", "-pk")
    key = reader.due_key()
    return queryset.order_by(key.asc(nulls_last=True), "-pk")


def _link_clocks(rows):
    """Give each row the clock behind the date it shows, so that the date can explain itself; one query."""
    shown, address = {row.proposal.pk: row for row in rows if row.due_on}, addresses("proposals:clock")
    clocks = Clock.objects.filter(
        proposal__in=shown, due_on__in={row.due_on for row in shown.values()}, met_on=None, voided_on=None
    )
    for pk, proposal_id, place_id, due_on in clocks.order_by("pk").values_list(
        "pk", "proposal", "assignment", "due_on"
    ):
        row = shown[proposal_id]
        if due_on == row.due_on and row.may_open_clock(place_id):
            row.clock_url = row.clock_url or address(pk)


def _tell_silence(rows, reader):
    """Give each row for how many working days its most silent unit was silent (`quiet_days`), as far as the reader
    is to know: the congress of every unit, a unit of itself and a hub of those below it. At most one query."""
    quiet = quiet_by(reader.rules, reader.today)
    found = quiet.of_places([place for row in rows for place in row.watched])
    for row in rows:
        row.quiet_days = max((found.get(place.pk, 0) for place in row.watched), default=0)


class Row:
    """One line: what the reader may see of a case, ready for the template."""

    clock_url = None

    def __init__(self, case, user, rules):
        self.proposal = case.proposal
        self.source = Source(case.proposal.source).label
        self.sight = Sight.of(case, user)
        places = [
            place
            for place in case.places
            if place.round == case.proposal.round
            and place.status != AssignmentStatus.RELEASED
            and self.sight.sees_place(place)
        ]
        self.replying = [place for place in places if place.replies]
        self.co = [place for place in places if not place.replies]
        mine = [place for place in places if self.sight.is_of_unit(place)]
        self.own = next((place for place in mine if place.is_open), mine[0] if mine else None)
        self.due_on = self._due_on(case)
        self.is_at_work = case.proposal.status in HANDLING
        self.watched = [
            place
            for place in places
            if self.sight.is_congress or self.sight.is_of_unit(place) or self.sight.is_over(place)
        ]
        self.hides_name = self.sight.names_hidden(case.proposal)
        self.replies = [
            (place, rules.letter(place.reply.reply_class), self._rating(case, place))
            for place in self.replying
            if getattr(place, "reply", None) is not None and place.reply.is_issued
        ]

    def may_open_clock(self, place_id):
        """A unit opens the clocks of its own place, the others any of the case."""
        return not self.sight.is_unit_only or (self.own is not None and place_id == self.own.pk)

    def _due_on(self, case):
        if not self.sight.is_unit_only:
            return self.proposal.due_on
        mine = {place.pk for place in case.places if self.sight.is_of_unit(place)}
        # What a hub passed on runs against the dates of its units.
        at_work = [place for place in case.places if place.is_open and mine & {place.pk, place.parent_id}]
        return min((place.due_on for place in at_work if place.due_on), default=None)

    def _rating(self, case, place):
        """The rating to show: a Rating, the word 未表态, or None where there is none or it is masked."""
        if not self.sight.sees_rating(case.proposal, place):
            return None
        return case.rating(place) or ("未表态" if place.reply.silent_on else None)
