"""When the steps of supervision happen to a case of the demonstration: in office hours, later than all before."""

from core.dates import SHANGHAI


def next_moment(desk, case, day):
    """A time in office hours of that day, or soon after the case's last event where that was later.

    None where it would be later than the loading: then it has not happened yet.
    """
    last = case.events.order_by("seq").last().at.astimezone(SHANGHAI)
    at = desk.times.moment(max(day, last.date()), desk.rng, after=last)
    return at if at <= desk.times.now else None


def workdays_ago(desk, count):
    """The working day so many working days before the loading: a step of that day is over, whatever the hour."""
    return desk.times.shift(desk.times.today, -count)
