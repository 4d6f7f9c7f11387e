"""批示 on key topics: who reads what of them, hidden proposers, and two people at once."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils import timezone

from notifications.agenda import agenda_of
from notifications.models import Notice
from proposals.models import Proposal
from proposals.workflow.errors import Denied
from supervision import topic_instructions
from supervision.models import (
    Instruction,
    InstructionRecipient,
    RoleKind,
    Task,
    Topic,
    TopicCase,
    TopicEvent,
    TopicFile,
    TopicRole,
    TopicState,
)
from supervision.overseeing import Field
from supervision.reminders import remind
from supervision.topic_board import board_for
from tests.cast import make_proposal, scan

from .acting import Acting

pytestmark = pytest.mark.django_db


def page_of(cast, key, path):
    client = Client()
    client.force_login(cast.people[key])
    response = client.get(path)
    assert response.status_code == 200, (key, path, response.status_code)
    return response.content.decode()


@pytest.fixture
def topic(cast):
    """A key topic with one case at 市民政局 through the hub; 林秀芝, who proposed it, is hidden (隐名)."""
    walk = make_proposal(cast, "filed")
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.dispatch()
    today = timezone.localdate()
    made = Topic.objects.create(
        congress=cast.congress,
        year=today.year,
        title="林秀芝代表提的养老问题",
        reason="反映集中",
        state=TopicState.DECIDED,
    )
    TopicCase.objects.create(topic=made, proposal=walk.proposal, year=today.year)
    TopicRole.objects.create(topic=made, kind=RoleKind.GOV_LEADER, user=cast.gov, name="常市长")
    made.milestones.create(
        planned_on=today + timedelta(3), first_planned_on=today + timedelta(3), words="请林秀芝代表到现场"
    )
    return made


def give(cast, topic, key="luo", recipients=(), words="林秀芝代表反映的，请办好。"):
    data = {
        "words": words,
        "recipients": list(recipients) or [str(cast.units["civil"].pk), "office"],
        "due_on": timezone.localdate() + timedelta(7),
    }
    topic_instructions.give(topic, actor=cast.people[key], data=data, request_id=uuid.uuid4())
    return Instruction.objects.latest("pk")


def answered(recipient, actor, words="已开餐 3 处。", **data):
    data |= {"words": words}
    return topic_instructions.answer(recipient, actor=actor, data=data, request_id=uuid.uuid4())


# --- 隐名 -------------------------------------------------------------------------------------------------


def test_a_topics_instruction_names_no_hidden_proposer_to_units(cast, topic):
    Notice.objects.all().delete()
    instruction = give(cast, topic)
    topic_instructions.mark_done(
        instruction, actor=cast.su, data={"mark": "doing", "words": "已问过林秀芝"}, request_id=uuid.uuid4()
    )
    sent = instruction.recipients.get(unit=cast.units["civil"])
    paths = ["/instructions/", f"/instructions/{instruction.pk}/", f"/instructions/sent/{sent.pk}/"]
    for path in [*paths, f"/topics/{topic.pk}/"]:
        assert "林秀芝" not in page_of(cast, "chen", path), path
    heard = Notice.objects.filter(user=cast.chen).values_list("words", flat=True)
    assert heard
    assert not [words for words in heard if "林秀芝" in words]
    assert "林秀芝" in page_of(cast, "su", f"/instructions/{instruction.pk}/")


def test_a_leader_of_the_government_reads_no_hidden_name_in_topics(cast, topic):
    give(cast, topic, key="gov", words="请办好。")
    for path in ("/leader/", "/instructions/"):
        assert "林秀芝" not in page_of(cast, "gov", path), path


# --- The history of the topic -----------------------------------------------------------------------------


def test_what_is_for_the_office_alone_stays_with_the_congress(cast, topic):
    words = "代表对这件不满意，请联工委研判。"
    instruction = give(cast, topic, recipients=["office"], words=words)
    topic_instructions.mark_done(
        instruction, actor=cast.su, data={"mark": "done", "words": ""}, request_id=uuid.uuid4()
    )
    for key in ("chen", "lin", "gov"):
        assert words not in page_of(cast, key, f"/topics/{topic.pk}/"), key
    assert words in page_of(cast, "jiang", f"/topics/{topic.pk}/")
    assert set(TopicEvent.objects.values_list("is_inner", flat=True)) == {True}


def test_another_unit_of_the_topic_reads_no_answer_in_its_history(cast, topic):
    TopicRole.objects.create(topic=topic, kind=RoleKind.UNIT, unit=cast.units["finance"])
    instruction = give(cast, topic, words="请列清进展。")
    answered(instruction.recipients.get(unit=cast.units["civil"]), cast.chen)
    assert "请列清进展" in page_of(cast, "gao", f"/topics/{topic.pk}/")
    for key in ("gao", "lin"):
        assert "已开餐 3 处" not in page_of(cast, key, f"/topics/{topic.pk}/"), key
    assert "已开餐 3 处" in page_of(cast, "chen", f"/instructions/{instruction.pk}/")


# --- Two at once ------------------------------------------------------------------------------------------


def test_who_answers_after_a_colleague_writes_nothing_over(cast, topic):
    sent = give(cast, topic).recipients.get(unit=cast.units["civil"])
    old = InstructionRecipient.objects.get(pk=sent.pk)
    answered(sent, cast.chen)
    with pytest.raises(Denied, match="已经回复过"):
        answered(old, cast.zou, "另一种说法。")
    sent.refresh_from_db()
    assert (sent.answer, sent.answered_by) == ("已开餐 3 处。", "陈晓岚")


def test_who_marks_after_a_colleague_writes_nothing_over(cast, topic):
    instruction = give(cast, topic)
    old = Instruction.objects.get(pk=instruction.pk)
    for row, words in ((instruction, "看过属实"), (old, "没有看")):
        data = {"mark": "done", "words": words}
        try:
            topic_instructions.mark_done(row, actor=cast.su, data=data, request_id=uuid.uuid4())
        except Denied as denied:
            assert "已经标为已执行" in denied.words
    assert Instruction.objects.get().mark_words == "看过属实"


def test_an_answer_and_its_files_come_together_or_not_at_all(cast, topic, monkeypatch, tmp_path):
    monkeypatch.setattr(TopicFile._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    sent = give(cast, topic).recipients.get(unit=cast.units["civil"])
    client = Client(raise_request_exception=False)
    client.force_login(cast.chen)
    data = {"words": "已开餐 3 处。", "files": [scan("照片.pdf")]}
    with monkeypatch.context() as patched:
        patched.setattr(topic_instructions, "perform", _then_fails(topic_instructions.perform))
        assert client.post(f"/instructions/sent/{sent.pk}/", data).status_code == 500
    sent.refresh_from_db()
    assert sent.answered_at is None
    assert not TopicEvent.objects.filter(action="answer_instruct").exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def _then_fails(perform):
    def act(*args, **kwargs):
        perform(*args, **kwargs)
        raise RuntimeError

    return act


# --- Counts -----------------------------------------------------------------------------------------------


def test_leader_committee_and_board_count_the_same_answered_cases(cast, topic):
    TopicRole.objects.create(topic=topic, kind=RoleKind.LEADER, user=cast.luo, name="罗主任")
    TopicRole.objects.create(topic=topic, kind=RoleKind.COMMITTEE, committee=cast.committee)
    answered_case = make_proposal(cast, "disputed").proposal
    TopicCase.objects.create(topic=topic, proposal=answered_case, year=topic.year)
    for key, path in (("luo", "/leader/"), ("jiang", "/committee/")):
        assert "已答复 1 / 2 件" in page_of(cast, key, path), path
    # Of what a leader of the government does not read nothing is counted, as on the board.
    assert "已答复 0 / 1 件" in page_of(cast, "gov", "/leader/")
    (card,) = board_for(cast.gov)[0].cards
    assert (card.replied, card.total) == (0, 1)


def test_a_committee_is_shown_the_tasks_that_it_may_verify(cast):
    acting = Acting(cast)
    task = acting.give()
    Task.objects.filter(pk=task.pk).update(state="answered")
    assert Field(cast.jiang).tasks == [task]
    cast.committee.fields.create(unit=task.unit)
    acting.topic.roles.filter(committee=cast.committee).delete()
    assert Field(cast.jiang).tasks == []


def test_units_are_reminded_without_a_hidden_name_and_told_by_when(cast, topic):
    due_on = give(cast, topic).due_on
    remind(due_on)
    mine = Notice.objects.filter(user=cast.chen)
    reminder = mine.get(key__startswith="duty:instruct:")
    assert "林秀芝" not in reminder.words
    assert "养老问题" in reminder.words
    assert "林秀芝" not in str([line.words for line in agenda_of(cast.chen).todo])
    told = mine.get(key__startswith="topic:")
    assert told.topic == Notice.Topic.WORD
    assert told.words.endswith("前回复，逾期将告知签发人和联工委")
    assert "林秀芝" not in told.words
