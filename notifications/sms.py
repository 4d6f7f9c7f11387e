"""SMS by a pluggable sender: `SMS_SENDER` names a class with `send(phone, sms)`; console by default.

docs/operations.md describes the HTTP gateway's settings. The text names no deputy, like every message.
"""

import json
import logging
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.utils.module_loading import import_string

from .gateway import GatewayError, Refused, post, read_json

logger = logging.getLogger(__name__)

PLACEHOLDER = re.compile(r"\{(phone|text|words|url|sign|template|params)\}")
MAX_WORDS = 120  # of the line itself, so that the link always fits


@dataclass(frozen=True)
class Sms:
    """One short message: the line, the full address it leads to, and which of the gateway's templates it is."""

    words: str
    url: str
    template: str

    @property
    def text(self):
        """Line and link as one text."""
        return f"{self.words} {self.url}"


def sms_for(delivery):
    """The Sms of a delivery: of an urgent notice its line; of a digest its headline and the most urgent thing."""
    if delivery.notice_id:
        notice = delivery.notice
        return Sms(_cut(notice.words), f"{settings.SITE_URL}{notice.url}", notice.topic or "urge")
    content = delivery.digest.content
    lines = content["todo"]["lines"]
    words, url = content["headline"], "/notices/"
    if lines:
        first = lines[0]
        words += f"最急：{first['left']}，{first['verb']}“{first['words']}”。{first.get('otherwise', '')}"
        url = first["url"] if content["todo"]["count"] == 1 else url
    return Sms(_cut(words), f"{settings.SITE_URL}{url}", "digest")


def _cut(words):
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"


def load_sender():
    """The sender that SMS_SENDER names."""
    return import_string(settings.SMS_SENDER)()


class ConsoleSender:
    """Writes messages to the log instead of sending them: for a trial, and until a gateway is set up."""

    def send(self, phone, sms):
        """Log one message; the number keeps its middle digits to itself."""
        sign = f"【{settings.SMS_SIGN}】" if settings.SMS_SIGN else ""
        logger.warning("SMS %s****%s: %s%s", phone[:3], phone[-4:], sign, sms.text)


class HttpSender:
    """Posts to an HTTP gateway as SMS_HTTP_* describe: address, headers, body, and what its success looks like."""

    def send(self, phone, sms):
        """Send one message. Raises Refused when the gateway says no, GatewayError when it does not work."""
        if not settings.SMS_HTTP_URL:
            raise GatewayError("没有设置短信网关地址 SMS_HTTP_URL")
        body, kind = self._body(phone, sms)
        headers = {"Content-Type": kind, **settings.SMS_HTTP_HEADERS}
        answer = post(settings.SMS_HTTP_URL, body, headers, timeout=settings.SMS_HTTP_TIMEOUT)
        self._check(answer)

    def _body(self, phone, sms):
        params = {"words": sms.words, "url": sms.url}
        values = {
            "phone": phone,
            "text": sms.text,
            "words": sms.words,
            "url": sms.url,
            "sign": settings.SMS_SIGN,
            "template": settings.SMS_TEMPLATES.get(sms.template, ""),
            "params": json.dumps(params, ensure_ascii=False),
        }
        filled = _fill(settings.SMS_HTTP_BODY, values)
        if settings.SMS_HTTP_FORMAT == "form":
            return urlencode(filled).encode(), "application/x-www-form-urlencoded; charset=utf-8"
        return json.dumps(filled, ensure_ascii=False).encode(), "application/json; charset=utf-8"

    def _check(self, answer):
        """SMS_HTTP_SUCCESS is like result.code=0: a path into the JSON answer and what must stand there."""
        path, _, expected = settings.SMS_HTTP_SUCCESS.partition("=")
        if not path:
            return
        found = read_json(answer)
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            raise GatewayError(f"短信网关的回答里没有 {path}")
        if str(found) != expected:
            raise Refused(f"短信网关不接收：{path}={str(found)[:60]}")


def _fill(template, values):
    """The body with its placeholders filled in, string by string: what a message says can never change the shape."""
    if isinstance(template, dict):
        return {key: _fill(item, values) for key, item in template.items()}
    if isinstance(template, list):
        return [_fill(item, values) for item in template]
    if not isinstance(template, str):
        return template
    # In one pass: a value that itself looks like a placeholder stays as it is.
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)
