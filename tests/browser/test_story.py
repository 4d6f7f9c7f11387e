"""The main story on real pages, with what each role sees at each step."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from proposals.models import ProposalEvent, Rating
from tests.cast import PASSWORD, TEXT

pytestmark = [pytest.mark.browser, pytest.mark.story]

DISSATISFIED = "城南街道的食堂只挂了牌子，没有开餐。"
FIRST_ANSWERS = ["12 个街道已定址 9 个，其余年内定址。", "分档补助办法已印发，7 月起执行。"]
SECOND_ANSWERS = ["城南街道社区食堂 9 月 1 日起每天供应午餐。", "补助已发放到 812 位老人。"]
PDF = {"name": "座谈记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n%%EOF\n"}


def test_from_the_phone_of_a_deputy_to_a_rated_answer(stage):
    write_on_the_phone(stage)
    cosign_and_submit(stage)
    file_and_assign(stage)
    handle(stage)
    reply_and_sign(stage)
    rate_dissatisfied(stage)
    redo(stage)
    rate_satisfied(stage)
    leave_a_whole_history(stage)


def write_on_the_phone(stage):
    page = stage.devices["lin"] = stage.open_browser(width=390)
    page.goto("/")
    page.locator("[name=username]").fill("lin")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/my/")
    page.locator(".tabbar").get_by_role("link", name="提建议").click()
    page.wait_for_url("**/write/")
    page.locator("[name=title]").press_sequentially("关于在城区社区推广")
    stage.write_texts(page)
    page.locator("[name=point]").first.fill(TEXT["points"][0])
    page.get_by_role("button", name="再加一条").click()
    page.locator("[name=point]").nth(1).press_sequentially(TEXT["points"][1])
    page.locator("[name=suggested_units]").fill("市民政局")
    page.locator("[name=suggested_units]").blur()
    expect(page.locator("#autosave")).to_contain_text("已自动保存")
    expect(page.locator("#missing")).to_contain_text("写全了，可以提交")
    assert stage.proposal.points == TEXT["points"]
    page.locator("#invitee").fill("唐伯安")
    page.get_by_role("button", name="邀请", exact=True).click()
    expect(page.locator("#cosigners")).to_contain_text("等待答复")
    # Nobody else knows of a draft; submitting waits for the invited.
    stage.does_not_exist_for("su", "chen", "xiao", "zhang", "luo")
    page.locator(".bottombar button[value=submit]").click()
    expect(page.locator("[role=alert]").first).to_contain_text("唐伯安")
    assert stage.proposal.status == "draft"


def cosign_and_submit(stage):
    expect(stage.look("tang", "/my/").locator("#main")).to_contain_text("有 1 件事等您办")
    stage.cosign()
    stage.sees("tang", "附议 · 领衔林秀芝", path="/my/")
    page = stage.sees("lin", "已附议", path=f"{stage.case_path}write/")
    page.locator(".bottombar button[value=submit]").click()
    page.wait_for_url(f"**{stage.case_path}")
    expect(page.locator("#notes")).to_contain_text("已提交")
    stage.sees("lin", "待审查", "待编号", "附议：唐伯安")
    stage.turn_is(lin="联工委", tang="联工委", su="您：", jiang="联工委", zhang="联工委")
    assert stage.buttons_of("lin") == []
    assert stage.buttons_of("jiang") == []
    stage.does_not_exist_for("chen", "gao", "xiao")


def file_and_assign(stage):
    stage.file()
    number = stage.proposal.number
    stage.sees("lin", number, "已立案，待交办")
    stage.assign()
    stage.turn_is(lin="市民政局", su="市民政局", luo="市民政局", chen="您：", gao="您：")
    for who in ("lin", "tang", "su", "chen", "gao", "fang", "luo", "jiang", "zhang"):
        stage.sees(who, number, "办理中", TEXT["situation"])
    stage.does_not_exist_for("qin", "xiao")
    stage.sees("chen", "待签收", TEXT["title"], path="/inbox/")
    assert stage.buttons_of("lin") == []
    assert stage.buttons_of("su") == ["催办"]
    assert stage.buttons_of("chen")[0] == "签收"
    assert stage.buttons_of("fang") == []


def handle(stage):
    stage.accept("chen")
    stage.accept("gao")
    stage.log_contact(files=[PDF])
    stage.sees("lin", "登门走访", "代表希望先建独居老人多的社区", "座谈记录.pdf")
    stage.sees("gao", but_not=["代表希望先建独居老人多的社区", "座谈记录.pdf"])
    link = stage.look("tang").get_by_role("link", name="座谈记录.pdf").get_attribute("href")
    response = stage.at("tang").request.get(link)
    assert response.body() == PDF["buffer"]
    assert quote("座谈记录.pdf") in response.headers["content-disposition"]
    stage.does_not_exist_for("gao", path=link)
    stage.give_opinion()
    stage.sees("chen", "补助资金 60 万元已列入预算。", "已提交会办意见")
    stage.sees("lin", "已提交会办意见", but_not=["补助资金 60 万元"])


def reply_and_sign(stage):
    page = stage.look("chen")
    page.locator(".case-acts .btn-primary").click()
    page.wait_for_url("**/reply/")
    expect(page.locator("#missing")).to_contain_text("送审签前还差")
    stage.write_reply(page, FIRST_ANSWERS)
    page.get_by_role("button", name="引用到这一条").click()
    expect(page.locator("[name=answer_1]")).to_have_value(re.compile("补助资金 60 万元"))
    page.locator("[name=answer_1]").blur()
    expect(page.locator("#missing")).to_contain_text("都齐了")
    # A draft is its own unit's: neither deputy nor liaison sees it.
    stage.sees("lin", but_not=[FIRST_ANSWERS[1]])
    stage.sees("su", but_not=[FIRST_ANSWERS[1]])
    stage.send_reply(page)
    stage.turn_is(fang="您：", chen="市民政局", lin="市民政局")
    stage.sees("fang", *FIRST_ANSWERS, path=f"/assignments/{stage.place('civil').pk}/sign/")
    stage.sign()
    for who in ("lin", "tang", "su", "chen", "luo", "zhang", "gao"):
        stage.sees(who, *FIRST_ANSWERS, "澜民函〔2026〕56号")
    stage.turn_is(lin="您：", su="林秀芝", tang="林秀芝")
    assert stage.buttons_of("tang") == []


def rate_dissatisfied(stage):
    page = stage.sees("lin", "看答复并评价", path="/my/")
    page.get_by_role("link", name="看答复并评价").click()
    page.wait_for_url(f"**{stage.case_path}")
    assert page.locator("input[type=radio]:checked").count() == 0
    # Without words it is refused, and what was chosen stays.
    page = stage.rate("satisfied", "dissatisfied")
    expect(page.locator("#main .err").first).to_contain_text("不满意")
    assert page.locator("input[name=result]:checked").get_attribute("value") == "dissatisfied"
    assert not Rating.objects.exists()
    stage.rate("satisfied", "dissatisfied", DISSATISFIED)
    expect(page.locator("#notes")).to_contain_text("满意度测评")
    stage.sees("lin", "不满意，待研判", DISSATISFIED)
    stage.turn_is(lin="联工委", su="您：")
    stage.sees("su", DISSATISFIED, "不满意")
    stage.sees("luo", DISSATISFIED)
    # The unit must not find out before the case closes or goes to redo.
    for who in ("chen", "fang", "gao"):
        stage.sees(who, "已答复，测评中", but_not=[DISSATISFIED, "不满意", "研判"])
        stage.sees(who, but_not=[DISSATISFIED, "不满意，待研判"], path="/registry/")
    stage.sees("chen", but_not=[DISSATISFIED, "不满意"], path="/notices/")


def redo(stage):
    stage.order_redo("城南街道食堂没有开餐，请重新办理。")
    stage.sees("chen", "第 2 轮办理", DISSATISFIED, "城南街道食堂没有开餐")
    stage.sees("fang", DISSATISFIED)
    stage.sees("gao", but_not=[DISSATISFIED])
    stage.turn_is(chen="您：", lin="市民政局", su="市民政局")
    stage.accept("chen")
    stage.log_contact()
    stage.reply(SECOND_ANSWERS)
    stage.sign()
    stage.sees("lin", *SECOND_ANSWERS, *FIRST_ANSWERS, "第 1 轮办理")


def rate_satisfied(stage):
    page = stage.rate("satisfied", "satisfied")
    expect(page.locator("#notes")).to_contain_text("满意度测评")
    assert stage.proposal.status == "closed"
    for who in ("lin", "tang", "su", "chen", "fang", "luo", "jiang", "zhang"):
        stage.sees(who, "办结", "办理结果 满意")
        assert stage.look(who).locator(".case-acts .btn-primary").count() == 0
    stage.sees("lin", "没有等您办的事", path="/my/")


def leave_a_whole_history(stage):
    done = list(ProposalEvent.objects.order_by("seq").values_list("action", flat=True))
    story = [
        "invite",
        "cosign",
        "submit",
        "file",
        "assign",
        "accept",
        "accept",
        "log_contact",
        "give_opinion",
    ]
    story += [
        "draft_reply",
        "issue",
        "rate",
        "order_redo",
        "accept",
        "log_contact",
        "draft_reply",
        "issue",
        "rate",
    ]
    assert [action for action in done if action not in ("create", "edit")] == story
