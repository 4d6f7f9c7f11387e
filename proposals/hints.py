"""疑似相似 on the office's lists: looked up once an hour for each proposal, since it takes longer than a page may."""

from dataclasses import dataclass

from django.core.cache import cache

from .search import similar_each

SECONDS = 3600


@dataclass(frozen=True)
class Closest:
    """The closest other proposal of the congress."""

    pk: int
    number: str
    title: str


def known_closest(proposals):
    """What has been looked up already: ({primary key: Closest}, the proposals still to be looked up).

    For readers of the whole congress only: what is remembered knows nothing of who may see it.
    """
    remembered = cache.get_many([_key(proposal) for proposal in proposals])
    found = {
        proposal.pk: remembered[_key(proposal)] for proposal in proposals if remembered.get(_key(proposal))
    }
    return found, [proposal for proposal in proposals if _key(proposal) not in remembered]


def closest(proposals, user):
    """{primary key: Closest} of proposals of one list; those without a similar one are left out.

    At most three queries, none where all are known.
    """
    found, unknown = known_closest(proposals)
    if unknown:
        others = similar_each(unknown, user)
        fresh = {
            proposal.pk: Closest(
                others[proposal.pk].pk, others[proposal.pk].number, others[proposal.pk].title
            )
            for proposal in unknown
            if proposal.pk in others
        }
        # Nothing found is remembered too, as the empty text.
        cache.set_many({_key(proposal): fresh.get(proposal.pk, "") for proposal in unknown}, SECONDS)
        found |= fresh
    return found


def _key(proposal):
    return f"closest:{proposal.pk}:{proposal.version}"
