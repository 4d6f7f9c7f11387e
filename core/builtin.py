"""The national holiday calendar as it comes with the `chinesecalendar` package.  No database.

The package lists, for each year, the days of the State Council's notice.  It raises for years that it does
not know, so only its two tables are read and `core.workdays` does the arithmetic.
"""

from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays

from core.workdays import Calendar

# The names of the Regulation on Public Holidays (全国年节及纪念日放假办法).
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

# Number and date of the General Office of the State Council's notice (国务院办公厅关于部分节假日安排的通知).
NOTICES = {
    2019: ("国办发明电〔2018〕15号", date(2018, 12, 6)),
    2020: ("国办发明电〔2019〕16号", date(2019, 11, 21)),
    2021: ("国办发明电〔2020〕27号", date(2020, 11, 25)),
    2022: ("国办发明电〔2021〕11号", date(2021, 10, 25)),
    2023: ("国办发明电〔2022〕16号", date(2022, 12, 8)),
    2024: ("国办发明电〔2023〕7号", date(2023, 10, 25)),
    2025: ("国办发明电〔2024〕12号", date(2024, 11, 12)),
    2026: ("国办发明电〔2025〕7号", date(2025, 11, 4)),
}


@cache
def builtin_calendar() -> Calendar:
    """The national calendar straight from the package; the same object on every call."""
    exceptions = {day: (False, _name(name)) for day, name in holidays.items()}
    exceptions |= {day: (True, _name(name)) for day, name in workdays.items()}
    return Calendar(_join_double_festivals(exceptions), frozenset(_covered_years()))


def _name(english: str) -> str:
    return NAMES.get(english, english)


def _covered_years() -> set[int]:
    # A notice may reach into the December before its year, but National Day lies in its own year only.
    return {day.year for day, name in holidays.items() if NAMES.get(name) == "国庆节"}


def _join_double_festivals(exceptions: dict) -> dict:
    """Where National Day and Mid-autumn share a break, each day carries both names, as in the notice."""
    joined = dict(exceptions)
    for day in sorted(exceptions):
        before = day - timedelta(days=1)
        if exceptions[day][0] or not exceptions.get(before, (True,))[0]:
            continue
        run = [day]
        while not exceptions.get(run[-1] + timedelta(days=1), (True,))[0]:
            run.append(run[-1] + timedelta(days=1))
        names = list(dict.fromkeys(exceptions[d][1] for d in run))
        if set(names) == {"国庆节", "中秋节"}:
            joined |= {d: (False, "、".join(names)) for d in run}
    return joined
