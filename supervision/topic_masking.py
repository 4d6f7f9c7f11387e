"""隐名 in key topics: names that the judged side must not read in titles, reasons, steps and histories."""

from collections import defaultdict
from types import SimpleNamespace

from proposals.access import CONGRESS_ROLES, is_judged
from proposals.masking import hidden_names
from proposals.models import Cosignature, Proposal


def is_masked_for(user, congress_id):
    """Whether this person reads topics of the congress from the judged side (§5)."""
    grants = user.active_grants()
    if any(grant.role in CONGRESS_ROLES and grant.congress_id == congress_id for grant in grants):
        return False
    return any(is_judged(grant) for grant in grants)


def names_hidden_in(topics):
    """{topic pk: names of its hidden proposers, longest first} for these topics (rows or keys).

    Topics without a hidden case are left out. Two queries, one where nothing is hidden.
    """
    cases = Proposal.objects.filter(hides_proposer=True, topic_cases__topic__in=topics)
    cases = cases.select_related("lead__delegation", "delegation")
    rows = list(cases.order_by().values_list("topic_cases__topic", "pk"))
    if not rows:
        return {}
    by_pk = cases.in_bulk([pk for _, pk in rows])
    signed = defaultdict(list)
    for row in Cosignature.objects.filter(proposal__in=by_pk).select_related("deputy__delegation"):
        signed[row.proposal_id].append(row)
    names = defaultdict(set)
    for topic_id, pk in rows:
        case = SimpleNamespace(proposal=by_pk[pk], cosignatures=signed[pk])
        names[topic_id] |= set(hidden_names(case))
    return {pk: sorted(found, key=len, reverse=True) for pk, found in names.items()}


def names_hidden_from(user, topics):
    """`names_hidden_in` those of the topics that this person reads from the judged side."""
    judged = [topic for topic in topics if is_masked_for(user, topic.congress_id)]
    return names_hidden_in(judged) if judged else {}
