"""A promise broken and explained, then kept and confirmed by the deputy, on the pages of those who do it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proposals.models import Commitment, Explanation, LookBack
from tests.proposals.actions.promised import promised

pytestmark = [pytest.mark.browser, pytest.mark.story]

WHY = "用地没有批下来，已另选城北地块并通过预审，三个月内建成。"
DONE = "4 个食堂都已开餐。"
PDF = {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n%%EOF\n"}


def test_a_promise_broken_and_explained_then_kept_and_confirmed(stage):
    _, promise = promised(stage.cast, closed=True)
    Commitment.objects.update(promised_on=timezone.localdate() - timedelta(7))
    promise.clocks.update(due_on=timezone.localdate() - timedelta(7))
    verified_as_broken(stage, promise)
    explained(stage, promise)
    read_by_the_deputy(stage, promise)
    kept_in_the_end(stage, promise)
    confirmed_on_the_phone(stage, promise)
    promise.refresh_from_db()
    assert (promise.status, promise.confirmed) == ("kept", "kept")
    assert LookBack.objects.get().result == "kept"


def send(page):
    page.locator("#action-form button.btn-primary").click()
    page.wait_for_load_state()


def verified_as_broken(stage, promise):
    page = stage.sees("su", promise.what, "超期 7 天", "没报完成", path="/commitments/?tab=late")
    expect(page.locator(".table.ledger .btn", has_text="催办")).to_be_visible()
    page.locator(".table.ledger a.t").click()
    page.get_by_role("link", name="核实", exact=True).click()
    stage.pick(page, "outcome", "broken")
    page.locator("[name=words]").fill("现场查看，还没有动工。")
    send(page)
    stage.sees("su", "未兑现", "回头看 1", path="/commitments/?tab=looking")


def explained(stage, promise):
    page = stage.sees("chen", "答复时承诺的", promise.what, path="/inbox/")
    page.get_by_role("link", name="写说明").click()
    page.locator("[name=words]").fill(WHY)
    send(page)
    assert Explanation.objects.get().read_at is None


def read_by_the_deputy(stage, promise):
    stage.sees("lin", promise.what, "未兑现", path="/commitments/")
    stage.sees("lin", WHY, path=f"/commitments/{promise.pk}/")
    assert Explanation.objects.get().read_at is not None


def kept_in_the_end(stage, promise):
    page = stage.look("chen", f"/commitments/{promise.pk}/")
    page.get_by_role("link", name="报告进展").click()
    page.locator("[name=words]").fill(DONE)
    page.locator("[name=is_done]").check()
    page.locator("[name=evidence]").set_input_files(PDF)
    send(page)
    page = stage.sees("su", promise.what, "证据 1 份", path="/work/?queue=verify")
    page.locator("table .btn", has_text="核实").click()
    stage.pick(page, "outcome", "kept")
    page.locator("[name=words]").fill("现场看过，4 处都在开餐。")
    send(page)


def confirmed_on_the_phone(stage, promise):
    page = stage.sees("lin", "承诺待我确认", promise.what, path="/my/")
    page.get_by_role("link", name="看核实情况并确认").click()
    assert page.locator("[name=outcome]:checked").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    stage.pick(page, "outcome", "kept")
    send(page)
    stage.sees("su", "代表已确认", path="/commitments/?year=all&outcome=kept")
    stage.sees("chen", "林秀芝代表确认承诺", path=f"/commitments/{promise.pk}/")
