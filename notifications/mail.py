"""The emails: plain text with an HTML alternative. They name no deputy; the text is behind the sign-in."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.dates import cn_date, cn_deadline

from .models import Notice


def message_for(delivery, connection=None):
    """The EmailMultiAlternatives of a delivery; the same one on every try, down to its Message-ID."""
    if delivery.digest_id:
        template, context = "digest", _digest_context(delivery.digest.content, delivery.digest.day)
    elif delivery.notice_id:
        template, context = "notice", _notice_context(delivery.notice)
    elif delivery.post.content:
        day = date.fromisoformat(delivery.post.content["day"])
        template, context = "digest", _digest_context(delivery.post.content, day)
    else:
        template, context = "notice", _post_context(delivery.post)
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


def _digest_context(content, day):
    return {
        "day": cn_deadline(day),
        "content": content,
        "subject": f"{content['headline'].rstrip('。')}（{cn_date(day, day)}）",
    }


SUBJECTS = {
    Notice.Topic.URGE: "催办提醒：请登录处理",
    Notice.Topic.REPLY: "您的建议有了答复：请登录查看",
    Notice.Topic.WORD: "领导批示：请登录处理",
}


def _notice_context(notice):
    return {
        "words": notice.words,
        "url": notice.url,
        "subject": SUBJECTS.get(notice.topic, "有新消息：请登录查看"),
        "office": notice.congress.office_name,
    }


def _post_context(post):
    return {
        "words": post.words,
        "url": post.url,
        "subject": SUBJECTS[Notice.Topic.URGE],
        "office": post.congress.office_name,
    }
