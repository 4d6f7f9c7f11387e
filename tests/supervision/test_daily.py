"""The daily run: by schedule and by hand, once and again, at once with itself, after being killed."""

import threading
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections

from accounts.models import SetAsideForm
from notifications.models import Delivery, Digest, Notice
from proposals.models import Clock, ProposalEvent
from proposals.status import ProposalStatus
from supervision import daily, tasks
from supervision.models import DailyRun, Reminder
from tests.cast import build_cast, make_proposal

from .conftest import at

DAY = date(2026, 2, 3)


@pytest.fixture
def handling(cast):
    return make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))


def run(*words, capsys=None):
    call_command("run_daily", *words)
    return capsys.readouterr().out if capsys else ""


# --- By schedule ----------------------------------------------------------------------------------------


def test_not_before_the_hour_then_once_a_day(handling):
    assert daily.run_when_due(at(2026, 2, 3, 8, 29)) is None
    assert Digest.objects.count() == 0
    counts = daily.run_when_due(at(2026, 2, 3, 8, 30))
    assert counts["digests"] == 3
    assert daily.run_when_due(at(2026, 2, 3, 8, 40)) is None
    assert daily.run_when_due(at(2026, 2, 4, 8, 30))["digests"] == 3


def test_a_machine_that_was_off_in_the_morning_catches_up(handling):
    assert daily.run_when_due(at(2026, 2, 3, 15))["digests"] == 3


def test_what_comes_up_during_the_day_waits_for_the_next_morning(cast, handling):
    daily.run_daily(DAY)
    make_proposal(cast, ProposalStatus.SUBMITTED, now=at(2026, 2, 3, 10))
    assert daily.run_daily(DAY)["digests"] == 0
    assert not Digest.objects.filter(user=cast.su).exists()
    daily.run_daily(DAY + timedelta(days=1))
    assert Digest.objects.filter(user=cast.su, day=DAY + timedelta(days=1)).exists()


def test_the_hour_is_a_setting(handling, settings):
    from datetime import time

    settings.DIGEST_HOUR = time(7, 0)
    assert daily.run_when_due(at(2026, 2, 3, 7, 5)) is not None


def test_the_tasks_are_one_call_each(handling, time_machine):
    time_machine.move_to(at(2026, 2, 3, 9))
    tasks.daily()
    assert DailyRun.objects.get(day=DAY).finished_at is not None
    tasks.recompute()


# --- By hand --------------------------------------------------------------------------------------------


def test_the_command_does_it_all_and_says_so_in_chinese(handling, capsys):
    out = run("--today", "2026-02-03", capsys=capsys)
    assert "2026年2月3日（周二）的每日任务已完成。" in out
    assert "每日汇总 3 份" in out
    assert "消息发出 3 条" in out
    assert len(mail.outbox) == 3


def test_run_twice_everything_stays_as_it_was(handling, capsys):
    run("--today", "2026-05-07", capsys=capsys)
    before = [model.objects.count() for model in (Digest, Delivery, Reminder, Notice, ProposalEvent)]
    out = run("--today", "2026-05-07", capsys=capsys)
    assert "当天已经做过" in out
    assert [model.objects.count() for model in (Digest, Delivery, Reminder, Notice, ProposalEvent)] == before
    assert len(mail.outbox) == len({(m.to[0], m.subject) for m in mail.outbox})


def test_after_three_days_off_one_digest_and_the_newest_stage(cast, handling):
    handling.accept("civil").accept("finance").opinion()
    daily.run_daily(date(2026, 4, 28))
    daily.run_daily(date(2026, 5, 7))
    days = Digest.objects.filter(user=cast.chen).order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 4, 28), date(2026, 5, 7)]
    stages = Reminder.objects.filter(user=cast.chen).order_by("pk").values_list("stage", flat=True)
    assert list(stages) == [15, 0]


@pytest.mark.parametrize("word", ["昨天", "2026-02-30", "20260203"])
def test_a_date_that_is_none_is_refused(db, capsys, word):
    with pytest.raises(SystemExit) as stop:
        call_command("run_daily", "--today", word)
    assert stop.value.code == 2
    assert f"日期“{word}”看不懂" in capsys.readouterr().err
    assert not DailyRun.objects.exists()


