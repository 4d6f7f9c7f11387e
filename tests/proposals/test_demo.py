"""The demonstration: its texts keep their limits, it loads into an empty database only, and shows everything."""

import io
import random
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Role, User
from core.calendars import load_calendar
from deputies.models import Delegation, Deputy
from institutions.models import Committee, Congress, Level, Unit, UnitSystem
from notifications.models import Delivery, Notice
from proposals import history
from proposals.demo import accounts, sentences
from proposals.demo.loading import Desk, load, tell_all
from proposals.demo.people import Registrar, build_tenant
from proposals.demo.places import CATEGORIES, CITY, PLACES
from proposals.demo.plans import plan_city
from proposals.demo.timetable import Timetable, meeting_of, meetings_until, numeral
from proposals.demo.topics import HUNAN, load_topics
from proposals.lights import GREEN, ORANGE, RED, YELLOW, light_of
from proposals.models import (
    Assignment,
    Attachment,
    Category,
    Clock,
    Commitment,
    Contact,
    Cosignature,
    Opinion,
    Proposal,
    ProposalEvent,
    Rating,
    Reply,
    Waiting,
)
from proposals.rules import load_rules
from proposals.status import (
    CLASSES_WITH_COMMITMENTS,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    PointState,
    ProposalStatus,
    Queue,
    ReplyClass,
    Satisfaction,
    Source,
)
from proposals.workflow import Case, waiting

TOPICS = load_topics()
SEED = "潇南"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The whole demonstration, loaded once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(lambda line: None)
        province, city = Congress.objects.order_by("pk")
        yield SimpleNamespace(province=province, city=city, today=timezone.localdate())
        transaction.set_rollback(True)


# --- The texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_text_keeps_its_limits(topic):
    place = PLACES[0] if topic.level == Level.PROVINCE else PLACES[1]
    units = {unit.name for unit in place.units if not unit.is_hub}
    assert 10 <= len(topic.title) <= 60
    assert topic.title.startswith("关于")
    assert topic.title.endswith("的建议")
    assert topic.category in CATEGORIES
    assert {topic.lead, *topic.co} <= units
    assert len({topic.lead, *topic.co}) == 1 + len(topic.co)
    assert 300 <= topic.length <= 1500
    assert 2 <= len(topic.points) <= 5
    assert set(topic.opinions) == set(topic.co)
    reply = topic.reply
    assert reply["reply_class"] in ReplyClass
    assert len(reply["answers"]) == len(topic.points)
    assert all(answer["state"] in PointState and len(answer["text"]) > 30 for answer in reply["answers"])
    promises = reply["reply_class"] in CLASSES_WITH_COMMITMENTS
    assert bool(reply["commitments"]) == promises
    assert all(len(promise["what"]) <= 300 for promise in reply["commitments"])
    assert len(topic.contact) <= 300


def test_no_two_texts_are_alike_and_none_is_left_over():
    assert len(TOPICS) == 170
    assert len({topic.title for topic in TOPICS.values()}) == 170
    paragraphs = [
        line for topic in TOPICS.values() for line in (topic.situation + topic.analysis).splitlines()
    ]
    long_ones = [line for line in paragraphs if len(line) > 20]
    assert len(long_ones) == len(set(long_ones))
    points = [point for topic in TOPICS.values() for point in topic.points]
    assert len(points) == len(set(points))


def test_sentences_of_a_list_differ():
    for name, said in vars(sentences).items():
        if isinstance(said, tuple):
            written = [line for line in said if line]
            assert len(written) == len(set(written)), name


# --- The timetable ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number, words", [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (25, "二十五")])
def test_numerals(number, words):
    assert numeral(number) == words


def test_sessions_open_on_a_monday_in_january_and_terms_last_five_years():
    first = meeting_of(2023, 12)
    assert (first.term, first.number, first.opens_on) == (14, 1, date(2023, 1, 16))
    assert first.closes_on == date(2023, 1, 20)
    next_term = meeting_of(2028, 12)
    assert (next_term.term, next_term.number) == (15, 1)


def test_a_session_that_is_not_over_is_not_counted():
    assert meetings_until(date(2026, 1, 16), 12)[-1].year == 2025
    assert meetings_until(date(2026, 1, 17), 12)[-1].year == 2026


def test_times_lie_in_office_hours_and_go_forward(db):
    times, rng = Timetable(load_calendar(), timezone.now()), random.Random(1)
    at = None
    for _ in range(60):
        earlier, at = at, times.moment(date(2026, 9, 30), rng, after=at)
        assert earlier is None or at > earlier
        assert 8 <= at.hour < 18
        assert times.calendar.is_workday(at.date())


# --- The commands -------------------------------------------------------------------------------------------


def test_a_database_with_a_congress_is_refused(db):
    Congress.objects.create(code="x", name="某市人民代表大会", office_name="某市人大", level=Level.CITY)
    with pytest.raises(CommandError, match="已经有人大的数据"):
        call_command("load_demo", verbosity=0)
    assert Congress.objects.count() == 1
    assert not User.objects.exists()


