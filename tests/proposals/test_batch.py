"""Filing and assigning several at once: each by itself, with a list of what was not done and why."""

import uuid

import pytest

from accounts.models import SecurityEvent
from proposals.models import Category, Proposal, ProposalEvent
from proposals.status import ProposalStatus
from tests.cast import make_proposal

S = ProposalStatus
FILE, BOARD = "/work/file/", "/work/assign/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def ticks(*walks, **more):
    data = {"case": [walk.proposal.pk for walk in walks], "request_id": str(uuid.uuid4())}
    return data | {f"version-{walk.proposal.pk}": walk.proposal.version for walk in walks} | more


def board(*rows):
    """Posted rows of the table: (walk, lead, co)."""
    data = ticks(*(row[0] for row in rows))
    data["row"] = data["case"]
    for walk, lead, co in rows:
        data[f"lead-{walk.proposal.pk}"] = lead.pk if lead else ""
        data[f"co-{walk.proposal.pk}"] = [unit.pk for unit in co]
    return data


def test_files_the_ticked_ones_and_names_the_others(office, cast):
    good, bare, stale = (make_proposal(cast, S.SUBMITTED) for _ in range(3))
    Proposal.objects.filter(pk=bare.proposal.pk).update(category=None)
    data = ticks(good, bare, stale)
    stale.do("return", cast.su, reason="请写明补助标准。")
    page = office.post(FILE, data)
    assert page.status_code == 200
    assert [each.proposal.pk for each in page.context["done"]] == [good.proposal.pk]
    words = {each.proposal.pk: each.words for each in page.context["undone"]}
    assert "类别未定" in words[bare.proposal.pk]
    assert "请刷新" in words[stale.proposal.pk]
    good.proposal.refresh_from_db()
    assert good.proposal.status == S.FILED
    assert good.proposal.number in page.content.decode()


def test_a_category_no_longer_in_use_is_chosen_anew(office, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    Category.objects.filter(pk=walk.proposal.category_id).update(is_active=False)
    page = office.post(FILE, ticks(walk))
    assert page.status_code == 422 and "已停用" in page.content.decode()
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == S.SUBMITTED


def test_sent_twice_is_done_once(office, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    data = ticks(walk)
    first, second = office.post(FILE, data), office.post(FILE, data)
    assert len(first.context["done"]) == len(second.context["done"]) == 1
    assert ProposalEvent.objects.filter(proposal=walk.proposal, action="file").count() == 1


def test_nothing_ticked_is_said(office):
    assert "还没有勾选建议" in office.post(FILE, {}).content.decode()


@pytest.mark.parametrize("person", ["lin", "chen", "jiang", "luo", "admin"])
def test_nobody_else_may(client, cast, person):
    walk = make_proposal(cast, S.SUBMITTED)
    client.force_login(getattr(cast, person))
    assert client.post(FILE, ticks(walk)).status_code == 404
    assert client.get(BOARD).status_code == 404
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == S.SUBMITTED


def test_strangers_cases_are_not_there(client, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    client.force_login(cast.stranger.liaison)
    page = client.post(FILE, ticks(walk))
    assert page.context["done"] == page.context["undone"] == []
    assert not SecurityEvent.objects.exists()


def test_numbers_that_are_none(office):
    assert office.post(FILE, {"case": ["1 OR 1=1"]}).status_code == 404
    assert office.get(BOARD, {"case": ["9" * 40]}).status_code == 404


def test_board_suggests_and_assigns(office, cast):
    make_proposal(cast, S.CLOSED)
    walk = make_proposal(cast, S.FILED)
    page = office.get(BOARD, {"case": walk.proposal.pk})
    (row,) = page.context["rows"]
    assert row.lead == str(cast.units["civil"].pk)
    answer = office.post(BOARD, board((walk, cast.units["civil"], [cast.units["finance"]])))
    assert len(answer.context["done"]) == 1
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == S.HANDLING
    assert walk.proposal.assignments.count() == 2


def test_the_plan_comes_before_other_evidence(office, cast):
    """拟办 fills in the row; the deputy's wish stays beside it."""
    walk = make_proposal(cast, S.FILED)
    Proposal.objects.filter(pk=walk.proposal.pk).update(suggested_units="市教育局")
    walk.do("plan", cast.su, placements=walk.placements(health="lead", finance="co"))
    (row,) = office.get(BOARD, {"case": walk.proposal.pk}).context["rows"]
    assert (row.lead, row.co) == (str(cast.units["health"].pk), [str(cast.units["finance"].pk)])
    assert row.evidence[0][0] == "拟办"
    assert "代表" in dict(row.evidence)


def test_rows_with_an_error_come_back_filled(office, cast):
    """The good one is assigned; the wrong one stays in the table with its reason and what was chosen."""
    good, wrong = make_proposal(cast, S.FILED), make_proposal(cast, S.FILED)
    civil, finance = cast.units["civil"], cast.units["finance"]
    page = office.post(BOARD, board((good, civil, []), (wrong, civil, [civil, finance])))
    assert page.status_code == 422
    assert page.context["done"] == [good.proposal]
    (row,) = page.context["rows"]
    assert row.proposal == wrong.proposal
    assert "选了两次" in row.words
    assert row.co == [str(civil.pk), str(finance.pk)]
    wrong.proposal.refresh_from_db()
    assert wrong.proposal.status == S.FILED


def test_no_unit_chosen(office, cast):
    walk = make_proposal(cast, S.FILED)
    page = office.post(BOARD, board((walk, None, [])))
    assert "还没有选承办单位" in page.content.decode()


def test_board_without_ticks(office, cast):
    assert "还没有勾选建议" in office.get(BOARD).content.decode()
    walk = make_proposal(cast, S.FILED)
    data = board((walk, cast.units["civil"], []))
    data["case"] = []
    page = office.post(BOARD, data)
    assert page.status_code == 422
    assert [row.proposal for row in page.context["rows"]] == [walk.proposal]
