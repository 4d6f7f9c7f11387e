"""Accounts and grants in the administration: within one's congress, without touching what belongs to others."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Grant, SecurityEvent, User
from deputies.models import Deputy
from tests.tenants import PASSWORD, give, make_user

LIST = "/admin/accounts/user/"
ADD = "/admin/accounts/user/add/"


def change_url(user):
    return f"/admin/accounts/user/{user.pk}/change/"


def grant_data(*rows, initial=0):
    """The posted grants of the account's form."""
    data = {"grants-TOTAL_FORMS": len(rows), "grants-INITIAL_FORMS": initial}
    blank = dict.fromkeys(["unit", "delegation", "committee", "deputy", "title", "starts_on", "ends_on"], "")
    for number, row in enumerate(rows):
        for name, value in {**blank, "is_active": "on", **row}.items():
            data[f"grants-{number}-{name}"] = value
    return data


def account(**changes):
    return {
        "username": "liuyi",
        "name": "刘忆",
        "phone": "139 0000 0001",
        "email": "",
        "password": "",
        **changes,
    }


@pytest.fixture
def here(client, city_admin):
    client.force_login(city_admin)
    return client


@pytest.fixture
def root(db):
    user = make_user("root")
    user.is_superuser = True
    user.save()
    return user


class TestEntering:
    def test_by_grant_alone(self, here):
        page = here.get("/admin/").content.decode()
        for word in ["代表建议办理系统 · 系统管理", "机构、人员和规则", "账号与授权", "承办单位", "代表团"]:
            assert word in page

    def test_for_others_it_does_not_exist(self, client, handler):
        client.force_login(handler)
        assert client.get("/admin/").status_code == 404
        assert client.get(LIST).status_code == 404

    def test_is_staff_plays_no_part(self, client, handler):
        handler.is_staff = True
        handler.save()
        client.force_login(handler)
        assert client.get("/admin/").status_code == 404

    def test_a_grant_no_longer_in_force_opens_nothing(self, client, city_admin):
        city_admin.grants.update(is_active=False)
        client.force_login(city_admin)
        assert client.get("/admin/").status_code == 404

    def test_visitors_sign_in_on_the_one_page(self, client, db):
        assert client.get("/admin/")["Location"] == "/login/?next=/admin/"
        assert client.get("/admin/login/")["Location"].startswith("/login/")

    def test_password_and_leaving_are_the_sites_own(self, here):
        assert here.get("/admin/password_change/")["Location"] == "/me/password/"
        assert here.post("/admin/logout/")["Location"] == "/login/"

    def test_cases_cannot_be_reached(self, here):
        registered = {model._meta.label_lower for model in admin.site._registry}
        cases = {
            "proposal",
            "assignment",
            "reply",
            "rating",
            "proposalevent",
            "clock",
            "waiting",
            "attachment",
        }
        assert not {label for label in registered if label.partition(".")[2] in cases}
        assert here.get("/admin/proposals/proposal/").status_code == 404
        assert "auth.group" not in registered


class TestSeeing:
    def test_list_holds_people_of_the_own_congress(self, here, handler, province_admin, root):
        page = here.get(LIST).content.decode()
        assert "陈晓岚" in page
        assert "省管理员" not in page
        assert ">root<" not in page

    def test_other_accounts_do_not_exist(self, here, province_admin, root):
        for user in [province_admin, root]:
            assert here.get(change_url(user)).status_code == 404
            assert here.post(change_url(user), {"name": "改"}).status_code == 404
            assert here.get(f"/admin/accounts/user/{user.pk}/reset-password/").status_code == 404
            assert here.get(f"/admin/accounts/user/{user.pk}/history/").status_code == 404

    def test_search_and_filter(self, here, handler, deputy):
        assert "陈晓岚" not in here.get(LIST, {"q": "13800000001"}).content.decode()
        assert "林秀芝" in here.get(LIST, {"q": "13800000001"}).content.decode()
        by_role = here.get(LIST, {"role": "handler"}).content.decode()
        assert "陈晓岚" in by_role
        assert "林秀芝" not in by_role

    def test_passwords_cannot_be_guessed_through_the_list(self, here, handler):
        response = here.get(LIST, {"password__startswith": "md5"})
        assert response.status_code in (302, 400)


