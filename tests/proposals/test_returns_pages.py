"""退回申请 on the office's desk: what the unit says, the earlier reasons, both decisions; and the unit's own page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proposals.models import Assignment, Request
from proposals.pending import decision_card
from proposals.status import ProposalStatus
from proposals.workflow import Case
from tests.cast import make_proposal

WORK = "/work/"
ASKED = {
    "reason": "占道停放的查处属于交通执法，我局没有执法权。",
    "basis": "职责清单交通局第 31 项",
    "suggested": "市交通运输局",
}


def asked(cast, unit="civil", **data):
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=timezone.now() - timedelta(hours=2))
    return walk.do("ask_return", walk.handler(unit), walk.place(unit), **(ASKED | data))


def hidden(page):
    """The fields that a card's form carries by itself: the first form with a version."""
    text = page.content.decode()
    form = text[text.index("approve_return/") : text.index("</form>", text.index("approve_return/"))]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    if chosen := re.search(r'<select[^>]*name="(\w+)">.*?<option value="(\d+)" selected', form, re.S):
        fields[chosen[1]] = chosen[2]
    return fields


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def test_the_card_shows_the_request_and_the_choice(office, cast):
    """Reason, basis, window, the suggested unit already chosen; the queue counts it."""
    walk = asked(cast)
    page = office.get(WORK, {"queue": "return"})
    text = page.content.decode()
    for words in (ASKED["reason"], ASKED["basis"], "在期限内", "申请单位建议", "不同意，由原单位继续办"):
        assert words in text
    assert page.context["count"].total == 1
    chosen = f'<option value="{cast.units["transport"].pk}" selected'
    assert chosen in text
    assert "多次退回" not in text
    assert walk.proposal.number in text


