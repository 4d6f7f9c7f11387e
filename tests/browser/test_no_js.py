"""Without JavaScript: every step of the main story, the registry, and what scripts only make quicker."""

import pytest
from playwright.sync_api import expect

from proposals.models import Proposal
from tests.cast import TEXT, Walk

from .steps import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(open_browser, cast):
    return Stage(open_browser, cast, js=False)


def points_on(page):
    return [box.input_value() for box in page.locator(".points [name=point]").all()]


def test_the_whole_story(stage):
    page = stage.look("lin", "/proposals/new/")
    page.wait_for_url("**/write/")
    stage.write_texts(page)
    write_points(page)
    page.locator("[name=source][value=recess]").locator("xpath=..").click()
    page.locator("#invitee").fill("唐伯安")
    page.get_by_role("button", name="邀请", exact=True).click()
    expect(page.locator("#notes")).to_contain_text("已邀请唐伯安代表")
    stage.cosign()
    page = stage.look("lin", f"{stage.case_path}write/")
    page.locator(".bottombar button[value=submit]").click()
    page.wait_for_url(f"**{stage.case_path}")
    stage.file()
    stage.assign()
    stage.accept("chen")
    stage.accept("gao")
    stage.log_contact()
    stage.give_opinion()
    write_the_reply(stage)
    stage.sign()
    page = stage.rate("dissatisfied", "basically")
    expect(page.locator("#main .err").first).to_contain_text("不满意")
    page = stage.rate("dissatisfied", "basically", "态度生硬，没有当面听取意见。")
    expect(page.locator(".head-card")).to_contain_text("不满意，待研判")
    stage.order_redo("请重新听取代表意见。")
    stage.accept("chen")
    stage.log_contact()
    stage.reply(["已当面听取意见。", "已按意见调整。"])
    stage.sign()
    stage.rate("satisfied", "satisfied")
    assert stage.proposal.status == "closed"


def write_points(page):
    """Add, move and delete numbered requests; each button posts the form back and keeps the rest."""
    first, second = TEXT["points"]
    page.locator("[name=point]").first.fill(second)
    page.get_by_role("button", name="再加一条").click()
    expect(page.locator("[name=point]")).to_have_count(2)
    page.locator("[name=point]").nth(1).fill("写错了，要删掉")
    page.get_by_role("button", name="再加一条").click()
    page.locator("[name=point]").nth(2).fill(first)
    page.get_by_role("button", name="第 3 条上移").click()
    expect(page.locator("[name=point]").nth(1)).to_have_value(first)
    page.get_by_role("button", name="删除第 3 条").click()
    expect(page.locator("[name=point]")).to_have_count(2)
    page.get_by_role("button", name="第 1 条下移").click()
    expect(page.locator("[name=point]").first).to_have_value(first)
    assert points_on(page) == [first, second]
    assert page.locator("[name=title]").input_value() == TEXT["title"]


def write_the_reply(stage):
    """Quote an opinion, add and drop a promise, look at the preview; every button saves."""
    page = stage.look("chen", f"/assignments/{stage.place('civil').pk}/reply/")
    stage.write_reply(page, ["已安排。", "7 月起执行。"], reply_class="in_progress")
    page.get_by_role("button", name="加一项承诺").click()
    page.locator("[name=commitment_what]").first.fill("建成 12 个社区食堂")
    page.locator("[name=commitment_on]").first.fill("2027-06-30")
    page.locator("[name=commitment_owner]").first.fill("养老服务处 李青")
    page.get_by_role("button", name="加一项承诺").click()
    expect(page.locator("[name=commitment_what]").first).to_have_value("建成 12 个社区食堂")
    page.locator("[name=commitment_what]").nth(1).fill("多写的一项")
    page.locator(".bottombar button[value=save]").click()
    page.locator("button[name=drop_commitment][value='2']").click()
    expect(page.locator("[name=commitment_what]").first).to_have_value("建成 12 个社区食堂")
    assert "多写的一项" not in page.content()
    page.get_by_role("button", name="引用到这一条").click()
    expect(page.locator("#answers")).to_contain_text("补助资金 60 万元")
    page.get_by_role("button", name="预览答复函").click()
    expect(page.locator("#main")).to_contain_text("补助资金 60 万元")
    page = stage.look("chen", f"/assignments/{stage.place('civil').pk}/reply/")
    stage.send_reply(page)


def test_autosave_and_checks_are_not_needed_to_send(stage):
    """What is missing is said after the click, with everything typed still there."""
    walk = Walk(stage.cast).submit().file().assign().accept()
    page = stage.look("chen", f"/assignments/{walk.place('civil').pk}/reply/")
    page.locator("[name=answer_1]").fill("只写了第一条。")
    page.locator(".bottombar button[value=send]").click()
    expect(page.locator("[role=alert]").first).to_contain_text("您写的内容已经保存")
    expect(page.locator("[name=answer_1]")).to_have_value("只写了第一条。")
    expect(page.locator("#answers")).to_contain_text("第 2 条还没有答复")


def test_registry_filters_sorts_and_pages(stage):
    for number in range(1, 29):
        text = {**TEXT, "title": f"关于第 {number} 条公交线路的建议" if number < 28 else "关于污水管网的建议"}
        Walk(stage.cast, text=text).submit().file()
    page = stage.look("su", "/registry/")
    rows = page.locator("#results tbody tr")
    first_page = rows.count()
    assert first_page < 28
    page.locator(".pager").get_by_role("link", name="下一页").click()
    assert rows.count() == 28 - first_page
    page.locator("[name=words]").fill("污水")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("#results-h")).to_contain_text("1 件")
    assert "words=" in page.url
    assert "status=" not in page.url
    page.get_by_role("link", name="去掉条件：关键词 污水").click()
    expect(page.locator("#results-h")).to_contain_text("28 件")
    page.locator("[name=status]").select_option("filed")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="编号", exact=True).click()
    numbers = page.locator("#results .no").all_inner_texts()
    assert numbers == sorted(numbers)
    address = page.url
    again = stage.at("jiang")
    again.goto(address)
    assert again.locator("#results .no").all_inner_texts() == numbers
    assert Proposal.objects.count() == 28