class TestCreating:
    def test_with_a_password_made_here_and_shown_once(self, here, city):
        data = account() | grant_data({"role": "handler", "unit": city.unit.pk})
        response = here.post(ADD, data)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        password = re.search(r"<code>([a-z]{4}-\d{4}-[a-z]{4})</code>", response.content.decode()).group(1)
        user = User.objects.get(username="liuyi")
        assert user.check_password(password)
        assert user.must_change_password
        assert user.phone == "13900000001"
        assert (user.is_superuser, user.is_staff) == (False, False)
        grant = user.grants.get()
        assert (grant.congress, grant.unit, grant.role) == (city.congress, city.unit, "handler")

    def test_with_a_typed_password(self, here, city):
        data = account(password="初始-密码-2026") | grant_data({"role": "liaison"})
        assert here.post(ADD, data).status_code == 302
        assert User.objects.get(username="liuyi").check_password("初始-密码-2026")
        weak = account(username="other", phone="", password="123") | grant_data({"role": "liaison"})
        assert "密码太短" in here.post(ADD, weak).content.decode()

    def test_needs_a_grant(self, here):
        response = here.post(ADD, account() | grant_data({"role": "", "is_active": "on"}))
        assert response.status_code == 200
        assert not User.objects.filter(username="liuyi").exists()

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ({"role": "handler"}, "“承办单位经办”要选单位。"),
            ({"role": "deputy"}, "“代表”要选代表。"),
            ({"role": "delegation_staff"}, "“代表团工作人员”要选代表团。"),
            ({"role": "committee"}, "“专委会”要选专委会。"),
            ({"role": "liaison", "starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "止期早于起期"),
        ],
    )
    def test_each_role_names_what_it_is_for(self, here, row, words):
        response = here.post(ADD, account() | grant_data(row))
        assert words in response.content.decode()
        assert not User.objects.filter(username="liuyi").exists()

    def test_a_role_takes_nothing_else(self, here, city):
        response = here.post(ADD, account() | grant_data({"role": "liaison", "unit": city.unit.pk}))
        assert "“联工委”不用选单位，请清空。" in response.content.decode()

    @pytest.mark.parametrize("name", ["unit", "delegation", "committee", "deputy"])
    def test_forged_target_of_the_other_congress(self, here, province, name):
        role = {"unit": "handler", "delegation": "delegation_staff"}.get(name, name)
        response = here.post(ADD, account() | grant_data({"role": role, name: getattr(province, name).pk}))
        assert response.status_code == 200
        assert not User.objects.filter(username="liuyi").exists()

    def test_forged_congress_is_ignored(self, here, city, province):
        here.post(ADD, account() | grant_data({"role": "liaison", "congress": province.congress.pk}))
        assert Grant.objects.get(user__username="liuyi").congress == city.congress

    def test_superuser_cannot_be_made(self, here):
        here.post(ADD, account(is_superuser="on", is_staff="on") | grant_data({"role": "liaison"}))
        assert not User.objects.get(username="liuyi").is_superuser

    def test_user_names_and_phones_are_one_namespace(self, here, deputy):
        as_name = here.post(ADD, account(username="13800000001") | grant_data({"role": "liaison"}))
        assert "这是另一个账号的手机号" in as_name.content.decode()
        again = here.post(ADD, account(phone="13800000001") | grant_data({"role": "liaison"}))
        assert "已有账号用这个手机号" in again.content.decode()

    def test_names_too_long_or_strange(self, here):
        response = here.post(ADD, account(name="名" * 200) | grant_data({"role": "liaison"}))
        assert response.status_code == 200
        assert "60" in response.content.decode()
        here.post(ADD, account(name="𠮷<script>alert(1)</script>") | grant_data({"role": "liaison"}))
        page = here.get(LIST).content.decode()
        assert "𠮷&lt;script&gt;" in page
        assert "<script>alert" not in page


