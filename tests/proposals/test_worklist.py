"""The office's worklist: queues and counts, filters, hints, the pages of decision behind it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from proposals.models import Proposal, Waiting
from proposals.status import AssignmentRole, ProposalStatus
from tests.cast import TEXT, Walk, make_proposal

S = ProposalStatus
WORK = "/work/"


def titled(cast, status, title, **fields):
    return make_proposal(cast, status, text=TEXT | {"title": title} | fields)


def titles_of(page):
    return [getattr(row, "proposal", row).title for row in page.context["page"].object_list]


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def test_each_queue_holds_what_waits_on_the_office(office, cast):
    """待审查, 待交办, 不满意待研判, 协调研究: each with its own cases and count."""
    for status in (S.SUBMITTED, S.FILED, S.DISPUTED, S.COORDINATION, S.HANDLING):
        titled(cast, status, f"关于{status.label}的建议")
    for queue, status in (
        ("review", S.SUBMITTED),
        ("assign", S.FILED),
        ("judge", S.DISPUTED),
        ("coordinate", S.COORDINATION),
    ):
        page = office.get(WORK, {"queue": queue})
        assert titles_of(page) == [f"关于{status.label}的建议"]
        assert page.context["count"].total == 1


def test_late_ones_are_counted_and_stand_first(office, cast):
    """The soonest due is the first line, and an overdue one is counted as such beside its queue."""
    titled(cast, S.SUBMITTED, "关于新事的建议")
    old = Walk(
        cast, now=timezone.now() - timedelta(days=30), text=TEXT | {"title": "关于旧事的建议"}
    ).submit()
    page = office.get(WORK)
    assert titles_of(page)[0] == old.proposal.title
    assert page.context["count"].late == 1
    assert "1 超期" in page.content.decode()
    newest = office.get(WORK, {"sort": "submitted"})
    assert titles_of(newest)[0] == "关于新事的建议"


def test_filters_inside_a_queue(office, cast):
    """Words find title, number and deputy; an unknown choice is no error."""
    titled(cast, S.SUBMITTED, "关于夜间公交的建议")
    titled(cast, S.SUBMITTED, "关于盲文站牌的建议")
    assert titles_of(office.get(WORK, {"words": "公交"})) == ["关于夜间公交的建议"]
    assert len(titles_of(office.get(WORK, {"words": "林秀芝"}))) == 2
    assert titles_of(office.get(WORK, {"category": cast.categories["教科文卫"].pk})) == []
    assert len(titles_of(office.get(WORK, {"category": "<x>", "page": "99999999999999999999"}))) == 2
    assert titles_of(office.get(WORK, {"words": "\x00没有这样的"})) == []


def test_hints_name_what_stands_in_the_way(office, cast):
    """类别未定, 附议 N 人, 疑似与…相似."""
    titled(cast, S.CLOSED, "关于推广老年助餐服务的建议")
    walk = titled(cast, S.SUBMITTED, "关于扩大老年助餐服务的建议")
    Proposal.objects.filter(pk=walk.proposal.pk).update(category=None)
    text = office.get(WORK).content.decode()
    assert "类别未定" in text
    assert "附议 1 人" in text
    # Looking for similar ones takes long at first: it comes after the page, and is there at the next visit.
    hints = f"/work/hints/?case={walk.proposal.pk}"
    assert hints in text
    assert "疑似与" not in text
    late = office.get(hints, headers={"HX-Request": "true"}).content.decode()
    assert f'id="hint-{walk.proposal.pk}" hx-swap-oob="true"' in late
    assert "疑似与" in late
    assert "疑似与" in office.get(WORK).content.decode()


def test_hints_are_the_offices(client, cast):
    """No hint of what one may not see, and none for others than the office."""
    walk = titled(cast, S.SUBMITTED, "关于推广老年助餐服务的建议")
    client.force_login(cast.chen)
    assert client.get("/work/hints/", {"case": walk.proposal.pk}).status_code == 404
    client.force_login(cast.stranger.liaison)
    assert (
        str(walk.proposal.pk)
        not in client.get("/work/hints/", {"case": [walk.proposal.pk, "x"]}).content.decode()
    )


def test_an_empty_queue_says_what_next(office):
    assert "没有待审查的建议" in office.get(WORK).content.decode()


def test_units_steps_that_are_late_or_near(office, cast):
    """超期和临期 shows the step each place is at, the soonest first, with a way to urge."""
    walk = Walk(cast, now=timezone.now() - timedelta(days=30)).submit().file().assign()
    page = office.get(WORK, {"queue": "due", "range": "late"})
    places = page.context["page"].object_list
    assert {place.unit.name for place in places} == {"市民政局", "市财政局"}
    assert all(place.step_label == "待签收" for place in places)
    assert f"{reverse('proposals:urge')}?place={walk.place('civil').pk}" in page.content.decode()


def test_an_urge_hides_neither_step_nor_date(office, cast):
    """催办 waits on the same place beside its step: the row still names the step and its due date."""
    walk = titled(cast, S.HANDLING, "关于催办过的建议").accept()
    walk.now = timezone.now()
    walk.do("urge", cast.su, words="请抓紧办理。")
    for place in walk.proposal.assignments.all():
        Waiting.objects.filter(assignment=place, due_on__isnull=False).update(
            due_on=timezone.localdate() - timedelta(days=2)
        )
    page = office.get(WORK, {"queue": "due"})
    rows = {row.unit.name: (row.step_label, row.step_due_on) for row in page.context["page"].object_list}
    late = timezone.localdate() - timedelta(days=2)
    assert rows == {"市民政局": ("待答复", late), "市财政局": ("待签收", late)}
    assert "超期 2 天" in page.content.decode()


def test_silent_replies_are_listed(office, cast):
    """未表态 appears once the rating window is over and the system marked it."""
    walk = make_proposal(cast, S.REPLIED, now=timezone.now() - timedelta(days=90))
    walk.now = timezone.now()
    walk.do("mark_silent", None, walk.place("civil"))
    page = office.get(WORK, {"queue": "silent"})
    assert [place.proposal_id for place in page.context["page"].object_list] == [walk.proposal.pk]
    assert page.context["count"].total == 1


@pytest.mark.parametrize("person", ["lin", "chen", "fang", "jiang", "luo", "zhang", "admin"])
def test_only_the_office_has_a_worklist(client, cast, person):
    client.force_login(getattr(cast, person))
    assert client.get(WORK).status_code == 404


def test_other_congresses_stay_out(client, cast):
    """The stranger's office sees its own empty queues."""
    make_proposal(cast, S.SUBMITTED)
    client.force_login(cast.stranger.liaison)
    assert titles_of(client.get(WORK)) == []


