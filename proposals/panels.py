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
_signs: dict[str, Callable] = {}


def register(provider, **signs):
    """Have `provider(case, user, sight)` asked for its Panels on every case page.

    signs: by name, `sign(user)` returns an expression that the query of the proposal is annotated with, so that
    a provider sees on `case.proposal` whether there is anything to show, and asks for nothing where there is not.
    """
    if provider not in _providers:
        _providers.append(provider)
    _signs.update(signs)
    return provider


def signs_for(user):
    """{name: expression} of all registered signs, for the query that reads the proposal."""
    return {name: sign(user) for name, sign in _signs.items()}


def panels_of(case, user, sight):
    """{slot: [Panel]} for this reader, in the order of registration."""
    found = defaultdict(list)
    for provider in _providers:
        for panel in provider(case, user, sight):
            found[panel.slot].append(panel)
    return {slot: found[slot] for slot in SLOTS}


_inbox_providers: list[Callable[..., Iterable[Panel]]] = []
_inbox_figures: dict[str, Callable] = {}


def register_inbox(provider, **figures):
    """Have `provider(user, figures)` asked for its Panels above a unit's inbox; it asks the database for nothing.

    figures: by name, `figure(user)` returns an expression of one number, asked along with the counts of the tabs;
    the provider is given the numbers by name.
    """
    if provider not in _inbox_providers:
        _inbox_providers.append(provider)
    _inbox_figures.update(figures)
    return provider


def inbox_figures(user):
    """{name: expression} of all registered figures, for the query that counts the tabs of the inbox."""
    return {name: figure(user) for name, figure in _inbox_figures.items()}


def inbox_panels(user, figures):
    """The panels above the inbox of this person, in the order of registration (a list)."""
    return [panel for provider in _inbox_providers for panel in provider(user, figures)]
