"""要事, 批示 and their marks: what a leader's page shows, whom an instruction reaches, who read and answered it."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.agenda import agenda_of
from notifications.models import Notice
from proposals.models import Assignment, Proposal
from supervision.duties import open_duties
from supervision.models import (
    Instruction,
    InstructionRecipient,
    RoleKind,
    Topic,
    TopicCase,
    TopicEvent,
    TopicRole,
    TopicState,
)
from supervision.reminders import remind
from tests.cast import make_proposal, scan

from .conftest import at

pytestmark = pytest.mark.django_db


def signed_in(cast, key):
    client = Client()
    client.force_login(cast.people[key])
    return client


def text_of(cast, key, path):
    response = signed_in(cast, key).get(path)
    assert response.status_code == 200, (key, path, response.status_code)
    return response.content.decode()


@pytest.fixture
def topic(cast):
    """A key topic that 罗主任 leads and 常市长 has in hand, with one case at 市民政局 through the hub."""
    walk = make_proposal(cast, "filed").dispatch()
    today = timezone.localdate()
    made = Topic.objects.create(
        congress=cast.congress, year=today.year, title="社区养老", reason="反映集中", state=TopicState.DECIDED
    )
    TopicCase.objects.create(topic=made, proposal=walk.proposal, year=today.year)
    TopicRole.objects.create(topic=made, kind=RoleKind.LEADER, user=cast.luo, name="罗主任")
    TopicRole.objects.create(topic=made, kind=RoleKind.GOV_LEADER, user=cast.gov, name="常市长")
    made.milestones.create(
        planned_on=today + timedelta(3), first_planned_on=today + timedelta(3), words="现场督办"
    )
    return made


# --- 要事 ---------------------------------------------------------------------------------------------------


def test_leaders_land_on_their_page(cast):
    for key in ("luo", "gov"):
        assert signed_in(cast, key).get("/")["Location"] == "/leader/"
    assert signed_in(cast, "jiang").get("/")["Location"] == "/committee/"


def test_one_screen_with_what_needs_their_word(cast, topic):
    stuck = make_proposal(cast, "coordination", text={"title": "关于停车收费的建议"} | TEXT)
    sent_back = make_proposal(cast, "handling", text={"title": "关于养老床位备案的建议"} | TEXT)
    Proposal.objects.filter(pk=sent_back.proposal.pk).update(returns_asked=1)
    sent_back.proposal.refresh_from_db()
    sent_back.ask_return()
    text = text_of(cast, "luo", "/leader/")
    words = text[text.index('id="word"') : text.index('id="lead"')]
    assert "关于停车收费的建议" in words
    assert "关于养老床位备案的建议" in words
    assert "现场督办" in words
    assert "我牵头的专题" in words
    stuck.do("instruct", cast.luo, words="请联工委协调。")
    text = text_of(cast, "luo", "/leader/")
    assert "关于停车收费的建议" not in text[text.index('id="word"') : text.index('id="lead"')]


TEXT = {
    "situation": "走访了 6 个社区。",
    "analysis": "没有人管。",
    "points": ["请明确由谁负责。"],
}


def test_a_leader_of_the_government_is_told_of_no_dispute_and_no_hidden_name(cast, topic):
    walk = make_proposal(cast, "filed", text={"title": "林秀芝代表关于停车的建议"} | TEXT)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.days(-200).dispatch()
    text = text_of(cast, "gov", "/leader/")
    assert "林秀芝" not in text
    assert "有争议" not in text
    assert "不满意" not in text
    assert "我领办" in text
    assert "社区养老" in text


@pytest.mark.parametrize("key", ["luo", "gov"])
def test_the_page_costs_the_same_however_much_stands_on_it(cast, topic, key, django_assert_max_num_queries):
    client = signed_in(cast, key)
    client.get("/leader/")
    for number in range(3):
        walk = make_proposal(cast, "filed", text={"title": f"关于第{number}件的建议"} | TEXT).dispatch()
        walk.do("report", cast.su, leader=cast.luo, words="请定。")
        walk.do("instruct", cast.people[key], words="请抓紧。")
        if key == "luo":
            walk.do("report", cast.su, leader=cast.luo, words="请再定。")
    client.get("/leader/")  # reads the calendar, which is then kept a while
    with django_assert_max_num_queries(12):
        assert client.get("/leader/").status_code == 200


# --- Reading marks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["/instructions/{}/", "/proposals/{}/"])
def test_opening_it_is_reading_it_once_and_by_the_unit_alone(cast, where):
    walk = make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
    instruction = Instruction.objects.get()
    pk = walk.proposal.pk if "proposals" in where else instruction.pk
    mine = InstructionRecipient.objects.filter(unit=cast.units["civil"])
    for key in ("luo", "jiang", "gao"):
        text_of(cast, key, where.format(pk))
    assert mine.get().read_at is None
    text_of(cast, "chen", where.format(pk))
    first = mine.get()
    assert first.read_by == "陈晓岚"
    text_of(cast, "zou", where.format(pk))
    assert mine.get().read_by == "陈晓岚"
    assert "陈晓岚" in text_of(cast, "luo", where.format(pk))


def test_a_unit_reads_its_own_answer_and_no_other_units(cast):
    walk = make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
    walk.do("answer_instruct", cast.gao, walk.place("finance"), words="财政已列预算。")
    path = f"/instructions/{Instruction.objects.get().pk}/"
    assert "财政已列预算" in text_of(cast, "gao", path)
    assert "财政已列预算" in text_of(cast, "luo", path)
    assert "财政已列预算" not in text_of(cast, "chen", path)


def test_a_hidden_proposer_is_not_named_to_the_unit(cast):
    walk = make_proposal(cast, "filed")
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.assign().do("instruct", cast.luo, words="林秀芝代表所提很好，请办好。")
    for path in (f"/instructions/{Instruction.objects.get().pk}/", "/instructions/", "/inbox/"):
        assert "林秀芝" not in text_of(cast, "chen", path)
    assert "林秀芝" in text_of(cast, "luo", "/instructions/")


def test_strangers_find_no_instruction(cast):
    make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
    path = f"/instructions/{Instruction.objects.get().pk}/"
    for user in (cast.stranger.liaison, cast.stranger.handler, cast.qin, cast.lin, cast.gov):
        client = Client()
        client.force_login(user)
        assert client.get(path).status_code == 404


def test_what_is_owed_is_reminded_of_until_it_is_answered_or_done(cast):
    walk = make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
    owed = {(duty.holder_kind, duty.holder_id) for duty in open_duties() if duty.key.startswith("instruct")}
    assert owed == {
        ("liaison", cast.congress.pk),
        ("handler", cast.units["civil"].pk),
        ("handler", cast.units["finance"].pk),
    }
    walk.do("answer_instruct", cast.gao, walk.place("finance"), words="已列预算。")
    assert len([duty for duty in open_duties() if duty.key.startswith("instruct")]) == 2
    walk.do("mark_instruct", cast.su, mark="done", words="")
    assert not [duty for duty in open_duties() if duty.key.startswith("instruct")]


def test_an_instruction_is_one_line_that_leads_to_its_form(cast, time_machine):
    """As a turn from the first day on, as a duty once its day is near; counted once, at the same address."""
    walk = make_proposal(cast, "handling", now=at(2026, 2, 2)).do("instruct", cast.luo, words="请抓紧。")
    form = f"/assignments/{walk.place('civil').pk}/answer_instruct/"
    due_on = InstructionRecipient.objects.filter(unit=cast.units["civil"]).get().instruction.due_on
    for day in (date(2026, 2, 3), due_on):
        time_machine.move_to(at(day.year, day.month, day.day))
        remind(day)
        lines = [line for line in agenda_of(cast.chen).todo if line.verb.endswith("批示")]
        assert [line.url for line in lines] == [form]
        assert signed_in(cast, "chen").get(form).status_code == 200
    assert lines[0].otherwise == "逾期将告知签发人和联工委"
    assert Notice.objects.get(user=cast.chen, key__startswith="duty:instruct").url == form


# --- On a key topic -----------------------------------------------------------------------------------------


def instruct_topic(cast, topic, key="luo", **fields):
    units = [str(cast.units["civil"].pk), "office"]
    data = {
        "words": "请列清进展。",
        "recipients": units,
        "due_on": timezone.localdate() + timedelta(7),
        "request_id": uuid.uuid4(),
    }
    return signed_in(cast, key).post(f"/instructions/topic/{topic.pk}/", data | fields)


def test_a_topics_instruction_is_given_once_and_stands_in_its_history(cast, topic):
    Notice.objects.all().delete()
    request_id = uuid.uuid4()
    for _ in range(2):
        assert instruct_topic(cast, topic, request_id=request_id).status_code == 302
    instruction = Instruction.objects.get()
    assert (instruction.topic, [each.name for each in instruction.recipients.all()]) == (
        topic,
        ["联工委", "市民政局"],
    )
    assert TopicEvent.objects.get(action="instruct").words.startswith("常委会领导罗主任批示：请列清进展。")
    assert {"su", "chen"} <= set(Notice.objects.values_list("user__username", flat=True))


def test_a_topics_instruction_is_answered_with_files_and_marked(cast, topic):
    instruct_topic(cast, topic)
    recipient = InstructionRecipient.objects.get(unit=cast.units["civil"])
    path = f"/instructions/sent/{recipient.pk}/"
    assert signed_in(cast, "gao").get(path).status_code == 404
    assert signed_in(cast, "chen").post(path, {"words": ""}).status_code == 422
    sent = signed_in(cast, "chen").post(path, {"words": "已开餐 3 处。", "files": [scan("照片.pdf")]})
    assert sent.status_code == 302
    recipient.refresh_from_db()
    assert (recipient.answered_by, recipient.read_by) == ("陈晓岚", "陈晓岚")
    assert [file.name for file in recipient.event.files.all()] == ["照片.pdf"]
    path = f"/instructions/{recipient.instruction_id}/"
    assert "已开餐 3 处" in text_of(cast, "luo", path)
    marked = signed_in(cast, "su").post(f"{path}mark/", {"mark": "done", "words": "看过属实"})
    assert marked.status_code == 302
    assert Instruction.objects.get().state == "done"
    assert TopicEvent.objects.filter(action="mark_instruct").exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": ""}, "请选一句，或者自己写。"),
        ({"recipients": []}, "请选批示送给谁。"),
        ({"recipients": ["99999"]}, "单位有变动"),
        ({"due_on": ""}, "请填写回复日。"),
    ],
)
def test_bad_input_on_a_topic_comes_back(cast, topic, fields, said):
    response = instruct_topic(cast, topic, **fields)
    assert (response.status_code, said in response.content.decode()) == (422, True)
    assert not Instruction.objects.exists()


def test_an_empty_form_on_a_topic_is_to_be_put_right(cast, topic):
    instruct_topic(cast, topic)
    recipient = InstructionRecipient.objects.get(unit=cast.units["civil"])
    answer, mark = f"/instructions/sent/{recipient.pk}/", f"/instructions/{recipient.instruction_id}/mark/"
    for key, path in (("luo", f"/instructions/topic/{topic.pk}/"), ("chen", answer), ("su", mark)):
        assert signed_in(cast, key).post(path).status_code == 422, path
    assert Instruction.objects.get().state == "given"
    # Where nothing is to be done any more, that comes first.
    assert signed_in(cast, "su").post(mark, {"mark": "done"}).status_code == 302
    assert signed_in(cast, "su").post(mark).status_code == 409


def test_an_answer_that_a_colleague_gave_first_is_kept_to_be_copied(cast, topic):
    instruct_topic(cast, topic)
    path = f"/instructions/sent/{InstructionRecipient.objects.get(unit=cast.units['civil']).pk}/"
    assert signed_in(cast, "chen").post(path, {"words": "已开餐 3 处。"}).status_code == 302
    late = signed_in(cast, "chen").post(path, {"words": "另有两处在建。"})
    assert late.status_code == 409
    assert "您写的内容还在" in late.content.decode() and "另有两处在建。" in late.content.decode()


def test_an_answer_survives_an_expired_session(cast, topic):
    instruct_topic(cast, topic)
    path = f"/instructions/sent/{InstructionRecipient.objects.get(unit=cast.units['civil']).pk}/"
    client = signed_in(cast, "chen")
    token = re.search(r'name="_who" value="([^"]+)"', client.get(path).content.decode())[1]
    client.logout()
    assert client.post(path, {"words": "已开餐 3 处。", "_who": token}).status_code == 302
    assert "已开餐 3 处。" in text_of(cast, "chen", path)


def test_a_released_unit_reads_its_instruction_without_a_link_that_leads_nowhere(cast, topic):
    instruct_topic(cast, topic)
    path, link = f"/instructions/{Instruction.objects.get().pk}/", f'href="/topics/{topic.pk}/"'
    assert link in text_of(cast, "chen", path)
    Assignment.objects.filter(unit=cast.units["civil"]).update(status="released")
    assert signed_in(cast, "chen").get(f"/topics/{topic.pk}/").status_code == 404
    assert link not in text_of(cast, "chen", path)
