"""An exception on real pages: a hub passes a case on, its unit asks to return it, the hub decides and adjusts."""

import pytest
from playwright.sync_api import expect

from proposals.status import ProposalStatus
from tests.cast import make_proposal

pytestmark = [pytest.mark.browser, pytest.mark.story]

REASON = "助餐点的消防验收不归我局。"


def test_a_hubs_unit_asks_to_return_and_the_hub_decides(stage):
    make_proposal(stage.cast, ProposalStatus.FILED).assign(hub="lead")
    pass_on(stage)
    ask_to_return(stage)
    refuse(stage)
    adjust(stage)
    see_how_the_date_came_about(stage)


def unit(stage, key):
    return stage.cast.units[key].pk


def pass_on(stage):
    """The line of the desk is filled in and ticked; the bar counts before it is sent."""
    page = stage.look("hub", "/hub/")
    place = stage.place("hub").pk
    page.locator(f"[name=lead-{place}]").select_option(value=str(unit(stage, "civil")))
    page.locator(".co-pick summary").click()
    page.locator(f"[name=co-{place}][value='{unit(stage, 'finance')}']").check()
    page.locator("[data-pick]").check()
    page.get_by_role("button", name="分办 1 件").click()
    expect(page.locator("#notes")).to_contain_text("已分办 1 件")
    expect(page.locator("#main")).to_contain_text("没有待分办的建议")
    stage.turn_is(lin="市民政局", hub="市民政局", chen="您：")


def ask_to_return(stage):
    """What is missing is named with a link, what was typed stays; then the request waits on the hub."""
    page = stage.look("chen", f"/assignments/{stage.place('civil').pk}/ask_return/")
    page.locator("[name=reason]").fill(REASON)
    page.locator("#action-form .btn-primary").click()
    expect(page.locator("[role=alert]")).to_contain_text("还有 1 处要补：职能依据")
    expect(page.locator("[name=reason]")).to_have_value(REASON)
    page.locator("[name=basis]").fill("三定规定第四条")
    page.locator("[name=suggested]").fill("市卫生健康委员会")
    page.locator("#action-form .btn-primary").click()
    page.wait_for_url(f"**{stage.case_path}")
    stage.turn_is(chen="市政府督查室", hub="您：")
    stage.sees("lin", but_not=[REASON])


def refuse(stage):
    """On the card, with the reason beside the choice; the suggested unit stands in it already."""
    page = stage.look("hub", "/hub/?queue=return")
    card = page.locator("article.card")
    expect(card).to_contain_text(REASON)
    expect(card.locator("select")).to_have_value(str(unit(stage, "health")))
    card.locator("[name=reason]").fill("由你局牵头。")
    card.get_by_role("button", name="不同意，由原单位继续办").click()
    expect(page.locator("#notes")).to_contain_text("不同意调整")
    stage.sees("chen", "由你局牵头。", "办理中")


def adjust(stage):
    """The new placement starts from the present one; a page opened before is told that it is behind."""
    behind = stage.open_browser(user=stage.cast.hub)
    behind.goto(f"{stage.case_path}adjust/")
    page = stage.look("hub", f"{stage.case_path}adjust/")
    expect(page.locator(f"[name=lead][value='{unit(stage, 'civil')}']")).to_be_checked()
    page.locator(f"[name=lead][value='{unit(stage, 'health')}']").check()
    page.locator("[name=reason]").fill("职责调整。")
    page.locator("#action-form .btn-primary").click()
    page.wait_for_url(f"**{stage.case_path}")
    stage.turn_is(lin="市卫生健康委员会", wei="您：")
    stage.sees("chen", "已调整", "职责调整。")
    behind.locator("[name=reason]").fill("另一位同事也在改。")
    behind.locator("#action-form .btn-primary").click()
    expect(behind.locator("[role=alert]").first).to_contain_text("请刷新")
    expect(behind.locator("[name=reason]")).to_have_value("另一位同事也在改。")


def see_how_the_date_came_about(stage):
    """怎么算的 opens in place and leads on to the whole page."""
    page = stage.look("wei")
    page.locator(".turn a.why").first.click()
    card = page.locator(".why-menu .menu-card")
    expect(card).to_contain_text("从哪天算")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".why-menu summary").click()
    card.get_by_role("link", name="看全部日历").click()
    expect(page.locator("h1")).to_have_text("期限怎么算的")
