"""Lights (灯): how near a due date is. Derived from the date and today, never stored.

The rule set says from how many days left a light turns yellow and orange; past the date it is red.
"""

from datetime import timedelta

GREEN, YELLOW, ORANGE, RED = "green", "yellow", "orange", "red"
LABELS = {GREEN: "绿灯", YELLOW: "黄灯", ORANGE: "橙灯", RED: "红灯（超期）"}


def light_of(due_on, today, rules):
    """The light of a due date: one of the four colours; both dates are Shanghai dates."""
    days = (due_on - today).days
    if days < 0:
        return RED
    if days <= rules.orange_days:
        return ORANGE
    return YELLOW if days <= rules.yellow_days else GREEN


def light_range(colour, today, rules):
    """The due dates that have this light today: (first, last), None where it is open. For filters."""
    orange, yellow = (today + timedelta(days=days) for days in (rules.orange_days, rules.yellow_days))
    day = timedelta(days=1)
    return {
        RED: (None, today - day),
        ORANGE: (today, orange),
        YELLOW: (orange + day, yellow),
        GREEN: (yellow + day, None),
    }[colour]
