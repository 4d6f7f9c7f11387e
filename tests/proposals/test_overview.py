"""总览: counts that agree with the registry behind them; nothing given away to the judged side."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.models import Assignment
from proposals.status import ProposalStatus
from tests.cast import make_proposal, make_user

S = ProposalStatus


@pytest.mark.parametrize("person", ["jiang", "luo", "su", "zhang"])
def test_every_number_agrees_with_its_list(client, cast, person):
    for status in (S.SUBMITTED, S.HANDLING, S.DISPUTED, S.CLOSED):
        make_proposal(cast, status, now=timezone.now() - timedelta(days=60))
    client.force_login(getattr(cast, person))
    text = client.get("/overview/").content.decode()
    links = re.findall(r'href="(/registry/\?[^"]+)"[^>]*><span class="v">(\d+)<', text)
    links += re.findall(
        r'href="(/registry/\?[^"]+)"[^>]*><span>[^<]+</span><span class="num strong[^"]*">(\d+)<', text
    )
    assert len(links) > 8
    for url, number in links:
        page = client.get(url.replace("&amp;", "&"))
        assert page.context["page"].paginator.count == int(number), url


def test_government_leader_learns_no_dispute(client, cast):
    """不满意 is 已答复，测评中 for the side that is judged."""
    walk = make_proposal(cast, S.DISPUTED)
    Assignment.objects.filter(pk=walk.place("civil").pk).update(unit=cast.units["hub"])
    client.force_login(cast.gov)
    text = client.get("/overview/").content.decode()
    assert "已答复，测评中" in text
    assert "待研判" not in text
    assert "不满意" not in text


def test_whoever_stands_on_both_sides_learns_no_dispute_either(client, cast):
    """A hub's officer who is also delegation staff of another delegation."""
    hub = cast.units["hub"]
    walk = make_proposal(cast, S.DISPUTED)
    Assignment.objects.filter(pk=walk.place("civil").pk).update(unit=hub)
    user = make_user("both", "两头干")
    other = cast.deputies["xiao"].delegation
    Grant.objects.create(user=user, role=Role.GOV_LEADER, congress=cast.congress)
    Grant.objects.create(user=user, role=Role.DELEGATION_STAFF, congress=cast.congress, delegation=other)
    client.force_login(user)
    states = {code: number for code, _, number in client.get("/overview/").context["states"]}
    assert states["disputed"] == 0
    assert states["being_rated"] == 1


def test_a_deputy_who_has_not_rated_makes_no_unit_slow(client, cast):
    long_ago = timezone.now() - timedelta(days=200)
    make_proposal(cast, S.REPLIED, now=long_ago)
    client.force_login(cast.jiang)
    assert list(client.get("/overview/").context["slowest"]) == []
    make_proposal(cast, S.HANDLING, now=long_ago)
    (row,) = client.get("/overview/").context["slowest"]
    assert (row["unit__name"], row["n"]) == ("市民政局", 1)


def test_a_hub_that_passed_its_case_on_is_not_the_slow_one(client, cast):
    make_proposal(cast, S.FILED, now=timezone.now() - timedelta(days=200)).dispatch()
    client.force_login(cast.jiang)
    assert [row["unit__name"] for row in client.get("/overview/").context["slowest"]] == ["市民政局"]


@pytest.mark.parametrize("person", ["lin", "chen", "fang", "admin"])
def test_not_for_deputies_units_and_administrators(client, cast, person):
    client.force_login(getattr(cast, person))
    assert client.get("/overview/").status_code == 404


def test_queries_do_not_grow(client, cast):
    client.force_login(cast.luo)

    def cost():
        client.get("/overview/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/overview/")
        return len(queries)

    make_proposal(cast, S.HANDLING)
    one = cost()
    for _ in range(7):
        make_proposal(cast, S.HANDLING)
    assert cost() <= one <= 12
