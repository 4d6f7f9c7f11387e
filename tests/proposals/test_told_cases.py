"""Told cases 1–6: each from its beginning to its end, with what the deputy and the unit see of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals.models import Clock, Request
from proposals.workflow import merging
from tests.cast import EXTENSION, RETURN, make_proposal, workday

from .told import SATISFIED, Told

pytestmark = pytest.mark.django_db
UNHAPPY = {"attitude": "satisfied", "result": "dissatisfied", "words": "补助还没有发。"}


def filed(cast):
    return Told(cast, make_proposal(cast, "filed"))


def test_1_a_lead_with_two_co_units_one_of_them_late(cast):
    told = filed(cast).assign(civil="lead", finance="co", health="co")
    told.act("gao", "accept", "finance")
    told.act("gao", "give_opinion", "finance", words="补助资金已列入预算。")
    told.act("wei", "accept", "health")
    assert "补助资金已列入预算。" in told.page("chen")
    late = {str(told.place("health").pk): "省里标准未下达"}
    told.reply("civil", late_opinions=late)
    assert told.statuses("civil", "finance", "health") == ["answered", "answered", "released"]
    assert told.status == "replied"
    assert told.waits() == {("rate", "deputy")}
    assert "第 1 条：已安排。" in told.page("lin")
    assert "未提交会办意见" in told.page("wei")
    refusal = told.act("wei", "give_opinion", "health", status=409, words="来晚了。")
    assert "来晚了。" in refusal
    told.act("lin", "rate", "civil", **SATISFIED)
    assert told.status == "closed"


def test_2_two_separate_units_one_satisfies_and_one_does_not(cast):
    told = filed(cast).assign(civil="separate", health="separate")
    told.reply("civil")
    assert told.status == "handling"
    told.act("lin", "rate", "civil", **SATISFIED)
    assert "不满意" not in told.page("chen")
    told.reply("health", doc_no="澜卫函〔2026〕9号")
    told.act("lin", "rate", "health", **UNHAPPY)
    assert told.status == "disputed"
    for judged in ("chen", "wei"):
        page = told.page(judged)
        assert "已答复，测评中" in page
        assert UNHAPPY["words"] not in page
    assert UNHAPPY["words"] in told.page("su")
    told.act("su", "close_disputed", reason="标准由省里定，已向代表说明。")
    assert UNHAPPY["words"] in told.page("wei")
    assert UNHAPPY["words"] not in told.page("chen")
    assert "标准由省里定" in told.page("lin")


def test_3_by_the_hub_a_unit_returns_the_hub_refuses_and_then_adjusts(cast):
    told = filed(cast).assign(hub="lead")
    assert told.waits() == {("dispatch", "hub")}
    told.act("hub", "dispatch", "hub", **told.units(civil="lead", finance="co"))
    told.act("chen", "ask_return", "civil", **RETURN)
    assert ("return", "hub") in told.waits()
    assert RETURN["reason"] in told.page("hub")
    assert RETURN["reason"] not in told.page("lin")
    told.act("su", "refuse_return", "civil", status=403, reason="由我来定。")
    told.act("hub", "refuse_return", "civil", reason="由你局牵头。")
    assert told.place("civil").accepted_on
    assert "由你局牵头。" in told.page("chen")
    told.act("hub", "adjust", reason="机构职责调整", **told.units(health="lead", finance="co"))
    assert told.statuses("hub", "civil", "health") == ["dispatched", "released", "pending"]
    assert told.place("health").due_on >= told.place("hub").due_on
    told.reply("health")
    assert "第 1 条：已安排。" in told.page("hub")
    told.act("lin", "rate", "health", **SATISFIED)
    assert told.status == "closed"


def test_4_the_only_lead_returns_after_a_co_opinion_is_in(cast):
    told = filed(cast).assign(civil="lead", finance="co")
    told.act("gao", "accept", "finance")
    told.act("gao", "give_opinion", "finance", words="补助资金已列入预算。")
    told.act("chen", "accept", "civil")
    told.act("chen", "ask_return", "civil", **RETURN)
    refusal = told.act("su", "approve_return", "civil", status=422, reason="同意", **told.units(finance="co"))
    assert "还没有选主办单位" in refusal
    told.act("su", "approve_return", "civil", reason="同意", **told.units(health="lead", finance="co"))
    assert told.statuses("civil", "finance", "health") == ["released", "answered", "pending"]
    assert "补助资金已列入预算。" in told.page("wei")
    assert "补助资金已列入预算。" not in told.page("chen")
    told.reply("health")
    assert told.status == "replied"


def test_5_two_merged_cases_are_rated_differently(cast):
    first, second = filed(cast), filed(cast)
    first.assign(civil="lead")
    second.assign(civil="lead")
    first.act("su", "merge", other=second.proposal.number)
    assert first.proposal.merge_group_id == second.proposal.merge_group_id
    assert second.proposal.number in first.page("chen")
    first.reply("civil")
    second.reply("civil", doc_no="澜民函〔2026〕57号")
    first.act("lin", "rate", "civil", **SATISFIED)
    second.act("lin", "rate", "civil", **UNHAPPY)
    assert (first.status, second.status) == ("closed", "disputed")
    assert [p.pk for p in merging.siblings(first.proposal)] == [second.proposal.pk]
    assert UNHAPPY["words"] not in first.page("chen")


def test_6_an_extension_asked_the_day_before_and_decided_two_days_after(cast):
    told = filed(cast).assign(civil="lead")
    told.act("chen", "accept", "civil")
    due_on = told.place("civil").due_on
    until = workday(cast, due_on + timedelta(days=30))
    told.days((due_on - timezone.localdate(told.walk.now)).days - 1)
    told.act("chen", "ask_extension", "civil", until=until, **EXTENSION)
    assert ("extension", "liaison") in told.waits()
    told.days(3)
    refusal = told.act("zou", "ask_extension", "civil", status=409, until=until, **EXTENSION)
    assert "届满" in refusal or "等待决定" in refusal
    told.act("su", "decide_extension", "civil", is_granted="yes", until=until, reason="同意。")
    assert told.place("civil").due_on == until
    assert Request.objects.get(kind="extension").state == "granted"
    assert Clock.objects.get(assignment=told.place("civil"), kind="reply").rule["first_due_on"] == str(due_on)
    assert "延期" in told.page("lin")
    told.reply("civil")
    assert told.status == "replied"
