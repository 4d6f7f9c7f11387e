"""What the settings promise: no secret in the repository, sign-in by default, a strict policy, lock-out."""

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.test import RequestFactory

from config.middleware import client_address
from config.settings import generated_key

ROOT = Path(__file__).resolve().parents[2]


def setting(name, **environment):
    """Value of a setting in a new process that knows only this environment."""
    code = f"from config import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_key_is_generated_once_and_private(tmp_path):
    path = tmp_path / "secret_key"
    key = generated_key(path)
    assert len(key) >= 50
    assert generated_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert generated_key(tmp_path / "another") != key
    assert {p.name for p in tmp_path.iterdir()} == {"secret_key", "another"}


def test_each_installation_has_its_own_key_and_the_environment_wins(tmp_path):
    first = setting("SECRET_KEY", VAR_DIR=str(tmp_path / "a"))
    assert first == setting("SECRET_KEY", VAR_DIR=str(tmp_path / "a"))
    assert first != setting("SECRET_KEY", VAR_DIR=str(tmp_path / "b"))
    assert setting("SECRET_KEY", VAR_DIR=str(tmp_path / "a"), SECRET_KEY="given") == "given"


def test_debugging_is_off_unless_asked_for(tmp_path):
    assert setting("DEBUG", VAR_DIR=str(tmp_path)) == "False"


def test_https_switch_secures_cookies(tmp_path):
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert setting(name, VAR_DIR=str(tmp_path)) == "False"
        assert setting(name, VAR_DIR=str(tmp_path), HTTPS="true") == "True"


def test_postgresql_keeps_its_connections(tmp_path):
    database = setting("DATABASES", VAR_DIR=str(tmp_path), DATABASE_URL="postgres://u:p@db.internal/x")
    assert "'CONN_MAX_AGE': 60" in database and "'CONN_HEALTH_CHECKS': True" in database
    assert "transaction_mode" not in database


def test_everybody_must_sign_in(client, probe, db):
    response = client.get(probe)
    assert response.status_code == 302
    assert response.url.endswith(f"?next={probe}")


def test_policy_allows_nothing_inline_or_foreign(client, user, probe):
    client.force_login(user)
    header = client.get(probe).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())
    assert directives == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "10.0.0.1"),  # nobody vouches for the header
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the client invented the left one
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),  # came past a proxy
        (1, "", "10.0.0.1"),
    ],
)
def test_client_address(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == expected


class TestLockout:
    """Eight failures of one name from one address, then fifteen minutes; nobody else is touched."""

    def attempt(self, name, password, address="10.0.0.1"):
        request = RequestFactory().post("/", {"username": name}, REMOTE_ADDR=address)
        return authenticate(request, username=name, password=password)

    def fail(self, times):
        for _ in range(times):
            assert self.attempt("wanglan", "错") is None

    def test_eighth_failure_locks(self, user):
        self.fail(7)
        assert self.attempt("wanglan", "湖畔-四月-2026") == user
        # The success counted from nought again.
        self.fail(8)
        assert self.attempt("wanglan", "湖畔-四月-2026") is None

    def test_others_of_the_office_and_other_addresses_go_on(self, user, django_user_model):
        other = django_user_model.objects.create_user("zouli", password="春分-雨水-7", name="邹莉")
        self.fail(8)
        assert self.attempt("zouli", "春分-雨水-7") == other
        assert self.attempt("wanglan", "湖畔-四月-2026", address="10.0.0.2") == user

    def test_fifteen_minutes_later_it_is_over_however_often_one_tried(self, user):
        with time_machine.travel("2026-04-22 09:00+08:00", tick=False) as clock:
            self.fail(8)
            clock.shift(14 * 60)
            self.fail(1)
            clock.shift(61)
            assert self.attempt("wanglan", "湖畔-四月-2026") == user

    def test_failures_are_logged_with_name_and_address_but_never_the_password(self, user, caplog):
        log = logging.getLogger("axes")
        log.addHandler(caplog.handler)
        self.fail(1)
        log.removeHandler(caplog.handler)
        assert "wanglan" in caplog.text and "10.0.0.1" in caplog.text
        assert "错" not in caplog.text
