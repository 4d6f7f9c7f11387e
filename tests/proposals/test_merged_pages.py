"""并案 for the unit: the text goes into the other drafts, ticked ones are signed in one step, each by itself;
and what the editor says of a reply that was recalled or a co-opinion without substance."""

import uuid

import pytest

from accounts.models import Grant, Role
from proposals import drafts
from proposals.access import visible_attachments
from proposals.attachments import check_upload
from proposals.models import Reply, ReplyDelivery
from proposals.status import ProposalStatus
from proposals.workflow import merging
from tests.cast import TEXT, Walk, make_proposal, scan

pytestmark = pytest.mark.django_db


def merged(cast, titles=("关于盲道的建议", "关于无障碍坡道的建议")):
    """Two proposals in hand with 市民政局, merged and accepted."""
    walks = [make_proposal(cast, ProposalStatus.HANDLING, text=TEXT | {"title": title}) for title in titles]
    merging.merge(walks[0].proposal, walks[1].proposal, actor=cast.su)
    for walk in walks:
        walk.accept()
    return walks


def draft(walk):
    place = walk.place("civil")
    return {
        "version": place.version,
        "draft_version": place.reply.draft_version if hasattr(place, "reply") else "",
        "request_id": str(uuid.uuid4()),
        "opening": "现将办理情况答复如下。",
        "answer_1": "已建成 3 处。",
        "state_1": "done",
        "reply_class": "solved",
    }


def test_the_text_is_taken_to_the_merged_drafts(client, cast):
    one, two = merged(cast)
    client.force_login(cast.chen)
    url = f"/assignments/{one.place('civil').pk}/reply/"
    assert "带到并案各件" in client.get(url).content.decode()
    page = client.post(url, draft(one) | {"do": "copy"}, follow=True)
    assert f"已带到 {two.proposal.number}" in page.content.decode()
    reply = two.place("civil").reply
    assert reply.opening == "现将办理情况答复如下。"
    assert reply.answers[0] == {"state": "done", "text": "已建成 3 处。"}
    # What a colleague wrote there stays.
    again = client.post(url, draft(one) | {"do": "copy", "answer_1": "另一种说法。"}, follow=True)
    assert "没有改动" in again.content.decode()
    assert two.place("civil").reply.answers[0]["text"] == "已建成 3 处。"


def test_ticked_ones_are_signed_in_one_step(client, cast):
    """Each is an action of its own with its own delivery; the one not ticked waits on."""
    third = make_proposal(cast, ProposalStatus.HANDLING, text=TEXT | {"title": "关于候车亭的建议"})
    walks = [*merged(cast), third]
    merging.merge(walks[0].proposal, walks[2].proposal, actor=cast.su)
    walks[2].accept()
    for walk in walks:
        walk.contact().write_reply().do("draft_reply", cast.chen, walk.place("civil"))
    client.force_login(cast.fang)
    places = [walk.place("civil") for walk in walks]
    page = client.get(f"/assignments/{places[0].pk}/sign/")
    assert f'name="also" value="{places[1].pk}"' in page.content.decode()
    data = {f"version-{place.pk}": place.version for place in places}
    data |= {"request_id": str(uuid.uuid4()), "also": [places[1].pk]}
    url = f"/assignments/{places[0].pk}/sign/together/"
    answer = client.post(url, data, follow=True)
    assert "已签发 2 件" in answer.content.decode()
    for place in places:
        place.refresh_from_db()
    assert [place.status for place in places] == ["answered", "answered", "signing"]
    # To the proposer and the co-signer of each.
    assert ReplyDelivery.objects.count() == 4
    # The same form again does nothing more.
    client.post(url, data)
    assert ReplyDelivery.objects.count() == 4


def test_others_sign_nothing_together(client, cast):
    one, _ = merged(cast)
    one.contact().write_reply().do("draft_reply", cast.chen, one.place("civil"))
    place = one.place("civil")
    url = f"/assignments/{place.pk}/sign/together/"
    for person in ("chen", "su", "qin"):
        client.force_login(getattr(cast, person))
        client.post(url, {f"version-{place.pk}": place.version})
        place.refresh_from_db()
        assert place.status == "signing"


