"""Units' groups in 企业微信（政务微信） and 钉钉: one line through the webhook of the group's robot."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import quote, urlsplit

from django.conf import settings

from .gateway import GatewayError, post, read_json
from .models import UnitGroup


def check_url(url):
    """Raise ValueError, in Chinese, unless the address leads to a host of WEBHOOK_HOSTS.

    An administrator types it in and this server calls it: without the list it would reach every machine here. An
    entry is a host, host:port, or http://host:port for one without a certificate.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("这个地址看不懂，请从群机器人的设置里整段复制。") from None
    place = f"{host}:{port}" if port else host
    allowed = place in settings.WEBHOOK_HOSTS and parts.scheme == "https"
    allowed = allowed or f"{parts.scheme}://{place}" in settings.WEBHOOK_HOSTS
    if not allowed or parts.username is not None or not host:
        hosts = "、".join(settings.WEBHOOK_HOSTS)
        raise ValueError(
            f"只能填这些服务器上 https 开头的地址：{hosts}。其他的请系统运维人员加入 WEBHOOK_HOSTS。"
        )


def host_of(group):
    """The host of a group's webhook, which is all that is ever shown of it."""
    return urlsplit(group.url).hostname or ""


def send_to_group(delivery):
    """Post a delivery's line to its group. Raises GatewayError; its words hold neither address nor secret."""
    group = UnitGroup.objects.filter(pk=delivery.address, is_active=True).first()
    if group is None:
        raise GatewayError("这个单位群已停用或删除")
    try:
        check_url(group.url)
    except ValueError:
        raise GatewayError("群机器人地址不在允许的服务器上") from None
    item = delivery.post
    text = f"{item.words}\n{settings.SITE_URL}{item.url or '/'}"
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = read_json(post(signed_url(group), body.encode(), headers))
    if answer.get("errcode") != 0:
        words = str(answer.get("errmsg", ""))[:100]
        raise GatewayError(f"群机器人不接收：{answer.get('errcode')} {words}")


def signed_url(group, now=None):
    """The address to post to: DingTalk's with time stamp and signature (加签), where a secret is set."""
    if group.kind != UnitGroup.Kind.DINGTALK or not group.secret:
        return group.url
    stamp = str(round((time.time() if now is None else now) * 1000))
    digest = hmac.new(group.secret.encode(), f"{stamp}\n{group.secret}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in group.url else "?"
    return f"{group.url}{joint}timestamp={stamp}&sign={quote(base64.b64encode(digest), safe='')}"
