"""The units to choose from on pages: asked for by every row of a list, changed a few times a year."""

from django.core.cache import cache

from .models import Unit

CACHE_SECONDS = 30


def units_on_offer(congress_ids):
    """Units in use of these congresses in their order (a list); may be half a minute old. Never for deciding."""
    found = []
    for congress_id in sorted(congress_ids):
        key = f"units-on-offer:{congress_id}"
        units = cache.get(key)
        if units is None:
            units = list(Unit.objects.in_use().filter(congress_id=congress_id).order_by("pk"))
            cache.set(key, units, CACHE_SECONDS)
        found += units
    return found
