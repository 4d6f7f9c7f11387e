"""Nothing typed is lost when the session expires or the form's token is out of date."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import set_aside
from accounts.models import SetAsideForm
from tests.accounts import pages as page_module

pytestmark = pytest.mark.usefixtures("pages")
TEXT = "社区食堂周末不开，𠮷祥里 37 位独居老人没有地方吃饭。<b>请看</b>"
NOTE = "登录过期前您写的内容还在，请检查后再提交"


@pytest.fixture(autouse=True)
def _nothing_saved():
    page_module.saved.clear()


def who(client, path="/write/"):
    return re.search(r'name="_who" value="([^"]+)"', client.get(path).content.decode()).group(1)


def expired_post(client, user, path="/write/", to="", **fields):
    """Open the form, let the session go, send the form."""
    client.force_login(user)
    token = who(client, path)
    client.logout()
    return client.post(to or path, {"_who": token, "words": TEXT, **fields})


def escaped(text):
    return text.replace("<", "&lt;").replace(">", "&gt;")


def test_text_survives_an_expired_session(client, deputy):
    response = expired_post(client, deputy, points="")
    assert response["Location"] == "/login/?next=/write/&kept=1"
    assert "您写的内容已保留" in client.get(response["Location"]).content.decode()
    assert page_module.saved == []
    client.force_login(deputy)
    page = client.get("/write/").content.decode()
    assert escaped(TEXT) in page
    assert NOTE in page
    assert page_module.saved == []


def test_it_stays_until_the_form_is_accepted(client, deputy):
    expired_post(client, deputy)
    client.force_login(deputy)
    token = who(client)
    assert NOTE in client.get("/write/").content.decode()
    assert client.post("/write/", {"_who": token, "words": ""}).status_code == 422
    assert NOTE in client.get("/write/").content.decode()
    assert client.post("/write/", {"_who": token, "words": TEXT}).status_code == 302
    assert page_module.saved == [TEXT]
    assert NOTE not in client.get("/write/").content.decode()
    assert not SetAsideForm.objects.exists()


def test_it_can_be_thrown_away(client, deputy, handler):
    expired_post(client, deputy)
    row = SetAsideForm.objects.get()
    client.force_login(handler)
    client.post(f"/me/set-aside/{row.pk}/discard/")
    assert SetAsideForm.objects.exists()
    client.force_login(deputy)
    client.post(f"/me/set-aside/{row.pk}/discard/", {"next": "/write/"})
    assert not SetAsideForm.objects.exists()


def test_another_person_never_gets_it(client, deputy, handler):
    expired_post(client, deputy)
    client.force_login(handler)
    page = client.get("/write/").content.decode()
    assert escaped(TEXT) not in page
    assert NOTE not in page
    assert escaped(TEXT) not in client.get("/me/").content.decode()


def test_form_sent_to_another_address_reopens_on_its_own_page(client, deputy):
    response = expired_post(client, deputy, path="/case/?tab=reply", to="/act/")
    assert response["Location"] == "/login/?next=/case/%3Ftab%3Dreply&kept=1"
    client.force_login(deputy)
    assert escaped(TEXT) in client.get("/case/?tab=reply").content.decode()
    assert SetAsideForm.objects.get().fields["posted_to"] == "/act/"


def test_profile_lists_what_was_set_aside(client, deputy):
    expired_post(client, deputy)
    client.force_login(deputy)
    page = client.get("/me/").content.decode()
    assert 'href="/write/"' in page
    assert "社区食堂周末不开" in page


def test_no_files_passwords_or_tokens_are_kept(client, deputy):
    scan = SimpleUploadedFile("签字件.pdf", b"%PDF-1.4")
    expired_post(client, deputy, new_password1="secret", csrfmiddlewaretoken="t", scan=scan)
    kept = SetAsideForm.objects.get().fields
    assert kept["data"] == {"words": [TEXT]}
    assert kept["had_files"] is True
    client.force_login(deputy)
    assert "附件要重新选择" in client.get("/write/").content.decode()


def test_several_values_of_one_field(client, deputy):
    client.force_login(deputy)
    token = who(client)
    client.logout()
    client.post("/write/", {"_who": token, "words": TEXT, "unit": ["3", "5"]})
    assert set_aside.as_querydict(SetAsideForm.objects.get()).getlist("unit") == ["3", "5"]


def test_control_characters_do_not_break_it(client, deputy):
    expired_post(client, deputy, points="a\x00b\x07c")
    assert SetAsideForm.objects.get().fields["data"]["points"] == ["ab\x07c"]


def test_two_megabytes_of_text_survive_four_do_not(client, deputy):
    expired_post(client, deputy, points="建" * 700_000)
    assert SetAsideForm.objects.count() == 1
    SetAsideForm.objects.all().delete()
    response = expired_post(client, deputy, points="建" * 1_200_000)
    assert response["Location"] == "/login/?next=/write/"
    assert not SetAsideForm.objects.exists()


@pytest.mark.parametrize("token", ["", "forged", "WzEsIi93cml0ZS8iXQ:1abc:xyz"])
def test_forged_owner_keeps_nothing(client, deputy, token):
    response = client.post("/write/", {"_who": token, "words": TEXT})
    assert response["Location"] == "/login/?next=/"
    assert not SetAsideForm.objects.exists()


def test_form_without_owner_goes_back_to_the_page_it_came_from(client, deputy):
    response = client.post("/act/", {"words": TEXT}, headers={"Referer": "http://testserver/case/?x=1"})
    assert response["Location"] == "/login/?next=/case/"


def test_old_ones_go_after_three_days(client, deputy):
    expired_post(client, deputy)
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        client.force_login(deputy)
        assert NOTE not in client.get("/write/").content.decode()
        assert set_aside.prune() == 1


def test_a_person_keeps_at_most_twenty(client, deputy):
    for number in range(25):
        SetAsideForm.objects.create(user=deputy, path=f"/p/{number}/", fields={"data": {"a": ["b"]}})
    expired_post(client, deputy)
    assert SetAsideForm.objects.count() == 20
    assert SetAsideForm.objects.filter(path="/write/").exists()


def test_newer_text_of_the_same_page_replaces_the_older(client, deputy):
    expired_post(client, deputy)
    expired_post(client, deputy, words="后写的文字")
    assert [row.fields["data"]["words"] for row in SetAsideForm.objects.all()] == [["后写的文字"]]


def test_autosave_gets_a_note_not_the_sign_in_page(client, deputy):
    client.force_login(deputy)
    token = who(client)
    client.logout()
    response = client.post(
        "/write/",
        {"_who": token, "words": TEXT},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/write/"},
    )
    assert response.status_code == 401
    assert response["HX-Retarget"] == "#notes"
    page = response.content.decode()
    assert "登录已过期" in page
    assert "<form" not in page
    assert 'href="/login/?next=/write/&amp;kept=1"' in page
    assert SetAsideForm.objects.get().path == "/write/"


def test_fragment_asked_for_without_session(client, deputy):
    response = client.get(
        "/write/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/case/"}
    )
    assert response.status_code == 401
    assert "next=/case/" in response.content.decode()


@pytest.mark.parametrize("address", ["http://[::1", "", "nonsense"])
def test_an_address_of_htmx_that_is_none(client, deputy, address):
    """Counts for nothing: the page asked for stands in its place."""
    headers = {"HX-Request": "true", "HX-Current-URL": address}
    response = client.get("/write/", headers=headers)
    assert response.status_code == 401
    assert "next=/write/" in response.content.decode()
    client.force_login(deputy)
    assert client.get("/me/", headers=headers).status_code == 200


def test_owner_field_needs_a_signed_in_person(client, deputy, rf):
    from django.contrib.auth.models import AnonymousUser

    from accounts.templatetags.who import who as tag

    request = rf.get("/write/")
    request.user = AnonymousUser()
    assert tag({"request": request}) == ""


class TestTokenOutOfDate:
    """Signing in again in another window changes the token that forms carry."""

    @pytest.fixture
    def strict(self, deputy):
        client = Client(enforce_csrf_checks=True)
        client.force_login(deputy)
        return client

    def test_text_is_kept_and_the_form_one_click_away(self, strict):
        token = who(strict)
        response = strict.post("/write/", {"_who": token, "words": TEXT, "csrfmiddlewaretoken": "x" * 64})
        assert response.status_code == 403
        page = response.content.decode()
        assert "您写的内容已保留" in page
        assert 'href="/write/"' in page
        assert page_module.saved == []
        assert escaped(TEXT) in strict.get("/write/").content.decode()

    def test_text_is_the_owners_even_if_another_person_is_signed_in(self, strict, handler, deputy):
        token = who(strict)
        strict.force_login(handler)
        response = strict.post("/write/", {"_who": token, "words": TEXT})
        assert "用原来的账号登录" in response.content.decode()
        assert escaped(TEXT) not in strict.get("/write/").content.decode()
        assert SetAsideForm.objects.get().user == deputy

    def test_without_session_and_token(self, strict):
        token = who(strict)
        strict.cookies.clear()
        response = strict.post("/write/", {"_who": token, "words": TEXT})
        assert response.status_code == 403
        assert "/login/?next=/write/&amp;kept=1" in response.content.decode()

    def test_autosave_gets_a_note(self, strict):
        token = who(strict)
        response = strict.post("/write/", {"_who": token, "words": TEXT}, headers={"HX-Request": "true"})
        assert response.status_code == 403
        assert response["HX-Retarget"] == "#notes"
        assert "<html" not in response.content.decode()

    def test_a_form_forged_by_another_site_keeps_nothing(self, strict):
        response = strict.post("/write/", {"words": "别的网站写的"})
        assert response.status_code == 403
        assert not SetAsideForm.objects.exists()
