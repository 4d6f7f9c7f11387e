"""What a unit must not find out (防止“被满意”, 隐名), by refusals, buttons, stale pages and other units' work."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import Grant, Role
from proposals import drafts
from proposals.models import Proposal
from proposals.status import ProposalStatus as P
from proposals.workflow import Case, available, perform
from proposals.workflow.errors import Denied, Stale
from tests.cast import CONTACT, TEXT, Walk, make_proposal

BEING_RATED = (P.REPLIED, P.DISPUTED, P.COORDINATION)


def case_of(walk):
    return Case(Proposal.objects.select_related("congress", "lead").get(pk=walk.proposal.pk))


def separate(cast):
    """Two units that each answer by themselves; 市民政局 has replied."""
    walk = Walk(cast).submit().file()
    return walk.assign(civil="separate", finance="separate").sign("civil").accept("finance")


def page_of(client, user, walk):
    client.force_login(user)
    return client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()


def test_a_unit_has_the_same_buttons_whatever_the_rating_was(cast):
    offered = {
        status: {offer.code for offer in available(case_of(make_proposal(cast, status)), cast.chen)}
        for status in BEING_RATED
    }
    assert offered == {status: {"log_contact"} for status in BEING_RATED}


@pytest.mark.parametrize("status", BEING_RATED)
def test_a_refusal_tells_a_unit_no_more_than_its_page(cast, client, status):
    walk = make_proposal(cast, status)
    place = walk.place("civil")
    client.force_login(cast.chen)
    url = reverse("proposals:place_action", args=[place.pk, "note_progress"])
    answer = client.post(url, {"words": "已开餐。", "version": place.version, "request_id": uuid.uuid4()})
    assert answer.status_code == 409
    assert "不满意" not in answer.content.decode()
    with pytest.raises(Denied) as refusal:
        perform("urge", walk.proposal, actor=_handler_and_committee(cast), data={"words": "请抓紧。"})
    assert walk.proposal.get_status_display() in refusal.value.words  # who sees all is told all


def _handler_and_committee(cast):
    Grant.objects.create(user=cast.qin, role=Role.COMMITTEE, congress=cast.congress, committee=cast.committee)
    return cast.qin


def test_a_refusal_by_the_state_of_the_case_is_masked(cast):
    """The words of engine.check for a unit: 已答复，测评中, not 不满意，待研判."""
    walk = make_proposal(cast, P.DISPUTED)
    place = walk.place("civil")
    place.status = "accepted"
    case = case_of(walk)
    case.places = [place]
    from proposals.workflow.engine import check
    from proposals.workflow.table import TABLE

    with pytest.raises(Denied) as refusal:
        check(TABLE["note_progress"], case, place, cast.chen)
    assert "已答复，测评中" in refusal.value.words
    assert "不满意" not in refusal.value.words


def test_a_stale_page_does_not_tell_a_unit_that_the_deputy_rated_another(cast):
    walk = separate(cast)
    before = walk.place("finance")
    walk.contact("finance")
    walk.rate("dissatisfied", unit="civil")
    with pytest.raises(Stale) as stale:
        perform(
            "draft_reply", walk.place("finance"), actor=cast.gao, version=before.version + 7, now=walk.now
        )
    assert cast.lin.name not in stale.value.words
    assert cast.gao.name in stale.value.words


def test_a_stale_page_does_not_name_a_hidden_proposer(cast):
    walk = make_proposal(cast, P.HANDLING)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    with pytest.raises(Stale) as stale:
        perform("accept", walk.place("civil"), actor=cast.chen, version=99, now=walk.now)
    assert stale.value.words == "该件已处理，请刷新。您写的内容还在。"


def test_contacts_of_one_unit_stand_not_in_the_history_of_another(cast, client):
    walk = separate(cast)
    assert CONTACT["people"] in page_of(client, cast.chen, walk)
    assert CONTACT["people"] in page_of(client, cast.lin, walk)
    assert CONTACT["people"] not in page_of(client, cast.gao, walk)


@pytest.mark.parametrize("key", ["chen", "gao", "lin", "su", "jiang", "zhang"])
def test_every_date_on_the_case_page_that_offers_an_explanation_has_one(cast, client, key):
    walk = make_proposal(cast, P.SUBMITTED).file().assign().accept("finance").accept("civil")
    text = page_of(client, cast.people[key], walk)
    links = set(re.findall(r'href="(/clocks/\d+/)"', text))
    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_promises_of_another_unit_are_explained_to_their_own_unit_only(cast, client):
    walk = make_proposal(cast, P.SUBMITTED).file().assign().accept("finance").opinion()
    promise = {"what": "建成 8 个食堂", "promised_on": "2027-12-20", "owner": "邓佩文"}
    walk.sign("civil", reply_class="planned", planned_commitments=[promise])
    for key in ("chen", "gao", "lin"):
        text = page_of(client, cast.people[key], walk)
        assert "建成 8 个食堂" in text
        for link in set(re.findall(r'href="(/clocks/\d+/)"', text)):
            assert client.get(link).status_code == 200, (key, link)


def test_similar_proposals_show_a_deputy_who_works_for_a_unit_no_rating(cast, client):
    """肖立诚 is also a handler of 市民政局: what he sees through it, he sees as the judged side."""
    Grant.objects.create(user=cast.xiao, role=Role.HANDLER, congress=cast.congress, unit=cast.units["civil"])
    make_proposal(cast, P.DISPUTED)
    draft = drafts.create_draft(cast.deputies["xiao"], title=TEXT["title"])
    url = reverse("proposals:similar", args=[draft.pk])
    client.force_login(cast.xiao)
    text = client.get(url).content.decode()
    assert "2026" in text and cast.units["civil"].name in text
    assert "代表评价" not in text and "不满意" not in text
    mine = drafts.create_draft(cast.deputies["lin"], title=TEXT["title"])
    client.force_login(cast.lin)
    text = client.get(reverse("proposals:similar", args=[mine.pk])).content.decode()
    assert "代表评价：不满意" in text
