"""The pages of units' records through the browser's eyes: who may open what, what stands there, at which cost."""

import csv
import re
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.spreadsheets import BOM, csv_text, safe_cell
from institutions.succession import forget_successors
from tests.proposals.told import plain

from .world import TODAY, begun, closed_in_time, half_answered, late_and_open

OPEN, OVER, OWN = {"su", "jiang", "luo"}, {"hub", "gov"}, {"chen", "fang"}
NOBODY = {"lin", "zhang", "admin"}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def small(cast):
    """Three cases of 市民政局; the test runs on the day of TODAY."""
    walks = [closed_in_time(cast), half_answered(cast), late_and_open(cast)]
    with time_machine.travel(TODAY, tick=False):
        yield walks


def statuses(cast, address):
    return {
        key: client_of(cast.people[key]).get(address).status_code
        for key in OPEN | OVER | OWN | NOBODY | {"qin"}
    }


def test_who_opens_what(cast, small):
    civil = cast.units["civil"].pk
    of_unit = [f"/units/{civil}/record/{more}" for more in ("", "sheet/", "lead/", "quiet/")]
    for address in of_unit:
        found = statuses(cast, address)
        assert {key for key, status in found.items() if status == 200} == OPEN | OWN, address
        # Neither case went through the hub, so that the hub and the mayor have no record of the unit.
        assert {key for key, status in found.items() if status == 404} == NOBODY | OVER | {"qin"}
    found = statuses(cast, "/units/record/")
    assert {key for key, status in found.items() if status == 200} == OPEN | OVER
    assert {key for key, status in found.items() if status == 302} == OWN | {"qin"}
    found = statuses(cast, "/units/record/export/")
    assert {key for key, status in found.items() if status == 200} == OPEN | OVER
    for address in ("/units/record/formula/", "/units/record/reviews/"):
        found = statuses(cast, address)
        assert {key for key, status in found.items() if status == 200} == OPEN
    found = statuses(cast, "/units/record/formula/edit/")
    assert {key for key, status in found.items() if status == 200} == {"su"}
    own = client_of(cast.chen).get("/units/record/own/")
    assert own.url == f"/units/{civil}/record/"
    for stranger in (cast.stranger.liaison, cast.stranger.handler, cast.stranger.deputy):
        assert [client_of(stranger).get(address).status_code for address in of_unit] == [404] * 4


def test_the_record_tells_numbers_with_their_lists(cast, small):
    civil = cast.units["civil"].pk
    client = client_of(cast.su)
    page = client.get(f"/units/{civil}/record/")
    text = plain(page)
    assert "主办、分办 3 件次" in text
    assert "不足 10 件，只列件数，不算百分比" in text
    assert "测评不足 10 件，暂不计分" in text
    assert "不足 5 件，不排名" in text
    links = set(
        re.findall(rf'href="(/units/{civil}/record/(?!sheet)[a-z_]+/\?year=2026)"', page.content.decode())
    )
    assert len(links) > 10
    for link in links:
        listed = client.get(link)
        assert listed.status_code == 200
        assert re.search(r"<h1>[^<]+ [1-9]\d* (件次|次|项)</h1>", listed.content.decode()), link


def test_percentages_only_from_ten_ratings_on(cast):
    now = timezone.now()
    for _ in range(10):
        begun(cast, now=now, civil="lead").sign().rate()
    civil = cast.units["civil"].pk
    assert "满意 100%（10 / 10）" in plain(client_of(cast.su).get(f"/units/{civil}/record/"))
    listed = client_of(cast.su).get("/units/record/")
    assert "1 家参加排名" in plain(listed)


def test_the_unit_is_not_told_a_rating_before_it_is_released(cast, small):
    civil = cast.units["civil"].pk
    openly = client_of(cast.su).get(f"/units/{civil}/record/first_rated/")
    own = client_of(cast.chen).get(f"/units/{civil}/record/first_rated/")
    assert (openly.context["page"].paginator.count, own.context["page"].paginator.count) == (2, 1)
    assert "待测评（含没有公布的）" in plain(client_of(cast.chen).get(f"/units/{civil}/record/"))


def test_a_unit_that_was_replaced_leads_to_its_successor(cast, small):
    archive, civil = cast.units["archive"], cast.units["civil"]
    archive.successor = civil
    archive.save()
    forget_successors()
    client = client_of(cast.su)
    assert client.get(f"/units/{archive.pk}/record/").url == f"/units/{civil.pk}/record/"
    assert "机构改革：市档案馆的办理情况并入本单位" in plain(client.get(f"/units/{civil.pk}/record/"))


def test_odd_addresses(cast, small):
    client, civil = client_of(cast.su), cast.units["civil"].pk
    for address in (
        f"/units/{civil}/record/nonsense/",
        f"/units/{civil}/record/?year=1990",
        f"/units/{civil}/record/?year=99999999999999",
        "/units/999999999999/record/",
        "/units/record/?congress=987654",
    ):
        assert client.get(address).status_code == 404, address
    for address in ("/units/record/?sort=;drop&year=x", f"/units/{civil}/record/lead/?page=99"):
        assert client.get(address).status_code == 200, address
    chosen = client.get("/units/record/chosen/", {"unit": civil, "year": 2026})
    assert chosen.url == f"/units/{civil}/record/?year=2026"
    assert client.get("/units/record/chosen/", {"unit": "x"}).status_code == 404


@pytest.mark.parametrize("reader", ["su", "luo", "hub", "chen"])
def test_the_cost_of_the_pages(cast, small, reader):
    """At most twelve queries, whatever the number of cases."""
    client, civil = client_of(cast.people[reader]), cast.units["civil"].pk
    addresses = (
        ["/units/record/"] if reader == "hub" else [f"/units/{civil}/record/", f"/units/{civil}/record/lead/"]
    )
    if reader in ("su", "luo"):
        addresses += ["/units/record/", "/units/record/export/", "/units/record/formula/"]
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        assert len(found) <= 12, (address, len(found), [each["sql"][:90] for each in found])


def test_the_file_computes_nothing(cast, small):
    unit = cast.units["civil"]
    unit.name = "=HYPERLINK(1)"
    unit.save()
    response = client_of(cast.su).get("/units/record/export/?year=2026")
    text = response.content.decode()
    assert text.startswith(BOM)
    rows = list(csv.reader(StringIO(text.removeprefix(BOM))))
    mine = next(row for row in rows if row[0] == "'=HYPERLINK(1)")
    assert mine[rows[0].index("主办、分办")] == "3"
    assert mine[rows[0].index("排名")] == "不足 5 件，不排名"


def test_cells():
    for text in ("=1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1"):
        assert safe_cell(text) == f"'{text}"
    assert [safe_cell(value) for value in (-1, None, "市民政局", "1-2")] == [-1, "", "市民政局", "1-2"]
    assert csv_text([["甲", 1]]) == f"{BOM}甲,1\r\n"
