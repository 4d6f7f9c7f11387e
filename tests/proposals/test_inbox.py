"""The unit's inbox: what stands in it for whom, groups, filters, signing for from the list."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role, SecurityEvent
from proposals.models import ProposalEvent
from proposals.status import AssignmentRole, AssignmentStatus
from proposals.views.inbox import inbox_count
from tests.cast import TEXT, Walk, make_proposal, workday

INBOX = "/inbox/"
ACCEPT = "/inbox/accept/"
LEAD, CO = AssignmentRole.LEAD, AssignmentRole.CO


def assigned(cast, *, days_ago=1, title=None, **roles):
    """A Walk whose proposal was assigned so many days ago."""
    text = {**TEXT, "title": title} if title else None
    walk = Walk(cast, now=timezone.now() - timedelta(days=days_ago), text=text)
    return walk.submit().file().assign(**roles)


def value(place):
    return f"{place.pk}:{place.version}"


def rows_of(page):
    return [row.pk for _, _, rows in page.context["groups"] for row in rows]


def test_groups_by_urgency_with_both_clocks(client, cast):
    """Overdue, this week and next, later; the clock of this step beside that of the reply."""
    late = assigned(cast, days_ago=20)
    soon = assigned(cast, days_ago=0)
    far = assigned(cast, days_ago=30).accept()
    client.force_login(cast.chen)
    page = client.get(INBOX)
    groups = {code: [row.pk for row in rows] for code, _, rows in page.context["groups"]}
    assert late.place("civil").pk in groups["late"]
    assert far.place("civil").pk in groups["later"]
    assert soon.place("civil").pk in groups["soon"]
    row = page.context["groups"][0][2][0]
    assert row.step_clock.kind == "accept" and row.answer_clock.kind == "reply"
    html = page.content.decode()
    assert "超期" in html and reverse("proposals:clock", args=[row.answer_clock.pk]) in html


def test_each_row_has_the_button_of_its_step(client, cast):
    walk = assigned(cast)
    client.force_login(cast.chen)
    assert 'name="one"' in client.get(INBOX).content.decode()
    walk.accept()
    assert f"/assignments/{walk.place('civil').pk}/reply/" in client.get(INBOX).content.decode()
    walk.contact().write_reply().do("draft_reply", cast.chen, walk.place("civil"))
    page = client.get(INBOX)
    assert page.context["rows"][0].step == "等签发人签发"
    assert "看答复稿" in page.content.decode()
    walk.accept("finance")
    client.force_login(cast.gao)
    assert f"/assignments/{walk.place('finance').pk}/give_opinion/" in client.get(INBOX).content.decode()


def test_a_unit_sees_its_own_places_only(client, cast):
    assigned(cast, title="关于只给民政和财政的建议")
    client.force_login(cast.wei)
    page = client.get(INBOX)
    assert page.context["rows"] == []
    assert "没有要办的建议" in page.content.decode()
    assert "关于只给民政和财政的建议" not in page.content.decode()


@pytest.mark.parametrize("who", ["lin", "su", "jiang", "luo", "zhang", "admin"])
def test_the_inbox_is_for_units(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(INBOX).status_code == 404


def test_a_handler_of_two_units_sees_both_and_can_choose(client, cast):
    Grant.objects.create(
        user=cast.chen, role=Role.HANDLER, congress=cast.congress, unit=cast.units["finance"]
    )
    walk = assigned(cast)
    client.force_login(cast.chen)
    page = client.get(INBOX)
    assert set(rows_of(page)) == {walk.place("civil").pk, walk.place("finance").pk}
    page = client.get(INBOX, {"unit": cast.units["finance"].pk})
    assert rows_of(page) == [walk.place("finance").pk]


def test_filters_narrow_the_list(client, cast):
    first = assigned(cast, days_ago=20, title="关于乡村公路的建议")
    second = assigned(cast, title="关于社区食堂的建议", finance=LEAD, civil=CO)
    client.force_login(cast.chen)
    one, two = first.place("civil").pk, second.place("civil").pk
    assert rows_of(client.get(INBOX, {"q": "公路"})) == [one]
    assert rows_of(client.get(INBOX, {"q": first.proposal.number})) == [one]
    assert set(rows_of(client.get(INBOX, {"q": "林秀芝"}))) == {one, two}
    assert rows_of(client.get(INBOX, {"role": "co"})) == [two]
    assert rows_of(client.get(INBOX, {"light": "red"})) == [one]
    assert set(rows_of(client.get(INBOX, {"step": "accept"}))) == {one, two}
    empty = client.get(INBOX, {"q": "没有这个词"})
    assert "没有符合条件的建议" in empty.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "<script>alert(1)</script>"},
        {"q": "\x00𠮷㛃'\"%_"},
        {"q": "长" * 5000},
        {"role": "x", "light": "pink", "step": "rate", "unit": "-1", "tab": "?"},
        {"page": "0"},
        {"page": "99999999999999999999"},
        {"page": "二"},
    ],
)
def test_strange_addresses_are_answered(client, cast, query):
    assigned(cast)
    client.force_login(cast.chen)
    page = client.get(INBOX, query)
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()


def test_the_name_of_a_hidden_proposer_is_neither_shown_nor_found(client, cast):
    walk = assigned(cast)
    type(walk.proposal).objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    client.force_login(cast.chen)
    page = client.get(INBOX)
    assert "代表身份保密" in page.content.decode() and "林秀芝" not in page.content.decode()
    assert rows_of(client.get(INBOX, {"q": "林秀芝"})) == []


def test_tabs_count_and_list(client, cast):
    answered = make_proposal(cast, "replied")
    assigned(cast)
    client.force_login(cast.chen)
    page = client.get(INBOX)
    assert {code: count for code, _, count in page.context["tabs"]} == {"todo": 1, "answered": 1, "all": 2}
    assert rows_of(client.get(INBOX, {"tab": "answered"})) == [answered.place("civil").pk]
    assert len(rows_of(client.get(INBOX, {"tab": "all"}))) == 2


def test_a_unit_learns_nothing_of_the_rating(client, cast):
    make_proposal(cast, "disputed")
    client.force_login(cast.chen)
    for tab in ("todo", "answered", "all"):
        html = client.get(INBOX, {"tab": tab}).content.decode()
        assert "不满意" not in html and "研判" not in html


def test_sign_for_from_the_list_and_come_back(client, cast):
    walk = assigned(cast)
    place = walk.place("civil")
    client.force_login(cast.chen)
    answer = client.post(
        ACCEPT, {"one": value(place), "request_id": uuid.uuid4(), "next": "/inbox/?role=lead"}
    )
    assert answer.status_code == 302 and answer.url == "/inbox/?role=lead"
    assert walk.place("civil").status == AssignmentStatus.ACCEPTED
    assert f"已签收 1 件：{walk.proposal.number}" in client.get(answer.url).content.decode()


def test_the_same_form_twice_signs_once(client, cast):
    walk = assigned(cast)
    sent = {"one": value(walk.place("civil")), "request_id": str(uuid.uuid4())}
    client.force_login(cast.chen)
    for _ in range(2):
        page = client.post(ACCEPT, sent, follow=True)
        assert "已签收 1 件" in page.content.decode()
    assert ProposalEvent.objects.filter(proposal=walk.proposal, action="accept").count() == 1


def test_ticked_rows_are_signed_one_by_one(client, cast):
    """One refusal leaves the others done, and is told."""
    walks = [assigned(cast) for _ in range(3)]
    gone = walks[1]
    stale = value(gone.place("civil"))
    gone.accept()
    ticked = [stale if walk is gone else value(walk.place("civil")) for walk in walks]
    client.force_login(cast.zou)
    html = client.post(ACCEPT, {"place": ticked, "request_id": uuid.uuid4()}, follow=True).content.decode()
    assert "已签收 2 件" in html
    assert f"{gone.proposal.number} 没有签收：该件已由陈晓岚于" in html
    assert all(walk.place("civil").status == AssignmentStatus.ACCEPTED for walk in walks)


def test_nothing_ticked_says_what_to_do(client, cast):
    assigned(cast)
    client.force_login(cast.chen)
    assert "还没有勾选" in client.post(ACCEPT, {"batch": "1"}, follow=True).content.decode()


def test_all_rows_of_the_page_can_be_ticked_without_script(client, cast):
    assigned(cast)
    client.force_login(cast.chen)
    assert " checked>" in client.get(INBOX, {"tick": "1"}).content.decode()


def test_forged_and_foreign_rows(client, cast):
    """Another unit's place does not exist; a signer may see but not sign for, and that is logged."""
    walk = assigned(cast)
    place = walk.place("civil")
    for who in (cast.wei, cast.stranger.handler):
        client.force_login(who)
        client.post(ACCEPT, {"one": value(place), "request_id": uuid.uuid4()})
    client.force_login(cast.fang)
    html = client.post(ACCEPT, {"one": value(place)}, follow=True).content.decode()
    assert "没有“签收”的权限" in html
    assert SecurityEvent.objects.filter(user=cast.fang, kind="accept").exists()
    for junk in ("", "x", "1", "1:", f"{place.pk}:-1", f"{place.pk}:{'9' * 40}"):
        assert client.post(ACCEPT, {"one": junk}).status_code == 302
    assert walk.place("civil").status == AssignmentStatus.PENDING