class TestChanging:
    def row(self, grant, **changes):
        return {
            "id": grant.pk,
            "user": grant.user_id,
            "role": grant.role,
            "unit": grant.unit_id or "",
            **changes,
        }

    def test_account_and_grants(self, here, handler, city):
        data = {"username": "chenxiaolan", "name": "陈晓兰", "phone": "", "email": "", "is_active": "on"}
        rows = [
            self.row(handler.grants.get(), title="科长"),
            {"role": "signer", "unit": city.unit.pk, "user": handler.pk},
        ]
        assert here.post(change_url(handler), data | grant_data(*rows, initial=1)).status_code == 302
        handler.refresh_from_db()
        assert handler.name == "陈晓兰"
        assert handler.must_change_password is False
        assert {(g.role, g.title) for g in handler.grants.all()} == {("handler", "科长"), ("signer", "")}

    def test_same_grant_twice_is_refused_in_words(self, here, handler, city):
        data = {"username": "chenxiaolan", "name": "陈晓岚", "phone": "", "email": "", "is_active": "on"}
        rows = [self.row(handler.grants.get()), {"role": "handler", "unit": city.unit.pk, "user": handler.pk}]
        response = here.post(change_url(handler), data | grant_data(*rows, initial=1))
        assert "这个账号已有同样的授权" in response.content.decode()

    def test_a_person_of_two_congresses(self, here, handler, province):
        """Only the own grant is seen and edited; the account itself is out of reach."""
        theirs = give(handler, "liaison", province)
        page = here.get(change_url(handler)).content.decode()
        assert "此账号同时属于别的人大" in page
        assert "潇南省" not in page
        assert "重设密码" not in page
        mine = handler.grants.exclude(pk=theirs.pk).get()
        data = {"username": "stolen", "name": "改名", "phone": "13700000000", "email": "x@y.example"}
        rows = [self.row(mine, title="科长"), self.row(theirs, role="admin", unit="")]
        here.post(change_url(handler), data | grant_data(*rows, initial=2))
        handler.refresh_from_db()
        theirs.refresh_from_db()
        assert (handler.username, handler.name, handler.is_active) == ("chenxiaolan", "陈晓岚", True)
        assert (theirs.role, theirs.is_active) == ("liaison", True)
        assert here.post(f"/admin/accounts/user/{handler.pk}/reset-password/").status_code == 404
        here.post(change_url(handler), data | grant_data(self.row(mine, title="科长"), initial=1))
        mine.refresh_from_db()
        assert mine.title == "科长"

    def test_nobody_gives_rights_to_themself(self, here, city_admin):
        data = {"username": "guanli", "name": "管理员", "phone": "", "email": "", "is_active": "on"}
        here.post(change_url(city_admin), data | grant_data({"role": "liaison", "user": city_admin.pk}))
        assert [grant.role for grant in city_admin.grants.all()] == ["admin"]

    def test_accounts_are_not_deleted(self, here, handler):
        assert here.post(f"/admin/accounts/user/{handler.pk}/delete/", {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=handler.pk).exists()


class TestPasswords:
    def test_reset_ends_sessions_and_forces_a_change(self, here, handler):
        there = Client()
        there.force_login(handler)
        url = f"/admin/accounts/user/{handler.pk}/reset-password/"
        assert "重设密码" in here.get(url).content.decode()
        page = here.post(url, {"password": ""}).content.decode()
        password = re.search(r"<code>(.+?)</code>", page).group(1)
        assert there.get("/me/").status_code == 302
        assert there.post("/login/", {"username": "chenxiaolan", "password": password}).status_code == 302
        assert there.get("/me/")["Location"] == "/me/password/?next=/me/"

    def test_reset_to_a_typed_password(self, here, handler):
        url = f"/admin/accounts/user/{handler.pk}/reset-password/"
        assert "密码太短" in here.post(url, {"password": "123"}).content.decode()
        assert here.post(url, {"password": "初始-密码-2026"}).status_code == 302
        handler.refresh_from_db()
        assert handler.check_password("初始-密码-2026")

    def test_ones_own_is_changed_the_usual_way(self, here, city_admin):
        url = f"/admin/accounts/user/{city_admin.pk}/reset-password/"
        assert here.post(url)["Location"] == "/me/password/"

    def test_unlocking_after_too_many_mistakes(self, here, handler):
        there = Client()
        for _attempt in range(8):
            there.post("/login/", {"username": "chenxiaolan", "password": "wrong"})
        right = {"username": "chenxiaolan", "password": PASSWORD}
        assert there.post("/login/", right).status_code == 429
        here.post(LIST, {"action": "unlock", "_selected_action": [handler.pk]})
        assert there.post("/login/", right).status_code == 302


class TestAccountsForDeputies:
    URL = "/admin/deputies/deputy/"

    def open(self, client, *deputies):
        data = {"action": "open_accounts", "_selected_action": [deputy.pk for deputy in deputies]}
        return client.post(self.URL, data, follow=True)

    def test_opens_one_per_phone_number(self, here, city):
        page = self.open(here, city.deputy).content.decode()
        password = re.search(r"<code>(.+?)</code>", page).group(1)
        user = User.objects.get(phone="13800000009")
        assert user.check_password(password)
        assert user.grants.get().deputy == city.deputy

    def test_leaves_out_with_the_reason(self, here, city, province):
        self.open(here, city.deputy)
        assert "已有账号" in self.open(here, city.deputy).content.decode()
        second = Deputy.objects.create(
            congress=city.congress, term=city.term, delegation=city.delegation, name="赵一", card_no="002"
        )
        assert "没有登记手机号" in self.open(here, second).content.decode()
        assert "没有开通新账号" in self.open(here, province.deputy).content.decode()

    def test_never_takes_over_an_account_of_another_congress(self, here, city, province):
        other = make_user("someone", "liaison", province, name=city.deputy.name, phone="13800000009")
        assert "另一个账号" in self.open(here, city.deputy).content.decode()
        assert other.grants.count() == 1


class TestSuperuser:
    def test_sees_and_edits_everything(self, client, root, handler, province_admin):
        client.force_login(root)
        page = client.get(LIST).content.decode()
        assert "陈晓岚" in page
        assert "省管理员" in page
        data = {
            "username": "shengguanli",
            "name": "省管理",
            "phone": "",
            "email": "",
            "is_active": "on",
            "is_superuser": "on",
        }
        assert client.post(change_url(province_admin), data | grant_data()).status_code == 302
        province_admin.refresh_from_db()
        assert province_admin.is_superuser


class TestSecurityLog:
    def test_is_read_within_the_congress_and_never_edited(self, here, city, province):
        mine = SecurityEvent.objects.create(congress=city.congress, kind="denied", words="越权签发")
        theirs = SecurityEvent.objects.create(congress=province.congress, kind="denied", words="省里的事")
        page = here.get("/admin/accounts/securityevent/").content.decode()
        assert "越权签发" in page
        assert "省里的事" not in page
        url = f"/admin/accounts/securityevent/{mine.pk}/"
        assert here.get(f"{url}change/").status_code == 200
        assert here.post(f"{url}change/", {"words": "改"}).status_code == 403
        assert here.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        assert here.get(f"/admin/accounts/securityevent/{theirs.pk}/change/").status_code == 404
