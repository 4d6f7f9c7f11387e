"""疑似相似 on the office's lists and decisions: looked up once an hour for each proposal, since it takes longer than a
page may."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import F

from .lists import scope_key
from .models import Assignment, Proposal
from .search import similar_each, similar_words
from .status import AssignmentStatus

SECONDS = 3600


@dataclass(frozen=True)
class Closest:
    """The closest other proposal of the congress, as far as the reader sees it."""

    pk: int
    number: str
    title: str


def known_closest(proposals, user):
    """What has been looked up already: ({primary key: Closest}, the proposals still to be looked up).

    Remembered for all who see the same rows (scope_key).
    """
    keys = _keys(proposals, user)
    remembered = cache.get_many(keys.values())
    found = {pk: remembered[key] for pk, key in keys.items() if remembered.get(key)}
    return found, [proposal for proposal in proposals if keys[proposal.pk] not in remembered]


def closest(proposals, user):
    """{primary key: Closest} of proposals of one list; those without a similar one are left out.

    At most three queries, none where all are known.
    """
    found, unknown = known_closest(proposals, user)
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
        keys = _keys(unknown, user)
        cache.set_many({key: fresh.get(pk, "") for pk, key in keys.items()}, SECONDS)
        found |= fresh
    return found


def alike(proposal, user, *, limit):
    """{primary key: the words shared} of the proposals most like this one, closest first; at most two queries, none
    where it is known. What is remembered must be looked up among what the reader sees now."""
    (key,) = _keys([proposal], user, f"alike{limit}").values()
    found = cache.get(key)
    if found is None:
        found = similar_words(proposal, proposal.congress, user, limit=limit)
        cache.set(key, found, SECONDS)
    return found


def _keys(proposals, user, name="closest"):
    """{primary key: where what is like it is remembered}."""
    scope = hashlib.sha256(scope_key(user).encode()).hexdigest()[:16]
    return {proposal.pk: f"{name}:{scope}:{proposal.pk}:{proposal.version}" for proposal in proposals}


def handling_places(pks, user):
    """{primary key: the places of its present round, those taken away left out} of the proposals that `user`
    sees today; one query."""
    seen = Proposal.objects.listed_to(user).filter(pk__in=pks)
    places = Assignment.objects.filter(proposal__in=seen.values("pk"), round=F("proposal__round"))
    found = defaultdict(list)
    for place in (
        places.exclude(status=AssignmentStatus.RELEASED)
        .select_related("unit")
        .only("proposal", "unit__name", "unit__is_hub", "role", "status")
        .order_by("pk")
    ):
        found[place.proposal_id].append(place)
    return found