def test_the_way_back_stays_on_this_site(client, cast):
    client.force_login(cast.chen)
    assert client.post(ACCEPT, {"next": "https://example.test/"}).url == INBOX


def test_header_counts_what_waits_on_the_handler(client, cast):
    assigned(cast)
    assigned(cast)
    client.force_login(cast.chen)
    page = client.get(INBOX)
    link = next(link for link in page.context["shell"].bar if link.label == "收件箱")
    assert link.count == "2" and link.is_current


def test_a_pending_extension_is_told_beside_the_state(client, cast):
    walk = assigned(cast, days_ago=0).ask_extension()
    client.force_login(cast.chen)
    page = client.get(INBOX)
    assert page.context["rows"][0].asks_extension
    assert "延期待批" in page.content.decode()
    until = workday(cast, page.context["rows"][0].due_on + timedelta(days=10))
    walk.do("decide_extension", cast.su, walk.place("civil"), is_granted=True, until=until, reason="")
    assert "延期待批" not in client.get(INBOX).content.decode()


def test_queries_do_not_grow_with_the_rows(client, cast):
    client.force_login(cast.chen)
    assigned(cast)
    client.get(INBOX)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(INBOX)
    for days in range(7):
        assigned(cast, days_ago=days)
    with CaptureQueriesContext(connection) as eight:
        assert len(client.get(INBOX).context["rows"]) == 8
    assert len(eight) == len(one)
    assert len(one) <= 12


def test_header_and_tab_say_the_same_number(client, cast):
    assigned(cast)
    walk = assigned(cast).accept().contact("civil").write_reply("civil")
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    client.force_login(cast.chen)
    page = client.get(INBOX)
    (_, _, count) = page.context["tabs"][0]
    assert count == len(rows_of(page)) == 2
    assert inbox_count(cast.chen) == count