def test_accounts_are_not_named_without_the_demonstration(db):
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    assert out.getvalue() == ""


def _city_as_built():
    """Build the city alone; returns what it became."""
    now = timezone.now()
    times = Timetable(load_calendar(), now)
    tenant = build_tenant(CITY, times.today, Registrar(random.Random(SEED)))
    mine = {code: topic for code, topic in TOPICS.items() if topic.level == Level.CITY}
    tell_all(Desk(tenant, times, SEED), plan_city(tenant, mine, times, SEED), lambda line: None)
    cases = Proposal.objects.order_by("pk").values_list("number", "title", "status", "lead__name", "due_on")
    events = ProposalEvent.objects.order_by("pk").values_list(
        "action", "at", "actor_name", "words", "request_id"
    )
    return list(cases), list(events)


@pytest.mark.slow
def test_the_same_seed_builds_the_same(db):
    seen = []
    for _ in range(2):
        point = transaction.savepoint()
        seen.append(_city_as_built())
        transaction.savepoint_rollback(point)
    assert len(seen[0][0]) == 20
    assert seen[0] == seen[1]


# --- What was loaded ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_both_congresses_have_their_people(demo):
    province, city = demo.province, demo.city
    sizes = {
        model: (model.objects.filter(congress=province).count(), model.objects.filter(congress=city).count())
        for model in (Unit, Committee, Delegation, Deputy, Category, Proposal)
    }
    assert sizes == {
        Unit: (40, 14),
        Committee: (6, 2),
        Delegation: (14, 4),
        Deputy: (120, 20),
        Category: (7, 7),
        Proposal: (150, 20),
    }
    assert set(Unit.objects.filter(congress=province).values_list("system", flat=True)) == set(UnitSystem)
    assert Deputy.objects.filter(in_office=False).count() == 4
    assert len(set(Deputy.objects.values_list("phone", flat=True))) == 140
    sessions = province.sessions.order_by("-year")
    assert sessions[0].closes_on < demo.today
    assert sessions.filter(year=2023).exists()


@pytest.mark.slow
def test_every_state_queue_and_light_is_seen(demo):
    proposals = Proposal.objects.filter(congress=demo.province)
    states = Counter(proposals.values_list("status", flat=True))
    assert set(states) == set(ProposalStatus) - {ProposalStatus.WITHDRAWN}
    assert all(states[state] >= 3 for state in states)
    places = Assignment.objects.filter(congress=demo.province)
    seen = set(places.values_list("status", flat=True))
    A = AssignmentStatus
    assert {A.PENDING, A.ACCEPTED, A.SIGNING, A.ANSWERED} <= seen
    assert set(places.values_list("role", flat=True)) == set(AssignmentRole)
    queues = Waiting.objects.filter(congress=demo.province)
    assert set(queues.values_list("queue", flat=True)) == set(Queue)
    late = set(queues.filter(due_on__lt=demo.today).values_list("queue", flat=True))
    assert {Queue.REVIEW, Queue.ASSIGN, Queue.ACCEPT, Queue.HANDLE, Queue.OPINION, Queue.JUDGE} <= late
    rules = load_rules(demo.province.pk)
    for queue in (Queue.HANDLE, Queue.RATE):
        dates = queues.filter(queue=queue).values_list("due_on", flat=True)
        assert {light_of(due_on, demo.today, rules) for due_on in dates} >= {RED, ORANGE, YELLOW}
    dates = queues.filter(queue=Queue.HANDLE).values_list("due_on", flat=True)
    assert GREEN in {light_of(due_on, demo.today, rules) for due_on in dates}
    assert set(proposals.values_list("source", flat=True)) == set(Source)


@pytest.mark.slow
def test_everything_beside_the_states_is_there(demo):
    replies = Reply.objects.filter(assignment__congress=demo.province, issued_on__isnull=False)
    assert set(replies.values_list("reply_class", flat=True)) == set(ReplyClass)
    assert replies.filter(silent_on__isnull=False).exists()
    closed = Rating.objects.filter(reply__assignment__proposal__status=ProposalStatus.CLOSED)
    assert set(closed.values_list("result", flat=True)) == set(Satisfaction)
    assert set(Cosignature.objects.values_list("state", flat=True)) >= {
        CosignState.INVITED,
        CosignState.CONFIRMED,
        CosignState.REFUSED,
    }
    actions = Counter(ProposalEvent.objects.values_list("action", flat=True))
    assert min(actions[code] for code in ("urge", "note_progress", "rework", "order_redo")) >= 3
    assert min(actions[code] for code in ("close_disputed", "settle", "mark_silent")) >= 2
    assert Contact.objects.count() > 100
    assert Opinion.objects.count() > 100
    assert Commitment.objects.count() > 20
    kinds = {name.rsplit(".", 1)[1] for name in Attachment.objects.values_list("name", flat=True)}
    assert kinds == {"pdf", "docx", "png"}
    assert all(
        Attachment.objects.filter(**{f"{owner}__isnull": False}).exists() for owner in ("reply", "contact")
    )


