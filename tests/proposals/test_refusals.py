"""The page behind every action: facts, fields, effect; refusals that keep every word typed."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import SecurityEvent
from proposals.status import ProposalStatus
from tests.cast import make_proposal

S = ProposalStatus


def action(walk, code):
    return reverse("proposals:proposal_action", args=[walk.proposal.pk, code])


def filled(walk, **data):
    return {"version": walk.proposal.version, "request_id": str(uuid.uuid4())} | data


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (S.SUBMITTED, "file"),
        (S.SUBMITTED, "return"),
        (S.SUBMITTED, "decline"),
        (S.FILED, "assign"),
        (S.HANDLING, "urge"),
        (S.DISPUTED, "order_redo"),
        (S.DISPUTED, "close_disputed"),
        (S.COORDINATION, "settle"),
        (S.COORDINATION, "order_redo"),
    ],
)
def test_every_form_of_the_office_opens(office, cast, status, code):
    walk = make_proposal(cast, status)
    text = office.get(action(walk, code), {"next": "/work/"}).content.decode()
    assert walk.proposal.title in text
    assert 'name="request_id"' in text
    assert 'name="_who"' in text
    assert 'name="next" value="/work/"' in text


def test_what_is_missing_is_said_beside_the_field_and_above(office, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    page = office.post(action(walk, "decline"), filled(walk, outcome="", reason="写好的理由"))
    text = page.content.decode()
    assert page.status_code == 422
    assert "还有 1 处要补" in text
    assert "写好的理由" in text
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == S.SUBMITTED


def test_placement_refused_keeps_the_choice(office, cast):
    """A wrong placement comes back in the table as it was chosen, with the rule."""
    walk = make_proposal(cast, S.FILED)
    education = cast.units["education"].pk
    page = office.post(action(walk, "assign"), filled(walk, separate=[education], words="请合并办理"))
    text = page.content.decode()
    assert page.status_code == 422
    assert "分办至少要两个单位" in text
    assert "请合并办理" in text
    assert f'name="separate" value="{education}" aria-label="市教育局 分办" checked' in text


def test_stale_form_comes_back_with_what_was_typed(office, cast):
    """Somebody else changed the case: said by name, nothing done, the words stay in the form."""
    walk = make_proposal(cast, S.DISPUTED)
    old = filled(walk, reason="会上已经说明理由")
    old["version"] -= 1
    page = office.post(action(walk, "close_disputed"), old)
    text = page.content.decode()
    assert page.status_code == 409
    assert "请刷新" in text
    assert "会上已经说明理由" in text


def test_stale_and_impossible_goes_to_a_page_of_its_own(office, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    old = filled(walk, reason="请补充周末门诊的数据")
    walk.file()
    page = office.post(action(walk, "return"), old)
    text = page.content.decode()
    assert page.status_code == 409
    assert "您写的内容还在" in text
    assert "请补充周末门诊的数据" in text
    assert "这次“退回修改”没有生效" in text
    # The way out: what may be done now.
    assert action(walk, "assign") in text


def test_forged_action_is_refused_and_logged(client, cast):
    walk = make_proposal(cast, S.HANDLING)
    client.force_login(cast.lin)
    page = client.post(action(walk, "urge"), filled(walk, words="快一点"))
    assert page.status_code == 403
    assert "快一点" in page.content.decode()
    assert SecurityEvent.objects.filter(kind="urge", user=cast.lin).count() == 1


def test_strangers_get_nothing(client, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    client.force_login(cast.stranger.liaison)
    assert client.get(action(walk, "file")).status_code == 404
    assert client.post(action(walk, "file"), filled(walk)).status_code == 404


@pytest.mark.parametrize("person", ["su", "jiang", "luo"])
def test_urging_through_the_page(client, cast, person):
    """Liaison, committee and leader urge; the open units are named before."""
    walk = make_proposal(cast, S.HANDLING)
    client.force_login(getattr(cast, person))
    text = client.get(action(walk, "urge")).content.decode()
    assert "市民政局" in text
    ticked = [walk.place(unit).pk for unit in ("civil", "finance")]
    answer = client.post(action(walk, "urge"), filled(walk, words="请于本周内签收。", places=ticked))
    assert answer.status_code == 302
    assert walk.proposal.events.filter(action="urge", words__contains="请于本周内签收").exists()


def test_hostile_text_is_shown_as_text(office, cast):
    """HTML and control characters in a refused form do no harm and stay readable."""
    walk = make_proposal(cast, S.SUBMITTED)
    words = "<script>alert(1)</script>\x07𠮷"
    page = office.post(action(walk, "decline"), filled(walk, reason=words))
    text = page.content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "𠮷" in text


@pytest.mark.parametrize(
    ("status", "who", "address", "words"),
    [
        (S.HANDLING, "su", "/proposals/{case}/change_lead/", "请选由哪位代表领衔。"),
        (S.HANDLING, "lin", "/proposals/{case}/object/", "请选对什么有异议。"),
        (S.REPLIED, "su", "/assignments/{place}/recall_reply/", "请选是更正还是退回重答。"),
        (S.REPLIED, "su", "/assignments/{place}/correct_class/", "请选改为哪一类。"),
    ],
)
def test_a_choice_that_was_not_made_is_named(client, cast, status, who, address, words):
    """Nobody must guess which of the questions 这个字段 is."""
    walk = make_proposal(cast, status)
    place = walk.place("civil")
    client.force_login(cast.people[who])
    version = place.version if "{place}" in address else walk.proposal.version
    data = filled(walk, reason="理由", words="情况", version=version)
    page = client.post(address.format(case=walk.proposal.pk, place=place.pk), data)
    html = page.content.decode()
    assert (page.status_code, words in html, "这个字段" in html) == (422, True, False)
