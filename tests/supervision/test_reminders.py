"""Reminders: the right stage, the right people, once."""

from datetime import date, timedelta

import pytest
from django.db import connection

from notifications.models import Notice
from proposals.models import Assignment, Clock
from proposals.status import ProposalStatus
from supervision import reminders, silence
from supervision.models import Reminder, ReminderPlan, parse_days
from supervision.reminders import put_away_done, remind
from supervision.stages import DEFAULT, Stages
from tests.cast import Walk, build_cast, make_proposal

from .conftest import at

DUE = date(2026, 5, 6)  # of a reply assigned on 2 February 2026


@pytest.fixture
def walk(cast):
    """市民政局 leads and has signed for it; 市财政局 assists and has given its opinion."""
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    return walk.accept("civil").contact().accept("finance").opinion()


def told(today, stage=None):
    """Who was reminded on this day, by name."""
    rows = Reminder.objects.filter(made_on=today).select_related("user")
    return sorted(row.user.username for row in rows if stage in (None, row.stage))


# --- Which stage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (40, None), (31, None), (30, 30), (29, 30), (16, 30), (15, 15), (8, 15), (7, 7), (4, 7),
        (3, 3), (2, 3), (1, 1), (0, 0), (-1, 0), (-6, 0), (-7, -7), (-13, -7), (-14, -14), (-100, -98),
    ],
)  # fmt: skip
def test_the_newest_stage_counts(left, stage):
    assert DEFAULT.newest(DUE - timedelta(days=90), DUE, DUE - timedelta(days=left)) == stage


def test_stages_before_the_clock_started_do_not_count():
    started = DUE - timedelta(days=5)
    assert DEFAULT.newest(started, DUE, DUE - timedelta(days=5)) is None
    assert DEFAULT.newest(started, DUE, DUE - timedelta(days=4)) is None
    assert DEFAULT.newest(started, DUE, DUE - timedelta(days=3)) == 3


def test_the_signer_hears_from_three_days_before_and_on_the_first_day_over():
    stages = DEFAULT.for_signer()
    newest = [stages.newest(date(2026, 2, 2), DUE, DUE + timedelta(days=n)) for n in (-7, -3, 0, 1, 6, 7)]
    assert newest == [None, 3, 0, -1, -1, -7]


def test_the_assigning_side_hears_after_a_week():
    stages = DEFAULT.for_assigning_side()
    newest = [stages.newest(date(2026, 2, 2), DUE, DUE + timedelta(days=n)) for n in (-1, 0, 1, 6, 7, 20)]
    assert newest == [None, None, None, None, -7, -14]


def test_a_plan_without_overdue_stages():
    stages = Stages((3,), False, 0)
    assert stages.newest(date(2026, 2, 2), DUE, DUE) is None
    assert stages.newest(date(2026, 2, 2), DUE, DUE + timedelta(days=30)) is None


def test_days_are_read_in_any_order_and_with_chinese_commas():
    assert parse_days("3，15、7, 30") == [30, 15, 7, 3]
    for wrong in ("0", "366", "x", "3;7"):
        with pytest.raises(ValueError, match=r"range|invalid"):
            parse_days(wrong)


# --- Who ------------------------------------------------------------------------------------------------


def test_a_reply_thirty_days_before(walk, cast):
    assert remind(date(2026, 4, 6)) == 0  # a holiday: not on days off
    assert remind(date(2026, 4, 7)) == 2
    assert told(date(2026, 4, 7)) == ["chen", "zou"]
    notice = Notice.objects.get(user=cast.chen, key__startswith="clock:")
    assert notice.kind == Notice.Kind.TODO
    assert notice.words.startswith("还剩 29 天：答复“在城区社区推广老年助餐服务”")
    assert notice.words.endswith("5月6日到期，逾期将告知签发人和联工委")
    assert notice.url == f"/assignments/{walk.place('civil').pk}/reply/"


def test_three_days_before_the_signer_too(walk):
    remind(date(2026, 4, 30))  # a Thursday, the last working day before the holiday
    assert told(date(2026, 4, 30)) == ["chen", "zou"]
    remind(date(2026, 5, 4))  # holiday: two days before
    assert told(date(2026, 5, 4)) == []
    remind(DUE)
    assert told(DUE, 0) == ["chen", "fang", "zou"]


