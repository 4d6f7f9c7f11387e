"""The demonstration: its texts keep their limits, it loads into an empty database only, and shows everything."""

import io
import random
from collections import Counter
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Role, User
from core.calendars import load_calendar
from core.dates import SHANGHAI
from deputies.models import Delegation, Deputy
from institutions.models import Committee, Congress, Level, Unit, UnitSystem
from notifications.models import Delivery, Notice
from proposals import history
from proposals.demo import accounts
from proposals.demo.loading import Desk, load, tell_all
from proposals.demo.people import Registrar, build_tenant
from proposals.demo.places import CITY
from proposals.demo.plans import plan_city
from proposals.demo.timetable import Timetable
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
    ReplyVersion,
    Request,
    SecretStub,
    Waiting,
)
from proposals.rules import load_rules
from proposals.status import (
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    ProposalStatus,
    Queue,
    ReplyClass,
    RequestKind,
    RequestState,
    Satisfaction,
    Source,
)
from proposals.workflow import Case, waiting
from proposals.workflow.table import TABLE

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


def _city_as_built(now):
    """Build the city alone, as if on that day; returns what it became."""
    times = Timetable(load_calendar(), now)
    tenant = build_tenant(CITY, times.today, Registrar(random.Random(SEED)))
    mine = {code: topic for code, topic in TOPICS.items() if topic.level == Level.CITY}
    tell_all(Desk(tenant, times, SEED), plan_city(tenant, mine, times, SEED), lambda line: None)
    cases = Proposal.objects.order_by("pk").values_list("number", "title", "status", "lead__name", "due_on")
    lines = ProposalEvent.objects.order_by("pk")
    events = list(lines.values_list("action", "at", "actor_name", "words"))
    # Asking again follows from saving a draft, without a form of its own.
    ids = list(lines.exclude(action="ask_again").values_list("request_id", flat=True))
    return list(cases), events, ids


@pytest.mark.slow
def test_the_same_seed_builds_the_same(db):
    seen, now = [], datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)  # a holiday, before the year's session
    for _ in range(2):
        point = transaction.savepoint()
        seen.append(_city_as_built(now))
        transaction.savepoint_rollback(point)
    assert len(seen[0][0]) == 42
    assert seen[0] == seen[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 2, 28, 22, 0),  # a Saturday on which people work, at night
        datetime(2028, 2, 29, 8, 0),
        datetime(2031, 8, 17, 12, 0),  # a Sunday of a year whose calendar nobody knows
    ],
    ids=str,
)
def test_it_loads_on_any_day(db, day):
    cases, events, _ = _city_as_built(day.replace(tzinfo=SHANGHAI))
    assert len(cases) == 42
    states = {status for _, _, status, _, _ in cases}
    assert states >= set(ProposalStatus) - {ProposalStatus.WITHDRAWN}
    assert max(event[1] for event in events) <= day.replace(tzinfo=SHANGHAI)
    assert {"dispatch", "endorse_extension", "check", "give_view", "merge"} <= {event[0] for event in events}


# --- What was loaded ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_both_congresses_have_their_people(demo):
    province, city = demo.province, demo.city
    sizes = {
        model: (model.objects.filter(congress=province).count(), model.objects.filter(congress=city).count())
        for model in (Unit, Committee, Delegation, Deputy, Category, Proposal)
    }
    assert sizes == {
        Unit: (42, 14),
        Committee: (6, 2),
        Delegation: (14, 4),
        Deputy: (121, 20),
        Category: (7, 7),
        Proposal: (151, 42),
    }
    assert set(Unit.objects.filter(congress=province).values_list("system", flat=True)) == set(UnitSystem)
    assert Deputy.objects.filter(in_office=False).count() == 4
    assert len(set(Deputy.objects.values_list("phone", flat=True))) == 141
    sessions = province.sessions.order_by("-year")
    assert sessions[0].closes_on < demo.today
    assert sessions.filter(year=2023).exists()