@pytest.mark.slow
def test_histories_verify_and_nobody_acts_at_night_or_in_the_future(demo):
    assert list(history.verify()) == []
    calendar = load_calendar()
    for at in ProposalEvent.objects.values_list("at", flat=True):
        local = timezone.localtime(at)
        assert at <= timezone.now()
        assert calendar.is_workday(local.date())
        assert 8 <= local.hour < 18


@pytest.mark.slow
def test_waiting_equals_its_derivation(demo):
    for pk in Proposal.objects.values_list("pk", flat=True):
        case = Case.load(pk)
        turns = waiting.derive(case)
        derived = {(t.queue, t.holder_kind, t.holder_id, t.assignment_id, t.due_on) for t in turns}
        fields = ("queue", "holder_kind", "holder_id", "assignment_id", "due_on")
        assert set(Waiting.objects.filter(proposal_id=pk).values_list(*fields)) == derived


@pytest.mark.slow
def test_nothing_crosses_from_one_congress_to_the_other(demo):
    for congress, other in ((demo.province, demo.city), (demo.city, demo.province)):
        liaison = User.objects.get(
            grants__role=Role.LIAISON, grants__congress=congress, username__endswith="gong"
        )
        seen = Proposal.objects.visible_to(liaison)
        drafts = Proposal.objects.filter(congress=congress, status=ProposalStatus.DRAFT).count()
        assert seen.count() == Proposal.objects.filter(congress=congress).count() - drafts
        assert not seen.filter(congress=other).exists()
    assert not Assignment.objects.exclude(unit__congress=F("proposal__congress")).exists()
    both = User.objects.get(username="liangjian")
    assert {grant.congress_id for grant in both.active_grants()} == {demo.province.pk, demo.city.pk}


@pytest.mark.slow
def test_the_story_of_2023(demo):
    proposal = Proposal.objects.get(title=TOPICS[HUNAN].title)
    assert proposal.number == "2023-001"
    assert (proposal.status, proposal.assigned_on) == (ProposalStatus.CLOSED, date(2023, 2, 20))
    places = {str(place.unit): place.role for place in proposal.assignments.all()}
    assert places == {
        "省税务局": AssignmentRole.LEAD,
        "省人力资源和社会保障厅": AssignmentRole.CO,
        "省医疗保障局": AssignmentRole.CO,
    }
    clock = Clock.objects.get(proposal=proposal, kind=ClockKind.REPLY)
    assert clock.due_on == date(2023, 5, 22)
    assert clock.met_on <= clock.due_on
    notes = ProposalEvent.objects.filter(proposal=proposal, action="note_progress")
    days = {timezone.localdate(note.at): note.words for note in notes}
    assert "联合运行维护中心今日挂牌" in days[date(2023, 5, 10)]
    assert "副主任" in days[date(2023, 5, 12)]
    assert Contact.objects.filter(assignment__proposal=proposal, on=date(2023, 5, 12)).exists()
    rating = Rating.objects.get(reply__assignment__proposal=proposal)
    assert (rating.attitude, rating.result) == (Satisfaction.SATISFIED, Satisfaction.SATISFIED)


@pytest.mark.slow
def test_shown_accounts_sign_in_and_have_something_to_do(demo):
    shown = accounts.shown_accounts()
    assert [user.username for user, _, _ in shown] == [username for username, _ in accounts.SHOWN]
    for user, _, _ in shown:
        assert user.check_password(accounts.PASSWORD)
        assert not user.must_change_password
    main = Deputy.objects.get(name="魏长河")
    duties = set(
        Waiting.objects.filter(holder_kind="deputy", holder_id=main.pk).values_list("queue", flat=True)
    )
    assert duties == {Queue.DRAFT, Queue.COSIGN, Queue.REVISE, Queue.RATE}
    for username, queue in (
        ("minzheng", Queue.ACCEPT),
        ("minzheng", Queue.HANDLE),
        ("minzheng-qianfa", Queue.SIGN),
        ("caizheng", Queue.OPINION),
        ("lj-chengguan", Queue.HANDLE),
        ("liangjian", Queue.SIGN),
    ):
        units = User.objects.get(username=username).grants.exclude(unit=None).values("unit")
        assert Waiting.objects.filter(queue=queue, holder_id__in=units).exists(), username
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    assert accounts.PASSWORD in out.getvalue()
    assert "魏长河" in out.getvalue()


@pytest.mark.slow
def test_no_old_mail_goes_out_and_old_notices_are_read(demo):
    assert not Delivery.objects.filter(state=Delivery.State.WAITING).exists()
    assert 0 < Notice.objects.filter(read_at__isnull=True).count() < 400
    assert Notice.objects.order_by("created_at").first().created_at.year == 2023
