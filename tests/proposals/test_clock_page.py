"""期限怎么算的: the page of a term, for those who may see it."""

from datetime import datetime

import pytest
from django.urls import reverse

from core.dates import SHANGHAI
from proposals.models import Clock
from proposals.status import ProposalStatus
from tests.cast import make_proposal


@pytest.fixture
def walk(cast):
    return make_proposal(cast, ProposalStatus.HANDLING, now=datetime(2026, 2, 2, 9, tzinfo=SHANGHAI))


def get(client, user, clock, **headers):
    client.force_login(user)
    return client.get(reverse("proposals:clock", args=[clock.pk]), headers=headers)


def clock_of(walk, kind, unit=None):
    return Clock.objects.filter(
        proposal=walk.proposal, kind=kind, assignment=unit and walk.place(unit)
    ).latest("pk")


def test_the_page_shows_steps_calendar_and_the_other_terms(client, cast, walk):
    response = get(client, cast.chen, clock_of(walk, "reply", "civil"))
    html = response.content.decode()
    assert response.status_code == 200
    assert "期限怎么算的" in html
    assert "劳动节放假，不是工作日" in html
    assert 'class="cal"' in html
    assert "3 个月届满" in html
    assert "style=" not in html
    assert reverse("proposals:clock", args=[clock_of(walk, "accept", "civil").pk]) in html


def test_htmx_gets_the_card_alone(client, cast, walk):
    response = get(client, cast.chen, clock_of(walk, "reply", "civil"), hx_request="true")
    html = response.content.decode()
    assert "<html" not in html
    assert "看全部日历" in html
    assert "顺延后" in html


@pytest.mark.parametrize("who", ["lin", "tang", "su", "jiang", "luo", "zhang", "chen", "fang"])
def test_who_may_see_the_answer_term_of_the_lead(client, cast, walk, who):
    assert get(client, getattr(cast, who), clock_of(walk, "reply", "civil")).status_code == 200


@pytest.mark.parametrize("who", ["xiao", "qin", "gao", "admin"])
def test_who_may_not(client, cast, walk, who):
    assert get(client, getattr(cast, who), clock_of(walk, "reply", "civil")).status_code == 404


def test_the_lead_sees_when_the_opinions_are_due_and_nothing_else_of_the_co_unit(client, cast, walk):
    assert get(client, cast.chen, clock_of(walk, "opinion", "finance")).status_code == 200
    assert get(client, cast.chen, clock_of(walk, "accept", "finance")).status_code == 404


def test_strangers_and_numbers_that_are_none(client, cast, walk):
    clock = clock_of(walk, "reply", "civil")
    for person in (cast.stranger.liaison, cast.stranger.deputy, cast.stranger.handler):
        assert get(client, person, clock).status_code == 404
    client.force_login(cast.su)
    assert client.get("/clocks/999999/").status_code == 404


def test_no_term_gives_a_rating_away_to_the_unit(client, cast):
    walk = make_proposal(cast, ProposalStatus.DISPUTED)
    judge, rating = clock_of(walk, "judge"), clock_of(walk, "rating", "civil")
    for clock in (judge, rating):
        assert get(client, cast.su, clock).status_code == 200
        assert get(client, cast.lin, clock).status_code == 200
        assert get(client, cast.chen, clock).status_code == 404
    html = get(client, cast.chen, clock_of(walk, "reply", "civil")).content.decode()
    assert "研判" not in html
    assert "测评" not in html.replace("已答复，测评中", "")


def test_provisional_dates_are_marked(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=datetime(2026, 11, 20, 9, tzinfo=SHANGHAI))
    html = get(client, cast.su, clock_of(walk, "reply", "civil")).content.decode()
    assert "暂定" in html
    assert "2027 年尚未公布" in html


def test_few_queries(client, cast, walk, django_assert_max_num_queries):
    client.force_login(cast.su)
    url = reverse("proposals:clock", args=[clock_of(walk, "reply", "civil").pk])
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)
