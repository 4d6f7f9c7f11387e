"""Deliveries: claimed once, tried again with patience, visible when they fail."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from notifications import delivery, lanes, tasks
from notifications.delivery import BACK_OFF, LEASE, deliver_pending
from notifications.models import Delivery, Notice
from notifications.services import notify
from proposals.status import ProposalStatus
from tests.cast import build_cast, make_proposal


class BrokenBackend(EmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no server there")


BROKEN = f"{__name__}.BrokenBackend"


def urge(cast, *users, key="event:1"):
    notify(
        {user.pk for user in users},
        congress_id=cast.congress.pk,
        words="催办：2026-086 关于老年助餐的建议。请本周答复",
        url="/proposals/7/",
        key=key,
        is_duty=True,
        is_urgent=True,
    )
    return Delivery.objects.order_by("pk")


def later(**delta):
    return timezone.now() + timedelta(**delta)


def test_an_urge_goes_out_at_once_to_who_has_an_address(cast, settings):
    settings.SITE_URL = "https://jianyi.example.test"
    cast.zou.email = ""
    cast.zou.save()
    urge(cast, cast.chen, cast.zou)
    assert deliver_pending().sent == 1
    [message] = mail.outbox
    assert message.to == ["chen@example.test"]
    assert message.subject == "催办提醒：请登录处理"
    for body in (message.body, message.alternatives[0][0]):
        assert "2026-086" in body
        assert "https://jianyi.example.test/proposals/7/" in body
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.leased_until) == ("sent", 1, None)
    assert row.sent_at is not None


def test_sent_once_however_often_it_runs(cast):
    urge(cast, cast.chen)
    urge(cast, cast.chen)  # the same key
    for _ in range(3):
        tasks.deliver_pending()
    assert len(mail.outbox) == 1
    assert Notice.objects.filter(user=cast.chen).count() == 1


def test_the_action_urge_reaches_the_units_by_mail(cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    walk.do("urge", cast.su, words="请抓紧签收")
    deliver_pending()
    assert {message.to[0].partition("@")[0] for message in mail.outbox} == {"chen", "zou", "gao"}


def test_a_failing_server_is_tried_again_with_growing_patience_then_given_up(cast, settings):
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.chen)
    now = timezone.now()
    for attempt, minutes in enumerate(BACK_OFF, start=1):
        assert deliver_pending(now).failed == 1
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("waiting", attempt)
        assert row.next_try_at == now + timedelta(minutes=minutes)
        assert deliver_pending(now + timedelta(seconds=30)).failed == 0
        now = row.next_try_at
    deliver_pending(now)
    row.refresh_from_db()
    assert row.state == "failed"
    assert "no server there" in row.error
    assert deliver_pending(now + timedelta(days=9)).failed == 0


def test_after_a_failure_it_is_sent_when_the_server_is_back(cast, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.chen)
    deliver_pending()
    settings.EMAIL_BACKEND = backend
    assert deliver_pending().sent == 0
    assert deliver_pending(later(minutes=2)).sent == 1
    assert Delivery.objects.get().error == ""


def test_one_bad_address_does_not_stop_the_others(cast, monkeypatch):
    urge(cast, cast.chen, cast.gao)
    Delivery.objects.filter(notice__user=cast.chen).update(address="no\naddress")
    counts = deliver_pending()
    assert (counts.sent, counts.failed) == (1, 1)
    assert mail.outbox[0].to == ["gao@example.test"]


def test_a_dead_server_is_not_asked_for_every_message(cast, settings):
    settings.EMAIL_BACKEND = BROKEN
    for number in range(8):
        urge(cast, cast.chen, key=f"event:{number}")
    assert deliver_pending().failed == lanes.MAX_FAILURES_IN_A_ROW
    assert Delivery.objects.filter(attempts=0).count() == 8 - lanes.MAX_FAILURES_IN_A_ROW


def test_what_a_killed_worker_held_is_taken_up_after_its_lease(cast, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    urge(cast, cast.chen)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_send", die)
        with pytest.raises(Killed):
            deliver_pending()
    assert deliver_pending().sent == 0
    assert deliver_pending(later(seconds=LEASE.seconds + 5)).sent == 1


def test_a_sender_that_lost_its_lease_does_not_overwrite_the_outcome(cast):
    [row] = urge(cast, cast.chen)
    now = timezone.now()
    assert delivery._claim(row, now)
    assert deliver_pending(now + LEASE + timedelta(seconds=5)).sent == 1
    delivery._put_off(row, OSError("late"), now)
    assert Delivery.objects.get().state == "sent"


def test_a_repeated_try_carries_the_same_message_id(cast):
    [row] = urge(cast, cast.chen)
    deliver_pending()
    Delivery.objects.update(state="waiting")
    deliver_pending()
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second == f"<delivery-{row.pk}@127.0.0.1>"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once():
    cast = build_cast()
    for number in range(20):
        urge(cast, cast.chen, key=f"event:{number}")
    barrier, errors = threading.Barrier(3), []

    def work():
        try:
            barrier.wait(timeout=20)
            deliver_pending()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 20
    assert len(mail.outbox) == 20


# --- The administrator's view ---------------------------------------------------------------------------


def test_failures_are_shown_to_the_administrator_without_case_content(client, cast, settings):
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.chen)
    deliver_pending()
    client.force_login(cast.admin)
    html = client.get(reverse("admin:notifications_delivery_changelist")).content.decode()
    assert "no server there" in html
    assert "chen@example.test" in html
    assert "老年助餐" not in html
    row = Delivery.objects.get()
    shown = client.get(reverse("admin:notifications_delivery_change", args=[row.pk]))
    assert shown.status_code == 200
    assert "老年助餐" not in shown.content.decode()
    assert client.post(reverse("admin:notifications_delivery_change", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse("admin:notifications_delivery_delete", args=[row.pk])).status_code == 403


def test_another_congress_s_administrator_sees_none_of_it(client, cast):
    urge(cast, cast.chen)
    client.force_login(cast.stranger.admin)
    html = client.get(reverse("admin:notifications_delivery_changelist")).content.decode()
    assert "chen@example.test" not in html
    url = reverse("admin:notifications_delivery_change", args=[Delivery.objects.get().pk])
    assert client.get(url).status_code == 404
