"""Told cases 7–12: each from its beginning to its end, with what the deputy and the unit see of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from institutions.succession import forget_successors
from proposals import drafts
from proposals.models import Commitment, Proposal, Rating
from proposals.workflow import perform
from tests.cast import TEXT, make_proposal, scan

from .actions.test_withdraw import set_switch
from .told import SATISFIED, Told

pytestmark = pytest.mark.django_db
UNHAPPY = {"attitude": "satisfied", "result": "dissatisfied", "words": "补助还没有发。"}
PROMISE = {"what": "建成 4 个社区食堂", "promised_on": "2030-12-31", "owner": "养老服务科"}


def test_7_a_redo_with_a_change_of_unit(cast):
    told = Told(cast, make_proposal(cast, "replied"))
    told.act("lin", "rate", "civil", **UNHAPPY)
    told.act("su", "order_redo", cause="dissatisfied", reason="由卫健委牵头。", **told.units(health="lead"))
    assert (told.status, told.proposal.round) == ("redo", 2)
    assert told.place("health").round == 2
    # The former unit reads its own reply and how it was rated; the new round is not its own.
    assert UNHAPPY["words"] in told.page("chen")
    assert not told.buttons("chen") & {"accept", "draft_reply", "log_contact"}
    assert "由卫健委牵头。" in told.page("lin")
    told.reply("health", doc_no="澜卫函〔2026〕9号")
    told.act("lin", "rate", "health", **UNHAPPY)
    assert told.status == "coordination"
    told.act("su", "settle", record="5月6日协调会：市财政追加补助。")
    assert told.status == "closed"
    assert "市财政追加补助" in told.page("wei")


def test_8_a_withdrawal_with_cosigners_after_assignment(cast):
    set_switch(cast, "withdraw_needs_cosigners", True)
    told = Told(cast, make_proposal(cast, "draft").cosigned("tang", "xiao").submit().file())
    told.assign(hub="lead")
    told.act("hub", "dispatch", "hub", **told.units(civil="lead", finance="co"))
    told.act("lin", "withdraw", reason="区里已列入实事项目。")
    assert told.status == "handling"
    assert "consent_withdraw" in told.buttons("tang")
    told.act("tang", "consent_withdraw")
    assert "consent_withdraw" not in told.buttons("tang")
    told.act("chen", "accept", "civil")
    told.act("xiao", "consent_withdraw")
    assert told.status == "withdrawn"
    assert told.statuses("hub", "civil", "finance") == ["released", "released", "released"]
    assert told.waits() == set()
    assert "已撤回" in told.page("lin")
    assert "已撤回" in told.page("chen")
    told.act("chen", "log_contact", "civil", status=409, stage="before")


def delegations(cast):
    """以代表团名义: typed in by the delegation's staff, with the head's signed paper."""
    draft = drafts.create_draft(cast.deputies["lin"], category=cast.categories["社会建设"], **TEXT)
    Proposal.objects.filter(pk=draft.pk).update(is_delegations=True, entered_by=cast.zhang)
    told = Told(cast, make_proposal(cast, "draft"))
    told.walk.proposal = Proposal.objects.get(pk=draft.pk)
    return told


def test_9_a_delegations_proposal(cast):
    told = delegations(cast)
    refusal = told.act("zhang", "submit", status=422)
    assert "扫描件" in refusal
    from proposals.attachments import attach, check_upload

    attach(check_upload(scan()), proposal=told.proposal, user=cast.zhang, is_scan=True)
    told.act("zhang", "submit")
    told.act("su", "file", category=cast.categories["社会建设"].pk)
    told.assign(civil="lead").reply("civil")
    assert ("rate", "delegation") in told.waits()
    told.act("lin", "rate", "civil", status=403, **SATISFIED)
    refusal = told.act("zhang", "rate", "civil", status=422, **SATISFIED)
    assert "团长签名的扫描件" in refusal
    told.act("zhang", "rate", "civil", files=scan(), **SATISFIED)
    assert told.status == "closed"
    assert "澜东代表团提交建议" in told.page("chen")


def test_9_a_hidden_proposers_name_appears_nowhere_for_the_unit(cast):
    walk = make_proposal(cast, "draft")
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.cosigned().submit().file()
    told = Told(cast, walk).assign(civil="lead", finance="co")
    told.act("chen", "accept", "civil")
    contact = {
        "stage": "before",
        "mode": "phone",
        "on": timezone.localdate(told.walk.now),
        "people": "苏婉仪",
    }
    told.act("su", "log_contact", "civil", words="代表希望尽快开餐。", **contact)
    walk.write_reply(no_contact_reason="")
    told.act("chen", "draft_reply", "civil")
    told.act("fang", "issue", "civil")
    told.act("lin", "rate", "civil", **SATISFIED)
    pages = ["/inbox/", f"/search/?q={walk.proposal.number}", "/notices/", None]
    pages += [
        f"/proposals/{walk.proposal.pk}/paper/",
        f"/assignments/{told.place('civil').pk}/reply/preview/",
    ]
    for reader in ("chen", "fang", "gao"):
        for path in pages:
            text = read(told, reader, path)
            for name in ("林秀芝", "唐伯安", "澜东代表团", "13800000001"):
                assert name not in text, (reader, path, name)
    assert "林秀芝" in told.page("su")


def read(told, who, path):
    """The whole response, tags and headers too."""
    response = told.client(who).get(path or f"/proposals/{told.proposal.pk}/")
    assert response.status_code in (200, 302, 403, 404)
    return response.content.decode() + str(response.headers)


def test_10_the_deputy_leaves_office_before_rating(cast):
    told = Told(cast, make_proposal(cast, "replied"))
    cast.deputies["lin"].in_office = False
    cast.deputies["lin"].save()
    assert "第 1 条：已安排。" in told.page("lin")
    told.act("lin", "rate", "civil", **SATISFIED)
    assert told.status == "closed"
    assert "满意" in told.page("chen")


def test_11_a_unit_abolished_in_mid_handling_with_open_commitments(cast):
    walk = make_proposal(cast, "handling").sign(reply_class="planned", planned_commitments=[PROMISE])
    walk.rate("dissatisfied")
    redo = {"placements": walk.placements(civil="lead"), "cause": "dissatisfied", "reason": "没有办。"}
    walk.do("order_redo", cast.su, **redo).accept()
    told = Told(cast, walk)
    due_on, old = told.place("civil").due_on, cast.units["civil"]
    old.is_active, old.successor = False, cast.units["health"]
    old.save()
    forget_successors()
    # The successor inherits the case and its work at once.
    assert "第 1 条：已安排。" in told.page("wei")
    told.days(3)
    reason = {"is_reform": "on", "reason": "市民政局并入市卫健委"}
    told.act("su", "adjust", **reason, **told.units(health="lead"))
    assert told.statuses("civil", "health") == ["released", "pending"]
    assert told.place("health").due_on == due_on
    assert Commitment.objects.get().replaced_by_id is None
    assert "市民政局并入市卫健委" in told.page("lin")
    told.reply("health")
    told.act("lin", "rate", "health", **SATISFIED)
    assert told.status == "closed"


def test_12_recalled_for_a_slip_recalled_for_good_and_rated_late(cast):
    told = Told(cast, make_proposal(cast, "replied"))
    first = told.place("civil").reply.issued_on
    told.act("su", "recall_reply", "civil", recall="correction", reason="文号写错。")
    assert "文号写错。" in told.page("lin")
    told.days(2).reply("civil", doc_no="澜民函〔2026〕57号")
    assert told.place("civil").reply.issued_on == first
    told.act("su", "recall_reply", "civil", recall="again", reason="答非所问。")
    told.days(2).reply("civil", doc_no="澜民函〔2026〕60号")
    assert told.place("civil").reply.issued_on == timezone.localdate(told.walk.now)
    told.act("su", "correct_class", "civil", reply_class="planned", reason="食堂尚未建成。", **PROMISE)
    assert Commitment.objects.get().what == PROMISE["what"]
    assert "列入计划" in told.page("lin")
    told.days(90)
    perform("mark_silent", told.place("civil"), actor=None, now=told.walk.now)
    assert told.status == "closed"
    told.act("lin", "rate", "civil", **UNHAPPY)
    assert Rating.objects.get().is_late
    assert told.status == "disputed"
    assert "已答复，测评中" in told.page("chen")
    told.walk.now += timedelta(minutes=1)
    told.act("su", "close_disputed", reason="已有承诺，跟踪落实。")
    assert "逾期测评" in told.page("su")
