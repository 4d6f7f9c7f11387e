"""Deliveries on the operations page: how each channel did today, and what did not arrive. Nothing here tells of a
case; recipients are masked, addresses left out. An administrator sees the deliveries of their congresses.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from accounts.models import Grant, Role
from core.dates import SHANGHAI
from notifications.models import Delivery, Digest, Notice
from notifications.upkeep import of_congresses, reason

# Given up longer ago than this, a message is of no use any more.
RECENT = timedelta(days=30)
WEEK = timedelta(days=7)
SHOWN = 10

CHANNELS = {
    ("email", "digest"): "邮件（每日汇总）",
    ("email", "notice"): "邮件（催办和答复）",
    ("email", "post"): "邮件（单位公用邮箱）",
    ("sms", ""): "短信",
    ("group", ""): "单位群",
}
ALWAYS = (("email", "digest"), ("email", "notice"))
KINDS = {"digest": "每日汇总", "notice": "催办等", "post": "单位消息"}

_kind = Case(
    When(digest__isnull=False, then=Value("digest")),
    When(post__isnull=False, then=Value("post")),
    default=Value("notice"),
    output_field=CharField(),
)


@dataclass
class Channel:
    """One row of 今天各渠道送达."""

    label: str
    due: int = 0
    sent: int = 0
    retrying: int = 0
    failed: int = 0
    given_up: int = 0  # failed lately, not only today
    last: datetime | None = None
    query: str = ""

    @property
    def light(self):
        """The light and its word."""
        if self.failed:
            return "red", f"{self.failed} 条没送达"
        if self.retrying:
            return "yellow", f"{self.retrying} 条在重试"
        waiting = self.due - self.sent
        return ("grey", f"{waiting} 条在送") if waiting else ("green", "正常")


@dataclass
class Problems:
    """The deliveries that have failed or wait for another try."""

    rows: list = field(default_factory=list)
    failed: int = 0
    retrying: int = 0


def midnight(now):
    """The beginning of the Shanghai day."""
    return timezone.localtime(now, SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def problems_in(congress_ids, now):
    """Failed lately, or put off after a failure (a queryset of Delivery), failed ones first."""
    failed = Q(state=Delivery.State.FAILED, next_try_at__gte=now - RECENT)
    rows = Delivery.objects.filter(failed | Q(state=Delivery.State.WAITING, attempts__gt=0))
    return of_congresses(rows, congress_ids).order_by("state", "next_try_at", "pk")


def with_details(deliveries):
    """The deliveries with what `line_of` needs, in the same query."""
    grants = Grant.objects.in_force().filter(user=OuterRef("person")).order_by("pk")
    person = Case(
        When(digest__isnull=False, then="digest__user"), When(notice__isnull=False, then="notice__user")
    )
    return (
        deliveries.annotate(kind=_kind, person=person)
        .annotate(role=Subquery(grants.values("role")[:1]), place=Subquery(grants.values("unit__name")[:1]))
        .select_related("digest__user", "notice__user", "post__unit")
    )


def line_of(delivery):
    """One delivery as the page shows it: a dict of words. The person's name is masked, the address left out."""
    is_failed = delivery.state == Delivery.State.FAILED
    return {
        "pk": delivery.pk,
        "who": _who(delivery),
        "channel": delivery.get_channel_display(),
        "what": delivery.notice.get_topic_display() if delivery.notice_id else KINDS[delivery.kind],
        "state": delivery.get_state_display(),
        "reason": reason(delivery.error),
        "attempts": delivery.attempts,
        "is_failed": is_failed,
        "next": None if is_failed else delivery.next_try_at,
        "sent_at": delivery.sent_at,
        "may_retry": is_failed or bool(delivery.state == Delivery.State.WAITING and delivery.attempts),
    }


def _who(delivery):
    """市财政局 邓**, 代表 林**: enough to know where to ask."""
    if delivery.post_id:
        return delivery.post.unit.name
    user = (delivery.digest or delivery.notice).user
    place = delivery.place or (Role(delivery.role).label if delivery.role else "")
    return f"{place} {user.name[:1]}**".strip()


def channels_today(congress_ids, now):
    """The rows of 今天各渠道送达 and since when the oldest delivery not yet tried is due: (list of Channel,
    datetime or None). What waits from earlier days counts as due today."""
    start, state = midnight(now), Delivery.State
    today = Q(state=state.SENT, sent_at__gte=start) | Q(state=state.WAITING)
    earlier = Q(state=state.FAILED, next_try_at__lt=start)
    lately = Q(state=state.FAILED, next_try_at__gte=now - RECENT)
    found = (
        of_congresses(Delivery.objects.filter(today | lately), congress_ids)
        .annotate(kind=_kind)
        .order_by()
        .values("channel", "kind")
        .annotate(
            due=Count("pk", filter=~earlier),
            sent=Count("pk", filter=Q(state=state.SENT)),
            retrying=Count("pk", filter=Q(state=state.WAITING, attempts__gt=0)),
            failed=Count("pk", filter=Q(state=state.FAILED) & ~earlier),
            given_up=Count("pk", filter=Q(state=state.FAILED)),
            last=Max("sent_at"),
            oldest=Min("next_try_at", filter=Q(state=state.WAITING, attempts=0, next_try_at__lte=now)),
        )
    )
    rows, oldest = {key: Channel(CHANNELS[key]) for key in ALWAYS}, None
    for each in found:
        key = (each["channel"], each["kind"] if each["channel"] == "email" else "")
        row = rows.setdefault(key, Channel(CHANNELS[key]))
        for name in ("due", "sent", "retrying", "failed", "given_up"):
            setattr(row, name, getattr(row, name) + each[name])
        row.last = max(filter(None, (row.last, each["last"])), default=None)
        oldest = min(filter(None, (oldest, each["oldest"])), default=None)
    for (channel, kind), row in rows.items():
        row.query = f"channel={channel}&kind={kind}" if kind else f"channel={channel}"
    return list(rows.values()), oldest


def in_app(congress_ids, now):
    """站内消息 of today, and how many digests there are of each of the last seven days: (Channel, {date: number}).

    What is in the database is told, so due and sent are one number.
    """
    today = timezone.localdate(now)
    notices = Notice.objects.filter(created_at__gte=midnight(now))
    digests = Digest.objects.filter(day__gt=today - WEEK, day__lte=today)
    if congress_ids is not None:
        notices = notices.filter(congress__in=congress_ids)
        digests = digests.filter(user__in=Grant.objects.filter(congress__in=congress_ids).values("user"))
    of_today = notices.order_by().annotate(of=Value(None, output_field=DateField())).values("of")
    by_day = digests.order_by().annotate(of=F("day")).values("of")
    n, last = Count("pk"), Max("created_at")
    found = {
        row["of"]: row
        for row in of_today.annotate(n=n, last=last).union(by_day.annotate(n=n, last=last), all=True)
    }
    todays = [row for key, row in found.items() if key in (None, today) and row["n"]]
    number = sum(row["n"] for row in todays)
    channel = Channel(
        "站内消息", due=number, sent=number, last=max((row["last"] for row in todays), default=None)
    )
    return channel, {key: row["n"] for key, row in found.items() if key}


def problems(congress_ids, channels, now):
    """The first of 没送达和重试中, with the numbers of all, which the rows of the channels hold."""
    rows = with_details(problems_in(congress_ids, now))[:SHOWN]
    return Problems(
        [line_of(row) for row in rows],
        failed=sum(channel.given_up for channel in channels),
        retrying=sum(channel.retrying for channel in channels),
    )
