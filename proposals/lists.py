"""What all lists share: numbered pages at a fixed cost, and the cases of a page loaded at once.

A list takes the ids of its page from an index and then loads those rows with what they show; the total is
counted once a minute per scope and filter, and not at all where the page itself tells it.
"""

import hashlib
from collections import defaultdict

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.urls import reverse

from .models import Assignment, Cosignature, Proposal
from .workflow import Case

PAGE_SIZES = (25, 50, 100)
# Cards with a form on each.
CARDS_PER_PAGE = 10
COUNT_SECONDS = 60
# The columns that rows of lists show; the long texts would be a hundred kilobytes a page, and even the short
# columns of what hangs on a proposal would be most of the time that a page takes.
SHOWN = (
    "congress__code",
    "source",
    "number",
    "title",
    "category__name",
    "lead__name",
    "delegation__name",
    "hides_proposer",
    "is_delegations",
    "entered_by",
    "status",
    "version",
    "round",
    "due_on",
    "submitted_on",
    "filed_on",
    "replied_on",
    "closed_on",
)
PLACE_SHOWN = (
    "proposal",
    "parent",
    "unit__name",
    "unit__is_hub",
    "role",
    "round",
    "status",
    "due_on",
    "stirred_on",
    "reply__assignment",
    "reply__reply_class",
    "reply__issued_at",
    "reply__issued_on",
    "reply__silent_on",
    "reply__rating__reply",
    "reply__rating__attitude",
    "reply__rating__result",
)
RELATED = ("congress", "lead", "delegation", "category")


class CountedPaginator(Paginator):
    """A paginator that is told its total."""

    def __init__(self, count, per_page):
        super().__init__((), per_page)
        self.count = count


def scope_key(user):
    """What decides which rows a user sees, as a short text: equal for users who see the same."""
    grants = {
        (grant.role, grant.congress_id, grant.unit_id, grant.deputy_id, grant.delegation_id)
        for grant in user.active_grants()
    }
    return repr(sorted(grants, key=repr))


def number_in(text, default=1, maximum=10**9):
    """A positive number out of an address, else `default`; never more than `maximum`."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return default
    return max(1, min(int(digits[:12]), maximum))


def addresses(name):
    """A function from a primary key to the address of the page `name`: one reverse() for all rows of a list."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"


def page_of_ids(keys, *, number, size, count_key=None):
    """One page of a queryset of ordered primary keys, as a Page of ids.

    A number beyond the end gives the last page. `count_key` names the cached total; without it the total is
    counted each time. Two queries: the ids, and the count where neither cache nor the page itself tells it.
    """
    offset = (number - 1) * size
    ids = list(keys[offset : offset + size + 1])
    if ids and len(ids) <= size:
        count = offset + len(ids)
    elif not ids and number == 1:
        count = 0
    else:
        count = _cached_count(keys, count_key, at_least=offset + len(ids))
    paginator = CountedPaginator(count, size)
    if not ids and number > 1:
        number = paginator.num_pages
        ids = list(keys[(number - 1) * size : number * size])
    return Page(ids[:size], number, paginator)


def _cached_count(keys, count_key, at_least):
    if count_key is None:
        return keys.order_by().count()
    key = "count:" + hashlib.sha256(count_key.encode()).hexdigest()
    count = cache.get(key)
    if count is None or count < at_least:
        count = keys.order_by().count()
        cache.set(key, count, COUNT_SECONDS)
    return count


def load_rows(ids, *, among=None, **annotations):
    """The proposals of a page in the order of `ids`, with what a list shows; one query. `among`: only those of
    this queryset, for ids that were not just found among what the reader sees."""
    rows = Proposal.objects.all() if among is None else among
    proposals = rows.filter(pk__in=ids).select_related(*RELATED).only(*SHOWN)
    by_pk = {proposal.pk: proposal for proposal in proposals.annotate(**annotations)}
    return [by_pk[pk] for pk in ids if pk in by_pk]


def load_cases(ids, user, *, among=None, with_words=False, **annotations):
    """The cases of these proposals in this order, for showing: rows, places, and co-signatures for deputies.

    At most three queries however many there are. Of everything only SHOWN and PLACE_SHOWN are loaded; what
    deputies wrote with their ratings only `with_words`. `among` as for load_rows.
    """
    return cases_of_rows(load_rows(ids, among=among, **annotations), user, with_words=with_words)


def cases_of_rows(proposals, user, *, with_words=False):
    """The cases of proposals that are loaded as load_rows does it: `load_cases` without its first query."""
    by_pk = {proposal.pk: proposal for proposal in proposals}
    places = defaultdict(list)
    for place in (
        Assignment.objects.filter(proposal__in=by_pk)
        .select_related("unit", "reply", "reply__rating")
        .only(*PLACE_SHOWN, *(("reply__rating__words",) if with_words else ()))
        .order_by("round", "pk")
    ):
        place.proposal = by_pk[place.proposal_id]
        places[place.proposal_id].append(place)
    cosignatures = defaultdict(list)
    if any(grant.deputy_id for grant in user.active_grants()):
        for cosignature in Cosignature.objects.filter(proposal__in=by_pk).defer("text").order_by("pk"):
            cosignatures[cosignature.proposal_id].append(cosignature)
    cases = []
    for proposal in proposals:
        case = Case(proposal)
        case.places, case.cosignatures = places[proposal.pk], cosignatures[proposal.pk]
        cases.append(case)
    return cases
