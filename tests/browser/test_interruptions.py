"""What goes wrong between a person and the server: nothing typed is lost, nothing happens twice."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from proposals import drafts
from proposals.models import Proposal, ProposalEvent
from tests.cast import PASSWORD, TEXT, Walk, make_proposal

pytestmark = pytest.mark.browser

TYPED = "社区食堂周末不开，𠮷祥里的㛃姨没有地方吃饭。"


def events(action):
    return ProposalEvent.objects.filter(action=action).count()


def end_session():
    Session.objects.all().delete()


def sign_in_again(page, username):
    page.wait_for_url("**/login/**")
    expect(page.locator("#main")).to_contain_text("您写的内容已保留")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


# --- The session expires while somebody writes ------------------------------------------------------------


def test_session_expires_while_writing_a_proposal(stage):
    draft = Walk(stage.cast).proposal
    page = stage.look("lin", f"/proposals/{draft.pk}/write/")
    page.locator("[name=situation]").fill(TYPED)
    page.get_by_role("button", name="再加一条").click()
    page.locator("[name=point]").last.fill("周末也开餐。")
    end_session()
    page.locator(".bottombar button[value=submit]").click()
    sign_in_again(page, "lin")
    page.wait_for_url("**/write/")
    expect(page.locator("[name=situation]")).to_have_value(TYPED)
    expect(page.locator("[name=point]").last).to_have_value("周末也开餐。")
    # Nothing was carried out by itself: she looks through and sends again.
    assert events("submit") == 0
    page.locator(".bottombar button[value=submit]").click()
    page.wait_for_url(f"**/proposals/{draft.pk}/")
    fresh = Proposal.objects.get()
    assert (fresh.status, fresh.situation, fresh.points[-1]) == ("submitted", TYPED, "周末也开餐。")


def test_session_expires_before_an_autosave(stage):
    """The page stays, a note says so; what was typed comes back after signing in."""
    draft = Walk(stage.cast).proposal
    page = stage.look("lin", f"/proposals/{draft.pk}/write/")
    page.locator("[name=analysis]").fill(TYPED)
    end_session()
    page.locator("[name=analysis]").blur()
    expect(page.locator("#notes")).to_contain_text("登录已过期")
    expect(page.locator("[name=analysis]")).to_have_value(TYPED)
    # The browser asks before a page with unsaved words is left.
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#notes").get_by_role("link", name="在这里登录").click()
    sign_in_again(page, "lin")
    page.wait_for_url("**/write/")
    expect(page.locator("[name=analysis]")).to_have_value(TYPED)


def test_session_expires_while_writing_a_reply(stage):
    walk = Walk(stage.cast).submit().file().assign().accept()
    page = stage.look("chen", f"/assignments/{walk.place('civil').pk}/reply/")
    page.locator("[name=answer_1]").fill(TYPED)
    page.locator("[name=state_1]").select_option("done")
    end_session()
    page.locator(".bottombar button[value=save]").click()
    sign_in_again(page, "chen")
    page.wait_for_url("**/reply/")
    expect(page.locator("[name=answer_1]")).to_have_value(TYPED)
    expect(page.locator("[name=state_1]")).to_have_value("done")
    page.locator(".bottombar button[value=save]").click()
    expect(page.locator("#notes")).to_contain_text("已保存")
    assert walk.place("civil").reply.answers[0]["text"] == TYPED


def test_session_expires_while_rating(stage):
    walk = make_proposal(stage.cast, "replied")
    page = stage.look("lin")
    place = walk.place("civil").pk
    form = page.locator(f"#rate-{place} form")
    form.locator("label:has(input[name=attitude][value=satisfied])").click()
    form.locator("label:has(input[name=result][value=dissatisfied])").click()
    form.locator("[name=words]").fill(TYPED)
    end_session()
    form.get_by_role("button", name="提交测评").click()
    sign_in_again(page, "lin")
    page.wait_for_url(f"**/proposals/{walk.proposal.pk}/")
    expect(form.locator("[name=words]")).to_have_value(TYPED)
    expect(form.locator("input[name=result]:checked")).to_have_value("dissatisfied")
    assert events("rate") == 0
    form.get_by_role("button", name="提交测评").click()
    expect(page.locator(".head-card")).to_contain_text("不满意，待研判")


# --- The same thing twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("js", [True, False])
def test_a_double_click_submits_once(stage, js):
    stage.js = js
    draft = Walk(stage.cast).proposal
    page = stage.look("lin", f"/proposals/{draft.pk}/write/")
    page.locator(".bottombar button[value=submit]").dblclick(no_wait_after=True)
    page.wait_for_url(f"**/proposals/{draft.pk}/")
    expect(page.locator(".head-card")).to_contain_text("待审查")
    assert events("submit") == 1


def test_going_back_and_submitting_again(stage):
    """The form in the browser's memory carries the number of the first request: answered the same, done once."""
    draft = Walk(stage.cast).proposal
    page = stage.look("lin", f"/proposals/{draft.pk}/write/")
    page.locator(".bottombar button[value=submit]").click()
    page.wait_for_url(f"**/proposals/{draft.pk}/")
    page.go_back()
    if page.locator(".bottombar button[value=submit]").count():
        page.locator(".bottombar button[value=submit]").click()
        page.wait_for_url(f"**/proposals/{draft.pk}/")
    expect(page.locator(".head-card")).to_contain_text("待审查")
    assert events("submit") == 1


