"""What happened, what is kept, where to go: in Chinese, in the look of the site."""

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("pages")


def test_not_found_for_visitors_and_people(client, deputy):
    for _turn in range(2):
        response = client.get("/nowhere/")
        assert response.status_code == 404
        assert "没有找到您要的页面" in response.content.decode()
        client.force_login(deputy)
    assert "林秀芝" in response.content.decode()


def test_refusal_shows_the_reason_and_whom_to_call(client, handler):
    client.force_login(handler)
    response = client.get("/refused/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "申请退回期限已于 3月3日届满（交办后 7 个工作日）" in page
    assert "8866 0101" in page


def test_bad_request_in_chinese(client, handler, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    response = client.get("/me/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "没有办理" in response.content.decode()


@pytest.mark.parametrize("strict", [False, True])
def test_too_large_a_form_is_413(deputy, settings, strict):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = Client(enforce_csrf_checks=strict)
    client.force_login(deputy)
    response = client.post(
        "/write/", {"words": "建" * 1000}, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "提交的内容太大" in response.content.decode()


def test_server_error_page(deputy):
    client = Client(raise_request_exception=False)
    client.force_login(deputy)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()


def test_address_of_a_button_opened_like_a_page(client, deputy):
    client.force_login(deputy)
    response = client.get("/act/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "这个网址不能直接打开" in response.content.decode()


def test_refusal_of_a_fragment_is_a_note_above_the_page(client, handler):
    client.force_login(handler)
    response = client.get("/refused/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (403, "#notes")
    assert "申请退回期限已于" in response.content.decode()
    assert "<html" not in response.content.decode()
