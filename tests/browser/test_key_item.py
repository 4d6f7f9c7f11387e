"""A key item from the decision to a verified finding: office, deputy, unit and committee at their devices."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Grant, Role
from core.calendars import load_calendar
from core.workdays import workday_from
from supervision.models import Activity, Task, Topic
from tests.cast import make_proposal
from tests.supervision.acting import PNG

from .steps import PHONE

pytestmark = pytest.mark.browser

PHOTO = {"name": "溪口助餐点.png", "mimeType": "image/png", "buffer": PNG}
AFTER = {"name": "坡道建好.png", "mimeType": "image/png", "buffer": PNG}
FOUND = "溪口助餐点门口有 6 级台阶，轮椅进不去"


class Item:
    """The people at their devices, and the topic as far as it came."""

    def __init__(self, open_browser, cast, js):
        self.cast, self.js, self.open_browser, self.devices = cast, js, open_browser, {}
        self.proposal = make_proposal(cast, "handling").accept().proposal
        self.today = timezone.localdate()

    def at(self, who, path):
        """The device of a person, on this page."""
        if who not in self.devices:
            width = PHONE if who == "lin" else 1360
            self.devices[who] = self.open_browser(width=width, js=self.js, user=self.cast.people[who])
        page = self.devices[who]
        page.goto(path)
        return page

    def send(self, page):
        page.locator("#action-form .btn-primary").click()
        expect(page.locator("#notes [role=status]")).to_be_visible()

    @property
    def topic_path(self):
        return f"/topics/{Topic.objects.get().pk}/"

    def workday(self, days):
        return workday_from(
            self.today + timedelta(days=days), load_calendar(self.cast.congress.code)
        ).isoformat()


@pytest.mark.parametrize("js", [True, False], ids=["js", "no_js"])
def test_a_key_item_from_decision_to_verified_finding(open_browser, cast, js):
    item = Item(open_browser, cast, js)
    decide(item)
    name_the_sides(item)
    plan_a_step(item)
    invite_to_a_visit(item)
    hold_the_visit(item)
    give_the_finding(item)
    put_right(item)
    verify(item)
    see_it_done(item)


def decide(item):
    page = item.at("su", "/topics/new/")
    page.locator("[name=title]").fill("老年助餐")
    page.locator("[name=reason]").fill("代表连续三年提出。")
    page.locator("[name=cases]").fill(item.proposal.number)
    item.send(page)
    page.get_by_role("link", name="登记主任会议决定").click()
    page.locator("[name=meeting]").fill("市人大常委会第五十八次主任会议")
    page.locator("[name=decided_on]").fill(item.today.isoformat())
    item.send(page)
    expect(page.locator("#main")).to_contain_text("决定列为重点督办")


def name_the_sides(item):
    page = item.at("su", item.topic_path + "sides/")
    page.locator("[name=leader_0_who]").select_option(label="罗主任")
    page.locator("[name=gov_leader_0_who]").select_option(label="常市长")
    page.locator("[name=committee_0_who]").select_option(label="社会建设委员会")
    item.send(page)
    expect(page.locator("#main")).to_contain_text("社会建设委员会")


def plan_a_step(item):
    page = item.at("su", item.topic_path + "add_step/")
    page.locator("[name=planned_on]").fill(item.workday(30))
    page.locator("[name=words]").fill("主任会议听取汇报")
    page.locator("label:has(input[name=who])").first.click()
    item.send(page)
    expect(page.locator("#main")).to_contain_text("主任会议听取汇报")


def invite_to_a_visit(item):
    page = item.at("su", item.topic_path)
    page.get_by_role("link", name="安排活动", exact=True).click()
    page.locator("[name=kind]").select_option(label="现场督办")
    page.locator("[name=on]").fill(item.today.isoformat())
    page.locator("[name=place]").fill("溪口街道")
    page.locator("label:has(input[name=deputies])", has_text="林秀芝").click()
    page.locator("label:has(input[name=units])", has_text="市民政局").click()
    item.send(page)
    phone = item.at("lin", "/my/activities/")
    phone.get_by_role("link", name="答复能否参加").first.click()
    phone.locator("label:has(input[name=comes][value=yes])").click()
    item.send(phone)
    if item.js:
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    expect(phone.locator("#main")).to_contain_text("您的答复：参加")


def hold_the_visit(item):
    page = item.at("su", f"/activities/{Activity.objects.get().pk}/")
    page.get_by_role("link", name="登记开展情况").click()
    page.locator("[name=words]").fill("看了 3 个助餐点，听取市民政局说明。")
    page.locator("[name=findings]").fill(FOUND)
    page.locator("[name=files]").set_input_files([PHOTO])
    item.send(page)
    shown = page.locator(".photos img")
    expect(shown).to_have_count(1)
    if item.js:
        shown.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    expect(page.locator("#main")).to_contain_text(FOUND)
    expect(page.locator("#main")).to_contain_text("到会")


def give_the_finding(item):
    page = item.at("su", f"/activities/{Activity.objects.get().pk}/")
    page.get_by_role("link", name="交单位整改").click()
    page.locator("[name=unit]").select_option(label="市民政局")
    page.locator("[name=demand]").fill("建无障碍坡道")
    page.locator("[name=due_on]").fill(item.workday(20))
    item.send(page)


def put_right(item):
    page = item.at("chen", "/inbox/")
    page.get_by_role("link", name="去报整改情况").click()
    page.get_by_role("link", name="报结果").click()
    page.locator("[name=words]").fill("坡道已建好，坡度 1:12。")
    page.locator("[name=files]").set_input_files([AFTER])
    item.send(page)
    expect(page.locator("#main")).to_contain_text("已报整改，待核实")


def verify(item):
    assert Grant.objects.filter(user=item.cast.jiang, role=Role.COMMITTEE).exists()
    page = item.at("jiang", "/tasks/?tab=answered")
    page.get_by_role("link", name="建无障碍坡道", exact=True).click()
    page.get_by_role("link", name="核实整改").click()
    page.locator("label:has(input[name=outcome][value=done])").click()
    page.locator("[name=words]").fill("带轮椅走过一遍，没有问题。")
    item.send(page)
    expect(page.locator("#main")).to_contain_text("已整改")


def see_it_done(item):
    task = Task.objects.get()
    assert (task.state, task.outcome) == ("closed", "done")
    page = item.at("su", item.topic_path)
    expect(page.locator("#tasks")).to_contain_text("1 项，办好 1 项")
    expect(page.locator("#tasks")).to_contain_text("已办好")
    expect(page.locator("#activities")).to_contain_text("已开展 1 次")
    expect(page.locator(".cover")).to_contain_text("1 件的领衔代表都参加过活动")
    phone = item.at("lin", "/my/activities/?tab=held")
    expect(phone.locator("#main")).to_contain_text("参加过 1 次")
