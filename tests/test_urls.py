"""Every address × everybody: who may open it, who may send to it, in handling and after the reply.

The tables say what is expected; a route of the resolver that they do not list fails. After the route stand
statuses, each with the people who get it; a later one overrides an earlier one. Whoever is not named gets 404,
whoever is not signed in is asked to. `a/b` means a while the case is in handling, b once it is replied.

GET is a plain visit; POST a forged form: nothing filled in, no version, no number of the request.
"""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import SecurityEvent, SetAsideForm
from institutions.models import Congress, Unit
from notifications.models import Digest, Notice
from proposals.attachments import attach, check_upload
from proposals.models import Clock, Commitment, Proposal, SecretStub
from proposals.status import ClockKind
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, TABLE
from supervision.models import (
    Activity,
    ActivityFile,
    ActivityState,
    Finding,
    Instruction,
    InstructionRecipient,
    Milestone,
    Review,
    RoleKind,
    Task,
    Topic,
    TopicCase,
    TopicEvent,
    TopicFile,
    TopicRole,
    TopicState,
)
from tests.cast import build_cast, make_proposal
from tests.proposals.actions.promised import promise_of

# lin 领衔 tang 附议 xiao 别的代表 su 联工委 chen 主办 gao 会办 qin 别的单位 fang 主办签发 jiang 专委会 luo 领导
# zhang 代表团 hub 督查室 gov 政府领导 admin 管理员; xsu xchen xlin xadmin: 外县的联工委、承办、代表、管理员
# anon 没有登录
NAMES = "lin tang xiao su chen gao qin fang jiang luo zhang hub gov admin xsu xchen xlin xadmin anon"
EVERYBODY = NAMES.split()
STRANGERS = {"xsu": "liaison", "xchen": "handler", "xlin": "deputy", "xadmin": "admin"}
GROUPS = {
    "all": set(EVERYBODY) - {"anon"},
    # Who sees the case at all, and who sees the place of the lead unit in it.
    "seen": {"lin", "tang", "su", "chen", "gao", "fang", "jiang", "luo", "zhang"},
    "place": {"lin", "tang", "su", "chen", "fang", "jiang", "luo", "zhang"},
    "co": {"lin", "tang", "su", "gao", "jiang", "luo", "zhang"},
}