def test_approving_from_the_card_hands_the_case_over(office, cast):
    walk = asked(cast)
    page = office.get(WORK, {"queue": "return"})
    place = walk.place("civil")
    answer = office.post(f"/assignments/{place.pk}/approve_return/", hidden(page) | {"reason": "按职责清单"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/work/?queue=return"
    roles = set(walk.proposal.assignments.exclude(status="released").values_list("unit__name", "role"))
    assert roles == {("市交通运输局", "lead"), ("市财政局", "co")}
    assert "没有退回申请" in office.get(WORK, {"queue": "return"}).content.decode()


def test_refusing_from_the_card_counts_as_accepted(office, cast):
    walk = asked(cast)
    page = office.get(WORK, {"queue": "return"})
    place = walk.place("civil")
    answer = office.post(f"/assignments/{place.pk}/refuse_return/", hidden(page) | {"reason": "属于你局职责"})
    assert answer.status_code == 302
    place.refresh_from_db()
    assert place.status == "accepted"
    assert place.accepted_on is not None


def test_a_decision_without_words_keeps_the_choice(office, cast):
    """The full page comes back with the request still beside the form and the chosen unit."""
    walk = asked(cast)
    page = office.get(WORK, {"queue": "return"})
    answer = office.post(
        f"/assignments/{walk.place('civil').pk}/approve_return/", hidden(page) | {"reason": ""}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ASKED["reason"] in text
    assert re.search(rf'name="lead" value="{cast.units["transport"].pk}"[^>]* checked', text)


def test_the_full_page_starts_with_the_suggested_unit(office, cast):
    walk = asked(cast)
    text = office.get(f"/assignments/{walk.place('civil').pk}/approve_return/").content.decode()
    assert re.search(rf'name="lead" value="{cast.units["transport"].pk}"[^>]* checked', text)
    assert re.search(rf'name="co" value="{cast.units["finance"].pk}"[^>]* checked', text)


def test_a_second_request_is_flagged_with_the_earlier_reason(office, cast):
    walk = asked(cast)
    walk.do(
        "approve_return",
        cast.su,
        walk.place("civil"),
        reason="同意",
        placements=walk.placements(education="lead", finance="co"),
    )
    walk.do("ask_return", cast.qin, walk.place("education"), **(ASKED | {"reason": "教育部门无此职责。"}))
    text = office.get(WORK, {"queue": "return"}).content.decode()
    assert "多次退回：第 2 次" in text
    assert ASKED["reason"] in text
    assert "教育部门无此职责。" in text


def test_a_co_unit_may_go_without_replacement(office, cast):
    walk = asked(cast, "finance", suggested="")
    page = office.get(WORK, {"queue": "return"})
    assert "不另安排会办" in page.content.decode()
    place = walk.place("finance")
    data = hidden(page) | {"co": "", "reason": "不涉及新增支出"}
    assert office.post(f"/assignments/{place.pk}/approve_return/", data).status_code == 302
    place.refresh_from_db()
    assert place.status == "released"


def test_queries_do_not_grow_with_the_cards(office, cast):
    def cost():
        office.get(WORK, {"queue": "return"})
        with CaptureQueriesContext(connection) as queries:
            assert office.get(WORK, {"queue": "return"}).status_code == 200
        return len(queries)

    for _ in range(2):
        asked(cast)
    few = cost()
    for _ in range(5):
        asked(cast)
    assert cost() <= few <= 12


@pytest.mark.parametrize("person", ["lin", "chen", "jiang"])
def test_others_have_no_button(client, cast, person):
    """Who may not decide gets the refusal, and the case page offers nothing."""
    walk = asked(cast)
    client.force_login(getattr(cast, person))
    text = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "approve_return" not in text
    place = walk.place("civil")
    assert client.get(f"/assignments/{place.pk}/approve_return/").status_code in (403, 404)


def test_the_unit_asks_from_its_page_with_the_last_day_shown(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    client.force_login(cast.chen)
    place = walk.place("civil")
    text = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert f"/assignments/{place.pk}/ask_return/" in text
    page = client.get(f"/assignments/{place.pk}/ask_return/")
    assert "可以申请退回" in page.content.decode()
    answer = client.post(f"/assignments/{place.pk}/ask_return/", ASKED | {"version": place.version})
    assert answer.status_code == 302
    assert Request.objects.get(assignment=place).reason == ASKED["reason"]


def test_a_closed_window_says_so_and_what_else_to_do(client, cast):
    """交办后 7 个工作日 are over: the case page says when it closed; a forged request is refused in words."""
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=timezone.now() - timedelta(days=40)).accept()
    client.force_login(cast.chen)
    text = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "申请退回期限已于" in text
    place = walk.place("civil")
    answer = client.post(f"/assignments/{place.pk}/ask_return/", ASKED | {"version": place.version})
    assert answer.status_code == 409
    assert "申请退回期限已于" in answer.content.decode()
    assert ASKED["reason"] in answer.content.decode()
    assert Assignment.objects.get(pk=place.pk).status == "accepted"


def test_a_hub_reads_the_earlier_reasons_of_its_own_units_alone(client, cast):
    """What the first unit told the congress is between those two; the congress reads all of it."""
    walk = asked(cast)
    walk.do(
        "approve_return", cast.su, walk.place("civil"), reason="归政府系统。",
        placements=walk.placements(hub="lead", finance="co"),
    )  # fmt: skip
    walk.do(
        "dispatch", cast.hub, walk.place("hub"), placements=walk.placements(health="lead", transport="co")
    )
    walk.ask_return("health")
    client.force_login(cast.hub)
    address = f"/assignments/{walk.place('health').pk}/approve_return/"
    for page in (client.get("/hub/", {"queue": "return"}), client.get(address)):
        assert page.status_code == 200
        assert ASKED["reason"] not in page.content.decode() and "多次退回：第" not in page.content.decode()
    walk.do(
        "approve_return", cast.hub, walk.place("health"), reason="同意。",
        placements=walk.placements(education="lead", transport="co"),
    )  # fmt: skip
    walk.do("ask_return", cast.qin, walk.place("education"), **ASKED)
    card = decision_card(Case.load(walk.proposal.pk), walk.place("education"))
    assert [request.unit_id or request.assignment.unit_id for request in card.earlier] == [
        cast.units["health"].pk
    ]
    walk.do("ask_return", cast.hub, walk.place("hub"), **ASKED)
    card = decision_card(Case.load(walk.proposal.pk), walk.place("hub"))
    assert len(card.earlier) == 3
