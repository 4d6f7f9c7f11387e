"""Congresses, units and committees: one's own only, in lists, choices, filters and by address."""

import pytest

from institutions.models import Committee, Congress, Unit
from tests.tenants import give, make_congress, make_user

UNITS = "/admin/institutions/unit/"


@pytest.fixture
def city(db):
    return make_congress("lanjiang", "澜江市")


@pytest.fixture
def province(db):
    return make_congress("xiaonan", "潇南省", level="province")


@pytest.fixture
def administrator(city):
    return make_user("guanli", "admin", city)


@pytest.fixture
def here(client, administrator):
    client.force_login(administrator)
    return client


def unit_data(**changes):
    return {
        "name": "市教育局", "short_name": "", "system": "government", "phone": "", "is_active": "on",
        "abolished_on": "", "successor": "", **changes,
    }  # fmt: skip


def test_list_and_search_stay_inside(here, province):
    for query in ["", "?q=民政局"]:
        page = here.get(UNITS + query).content.decode()
        assert "澜江市民政局" in page
        assert "潇南省民政局" not in page


def test_new_unit_belongs_to_the_only_congress(here, city, province):
    assert here.post(f"{UNITS}add/", unit_data(congress=province.congress.pk)).status_code == 302
    assert Unit.objects.get(name="市教育局").congress == city.congress


def test_congress_of_a_row_never_changes(here, city, province):
    data = unit_data(name="市民政局", congress=province.congress.pk)
    assert here.post(f"{UNITS}{city.unit.pk}/change/", data).status_code == 302
    city.unit.refresh_from_db()
    assert (city.unit.name, city.unit.congress) == ("市民政局", city.congress)


def test_same_name_twice_is_refused_in_words(here, city):
    response = here.post(f"{UNITS}add/", unit_data(name="澜江市民政局"))
    assert response.status_code == 200
    assert Unit.objects.filter(name="澜江市民政局").count() == 1
    assert "errornote" in response.content.decode()


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_foreign_unit_does_not_exist(here, province, page):
    url = f"{UNITS}{province.unit.pk}/{page}/"
    assert here.get(url).status_code == 404
    assert here.post(url, unit_data(post="yes")).status_code == 404


def test_forged_successor_is_refused(here, city, province):
    url = f"{UNITS}{city.unit.pk}/change/"
    response = here.post(url, unit_data(name="澜江市民政局", successor=province.unit.pk))
    assert response.status_code == 200
    city.unit.refresh_from_db()
    assert city.unit.successor is None


def test_a_successor_is_at_work_and_not_the_unit_itself_again(here, city):
    """Two units that stand for each other would both act on each other's cases, and nobody would go on."""
    old, new = city.unit, Unit.objects.create(congress=city.congress, name="市社会工作局")
    for unit, heir, words in ((old, new, ""), (new, old, "互为承接单位")):
        data = unit_data(name=unit.name, successor=heir.pk)
        page = here.post(f"{UNITS}{unit.pk}/change/", data)
        assert (page.status_code, words in page.content.decode()) == ((200, True) if words else (302, True))
    new.refresh_from_db()
    assert new.successor is None
    Unit.objects.filter(pk=new.pk).update(is_active=False)
    page = here.post(f"{UNITS}{old.pk}/change/", unit_data(name=old.name, successor=new.pk))
    assert (page.status_code, "不能承接" in page.content.decode()) == (200, True)


def test_autocomplete_stays_inside(here, province):
    query = {"app_label": "institutions", "model_name": "unit", "field_name": "successor", "term": "民政"}
    found = here.get("/admin/autocomplete/", query).json()["results"]
    assert [row["text"] for row in found] == ["澜江市民政局"]


def test_unused_rows_can_be_removed_used_ones_not(here, city):
    spare = Committee.objects.create(congress=city.congress, name="写错的委员会")
    unit = city.unit
    give(make_user("chen"), "handler", city)
    assert here.post(f"{UNITS}{unit.pk}/delete/", {"post": "yes"}).status_code == 403
    assert here.post(f"/admin/institutions/committee/{spare.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Committee.objects.filter(pk=spare.pk).exists()


def test_own_congress_only_its_names_and_phone(here, city, province):
    url = f"/admin/institutions/congress/{city.congress.pk}/change/"
    data = {
        "office_name": "澜江市人大",
        "liaison_name": "代表工委",
        "liaison_phone": "8866 0102",
        "code": "stolen",
    }
    assert here.post(url, data).status_code == 302
    congress = Congress.objects.get(pk=city.congress.pk)
    assert (congress.liaison_name, congress.code, congress.is_active) == ("代表工委", "lanjiang", True)
    assert here.get(f"/admin/institutions/congress/{province.congress.pk}/change/").status_code == 404
    assert here.get("/admin/institutions/congress/add/").status_code == 403


def test_administrator_of_two_congresses_chooses(here, administrator, city, province):
    give(administrator, "admin", province)
    page = here.get(UNITS).content.decode()
    assert "潇南省民政局" in page
    assert here.post(f"{UNITS}add/", unit_data(congress=province.congress.pk)).status_code == 302
    assert Unit.objects.get(name="市教育局").congress == province.congress
    crossed = unit_data(name="市体育局", congress=city.congress.pk, successor=province.unit.pk)
    response = here.post(f"{UNITS}add/", crossed)
    assert "不属于这个人大" in response.content.decode()


def test_superuser_adds_a_congress(client, db):
    root = make_user("root")
    root.is_superuser = True
    root.save()
    client.force_login(root)
    data = {
        "name": "怀川市人民代表大会", "code": "huaichuan", "level": "city", "office_name": "怀川市人大常委会",
        "liaison_name": "联工委", "liaison_phone": "", "is_active": "on",
    }  # fmt: skip
    assert client.post("/admin/institutions/congress/add/", data).status_code == 302
    assert Congress.objects.filter(code="huaichuan").exists()


def test_own_calendar_rows_may_be_edited(here, city, province):
    page = here.get("/admin/core/calendaryear/add/").content.decode()
    assert "澜江市人民代表大会" in page
    assert "潇南省人民代表大会" not in page