def test_siblings_stand_on_the_page_of_those_who_see_them(client, cast):
    one, two = merged(cast)
    for person, sees in (("su", True), ("chen", True), ("gao", True), ("lin", True)):
        client.force_login(getattr(cast, person))
        text = client.get(f"/proposals/{one.proposal.pk}/").content.decode()
        assert (two.proposal.title in text) is sees
    one.do("unmerge", cast.su, reason="事项不同")
    client.force_login(cast.chen)
    assert two.proposal.title not in client.get(f"/proposals/{one.proposal.pk}/").content.decode()


def test_the_editor_says_why_a_reply_was_recalled(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    walk.do("recall_reply", cast.su, walk.place("civil"), recall="correction", reason="文号写错")
    client.force_login(cast.chen)
    text = client.get(f"/assignments/{walk.place('civil').pk}/reply/").content.decode()
    for words in ("收回更正", "文号写错", "第 1 条：已安排。"):
        assert words in text
    case = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "（已收回）" in case
    client.force_login(cast.su)
    assert "（已收回）" in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()


def test_an_opinion_without_substance_goes_back(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept().accept("finance").opinion()
    co = walk.place("finance")
    client.force_login(cast.chen)
    url = f"/assignments/{co.pk}/return_opinion/"
    assert url in client.get(f"/assignments/{walk.place('civil').pk}/reply/").content.decode()
    assert "补助资金已列入预算。" in client.get(url).content.decode()
    assert client.post(url, {"reason": "请写明数额", "version": co.version}).status_code == 302
    assert walk.place("finance").status == "accepted"
    assert url not in client.get(f"/assignments/{walk.place('civil').pk}/reply/").content.decode()


def proposed_by_colleague(cast):
    """One of two merged proposals was led by 陈晓岚, who handles both for 市民政局."""
    one = make_proposal(cast, ProposalStatus.HANDLING)
    two = Walk(cast)
    two.proposal = drafts.create_draft(
        cast.deputies["xiao"], category=cast.categories["社会建设"], **TEXT | {"title": "关于盲道的建议"}
    )
    two.do("submit", cast.xiao).file().assign()
    merging.merge(one.proposal, two.proposal, actor=cast.su)
    Grant.objects.create(
        user=cast.chen, role=Role.DEPUTY, congress=cast.congress, deputy=cast.deputies["xiao"]
    )
    one.accept()
    two.do("accept", cast.zou, two.place("civil"))
    return one, two


def test_nothing_is_taken_into_the_draft_of_what_one_proposed(client, cast):
    one, two = proposed_by_colleague(cast)
    client.force_login(cast.chen)
    url = f"/assignments/{one.place('civil').pk}/reply/"
    assert two.proposal.number not in client.get(url).content.decode()
    client.post(url, draft(one) | {"do": "copy"})
    assert Reply.objects.filter(assignment=one.place("civil")).exists()
    assert not Reply.objects.filter(assignment=two.place("civil")).exists()


def test_who_proposed_it_does_not_read_the_units_draft(client, cast):
    """They see the case as its proposer; a colleague answers for the unit."""
    _, two = proposed_by_colleague(cast)
    place = two.place("civil")
    drafts.save_reply(place, {"opening": "还没有定稿的话。"}, draft_version=None, user=cast.zou)
    drafts.keep_reply_files(place, [check_upload(scan("底稿.pdf"))], user=cast.zou)
    client.force_login(cast.chen)
    addresses = [f"/assignments/{place.pk}/{page}/" for page in ("reply", "reply/preview")]
    for address in (*addresses, f"/proposals/{two.proposal.pk}/"):
        assert "还没有定稿的话。" not in client.get(address).content.decode(), address
    assert not visible_attachments(cast.chen).filter(name="底稿.pdf").exists()
    assert visible_attachments(cast.zou).filter(name="底稿.pdf").exists()
    # The inbox leads to the case, not to the editor, which is closed to the proposer.
    page = client.get("/inbox/").content.decode()
    assert f"/proposals/{two.proposal.pk}/" in page and f"/assignments/{place.pk}/reply/" not in page
