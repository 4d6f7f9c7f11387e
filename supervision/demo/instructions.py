"""Instructions, reports, comments and committees' fields of the demonstration."""

import zlib

from django.db.models import Max

from accounts.models import Grant, Role
from core.dates import as_date
from institutions.models import Committee
from proposals.models import Assignment, Category, Proposal
from proposals.status import HANDLING, AssignmentStatus, ProposalStatus, RequestKind
from proposals.workflow import perform

from ..models import CommitteeField, Follow, Topic, TopicState
from ..topic_instructions import OFFICE, default_due, give, units_of
from .moments import next_moment, workdays_ago

# How many working days ago the leaders wrote, what, and how far it came: answered, under way, done.
GIVEN = (
    (7, "请主要负责人亲自过问，先与代表当面沟通，一周内报办理情况。", "done"),
    (5, "群众反映集中的事，请到现场看清问题后再答复。", "answered"),
    (3, "请把今年能办成的和要明年办的分开列清楚报我。", "doing"),
    (1, "请认真研究，先与代表当面沟通。", "given"),
)
ANSWER = "已由分管负责人到现场看过，并与领衔代表当面沟通；方案本周报出，能先办的先办。"


def tell(desk):
    """Give one congress its committees' fields, instructions at each stage, a report and a comment."""
    congress = desk.tenant.congress
    office = _users(congress, Role.LIAISON).first()
    leaders = list(_users(congress, Role.LEADER))
    _fields(congress)
    if office is None or not leaders:
        return
    leader = leaders[0]
    cases, instructed = _at_work(congress), []
    for days, words, stage in GIVEN:
        if case := _take_calm(desk, cases, days):
            _instruct(desk, case, leader, office, days, words, stage)
            instructed.append(case)
    stuck = Proposal.objects.filter(congress=congress, status=ProposalStatus.DISPUTED).order_by("pk")
    if case := _take_calm(desk, list(stuck.annotate(last_at=Max("events__at"))), 1):
        words = "代表对结果不满意，单位认为受规划限制。建议由分管领导召集一次协调会。"
        _do(desk, "report", case, office, 1, leader=leader, words=words)
    _topic(desk, leader)
    _committee(desk, instructed, cases)


def _take_calm(desk, cases, days):
    """The first of the cases to which nothing happened since that many working days ago, taken off; or None."""
    day = workdays_ago(desk, days)
    found = next((case for case in cases if as_date(case.last_at) < day), None)
    if found is not None:
        cases.remove(found)
    return found


def _do(desk, action, subject, actor, days, *, case=None, **data):
    """One action so many working days ago."""
    at = next_moment(desk, case or subject, workdays_ago(desk, days))
    if at is not None:
        perform(action, subject, actor=actor, data=data, now=at, request_id=desk.fresh_id())


def _users(congress, role):
    from accounts.models import User

    grants = Grant.objects.in_force().filter(congress=congress, role=role)
    return User.objects.filter(pk__in=grants.values("user")).order_by("pk")


def _at_work(congress):
    """Cases whose lead unit is at work and has people who sign in."""
    places = Assignment.objects.filter(
        congress=congress, status=AssignmentStatus.ACCEPTED, unit__grants__role=Role.HANDLER
    ).exclude(role="co")
    return list(
        Proposal.objects.filter(
            status__in=HANDLING, hides_proposer=False, assignments__in=places.values("pk")
        )
        .annotate(last_at=Max("events__at"))
        .order_by("-pk")
    )


def _instruct(desk, case, leader, office, days, words, stage):
    _do(desk, "instruct", case, leader, days, words=words)
    if stage == "given":
        return
    for request in case.requests.filter(kind=RequestKind.INSTRUCTED).select_related("assignment"):
        place = request.assignment
        role = Role.HUB if place.unit.is_hub else Role.HANDLER
        grant = Grant.objects.in_force().filter(unit=place.unit, role=role).select_related("user").first()
        if grant is not None and place.role != "co":
            answer = {"words": ANSWER, "instruction": request.pk}
            _do(desk, "answer_instruct", place, grant.user, days - 1, case=case, **answer)
    if stage in ("doing", "done"):
        words = "代表表示认可。" if stage == "done" else "正在选址。"
        _do(desk, "mark_instruct", case, office, days - 2, mark=stage, words=words)


def _topic(desk, leader):
    congress, times = desk.tenant.congress, desk.times
    topic = Topic.objects.filter(congress=congress, state=TopicState.DECIDED).order_by("rank").first()
    if topic is None:
        return
    at = times.moment(workdays_ago(desk, 2), desk.rng)
    recipients = {OFFICE} | {str(unit.pk) for unit in units_of(topic)}
    data = {
        "words": "请各承办单位把进展和难点列清楚，下次督办时逐件说明。",
        "recipients": sorted(recipients),
        "due_on": default_due(topic, times.today),
    }
    give(topic, actor=leader, data=data, request_id=_number(f"topic {topic.pk}"), now=at)


def _number(text):
    """A form's number that is the same at each loading."""
    return f"00000000-0000-4000-8000-{zlib.crc32(text.encode()):012x}"


def _fields(congress):
    """Each committee answers for some categories, in turn; the units follow from who handles them most."""
    committees = list(Committee.objects.filter(congress=congress, is_active=True).order_by("pk"))
    categories = list(Category.objects.filter(congress=congress).order_by("pk"))
    for index, category in enumerate(categories if committees else ()):
        committee = committees[index % len(committees)]
        CommitteeField.objects.get_or_create(committee=committee, category=category)


def _committee(desk, instructed, others):
    """One member comments, joins one case, takes over another and follows it, and gave a third one back."""
    member = _users(desk.tenant.congress, Role.COMMITTEE).first()
    if member is None:
        return
    for case in instructed[:1]:
        _do(desk, "comment", case, member, 2, words="建议与去年的同类件一并研究。")
        _do(desk, "join_oversight", case, member, 2, reason="本委今年的监督议题")
    if case := _take_calm(desk, others, 2):
        _do(desk, "take_over", case, member, 2, reason="对口单位，涉及两家，由本委牵头督办")
        Follow.objects.get_or_create(user=member, proposal=case)
    if case := _take_calm(desk, others, 6):
        _do(desk, "take_over", case, member, 6, reason="调研中了解到的问题，由本委先行督办")
        _do(desk, "hand_back", case, member, 3, reason="单位已与代表见面，方案已定，交联工委督办。")
