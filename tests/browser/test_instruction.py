"""A leader's instruction from a phone in three taps; the unit reads and answers; the leader sees 已执行."""

import pytest
from playwright.sync_api import expect

from proposals.status import ProposalStatus
from tests.cast import make_proposal

from .steps import PHONE

pytestmark = pytest.mark.browser

WORDS = "两家单位都说不归自己管，请领导定。"
ANSWER = "已到现场看过，下月 10 日前开餐。"


@pytest.mark.parametrize("js", [True, False], ids=["js", "no_js"])
def test_an_instruction_from_a_phone_in_three_taps(open_browser, cast, js):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    walk.do("report", cast.su, leader=cast.luo, words=WORDS)
    phone = open_browser(width=PHONE, js=js, user=cast.luo)
    in_three_taps(phone)
    if js:
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    at_the_unit(open_browser, cast, js)
    the_office_marks(open_browser, cast, js, walk)
    phone.goto("/leader/")
    expect(phone.locator("#mine")).to_contain_text("已执行")
    expect(phone.locator("#mine")).to_contain_text("市民政局")


def in_three_taps(phone):
    """Open, choose a sentence, send: whom it goes to and by when is filled in."""
    phone.goto("/")
    assert phone.url.endswith("/leader/")
    card = phone.locator("#word article").first
    expect(card).to_contain_text(WORDS)
    card.locator("summary").first.click()
    expect(card.locator("form")).to_contain_text("送 联工委、市民政局、市财政局")
    card.locator(".pick label").first.click()
    card.get_by_role("button", name="发出").click()
    expect(phone.locator("#notes")).to_contain_text("写批示")
    expect(phone.locator("#word")).to_contain_text("没有等您拿主意的")
    expect(phone.locator("#mine")).to_contain_text("未回")


def at_the_unit(open_browser, cast, js):
    """待回复批示 stands on top of the inbox; the form shows the words, and takes the answer."""
    desk = open_browser(js=js, user=cast.chen)
    desk.goto("/inbox/")
    desk.get_by_role("link", name="回复批示").click()
    desk.locator("[name=words]").fill(ANSWER)
    desk.get_by_role("button", name="回复批示").click()
    expect(desk.locator("#main")).not_to_contain_text("待回复批示")


def the_office_marks(open_browser, cast, js, walk):
    """The office reads the answer and marks it as carried out."""
    office = open_browser(js=js, user=cast.su)
    office.goto(f"/proposals/{walk.proposal.pk}/")
    expect(office.locator("#main")).to_contain_text(ANSWER)
    office.goto(f"/proposals/{walk.proposal.pk}/mark_instruct/")
    office.locator("label", has_text="已执行").first.click()
    office.locator("[name=words]").fill("代表认可。")
    office.get_by_role("button", name="标记批示执行").click()
    expect(office.locator("#main")).to_contain_text("已执行")
