"""延期: the unit asks with the ceiling shown, the office decides on the card, the date moves and is explained."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proposals.models import Request
from proposals.status import ProposalStatus
from tests.cast import EXTENSION, make_proposal, workday

pytestmark = pytest.mark.django_db
WORK = "/work/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def asked(cast):
    return make_proposal(cast, ProposalStatus.HANDLING).ask_extension()


def test_the_unit_sees_how_far_it_may_go(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    client.force_login(cast.chen)
    place = walk.place("civil")
    url = f"/assignments/{place.pk}/ask_extension/"
    assert url in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    text = client.get(url).content.decode()
    assert "现在的期限" in text
    assert "最多可延到" in text
    far = place.due_on + timedelta(days=400)
    answer = client.post(url, EXTENSION | {"until": far.isoformat()})
    assert answer.status_code == 422
    assert "最多可延到" in answer.content.decode()
    assert EXTENSION["progress"] in answer.content.decode()
    until = workday(cast, place.due_on + timedelta(days=20))
    assert client.post(url, EXTENSION | {"until": until.isoformat()}).status_code == 302
    assert Request.objects.get(assignment=place).details["until"] == until.isoformat()


def test_the_card_shows_what_is_asked_and_grants_it(office, cast):
    walk = asked(cast)
    page = office.get(WORK, {"queue": "extension"})
    text = page.content.decode()
    place = walk.place("civil")
    request = Request.objects.get(assignment=place)
    for words in (EXTENSION["reason"], EXTENSION["progress"], "现在的期限", "最多可延到", "批准延期"):
        assert words in text
    assert f'value="{request.details["until"]}"' in text
    data = {
        "is_granted": "yes",
        "until": request.details["until"],
        "reason": "",
        "next": "/work/?queue=extension",
    }
    answer = office.post(f"/assignments/{place.pk}/decide_extension/", data)
    assert answer.headers["Location"] == "/work/?queue=extension"
    place.refresh_from_db()
    assert place.due_on.isoformat() == request.details["until"]
    assert office.get(WORK, {"queue": "extension"}).context["count"].total == 0


def test_a_refusal_needs_its_reason(office, cast):
    walk = asked(cast)
    place = walk.place("civil")
    url = f"/assignments/{place.pk}/decide_extension/"
    answer = office.post(url, {"is_granted": "no", "until": "", "reason": ""})
    assert answer.status_code == 422
    assert "不批准延期要写明理由" in answer.content.decode()
    assert EXTENSION["reason"] in answer.content.decode()
    assert office.post(url, {"is_granted": "no", "until": "", "reason": "请抓紧"}).status_code == 302
    assert Request.objects.get(assignment=place).state == "refused"


def test_the_deputy_reads_no_request_but_the_decision(client, cast, office):
    walk = asked(cast)
    client.force_login(cast.lin)
    assert (
        EXTENSION["progress"]
        not in client.get(f"/proposals/{walk.proposal.pk}/").content.decode().split("办理经过")[0]
    )


def test_queries_do_not_grow_with_the_cards(office, cast):
    def cost():
        office.get(WORK, {"queue": "extension"})
        with CaptureQueriesContext(connection) as queries:
            assert office.get(WORK, {"queue": "extension"}).status_code == 200
        return len(queries)

    for _ in range(2):
        asked(cast)
    few = cost()
    for _ in range(4):
        asked(cast)
    assert cost() <= few <= 12


def test_an_urge_stands_on_top_and_is_answered(client, cast):
    """催办 at the top of inbox and case; the answer ends it and both sides read it."""
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    walk.do("urge", cast.su, words="请于本周内联系代表")
    client.force_login(cast.chen)
    place = walk.place("civil")
    url = f"/assignments/{place.pk}/answer_urge/"
    page = client.get("/inbox/")
    assert url in page.content.decode()
    assert len(page.context["rows"]) == 1
    assert "请于本周内联系代表" in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "请于本周内联系代表" in client.get(url).content.decode()
    assert client.post(url, {"words": "已约周四上门"}).status_code == 302
    assert url not in client.get("/inbox/").content.decode()
    assert "已约周四上门" in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
