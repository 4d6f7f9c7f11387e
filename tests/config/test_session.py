"""Renewing the session: in use it lives on, but is written at most every ten minutes."""

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext


def visit(client, url):
    """Open the page; return whether it was let in and whether the session was written."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
    written = any("django_session" in q["sql"] and not q["sql"].startswith("SELECT") for q in queries)
    return response.status_code == 200, written


def test_session_is_written_at_most_every_ten_minutes(client, user, probe):
    with time_machine.travel("2026-04-22 09:00+08:00", tick=False) as clock:
        client.force_login(user)
        assert visit(client, probe) == (True, True)
        clock.shift(599)
        assert visit(client, probe) == (True, False)
        clock.shift(1)
        assert visit(client, probe) == (True, True)
        assert visit(client, probe) == (True, False)


def test_session_in_use_outlives_eight_hours(client, user, probe):
    with time_machine.travel("2026-04-22 08:00+08:00", tick=False) as clock:
        client.force_login(user)
        for _hour in range(12):
            assert visit(client, probe)[0]
            clock.shift(3600)


def test_idle_session_ends_after_eight_hours(client, user, probe):
    with time_machine.travel("2026-04-22 08:00+08:00", tick=False) as clock:
        client.force_login(user)
        visit(client, probe)
        clock.shift(8 * 3600 + 1)
        assert visit(client, probe)[0] is False
