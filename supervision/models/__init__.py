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
from .topics import (
    Milestone,
    RoleKind,
    Topic,
    TopicCase,
    TopicEvent,
    TopicFile,
    TopicRole,
    TopicState,
)

__all__ = [
    "DEFAULT_BEFORE",
    "DEFAULT_EVERY",
    "REMINDED_KINDS",
    "UNREMINDED",
    "DailyRun",
    "Milestone",
    "Reminder",
    "ReminderPlan",
    "RoleKind",
    "Topic",
    "TopicCase",
    "TopicEvent",
    "TopicFile",
    "TopicRole",
    "TopicState",
    "parse_days",
    "validate_days",
]