GET = """
accounts:login              302 all; 200 anon
accounts:logout             405 all anon
accounts:profile            200 all
accounts:password_change    200 all
accounts:big_type           405 all
accounts:discard_set_aside  405 all
notifications:preferences   200 all
notifications:notices       200 all
notifications:mark_all_read 405 all
notifications:notice        302 lin
notifications:mark_read     405 all
notifications:digests       200 all
notifications:digest        200 lin
supervision:reminders       200 su xsu
supervision:reminders_sending 200 su xsu
supervision:reminder_plan   200 su xsu
supervision:leader          200 luo gov
supervision:instructions    200 su jiang luo gov chen gao qin fang hub xsu xchen
supervision:instruction     200 su jiang luo chen fang
supervision:instruction_mark 200 su luo
supervision:instruction_answer 200 chen
supervision:instruct_topic  200 luo
supervision:committee       200 jiang
supervision:committee_fields 200 su admin xsu xadmin
supervision:following       200 su jiang luo xsu
supervision:follow          405 all
proposals:home              302 all
proposals:my                200 lin tang xiao xlin
proposals:new               302 lin tang xiao xlin
proposals:enter             200 su zhang xsu
proposals:case              200 seen
proposals:write             302 seen
proposals:similar           404 all
proposals:paper             200 seen
proposals:deliveries        200 su jiang luo
proposals:attachment        200 seen
proposals:worklist          200 su xsu
proposals:hints             200 su xsu
proposals:urge              200 su jiang luo hub xsu
proposals:urge_phrases      200 su xsu
proposals:batch_file        405 all
proposals:assign_board      200 su xsu
proposals:reforms           200 su xsu hub
proposals:secret            200 su xsu
proposals:secret_mark       405 all
proposals:reform            200 su hub
proposals:hub               200 hub
proposals:hub_dispatch      405 all
proposals:review            302 su
proposals:judge             302 su
proposals:assign_effects    404 all
proposals:overview          200 su jiang luo zhang xsu hub gov
proposals:clock             200 place
rating_clock                200 place; 404 chen fang
proposals:registry          200 all
proposals:public            302 all anon
proposals:public_list       200 all anon
proposals:public_item       200 all anon
proposals:robots            200 all anon
supervision:health_live     200 all anon
supervision:health_status   503 all anon
supervision:operations      200 admin xadmin
supervision:deliveries      200 admin xadmin
supervision:try_again       405 all
proposals:sitemap           200 all anon
proposals:sitemap_part      200 all anon
proposals:search            302 all
proposals:inbox             200 chen gao qin fang xchen
proposals:inbox_accept      405 all
proposals:reply             403 place; 200 chen fang
proposals:reply_preview     403/200 place
proposals:signing           200 fang
proposals:sign              403 place; 302 fang
proposals:issue_together    405 all
proposal:invite             403 seen; 409 lin
proposal:drop               403 seen; 409 lin
proposal:cosign             403 seen; 409 tang
proposal:refuse_cosign      403 seen; 409 tang
proposal:submit             403 seen; 409 lin
proposal:return             403 seen; 409 su
proposal:decline            403 seen; 409 su
proposal:file               403 seen; 409 su
proposal:assign             403 seen; 409 su
proposal:order_redo         403 seen; 409 su
proposal:close_disputed     403 seen; 409 su
proposal:settle             403 seen; 409 su
proposal:urge               403 seen; 200/409 su jiang luo
proposal:recompute          404 all
proposal:supervise          404 all
proposal:rectify            404 all
proposal:ask_again          403 seen; 409 lin
proposal:withdraw           403 seen; 200/409 lin
proposal:consent_withdraw   403 seen
proposal:refuse_withdraw    403 seen
proposal:object             403 seen; 200 lin
proposal:answer_objection   403 seen; 409 su
proposal:take_lead          403 seen
proposal:refuse_lead        403 seen
proposal:check              403 seen; 409 zhang
proposal:undo_review        403 seen; 409 su
proposal:amend              403 seen; 200 su
proposal:change_lead        403 seen; 200 su
proposal:merge              403 seen; 200/409 su
proposal:unmerge            403 seen; 409 su
proposal:dissolve           404 all
proposal:plan               403 seen; 409 su
proposal:give_view          403 seen
proposal:adjust             403 seen; 200/409 su
proposal:instruct           403 seen; 200 luo
proposal:mark_instruct      403 seen; 409 su luo
proposal:report             403 seen; 200 su
proposal:comment            403 seen; 200 su jiang luo
proposal:join_oversight     403 seen; 200 jiang
proposal:take_over          403 seen; 200 jiang
proposal:hand_back          403 seen; 409 su jiang
proposal:publish            403 seen; 409 su
proposal:unpublish          403 seen; 409 su
proposal:nonsense           404 all
place:accept                403 co; 403/404 chen; 200/409 gao
place:log_contact           403 place; 200 chen
place:note_progress         403 place; 200/409 chen
place:give_opinion          403 co; 403/404 chen; 409 gao
place:draft_reply           403 place; 200/409 chen
place:rework                403 place; 409 fang
place:take_back             403 place; 403/409 chen
place:issue                 403 place; 409 fang
place:rate                  403 place; 409/200 lin
place:dispatch              403 place
place:ask_return            403 place; 200/409 chen
place:approve_return        403 place; 409 su
place:refuse_return         403 place; 409 su
place:ask_extension         403 place; 200/409 chen
place:endorse_extension     403 place
place:decide_extension      403 place; 409 su
place:return_opinion        403 co; 409/404 chen
place:recall_reply          403 place; 409/200 su
place:correct_class         403 place; 409/200 su
place:rate_proxy            403 place; 409/200 su
place:answer_urge           403 place; 409 chen
place:answer_instruct       403 place; 409 chen
place:mark_solved           403 place; 409 su
proposals:commitment        200 seen
promise:report_progress     403 seen; 200 chen
promise:move_date           403 seen; 200 chen
promise:verify              403 seen; 200 su jiang
promise:confirm             403 seen; 409 lin
promise:explain_promise     403 seen; 409 chen
promise:reopen_promise      403 seen; 409 su
promise:settle_look_back    403 seen; 409 su
promise:mark_unconfirmed    404 all
promise:look_back           404 all
promise:nonsense            404 all
supervision:commitments     200 lin tang xiao su chen gao qin fang jiang luo zhang hub gov xsu xchen xlin
supervision:commitments_export 200 lin tang xiao su chen gao qin fang jiang luo zhang hub gov xsu xchen xlin
supervision:commitment_cases   200 lin tang xiao su chen gao qin fang jiang luo zhang hub gov xsu xchen xlin
supervision:look_back       200 su xsu
supervision:reassign        405 all
place:mark_silent           404 all
place:nonsense              404 all
supervision:activities      200 su jiang luo chen gao qin fang hub gov xsu xchen
supervision:my_activities   200 lin tang xiao xlin
supervision:activity        200 su jiang luo lin tang chen fang hub gov
supervision:activity_file   200 su jiang luo
supervision:activity_step   403 luo lin tang chen fang hub gov; 200 su jiang
supervision:plan_of_topic   403 luo lin tang chen fang; 403/404 gao; 200 su jiang
supervision:plan_of_case    403 seen; 200 su jiang
supervision:finding_step    403 luo chen fang hub gov; 200 su jiang
supervision:tasks           200 su jiang luo chen gao qin fang hub gov xsu xchen
supervision:task            200 su jiang luo chen fang hub gov
supervision:task_step       403 su jiang luo fang hub gov; 200 chen
supervision:records         200 su jiang luo hub gov xsu; 302 chen gao qin fang xchen
supervision:record_own      302 chen gao qin fang hub xchen
supervision:record_chosen   404 su
supervision:records_export  200 su jiang luo hub gov xsu
supervision:formula         200 su jiang luo xsu
supervision:formula_edit    200 su xsu
supervision:reviews         200 su jiang luo xsu
supervision:review          200 su jiang luo
supervision:review_release  405 all
supervision:review_scan     404 su
supervision:record          200 su jiang luo chen fang
supervision:record_sheet    200 su jiang luo chen fang
supervision:record_figure   200 su jiang luo chen fang
supervision:board           200 lin tang xiao su chen gao qin fang jiang luo hub gov xsu xchen xlin
supervision:screen          200 lin tang xiao su chen gao qin fang jiang luo hub gov xsu xchen xlin
supervision:propose         200 su jiang xsu
supervision:topic           200 su jiang luo lin tang chen fang; 200/404 gao
supervision:brief           200 su jiang luo
supervision:topic_file      200 su jiang luo
supervision:topic_action    403 luo lin tang chen fang; 403/404 gao; 200 su jiang
supervision:step_action     403 luo lin tang chen fang; 403/404 gao; 200 su jiang
"""

