"""个人信息 and the size of type."""

from tests.tenants import give, make_user


def test_profile_shows_what_one_may_act_as(client, handler, city):
    give(handler, "signer", city)
    client.force_login(handler)
    page = client.get("/me/").content.decode()
    assert "承办单位经办" in page
    assert "承办单位签发人" in page
    assert "澜江市民政局" in page


def test_email_is_ones_own_to_change(client, handler):
    client.force_login(handler)
    assert client.post("/me/", {"email": "chen@lanjiang.example", "name": "改名"}).status_code == 302
    handler.refresh_from_db()
    assert (handler.email, handler.name) == ("chen@lanjiang.example", "陈晓岚")
    bad = client.post("/me/", {"email": "不是邮箱"})
    assert bad.status_code == 422
    assert "不是邮箱" in bad.content.decode()


def test_large_type_is_kept_with_the_person(client, handler):
    client.force_login(handler)
    assert 'class="big ' not in client.get("/me/").content.decode()
    response = client.post("/me/big-type/", {"big": "1", "next": "/me/password/"})
    assert response["Location"] == "/me/password/"
    assert 'class="big ' in client.get("/me/").content.decode()
    client.logout()
    client.force_login(handler)
    assert 'class="big ' in client.get("/me/").content.decode()


def test_deputies_start_with_large_type(client, deputy):
    client.force_login(deputy)
    assert 'class="big ' in client.get("/me/").content.decode()
    client.post("/me/big-type/", {"big": "0"})
    assert 'class="big ' not in client.get("/me/").content.decode()


def test_large_type_leads_nowhere_else(client, handler):
    client.force_login(handler)
    assert client.post("/me/big-type/", {"big": "1", "next": "//elsewhere.example/"})["Location"] == "/"
    assert client.get("/me/big-type/").status_code == 405


def test_account_without_grants_is_told_so(client, db):
    client.force_login(make_user("nobody"))
    assert "还没有授权" in client.get("/me/").content.decode()
