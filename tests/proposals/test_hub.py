"""The hub's desk: passing places on, its children's requests, late children, urging; and what is not the hub's."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proposals.models import Assignment, Request
from proposals.status import ProposalStatus
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db
HUB = "/hub/"


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.hub)
    return client


def at_hub(cast, role="lead", **others):
    return make_proposal(cast, ProposalStatus.FILED).assign(hub=role, **others)


def ticked(*walks, **more):
    places = [walk.place("hub") for walk in walks]
    data = {"place": [place.pk for place in places], "request_id": str(uuid.uuid4())}
    return data | {f"version-{place.pk}": place.version for place in places} | more


def test_home_leads_to_the_desk(desk):
    assert desk.get("/").headers["Location"] == HUB


def test_places_to_pass_on_are_listed_with_their_dates(desk, cast):
    walk = at_hub(cast)
    page = desk.get(HUB)
    text = page.content.decode()
    assert page.context["count"].total == 1
    assert walk.proposal.title in text
    assert "分办" in text
    assert f'name="lead-{walk.place("hub").pk}"' in text
    # Only units of its own system, and no hub.
    assert f'<option value="{cast.units["hub"].pk}"' not in text


def test_earlier_cases_that_the_hub_does_not_see_are_no_evidence(desk, cast):
    """What the office is shown beside the choice is remembered for the office alone."""
    walk, other = at_hub(cast), make_proposal(cast, ProposalStatus.HANDLING)
    desk.force_login(cast.su)
    desk.get("/work/?queue=review")
    assert other.proposal.number in desk.get(f"/work/assign/?case={filed(cast).pk}").content.decode()
    desk.force_login(cast.hub)
    text = desk.get(HUB).content.decode()
    assert walk.proposal.number in text and other.proposal.number not in text
    earlier = at_hub(cast).dispatch()
    at_hub(cast)  # the first one's search is remembered for an hour
    text = desk.get(HUB).content.decode()
    assert f"{earlier.proposal.number} 市民政局主办，市财政局会办" in text


def filed(cast):
    return make_proposal(cast, ProposalStatus.FILED).proposal


def test_passing_on_the_ticked_ones(desk, cast):
    """Two at once, a lead with a co and a lead alone; each an event of its own."""
    one, two = at_hub(cast), at_hub(cast)
    civil, finance = cast.units["civil"].pk, cast.units["finance"].pk
    first, second = one.place("hub").pk, two.place("hub").pk
    data = ticked(one, two) | {f"lead-{first}": civil, f"co-{first}": [finance], f"lead-{second}": finance}
    page = desk.post(HUB + "dispatch/", data, follow=True)
    assert "已分办 2 件" in page.content.decode()
    assert set(one.proposal.assignments.values_list("unit__name", "role", "status")) == {
        ("市政府督查室", "lead", "dispatched"),
        ("市民政局", "lead", "pending"),
        ("市财政局", "co", "pending"),
    }
    assert two.place("finance").parent_id == second


def test_a_line_that_cannot_be_done_comes_back_filled(desk, cast):
    """The others are done; the wrong one stands with its reason and what was chosen."""
    good, bad = at_hub(cast), at_hub(cast)
    civil, finance = cast.units["civil"].pk, cast.units["finance"].pk
    data = ticked(good, bad) | {
        f"lead-{good.place('hub').pk}": civil,
        f"co-{bad.place('hub').pk}": [finance],
    }
    page = desk.post(HUB + "dispatch/", data)
    text = page.content.decode()
    assert page.status_code == 422
    assert "还没有选主办单位" in text
    assert re.search(rf'name="co-{bad.place("hub").pk}" value="{finance}" checked', text)
    assert good.place("hub").status == "dispatched"
    assert bad.place("hub").status == "dispatching"


def test_a_co_place_gives_only_co(desk, cast):
    walk = at_hub(cast, "co", civil="lead")
    key = walk.place("hub").pk
    text = desk.get(HUB).content.decode()
    assert "会办位置，不设主办" in text
    assert f'name="lead-{key}"' not in text
    desk.post(HUB + "dispatch/", ticked(walk) | {f"co-{key}": [cast.units["finance"].pk]})
    assert walk.place("finance").role == "co"


def test_the_full_page_passes_on_to_several(desk, cast):
    """分办给多家: the page of one place offers 主办, 会办 and 分办."""
    walk = at_hub(cast)
    place = walk.place("hub")
    url = f"/assignments/{place.pk}/dispatch/"
    assert 'name="separate"' in desk.get(url).content.decode()
    both = [cast.units["civil"].pk, cast.units["finance"].pk]
    assert desk.post(url, {"separate": both, "version": place.version}).status_code == 302
    assert set(walk.proposal.assignments.filter(parent=place).values_list("role", flat=True)) == {"separate"}


def test_nothing_ticked_says_so(desk, cast):
    page = desk.post(HUB + "dispatch/", {"place": ["x", "9" * 30]}, follow=True)
    assert "还没有勾选" in page.content.decode()


def test_a_childs_return_is_the_hubs_to_decide(desk, cast, client):
    walk = make_proposal(cast, ProposalStatus.FILED).dispatch().ask_return("civil")
    page = desk.get(HUB, {"queue": "return"})
    text = page.content.decode()
    assert page.context["count"].total == 1
    assert "，在期限内；" in text
    assert "市民政局（主办）" in text
    place = walk.place("civil")
    data = {
        "lead": cast.units["health"].pk,
        "co": [cast.units["finance"].pk],
        "reason": "按职责清单",
        "version": place.version,
        "next": "/hub/?queue=return",
    }
    answer = desk.post(f"/assignments/{place.pk}/approve_return/", data)
    assert answer.headers["Location"] == "/hub/?queue=return"
    assert walk.place("health").parent_id == walk.place("hub").pk
    place.refresh_from_db()
    assert place.status == "released"
    # Not the office's: its queue shows nothing.
    client.force_login(cast.su)
    assert client.get("/work/", {"queue": "return"}).context["count"].total == 0


def test_refusing_a_childs_return(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED).dispatch().ask_return("finance")
    place = walk.place("finance")
    data = {"reason": "请继续会办", "version": place.version}
    assert desk.post(f"/assignments/{place.pk}/refuse_return/", data).status_code == 302
    place.refresh_from_db()
    assert place.status == "accepted"


def test_a_childs_extension_is_decided_by_the_hub(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED).dispatch().ask_extension()
    page = desk.get(HUB, {"queue": "extension"})
    text = page.content.decode()
    place = walk.place("civil")
    asked = Request.objects.get(assignment=place, kind="extension")
    assert asked.reason in text
    assert "最多可延到" in text
    data = {"is_granted": "yes", "until": asked.details["until"], "reason": ""}
    assert desk.post(f"/assignments/{place.pk}/decide_extension/", data).status_code == 302
    place.refresh_from_db()
    assert place.due_on.isoformat() == asked.details["until"]


def test_late_children_with_what_holds_them_and_the_last_urge(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED, now=timezone.now() - timedelta(days=30)).dispatch()
    walk.accept("civil").do("note_progress", cast.chen, walk.place("civil"), words="等县区报数")
    page = desk.get(HUB, {"queue": "late"})
    text = page.content.decode()
    assert page.context["count"].total == 1  # the co has not accepted; the lead has until its reply is due
    assert "市财政局" in text
    assert "未催办" in text
    form = {"places": walk.place("finance").pk, "words": "请今天签收", "next": "/hub/?queue=late"}
    answer = desk.post(f"/proposals/{walk.proposal.pk}/urge/", form)
    assert answer.status_code == 302
    assert "未回复" in desk.get(HUB, {"queue": "late"}).content.decode()


def test_children_soon_due_and_urges_without_an_answer(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED, now=timezone.now()).dispatch()
    near = desk.get(HUB, {"queue": "near"})
    assert near.context["count"].total == 2  # both have days to accept
    assert "还剩" in near.content.decode()
    assert desk.get(HUB, {"queue": "late"}).context["count"].total == 0
    walk.do("urge", cast.hub, words="请今天签收")
    urged = desk.get(HUB, {"queue": "urged"})
    assert urged.context["count"].total == 2
    assert "待签收" in urged.content.decode()  # where it stands, not that it was urged
    walk.accept("civil").do("answer_urge", cast.chen, walk.place("civil"), words="已签收")
    assert desk.get(HUB, {"queue": "urged"}).context["count"].total == 1


def test_what_is_asked_of_the_hub_itself(desk, cast):
    """催办 of its own place and 拟办 on which it is asked wait in a queue of their own, and in the count."""
    walk = at_hub(cast).do("urge", cast.su, words="请今天分办")
    plan = make_proposal(cast, ProposalStatus.FILED)
    plan.do("plan", cast.su, placements=plan.placements(hub="lead"), asks_views=True, words="拟由督查室牵头")
    page = desk.get(HUB, {"queue": "asked"})
    text = page.content.decode()
    assert page.context["count"].total == 2
    assert page.context["own_total"] == 3  # and the place to pass on
    assert "请今天分办" in text and "拟由督查室牵头" in text
    assert f"/assignments/{walk.place('hub').pk}/answer_urge/" in text
    assert f"/proposals/{plan.proposal.pk}/give_view/" in text


def test_decisions_show_by_when_they_are_due(desk, cast):
    """退回裁定 and 延期裁定 are the hub's own terms, beside the unit's."""
    make_proposal(cast, ProposalStatus.FILED, now=timezone.now() - timedelta(days=40)).dispatch().ask_return()
    make_proposal(cast, ProposalStatus.FILED, now=timezone.now()).dispatch().ask_extension()
    assert "超期" in desk.get(HUB, {"queue": "return"}).content.decode().partition("裁定期限")[2][:200]
    assert "还剩" in desk.get(HUB, {"queue": "extension"}).content.decode().partition("裁定期限")[2][:200]


def test_a_co_place_without_units_is_told_what_it_takes(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED).assign(civil="lead", hub="co")
    text = desk.post(HUB + "dispatch/", ticked(walk)).content.decode()
    assert "还没有选会办单位，请至少选一家。" in text
    assert "请选一个主办单位" not in text


def test_passing_on_says_first_what_it_starts(desk, cast):
    at_hub(cast)
    page = desk.get(HUB)
    assert [each.label for each in page.context["started"]] == ["签收", "申请退回"]
    assert "从分办之日起" in page.content.decode()


def test_the_hub_adjusts_only_its_own_children(desk, cast):
    walk = make_proposal(cast, ProposalStatus.FILED).dispatch()
    url = f"/proposals/{walk.proposal.pk}/adjust/"
    text = desk.get(url).content.decode()
    assert re.search(rf'name="lead" value="{cast.units["civil"].pk}"[^>]* checked', text)
    walk.proposal.refresh_from_db()
    data = {
        "lead": cast.units["civil"].pk,
        "co": [cast.units["health"].pk],
        "reason": "卫健委牵涉更多",
        "version": walk.proposal.version,
    }
    assert desk.post(url, data).status_code == 302
    assert walk.place("health").parent_id == walk.place("hub").pk
    assert walk.place("finance").status == "released"


def test_the_hub_is_on_offer_when_assigning(client, cast):
    """On the page, on the batch board and in plans."""
    walk = make_proposal(cast, ProposalStatus.FILED)
    client.force_login(cast.su)
    assert "市政府督查室" in client.get("/work/assign/", {"case": walk.proposal.pk}).content.decode()
    for code in ("assign", "plan"):
        assert "市政府督查室" in client.get(f"/proposals/{walk.proposal.pk}/{code}/").content.decode()
    data = {"lead": cast.units["hub"].pk, "version": walk.proposal.version}
    client.post(f"/proposals/{walk.proposal.pk}/assign/", data)
    assert Assignment.objects.get(proposal=walk.proposal).status == "dispatching"


@pytest.mark.parametrize("person", ["lin", "chen", "fang", "su", "jiang", "gov", "admin"])
def test_only_the_hub_has_this_desk(client, cast, person):
    client.force_login(getattr(cast, person))
    assert client.get(HUB).status_code == 404
    assert client.post(HUB + "dispatch/").status_code == 404


def test_others_cannot_pass_on(client, cast):
    """A forged batch of somebody else's hub finds nothing."""
    walk = at_hub(cast)
    client.force_login(cast.stranger.handler)
    assert client.post(HUB + "dispatch/", ticked(walk)).status_code == 404
    assert walk.place("hub").status == "dispatching"


@pytest.mark.parametrize("queue", ["dispatch", "return", "extension", "asked", "late", "near", "urged"])
def test_empty_queues_say_what_next(desk, queue):
    assert "都办完了" in desk.get(HUB, {"queue": queue}).content.decode()


@pytest.mark.parametrize("queue", ["dispatch", "return", "extension", "asked", "late", "near", "urged"])
def test_queries_do_not_grow_with_the_rows(desk, cast, queue):
    def fill():
        if queue in ("dispatch", "asked"):
            walk = at_hub(cast)
            return walk.do("urge", cast.su, words="请今天分办") if queue == "asked" else walk
        walk = make_proposal(
            cast, ProposalStatus.FILED, now=timezone.now() - timedelta(days=30 * (queue == "late"))
        )
        walk.dispatch()
        if queue == "return":
            walk.ask_return("civil")
        elif queue == "extension":
            walk.ask_extension()
        elif queue == "urged":
            walk.do("urge", cast.hub, words="请今天签收")
        return walk

    def cost():
        desk.get(HUB, {"queue": queue})
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(HUB, {"queue": queue}).status_code == 200
        return len(queries)

    for _ in range(2):
        fill()
    few = cost()
    for _ in range(4):
        fill()
    assert cost() <= few <= 12
