"""Which deliveries a message gets: by what its congress sends, and by what the person has chosen (消息怎么收).

Only rows are written here; `delivery.py` sends them. Insertion is conflict-free: one per thing, channel, address.
"""

from django.conf import settings
from django.db.models import Q

from institutions.models import Unit

from .models import Delivery, Digest, MessagePlan, Notice, UnitGroup, UnitPost

EMAIL, SMS, GROUP = Delivery.Channel.EMAIL, Delivery.Channel.SMS, Delivery.Channel.GROUP


def queue_notices(key, user_ids, topic, congress_id):
    """Email and SMS for the urgent notices with this key. A reply is delivered by whatever the person has: the
    law leaves no choice there; an urge by what the person has left on."""
    is_reply = topic == Notice.Topic.REPLY
    plan = MessagePlan.objects.filter(congress=congress_id).first() or MessagePlan()
    by_sms = bool(settings.SMS_SENDER) and (plan.sms_replies if is_reply else plan.sms_urges)
    rows = Notice.objects.filter(key=key, user_id__in=user_ids).values_list(
        "pk", "user__email", "user__phone", "user__preference__urge_mail", "user__preference__urge_sms"
    )
    wanted = []
    for pk, email, phone, likes_mail, likes_sms in rows:
        if email and (is_reply or likes_mail is not False):
            wanted.append(Delivery(notice_id=pk, channel=EMAIL, address=email))
        if by_sms and phone and (is_reply or likes_sms is not False):
            wanted.append(Delivery(notice_id=pk, channel=SMS, address=phone))
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)


def queue_digests(day, user_ids, late_user_ids):
    """An email for the digests of these people, and an SMS for those who are reminded by SMS that day."""
    rows = Digest.objects.filter(day=day, user__in=user_ids).values_list(
        "pk",
        "user_id",
        "user__email",
        "user__phone",
        "user__preference__digest_mail",
        "user__preference__late_sms",
    )
    wanted = []
    for pk, user_id, email, phone, likes_mail, likes_sms in rows:
        if email and likes_mail is not False:
            wanted.append(Delivery(digest_id=pk, channel=EMAIL, address=email))
        if settings.SMS_SENDER and phone and user_id in late_user_ids and likes_sms is not False:
            wanted.append(Delivery(digest_id=pk, channel=SMS, address=phone))
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)


def units_with_channels(unit_ids):
    """Those of the units that have a shared mailbox or a group (a set of ids)."""
    has_one = ~Q(mailbox="") | Q(groups__is_active=True)
    return set(Unit.objects.filter(has_one, pk__in=unit_ids).values_list("pk", flat=True))


def queue_posts(posts):
    """Mailbox and groups for these posts (a queryset of UnitPost); returns how many deliveries were wanted."""
    rows = list(posts.values_list("pk", "unit_id", "unit__mailbox"))
    groups = {}
    for pk, unit_id in UnitGroup.objects.filter(
        is_active=True, unit__in={row[1] for row in rows}
    ).values_list("pk", "unit_id"):
        groups.setdefault(unit_id, []).append(pk)
    wanted = []
    for pk, unit_id, mailbox in rows:
        if mailbox:
            wanted.append(Delivery(post_id=pk, channel=EMAIL, address=mailbox))
        wanted += [
            Delivery(post_id=pk, channel=GROUP, address=str(group)) for group in groups.get(unit_id, ())
        ]
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


def make_posts(posts):
    """Insert UnitPosts that are new, with their deliveries; returns nothing. Call it inside a transaction."""
    UnitPost.objects.bulk_create(posts, ignore_conflicts=True)
    keys = {post.key for post in posts}
    queue_posts(UnitPost.objects.filter(key__in=keys, unit__in=[post.unit_id for post in posts]))
