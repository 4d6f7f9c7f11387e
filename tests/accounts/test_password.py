"""The first password must be changed; changing it ends every other session."""

import pytest
from django.test import Client

from tests.tenants import PASSWORD, make_user

NEW = "新的-密码-四月"


@pytest.fixture
def newcomer(city):
    return make_user("xinren", "handler", city, name="新人", must_change=True)


def change(client, old=PASSWORD, new=NEW, again=None, **extra):
    data = {"old_password": old, "new_password1": new, "new_password2": again or new, **extra}
    return client.post("/me/password/", data)


def test_initial_password_opens_only_the_change_page(client, newcomer):
    client.force_login(newcomer)
    for path in ["/me/", "/admin/"]:
        assert client.get(path)["Location"] == f"/me/password/?next={path}"
    page = client.get("/me/password/")
    assert page.status_code == 200
    assert "您用的是初始密码" in page.content.decode()
    assert client.post("/logout/").status_code == 302


def test_fragments_lead_the_whole_page_there(client, newcomer):
    client.force_login(newcomer)
    response = client.get("/me/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/me/password/"


def test_after_the_change_everything_is_open(client, newcomer):
    client.force_login(newcomer)
    response = change(client, next="/me/")
    assert response["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert newcomer.check_password(NEW)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"old": "wrong"}, "原密码不对"),
        ({"new": PASSWORD}, "新密码和原密码一样"),
        ({"again": "不一样的-另一个"}, "两次输入的新密码不一样"),
        ({"new": "短"}, "密码太短，至少要 8 个字符"),
        ({"new": "20260422"}, "密码只包含数字"),
        ({"new": "password123"}, "这个密码太常见了"),
        ({"new": "xinren2026"}, "密码跟您的用户名太像"),
        ({"new": "新人的密码2026"}, "不要有自己的姓名或手机号"),
    ],
)
def test_refusals_in_chinese(client, newcomer, data, words):
    client.force_login(newcomer)
    response = change(client, **data)
    assert response.status_code == 422
    assert words in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_change_ends_all_other_sessions(handler):
    here, there = Client(), Client()
    here.force_login(handler)
    there.force_login(handler)
    assert there.get("/me/").status_code == 200
    assert change(here).status_code == 302
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302
