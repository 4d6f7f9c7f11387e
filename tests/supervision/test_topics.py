"""Key topics from naming to the end, through the forms that their people use."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from notifications.models import Notice
from proposals.models.event import AppendOnly
from supervision.models import Topic, TopicCase, TopicEvent, TopicRole
from tests.cast import scan
from tests.supervision.topical import (
    DECISION,
    REASON,
    act,
    case_of,
    decided,
    full_sides,
    make_late,
    named,
    plan_step,
)

TODAY = timezone.localdate


def url(topic, name):
    return reverse("supervision:topic_action", args=[topic.pk, name])


def post(client, user, address, **data):
    """Send a form as this person, with a fresh number; what a page would have filled in stays with the caller."""
    client.force_login(user)
    return client.post(address, {"request_id": str(uuid.uuid4())} | data)


def send(client, user, topic, name, **data):
    topic.refresh_from_db()
    return post(client, user, url(topic, name), version=topic.version, **data)


def naming(case, **fields):
    return {
        "year": case.filed_on.year,
        "title": "社区养老和老年助餐",
        "reason": REASON,
        "cases": case.number,
    } | fields


def deciding(**fields):
    return DECISION | {"decided_on": TODAY().isoformat(), "reason": REASON} | fields


def told(user):
    return list(Notice.objects.filter(user=user, key__startswith="topic:").values_list("words", flat=True))


# --- Naming ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["su", "jiang"])
def test_office_and_committees_name_topics(client, cast, who):
    case = case_of(cast)
    response = post(client, getattr(cast, who), reverse("supervision:propose"), **naming(case))
    topic = Topic.objects.get()
    assert response["Location"] == f"/topics/{topic.pk}/"
    assert (topic.state, topic.title) == ("proposed", "社区养老和老年助餐")
    assert list(topic.cases.all()) == [case]
    assert topic.events.get().words.startswith(f"提名为{topic.year}年重点督办建议：{case.number}")
    assert topic.proposed_by == (cast.committee if who == "jiang" else None)


def test_a_committee_tells_the_office(client, cast):
    post(client, cast.jiang, reverse("supervision:propose"), **naming(case_of(cast)))
    assert told(cast.su) == ["社会建设委员会提名重点督办专题“社区养老和老年助餐”，请研究。"]
    assert told(cast.chen) == told(cast.lin) == []


def test_the_same_form_twice_makes_one_topic(client, cast):
    data = naming(case_of(cast)) | {"request_id": str(uuid.uuid4())}
    client.force_login(cast.su)
    first, again = (client.post(reverse("supervision:propose"), data) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Topic.objects.count() == TopicEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cases", "2026-999", "没有找到编号：2026-999"),
        ("cases", "", "请填写包含哪些建议"),
        ("cases", "\x00", "请填写包含哪些建议"),
        ("title", "长" * 61, "最多 60 字，您写了 61 字"),
        ("year", "99999999999", "年度应在"),
        ("year", "今年", "年度写四位数字"),
        ("reason", "", "请填写列为重点的理由"),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(client, cast, field, value, words):
    data = naming(case_of(cast), **{field: value})
    response = post(client, cast.su, reverse("supervision:propose"), **data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    kept = "reason" if field == "title" else "title"
    assert data[kept] in page
    assert not Topic.objects.exists()


def test_a_case_on_its_way_to_the_register_is_refused(client, cast):
    case = case_of(cast, "filed")
    type(case).objects.filter(pk=case.pk).update(status="withdrawn")
    response = post(client, cast.su, reverse("supervision:propose"), **naming(case))
    assert "不能列入" in response.content.decode()


def test_a_case_of_another_congress_does_not_exist(client, cast):
    case = case_of(cast)
    post(client, cast.stranger.liaison, reverse("supervision:propose"), **naming(case))
    assert not Topic.objects.exists()


def test_one_topic_a_year_per_case(client, cast):
    case = case_of(cast)
    named(cast, case, title="甲")
    response = post(client, cast.su, reverse("supervision:propose"), **naming(case, title="乙"))
    assert response.status_code == 422
    assert f"{case.number}已在专题“甲”里" in response.content.decode()
    assert Topic.objects.count() == 1


# --- The decision ---------------------------------------------------------------------------------------


def test_the_decision_is_recorded_and_everybody_concerned_is_told(client, cast):
    topic = named(cast, case_of(cast), actor=cast.jiang)
    response = send(client, cast.su, topic, "decide", **deciding(), files=scan("纪要.pdf"))
    assert response.status_code == 302
    topic.refresh_from_db()
    assert (topic.state, topic.rank, topic.decided_on) == ("decided", 1, TODAY())
    event = topic.events.latest("pk")
    assert DECISION["meeting"] in event.words and DECISION["document_no"] in event.words
    assert event.files.get().name == "纪要.pdf"
    words = f"“社区养老和老年助餐”列为{topic.year}年重点督办建议：{DECISION['meeting']}决定。"
    for who in ("chen", "gao", "lin", "jiang"):
        assert told(getattr(cast, who)) == [words], who
    assert told(cast.su) == ["社会建设委员会提名重点督办专题“社区养老和老年助餐”，请研究。"]
    assert told(cast.qin) == told(cast.xiao) == []


def test_units_and_office_have_their_sides_by_themselves(cast):
    topic = decided(cast)
    assert [str(side) for side in topic.roles.all()] == ["苏婉仪", "市民政局"]


@pytest.mark.parametrize("who", ["jiang", "luo", "chen", "lin", "gov"])
def test_only_the_office_records_the_decision(client, cast, who):
    topic = named(cast, case_of(cast), actor=cast.jiang)
    response = send(client, getattr(cast, who), topic, "decide", **deciding())
    assert response.status_code == (403 if who in ("jiang", "luo") else 404)
    assert SecurityEvent.objects.filter(kind="topic:decide").exists() == (who in ("jiang", "luo"))
    topic.refresh_from_db()
    assert topic.state == "proposed"


def test_a_decision_of_tomorrow_is_refused(client, cast):
    topic = named(cast, case_of(cast))
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    response = send(client, cast.su, topic, "decide", **deciding(decided_on=tomorrow))
    assert "决定日期不能晚于今天" in response.content.decode()


def test_deciding_twice_is_done_once(client, cast):
    topic = named(cast, case_of(cast))
    data = deciding() | {"version": topic.version, "request_id": str(uuid.uuid4())}
    client.force_login(cast.su)
    assert [client.post(url(topic, "decide"), data).status_code for _ in range(2)] == [302, 302]
    assert topic.events.filter(action="decide").count() == 1


def test_a_page_that_is_behind_changes_nothing_and_keeps_what_was_typed(client, cast):
    topic = named(cast, case_of(cast))
    act(topic, "edit", cast.su, title="新名称", reason=REASON)
    data = deciding(meeting="第九次主任会议") | {"version": topic.version}
    response = post(client, cast.su, url(topic, "decide"), **data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "这个专题已由苏婉仪于" in page and "第九次主任会议" in page
    topic.refresh_from_db()
    assert topic.state == "proposed"


def test_a_decided_topic_is_not_decided_again(client, cast):
    topic = decided(cast)
    response = send(client, cast.su, topic, "decide", **deciding())
    assert response.status_code == 409
    assert "现在是“督办中”" in response.content.decode()


# --- Cases come and go ----------------------------------------------------------------------------------


def test_a_case_added_later_needs_a_reason_and_what_decided_it(client, cast):
    topic, late = decided(cast), case_of(cast)
    refused = send(client, cast.su, topic, "add_cases", cases=late.number)
    assert refused.status_code == 422 and "请填写理由" in refused.content.decode()
    done = send(client, cast.su, topic, "add_cases", cases=late.number, why="同类问题", **deciding())
    assert done.status_code == 302
    assert topic.cases.count() == 2
    assert "同类问题" in topic.events.latest("pk").words
    assert f"{late.number}列入重点督办专题“社区养老和老年助餐”。" in told(cast.chen)


def test_a_case_leaves_and_is_free_for_another_topic(client, cast):
    first, second = case_of(cast), case_of(cast)
    topic = decided(cast, first, second)
    data = {"case": second.pk, "why": "已经办结", "version": topic.version, "request_id": str(uuid.uuid4())}
    client.force_login(cast.su)
    answers = [client.post(url(topic, "remove_case"), data | deciding()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(topic.cases.all()) == [first]
    assert decided(cast, second, title="另一个").cases.get() == second


def test_the_last_case_does_not_leave(client, cast):
    topic = decided(cast)
    response = send(
        client, cast.su, topic, "remove_case", case=topic.cases.get().pk, why="不办了", **deciding()
    )
    assert response.status_code == 422
    assert topic.cases.count() == 1


def test_a_dropped_topic_frees_its_cases_and_keeps_its_history(client, cast):
    topic = named(cast, case_of(cast))
    number = topic.cases.get().number
    assert send(client, cast.su, topic, "drop", why="与另一类重复").status_code == 302
    topic.refresh_from_db()
    assert (topic.state, topic.cases.count()) == ("dropped", 0)
    assert number in topic.events.latest("pk").words
    client.force_login(cast.su)
    assert number in client.get(f"/topics/{topic.pk}/").content.decode()


def test_topics_change_places(client, cast):
    first, second = decided(cast, title="甲"), decided(cast, title="乙")
    assert send(client, cast.su, second, "move", by="-1").status_code == 302
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.rank, second.rank) == (2, 1)
    assert send(client, cast.su, second, "move", by="-1").status_code == 422


# --- Sides ----------------------------------------------------------------------------------------------


def sides_form(client, cast, topic, **fields):
    """What the page of 六方责任 would send, with some fields changed."""
    client.force_login(cast.su)
    form = client.get(url(topic, "sides")).context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    return data | {"request_id": str(uuid.uuid4())} | fields


def test_six_sides_are_filled_at_once(client, cast):
    topic = decided(cast)
    data = sides_form(
        client,
        cast,
        topic,
        leader_0_who=cast.luo.pk,
        leader_0_contact="办公室",
        leader_0_phone="8866 0118",
        gov_leader_0_who=cast.gov.pk,
        committee_0_who=cast.committee.pk,
        committee_0_name="覃立秋",
        **{f"unit_{cast.units['civil'].pk}_name": "邓局长"},
        deputies=[cast.deputies["lin"].pk],
    )
    assert client.post(url(topic, "sides"), data).status_code == 302
    kinds = dict(TopicRole.objects.filter(topic=topic).values_list("kind", "name"))
    assert kinds == {
        "leader": "罗主任",
        "gov_leader": "常市长",
        "committee": "覃立秋",
        "office": "苏婉仪",
        "unit": "邓局长",
        "deputy": "林秀芝",
    }
    assert any("您负责重点督办专题" in words for words in told(cast.luo))
    page = client.get(f"/topics/{topic.pk}/").content.decode()
    assert "3 / 4" in page and "领衔代表林秀芝没有参加过活动" in page


@pytest.mark.parametrize(("field", "value"), [("leader_0_who", "999"), ("leader_0_phone", "没有")])
def test_a_side_that_cannot_be_is_refused_by_the_field(client, cast, field, value):
    topic = decided(cast)
    data = sides_form(client, cast, topic, **{field: value})
    response = client.post(url(topic, "sides"), data)
    assert response.status_code == 422
    assert not topic.roles.filter(kind="leader").exists()


def test_whoever_answers_for_an_open_step_stays(client, cast):
    topic = full_sides(cast, decided(cast))
    plan_step(cast, topic, kind="leader")
    topic.refresh_from_db()
    data = sides_form(client, cast, topic, leader_0_who="")
    response = client.post(url(topic, "sides"), data)
    assert response.status_code == 422
    assert "罗主任 副主任还负责督办计划里没有完成的 1 步" in response.content.decode()


def test_coverage_names_what_is_missing(client, cast):
    topic = decided(cast)
    client.force_login(cast.su)
    page = client.get(f"/topics/{topic.pk}/").content.decode()
    assert "1 件都还没有常委会领导牵头、政府领导领办" in page
    assert "1 件都还没有对口专委会" in page
    assert "市民政局还没有列明主要负责人" in page
    assert "0 / 4" in page


# --- The plan -------------------------------------------------------------------------------------------


def step_url(step, name):
    return reverse("supervision:step_action", args=[step.pk, name])


@pytest.mark.parametrize("who", ["su", "jiang"])
def test_office_and_committee_keep_the_plan(client, cast, who):
    user, topic = getattr(cast, who), full_sides(cast, decided(cast))
    day = TODAY() + timedelta(days=20)
    side = topic.roles.get(kind="committee")
    send(client, user, topic, "add_step", planned_on=day.isoformat(), words="座谈会", who=[side.pk])
    step = topic.milestones.get()
    assert (step.words, list(step.who.all())) == ("座谈会", [side])
    topic.refresh_from_db()
    later = day + timedelta(days=5)
    moved = post(
        client, user, step_url(step, "reschedule"), version=topic.version,
        planned_on=later.isoformat(), why="场地没有落实",
    )  # fmt: skip
    assert moved.status_code == 302
    step.refresh_from_db()
    assert (step.planned_on, step.first_planned_on) == (later, day)
    topic.refresh_from_db()
    done = {"version": topic.version, "on": TODAY().isoformat(), "words": "10 人参加"}
    assert post(client, user, step_url(step, "done"), **done).status_code == 302
    step.refresh_from_db()
    assert (step.done_on, step.done_words) == (TODAY(), "10 人参加")
    assert [event.action for event in topic.events.order_by("pk")][-3:] == ["add_step", "reschedule", "done"]


@pytest.mark.parametrize(("who", "status"), [("luo", 403), ("chen", 403), ("lin", 403), ("qin", 404)])
def test_others_do_not_keep_the_plan(client, cast, who, status):
    topic = full_sides(cast, decided(cast))
    step = plan_step(cast, topic)
    assert post(client, getattr(cast, who), step_url(step, "done")).status_code == status


def test_a_step_taken_away_twice_is_answered_the_same(client, cast):
    topic = full_sides(cast, decided(cast))
    step = plan_step(cast, topic)
    topic.refresh_from_db()
    data = {"version": topic.version, "why": "不再需要", "request_id": str(uuid.uuid4())}
    client.force_login(cast.su)
    answers = [client.post(step_url(step, "remove"), data) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"/topics/{topic.pk}/"] * 2
    assert not topic.milestones.exists()


def test_a_topic_ends_with_a_summary_once_the_plan_is_done(client, cast):
    topic = full_sides(cast, decided(cast))
    step = plan_step(cast, topic)
    ending = {"summary": "建成食堂 12 个。", "ended_on": TODAY().isoformat()}
    refused = send(client, cast.su, topic, "conclude", **ending)
    assert "督办计划还有 1 步没有完成" in refused.content.decode()
    act(topic, "done", cast.su, step=step, on=TODAY(), words="")
    assert send(client, cast.su, topic, "conclude", **ending).status_code == 302
    topic.refresh_from_db()
    assert (topic.state, topic.summary) == ("concluded", "建成食堂 12 个。")
    assert "建成食堂 12 个。" in client.get(f"/topics/{topic.pk}/").content.decode()


# --- Telling the leader ---------------------------------------------------------------------------------


def test_a_leader_hears_of_a_late_case_by_a_click_alone(client, cast):
    case = case_of(cast)
    topic = full_sides(cast, decided(cast, case))
    make_late(case, 3)
    before = len(told(cast.luo))
    client.force_login(cast.su)
    assert "报告牵头领导" in client.get(f"/topics/{topic.pk}/").content.decode()
    assert len(told(cast.luo)) == before
    response = send(client, cast.su, topic, "report", case=case.pk, words="建议约谈。")
    assert response.status_code == 302
    notice = Notice.objects.filter(user=cast.luo).latest("pk")
    assert notice.is_urgent and notice.url == f"/topics/{topic.pk}/"
    assert notice.words == f"请您过问：{case.number}《{case.title}》超期 3 天（市民政局）。建议约谈。"
    assert topic.events.latest("pk").words.startswith("报告牵头领导罗主任 副主任")


def test_nothing_late_is_nothing_to_report(client, cast):
    topic = full_sides(cast, decided(cast))
    response = send(client, cast.su, topic, "report", case=topic.cases.get().pk, words="约谈")
    assert response.status_code == 409


# --- History --------------------------------------------------------------------------------------------


def test_the_history_is_append_only(cast):
    event = named(cast, case_of(cast)).events.get()
    with pytest.raises(AppendOnly):
        event.delete()
    with pytest.raises(AppendOnly):
        TopicEvent.objects.filter(pk=event.pk).update(words="改")
    with pytest.raises(AppendOnly):
        event.save()


def test_a_number_of_somebody_elses_form_opens_nothing(client, cast):
    request_id = str(uuid.uuid4())
    topic = named(cast, case_of(cast))
    client.force_login(cast.su)
    data = deciding() | {"version": topic.version, "request_id": request_id}
    client.post(url(topic, "decide"), data)
    topic.refresh_from_db()
    forged = {"version": topic.version, "request_id": request_id, "title": "改", "reason": "改"}
    client.force_login(cast.jiang)
    client.post(reverse("supervision:propose"), naming(case_of(cast)) | {"request_id": str(topic.request_id)})
    assert Topic.objects.count() == 1
    assert client.post(url(topic, "edit"), forged).status_code == 403


def test_a_case_stands_in_the_table_once_a_year(cast):
    topic = decided(cast)
    assert TopicCase.objects.get(topic=topic).year == topic.year
