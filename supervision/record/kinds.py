"""The kinds of rows that figures count, and the paths from each to its place, its unit and its case."""

from dataclasses import dataclass, field

from django.db.models import Q

from proposals.models import Assignment, Clock, Commitment, Contact, ReplyVersion, Request

from ..models import Task
from . import conditions as c


@dataclass(frozen=True)
class Kind:
    """One kind of row: its model, and the paths from it to the place, the unit and the case."""

    code: str
    model: type
    place: str
    unit: str
    proposal: str
    noun: str = "件"
    fixed: Q = field(default_factory=Q)
    order: str = "pk"

    def on_place(self, **conditions):
        """Conditions on the place of the row."""
        return c.at(f"{self.place}__" if self.place else "", **conditions)


PLACES = Kind("places", Assignment, "", "unit", "proposal", "件次", c.counted())
TERMS = Kind(
    "terms",
    Clock,
    "assignment",
    "assignment__unit",
    "proposal",
    "件次",
    c.counted("assignment__") & Q(assignment__isnull=False),
    "due_on",
)
# What is asked of a case as a whole has no place: an urge is counted where it reached a unit.
REQUESTS = Kind(
    "requests",
    Request,
    "assignment",
    "assignment__unit",
    "proposal",
    "次",
    Q(assignment__isnull=False),
    "-asked_on",
)
CONTACTS = Kind(
    "contacts", Contact, "assignment", "assignment__unit", "assignment__proposal", "次", order="-on"
)
RECALLS = Kind(
    "recalls",
    ReplyVersion,
    "reply__assignment",
    "reply__assignment__unit",
    "reply__assignment__proposal",
    "次",
)
PROMISES = Kind(
    "promises", Commitment, "reply__assignment", "unit", "proposal", "项", Q(replaced_by=None), "promised_on"
)
# What a unit was told to put right (整改事项) hangs on a topic or a case, not on a place; its year is when it was told.
TASKS = Kind("tasks", Task, "", "unit", "", "项", order="due_on")
KINDS = (PLACES, TERMS, REQUESTS, CONTACTS, RECALLS, PROMISES, TASKS)