POST = """
accounts:login              302 all; 422 anon
accounts:logout             302 all anon
accounts:profile            200 all
accounts:password_change    422 all
accounts:big_type           302 all
accounts:discard_set_aside  302 all
notifications:preferences   302 all
notifications:mark_all_read 302 all
notifications:mark_read     302 lin
supervision:reminders_sending 422 su xsu
supervision:reminder_plan   422 su xsu
supervision:instruction_mark 422 su luo
supervision:instruction_answer 422 chen
supervision:instruct_topic  422 luo
supervision:committee_fields 404 su
supervision:follow          302 su jiang luo
proposals:new               302 lin tang xiao xlin
proposals:enter             422 su zhang xsu
proposals:write             403 seen; 409 lin
proposals:urge              422 su jiang luo hub xsu
proposals:urge_phrases      422 su xsu
proposals:batch_file        200 su xsu
supervision:try_again       404 all
proposals:secret            422 su xsu
proposals:secret_mark       400 su
proposals:assign_board      422 su xsu
proposals:reform            302 su hub
proposals:hub_dispatch      302 hub
proposals:inbox_accept      302 all
proposals:reply             403 place; 302/409 chen
proposals:issue_together    403 place; 302 fang
proposal:invite             403 seen; 409 lin
proposal:drop               403 seen; 409 lin
proposal:cosign             403 seen; 409 tang
proposal:refuse_cosign      403 seen; 409 tang
proposal:submit             403 seen; 409 lin
proposal:return             403 seen; 409 su
proposal:decline            403 seen; 409 su
proposal:file               403 seen; 409 su
proposal:assign             403 seen; 409 su
proposal:order_redo         403 seen; 409 su
proposal:close_disputed     403 seen; 409 su
proposal:settle             403 seen; 409 su
proposal:urge               403 seen; 422/409 su jiang luo
proposal:recompute          404 all
proposal:supervise          404 all
proposal:rectify            404 all
proposal:ask_again          403 seen; 409 lin
proposal:withdraw           403 seen; 422/409 lin
proposal:consent_withdraw   403 seen
proposal:refuse_withdraw    403 seen
proposal:object             403 seen; 422 lin
proposal:answer_objection   403 seen; 409 su
proposal:take_lead          403 seen
proposal:refuse_lead        403 seen
proposal:check              403 seen; 409 zhang
proposal:undo_review        403 seen; 409 su
proposal:amend              403 seen; 422 su
proposal:change_lead        403 seen; 422 su
proposal:merge              403 seen; 422/409 su
proposal:unmerge            403 seen; 409 su
proposal:dissolve           404 all
proposal:plan               403 seen; 409 su
proposal:give_view          403 seen
proposal:adjust             403 seen; 422/409 su
proposal:instruct           403 seen; 422 luo
proposal:mark_instruct      403 seen; 409 su luo
proposal:report             403 seen; 422 su
proposal:comment            403 seen; 422 su jiang luo
proposal:join_oversight     403 seen; 302 jiang
proposal:take_over          403 seen; 422 jiang
proposal:hand_back          403 seen; 409 su jiang
proposal:publish            403 seen; 409 su
proposal:unpublish          403 seen; 409 su
proposal:nonsense           404 all
place:accept                403 co; 403/404 chen; 409 gao
place:log_contact           403 place; 422 chen
place:note_progress         403 place; 422/409 chen
place:give_opinion          403 co; 403/404 chen; 409 gao
place:draft_reply           403 place; 409 chen
place:rework                403 place; 409 fang
place:take_back             403 place; 403/409 chen
place:issue                 403 place; 409 fang
place:rate                  403 place; 409/422 lin
place:dispatch              403 place
place:ask_return            403 place; 422/409 chen
place:approve_return        403 place; 409 su
place:refuse_return         403 place; 409 su
place:ask_extension         403 place; 422/409 chen
place:endorse_extension     403 place
place:decide_extension      403 place; 409 su
place:return_opinion        403 co; 409/404 chen
place:recall_reply          403 place; 409/422 su
place:correct_class         403 place; 409/422 su
place:rate_proxy            403 place; 409/422 su
place:answer_urge           403 place; 409 chen
place:answer_instruct       403 place; 409 chen
place:mark_solved           403 place; 409 su
promise:report_progress     403 seen; 422 chen
promise:move_date           403 seen; 422 chen
promise:verify              403 seen; 422 su jiang
promise:confirm             403 seen; 409 lin
promise:explain_promise     403 seen; 409 chen
promise:reopen_promise      403 seen; 409 su
promise:settle_look_back    403 seen; 409 su
promise:mark_unconfirmed    404 all
promise:look_back           404 all
promise:nonsense            404 all
supervision:reassign        422 su xsu
place:mark_silent           404 all
place:nonsense              404 all
supervision:activity_step   403 luo lin tang chen fang hub gov; 422 su jiang
supervision:plan_of_topic   403 luo lin tang chen fang; 403/404 gao; 422 su jiang
supervision:plan_of_case    403 seen; 422 su jiang
supervision:finding_step    403 luo chen fang hub gov; 422 su jiang
supervision:task_step       403 su jiang luo fang hub gov; 422 chen
supervision:formula_edit    422 su xsu
supervision:reviews         422 su xsu
supervision:review          422 su
supervision:review_release  302 su
supervision:propose         422 su jiang xsu
supervision:topic_action    403 luo lin tang chen fang; 403/404 gao; 422 su jiang
supervision:step_action     403 luo lin tang chen fang; 403/404 gao; 422 su jiang
"""

