"""Panels that the layers above put on the page of a case: a registry filled in `AppConfig.ready()`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SLOTS = ("tag", "main", "side")


@dataclass(frozen=True)
class Panel:
    """One block: its template, which finds `context` under the name `panel` beside all that the page knows.

    slot: `tag` beside the status (a few words), `main` the wide column, `side` the narrow one.
    """

    template: str
    context: dict = field(default_factory=dict)
    slot: str = "side"


_providers: list[Callable[..., Iterable[Panel]]] = []


def register(provider):
    """Have `provider(case, user, sight)` asked for its Panels on every case page; at most one query each."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def panels_of(case, user, sight):
    """{slot: [Panel]} for this reader, in the order of registration."""
    found = defaultdict(list)
    for provider in _providers:
        for panel in provider(case, user, sight):
            found[panel.slot].append(panel)
    return {slot: found[slot] for slot in SLOTS}


_inbox_providers: list[Callable[..., Iterable[Panel]]] = []


def register_inbox(provider):
    """Have `provider(user)` asked for its Panels above a unit's inbox; at most one query each."""
    if provider not in _inbox_providers:
        _inbox_providers.append(provider)
    return provider


def inbox_panels(user):
    """The panels above the inbox of this person, in the order of registration (a list)."""
    return [panel for provider in _inbox_providers for panel in provider(user)]
