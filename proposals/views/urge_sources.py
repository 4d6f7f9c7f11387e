"""选中全部 N 件: the lists from which everything at once can be urged, by the very conditions of the list."""

from django.http import Http404

from accounts.grants import grants_of
from accounts.models import Role

from ..filters import RegistryFilter
from ..models import Proposal
from ..queues import QueueFilter
from ..readers import Reader
from ..status import HANDLING
from .hub_children import LATE, NEAR, QUIET, URGED, child_rows
from .registry import SORTS, ordered
from .watching import due_rows, quiet_rows, urged_rows

HUB = {f"hub-{code}": code for code in (LATE, NEAR, QUIET, URGED)}
OFFICE = {
    "due": (due_rows, ("proposal_id", "assignment_id")),
    "quiet": (quiet_rows, ("proposal_id", "pk")),
    "urged": (urged_rows, ("proposal_id", "assignment_id")),
}


def all_of(request, most):
    """([(case, place or None)] of at most `most` cases, how many cases there are) of the list that `all` names,
    in its order; 404 for a list that is no source, or not this person's."""
    name = request.GET.get("all")
    if name == "registry":
        keys = _registry_keys(request)
        return [(key, None) for key in keys[:most]], keys.order_by().count()
    if name in OFFICE:
        congress_ids = sorted({grant.congress_id for grant in grants_of(request.user, Role.LIAISON)})
        rows, columns = OFFICE[name]
        found = rows(Reader(request.user), congress_ids, QueueFilter(request.GET, congress_ids))
        return _first(found.values_list(*columns), most)
    if name in HUB and grants_of(request.user, Role.HUB):
        return _first(child_rows(request.user, HUB[name]).values_list("proposal_id", "assignment_id"), most)
    raise Http404


def _registry_keys(request):
    """What the registry shows under these conditions, as far as units are at work on it."""
    reader = Reader(request.user)
    at_work = Proposal.objects.listed_to(request.user).filter(status__in=HANDLING)
    sort = request.GET.get("sort", "")
    found = RegistryFilter(request.GET, at_work, reader=reader).qs
    return ordered(found, sort if sort in SORTS else next(iter(SORTS)), reader).values_list("pk", flat=True)


def _first(pairs, most):
    """The pairs of the first `most` cases, in order, and the number of all cases."""
    chosen, cases = [], {}
    for proposal, place in pairs.iterator():
        if cases.setdefault(proposal, len(cases)) < most:
            chosen.append((proposal, place))
    return chosen, len(cases)