@pytest.mark.parametrize("queue", ["review", "assign", "judge", "due"])
def test_queries_do_not_grow_with_the_rows(office, cast, queue):
    status = {"review": S.SUBMITTED, "assign": S.FILED, "judge": S.DISPUTED, "due": S.HANDLING}[queue]
    old = timezone.now() - timedelta(days=80)

    def cost():
        office.get(WORK, {"queue": queue})  # warms the caches of choices and rules
        with CaptureQueriesContext(connection) as queries:
            assert office.get(WORK, {"queue": queue}).status_code == 200
        return len(queries)

    for _ in range(2):  # two, so that they are similar to each other
        make_proposal(cast, status, now=old)
    few = cost()
    for _ in range(6):
        make_proposal(cast, status, now=old)
    assert cost() <= few <= 12


def test_htmx_gets_the_queue_alone(office):
    page = office.get(WORK, headers={"HX-Request": "true", "HX-Target": "queue"})
    assert "<html" not in page.content.decode()
    assert 'id="queue"' in page.content.decode()


# --- Pages of decision ----------------------------------------------------------------------------------


def test_review_shows_the_text_and_three_decisions(office, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    text = office.get(reverse("proposals:review", args=[walk.proposal.pk])).content.decode()
    assert TEXT["situation"] in text
    for code in ("file", "return", "decline"):
        assert reverse("proposals:proposal_action", args=[walk.proposal.pk, code]) in text


def test_review_of_what_was_decided_leads_to_the_case(office, cast):
    walk = make_proposal(cast, S.FILED)
    page = office.get(reverse("proposals:review", args=[walk.proposal.pk]), follow=True)
    assert page.redirect_chain
    assert "已立案，待交办" in page.content.decode()


def test_judging_shows_reply_rating_and_words(office, cast):
    walk = make_proposal(cast, S.DISPUTED)
    text = office.get(reverse("proposals:judge", args=[walk.proposal.pk])).content.decode()
    assert "食堂没有按期开餐" in text
    assert "责成重新办理" in text
    assert "研判后办结" in text


def test_assignment_page_names_evidence_and_dates(office, cast):
    """Earlier cases and the deputy's wish stand before the other units; every clock with its reason."""
    titled(cast, S.CLOSED, "关于推广老年助餐服务的建议")
    walk = titled(cast, S.FILED, "关于扩大老年助餐服务的建议", suggested_units="市卫生健康委员会")
    text = office.get(
        reverse("proposals:proposal_action", args=[walk.proposal.pk, "assign"])
    ).content.decode()
    assert "有依据的单位" in text
    assert "代表建议由其办理" in text
    assert "由其主办" in text
    assert "答复代表" in text
    assert "怎么算的" in text


def test_effects_follow_the_choice(office, cast):
    """The line says who would handle it and what is wrong with the choice."""
    walk = make_proposal(cast, S.FILED)
    url = reverse("proposals:assign_effects", args=[walk.proposal.pk])
    civil, finance = cast.units["civil"].pk, cast.units["finance"].pk
    text = office.get(url, {"lead": civil, "co": finance}).content.decode()
    assert "市民政局主办，市财政局会办" in text
    assert "还没有选主办单位" in office.get(url, {"co": finance}).content.decode()
    early = office.get(url, {"reply_due_on": "2030-01-02", "lead": "x"}).content.decode()
    assert "2030年1月2日" in early
    assert office.get(url, {"reply_due_on": "2030-99-99"}).status_code == 200


def test_pages_of_decision_do_not_exist_for_others(client, cast):
    walk = make_proposal(cast, S.SUBMITTED)
    for person in (cast.lin, cast.jiang, cast.stranger.liaison):
        client.force_login(person)
        for name in ("review", "judge", "assign_effects"):
            assert client.get(reverse(f"proposals:{name}", args=[walk.proposal.pk])).status_code == 404


def test_assigning_through_the_page(office, cast):
    """The placement table posts to the action and comes back to the queue."""
    walk = make_proposal(cast, S.FILED)
    url = reverse("proposals:proposal_action", args=[walk.proposal.pk, "assign"])
    data = {
        "version": walk.proposal.version,
        "lead": cast.units["civil"].pk,
        "co": [cast.units["finance"].pk],
        "next": "/work/?queue=assign",
    }
    answer = office.post(url, data)
    assert answer.headers["Location"] == "/work/?queue=assign"
    roles = set(walk.proposal.assignments.values_list("unit__name", "role"))
    assert roles == {("市民政局", AssignmentRole.LEAD), ("市财政局", AssignmentRole.CO)}
    assert not SecurityEvent.objects.exists()