def test_going_back_and_rating_again(stage):
    walk = make_proposal(stage.cast, "replied")
    stage.rate("satisfied", "satisfied")
    page = stage.at("lin")
    expect(page.locator(".head-card")).to_contain_text("办结")
    page.go_back()
    form = page.locator(f"#rate-{walk.place('civil').pk} form")
    if form.count():
        form.locator("label:has(input[name=attitude][value=dissatisfied])").click()
        form.locator("label:has(input[name=result][value=dissatisfied])").click()
        form.locator("[name=words]").fill("改主意了")
        form.get_by_role("button", name="提交测评").click()
    expect(stage.look("lin").locator(".head-card")).to_contain_text("办结")
    assert events("rate") == 1
    assert walk.place("civil").reply.rating.result == "satisfied"


# --- Two at once ------------------------------------------------------------------------------------------


def test_a_stale_page_says_so_and_keeps_what_was_typed(stage):
    """Two officers over one submission: the second is told who was first, when, and gets the words back."""
    walk = Walk(stage.cast).submit()
    page = stage.look("su", f"/proposals/{walk.proposal.pk}/return/")
    page.locator("[name=reason]").fill(TYPED)
    walk.file()
    page.locator("#action-form .btn-primary").click()
    alert = page.locator("[role=alert]").first
    expect(alert).to_contain_text("该件已由苏婉仪于")
    expect(alert).to_contain_text("请刷新。您写的内容还在。")
    kept = page.locator("textarea[readonly], [name=reason]")
    expect(kept.first).to_have_value(TYPED)
    assert events("return") == 0


def test_two_windows_of_one_draft(stage):
    """The second window is shown both texts; saving again takes the one on the screen."""
    draft = Walk(stage.cast).proposal
    path = f"/proposals/{draft.pk}/write/"
    page = stage.look("lin", path)
    other = page.context.new_page()
    other.goto(path)
    other.locator("[name=situation]").fill("另一个窗口写的情况。")
    other.locator(".bottombar button[value=save]").click()
    expect(other.locator("#notes")).to_contain_text("已存草稿")
    page.locator("[name=situation]").fill(TYPED)
    page.locator("[name=situation]").blur()
    expect(page.locator("#autosave")).to_contain_text("自动保存已停")
    page.locator(".bottombar button[value=save]").click()
    expect(page.locator("[role=alert]").first).to_contain_text("在别的窗口或手机上改过")
    expect(page.locator("[name=situation]")).to_have_value(TYPED)
    expect(page.locator("#main")).to_contain_text("另一个窗口写的情况。")
    page.locator(".bottombar button[value=save]").click()
    expect(page.locator("#notes")).to_contain_text("已存草稿")
    assert Proposal.objects.get().situation == TYPED


def test_two_handlers_of_one_unit(stage):
    """A colleague saves while the reply is open: both versions on the page, nothing overwritten unseen."""
    cast = stage.cast
    walk = Walk(cast).submit().file().assign().accept()
    place = walk.place("civil")
    page = stage.look("chen", f"/assignments/{place.pk}/reply/")
    page.locator("[name=answer_1]").fill(TYPED)
    answers = [{"state": "doing", "text": "邹立新写的答复。"}, {"state": "", "text": ""}]
    drafts.save_reply(place, {"answers": answers}, draft_version=None, user=cast.zou)
    page.locator(".bottombar button[value=save]").click()
    expect(page.locator("[role=alert]").first).to_contain_text("邹立新")
    expect(page.locator("[name=answer_1]")).to_have_value(TYPED)
    expect(page.locator("#answers")).to_contain_text("邹立新写的答复。")
    page.locator(".bottombar button[value=save]").click()
    expect(page.locator("#notes")).to_contain_text("已保存")
    assert walk.place("civil").reply.answers[0]["text"] == TYPED
    assert TEXT["points"] == walk.proposal.points
