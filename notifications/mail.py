"""The emails: plain text with an HTML alternative. They name no deputy; the text is behind the sign-in."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.dates import cn_date, cn_deadline


def message_for(delivery, connection=None):
    """The EmailMultiAlternatives of a delivery; the same one on every try, down to its Message-ID."""
    if delivery.digest_id:
        template, context = "digest", _digest_context(delivery.digest)
    else:
        template, context = "notice", _notice_context(delivery.notice)
    context["site"] = settings.SITE_URL
    text = render_to_string(f"notifications/{template}_email.txt", context)
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=text,
        to=[delivery.address],
        connection=connection,
        # A mail server that gets a repeated try recognises it.
        headers={
            "Message-ID": f"<delivery-{delivery.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
        },
    )
    message.attach_alternative(render_to_string(f"notifications/{template}_email.html", context), "text/html")
    return message


def _digest_context(digest):
    content = digest.content
    return {
        "day": cn_deadline(digest.day),
        "content": content,
        "subject": f"{content['headline'].rstrip('。')}（{cn_date(digest.day, digest.day)}）",
    }


def _notice_context(notice):
    return {
        "notice": notice,
        "subject": "催办提醒：请登录处理" if notice.is_urgent else "有新消息：请登录查看",
        "office": notice.congress.office_name,
    }
