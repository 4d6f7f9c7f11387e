"""Counting the figures for one reader: few queries for any number of units, and the same rows for the lists.

`Scope` says who looks at which congress and what of it; `rows` is the one query that both `counts` and the list of a
figure start from, so that a number and its list cannot differ.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.cache import cache
from django.db.models import CharField, Count, F, Max, Min, Q, Value
from django.http import Http404
from django.utils import timezone

from accounts.models import Role
from institutions.models import Unit
from institutions.succession import acting_unit, units_stood_for
from proposals.access import CONGRESS_ROLES, UNIT_ROLES, units_of
from proposals.models import Assignment, Proposal
from proposals.quiet import quiet_by
from proposals.rules import rules_for_pages

from .figures import FIGURES, Context
from .kinds import KINDS, PLACES, TASKS, TERMS

# Kinds with many figures: one query with a column for each. The others: one query of all, a line for each figure,
# which for a single unit is as good for the terms, too.
WIDE = (PLACES, TERMS)
WIDE_OF_ONE = (PLACES,)
YEARS_SECONDS = 60


@dataclass(frozen=True)
class Scope:
    """Whose view it is: a user and the congress, and which side they stand on.

    is_open: reads the whole congress (liaison, committees, leaders). Else the judged side: `unit_ids` are the
    units that the person works for; `is_over` is true for a hub and for the government's leaders (`is_gov`), who
    see the records of other units as far as the places were given by the hub.
    """

    user: object
    congress: object
    today: date
    is_open: bool = False
    is_liaison: bool = False
    is_over: bool = False
    is_gov: bool = False
    unit_ids: frozenset = frozenset()

    @cached_property
    def context(self):
        quiet = quiet_by(rules_for_pages(self.congress.pk), self.today)
        return Context(self.today, judged=not self.is_open, quiet_until=getattr(quiet, "until", None))

    @cached_property
    def places(self):
        """Places that count for the judged side: its own and those below its hub, of what exists for it. Others on
        the same case may be seen, not judged (Sight.sees_rating)."""
        near = Q(unit__in=self.unit_ids) | Q(parent__unit__in=self.unit_ids)
        if self.is_gov:
            near |= Q(unit__is_hub=True) | Q(parent__unit__is_hub=True)
        seen = Assignment.objects.visible_to(self.user).filter(near, congress=self.congress)
        return seen.order_by()

    def within(self, kind):
        """The condition on rows of this kind that exist for the reader."""
        if kind is TASKS:
            seen = Q(congress=self.congress)
            tasks = TASKS.model.objects.visible_to(self.user).order_by().values("pk")
            return seen if self.is_open else seen & Q(pk__in=tasks)
        if self.is_open:
            return Q(**{f"{kind.proposal}__congress": self.congress})
        return Q(**{f"{kind.place or 'pk'}__in": self.places.values("pk")})


def scope_for(user, congress_id=None):
    """The Scope of a reader in a congress (default: the first that the person may see records of).

    Raises Http404 for whoever may see none: deputies, delegations, administrators, strangers.
    """
    scopes = [s for s in scopes_of(user) if congress_id in (None, s.congress.pk)]
    if not scopes:
        raise Http404
    return scopes[0]


def scopes_of(user):
    """A Scope for each congress in which the person may see records, the widest view first."""
    roles = CONGRESS_ROLES | UNIT_ROLES | {Role.GOV_LEADER}
    by_congress = defaultdict(list)
    for grant in user.active_grants():
        if grant.role in roles:
            by_congress[grant.congress_id].append(grant)
    scopes = [_scope(user, grants) for grants in by_congress.values()]
    return sorted(scopes, key=lambda scope: not scope.is_open)


def _scope(user, grants):
    """The Scope of these grants of one congress: who is of the office and of a unit reads as the office."""
    is_open = any(g.role in CONGRESS_ROLES for g in grants)
    return Scope(
        user=user,
        congress=grants[0].congress,
        today=timezone.localdate(),
        is_open=is_open,
        is_liaison=any(g.role == Role.LIAISON for g in grants),
        is_over=not is_open and any(g.role in (Role.HUB, Role.GOV_LEADER) for g in grants),
        is_gov=not is_open and any(g.role == Role.GOV_LEADER for g in grants),
        unit_ids=frozenset(pk for g in grants for pk in units_of(g)),
    )


def of_year(kind, year):
    """The condition that a row belongs to a year: by the number of its case, 2026-086 or 2026-闭006, in whatever
    year it is answered; 整改事项 by when they were given."""
    if kind is TASKS:
        return Q(started_on__year=year)
    return Q(**{f"{kind.proposal}__number__startswith": f"{year}-"})


def rows(kind, scope, year, unit_ids=None):
    """Rows of a kind that stand to the account of units in a year, as far as they exist for the reader."""
    found = kind.model.objects.filter(scope.within(kind) & of_year(kind, year) & kind.fixed)
    if unit_ids is not None:
        found = found.filter(**{f"{kind.unit}__in": unit_ids})
    return found.order_by()


def rows_of(code, scope, year, unit_ids):
    """The rows of one figure of a unit (with those it stands for), in the order of its list."""
    figure = FIGURES[code]
    found = rows(figure.kind, scope, year, unit_ids).filter(figure.condition(scope.context))
    return found.order_by(figure.kind.order, "pk")


def counts(scope, year, unit_ids=None):
    """{unit: {figure: how many}}, three queries whatever the number of units and cases (two for a single unit).

    Units that were replaced (机构改革) are counted with the one that acts for them now, and a unit with nothing has
    no entry. `unit_ids` limits it to these.
    """
    found = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    is_one = unit_ids is not None and len({acting_unit(pk) for pk in unit_ids}) == 1
    wide = WIDE_OF_ONE if is_one else WIDE
    for kind in wide:
        figures = [figure for figure in FIGURES.values() if figure.kind is kind]
        columns = {f.code: Count("pk", filter=f.condition(scope.context)) for f in figures}
        per_unit = rows(kind, scope, year, unit_ids).values(unit_key=F(kind.unit)).annotate(**columns)
        for line in per_unit:
            mine = found[acting_unit(line.pop("unit_key"))]
            for code, number in line.items():
                mine[code] += number
    for unit_id, code, number in _narrow(scope, year, unit_ids, wide):
        found[acting_unit(unit_id)][code] += number
    return dict(found)


def _narrow(scope, year, unit_ids, wide):
    """Lines (unit, figure, how many) of the kinds that are not `wide`, as one query."""
    parts = []
    for kind in (kind for kind in KINDS if kind not in wide):
        for figure in (f for f in FIGURES.values() if f.kind is kind):
            found = rows(kind, scope, year, unit_ids).filter(figure.condition(scope.context))
            found = found.values(unit_key=F(kind.unit)).annotate(
                code=Value(figure.code, output_field=CharField()), number=Count("pk")
            )
            parts.append(found.values_list("unit_key", "code", "number"))
    return parts[0].union(*parts[1:], all=True)


def years_of(scope):
    """The years with numbered cases of the congress, newest first; this year where there are none. Kept a minute."""
    key = f"record-years:{scope.congress.pk}"
    span = cache.get(key)
    if span is None:
        filed = Proposal.objects.filter(congress=scope.congress, filed_on__isnull=False)
        span = filed.aggregate(first=Min("filed_on"), last=Max("filed_on"))
        cache.set(key, span, YEARS_SECONDS)
    if span["last"] is None:
        return [scope.today.year]
    return list(range(span["last"].year, span["first"].year - 1, -1))


def units_in(scope):
    """Units whose records the reader may open, those replaced left out: {key: Unit} in the order of the list."""
    units = Unit.objects.filter(congress=scope.congress, successor=None)
    if not scope.is_open:
        mine = Q(pk__in={acting_unit(pk) for pk in scope.unit_ids})
        if scope.is_over:
            acting = {acting_unit(pk) for pk in scope.places.values_list("unit", flat=True).distinct()}
            mine |= Q(pk__in=acting)
        units = units.filter(mine)
    return {unit.pk: unit for unit in units.order_by("pk")}


def family(unit):
    """The unit and every unit it replaced (a frozenset of keys): their record is one."""
    return units_stood_for(unit.pk)
