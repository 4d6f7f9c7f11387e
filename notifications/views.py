"""消息: what is to be done, for whom one waits, and what one should know; and the digests of earlier days."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from .agenda import agenda_of
from .models import Digest, Notice
from .services import digest_hour, know_unread, unread_count

PAGE_SIZE = 30
EARLIER = 5


@require_safe
def notices(request):
    """The live lists first, then all notices, unread ones on top."""
    mine = Notice.objects.filter(user=request.user)
    is_read = ExpressionWrapper(Q(read_at__isnull=False), BooleanField())
    unread_first = mine.order_by(is_read, "-pk")
    paginator = Paginator(unread_first, PAGE_SIZE)
    paginator.count = _count(request.user, mine)
    page = paginator.get_page(request.GET.get("page"))
    recent = Digest.objects.filter(user=request.user).order_by("-day")[: EARLIER + 1]
    digests = [summary(digest) for digest in recent]
    today = timezone.localdate()
    context = {
        "agenda": agenda_of(request.user),
        "page": page,
        # 全部标为已读 leaves alone what arrives after the page was made.
        "newest": _newest_unread(mine, page),
        "unread": unread_count(request.user),
        "todays": next((digest for digest in digests if digest["day"] == today), None),
        "earlier": [digest for digest in digests if digest["day"] != today][:EARLIER],
        "hour": digest_hour(request.user),
        "has_sms": bool(settings.SMS_SENDER),
    }
    return render(request, "notifications/notices.html", context)


def _count(user, mine):
    """How many notices there are; the header's number of unread ones is counted with them."""
    unread = Count("pk", filter=Q(read_at__isnull=True))
    counts = mine.aggregate(total=Count("pk"), unread=unread)
    know_unread(user, counts["unread"])
    return counts["total"]


def _newest_unread(mine, page):
    """The newest unread notice that the page knows of; on the first page, where unread ones stand on top, its own."""
    if page.number == 1:
        return next((notice.pk for notice in page.object_list if notice.read_at is None), 0)
    return mine.order_by("-pk").values_list("pk", flat=True).first() or 0


def summary(digest):
    """One line of the list of digests."""
    content = digest.content
    parts = [f"要您办 {content['todo']['count']} 条", f"在等别人 {content['wait']['count']} 条"]
    return {"day": digest.day, "words": "，".join(parts), "created_at": digest.created_at}


@require_safe
def digests(request):
    """All digests of the person, newest first."""
    rows = Digest.objects.filter(user=request.user).order_by("-day")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "digests": [summary(digest) for digest in page]}
    return render(request, "notifications/digests.html", context)


@require_safe
def digest(request, day):
    """One digest as it was made."""
    try:
        day = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    row = get_object_or_404(Digest, user=request.user, day=day)
    Digest.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=timezone.now())
    return render(request, "notifications/digest.html", {"digest": row, "content": row.content})


@require_safe
def open_notice(request, pk):
    """Mark a notice as read and go to the page it speaks of. A link: reading it twice changes nothing more."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    _read(Notice.objects.filter(pk=pk))
    is_local = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if is_local and notice.url.startswith("/") else "notifications:notices")


@require_POST
def mark_read(request, pk):
    """Mark one notice as read without opening it."""
    get_object_or_404(Notice, pk=pk, user=request.user)
    _read(Notice.objects.filter(pk=pk))
    return _back(request)


@require_POST
def mark_all_read(request):
    """Mark every notice of the person as read, up to the newest one that the page showed."""
    rows = Notice.objects.filter(user=request.user)
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) <= 18:
        rows = rows.filter(pk__lte=int(newest))
    count = _read(rows)
    messages.success(request, f"已把 {count} 条消息标为已读。" if count else "没有未读的消息。")
    return _back(request)


def _read(rows):
    return rows.filter(read_at__isnull=True).update(read_at=timezone.now())


def _back(request):
    page = request.POST.get("page", "")
    suffix = f"?page={page}" if page.isascii() and page.isdigit() else ""
    response = redirect("notifications:notices")
    response["Location"] += suffix
    return response
