"""Fill an empty database: 500 people of one unit, each with something to do today. Run as a program.

`python -m tests.supervision.morning.scene` prints as JSON what the test needs to know.
"""

import json
import os
import sys
from datetime import timedelta

PEOPLE = 500
CASES = 3


def main():
    """Build the scene in the database of the settings."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        told = build()
    json.dump(told, sys.stdout)


def build():
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from accounts.models import Grant, Role, User
    from core.models import CalendarDay
    from proposals.status import ProposalStatus
    from tests.cast import build_cast, make_proposal

    today = timezone.localdate()
    # Whatever day it is, people work on it.
    CalendarDay.objects.bulk_create(
        CalendarDay(date=today + timedelta(days=n), is_workday=True, name="上班") for n in range(-9, 9)
    )
    cast = build_cast()
    people = User.objects.bulk_create(
        User(username=f"p{n}", name=f"赵{n}", email=f"p{n}@example.test", must_change_password=False)
        for n in range(PEOPLE)
    )
    Grant.objects.bulk_create(
        Grant(user=user, role=Role.HANDLER, congress=cast.congress, unit=cast.units["civil"])
        for user in people
    )
    walks = [make_proposal(cast, ProposalStatus.HANDLING) for _ in range(CASES)]
    client = Client()
    client.force_login(cast.gao)
    return {
        "people": [user.email for user in people],
        "places": [walk.place("finance").pk for walk in walks],
        "cookie": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}",
    }


if __name__ == "__main__":
    main()