# Pages that take no form: 405 whoever sends one.
READ_ONLY = """
notifications:notices notifications:notice notifications:digests notifications:digest proposals:home proposals:my
supervision:reminders
supervision:leader supervision:instructions supervision:instruction supervision:committee supervision:following
proposals:case proposals:similar proposals:paper proposals:deliveries proposals:attachment proposals:worklist
proposals:hints proposals:review proposals:judge proposals:assign_effects proposals:overview proposals:clock
rating_clock proposals:registry proposals:search proposals:inbox proposals:reply_preview proposals:signing
proposals:sign proposals:reforms proposals:hub
supervision:health_live supervision:health_status supervision:operations supervision:deliveries
proposals:commitment supervision:commitments supervision:commitments_export supervision:commitment_cases
supervision:look_back
proposals:public proposals:public_list proposals:public_item proposals:robots proposals:sitemap proposals:sitemap_part
supervision:activities supervision:my_activities supervision:activity supervision:activity_file
supervision:tasks supervision:task
supervision:records supervision:record_own supervision:record_chosen supervision:records_export supervision:formula
supervision:review_scan supervision:record supervision:record_sheet supervision:record_figure
supervision:board supervision:screen supervision:topic supervision:brief supervision:topic_file
"""

OF_ACTIONS = ("proposals:proposal_action", "proposals:place_action", "proposals:promise_action")
PREFIXES = {PROPOSAL: "proposal", ASSIGNMENT: "place", COMMITMENT: "promise"}


