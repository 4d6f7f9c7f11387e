"""Forms and addresses that no page of ours made: without a version, filled in from outside, leading elsewhere."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import Grant, Role
from notifications.models import Notice
from proposals import drafts
from proposals.models import Proposal, ProposalEvent
from proposals.status import ProposalStatus as P
from proposals.workflow import Denied, perform
from tests.cast import TEXT, Walk, make_proposal


def place_url(walk, action, unit="civil"):
    return reverse("proposals:place_action", args=[walk.place(unit).pk, action])


@pytest.mark.parametrize("version", ["", None, "0", "-1"])
def test_a_form_without_a_version_is_stale(cast, client, version):
    walk = make_proposal(cast, P.HANDLING)
    client.force_login(cast.chen)
    fields = {"request_id": uuid.uuid4()} | ({} if version is None else {"version": version})
    answer = client.post(place_url(walk, "accept"), fields)
    assert answer.status_code == 409
    assert "请刷新" in answer.content.decode()
    assert walk.place("civil").status == "pending"


def test_sending_a_reply_without_a_version_is_stale(cast, client):
    walk = make_proposal(cast, P.HANDLING).accept().contact().write_reply()
    place = walk.place("civil")
    client.force_login(cast.chen)
    fields = {"do": "send", "draft_version": place.reply.draft_version, "reply_class": "solved"}
    answers = {f"state_{n}": "doing" for n in (1, 2)} | {f"answer_{n}": "已安排。" for n in (1, 2)}
    document = {"doc_no": "澜民函 56", "contact_person": "陈晓岚", "contact_phone": "88661032"}
    late = {f"late_{walk.place('finance').pk}": "待审定"}
    url = reverse("proposals:reply", args=[place.pk])
    answer = client.post(url, fields | answers | document | late)
    assert answer.status_code == 409
    assert walk.place("civil").status == "accepted"


def test_a_link_cannot_preselect_a_rating(cast, client):
    walk = make_proposal(cast, P.REPLIED)
    client.force_login(cast.lin)
    query = {"attitude": "satisfied", "result": "satisfied", "words": "很好", "version": "9"}
    page = client.get(place_url(walk, "rate"), query).content.decode()
    assert "checked" not in page
    assert "很好" not in page


@pytest.mark.parametrize("target", ["javascript:alert(1)", "https://example.test/", "//example.test/"])
def test_no_page_links_to_where_an_address_says(cast, client, target):
    walk = make_proposal(cast, P.SUBMITTED)
    client.force_login(cast.su)
    url = reverse("proposals:proposal_action", args=[walk.proposal.pk, "return"])
    assert target not in client.get(url, {"next": target}).content.decode()
    fields = {
        "reason": "请写明。",
        "version": walk.proposal.version,
        "request_id": uuid.uuid4(),
        "next": target,
    }
    assert client.post(url, fields)["Location"] == reverse("proposals:case", args=[walk.proposal.pk])


def test_a_request_number_serves_one_place_only(cast):
    walk = Walk(cast).submit().file().assign(civil="separate", finance="separate")
    number = uuid.uuid4()
    perform("accept", walk.place("civil"), actor=cast.chen, request_id=number)
    unit_of_both = cast.chen.grants.get()
    unit_of_both.pk, unit_of_both.unit = None, cast.units["finance"]
    unit_of_both.save()
    both = type(cast.chen).objects.get(pk=cast.chen.pk)
    with pytest.raises(Denied):
        perform("accept", walk.place("finance"), actor=both, request_id=number)
    assert ProposalEvent.objects.filter(proposal=walk.proposal, action="accept").count() == 1


def test_only_the_lead_deputy_is_asked_to_rate(cast):
    """满意度由领衔代表测评: a co-signer reads the reply, but has nothing to do."""
    walk = make_proposal(cast, P.SUBMITTED).file().assign()
    Notice.objects.all().delete()
    walk.sign()
    told = {
        notice.user_id: (notice.kind, notice.words)
        for notice in Notice.objects.filter(words__contains="已答复")
    }
    assert told[cast.lin.pk][0] == Notice.Kind.TODO
    assert "请看答复并评价" in told[cast.lin.pk][1]
    assert told[cast.tang.pk][0] == Notice.Kind.INFO
    assert "评价" not in told[cast.tang.pk][1]


@pytest.mark.parametrize("number", ["9" * 25, "-1", "x", "٣"])
def test_numbers_that_are_none_of_ours_are_passed_over(cast, client, number):
    walk = make_proposal(cast, P.FILED)
    client.force_login(cast.su)
    url = reverse("proposals:assign_effects", args=[walk.proposal.pk])
    assert client.get(url, {"lead": number, "co": [number]}).status_code == 200
    assert Proposal.objects.get(pk=walk.proposal.pk).status == P.FILED


@pytest.mark.parametrize("number", ["9" * 25, "-1", "x"])
def test_a_unit_that_is_none_is_refused_beside_its_field(cast, client, number):
    walk = make_proposal(cast, P.FILED)
    client.force_login(cast.su)
    url = reverse("proposals:proposal_action", args=[walk.proposal.pk, "assign"])
    fields = {"version": walk.proposal.version, "request_id": uuid.uuid4()}
    for name in ("lead", "co", "separate"):
        assert client.post(url, fields | {name: number}).status_code == 422
    assert Proposal.objects.get(pk=walk.proposal.pk).status == P.FILED


def test_the_offices_pages_are_for_cases_of_its_own_congress(cast, client):
    """Liaison staff here, delegation staff there: the other congress's case is not theirs to decide."""
    there = cast.stranger
    delegation = there.deputy_row.delegation
    Grant.objects.create(
        user=cast.su, role=Role.DELEGATION_STAFF, congress=there.congress, delegation=delegation
    )
    draft = drafts.create_draft(there.deputy_row, **TEXT)
    perform("submit", draft, actor=there.deputy, version=draft.version)
    draft.refresh_from_db()
    perform("file", draft, actor=there.liaison, version=draft.version, data={"category": there.category})
    client.force_login(cast.su)
    assert client.get(reverse("proposals:case", args=[draft.pk])).status_code == 200
    for name in ("review", "judge", "assign_effects"):
        assert client.get(reverse(f"proposals:{name}", args=[draft.pk])).status_code == 404
    board = client.get(reverse("proposals:assign_board"), {"case": draft.pk})
    assert board.context["rows"] == []


def test_signing_for_twice_from_the_reply_page_happens_once(cast, client):
    walk = make_proposal(cast, P.HANDLING)
    client.force_login(cast.chen)
    page = client.get(reverse("proposals:reply", args=[walk.place("civil").pk])).content.decode()
    form = page[page.index("签收，开始写答复") - 900 : page.index("签收，开始写答复")]
    fields = dict(re.findall(r'name="(version|request_id)" value="([^"]+)"', form))
    answers = [client.post(place_url(walk, "accept"), fields).status_code for _ in range(2)]
    assert answers == [302, 302]


@pytest.mark.django_db
def test_nobody_else_writes_a_units_reply_behind_the_page_either(cast):
    walk = make_proposal(cast, "handling").accept().write_reply()
    place = walk.place("civil")
    version = place.reply.draft_version
    for person in (cast.gao, cast.fang, cast.su, cast.lin):
        with pytest.raises(Denied, match="不能写"):
            drafts.save_reply(place, {"opening": "别人写的"}, draft_version=version, user=person)
        with pytest.raises(Denied, match="不能写"):
            drafts.drop_reply_file(place, 1, user=person)
    place.reply.refresh_from_db()
    assert place.reply.opening == ""
