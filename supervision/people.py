"""Who stands behind a holder: unit, deputy and congress seats as the users who fill them today."""

from collections import defaultdict

from accounts.models import Grant, Role
from proposals.asking import HOLDER_OF

from .duties import COMMITTEE, UNIT_KINDS, USER

__all__ = ["COLUMN", "UNIT_KINDS", "seats_of", "users_by_seat"]

COLUMN = {**HOLDER_OF, Role.COMMITTEE: (COMMITTEE, "committee_id")}


def seats_of(grants):
    """The seats (holder kind, id) that these grants fill, in order, each once; the person's own is the last."""
    seats = []
    for grant in grants:
        if grant.role in COLUMN:
            kind, column = COLUMN[grant.role]
            seats.append((str(kind), getattr(grant, column)))
    seats += [(USER, grant.user_id) for grant in grants]
    return list(dict.fromkeys(seats))


def users_by_seat(today):
    """{(holder kind, id): [user ids]} of everybody whose grant is in force on `today` (one query)."""
    users = defaultdict(list)
    grants = Grant.objects.in_force(today).filter(user__is_active=True)
    columns = ("user_id", "role", "deputy_id", "congress_id", "unit_id", "delegation_id", "committee_id")
    for row in grants.order_by("pk").values_list(*columns, named=True).iterator():
        users[USER, row.user_id] = [row.user_id]
        if row.role in COLUMN:
            kind, column = COLUMN[row.role]
            users[str(kind), getattr(row, column)].append(row.user_id)
    return users
