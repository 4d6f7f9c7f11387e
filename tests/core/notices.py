"""The State Council's holiday notices of 2019–2026, typed from the notices and independent of any package.

Per year: the breaks (放假) as first and last day, and the worked weekend days (上班).  2019 is the notice as
amended for Labour Day, 2020 as extended for the Spring Festival.  A break over New Year stands with its days
in the year they fall in.
"""

from datetime import date, timedelta

NOTICES = {
    2019: (
        "0101 0204-0210 0405-0407 0501-0504 0607-0609 0913-0915 1001-1007",
        "0202 0203 0428 0505 0929 1012",
    ),
    2020: ("0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008", "0119 0426 0509 0628 0927 1010"),
    2021: (
        "0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    2022: (
        "0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    2023: (
        "0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006 1230-1231",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: (
        "0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: ("0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008", "0126 0208 0427 0928 1011"),
    2026: (
        "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}


def breaks(year: int) -> set[date]:
    """All days off of the year's breaks."""
    days = set()
    for part in NOTICES[year][0].split():
        first, _, last = part.partition("-")
        day, end = _day(year, first), _day(year, last or first)
        while day <= end:
            days.add(day)
            day += timedelta(days=1)
    return days


def makeup_days(year: int) -> set[date]:
    """All worked weekend days of the year."""
    return {_day(year, part) for part in NOTICES[year][1].split()}


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))
