"""Health for machines: what is answered to whom, and what each check notices."""

import shutil
import time
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from core.models import Heartbeat
from core.tasks import pulse
from core.vitals import beat
from notifications.models import Delivery
from notifications.services import notify
from supervision import health
from supervision.models import DailyRun

NOW = timezone.now()


@pytest.fixture
def well(db):
    """An installation that does its work."""
    beat("beat")
    pulse()
    DailyRun.objects.create(day=timezone.localdate(), finished_at=timezone.now())


def state_of(code):
    [check] = [check for check in health.run_checks() if check.code == code]
    return check.state


@pytest.fixture
def dead_database(db):
    def refuse(*args):
        raise OperationalError("server closed the connection unexpectedly: host=10.0.0.7 user=proposals")

    with connection.execute_wrapper(refuse):
        yield


# --- For a load balancer --------------------------------------------------------------------------------


def test_live_answers_without_sign_in_with_one_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/health/live")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert client.head("/health/live").status_code == 200


def test_live_tells_nothing_when_the_database_is_away(client, db, dead_database):
    response = client.get("/health/live")
    assert (response.status_code, response.content) == (503, b"unavailable\n")


def test_asked_over_plain_http_inside_a_site_with_a_certificate(client, well, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/status").status_code == 200
    assert client.get("/login/").status_code == 301


# --- For monitoring -------------------------------------------------------------------------------------


def test_a_stranger_learns_the_state_and_nothing_else(client, well):
    response = client.get("/health/status")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    Heartbeat.objects.all().delete()
    response = client.get("/health/status")
    assert (response.status_code, response.json()) == (503, {"status": "failing"})


def test_the_token_opens_the_details(client, well, settings):
    settings.HEALTH_TOKEN = "moon-river"
    response = client.get("/health/status", headers={"Authorization": "Bearer moon-river"})
    checks = response.json()["checks"]
    assert set(checks) == set(settings.HEALTH_CHECKS)
    assert {check["status"] for check in checks.values()} == {"ok"}
    for wrong in ("Bearer moon", "moon-river", "Bearer ", "Basic moon-river", "Bearer 月河"):
        said = client.get("/health/status", headers={"Authorization": wrong})
        assert "checks" not in said.json()


def test_without_a_token_in_the_settings_no_token_opens_it(client, well, settings):
    settings.HEALTH_TOKEN = ""
    for empty in ("Bearer ", "Bearer"):
        assert "checks" not in client.get("/health/status", headers={"Authorization": empty}).json()


def test_administrators_see_the_details_others_do_not(client, cast, well):
    for person, sees in ((cast.admin, True), (cast.su, False), (cast.lin, False)):
        client.force_login(person)
        assert ("checks" in client.get("/health/status").json()) is sees


def test_nothing_secret_is_told_when_the_database_is_away(client, db, dead_database, settings):
    settings.HEALTH_TOKEN = "moon-river"
    response = client.get("/health/status", headers={"Authorization": "Bearer moon-river"})
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["status"] == "failing"
    for secret in ("10.0.0.7", "proposals", "moon-river"):
        assert secret not in response.content.decode()


def test_only_the_checks_of_the_settings_count(client, db, settings):
    settings.HEALTH_CHECKS = ["database", "disk"]
    assert client.get("/health/status").status_code == 200


# --- What each check notices ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "silence"), [("beat", timedelta(minutes=3)), ("worker", timedelta(minutes=11))]
)
def test_a_program_that_is_silent(well, code, silence):
    assert state_of(code) == "ok"
    Heartbeat.objects.filter(name=code).update(at=timezone.now() - silence)
    assert state_of(code) == "failing"


def test_a_queue_that_is_out_of_reach_or_not_emptied(db, monkeypatch):
    from core.backlog import Backlog

    for found, state in (
        (None, "failing"),
        (Backlog(3, 30.0, 1), "ok"),
        (Backlog(3, 700.0, 0), "failing"),
        (Backlog(0, None, 0), "ok"),
    ):
        monkeypatch.setattr(health, "backlog", lambda found=found: found)
        assert state_of("queue") == state


def test_a_redis_that_nobody_answers_for_is_noticed_within_seconds(db):
    """Through the real client, against a port where nobody listens."""
    from celery import current_app

    from core import backlog

    before = current_app.conf.broker_url, current_app.conf.broker_transport_options
    try:
        current_app.conf.broker_url = "redis://127.0.0.1:1/0"
        current_app.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 1}
        started = time.monotonic()
        assert backlog.backlog() is None
        assert backlog.tidy_queue(30) == 0
        assert time.monotonic() - started < 10
    finally:
        current_app.conf.broker_url, current_app.conf.broker_transport_options = before


def test_a_day_without_its_run(db, settings, time_machine):
    from .conftest import at

    settings.DIGEST_HOUR = at(2026, 5, 6, 8, 30).time()
    time_machine.move_to(at(2026, 5, 6, 9, 0))
    assert state_of("daily") == "ok"
    time_machine.move_to(at(2026, 5, 6, 9, 31))
    assert state_of("daily") == "failing"
    run = DailyRun.objects.create(day=timezone.localdate())
    assert state_of("daily") == "failing"
    DailyRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    assert state_of("daily") == "ok"


def test_messages_that_wait_or_were_given_up(cast):
    notify({cast.chen.pk}, congress_id=cast.congress.pk, words="催办", url="/", key="k", is_urgent=True)
    rows = Delivery.objects.filter(channel="email")
    assert state_of("deliveries") == "ok"
    rows.update(next_try_at=timezone.now() - timedelta(minutes=31))
    assert state_of("deliveries") == "failing"
    rows.update(state="failed")
    assert state_of("deliveries") == "warning"
    rows.update(next_try_at=timezone.now() - timedelta(days=2))
    assert state_of("deliveries") == "ok"


def test_a_disk_that_is_nearly_full(db, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, state in ((50, "ok"), (4, "failing")):
        whole = usage(100 * 2**30, (100 - free) * 2**30, free * 2**30)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, whole=whole: whole)
        assert state_of("disk") == state
