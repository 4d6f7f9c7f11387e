"""没有动静: a place that was signed for, and where its unit has done nothing for many working days.

The rule set says after how many; `Assignment.stirred_on` says when the unit last did anything. What is asked of
others (延期, 申请退回) or waits for a signature is no silence. Derived, never stored: lists compare one column
with a date that is worked out once per page.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from core.calendars import calendar_for_pages
from core.workdays import Calendar, workdays_between

from .models import Assignment, Request
from .status import AssignmentStatus, RequestKind, RequestState

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """What counts as silence today: last stirred on `until` or before, by the congress's calendar."""

    until: date
    today: date
    calendar: Calendar

    def days_of(self, place):
        """How many whole working days a place has been silent; 0 where it is not. Knows nothing of requests."""
        stirred_on = place.stirred_on
        if place.status != AssignmentStatus.ACCEPTED or stirred_on is None or stirred_on > self.until:
            return 0
        return workdays_between(stirred_on, self.today - DAY, self.calendar)

    def of_places(self, places):
        """{place pk: working days} of those that are silent; one query, none where no place may be."""
        found = {place.pk: days for place in places if (days := self.days_of(place))}
        if found:
            waiting = Request.objects.filter(
                assignment__in=found, kind=RequestKind.EXTENSION, state=RequestState.OPEN
            )
            for pk in waiting.values_list("assignment_id", flat=True):
                found.pop(pk, None)
        return found

    def of_case(self, case):
        """The same for the places of a loaded case; no query beyond its requests."""
        found = {place.pk: days for place in case.round_places if (days := self.days_of(place))}
        return {
            pk: days
            for pk, days in found.items()
            if not case.open_requests(RequestKind.EXTENSION, case.place(pk))
        }

    def places(self):
        """Every silent place (a queryset of Assignment), to be narrowed to a congress or a unit."""
        waiting = Request.objects.filter(
            assignment=OuterRef("pk"), kind=RequestKind.EXTENSION, state=RequestState.OPEN
        )
        accepted = Assignment.objects.filter(status=AssignmentStatus.ACCEPTED, stirred_on__lte=self.until)
        return accepted.filter(~Exists(waiting))


@dataclass(frozen=True)
class NeverQuiet:
    """The same where the rule set tells of no silence."""

    def days_of(self, place):
        return 0

    def of_places(self, places):
        return {}

    def of_case(self, case):
        return {}

    def places(self):
        return Assignment.objects.none()


def quiet_by(rules, today, calendar=None):
    """What counts as silence under these rules today (a Quiet); for a page the calendar may be half a minute old."""
    days = rules.switch("quiet_days")
    if not days:
        return NeverQuiet()
    calendar = calendar or calendar_for_pages(rules.scope)
    until = today
    while days:
        until -= DAY
        days -= calendar.is_workday(until)
    return Quiet(until - DAY, today, calendar)
