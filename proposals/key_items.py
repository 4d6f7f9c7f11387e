"""重点督办 as a condition of the registry: what it may be narrowed to is known in the layer above, which registers it
in `AppConfig.ready()`."""

from typing import Protocol

from django.db.models import QuerySet

_condition = None


class Condition(Protocol):
    """What the layer above answers: the choices for a reader, and the cases of one of them."""

    def choices(self, reader, chosen) -> list[tuple[str, str]]:
        """(code, words) to choose from; `chosen`, a code that no select offers, is among them where it is valid."""

    def narrow(self, queryset, reader, code) -> QuerySet:
        """The rows of `queryset` that the code stands for."""


def register(condition):
    """Set the Condition; a later one replaces it."""
    global _condition
    _condition = condition


def choices_for(reader, chosen):
    """The choices for a reader; [] where they may know of no key item."""
    return _condition.choices(reader, chosen) if _condition else []


def narrow(queryset, reader, code):
    """The rows that stand for a code of `choices_for`."""
    return _condition.narrow(queryset, reader, code)