def read(table, state):
    """The table as {route: {person: outcome}} for a case in `state`: 0 in handling, 1 replied."""
    rows = {}
    for line in table.strip().splitlines():
        route, _, rules = line.partition(" ")
        assert route not in rows, f"listed twice: {route}"
        row = rows[route] = dict.fromkeys(EVERYBODY, "404") | {"anon": "in"}
        for rule in rules.split(";"):
            statuses, *names = rule.split()
            people = set().union(*(GROUPS.get(name, {name}) for name in names))
            assert people <= set(EVERYBODY), line
            row.update(dict.fromkeys(people, statuses.split("/")[state if "/" in statuses else 0]))
    return rows


# --- The scene: two cases of one congress, everybody around them ------------------------------------------


@pytest.fixture
def scene(db):
    """The people, and the addresses of both cases; beside them a published one, which anybody may read."""
    cast = build_cast()
    Congress.objects.filter(pk=cast.congress.pk).update(is_public=True)
    make_proposal(cast, "closed").do("publish", cast.su)
    promise_of(make_proposal(cast, "handling"))
    walks = [make_proposal(cast, "handling").accept(), make_proposal(cast, "replied")]
    return SimpleNamespace(people=_people(cast), addresses=[_addresses(cast, walk) for walk in walks])


def _people(cast):
    people = {who: cast.people[who] for who in EVERYBODY if who in cast.people}
    return people | {who: getattr(cast.stranger, key) for who, key in STRANGERS.items()} | {"anon": None}


