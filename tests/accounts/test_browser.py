"""In a real Chromium: the administration under the strict policy, the frame on a phone, the expired session."""

import pytest
from django.contrib.sessions.models import Session

from accounts import nav
from accounts.models import User
from tests.tenants import PASSWORD

pytestmark = pytest.mark.browser

WIDTHS = [1360, 390]


@pytest.fixture
def entries(monkeypatch):
    """A long navigation, as staff have it."""
    monkeypatch.setattr(nav, "_entries", {})
    targets = ["admin:index", "admin:accounts_user_changelist", "admin:institutions_unit_changelist",
               "admin:deputies_deputy_changelist", "admin:deputies_term_changelist", "accounts:profile"]  # fmt: skip
    for number, (word, name) in enumerate(
        zip(["工作台", "建议总表", "集中交办", "重点督办", "承诺台账", "统计"], targets, strict=True)
    ):
        nav.register(None, word, name, number)
    nav.register(
        None, "消息", "admin:deputies_session_changelist", 9, lambda u: 1200, icon="bell", slots=("tool",)
    )


@pytest.fixture
def violations(pytestconfig):
    source = (pytestconfig.rootpath / "tests/vendor/axe.min.js").read_text(encoding="utf-8")

    def run(page):
        page.evaluate(source)
        found = page.evaluate("axe.run()")["violations"]
        return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]

    return run


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_own_pages_fit_and_are_accessible(open_browser, handler, entries, violations, width):
    page = open_browser(width=width)
    page.goto("/login/?kept=1&next=/me/")
    assert violations(page) == []
    page.fill("[name=username]", "chenxiaolan")
    page.fill("[name=password]", "wrong")
    page.click(".login-form button")
    assert violations(page) == []
    page.fill("[name=password]", PASSWORD)
    page.click(".login-form button")
    page.wait_for_url("**/me/")
    for path in ["/me/", "/me/password/", "/nowhere/"]:
        page.goto(path)
        page.click("details.menu > summary")
        assert page.is_visible("text=退出登录 >> nth=0")
        assert fits(page), path
        assert violations(page) == [], path


def test_current_entry_of_a_long_navigation_is_in_sight(open_browser, handler, entries):
    page = open_browser(width=390, user=handler)
    page.goto("/me/")
    box = page.locator(".topnav [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("js", [True, False])
def test_large_type_menu_and_leaving(open_browser, handler, js):
    page = open_browser(user=handler, js=js)
    page.goto("/me/")
    page.click(".big-switch button")
    assert "big" in page.get_attribute("body", "class")
    page.click("details.menu > summary")
    page.click(".menu-pop button:has-text('退出登录')")
    page.wait_for_url("**/login/")
    assert User.objects.get(pk=handler.pk).big_type is True


def test_administration_works_under_the_strict_policy(open_browser, city_admin, handler):
    """The fixture fails the test for any violation of the policy."""
    page = open_browser(user=city_admin)
    for path in ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/deputies/deputy/",
                 "/admin/institutions/unit/add/", "/admin/deputies/session/add/",
                 f"/admin/accounts/user/{handler.pk}/reset-password/"]:  # fmt: skip
        page.goto(path)
        assert page.is_visible("#site-name")
    page.goto(f"/admin/accounts/user/{handler.pk}/change/")
    page.click("text=添加另一个 授权")
    assert page.locator("#id_grants-1-role").is_visible()
    page.click("#grants-1 .field-unit .select2-selection")
    page.fill(".select2-search__field", "民政")
    page.click(".select2-results__option:has-text('澜江市民政局')")
    page.select_option("#id_grants-1-role", "signer")
    page.click("input[name=_save]")
    page.wait_for_url("**/admin/accounts/user/")
    assert handler.grants.filter(role="signer").exists()


def test_expired_session_in_the_browser(open_browser, deputy, pages):
    """Type, lose the session, send, sign in: the text stands in the form, with the note above it."""
    page = open_browser(width=390, user=deputy)
    page.goto("/write/")
    page.fill("[name=words]", "社区食堂周末不开，𠮷祥里老人没有地方吃饭。")
    Session.objects.all().delete()
    page.evaluate("document.querySelector('main form').requestSubmit()")
    page.wait_for_url("**/login/**")
    assert page.is_visible("text=您写的内容已保留")
    page.fill("[name=username]", "13800000001")
    page.fill("[name=password]", PASSWORD)
    page.click(".login-form button")
    page.wait_for_url("**/write/")
    assert page.input_value("[name=words]") == "社区食堂周末不开，𠮷祥里老人没有地方吃饭。"
    assert page.is_visible("text=登录过期前您写的内容还在，请检查后再提交")


def test_autosave_after_the_session_is_gone(open_browser, deputy, pages):
    """htmx shows the note above the form and leaves the form alone."""
    page = open_browser(width=390, user=deputy)
    page.goto("/write/")
    page.fill("[name=words]", "写到一半")
    Session.objects.all().delete()
    page.evaluate(
        "htmx.ajax('POST', '/write/', {source: 'main form', target: 'main form', swap: 'outerHTML'})"
    )
    page.wait_for_selector("#notes >> text=登录已过期")
    assert page.input_value("[name=words]") == "写到一半"
    assert page.locator(".login-form").count() == 0


def test_answers_that_fail_are_told_and_leave_the_form_alone(open_browser, deputy, pages):
    page = open_browser(user=deputy)
    page.goto("/write/")
    page.fill("[name=words]", "写到一半")
    send = """address => htmx.ajax('POST', address, {source: 'main form', target: 'main form'}).catch(() => {})"""
    for address, words in [("/nowhere/", "刚才没有办成"), ("/refused/", "申请退回期限已于")]:
        page.evaluate(send, address)
        page.wait_for_selector(f"#notes >> text={words}")
    page.context.set_offline(True)
    page.evaluate(send, "/write/")
    page.wait_for_selector("#notes >> text=网络不通")
    assert page.input_value("[name=words]") == "写到一半"
