"""Who may edit which calendar (谁能改哪一份日历).

Core knows no congresses and no grants.  The layer that does registers a provider in `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from core.models import NATIONAL

NATIONAL_NAME = "全国"
ScopeProvider = Callable[[HttpRequest], Iterable[tuple[str, str]]]

_providers: list[ScopeProvider] = []


def register_scopes(provider: ScopeProvider) -> ScopeProvider:
    """Add a provider: given the request it returns (scope code, name) pairs that its user may edit.

    The national calendar is not a provider's business: superusers edit it, and nobody else.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def scopes_for(request: HttpRequest) -> dict[str, str]:
    """The scopes that the request's user may edit, as code → name, the national one first."""
    scopes = {NATIONAL: NATIONAL_NAME} if request.user.is_superuser else {}
    for provider in _providers:
        scopes.update(provider(request))
    if not request.user.is_superuser:
        scopes.pop(NATIONAL, None)
    return scopes