def _addresses(cast, walk):
    """{route: address}; what belongs to a person (a notice, a text set aside) belongs to the lead deputy."""
    case, lead, co = walk.proposal, walk.place("civil"), walk.place("finance")
    abolished = Unit.objects.create(congress=cast.congress, name=f"原老龄办{case.pk}", successor=lead.unit)
    upload = SimpleUploadedFile("报告.pdf", b"%PDF-1.4\n%%EOF\n")
    own_file = attach(check_upload(upload), proposal=case, user=cast.lin)
    notice = Notice.objects.filter(user=cast.lin).first()
    day = datetime.date(2026, 3, 2)
    none = {"count": 0, "lines": []}
    content = {"headline": "今天没有要办的", "todo": none, "wait": none, "soon": {"count": 0, "days": []}}
    Digest.objects.get_or_create(user=cast.lin, day=day, defaults={"content": content})
    kept = SetAsideForm.objects.create(user=cast.lin, path="/my/", fields={"data": {"words": ["写到一半"]}})
    running = Clock.objects.filter(proposal=case, met_on=None, voided_on=None)
    reply_clock = Clock.objects.get(proposal=case, assignment=lead, kind=ClockKind.REPLY)
    numbers = {
        "case": case.pk,
        "place": lead.pk,
        "unit": abolished.pk,
        "notice": notice.pk,
        "clock": reply_clock.pk,
        "file": own_file.pk,
        "kept": kept.pk,
        "day": day.isoformat(),
        "stub": SecretStub.objects.create(
            congress=cast.congress, number=f"2026-密{case.pk}", registered_on=day, registered_by="苏婉仪"
        ).pk,
        "promise": Commitment.objects.get().pk,
        "code": cast.congress.code,
        "kind": "reply",
        "section": cast.congress.code,
        "lead_unit": lead.unit_id,
        "figure": "lead",
        "review": Review.objects.create(
            congress=cast.congress, year=2026, meeting="常委会会议", held_on=day, made_by="苏婉仪"
        ).pk,
        "number": Proposal.objects.get(published_on__isnull=False).number,
        **supervised(cast, case, lead.unit),
    }
    found = {}
    for name, kwargs in routes().items():
        if name in OF_ACTIONS:
            continue
        steps = {"name": OF_STEPS[name]} if name in OF_STEPS else {}
        keys = {key: numbers[_subject(name, key)] for key in kwargs if key not in steps}
        found[name] = reverse(name, kwargs=keys | steps)
    for rating in running.filter(kind=ClockKind.RATING):
        found["rating_clock"] = reverse("proposals:clock", args=[rating.pk])
    for code, row in TABLE.items():
        if row.subject == COMMITMENT:
            found[f"promise:{code}"] = reverse("proposals:promise_action", args=[numbers["promise"], code])
        elif row.subject == PROPOSAL:
            found[f"proposal:{code}"] = reverse("proposals:proposal_action", args=[case.pk, code])
        else:
            place = co if code in ("accept", "give_opinion", "return_opinion") else lead
            found[f"place:{code}"] = reverse("proposals:place_action", args=[place.pk, code])
    found["proposal:nonsense"] = reverse("proposals:proposal_action", args=[case.pk, "nonsense"])
    found["promise:nonsense"] = reverse("proposals:promise_action", args=[numbers["promise"], "nonsense"])
    found["place:nonsense"] = reverse("proposals:place_action", args=[lead.pk, "nonsense"])
    return found


