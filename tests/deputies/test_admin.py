"""Terms, sessions, delegations and deputies in the administration."""

import pytest
from django.utils import timezone

from deputies.models import Delegation, Deputy, Session
from tests.tenants import give, make_congress, make_user

DEPUTIES = "/admin/deputies/deputy/"


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


def deputy_data(place, **changes):
    return {
        "term": place.term.pk, "delegation": place.delegation.pk, "name": "林秀芝", "card_no": "086",
        "constituency": "", "position": "", "phone": "", "email": "", "in_office": "on", "left_on": "", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "?q=001", "?q=代表", "?in_office__exact=1"])
def test_list_search_and_filter_stay_inside(here, province, query):
    page = here.get(DEPUTIES + query).content.decode()
    assert "澜江市代表" in page
    assert "潇南省" not in page  # nor among the choices of the filters


def test_filter_by_delegation(here, city):
    other = Delegation.objects.create(congress=city.congress, name="溪口代表团")
    page = here.get(DEPUTIES, {"delegation__id__exact": other.pk}).content.decode()
    assert "溪口代表团" in page
    assert "澜江市代表</a>" not in page


def test_new_deputy(here, city):
    assert here.post(f"{DEPUTIES}add/", deputy_data(city)).status_code == 302
    assert Deputy.objects.get(card_no="086").congress == city.congress
    again = here.post(f"{DEPUTIES}add/", deputy_data(city, name="重名"))
    assert again.status_code == 200
    assert Deputy.objects.filter(card_no="086").count() == 1


@pytest.mark.parametrize("name", ["term", "delegation"])
def test_forged_choice_of_the_other_congress(here, city, province, name):
    data = deputy_data(city, **{name: getattr(province, name).pk})
    assert here.post(f"{DEPUTIES}add/", data).status_code == 200
    assert not Deputy.objects.filter(card_no="086").exists()


def test_two_congresses_are_not_mixed(here, administrator, city, province):
    give(administrator, "admin", province)
    data = deputy_data(city, congress=city.congress.pk, delegation=province.delegation.pk)
    assert "不属于这个人大" in here.post(f"{DEPUTIES}add/", data).content.decode()


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_foreign_deputy_does_not_exist(here, province, page):
    assert here.get(f"{DEPUTIES}{province.deputy.pk}/{page}/").status_code == 404


def test_marking_as_left(here, city, province):
    data = {"action": "mark_left", "_selected_action": [city.deputy.pk, province.deputy.pk]}
    page = here.post(DEPUTIES, data, follow=True).content.decode()
    assert "已标记 1 位代表离任" in page
    city.deputy.refresh_from_db()
    province.deputy.refresh_from_db()
    assert (city.deputy.in_office, city.deputy.left_on) == (False, timezone.localdate())
    assert province.deputy.in_office


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"left_on": "2026-04-01"}, "就要去掉“在任”"), ({"in_office": ""}, "请填写离任日期")],
)
def test_leaving_needs_both_marks(here, city, changes, words):
    data = {k: v for k, v in deputy_data(city, **changes).items() if v != "" or k != "in_office"}
    assert words in here.post(f"{DEPUTIES}add/", data).content.decode()


def test_session_dates_out_of_order(here, city):
    data = {
        "term": city.term.pk, "number": 5, "name": "十六届人大五次会议", "year": 2026,
        "opens_on": "2026-02-10", "closes_on": "2026-02-06",
    }  # fmt: skip
    response = here.post("/admin/deputies/session/add/", data)
    assert response.status_code == 200
    assert "闭幕日期早于开幕日期" in response.content.decode()
    assert here.post("/admin/deputies/session/add/", data | {"closes_on": "2026-02-14"}).status_code == 302
    assert Session.objects.get().congress == city.congress


@pytest.mark.parametrize("model", ["term", "session", "delegation"])
def test_every_list_and_form_opens(here, model):
    assert here.get(f"/admin/deputies/{model}/").status_code == 200
    assert here.get(f"/admin/deputies/{model}/add/").status_code == 200


def test_term_ends_after_it_starts(here):
    data = {"number": 17, "name": "第十七届", "starts_on": "2029-01-10", "ends_on": "2029-01-01"}
    assert "届满日期不晚于开始日期" in here.post("/admin/deputies/term/add/", data).content.decode()
