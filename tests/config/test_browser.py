"""The browser fixture itself: it sees a real page, and it notices what must not happen."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("js", [True, False])
def test_sign_in_page_opens(open_browser, js):
    page = open_browser(width=390, height=844, js=js)
    page.goto("/login/")
    assert "登录" in page.title()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_signing_in(open_browser, user):
    page = open_browser()
    page.goto("/login/?next=/me/")
    page.fill("[name=username]", "wanglan")
    page.fill("[name=password]", "湖畔-四月-2026")
    page.click(".login-form button")
    page.wait_for_url("**/me/")
    assert "王岚" in page.inner_text("body")


def test_somebody_already_signed_in(open_browser, user):
    page = open_browser(user=user)
    page.goto("/me/")
    assert "王岚" in page.inner_text("body")


def test_foreign_pictures_and_broken_scripts_are_noticed(open_browser):
    page = open_browser()
    page.goto("/login/")
    blocked = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", e => resolve(e.violatedDirective), {once: true});
            const picture = document.createElement("img");
            picture.src = "http://127.0.0.1:9/x.png";
            document.body.append(picture);
            setTimeout(() => { throw new Error("断了"); });
        })"""
    )
    assert blocked == "img-src"
    for _ in range(200):  # they travel on their own
        if len(open_browser.faults) >= 2:
            break
        page.wait_for_timeout(50)
    noticed = "\n".join(open_browser.faults)
    assert "违反内容安全策略" in noticed and "断了" in noticed
    open_browser.faults.clear()