def supervised(cast, case, unit):
    """督办活动 of the case that the lead unit took part in, with a photo, a finding and its task; and a topic."""
    topic = Topic.objects.create(
        congress=cast.congress,
        year=2026,
        title=f"专题{case.pk}",
        reason="连续三年提出。",
        state=TopicState.DECIDED,
    )
    TopicCase.objects.create(topic=topic, proposal=case, year=2026)
    TopicRole.objects.create(topic=topic, kind=RoleKind.COMMITTEE, committee=cast.committee)
    day = datetime.date(2026, 3, 2)
    activity = Activity.objects.create(
        congress=cast.congress, proposal=case, kind="on_site", on=day, state=ActivityState.HELD
    )
    activity.units.add(unit)
    finding = Finding.objects.create(activity=activity, words="没有无障碍坡道")
    task = Task.objects.create(
        congress=cast.congress, finding=finding, unit=unit, words="补建", due_on=day, first_due_on=day
    )
    photo = ActivityFile(
        activity=activity, name="坡道.pdf", content_type="application/pdf", size=9, sha256="0"
    )
    photo.file.save("坡道.pdf", SimpleUploadedFile("坡道.pdf", b"%PDF-1.4\n%%EOF\n"))
    return {
        "topic": topic.pk,
        "activity": activity.pk,
        "finding": finding.pk,
        "task": task.pk,
        "activity_file": photo.pk,
        **_planned(topic),
        **_instructed(cast, topic, unit),
    }


def _instructed(cast, topic, unit):
    """A leader's instruction (批示) on the topic to the unit."""
    instruction = Instruction.objects.create(
        congress=cast.congress,
        topic=topic,
        author=cast.luo,
        author_name="罗主任",
        author_role="常委会领导",
        words="请抓紧。",
        due_on=datetime.date(2026, 3, 9),
    )
    sent = InstructionRecipient.objects.create(instruction=instruction, unit=unit)
    return {"instruction": instruction.pk, "sent": sent.pk}


