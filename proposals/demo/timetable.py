"""When things happen in the demonstration: sessions, working days, office hours. All dates are Shanghai dates."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.dates import SHANGHAI

FIRST_TERM, FIRST_YEAR, TERM_YEARS = 14, 2023, 5
SESSION_DAYS = 4
CLOSING_HOUR = 18
_DAY = timedelta(days=1)
_NUMERALS = "零一二三四五六七八九十"


def numeral(number):
    """A number below 100 as it is spoken of terms: 十四, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


@dataclass(frozen=True)
class Meeting:
    """A yearly session: its year, which term's, the how-manieth, and its days."""

    year: int
    term: int
    number: int
    opens_on: date
    closes_on: date


def meeting_of(year, first_monday_from):
    """The session of a year: from the first Monday of January on or after that day, five days long."""
    opens_on = date(year, 1, first_monday_from)
    opens_on += _DAY * (-opens_on.weekday() % 7)
    terms, number = divmod(year - FIRST_YEAR, TERM_YEARS)
    return Meeting(year, FIRST_TERM + terms, number + 1, opens_on, opens_on + _DAY * SESSION_DAYS)


def meetings_until(today, first_monday_from):
    """All sessions from 2023 to the last one that is over, oldest first."""
    found = [meeting_of(year, first_monday_from) for year in range(FIRST_YEAR, today.year + 1)]
    return [meeting for meeting in found if meeting.closes_on < today]


class Timetable:
    """Working days of a calendar, seen from the day on which the demonstration is loaded."""

    def __init__(self, calendar, now):
        self.calendar = calendar
        self.now = now
        self.today = now.astimezone(SHANGHAI).date()

    def workday(self, day):
        """That day, or the working day before it."""
        while not self.calendar.is_workday(day):
            day -= _DAY
        return day

    def ago(self, days):
        """The working day on or before so many days ago."""
        return self.workday(self.today - _DAY * days)

    def shift(self, day, workdays):
        """So many working days later, or earlier if negative."""
        step = _DAY if workdays > 0 else -_DAY
        for _ in range(abs(workdays)):
            day += step
            while not self.calendar.is_workday(day):
                day += step
        return day

    def moment(self, day, rng, after=None):
        """A time in office hours of that working day, later than `after` (else soon after it)."""
        hour, minute = rng.choice((8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 17)), rng.randrange(60)
        at = datetime.combine(self.workday(day), time(hour, minute, rng.randrange(60)), SHANGHAI)
        if after and at <= after:
            at = after + timedelta(minutes=rng.randint(6, 25), seconds=rng.randrange(60))
        if at.hour >= CLOSING_HOUR:  # not today any more
            at = datetime.combine(self.shift(at.date(), 1), time(8, 30 + rng.randrange(20)), SHANGHAI)
        return at
