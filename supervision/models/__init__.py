"""What supervision keeps: reminders and runs, key topics, instructions, unit records."""

from .reminders import (
    DEFAULT_BEFORE,
    DEFAULT_EVERY,
    REMINDED_KINDS,
    UNREMINDED,
    DailyRun,
    Reminder,
    ReminderPlan,
    parse_days,
    validate_days,
)

__all__ = [
    "DEFAULT_BEFORE",
    "DEFAULT_EVERY",
    "REMINDED_KINDS",
    "UNREMINDED",
    "DailyRun",
    "Reminder",
    "ReminderPlan",
    "parse_days",
    "validate_days",
]