def _planned(topic):
    """A step of the topic's plan, and the scan of the decision."""
    day = datetime.date(2026, 3, 2)
    step = Milestone.objects.create(topic=topic, planned_on=day, first_planned_on=day, words="现场督办")
    event = TopicEvent.objects.create(topic=topic, action="decide", at=timezone.now(), actor_name="苏婉仪")
    scan = TopicFile(event=event, name="纪要.pdf", content_type="application/pdf", size=9, sha256="0")
    scan.file.save("纪要.pdf", SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n"))
    return {"step": step.pk, "topic_file": scan.pk}


# The word in the address of steps that have one route together.
OF_STEPS = {
    "supervision:activity_step": "find",
    "supervision:finding_step": "give",
    "supervision:task_step": "report",
    "supervision:topic_action": "add_step",
    "supervision:step_action": "done",
}
OF_SUPERVISION = {
    "activity": "activity",
    "activity_step": "activity",
    "activity_file": "activity_file",
    "plan_of_topic": "topic",
    "plan_of_case": "case",
    "finding_step": "finding",
    "task": "task",
    "task_step": "task",
    "topic": "topic",
    "brief": "topic",
    "topic_action": "topic",
    "step_action": "step",
    "topic_file": "topic_file",
    "instruction": "instruction",
    "instruction_mark": "instruction",
    "instruction_answer": "sent",
    "instruct_topic": "topic",
    "follow": "case",
    "record": "lead_unit",
    "record_sheet": "lead_unit",
    "record_figure": "lead_unit",
    "review": "review",
    "review_release": "review",
    "review_scan": "review",
}


def _subject(name, key):
    """Which number a route's argument wants."""
    of_places = {"reply", "reply_preview", "sign", "issue_together"}
    app, word = name.split(":")
    if key != "pk":
        return key
    if app == "proposals":
        own = {
            "commitment": "promise",
            "attachment": "file",
            "clock": "clock",
            "reform": "unit",
            "secret_mark": "stub",
        }
        return own.get(word, "place" if word in of_places else "case")
    if app == "supervision" and word in OF_SUPERVISION:
        return OF_SUPERVISION[word]
    return "kept" if app == "accounts" else "notice"


def routes():
    """Every named route of the site but the administration's: {name: names of its arguments}."""
    found = {}

    def collect(resolver, namespace):
        for pattern in resolver.url_patterns:
            if not isinstance(pattern, URLResolver):
                found[f"{namespace}{pattern.name}"] = sorted(pattern.pattern.converters)
            elif pattern.namespace != "admin":
                collect(pattern, f"{namespace}{pattern.namespace}:")

    collect(get_resolver(), "")
    return found


def client_of(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def answer(client, method, address):
    """The outcome of one request, taken back at once: a status, or "in" for the way to the sign-in page."""
    before = transaction.savepoint()
    response = getattr(client, method)(address)
    if response.streaming:
        b"".join(response)  # a file, read to its end
    transaction.savepoint_rollback(before)
    asks = response.status_code == 302 and "/login/?next=" in response["Location"]
    return "in" if asks else str(response.status_code)


def walk(scene, method, expected, addresses):
    """What came out otherwise than expected: a list of (address, person, expected, outcome)."""
    clients = {who: client_of(user) for who, user in scene.people.items()}
    wrong = []
    for route, row in expected.items():
        for who, wanted in row.items() if route in addresses else ():
            # Signing out and the like end a session: a fresh one for each.
            is_last = route in ("accounts:logout", "accounts:login")
            client = client_of(scene.people[who]) if is_last else clients[who]
            outcome = answer(client, method, addresses[route])
            if outcome != wanted:
                wrong.append(f"{method} {route} {addresses[route]} {who}: {outcome}, expected {wanted}")
    return wrong


# --- Tests ------------------------------------------------------------------------------------------------


def test_every_route_is_listed():
    of_actions = {f"{PREFIXES[row.subject]}:{code}" for code, row in TABLE.items()}
    named = set(routes()) - set(OF_ACTIONS) | of_actions
    own = {"rating_clock", "proposal:nonsense", "place:nonsense", "promise:nonsense"}
    assert set(read(GET, 0)) == named | own
    assert set(read(POST, 0)) | set(READ_ONLY.split()) == named | own
    assert not set(read(POST, 0)) & set(READ_ONLY.split())


@pytest.mark.slow
@pytest.mark.parametrize("state", [0, 1], ids=["handling", "replied"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_at_every_address(scene, method, state):
    expected = read(GET if method == "get" else POST, state)
    wrong = walk(scene, method, expected, scene.addresses[state])
    assert not wrong, "\n".join(wrong)


def test_pages_that_take_no_form_refuse_everybody(scene):
    """Before anything is looked up, so that the answer tells nothing."""
    listed = read(GET, 1)
    expected = {
        route: {"su": "405", "xsu": "405", "anon": "in" if listed[route]["anon"] == "in" else "405"}
        for route in READ_ONLY.split()
    }
    assert walk(scene, "post", expected, scene.addresses[1]) == []


def test_what_strangers_send_leaves_nothing_behind(scene):
    """Not even a line in the log of refusals: for them the case does not exist."""
    acting = [route for route in read(POST, 0) if route.startswith(("proposal:", "place:", "promise:"))]
    for who in STRANGERS:
        client = client_of(scene.people[who])
        for route in acting:
            assert client.post(scene.addresses[0][route]).status_code == 404
    assert not SecurityEvent.objects.exists()


@pytest.mark.parametrize("who", ["lin", "su", "chen", "luo", "xchen"])
def test_the_administration_does_not_exist_for_others(scene, who):
    client = client_of(scene.people[who])
    found = {address: answer(client, "get", address) for address in admin_addresses()}
    assert found == dict.fromkeys(admin_addresses(), "404")


def test_the_administration_asks_visitors_to_sign_in(db):
    found = {address: answer(Client(), "get", address) for address in admin_addresses()}
    assert found == dict.fromkeys(admin_addresses(), "in")


def admin_addresses():
    """The pages of the administration: lists, forms for something new, and those of the row number 1."""
    addresses = [reverse("admin:index")]
    for admin in site._registry.values():
        for pattern in admin.get_urls():
            if pattern.name:
                wanted = dict.fromkeys(pattern.pattern.converters, 1)
                addresses.append(reverse(f"admin:{pattern.name}", kwargs=wanted))
    return addresses
