"""Instructions, reports, comments and committees' fields of the demonstration."""

import zlib
from datetime import timedelta

from accounts.models import Grant, Role
from institutions.models import Committee
from proposals.models import Assignment, Category, Proposal
from proposals.status import HANDLING, AssignmentStatus, ProposalStatus, RequestKind
from proposals.workflow import perform

from ..models import CommitteeField, Follow, Topic, TopicState
from ..topic_instructions import OFFICE, default_due, give, units_of

# What the leaders wrote, how many days ago, and how far it came: answered, under way, done.
GIVEN = (
    (9, "请主要负责人亲自过问，先与代表当面沟通，一周内报办理情况。", "done"),
    (6, "群众反映集中的事，请到现场看清问题后再答复。", "answered"),
    (3, "请把今年能办成的和要明年办的分开列清楚报我。", "doing"),
    (1, "请认真研究，先与代表当面沟通。", "given"),
)
ANSWER = "已由分管负责人到现场看过，并与领衔代表当面沟通；方案本周报出，能先办的先办。"


def tell(desk):
    """Give one congress its committees' fields, instructions at each stage, a report and a comment."""
    congress, now = desk.tenant.congress, desk.times.now
    office = _users(congress, Role.LIAISON).first()
    leaders = list(_users(congress, Role.LEADER))
    _fields(congress)
    if office is None or not leaders:
        return
    leader = leaders[0]
    cases = _at_work(congress)
    for case, (days, words, stage) in zip(cases, GIVEN, strict=False):
        _instruct(case, leader, office, now - timedelta(days=days), words, stage)
    stuck = Proposal.objects.filter(congress=congress, status=ProposalStatus.DISPUTED).order_by("pk").first()
    if stuck is not None:
        words = "代表对结果不满意，单位认为受规划限制。建议由分管领导召集一次协调会。"
        perform("report", stuck, actor=office, data={"leader": leader, "words": words}, now=now)
    _topic(congress, leader, now)
    _committee(congress, cases, now)


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
        .distinct()
        .order_by("-pk")[: len(GIVEN) + 2]
    )


def _instruct(case, leader, office, at, words, stage):
    perform("instruct", case, actor=leader, data={"words": words}, now=at)
    if stage == "given":
        return
    for request in case.requests.filter(kind=RequestKind.INSTRUCTED).select_related("assignment"):
        place = request.assignment
        role = Role.HUB if place.unit.is_hub else Role.HANDLER
        grant = Grant.objects.in_force().filter(unit=place.unit, role=role).select_related("user").first()
        if grant is not None and place.role != "co":
            data = {"words": ANSWER, "instruction": request.pk}
            perform("answer_instruct", place, actor=grant.user, data=data, now=at + timedelta(days=2))
    if stage in ("doing", "done"):
        data = {"mark": stage, "words": "代表表示认可。" if stage == "done" else "正在选址。"}
        perform("mark_instruct", case, actor=office, data=data, now=at + timedelta(days=2, hours=3))


def _topic(congress, leader, now):
    topic = Topic.objects.filter(congress=congress, state=TopicState.DECIDED).order_by("rank").first()
    if topic is None:
        return
    at = now - timedelta(days=2)
    recipients = {OFFICE} | {str(unit.pk) for unit in units_of(topic)}
    data = {
        "words": "请各承办单位把进展和难点列清楚，下次督办时逐件说明。",
        "recipients": sorted(recipients),
        "due_on": default_due(topic, now.date()),
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


def _committee(congress, cases, now):
    """One member comments, follows, joins one case and takes over another."""
    member = _users(congress, Role.COMMITTEE).first()
    if member is None or len(cases) < 2:
        return
    at = now - timedelta(hours=20)
    perform("comment", cases[0], actor=member, data={"words": "建议与去年的同类件一并研究。"}, now=at)
    perform("join_oversight", cases[0], actor=member, data={"reason": "本委今年的监督议题"}, now=at)
    reason = "对口单位，涉及两家，由本委牵头督办"
    perform("take_over", cases[-1], actor=member, data={"reason": reason}, now=at)
    Follow.objects.get_or_create(user=member, proposal=cases[-1])
