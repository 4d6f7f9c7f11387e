"""A year's holidays are published: provisional dates become final, with one event per case that changes."""

from datetime import date

import pytest

from core.calendars import save_year
from proposals.models import Clock, Waiting
from proposals.status import ProposalStatus
from supervision import tasks
from supervision.calendars import recompute_provisional
from supervision.daily import run_daily
from tests.cast import make_proposal

from .conftest import at

# The reply of a case assigned on 20 November 2026 falls due on Monday, 22 February 2027, on plain weekends.
NOTICE = {date(2027, 2, day): (False, "春节") for day in range(17, 24)}


@pytest.fixture
def walk(cast):
    return make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 11, 20))


@pytest.fixture
def eager(monkeypatch):
    """The worker takes the task at once."""
    monkeypatch.setattr(tasks.recompute, "apply_async", lambda **options: tasks.recompute())


def reply_clock(walk):
    return walk.place("civil").clocks.get(kind="reply")


def recomputed(walk):
    return walk.proposal.events.filter(action="recompute")


def test_assigning_in_november_does_not_fail_and_says_provisional(walk):
    clock = reply_clock(walk)
    assert (clock.due_on, clock.is_provisional) == (date(2027, 2, 22), True)


def test_publishing_the_year_moves_the_date_with_an_event(walk, eager, django_capture_on_commit_callbacks):
    walk.accept("civil")
    with django_capture_on_commit_callbacks(execute=True):
        save_year(2027, NOTICE, source="国办发明电〔2026〕1号")
    clock = reply_clock(walk)
    assert (clock.due_on, clock.is_provisional) == (date(2027, 2, 24), False)
    assert clock.rule["first_due_on"] == "2027-02-22"
    [event] = recomputed(walk)
    assert (event.actor_name, event.words) == ("系统", "节假日安排公布，暂定的期限已重新计算")
    place = walk.place("civil")
    assert place.due_on == date(2027, 2, 24)
    assert Waiting.objects.get(assignment=place).due_on == date(2027, 2, 24)
    walk.proposal.refresh_from_db()
    assert walk.proposal.due_on == date(2027, 2, 24)


def test_the_daily_run_does_it_where_the_queue_slept(walk):
    save_year(2027, NOTICE)
    assert run_daily(date(2026, 11, 25))["recomputed"] == 1
    assert reply_clock(walk).due_on == date(2027, 2, 24)
    assert run_daily(date(2026, 11, 26))["recomputed"] == 0
    assert recomputed(walk).count() == 1


def test_a_date_that_stands_gets_no_event(walk):
    save_year(2027, {date(2027, 1, 1): (False, "元旦")})
    assert recompute_provisional() == 0
    clock = reply_clock(walk)
    assert (clock.due_on, clock.is_provisional) == (date(2027, 2, 22), False)
    assert recomputed(walk).count() == 0


def test_one_event_however_many_terms_move(cast):
    walk = make_proposal(cast, ProposalStatus.FILED, now=at(2026, 12, 28))
    walk.do(
        "assign",
        cast.su,
        placements=walk.placements(civil="separate", health="separate", education="separate"),
    )
    holiday = {date(2027, 1, day): (False, "元旦") for day in range(1, 5)}
    save_year(2027, holiday | {date(2027, 3, day): (False, "另加") for day in range(29, 32)})
    assert recompute_provisional() == 1
    assert recomputed(walk).count() == 1
    open_clocks = Clock.objects.filter(proposal=walk.proposal, met_on=None, voided_on=None)
    assert open_clocks.filter(is_provisional=True).count() == 0
    assert open_clocks.exclude(rule__first_due_on=None).count() >= 6


def test_only_cases_that_change_get_an_event(cast, walk):
    other = make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 11, 30))  # due 1 March 2027
    save_year(2027, NOTICE)
    assert recompute_provisional() == 1
    assert recomputed(other).count() == 0
    assert Clock.objects.filter(is_provisional=True, met_on=None).count() == 0


def test_works_in_batches_and_goes_on_after_being_killed(cast, walk, monkeypatch):
    from supervision import calendars

    others = [make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 11, 20)) for _ in range(2)]
    save_year(2027, NOTICE)
    monkeypatch.setattr(calendars, "CHUNK", 1)
    calls = []

    class Killed(Exception):
        pass

    perform = calendars.perform

    def die_on_the_second(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return perform(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(calendars, "perform", die_on_the_second)
        with pytest.raises(Killed):
            recompute_provisional()
    assert recompute_provisional() == 2
    assert [recomputed(each).count() for each in (walk, *others)] == [1, 1, 1]


def test_a_dead_queue_disturbs_nobody(walk, monkeypatch, django_capture_on_commit_callbacks):
    def dead(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.recompute, "apply_async", dead)
    with django_capture_on_commit_callbacks(execute=True):
        save_year(2027, NOTICE)
    assert reply_clock(walk).is_provisional


def test_ended_terms_are_left_alone(walk):
    walk.sign("civil")
    save_year(2027, NOTICE)
    recompute_provisional()
    assert reply_clock(walk).due_on == date(2027, 2, 22)
