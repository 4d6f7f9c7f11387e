"""A simulated half year on a small scale: no deadline passes unseen, and nobody hears of what is done.

Everything is counted from the rows of the database, not from what the command prints.
"""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import Count, F, Q

from notifications.models import Delivery, Digest, Notice
from proposals.history import verify
from proposals.models import Clock, Proposal
from proposals.status import ClockKind
from supervision.models import Reminder
from supervision.simulation.report import report
from supervision.simulation.year import simulate

LAST = date(2026, 7, 31)
# Clocks on which somebody has to act; a window that closes and a ceiling ask for nothing.
ASKING = (
    ClockKind.REVIEW,
    ClockKind.ASSIGN,
    ClockKind.ACCEPT,
    ClockKind.DISPATCH,
    ClockKind.OPINION,
    ClockKind.REPLY,
    ClockKind.REDO,
    ClockKind.RATING,
    ClockKind.JUDGE,
)


def live(proposals=14, last_day=LAST, seed=3):
    return simulate(proposals=proposals, units=6, deputies=20, seed=seed, last_day=last_day)


def missed_clocks():
    """Clocks that somebody let pass, and that were not stopped before a working day had come."""
    late = Q(met_on__gt=F("due_on") + timedelta(days=7)) | Q(met_on=None, due_on__lt=LAST - timedelta(days=7))
    return Clock.objects.filter(late, kind__in=ASKING, voided_on=None)


@pytest.mark.django_db
def test_no_deadline_passes_unseen_in_half_a_year():
    year = live()
    assert not year.refused
    assert Proposal.objects.filter(status="closed").count() > 5

    told_of = set(Reminder.objects.filter(stage__lte=0).values_list("clock_id", flat=True))
    missed = list(missed_clocks())
    assert missed, "the half year is too diligent to show anything"
    # A case may have waited on somebody else meanwhile (a request pending): those had their own clock.
    silent = [clock for clock in missed if clock.pk not in told_of and not _was_asked_about(clock)]
    assert not silent

    reminders = Reminder.objects.values("clock", "stage", "due_on", "user").annotate(Count("pk"))
    assert not reminders.filter(pk__count__gt=1)
    assert not Digest.objects.values("user", "day").annotate(Count("pk")).filter(pk__count__gt=1)
    stopped = Q(clock__met_on__lt=F("made_on")) | Q(clock__voided_on__lt=F("made_on"))
    assert not Reminder.objects.filter(stopped)
    assert all(
        Notice.objects.filter(key=reminder.notice_key).exists() for reminder in Reminder.objects.all()[:50]
    )
    assert not Delivery.objects.exclude(state=Delivery.State.SENT)
    assert not mail.outbox, "a simulation sends nothing"
    assert not list(verify())
    lines = "\n".join(report(year, LAST))
    assert f"提前 7 天：{Reminder.objects.filter(stage=7).count()}" in lines
    assert f"每日汇总 {Digest.objects.count()} 份" in lines


def _was_asked_about(clock):
    requests = clock.proposal.requests.filter(asked_on__lte=clock.due_on)
    return requests.filter(Q(decided_on=None) | Q(decided_on__gte=clock.due_on)).exists()


@pytest.mark.django_db
def test_the_same_seed_lives_the_same_year():
    def outcome():
        year = live(proposals=8, last_day=date(2026, 3, 20))
        return year.actions, list(report(year, LAST))[:-1]

    from django.db import transaction

    found = []
    for _ in range(2):
        with transaction.atomic():
            found.append(outcome())
            transaction.set_rollback(True)
    assert found[0] == found[1]


@pytest.mark.django_db
def test_the_command_leaves_a_database_with_people_alone(cast, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("simulate_year", "--proposals", "5", "--units", "5", "--deputies", "5")
    assert stop.value.code == 1
    assert "只在空的数据库里运行" in capsys.readouterr().err
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("option", ["--proposals", "--units", "--deputies"])
@pytest.mark.django_db
def test_too_few_to_live_a_year(option, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("simulate_year", option, "2")
    assert stop.value.code == 2
    assert "至少要 5 个" in capsys.readouterr().err
