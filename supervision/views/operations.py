"""运行状况: for administrators. What runs, what was sent, what was not; and trying it again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.grants import may_administer
from institutions.admin_base import congress_ids
from notifications.models import Delivery, Retry
from notifications.upkeep import of_congresses, retry
from supervision.operations import page
from supervision.operations.deliveries import CHANNELS, KINDS, line_of, midnight, problems_in, with_details

PAGE_SIZE = 50
STATES = {
    "problem": "没送达和重试中",
    "failed": "没送达",
    "retrying": "重试中",
    "sent": "已送达",
    "": "今天的",
}


def administrators_only(view):
    """For others the page does not exist."""

    def guarded(request, *args, **kwargs):
        if not may_administer(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@administrators_only
def operations(request):
    """The whole state of the installation on one page."""
    return render(request, "supervision/operations.html", page(congress_ids(request)))


@require_safe
@administrators_only
def deliveries(request):
    """The deliveries behind a figure: ?state=, channel=, kind=; what it does not know it leaves out."""
    now = timezone.now()
    state = request.GET.get("state", "problem")
    state = state if state in STATES else "problem"
    rows = problems_in(congress_ids(request), now) if state == "problem" else _rows(request, state, now)
    channel, kind = request.GET.get("channel", ""), request.GET.get("kind", "")
    if channel in Delivery.Channel:
        rows = rows.filter(channel=channel)
    if kind in KINDS:
        rows = rows.filter(**{f"{kind}__isnull": False})
    listed = Paginator(with_details(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    query = QueryDict(mutable=True)
    query.update({key: request.GET[key] for key in ("state", "channel", "kind") if request.GET.get(key)})
    context = {
        "lines": [line_of(row) for row in listed],
        "page": listed,
        "state": state,
        "states": STATES,
        "title": " · ".join(
            filter(None, (CHANNELS.get((channel, kind)) or _channel(channel), STATES[state]))
        ),
        "query": query.urlencode(),
        "retries": _retries(congress_ids(request)),
        "now": now,
    }
    return render(request, "supervision/deliveries.html", context)


def _channel(channel):
    return Delivery.Channel(channel).label if channel in Delivery.Channel else ""


def _rows(request, state, now):
    start, states = midnight(now), Delivery.State
    rows = of_congresses(Delivery.objects.all(), congress_ids(request)).order_by("-pk")
    sent = rows.filter(state=states.SENT, sent_at__gte=start)
    failed = rows.filter(state=states.FAILED, next_try_at__gte=start)
    waiting = rows.filter(state=states.WAITING)
    return {
        "sent": sent,
        "failed": failed,
        "retrying": waiting.filter(attempts__gt=0),
        "": sent | failed | waiting,
    }[state]


def _retries(ids):
    """Who had what tried again lately, newest first."""
    mine = of_congresses(Delivery.objects.all(), ids)
    rows = Retry.objects.filter(delivery__in=mine) if ids is not None else Retry.objects.all()
    return rows.select_related("delivery").order_by("-pk")[:20]


@require_POST
@administrators_only
def try_again(request):
    """Try deliveries again: `pk` names one, `which` all that failed (failed) or wait for another try (retrying)."""
    rows = problems_in(congress_ids(request), timezone.now())
    pk, which = request.POST.get("pk", ""), request.POST.get("which", "")
    if pk.isascii() and pk.isdigit() and len(pk) <= 18:
        rows = rows.filter(pk=pk)
        if not rows.exists():
            raise Http404
    elif which == "failed":
        rows = rows.filter(state=Delivery.State.FAILED)
    elif which == "retrying":
        rows = rows.filter(state=Delivery.State.WAITING)
    else:
        raise Http404
    number = retry(rows, request.user)
    if number:
        messages.success(request, f"{number} 条马上再送一次，送的是原来那一条；结果稍后刷新本页可见。")
    else:
        messages.info(request, "没有要重试的：已经送达，或正在送。")
    back = "supervision:deliveries" if request.POST.get("back") == "list" else "supervision:operations"
    return redirect(reverse(back))
