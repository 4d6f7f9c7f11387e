"""The calendar's administration pages."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from accounts.models import Grant, Role, User
from core import calendars, scopes
from core.calendars import load_calendar, save_year, seed_calendar
from core.models import CalendarDay, CalendarYear
from institutions.models import Congress

pytestmark = pytest.mark.django_db
IMPORT = reverse_lazy("admin:core_calendaryear_import")
LIST = reverse_lazy("admin:core_calendaryear_changelist")
ADD = reverse_lazy("admin:core_calendaryear_add")
TEXT = "2027-01-01 休 元旦\n2027-02-06 至 2027-02-12 休 春节\n2027-02-20 班 春节"


def notice(**fields):
    return {
        "scope": "",
        "year": 2027,
        "source": "国办发明电〔2026〕1号",
        "published_on": "2026-11-10",
    } | fields


def change_url(row):
    return reverse("admin:core_calendaryear_change", args=[row.pk])


def day_rows(*days, initial=0, **fields):
    """Posted fields of the page of a year: (date, is_workday, name[, pk[, delete]]) per day."""
    data = {"days-TOTAL_FORMS": len(days), "days-INITIAL_FORMS": initial} | fields
    for i, (day, is_workday, name, *rest) in enumerate(days):
        data |= {f"days-{i}-date": day, f"days-{i}-is_workday": is_workday, f"days-{i}-name": name}
        if rest:
            data[f"days-{i}-id"] = rest[0]
        if len(rest) > 1:
            data[f"days-{i}-DELETE"] = "on"
    return data


def signed_in(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def admin_client(client):
    root = User.objects.create(username="root", name="罗启明", must_change_password=False, is_superuser=True)
    return signed_in(client, root)


@pytest.fixture
def local_admin():
    """The administrator of the congress nx."""
    congress = Congress.objects.create(code="nx", name="宁川市人民代表大会", office_name="宁川", level="city")
    user = User.objects.create(username="local", name="马文静", must_change_password=False)
    Grant.objects.create(user=user, role=Role.ADMIN, congress=congress)
    return user


@pytest.fixture
def local_client(client, local_admin, monkeypatch):
    """A provider that gives one place to its administrator; that it names the national one too is in vain."""
    given = [("nx", "宁川市"), ("", "全国")]
    monkeypatch.setattr(
        scopes, "_providers", [lambda request: given if request.user.pk == local_admin.pk else []]
    )
    return signed_in(client, local_admin)


@pytest.fixture
def stranger_client(client, local_admin, monkeypatch):
    """An administrator whom no provider gives a calendar."""
    monkeypatch.setattr(scopes, "_providers", [])
    return signed_in(client, local_admin)


def test_import_saves_the_year_and_tells_dependants(
    admin_client, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(calendars, "_callbacks", [lambda scope, years: told.append((scope, years))])
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(IMPORT, notice(text=TEXT), follow=True)
    assert "已保存 2027 年的 9 天。受影响的期限会自动重算。" in response.text
    row = CalendarYear.objects.get(year=2027)
    assert (row.source, row.published_on) == ("国办发明电〔2026〕1号", date(2026, 11, 10))
    assert load_calendar().is_published(2027)
    assert told == [("", frozenset({2027}))]


def test_import_with_a_wrong_line_saves_nothing_and_keeps_the_text(admin_client):
    response = admin_client.post(IMPORT, notice(text=TEXT + "\n2027-02-30 休 春节\n<b>"))
    assert response.status_code == 200
    assert "第 4 行“2027-02-30 休 春节”：没有 2027-02-30 这一天。" in response.text
    assert "第 5 行“&lt;b&gt;”：看不懂。" in response.text
    assert "所有行都没有保存，改好后请再次提交。" in response.text
    assert "2027-02-20 班 春节" in response.text
    assert not CalendarYear.objects.exists()
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "请粘贴放假安排，每行一天。"),
        ({"text": "2027-02-20 班 春节"}, "全国的安排至少要有一个放假日"),
        ({"text": TEXT, "year": "1066"}, "年份应是 2000 到 2100 的整数。"),
        ({"text": TEXT, "year": "x"}, "年份应是 2000 到 2100 的整数。"),
        ({"text": TEXT, "published_on": "2026-13-01"}, "输入一个有效的日期"),
        ({"text": TEXT, "scope": "elsewhere"}, "您不能修改这个范围的日历。"),
        ({"text": "休" * 20_001}, "20000"),
        ({"text": TEXT + "\x00"}, "文字里有看不见的控制字符，请去掉后再提交。"),
        ({"text": "x\n" * 30}, "另有 10 行也要改。"),
    ],
)
def test_import_refuses(admin_client, fields, message):
    response = admin_client.post(IMPORT, notice(**fields))
    assert response.status_code == 200
    assert message in response.text
    assert not CalendarDay.objects.exists()


def test_import_adds_to_a_known_year_or_replaces_it(admin_client):
    admin_client.post(IMPORT, notice(text=TEXT))
    admin_client.post(IMPORT, notice(text="2027-04-05 休 清明节", source="", published_on=""))
    assert CalendarDay.objects.filter(date__year=2027).count() == 10
    admin_client.post(IMPORT, notice(text="2027-04-05 休 清明节", replace="on"))
    assert CalendarDay.objects.filter(date__year=2027).count() == 1


def test_list_shows_years_in_chinese(admin_client):
    seed_calendar()
    response = admin_client.get(LIST)
    assert "年度放假安排" in response.text
    assert "导入放假通知" in response.text
    assert "休 33 天，班 6 天" in response.text  # 2026
    assert "国办发明电〔2025〕7号" in response.text
    assert admin_client.get(LIST, {"q": "2026"}).text.count("全年日历") == 1


def test_list_costs_the_same_for_any_number_of_years(admin_client, django_assert_num_queries):
    save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    admin_client.get(LIST)  # the first request also renews the session
    with CaptureQueriesContext(connection) as few:
        admin_client.get(LIST)
    seed_calendar()
    with django_assert_num_queries(len(few)):
        admin_client.get(LIST)


def test_whole_year_page(admin_client):
    seed_calendar()
    row = CalendarYear.objects.get(year=2026)
    response = admin_client.get(reverse("admin:core_calendaryear_whole", args=[row.pk]))
    assert "全年 248 个工作日" in response.text
    assert '<td class="makeup">14<b>班</b><i>春节</i></td>' in response.text
    assert admin_client.get(reverse("admin:core_calendaryear_whole", args=[row.pk + 999])).status_code == 404


def test_adding_a_year_with_its_days(admin_client):
    head = {"scope": "", "year": 2027, "source": "", "published_on": ""}
    data = day_rows(("2027-01-01", "False", "元旦"), ("2027-01-03", "True", "元旦"), **head)
    response = admin_client.post(ADD, data, follow=True)
    assert response.redirect_chain, response.context["errors"]
    calendar = load_calendar()
    assert calendar.is_published(2027)
    assert (calendar.is_workday(date(2027, 1, 1)), calendar.is_workday(date(2027, 1, 3))) == (False, True)


def test_adding_a_year_twice_is_refused(admin_client):
    save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    response = admin_client.post(ADD, day_rows(scope="", year=2027, source="", published_on=""))
    assert "这一年的安排已经有了，请直接修改。" in response.text


def test_year_without_a_day_off_is_refused(admin_client):
    response = admin_client.post(ADD, day_rows(scope="", year=2027, source="", published_on=""))
    assert "全国的安排至少要有一个放假日" in response.text
    assert not CalendarYear.objects.exists()


def test_editing_adding_and_deleting_days(admin_client):
    row = save_year(2027, {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 2): (False, "元旦")})
    first, second = CalendarDay.objects.order_by("date")
    data = day_rows(
        ("2027-01-01", "False", "新年", first.pk),
        ("2027-01-02", "False", "元旦", second.pk, "delete"),
        ("2027-01-03", "True", "元旦"),
        initial=2,
        source="国办发明电〔2026〕1号",
        published_on="2026-11-10",
    )
    response = admin_client.post(change_url(row), data, follow=True)
    assert response.redirect_chain, response.context["errors"]
    days = CalendarDay.objects.order_by("date").values_list("date", "is_workday", "name")
    assert list(days) == [(date(2027, 1, 1), False, "新年"), (date(2027, 1, 3), True, "元旦")]
    assert load_calendar().day_name(date(2027, 1, 1)) == "新年"
    assert CalendarYear.objects.get().source == "国办发明电〔2026〕1号"


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (("2027-01-01", "False", "元旦"), "2027-01-01 写了两次。"),
        (("2028-01-01", "False", "元旦"), "2028-01-01 不在 2027 年，请到 2028 年的安排里填写。"),
        (("2027-01-04", "True", "元旦"), "2027-01-04 是周一，本来就上班，不用写“班”。"),
        (("2027-02-31", "False", "春节"), "输入一个有效的日期"),
        (("2027-02-06", "False", ""), "这个字段是必填项"),
        (("2027-02-06", "False", "节" * 200), "20"),
    ],
)
def test_wrong_day_is_refused(admin_client, day, message):
    row = save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    kept = CalendarDay.objects.get()
    data = day_rows(("2027-01-01", "False", "元旦", kept.pk), day, initial=1, source="", published_on="")
    response = admin_client.post(change_url(row), data)
    assert response.status_code == 200
    assert message in response.text
    assert CalendarDay.objects.count() == 1


def test_deleting_a_year_takes_its_days_along(admin_client):
    row = save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    response = admin_client.post(reverse("admin:core_calendaryear_delete", args=[row.pk]), {"post": "yes"})
    assert response.status_code == 302
    assert not CalendarDay.objects.exists()
    assert not load_calendar().is_published(2027)


def test_place_edits_its_own_calendar_only(local_client):
    national = save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    other = save_year(2027, {date(2027, 3, 10): (False, "开斋节")}, scope="other")
    local_client.post(IMPORT, notice(scope="nx", text="2027-03-10 休 开斋节"))
    own = CalendarYear.objects.get(scope="nx")
    assert not load_calendar("nx").is_workday(date(2027, 3, 10))
    assert "宁川市" in local_client.get(LIST).text
    assert local_client.get(change_url(own)).status_code == 200
    assert local_client.get(change_url(national)).status_code == 200
    assert 'name="_save"' not in local_client.get(change_url(national)).text
    assert local_client.post(change_url(national), day_rows(source="x")).status_code == 403
    assert local_client.get(change_url(other)).status_code == 302
    assert local_client.get(reverse("admin:core_calendaryear_whole", args=[other.pk])).status_code == 404
    assert local_client.get(reverse("admin:core_calendaryear_whole", args=[national.pk])).status_code == 200


@pytest.mark.parametrize("scope", ["", "other"])
def test_place_cannot_import_for_others(local_client, scope):
    response = local_client.post(IMPORT, notice(scope=scope, text=TEXT))
    assert response.status_code == 200
    assert not CalendarDay.objects.exists()


def test_staff_without_a_scope_sees_nothing(stranger_client):
    row = save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    assert stranger_client.get(LIST).status_code == 403
    assert stranger_client.get(IMPORT).status_code == 403
    assert stranger_client.get(reverse("admin:core_calendaryear_whole", args=[row.pk])).status_code in (
        403,
        404,
    )


def test_signed_out_goes_to_sign_in(client):
    assert client.get(IMPORT).status_code == 302
