"""What is removed in time, and what never is."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.models import JobRun
from notifications import retention
from notifications.models import Delivery, Digest, Notice, Retry, UnitPost
from notifications.services import notify
from supervision import tasks, tidying
from supervision.models import Reminder


@pytest.fixture
def told(cast, settings):
    """A notice with its delivery, a digest, a unit's post: all of today."""
    settings.KEEP_NOTICES_DAYS = settings.KEEP_DIGESTS_DAYS = 100
    settings.KEEP_DELIVERIES_DAYS = 30
    settings.KEEP_QUEUE_LEFTOVERS_DAYS = 10
    notify({cast.chen.pk}, congress_id=cast.congress.pk, words="催办", url="/", key="k", is_urgent=True)
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    Digest.objects.create(user=cast.chen, day=timezone.localdate(), content={})
    UnitPost.objects.create(unit=cast.units["civil"], congress=cast.congress, key="k", words="催办")


def numbers():
    return [model.objects.count() for model in (Notice, Delivery, Digest, UnitPost)]


@pytest.mark.parametrize(
    ("days", "left"), [(29, [1, 1, 1, 1]), (31, [1, 0, 1, 1]), (99, [1, 0, 1, 1]), (101, [0, 0, 0, 0])]
)
def test_each_kind_goes_after_its_time(told, days, left):
    retention.prune(timezone.now() + timedelta(days=days))
    assert numbers() == left


def test_what_still_waits_to_be_sent_is_never_removed(told):
    Delivery.objects.update(state="waiting", sent_at=None)
    retention.prune(timezone.now() + timedelta(days=1000))
    assert numbers() == [1, 1, 0, 0]


def test_what_was_given_up_goes_with_its_retries(told, cast):
    Delivery.objects.update(state="failed")
    Retry.objects.create(delivery=Delivery.objects.get(), user=cast.admin, who="管理员", attempts=8)
    assert retention.prune(timezone.now() + timedelta(days=31))["deliveries"] == 1
    assert not Retry.objects.exists()


def test_much_goes_in_small_steps(told, cast, monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 2)
    for number in range(5):
        notify({cast.chen.pk}, congress_id=cast.congress.pk, words="知道", url="/", key=f"n{number}")
    assert retention.prune(timezone.now() + timedelta(days=101))["notices"] == 6


def test_a_reminder_that_was_given_is_remembered(told, cast):
    """Else the stage would be told again."""
    Reminder.objects.create(
        duty_key="x:1", stage=3, due_on=timezone.localdate(), user=cast.chen, made_on=timezone.localdate()
    )
    tidying.tidy(timezone.now() + timedelta(days=1000))
    assert Reminder.objects.count() == 1


def test_once_a_day_whoever_asks_and_on_record(told, client, cast, time_machine):
    client.force_login(cast.chen)
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    tasks.tidy()
    assert JobRun.objects.get(name="tidy").finished_at == start
    assert tidying.tidy_when_due() is None
    time_machine.move_to(start + timedelta(days=31), tick=False)
    assert tidying.tidy_when_due()["sessions"] == Session.objects.count() + 1 == 1
    assert JobRun.objects.get(name="tidy").counts["deliveries"] == 1
    # The clock is put back: what was done in the future does not count.
    time_machine.move_to(start, tick=False)
    assert tidying.tidy_when_due() is not None


def test_cron_alone_tidies_too(told):
    from django.core.management import call_command

    call_command("run_daily")
    assert JobRun.objects.filter(name="tidy", finished_at__isnull=False).exists()


def test_sending_without_a_queue(cast, settings, capsys, mailoutbox):
    from django.core.management import call_command

    notify({cast.chen.pk}, congress_id=cast.congress.pk, words="催办", url="/", key="k", is_urgent=True)
    for said in ("送出 1 条，没送出 0 条", "送出 0 条，没送出 0 条"):
        call_command("send_pending")
        assert said in capsys.readouterr().out
    assert len(mailoutbox) == 1
    assert JobRun.objects.get(name="deliver").finished_at is not None
