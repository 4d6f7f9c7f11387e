"""Reminders of the demonstration: a congress that changed some stages, units with a shared mailbox."""

from accounts.models import Role
from institutions.models import Unit

from ..reminder_settings import PLAN_FIELDS, keep_plan, plan_of

CHANGED = (
    ("accept", {"before": "1", "sms": "due"}),
    ("reply", {"before": "30,15,7,3", "side_after": 3}),
)
MAILBOXES = 6


def tell(desk):
    """Have the liaison office change two plans, and give a few units a mailbox."""
    congress = desk.tenant.congress
    officer = desk.tenant.staff[Role.LIAISON][0]
    for kind, changes in CHANGED:
        plan = plan_of(congress, kind)
        values = {name: getattr(plan, name) for name in PLAN_FIELDS} | changes
        keep_plan(congress, kind, values, actor=officer)
    for unit in Unit.objects.in_use().filter(congress=congress).order_by("pk")[:MAILBOXES]:
        unit.mailbox = f"unit{unit.pk}@example.test"
        unit.save(update_fields=["mailbox"])
