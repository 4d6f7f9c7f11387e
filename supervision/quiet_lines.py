"""没有动静 as lines of the digests: one line that counts, for the unit itself, the hub above it and the office."""

from collections import Counter

from django.db.models import Count
from django.urls import reverse

from institutions.models import Congress
from institutions.succession import acting_unit
from proposals.models import Assignment
from proposals.quiet import quiet_by
from proposals.rules import rules_for_pages
from proposals.status import AssignmentStatus, HolderKind


def quiet_lines(today, congress_ids):
    """(seat, {"words", "url"}) for everybody whom silence in these congresses concerns; a query for each congress
    where units are at work."""
    at_work = Assignment.objects.filter(
        status=AssignmentStatus.ACCEPTED, congress__in=congress_ids
    ).order_by()
    for congress in Congress.objects.filter(pk__in=at_work.values("congress"), is_active=True):
        rules = rules_for_pages(congress.pk)
        places = quiet_by(rules, today).places().filter(congress=congress).order_by()
        units, hubs = Counter(), Counter()
        for unit, hub, number in places.values_list("unit", "parent__unit").annotate(Count("pk")):
            units[acting_unit(unit)] += number
            if hub:
                hubs[acting_unit(hub)] += number
        days = rules.switch("quiet_days")
        yield from _lines(
            HolderKind.HANDLER, units, days, "您单位有", f"{reverse('proposals:inbox')}?light=quiet"
        )
        yield from _lines(
            HolderKind.HUB, hubs, days, "分办的单位有", f"{reverse('proposals:hub')}?queue=quiet"
        )
        office = {congress.pk: sum(units.values())} if units else {}
        yield from _lines(
            HolderKind.LIAISON, office, days, "承办单位有", f"{reverse('proposals:worklist')}?queue=quiet"
        )


def _lines(kind, numbers, days, who, url):
    for pk, number in numbers.items():
        words = f"{who} {number} 件签收后连续 {days} 个工作日以上没有动静。"
        yield (str(kind), pk), {"words": words, "url": url}
