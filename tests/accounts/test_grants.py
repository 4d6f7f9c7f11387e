"""Questions about grants, the security log, the first administrator."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.grants import grants_of, log_refusal, may_administer
from accounts.models import SecurityEvent, User
from tests.tenants import give


def test_grants_of_filters_by_role(handler, city):
    give(handler, "signer", city)
    assert {grant.role for grant in grants_of(handler)} == {"handler", "signer"}
    assert [grant.role for grant in grants_of(handler, "signer", "hub")] == ["signer"]
    assert grants_of(AnonymousUser()) == []


def test_who_may_administer(handler, city_admin):
    assert may_administer(city_admin)
    assert not may_administer(handler)
    assert not may_administer(AnonymousUser())


def test_refusals_are_logged(handler, city):
    event = log_refusal(handler, "denied", "越权" * 400)
    assert (event.congress, event.who) == (city.congress, "陈晓岚")
    assert len(event.words) == 500
    assert log_refusal(AnonymousUser(), "forged", "未登录").user is None


@pytest.mark.django_db(transaction=True)
def test_log_survives_the_refused_transaction_and_refuses_to_be_inside():
    with pytest.raises(RuntimeError), transaction.atomic():
        log_refusal(None, "denied", "会随事务消失")
    assert not SecurityEvent.objects.exists()
    log_refusal(None, "denied", "事务之后")
    assert SecurityEvent.objects.count() == 1


class TestFirstAdministrator:
    @pytest.fixture(autouse=True)
    def _password(self, monkeypatch):
        monkeypatch.setenv("ADMIN_PASSWORD", "初始-密码-2026")

    def test_of_everything(self, db, capsys):
        call_command("create_admin", "root", name="总管理员", phone="139 0000 0000")
        user = User.objects.get(username="root")
        assert user.is_superuser
        assert user.phone == "13900000000"
        assert user.must_change_password
        assert "系统总管理员" in capsys.readouterr().out

    def test_of_one_congress(self, city):
        call_command("create_admin", "guan", congress="lanjiang")
        user = User.objects.get(username="guan")
        assert not user.is_superuser
        assert user.administered_congresses() == {city.congress.pk}

    def test_typed_password_need_not_be_changed(self, db, monkeypatch):
        monkeypatch.delenv("ADMIN_PASSWORD")
        monkeypatch.setattr("getpass.getpass", lambda prompt: "自己的-密码-2026")
        call_command("create_admin", "root")
        assert not User.objects.get(username="root").must_change_password

    def test_refusals(self, city, deputy, monkeypatch):
        with pytest.raises(CommandError, match="已有账号"):
            call_command("create_admin", "linxiuzhi")
        with pytest.raises(CommandError, match="没有代码为“nowhere”的人大（现有：lanjiang）"):
            call_command("create_admin", "guan", congress="nowhere")
        monkeypatch.setenv("ADMIN_PASSWORD", "123")
        with pytest.raises(CommandError, match="密码太短"):
            call_command("create_admin", "guan")
        assert not User.objects.filter(username="guan").exists()