def test_old_set_aside_forms_are_pruned(cast, handling):
    old = SetAsideForm.objects.create(user=cast.lin, path="/x/", fields={})
    SetAsideForm.objects.filter(pk=old.pk).update(created_at=at(2020, 1, 1))
    assert daily.run_daily(DAY)["pruned"] == 1


# --- 未表态 ---------------------------------------------------------------------------------------------


@pytest.fixture
def replied(cast):
    return make_proposal(cast, ProposalStatus.REPLIED, now=at(2026, 4, 1))


def silent_day(walk):
    """The first day on which the reply is silent: window and grace over."""
    from proposals.workflow import Case
    from proposals.workflow.guards import silent_after

    case = Case.load(walk.proposal.pk)
    return silent_after(case, case.place(walk.place("civil").pk)) + timedelta(days=1)


def test_a_reply_nobody_rated_becomes_silent_when_window_and_grace_are_over(cast, replied):
    day = silent_day(replied)
    due = Clock.objects.get(proposal=replied.proposal, kind="rating").due_on
    daily.run_daily(due)
    assert Reminder.objects.filter(user=cast.lin).exists()
    assert daily.run_daily(day - timedelta(days=1))["silent"] == 0
    assert daily.run_daily(day)["silent"] == 1
    replied.proposal.refresh_from_db()
    assert replied.proposal.status == ProposalStatus.CLOSED
    event = replied.proposal.events.last()
    assert (event.action, event.actor_name) == ("mark_silent", "系统")
    assert replied.place("civil").reply.silent_on == day
    assert daily.run_daily(day)["silent"] == 0


def test_who_was_never_reminded_is_reminded_first(cast, replied):
    day = silent_day(replied) + timedelta(days=30)
    assert daily.run_daily(day)["silent"] == 0
    assert Reminder.objects.filter(user=cast.lin, made_on=day).count() == 1
    assert daily.run_daily(day + timedelta(days=1))["silent"] == 1


def test_a_proposer_without_an_account_cannot_be_reminded(cast, replied):
    cast.lin.grants.update(is_active=False)
    assert daily.run_daily(silent_day(replied))["silent"] == 1


def test_a_rated_reply_stays_rated(cast, replied):
    day = silent_day(replied)
    replied.rate()
    daily.run_daily(day - timedelta(days=3))
    assert daily.run_daily(day)["silent"] == 0


# --- Killed, and at once with itself --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["remind", "make_digests", "deliver_pending"])
def test_killed_at_any_step_the_next_run_finishes(cast, handling, monkeypatch, step):
    class Killed(Exception):
        pass

    def die(*args):
        raise Killed

    day = date(2026, 5, 7)
    with monkeypatch.context() as patch:
        patch.setattr(daily, step, die)
        with pytest.raises(Killed):
            daily.run_daily(day)
    daily.run_daily(day)
    assert Digest.objects.filter(user=cast.chen, day=day).count() == 1
    assert Reminder.objects.filter(user=cast.chen).count() > 0
    assert Delivery.objects.exclude(state=Delivery.State.SENT).count() == 0
    assert len([m for m in mail.outbox if m.to == ["chen@example.test"]]) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_everybody_once():
    cast = build_cast()
    for _ in range(4):
        make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    day, errors = date(2026, 5, 7), []
    barrier = threading.Barrier(3)

    def work():
        try:
            barrier.wait(timeout=20)
            daily.run_daily(day)
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
    keys = list(Notice.objects.values_list("user", "key"))
    assert len(keys) == len(set(keys))
    people = list(Digest.objects.filter(day=day).values_list("user", flat=True))
    assert len(people) == len(set(people)) == Delivery.objects.filter(state="sent").count()
    assert len([m for m in mail.outbox if m.to == ["chen@example.test"]]) == 1
    assert Reminder.objects.count() == len(
        set(Reminder.objects.values_list("clock", "stage", "due_on", "user"))
    )
    connection.close()