def test_overdue_reaches_the_signer_on_day_one_and_the_office_after_a_week(walk):
    remind(DUE)
    remind(DUE + timedelta(days=1))
    assert told(DUE + timedelta(days=1)) == ["fang"]
    remind(DUE + timedelta(days=7))
    assert told(DUE + timedelta(days=7), -7) == ["chen", "fang", "su", "zou"]
    escalated = Notice.objects.get(user__username="su", key__startswith="clock:")
    assert escalated.kind == Notice.Kind.WAIT
    assert "等市民政局答复" in escalated.words


def test_overdue_and_the_day_itself_are_told_on_days_off_too(walk):
    saturday = date(2026, 5, 16)  # ten days over
    assert saturday.weekday() == 5
    remind(saturday)
    assert told(saturday, -7) == ["chen", "fang", "su", "zou"]


def test_once_sent_for_signing_the_handlers_have_acted(walk, cast):
    walk.write_reply()
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    remind(DUE)
    assert told(DUE) == ["fang"]


def test_who_has_answered_hears_nothing(walk, cast):
    walk.sign("civil")
    remind(DUE + timedelta(days=30))
    assert "chen" not in told(DUE + timedelta(days=30))
    assert "gao" not in told(DUE + timedelta(days=30))


def test_the_deputy_is_reminded_of_rating(walk):
    walk.sign("civil")
    due = walk.place("civil").clocks.get(kind="rating").due_on
    remind(due)
    assert told(due) == ["lin"]
    assert "看答复并评价" in Notice.objects.get(user__username="lin", key__startswith="clock:").words


def test_the_office_is_reminded_of_its_own_clocks(cast):
    walk = make_proposal(cast, ProposalStatus.SUBMITTED, now=at(2026, 4, 1))
    due = walk.proposal.clocks.get(kind="review").due_on
    remind(due)
    assert told(due) == ["su"]


def test_a_returned_proposal_reminds_its_deputy(cast):
    walk = make_proposal(cast, ProposalStatus.RETURNED, now=at(2026, 4, 1))
    due = walk.proposal.clocks.get(kind="revise").due_on
    remind(due - timedelta(days=1) if due.weekday() else due)
    assert {row.user.username for row in Reminder.objects.all()} == {"lin"}


def test_people_whose_grant_or_account_ended_are_left_out(walk, cast):
    cast.zou.is_active = False
    cast.zou.save()
    cast.chen.grants.update(ends_on=date(2026, 4, 1))
    remind(DUE)
    assert told(DUE) == ["fang"]


def test_no_name_of_a_deputy_stands_in_a_reminder(walk, cast):
    for day in (7, 30):
        remind(DUE + timedelta(days=day))
    words = " ".join(Notice.objects.filter(key__startswith="clock:").values_list("words", flat=True))
    assert words
    assert not any(deputy.name in words for deputy in cast.deputies.values())


# --- Once -----------------------------------------------------------------------------------------------


def test_run_twice_nothing_is_doubled(walk):
    day = date(2026, 4, 21)
    first = remind(day)
    notices = Notice.objects.count()
    assert first == 2
    assert remind(day) == 0
    assert remind(day + timedelta(days=1)) == 0
    assert (Notice.objects.count(), Reminder.objects.count()) == (notices, first)


def test_after_days_off_only_the_newest_stage(walk):
    remind(date(2026, 4, 7))
    assert remind(DUE + timedelta(days=8)) == 4
    stages = Reminder.objects.filter(user__username="chen").order_by("pk").values_list("stage", flat=True)
    assert list(stages) == [30, -7]


def test_the_older_notice_of_a_clock_is_put_away_by_the_newer(walk, cast):
    remind(date(2026, 4, 7))
    remind(date(2026, 4, 21))
    unread = Notice.objects.filter(user=cast.chen, key__startswith="clock:", read_at=None)
    assert [notice.key.split(":")[2] for notice in unread] == ["15"]


def test_what_is_done_is_put_away(walk, cast):
    remind(DUE)
    walk.sign("civil")
    assert put_away_done() == 3
    assert not Notice.objects.filter(user=cast.chen, key__startswith="clock:", read_at=None).exists()
    assert put_away_done() == 0


def test_another_date_arms_the_clock_anew(walk):
    remind(date(2026, 4, 21))
    clock = walk.place("civil").clocks.get(kind="reply")
    clock.due_on = date(2026, 6, 8)
    clock.save()
    assert remind(date(2026, 5, 25)) == 2
    assert Reminder.objects.filter(user__username="chen", stage=15).count() == 2


