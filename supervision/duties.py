"""Duties that are no terms of a proposal: milestones, 整改事项, 批示. A registry filled in `AppConfig.ready()`.

Each lives where it is kept; this is how it is reminded of. A provider yields the open ones, and they go through
the same stages, notices and digests as the clocks. Who has acted hears nothing: the provider just stops yielding.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from proposals.status import HolderKind

# Holders beside those of a proposal (proposals.status.HolderKind): a committee, and one person by name.
COMMITTEE = "committee"
USER = "user"
UNIT_KINDS = frozenset({HolderKind.HANDLER, HolderKind.SIGNER, HolderKind.HUB})


@dataclass(frozen=True)
class Duty:
    """One thing that somebody owes by a date.

    key: names it for ever and among all duties, "task:12" (at most 60 characters); another `due_on` arms it anew.
    holder_kind, holder_id: a seat of people.seats_of, or ("committee", its id), or ("user", the user's id).
    words: what it is about, without a deputy's name.  verb: what has to be done, 回复整改情况.
    url: the local address of the form itself.  otherwise: what follows when it is late, 逾期将告知签发人和联工委.
    started_on, due_on: Shanghai dates.  number: the case's, where there is one.
    unit: the holder's name, for those who wait for it.  is_reminded: leave it alone (contacts.py sets it).
    """

    key: str
    congress_id: int
    holder_kind: str
    holder_id: int
    due_on: date
    words: str
    url: str
    verb: str
    started_on: date
    otherwise: str = ""
    number: str = ""
    unit: str = ""
    is_reminded: bool = False

    @property
    def seat(self):
        """(holder kind, id) as people.users_by_seat has it."""
        return str(self.holder_kind), self.holder_id

    @property
    def is_of_unit(self):
        """Whether a unit owes it, so that its signer and the office are told when it is late."""
        return self.holder_kind in UNIT_KINDS


_providers: list[tuple[Callable[..., Iterator[Duty]], frozenset | None]] = []


def register(provider, kinds=None):
    """Have `provider(seats)` asked for open duties.

    `seats`: None for everybody's (the daily run: use `.iterator()`, it may be many), else a list of
    (holder kind, id) to narrow the query by; it may yield others' too. A few queries in all, none per row.
    `kinds`: the kinds of holders that it yields, so that it is not asked for others' pages; None for any.
    """
    if all(known is not provider for known, _ in _providers):
        _providers.append((provider, None if kinds is None else frozenset(map(str, kinds))))
    return provider


def open_duties(seats=None):
    """Every open Duty, or those held by one of `seats`, in no particular order."""
    wanted = None if seats is None else {(str(kind), pk) for kind, pk in seats}
    for provider, kinds in _providers:
        if wanted is not None and kinds is not None and not any(kind in kinds for kind, _ in wanted):
            continue
        for duty in provider(None if seats is None else sorted(wanted)):
            if wanted is None or duty.seat in wanted:
                yield duty
