"""What is reminded of beside replies: promises, first contacts, hidden cases; and what is not."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import resolve

from core.dates import SHANGHAI
from notifications.agenda import agenda_of
from notifications.models import Digest, Notice
from proposals.asking import FORMS, form_url
from proposals.forms import FORM_FOR
from proposals.models import Clock, Proposal
from proposals.status import ClockKind, ProposalStatus
from proposals.workflow.table import TABLE
from supervision import daily
from supervision.digests import make_digests
from supervision.models import Reminder
from supervision.reminders import put_away_done, remind
from tests.cast import make_proposal
from tests.proposals.actions.promised import act, promised

from .conftest import at


def told(day, kind):
    rows = Reminder.objects.filter(made_on=day, clock__kind=kind).select_related("user")
    return sorted(row.user.username for row in rows)


def test_a_promise_is_reminded_of_until_the_unit_has_reported(cast):
    walk, promise = promised(cast)
    clock = Clock.objects.get(kind=ClockKind.COMMITMENT)
    due = clock.due_on
    remind(due)
    assert told(due, ClockKind.COMMITMENT) == ["chen", "fang", "zou"]
    notice = Notice.objects.get(user=cast.chen, key__startswith=f"clock:{clock.pk}:")
    assert notice.url == f"/commitments/{promise.pk}/report_progress/"
    assert "兑现承诺并报告“建成 4 个社区食堂”" in notice.words
    assert notice.words.endswith("逾期将告知签发人和联工委")
    late = due + timedelta(days=7)
    remind(late)
    assert told(late, ClockKind.COMMITMENT) == ["chen", "fang", "su", "zou"]
    act(walk, "report_progress", cast.chen, promise, words="都已开餐。", is_done=True)
    remind(late + timedelta(days=7))
    assert told(late + timedelta(days=7), ClockKind.COMMITMENT) == []
    act(walk, "verify", cast.su, promise, outcome="kept", words="看过。")
    put_away_done()
    assert not Reminder.objects.filter(clock=clock, is_over=False).exists()


def test_what_a_unit_promised_in_a_hidden_case_is_not_quoted(cast):
    walk, promise = promised(cast)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    day = promise.promised_on
    remind(day)
    make_digests(day)
    words = " ".join(Notice.objects.filter(key__startswith="clock:").values_list("words", flat=True))
    assert "兑现承诺并报告" in words
    assert "食堂" not in words
    assert "食堂" not in str([d.content for d in Digest.objects.filter(user=cast.chen)])


# --- First contact ------------------------------------------------------------------------------------


@pytest.fixture
def uncontacted(cast):
    """市民政局 has signed for it and must call the deputy by 3 March."""
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2)).accept("civil").accept("finance")
    walk.opinion()
    place, due = walk.place("civil"), date(2026, 3, 3)
    Clock.objects.filter(kind=ClockKind.FIRST_CONTACT).delete()
    cache.clear()
    Clock.objects.create(
        congress=cast.congress, proposal=walk.proposal, assignment=place, kind=ClockKind.FIRST_CONTACT,
        started_on=date(2026, 2, 2), due_on=due, rule={},
    )  # fmt: skip
    return walk, place, due


def test_a_first_contact_is_the_handlers_duty_and_stands_in_their_digest(cast, uncontacted, time_machine):
    _, place, due = uncontacted
    remind(due)
    make_digests(due)
    assert told(due, ClockKind.FIRST_CONTACT) == ["chen", "zou"]
    assert (
        Notice.objects.get(user=cast.chen, words__contains="沟通").url
        == f"/assignments/{place.pk}/log_contact/"
    )
    [line] = Digest.objects.get(user=cast.chen, day=due).content["todo"]["lines"]
    assert (line["verb"], line["left"]) == ("首次与代表沟通", "今天到期")
    time_machine.move_to(at(2026, 3, 3))
    assert [each.verb for each in agenda_of(cast.chen).todo] == ["首次与代表沟通"]
    remind(due + timedelta(days=1))
    assert told(due + timedelta(days=1), ClockKind.FIRST_CONTACT) == ["fang"]
    remind(due + timedelta(days=7))
    assert "su" in told(due + timedelta(days=7), ClockKind.FIRST_CONTACT)


def test_of_a_hidden_case_the_office_is_reminded_since_the_unit_cannot_call(cast, uncontacted):
    walk, place, due = uncontacted
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    for days in (0, 1, 7):
        remind(due + timedelta(days=days))
        make_digests(due + timedelta(days=days))
    users = Reminder.objects.filter(clock__kind=ClockKind.FIRST_CONTACT).values_list(
        "user__username", flat=True
    )
    assert set(users) == {"su"}
    line = Digest.objects.get(user=cast.su, day=due).content["todo"]["lines"][0]
    assert (line["verb"], line["url"]) == ("首次与代表沟通", f"/assignments/{place.pk}/log_contact/")
    assert not Digest.objects.filter(user=cast.chen, day=due).exists()


# --- The clock of the machine ---------------------------------------------------------------------------


def test_moved_three_days_on_the_newest_stage_alone_and_back_nothing_is_said_twice(cast):
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2)).accept("civil").accept(
        "finance"
    ).opinion()
    daily.run_daily(date(2026, 4, 28), at(2026, 4, 28))
    first = Reminder.objects.count()
    daily.run_daily(date(2026, 5, 6), at(2026, 5, 6))
    made = Reminder.objects.filter(made_on=date(2026, 5, 6))
    assert {(row.stage) for row in made} == {0}
    count, notices = Reminder.objects.count(), Notice.objects.count()
    # Set back: what was told of a later stage is not told again of an earlier one.
    daily.run_daily(date(2026, 4, 28), datetime(2026, 4, 28, 9, tzinfo=SHANGHAI))
    daily.run_daily(date(2026, 5, 6), at(2026, 5, 6))
    assert (Reminder.objects.count(), Notice.objects.count()) == (count, notices)
    assert first < count
    keys = Notice.objects.values_list("user", "key")
    assert len(keys) == len(set(keys))
    days = Digest.objects.values_list("user", "day")
    assert len(days) == len(set(days))


def test_nothing_of_the_date_that_is_asked_about(cast):
    walk = (
        make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
        .accept("civil")
        .accept("finance")
        .opinion()
    )
    walk.now = at(2026, 4, 20)
    walk.ask_extension(days=7)
    remind(date(2026, 5, 6))
    assert told(date(2026, 5, 6), ClockKind.REPLY) == []
    walk.do("decide_extension", cast.su, walk.place("civil"), is_granted=False, reason="请按期答复")
    remind(date(2026, 5, 6))
    assert told(date(2026, 5, 6), ClockKind.REPLY) == ["chen", "fang", "zou"]


# --- Links ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(FORMS))
def test_each_message_leads_to_a_form_that_there_is(code):
    found = resolve(form_url(code, 1, 2, 3))
    if "action" in found.kwargs:
        assert found.kwargs["action"] in FORM_FOR
        assert found.kwargs["action"] in TABLE
