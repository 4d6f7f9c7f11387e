"""The header: entries by grant, counts, the current page, the administration's link."""

import pytest

from accounts import nav
from tests.tenants import make_user


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(nav, "_entries", {})
    counted = []

    def count(user):
        counted.append(user)
        return 1234

    nav.register(["handler"], "收件箱", "accounts:profile", 1, count)
    nav.register(["deputy"], "提建议", "accounts:password_change", 2, icon="pencil", slots=("bar", "tab"))
    nav.register(None, "消息", "admin:index", 9, lambda user: 0, icon="bell", slots=("tool",))
    return counted


def header(client, path="/me/"):
    return client.get(path).content.decode().partition("<main")[0]


def test_entries_follow_the_grants(client, handler, deputy, entries):
    client.force_login(handler)
    assert "收件箱" in header(client)
    assert "提建议" not in header(client)
    client.force_login(deputy)
    assert "收件箱" not in header(client)
    assert "提建议" in header(client)
    assert 'class="tabbar"' in client.get("/me/").content.decode()


def test_counts_are_capped_asked_once_and_hidden_at_zero(client, handler, entries):
    client.force_login(handler)
    page = header(client)
    assert "999+" in page
    assert len(entries) == 1
    assert 'aria-label="消息"' in page


def test_current_page_is_the_longest_match(client, handler, deputy, entries):
    client.force_login(deputy)
    assert 'href="/me/password/" aria-current="page"' in header(client, "/me/password/")
    client.force_login(handler)
    assert 'href="/me/" aria-current="page"' in header(client, "/me/password/")


def test_unknown_slot_is_a_mistake_of_the_caller(entries):
    with pytest.raises(ValueError, match="unknown slot"):
        nav.register(None, "x", "accounts:profile", 1, slots=("bottom",))


def test_visitors_see_the_brand_only(client, city, entries):
    page = header(client, "/login/")
    assert "澜江市人大常委会" in page
    assert "退出登录" not in page


def test_administration_link_for_administrators_only(client, city_admin, handler):
    client.force_login(city_admin)
    assert 'href="/admin/"' in header(client)
    client.force_login(handler)
    assert 'href="/admin/"' not in header(client)


def test_no_inline_script_or_style(client, city_admin):
    client.force_login(city_admin)
    for path in ["/me/", "/me/password/", "/nowhere/"]:
        page = client.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


def test_superuser_without_grants_has_a_header_too(client, db):
    user = make_user("root")
    user.is_superuser = True
    user.save()
    client.force_login(user)
    assert 'href="/admin/"' in header(client)
