"""Signing in by name or phone, lock-out per person and address, leaving."""

import pytest
import time_machine

from tests.tenants import PASSWORD, make_user


def sign_in(client, username, password=PASSWORD, address="10.0.0.1", **extra):
    return client.post("/login/", {"username": username, "password": password, **extra}, REMOTE_ADDR=address)


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "typed",
    [
        "linxiuzhi",
        " linxiuzhi ",
        "LinXiuzhi",
        "13800000001",
        "138 0000 0001",
        "+86 138-0000-0001",
        "１３８０００００００１",
    ],
)
def test_signs_in_by_user_name_or_phone(client, deputy, typed):
    response = sign_in(client, typed)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "typed", ["nobody", "13800000002", "", "a" * 300, "长" * 60_000, "x\x00y", "𠮷<script>"]
)
def test_unknown_names_are_told_in_chinese(client, deputy, typed):
    response = sign_in(client, typed)
    assert response.status_code == 422
    assert not is_signed_in(client)
    assert "<script>" not in response.content.decode()[-3000:]


def test_wrong_password_keeps_the_name(client, deputy):
    response = sign_in(client, "linxiuzhi", "wrong")
    assert response.status_code == 422
    assert "手机号（用户名）或密码不对" in response.content.decode()
    assert 'value="linxiuzhi"' in response.content.decode()


def test_account_switched_off_cannot_sign_in(client, deputy):
    deputy.is_active = False
    deputy.save()
    assert sign_in(client, "linxiuzhi").status_code == 422
    assert not is_signed_in(client)


def test_goes_back_to_the_page_asked_for(client, deputy):
    asked = client.get("/me/")
    assert asked["Location"] == "/login/?next=/me/"
    assert sign_in(client, "linxiuzhi", next="/me/")["Location"] == "/me/"


def test_never_leaves_the_site(client, deputy):
    assert sign_in(client, "linxiuzhi", next="https://elsewhere.example/")["Location"] == "/"


def lock_out(client, name, address="10.0.0.1"):
    for _attempt in range(8):
        response = sign_in(client, name, "wrong", address)
    return response


def test_lock_out_says_when_to_try_again(client, deputy):
    with time_machine.travel("2026-04-22 09:00+08:00", tick=False) as clock:
        lock_out(client, "linxiuzhi")
        response = sign_in(client, "linxiuzhi")
        assert response.status_code == 429
        assert "请在 09:15 以后再登录" in response.content.decode()
        assert not is_signed_in(client)
        clock.shift(10 * 60)
        assert "请在 09:15 以后再登录" in sign_in(client, "linxiuzhi").content.decode()
        clock.shift(5 * 60 + 1)
        assert sign_in(client, "linxiuzhi").status_code == 302


def test_name_and_phone_of_one_person_count_together(client, deputy):
    for name in ["linxiuzhi", "13800000001", "138 0000 0001", " LINXIUZHI"] * 2:
        sign_in(client, name, "wrong")
    assert sign_in(client, "linxiuzhi").status_code == 429
    assert sign_in(client, "13800000001").status_code == 429


def test_office_behind_one_address_is_not_locked_out(client, deputy, handler):
    lock_out(client, "linxiuzhi")
    assert sign_in(client, "chenxiaolan").status_code == 302


def test_others_attempts_elsewhere_do_not_lock_the_person_out(client, deputy):
    lock_out(client, "linxiuzhi", address="10.9.9.9")
    assert sign_in(client, "linxiuzhi", address="10.0.0.1").status_code == 302


def test_success_forgets_earlier_mistakes(client, deputy):
    for _attempt in range(7):
        sign_in(client, "linxiuzhi", "wrong")
    assert sign_in(client, "linxiuzhi").status_code == 302
    client.post("/logout/")
    for _attempt in range(7):
        sign_in(client, "linxiuzhi", "wrong")
    assert sign_in(client, "linxiuzhi").status_code == 302


def test_signs_out_by_post_only(client, deputy):
    client.force_login(deputy)
    assert client.get("/logout/").status_code == 405
    assert is_signed_in(client)
    response = client.post("/logout/")
    assert response["Location"] == "/login/"
    assert not is_signed_in(client)


def test_sign_in_page_names_the_only_congress(client, city):
    page = client.get("/login/").content.decode()
    assert "主办：澜江市人大常委会" in page
    assert "8866 0101" in page


def test_sign_in_page_names_none_of_several(client, city, province):
    page = client.get("/login/").content.decode()
    assert "澜江市" not in page
    assert "潇南省" not in page


def test_forged_token_on_the_sign_in_page(deputy):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": "linxiuzhi", "password": PASSWORD})
    assert response.status_code == 403
    assert "没有生效" in response.content.decode()


def test_signing_in_twice_in_two_windows(deputy):
    """The token of the second window's page is out of date once the first has signed in; no error for that."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(deputy)
    response = client.post("/login/", {"username": "linxiuzhi", "password": PASSWORD, "next": "/me/"})
    assert response.status_code == 302
    assert response["Location"] == "/me/"


def test_a_name_that_is_another_persons_phone_wins_for_its_owner(client, deputy, city):
    """The administration refuses such names; should one exist, the password still decides whose it is."""
    other = make_user("13800000001", "liaison", city, name="别人")
    other.set_password("另一个-密码-77")
    other.save()
    assert sign_in(client, "13800000001", "另一个-密码-77").status_code == 302
    assert int(client.session["_auth_user_id"]) == other.pk