def test_stages_are_the_congress_s_own(walk, cast):
    ReminderPlan.objects.create(congress=cast.congress, kind="reply", before="45", on_day=False, every=0)
    assert remind(date(2026, 3, 23)) == 2
    assert remind(date(2026, 4, 21)) == 0
    assert remind(DUE) == 0


def test_killed_in_the_middle_of_a_chunk_nothing_is_half_done(walk, cast, monkeypatch):
    """The notices fail after the reminders were written: both are undone, and the next run makes both."""
    Walk(cast, now=at(2026, 2, 2)).submit().file().assign()
    monkeypatch.setattr(reminders, "CHUNK", 1)
    written = []

    class Killed(Exception):
        pass

    bulk_create = Notice.objects.bulk_create

    def die_on_the_second(rows, **options):
        written.append(rows)
        if len(written) == 2:
            raise Killed
        return bulk_create(rows, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Notice.objects, "bulk_create", die_on_the_second)
        with pytest.raises(Killed):
            remind(DUE)
    half = Reminder.objects.count()
    assert half == Notice.objects.filter(key__startswith="clock:").count() > 0
    remind(DUE)
    assert Reminder.objects.count() == Notice.objects.filter(key__startswith="clock:").count() > half
    keys = Notice.objects.values_list("user", "key")
    assert len(keys) == len(set(keys))


OPEN_READINGS = "SELECT count(*) FROM pg_cursors WHERE name LIKE '_django_curs%'"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["reminders", "silence"])
def test_no_reading_is_open_while_it_writes(monkeypatch, step):
    """On SQLite a write would fail at once where somebody else has written since that reading began."""
    cast = build_cast()
    for _ in range(3):
        make_proposal(cast, ProposalStatus.REPLIED, now=at(2026, 2, 2))
    written = []

    def look(*args, **options):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("VACUUM")  # refuses while a statement is in progress
            else:
                cursor.execute(OPEN_READINGS)
                assert cursor.fetchone() == (0,)
        written.append(args)

    if step == "reminders":
        monkeypatch.setattr(reminders, "CHUNK", 1)
        monkeypatch.setattr(reminders.Desk, "tell", lambda desk, things: look(list(things)) or 0)
        remind(DUE)
    else:
        monkeypatch.setattr(silence, "CHUNK", 1)
        monkeypatch.setattr(silence, "perform", look)
        Clock.objects.filter(kind="rating").update(due_on=date(2025, 1, 1))
        monkeypatch.setattr(silence, "users_by_seat", lambda today: {})
        silence.mark_silent_replies(DUE, at(2026, 5, 6))
    assert len(written) > 2


def test_few_queries_for_many_clocks(walk, cast, django_assert_max_num_queries):
    for _ in range(3):
        Walk(cast, now=at(2026, 2, 2)).submit().file().assign()
    assert Assignment.objects.count() == 8
    with django_assert_max_num_queries(24):
        remind(DUE)


# --- Hubs and requests ----------------------------------------------------------------------------------


def passed_on(cast):
    """The hub was given a case on 2 February, to be passed on by the 9th."""
    return make_proposal(cast, ProposalStatus.FILED, now=at(2026, 2, 2)).assign(hub="lead")


def test_a_hub_is_reminded_to_pass_on_and_the_office_hears_after_a_week(cast):
    walk = passed_on(cast)
    due_on = Clock.objects.get(proposal=walk.proposal, kind="dispatch").due_on
    remind(due_on)
    assert told(due_on) == ["hub"]
    assert "分办" in Notice.objects.get(user=cast.hub, key__startswith="clock:").words
    remind(due_on + timedelta(days=7))
    assert told(due_on + timedelta(days=7)) == ["hub", "su"]


def test_who_decides_is_reminded_and_the_asked_for_date_is_not(cast):
    """延期: nothing is said of the reply's own date until it is decided."""
    walk = passed_on(cast).dispatch(civil="lead").accept()
    walk.now = at(2026, 5, 6)
    walk.ask_extension(days=3)
    decide_on = Clock.objects.get(proposal=walk.proposal, kind="extension_decision").due_on
    remind(decide_on)
    rows = Reminder.objects.filter(made_on=decide_on).select_related("user", "clock")
    assert {(row.user.username, row.clock.kind) for row in rows} == {("hub", "extension_decision")}


def test_what_a_hub_passed_on_comes_back_to_hub_and_office_when_it_is_late(cast):
    passed_on(cast).dispatch(civil="lead").accept()
    late = DUE + timedelta(days=7)
    remind(late)
    assert told(late) == ["chen", "fang", "hub", "su", "zou"]
