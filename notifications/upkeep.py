"""What an administrator sees and does of deliveries: whose they are, why one failed, trying again."""

import re

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Grant

from .lanes import wake_lane
from .models import Delivery, Retry
from .services import wake


def of_congresses(deliveries, congress_ids):
    """Those deliveries (a queryset) that belong to these congresses: by the notice or the unit's post, or by a
    grant of the digest's recipient. `congress_ids` None: all of them."""
    if congress_ids is None:
        return deliveries
    grants = Grant.objects.filter(congress__in=congress_ids)
    of_digest = Exists(grants.filter(user=OuterRef("digest__user")))
    return deliveries.filter(
        Q(notice__congress__in=congress_ids) | Q(post__congress__in=congress_ids) | of_digest
    )


def retry(deliveries, user, now=None):
    """Have failed deliveries, and those put off until later, tried again now: the same message to the same
    address. Returns how many; each is kept on record. What was sent, or is being sent, stays as it is.

    A failed one gets one more try; it fails for good again if that fails too.
    """
    now = now or timezone.now()
    put_off = Q(state=Delivery.State.WAITING, attempts__gt=0, next_try_at__gt=now)
    asked = Q(state=Delivery.State.FAILED) | put_off & ~Q(leased_until__gt=now)
    wanted = Delivery.objects.filter(pk__in=list(deliveries.values_list("pk", flat=True)))
    with transaction.atomic():
        rows = list(wanted.filter(asked).select_for_update())
        pks = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=pks).update(
            state=Delivery.State.WAITING, next_try_at=now, leased_until=None
        )
        Retry.objects.bulk_create(
            Retry(delivery=row, at=now, user=user, who=user.name, attempts=row.attempts, error=row.error)
            for row in rows
        )
        for lane in {row.lane for row in rows}:
            wake_lane(lane)
        transaction.on_commit(wake)
    return len(rows)


# What stands in the name or the text of an error, and what it means. The text itself may name hosts and keys.
REASONS = (
    (r"SMTPAuthentication", "邮件服务器不认账号或密码"),
    (r"SMTPRecipientsRefused", "对方的邮件服务器不收这个地址"),
    (r"SMTPSenderRefused", "邮件服务器不收这个发件人"),
    (r"SMTPDataError", "邮件服务器不收这封信"),
    (r"SMTPServerDisconnected|ConnectionReset|BrokenPipe|ConnectionAborted", "服务器中断了连接"),
    (r"ConnectionRefused|Connection refused", "服务器没有开，或地址、端口不对"),
    (r"Timeout|timed out", "服务器没有回应，超时"),
    (r"gaierror|Name or service|Temporary failure in name", "找不到服务器的地址"),
    (r"SSL|certificate", "加密连接没有建立"),
    (r"unreachable|No route", "网络不通"),
    (r"SMTP", "邮件服务器不收"),
)


def reason(error):
    """Why a delivery failed, in Chinese, from what it keeps: `ErrorName: text`. An error of ours is Chinese
    already; a number of the server's answer is kept."""
    if not error:
        return ""
    name, _, text = error.partition(": ")
    if re.search(r"[\u4e00-\u9fff]", text):
        return text
    words = next(
        (words for pattern, words in REASONS if re.search(pattern, error)), "没有送出，原因见服务器日志"
    )
    code = re.search(r"\b[45]\d\d\b", text)
    return f"{words}（{code.group()}）" if code and name.startswith("SMTP") else words