@pytest.mark.slow
def test_every_state_queue_and_light_is_seen(demo):
    proposals = Proposal.objects.filter(congress=demo.province)
    states = Counter(proposals.values_list("status", flat=True))
    assert set(states) == set(ProposalStatus)
    assert all(states[state] >= 3 for state in states)
    places = Assignment.objects.filter(congress=demo.province)
    seen = set(places.values_list("status", flat=True))
    assert seen == set(AssignmentStatus)
    assert set(places.values_list("role", flat=True)) == set(AssignmentRole)
    queues = Waiting.objects.filter(congress=demo.province)
    # 代表团初核 is the city's; its rule set asks for it.
    assert set(queues.values_list("queue", flat=True)) == set(Queue) - {Queue.CHECK}
    assert Waiting.objects.filter(congress=demo.city, queue=Queue.CHECK).exists()
    late = set(queues.filter(due_on__lt=demo.today).values_list("queue", flat=True))
    assert {Queue.REVIEW, Queue.ASSIGN, Queue.ACCEPT, Queue.HANDLE, Queue.OPINION, Queue.JUDGE} <= late
    rules = load_rules(demo.province.pk)
    for queue in (Queue.HANDLE, Queue.RATE):
        # A reply that is only put right (更正) runs against no date.
        dates = queues.filter(queue=queue, due_on__isnull=False).values_list("due_on", flat=True)
        assert {light_of(due_on, demo.today, rules) for due_on in dates} >= {RED, ORANGE, YELLOW}
    dates = queues.filter(queue=Queue.HANDLE, due_on__isnull=False).values_list("due_on", flat=True)
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
def test_every_action_is_in_some_history(demo):
    # Only the publication of a year's holidays brings it about.
    never = {"recompute"}
    taken = set(ProposalEvent.objects.values_list("action", flat=True))
    assert set(TABLE) - never == taken
    by_nobody = set(ProposalEvent.objects.filter(actor_id_then=None).values_list("action", flat=True))
    # Steps of activities stand there by what recorded them; their words name the person.
    assert by_nobody == {"mark_silent", "dissolve", "mark_unconfirmed", "look_back", "supervise", "rectify"}


@pytest.mark.slow
def test_reasons_are_not_one_phrase(demo):
    for kind in (RequestKind.RETURN, RequestKind.EXTENSION, RequestKind.OBJECTION, RequestKind.WITHDRAW):
        reasons = list(Request.objects.filter(kind=kind).values_list("reason", flat=True))
        assert len(reasons) >= 4, kind
        assert len(set(reasons)) == len(reasons), kind


@pytest.mark.slow
def test_exceptions_stand_on_the_desks(demo):
    """What the office and the hub have to decide, and the cases of every exception."""
    asked = Request.objects.filter(state=RequestState.OPEN)
    returns = asked.filter(kind=RequestKind.RETURN)
    at_hub = returns.filter(assignment__parent__isnull=False)
    assert at_hub.count() >= 3
    assert returns.count() - at_hub.count() >= 5
    assert returns.filter(assignment__unit__is_hub=True).exists()
    assert returns.filter(assignment__role=AssignmentRole.CO).exists()
    again = returns.filter(proposal__returns_asked__gt=1).get()
    assert again.proposal.requests.filter(kind=RequestKind.RETURN).exclude(pk=again.pk).get().decision
    extensions = asked.filter(kind=RequestKind.EXTENSION)
    assert extensions.filter(details__has_key="endorsement").exists()
    assert extensions.filter(assignment__due_on__lt=demo.today).exists()
    assert extensions.filter(assignment__parent__isnull=False).exists()
    assert asked.filter(kind=RequestKind.OBJECTION).count() >= 3
    assert asked.filter(kind=RequestKind.WITHDRAW, details__waiting__0__isnull=False).count() == 2
    assert asked.filter(kind=RequestKind.LEAD).count() == 1
    views = Request.objects.filter(kind=RequestKind.PLAN_VIEW, proposal__status=ProposalStatus.FILED)
    assert set(views.values_list("state", flat=True)) == set(RequestState) - {RequestState.VOID}
    urges = Request.objects.filter(kind=RequestKind.URGE, proposal__status=ProposalStatus.HANDLING)
    assert set(urges.values_list("state", flat=True)) >= {RequestState.OPEN, RequestState.GRANTED}


