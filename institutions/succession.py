"""机构改革: which units a unit stands for. A successor inherits the places of the unit it replaced."""

from django.core.cache import cache
from django.db import transaction

from .models import Unit

CACHE_SECONDS = 30
KEY = "unit-successors"

_callbacks = []


def _successors():
    """{abolished unit: its successor} of all congresses; few rows, kept for half a minute."""
    found = cache.get(KEY)
    if found is None:
        found = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
        cache.set(KEY, found, CACHE_SECONDS)
    return found


def forget_successors():
    """Drop this process's copy after a change."""
    cache.delete(KEY)


def on_succession_change(callback):
    """Have `callback(unit keys)` called after each committed change of a unit's successor, with that unit and all
    that it had replaced. Register in `AppConfig.ready()`; one that raises is logged and stops nothing."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def succession_changed(unit_id):
    """Note that a unit got another successor, or none any more; to be called inside that transaction."""

    def tell():
        forget_successors()
        for callback in _callbacks:
            callback(units_stood_for(unit_id))

    transaction.on_commit(tell, robust=True)


def units_stood_for(unit_id):
    """The unit itself and every unit it replaced, directly or through others (a frozenset of keys)."""
    successors = _successors()
    found, todo = {unit_id}, [unit_id]
    while todo:
        here = todo.pop()
        for old, new in successors.items():
            if new == here and old not in found:
                found.add(old)
                todo.append(old)
    return frozenset(found)


def acting_unit(unit_id):
    """The unit that acts for this one today: itself, or the last of its successors."""
    successors, seen = _successors(), set()
    while unit_id in successors and unit_id not in seen:
        seen.add(unit_id)
        unit_id = successors[unit_id]
    return unit_id


def families():
    """The groups of units of which the last stands for all the others, as frozensets of keys; mostly there are none."""
    return {units_stood_for(acting_unit(unit_id)) for unit_id in _successors()}
