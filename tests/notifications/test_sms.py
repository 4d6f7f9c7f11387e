"""SMS: what is sent, through the console and through an HTTP gateway that does not always work."""

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.core import mail
from django.utils import timezone

from notifications.delivery import deliver_pending
from notifications.models import Delivery, Lane, MessagePlan, Preference
from notifications.services import notify

TOPICS = {"urge": "T-1", "reply": "T-2"}


@pytest.fixture
def http(settings, gateway):
    """The HTTP sender, set up as docs/operations.md describes it."""
    settings.SMS_SENDER = "notifications.sms.HttpSender"
    settings.SMS_SIGN = "澜江人大"
    settings.SMS_TEMPLATES = TOPICS
    settings.SMS_HTTP_URL = f"{gateway.address}/send"
    settings.SMS_HTTP_HEADERS = {"Authorization": "Bearer key"}
    settings.SMS_HTTP_BODY = {
        "to": ["{phone}"], "sign": "{sign}", "template": "{template}", "text": "{text}", "params": "{params}"
    }  # fmt: skip
    settings.SMS_HTTP_SUCCESS = "code=0"
    settings.SMS_HTTP_TIMEOUT = 0.5
    return gateway


@pytest.fixture
def chen(cast):
    cast.chen.phone, cast.chen.email = "13800000001", ""
    cast.chen.save()
    return cast.chen


def urge(cast, *users, key="event:1", topic=None, words="催办：2026-086 老年助餐。请本周答复"):
    notify(
        {user.pk for user in users}, congress_id=cast.congress.pk, words=words, url="/assignments/7/answer_urge/",
        key=key, is_duty=True, is_urgent=True, topic=topic,
    )  # fmt: skip


def later(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def test_an_urge_goes_by_sms_with_its_link(cast, chen, http, settings):
    settings.SITE_URL = "https://jianyi.example.test"
    urge(cast, chen)
    assert deliver_pending().sent == 1
    path, headers, _ = http.last
    assert (path, headers["Authorization"]) == ("/send", "Bearer key")
    sent = http.json
    assert (sent["to"], sent["sign"], sent["template"]) == (["13800000001"], "澜江人大", "T-1")
    assert sent["text"].endswith("请本周答复 https://jianyi.example.test/assignments/7/answer_urge/")
    assert json.loads(sent["params"])["url"] == "https://jianyi.example.test/assignments/7/answer_urge/"


def test_what_a_message_says_cannot_change_the_shape_of_the_request(cast, chen, http):
    words = '催办："}, "to": ["1"] {phone} {sign} \\ 换\n行'
    urge(cast, chen, words=words)
    deliver_pending()
    assert http.json["text"].startswith(words)
    assert http.json["to"] == ["13800000001"]


def test_a_form_instead_of_json(cast, chen, http, settings):
    settings.SMS_HTTP_FORMAT = "form"
    settings.SMS_HTTP_BODY = {"mobile": "{phone}", "content": "【{sign}】{words}"}
    urge(cast, chen)
    deliver_pending()
    fields = parse_qs(http.last[2])
    assert fields["mobile"] == ["13800000001"]
    assert fields["content"][0].startswith("【澜江人大】催办")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, "{}", "HTTP 403"),
        (302, "{}", "HTTP 302"),
        (200, "<html>garbage \x00", "看不懂"),
        (200, "[]", "看不懂"),
        (200, "{}", "没有 code"),
        (200, '{"code": 17, "msg": "quota"}', "code=17"),
    ],
)
def test_an_answer_that_is_no_success_is_tried_again_later(cast, chen, http, status, body, words):
    http.status, http.body = status, body
    http.location = f"{http.address}/elsewhere" if status == 302 else ""
    urge(cast, chen)
    assert deliver_pending().failed == 1
    row = Delivery.objects.get()
    assert words in row.error
    assert row.state == "waiting"
    assert len(http.received) == 1
    http.status, http.body, http.location = 200, '{"code": 0}', ""
    assert deliver_pending(later(2)).sent == 1


def test_a_gateway_that_does_not_answer_in_time(cast, chen, http):
    http.wait = 1.5
    urge(cast, chen)
    deliver_pending()
    assert "没有回答" in Delivery.objects.get().error


def test_errors_tell_neither_address_nor_key(cast, chen, http, settings):
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/send?key=geheim"
    urge(cast, chen)
    deliver_pending()
    row = Delivery.objects.get()
    assert row.error
    assert "geheim" not in row.error + Lane.objects.get().error
    assert "127.0.0.1" not in row.error


def test_a_dead_gateway_rests_and_mail_goes_out_meanwhile(cast, chen, http):
    chen.email = "chen@example.test"
    chen.save()
    http.status = 500
    for number in range(6):
        urge(cast, chen, key=f"event:{number}")
    counts = deliver_pending()
    assert (counts.sent, counts.failed) == (6, 3)
    assert len(mail.outbox) == 6
    assert len(http.received) == 3
    assert Lane.objects.get(name="sms").rests_until is not None
    assert deliver_pending(timezone.now() + timedelta(seconds=20)).failed == 0
    # After the rest one message tries it, and it rests longer.
    assert deliver_pending(later(2)).failed == 1
    assert len(http.received) == 4
    http.status = 200
    for minutes in (5, 6, 7):
        deliver_pending(later(minutes))
    assert not Delivery.objects.filter(channel="sms").exclude(state="sent").exists()
    assert Lane.objects.get(name="sms").failures == 0


def test_a_refused_number_holds_up_nobody(cast, chen, http):
    http.body = '{"code": 4}'
    for number in range(5):
        urge(cast, chen, key=f"event:{number}")
    assert deliver_pending().failed == 5
    assert not Lane.objects.filter(rests_until__isnull=False).exists()


def test_the_console_keeps_the_number_to_itself(cast, chen, settings, caplog):
    settings.SMS_SIGN = "澜江人大"
    urge(cast, chen)
    deliver_pending()
    assert "138****0001: 【澜江人大】催办" in caplog.text
    assert "13800000001" not in caplog.text


def test_person_and_congress_choose_but_not_for_a_reply(cast, chen, settings):
    chen.email = "chen@example.test"
    chen.save()
    Preference.objects.create(user=chen, urge_mail=False, urge_sms=False)
    urge(cast, chen)
    assert not Delivery.objects.exists()
    urge(cast, chen, key="event:2", topic="reply")
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"email", "sms"}
    MessagePlan.objects.create(congress=cast.congress, sms_urges=False, sms_replies=False)
    urge(cast, chen, key="event:3", topic="reply")
    assert set(Delivery.objects.filter(notice__key="event:3").values_list("channel", flat=True)) == {"email"}


def test_without_a_sender_there_is_no_sms(cast, chen, settings):
    settings.SMS_SENDER = ""
    urge(cast, chen)
    assert not Delivery.objects.exists()