@pytest.mark.slow
def test_special_cases_are_there(demo):
    P = Proposal.objects
    groups = Counter(P.exclude(merge_group=None).values_list("merge_group", flat=True))
    assert set(groups.values()) == {2}
    assert len(groups) == 3
    replied = P.filter(merge_group__isnull=False, assignments__reply__issued_on__isnull=False)
    assert len(set(replied.values_list("assignments__reply__issued_on", flat=True))) <= replied.count() > 0
    redone = Assignment.objects.filter(round=2, role=AssignmentRole.LEAD)
    assert any(
        place.proposal.assignments.get(round=1, role=AssignmentRole.LEAD).unit_id != place.unit_id
        for place in redone.select_related("proposal")
    )
    assert set(ReplyVersion.objects.values_list("is_correction", flat=True)) == {True, False}
    assert P.filter(hides_proposer=True).count() >= 3
    assert {p.status for p in P.filter(is_delegations=True)} == {ProposalStatus.DRAFT, ProposalStatus.REPLIED}
    assert P.filter(entered_by__isnull=False, attachments__is_scan=True).count() >= 3
    assert Rating.objects.filter(is_proxy=True).exists()
    assert Rating.objects.filter(replaced__isnull=False).exists()
    late = Rating.objects.filter(is_late=True).values_list("reply__assignment__proposal__status", flat=True)
    assert set(late) == {ProposalStatus.CLOSED, ProposalStatus.DISPUTED}
    secrets = SecretStub.objects.filter(congress=demo.province)
    assert [stub.closed_on is None for stub in secrets] == [False, True]
    assert not P.filter(number__in=secrets.values("number")).exists()
    # A deputy without an account: the office waits for the paper.
    paper = Deputy.objects.filter(grants=None)
    rate = Waiting.objects.filter(queue=Queue.RATE, holder_kind="deputy")
    assert rate.filter(holder_id__in=paper).exists()
    assert rate.filter(holder_id__in=Deputy.objects.filter(in_office=False)).exists()


@pytest.mark.slow
def test_units_change_and_people_stand_in(demo):
    old = Unit.objects.get(successor__isnull=False)
    assert (old.name, str(old.successor), old.is_active) == ("省乡村振兴局", "省农业农村厅", False)
    held = Assignment.objects.get(unit=old, status=AssignmentStatus.ACCEPTED)
    assert Waiting.objects.get(assignment=held).holder_id == old.successor_id
    assert Assignment.objects.filter(unit=old, status=AssignmentStatus.RELEASED).exists()
    assert Commitment.objects.filter(unit=old).exists()
    paper = Unit.objects.get(has_access=False)
    by_office = ProposalEvent.objects.filter(assignment__unit=paper)
    assert set(by_office.values_list("actor_role", flat=True)) == {"联工委"}
    stood_in = ProposalEvent.objects.filter(actor_role__contains="（代")
    handler = User.objects.get(username="minzheng")
    assert set(stood_in.values_list("actor_role", flat=True)) == {f"承办单位经办（代{handler.name}）"}
    grant = User.objects.get(username="minzheng-daiban").grants.get()
    assert grant.starts_on < demo.today < grant.ends_on


@pytest.mark.slow
def test_the_public_reads_what_was_published(demo):
    assert (demo.province.is_public, demo.city.is_public) == (True, False)
    published = Proposal.objects.filter(congress=demo.province, published_on__isnull=False)
    assert published.count() >= 15
    assert not published.exclude(status=ProposalStatus.CLOSED).exists()
    assert not published.filter(hides_proposer=True).exists()
    assert not published.filter(open_wanted=False).exists()


@pytest.mark.slow
def test_the_city_goes_by_another_rule_set(demo):
    province, city = load_rules(demo.province.pk), load_rules(demo.city.pk)
    assert "湖南" in province.name
    assert "重庆" in city.name
    assert province.clock(ClockKind.FIRST_CONTACT) is None
    first_contact = Clock.objects.filter(congress=demo.city, kind=ClockKind.FIRST_CONTACT)
    assert first_contact.filter(met_on=None, voided_on=None, due_on__lt=demo.today).exists()
    signed = Opinion.objects.filter(assignment__congress=demo.city)
    assert signed.exclude(signed_by="").exists()
    assert signed.filter(given_on=None).exists()


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
    assert {grant.role for user, _, _ in shown for grant in user.active_grants()} == set(Role)
    for user, _, _ in shown:
        assert user.check_password(accounts.PASSWORD)
        assert not user.must_change_password
    main = Deputy.objects.get(name="魏长河")
    duties = set(
        Waiting.objects.filter(holder_kind="deputy", holder_id=main.pk).values_list("queue", flat=True)
    )
    assert duties == {Queue.DRAFT, Queue.COSIGN, Queue.REVISE, Queue.RATE, Queue.CONSENT, Queue.TAKE_LEAD}
    for username, queue in (
        ("minzheng", Queue.ACCEPT),
        ("minzheng", Queue.HANDLE),
        ("minzheng-qianfa", Queue.SIGN),
        ("caizheng", Queue.OPINION),
        ("lj-chengguan", Queue.HANDLE),
        ("liangjian", Queue.SIGN),
        ("minzheng", Queue.PLAN_VIEW),
        ("minzheng", Queue.ANSWER_URGE),
        ("nongye", Queue.HANDLE),
        ("ducha", Queue.DISPATCH),
        ("ducha", Queue.RETURN),
        ("ducha", Queue.EXTENSION),
        ("lj-ducha", Queue.EXTENSION),
        ("lj-gongan-qianfa", Queue.SIGN),
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
