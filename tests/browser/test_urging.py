"""催办 on real pages: several late ones ticked in the office's list, a phrase, sent; the unit sees and answers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proposals.models import Request
from proposals.status import ProposalStatus
from tests.cast import make_proposal

pytestmark = [pytest.mark.browser, pytest.mark.story]

LATE = "/work/?queue=due&range=late"


def test_several_late_ones_are_urged_at_once_seen_and_answered(stage):
    long_ago = timezone.now() - timedelta(days=40)
    walks = [
        make_proposal(stage.cast, ProposalStatus.FILED, now=long_ago).assign(civil="lead") for _ in range(2)
    ]
    urge_all_on_the_page(stage)
    page = stage.sees("su", "市民政局", "未看", path="/work/?queue=urged")
    answer_one(stage, walks[0])
    page = stage.look("su", "/work/?queue=urged")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("已看")
    expect(page.locator("tbody tr")).to_contain_text("陈晓岚")
    stage.sees("su", "催办 1 次，已回复 1 次", path=f"/proposals/{walks[0].proposal.pk}/")


def urge_all_on_the_page(stage):
    """The head box ticks the page, the bar counts, the phrase fills words and day."""
    page = stage.look("su", LATE)
    page.locator("[data-pick-all]").check()
    page.get_by_role("button", name="催办所选 2 件").click()
    expect(page.locator("h1")).to_have_text("催办")
    page.get_by_role("link", name="催签收").click()
    assert "{单位}" in page.locator("#id_words").input_value()
    assert page.locator("#id_answer_by").input_value()
    page.get_by_role("button", name="发出催办").click()
    expect(page.locator("h1")).to_have_text("催办的结果")
    expect(page.locator("#main")).to_contain_text("催办了 2 件")
    reasons = Request.objects.filter(kind="urge").values_list("reason", flat=True)
    assert len(reasons) == 2 and all(reason.startswith("市民政局：") for reason in reasons)


def answer_one(stage, walk):
    """The inbox shows both urges on top; one is answered from there."""
    page = stage.look("chen", "/inbox/")
    expect(page.locator(".note.yellow")).to_have_count(2)
    note = page.locator(".note.yellow", has_text=walk.proposal.number)
    note.get_by_role("link", name="回复催办").click()
    page.locator("[name=words]").fill("今天签收，明天与代表联系。")
    page.get_by_role("button", name="回复催办").click()
    expect(page.locator(".note.yellow", has_text="催办：")).to_have_count(1)
