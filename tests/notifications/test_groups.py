"""Units' groups and shared mailboxes: signed as DingTalk wants it, only to allowed hosts, secrets shown to nobody."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from notifications.delivery import deliver_pending
from notifications.groups import check_url, signed_url
from notifications.models import Delivery, UnitGroup
from notifications.services import post_to_units
from proposals.status import ProposalStatus
from tests.cast import make_proposal

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=geheim"


@pytest.fixture
def group(cast, gateway, settings):
    settings.WEBHOOK_HOSTS = ["qyapi.weixin.qq.com", gateway.address]
    return UnitGroup.objects.create(
        congress=cast.congress,
        unit=cast.units["civil"],
        kind="wecom",
        name="民政群",
        url=f"{gateway.address}/r",
    )


def post(cast, key="event:1"):
    post_to_units(
        {cast.units["civil"].pk}, congress_id=cast.congress.pk, words="联工委催办2026-086", url="/x/", key=key
    )


def test_one_line_with_its_link(cast, group, gateway, settings):
    settings.SITE_URL = "https://jianyi.example.test"
    post(cast)
    post(cast)  # the same key
    assert deliver_pending().sent == 1
    assert gateway.json == {
        "msgtype": "text",
        "text": {"content": "联工委催办2026-086\nhttps://jianyi.example.test/x/"},
    }
    assert Delivery.objects.get().address == str(group.pk)


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, ""), (200, "garbage"), (200, '{"errcode": 93000, "errmsg": "invalid webhook"}')],
)
def test_a_robot_that_does_not_take_it(cast, group, gateway, status, body):
    gateway.status, gateway.body = status, body
    post(cast)
    assert deliver_pending().failed == 1
    row = Delivery.objects.get()
    assert row.state == "waiting"
    assert gateway.address not in row.error


def test_one_group_that_is_down_rests_alone(cast, group, gateway):
    UnitGroup.objects.create(
        congress=cast.congress,
        unit=cast.units["civil"],
        kind="wecom",
        name="坏群",
        url="http://127.0.0.1:9/r",
    )
    for number in range(5):
        post(cast, key=f"event:{number}")
    counts = deliver_pending()
    assert (counts.sent, counts.failed) == (5, 3)


def test_the_signature_is_dingtalk_s():
    group = UnitGroup(
        kind="dingtalk", url="https://oapi.dingtalk.com/robot/send?access_token=a", secret="SECx"
    )
    parts = parse_qs(urlsplit(signed_url(group, now=1700000000.5)).query)
    assert parts["timestamp"] == ["1700000000500"]
    wanted = hmac.new(b"SECx", b"1700000000500\nSECx", hashlib.sha256).digest()
    assert base64.b64decode(parts["sign"][0]) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/x", "https://qyapi.weixin.qq.com.evil.test/x", "https://127.0.0.1/x",
        "https://qyapi.weixin.qq.com:8443/x", "https://qyapi.weixin.qq.com@10.0.0.1/x", "file:///etc/passwd",
        "https://u:p@qyapi.weixin.qq.com/x", "//qyapi.weixin.qq.com/x", "", "https://[::1", "https://x:99999999/",
        "https://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_no_other_host_is_ever_called(cast, group, gateway, url):
    with pytest.raises(ValueError, match=r"地址|服务器"):
        check_url(url)
    UnitGroup.objects.update(url=url)
    post(cast)
    assert deliver_pending().failed == 1
    assert gateway.received == []


def test_the_administrator_writes_the_keys_and_nobody_reads_them(client, cast, settings):
    client.force_login(cast.admin)
    add = reverse("admin:notifications_unitgroup_add")
    data = {"congress": cast.congress.pk, "unit": cast.units["civil"].pk, "kind": "wecom", "name": "民政群",
            "url": "https://10.0.0.1/x", "secret": "SECgeheim", "is_active": "on"}  # fmt: skip
    html = client.post(add, data).content.decode()
    assert "只能填这些服务器上 https 开头的地址" in html
    assert not UnitGroup.objects.exists()
    assert client.post(add, data | {"url": WECOM}).status_code == 302
    row = UnitGroup.objects.get()
    change = reverse("admin:notifications_unitgroup_change", args=[row.pk])
    pages = client.get(change).content.decode()
    pages += client.get(reverse("admin:notifications_unitgroup_changelist")).content.decode()
    pages += client.get(reverse("admin:notifications_unitgroup_history", args=[row.pk])).content.decode()
    assert "qyapi.weixin.qq.com" in pages
    assert "geheim" not in pages
    client.post(change, data | {"url": "", "secret": "", "name": "新名"})
    row.refresh_from_db()
    assert (row.name, row.url, row.secret) == ("新名", WECOM, "SECgeheim")


def test_groups_of_another_congress_do_not_exist(client, cast, group):
    client.force_login(cast.stranger.admin)
    assert client.get(reverse("admin:notifications_unitgroup_change", args=[group.pk])).status_code == 404


def test_an_urge_reaches_group_and_mailbox_and_names_no_deputy(cast, group, gateway):
    cast.units["civil"].mailbox = "civil@example.test"
    cast.units["civil"].save()
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    walk.do("urge", cast.su, words=f"{cast.lin.name}代表来电，请抓紧签收")
    deliver_pending()
    text = gateway.json["text"]["content"]
    [message] = [m for m in mail.outbox if m.to == ["civil@example.test"]]
    for words in (text, message.body):
        assert "催办" in words
        assert walk.proposal.number in words
        assert f"/assignments/{walk.place('civil').pk}/answer_urge/" in words
        assert cast.lin.name not in words
