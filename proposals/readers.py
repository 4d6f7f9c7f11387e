"""Who looks at a list, and what is masked for this person. Lists, counts and filters start from it."""

from functools import cached_property

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from accounts.models import Role

from .access import CONGRESS_ROLES, asked_views, is_judged, seen_openly, units_of
from .models import Assignment
from .rules import rules_for_pages
from .status import PLACE_ENDED


class Reader:
    """Who looks at a list: the congresses, and what is masked for this person."""

    def __init__(self, user):
        self.user = user
        self.grants = [grant for grant in user.active_grants() if grant.role != Role.ADMIN]
        self.congress_ids = sorted({grant.congress_id for grant in self.grants})
        self.unit_ids = {pk for grant in self.grants for pk in units_of(grant)}
        self.is_deputy = any(grant.role == Role.DEPUTY for grant in self.grants)
        self.hub_congress_ids = {g.congress_id for g in self.grants if g.role == Role.GOV_LEADER}
        self.is_judged = any(is_judged(grant) for grant in self.grants)
        self.today = timezone.localdate()

    @cached_property
    def openly(self):
        """The condition on proposals where nothing is masked; None where everything is."""
        return seen_openly(self.user)

    @cached_property
    def rules(self):
        """The rules that word letters and draw the lights: those of the person's first congress."""
        return rules_for_pages(self.congress_ids[0] if self.congress_ids else 0)

    def only_openly(self, queryset):
        """Leave out the rows that are masked for this person."""
        if not self.is_judged:
            return queryset
        return queryset.none() if self.openly is None else queryset.filter(self.openly)

    def own_places(self):
        """Places of the person's own units (for a government leader: of the hub), by the outer proposal."""
        own = Q(unit_id__in=self.unit_ids) | Q(unit__is_hub=True, congress_id__in=self.hub_congress_ids)
        if not self.hub_congress_ids:
            own = Q(unit_id__in=self.unit_ids)
        return Assignment.objects.filter(own, proposal=OuterRef("pk"))

    def open_own_places(self):
        """Those of `own_places` where work goes on; of what a hub passed on, the places of its units."""
        places = self.own_places()
        hubs = {pk for grant in self.grants if grant.role == Role.HUB for pk in units_of(grant)}
        if hubs or self.hub_congress_ids:
            below = Q(parent__unit__in=hubs)
            below |= Q(parent__unit__is_hub=True, congress_id__in=self.hub_congress_ids)
            places |= Assignment.objects.filter(below, proposal=OuterRef("pk"))
        return places.exclude(status__in=PLACE_ENDED)

    @cached_property
    def is_asked_for_views(self):
        """Whether own units are asked about plans (拟办): then not all they see comes through places."""
        return asked_views(self.unit_ids).exists()

    @property
    def is_congress(self):
        """Whether the person reads the whole congress: the office, committees, leaders."""
        return any(grant.role in CONGRESS_ROLES for grant in self.grants)

    @property
    def is_unit_only(self):
        """True for somebody who sees proposals through units' places alone."""
        return bool(self.unit_ids) and self.openly is None and not self.hub_congress_ids

    def due_key(self):
        """The date that a row shows and sorts by: the case's; on the judged side that of the own open place.

        The date of a case being judged (研判) would tell a unit that it is.
        """
        if not self.is_judged:
            return F("due_on")
        own = Subquery(self.open_own_places().order_by("due_on").values("due_on")[:1])
        return own if self.openly is None else Case(When(self.openly, then=F("due_on")), default=own)
