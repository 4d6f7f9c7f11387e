"""整改事项: given with a date, progress, reported with evidence, verified, moved with an explanation, reminded of."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Unit
from notifications.models import Notice
from proposals.models import ProposalEvent
from supervision.activity_panels import open_tasks
from supervision.models import ActivityFile, ActivityStep, Task, TopicEvent

from .acting import Acting, paper, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def acting(cast):
    return Acting(cast)


@pytest.fixture
def of_case(cast):
    return Acting(cast, of="case")


def told(cast):
    users = {user.pk: key for key, user in cast.people.items()}
    return {
        users[pk] for pk in Notice.objects.filter(url__startswith="/tasks/").values_list("user", flat=True)
    }


# --- Giving --------------------------------------------------------------------------------------------


def test_a_finding_becomes_a_task_of_a_unit(acting):
    task = acting.give()
    assert (task.unit.name, task.state, task.responsible) == ("市民政局", "open", "邓佩文")
    assert task.words == task.finding.words
    assert told(acting.cast) == {"chen", "zou"}
    event = TopicEvent.objects.filter(action="give").get()
    assert "交市民政局整改" in event.words
    assert event.payload["task"] == task.pk


def test_the_units_inbox_and_its_own_page_show_it(acting):
    task = acting.give()
    assert "还有 1 项" in acting.page("chen", "/inbox/")
    assert task.words in acting.page("chen", "/tasks/")
    assert "整改事项：" not in acting.page("gao", "/inbox/")
    acting.report(task)
    assert "整改事项：" not in acting.page("chen", "/inbox/")


def test_the_line_above_the_inbox_costs_no_query(acting):
    with CaptureQueriesContext(connection) as without:
        acting.page("chen", "/inbox/")
    task = acting.give()
    Task.objects.filter(pk=task.pk).update(due_on=acting.today - timedelta(1))
    with CaptureQueriesContext(connection) as along:
        text = acting.page("chen", "/inbox/")
    assert "还有 1 项，其中 1 项超期" in text
    assert len(along) <= len(without)


def test_the_topics_page_shows_it_with_its_light(acting):
    task = acting.give()
    text = acting.page("su", f"/topics/{acting.topic.pk}/")
    assert "1 项，办好 0 项" in text
    assert f"还剩 {(task.due_on - acting.today).days} 天" in text
    acting.report(task)
    acting.verify(task)
    text = acting.page("su", f"/topics/{acting.topic.pk}/")
    assert "1 项，办好 1 项" in text
    assert "已办好" in text


@pytest.mark.parametrize(("days", "words"), [(0, "整改期限要晚于今天"), (-3, "整改期限要晚于今天")])
def test_a_date_that_is_over_is_refused(acting, days, words):
    activity = acting.held()
    finding = activity.findings.get()
    due_on = acting.today + timedelta(days=days)
    unit = acting.cast.units["civil"].pk
    response = acting.post("su", f"/findings/{finding.pk}/give/", unit=unit, due_on=due_on, demand="做围挡")
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "做围挡" in response.content.decode()
    assert not Task.objects.exists()


def test_a_day_off_is_refused_with_the_next_working_day(acting):
    activity = acting.held()
    sunday = acting.today + timedelta(days=28 - acting.today.weekday() - 1)
    unit = acting.cast.units["civil"].pk
    with time_machine.travel(f"{acting.today}T09:00:00+08:00", tick=False):
        response = acting.post(
            "su", f"/findings/{activity.findings.get().pk}/give/", unit=unit, due_on=sunday
        )
    text = response.content.decode()
    # A make-up Sunday (调休) would be a working day.
    assert response.status_code == 302 or "不是工作日。最近的工作日是" in text


def test_one_unit_gets_a_finding_once_and_another_as_well(acting):
    activity = acting.held()
    acting.give(activity)
    finding = activity.findings.get()
    again = {"unit": acting.cast.units["civil"].pk, "due_on": acting.workday(9)}
    response = acting.post("su", f"/findings/{finding.pk}/give/", **again)
    assert response.status_code == 422
    assert "已经交给市民政局整改" in response.content.decode()
    acting.give(activity, unit="finance")
    assert Task.objects.count() == 2


def test_of_a_single_case_only_its_units_are_asked(of_case):
    activity = of_case.held("jiang")
    finding = activity.findings.get()
    fields = {"unit": of_case.cast.units["education"].pk, "due_on": of_case.workday(9)}
    assert of_case.post("jiang", f"/findings/{finding.pk}/give/", **fields).status_code == 422
    task = of_case.give(activity, "jiang")
    line = ProposalEvent.objects.filter(proposal=of_case.proposal, action="rectify").latest("seq")
    assert "社会建设委员会蒋可" in line.words
    assert "交市民政局整改" in line.words
    assert task.words in of_case.page("su", f"/proposals/{of_case.proposal.pk}/")
    # Deputies and other units read nothing of it in the history.
    for who in ("lin", "gao"):
        assert "交市民政局整改" not in of_case.page(who, f"/proposals/{of_case.proposal.pk}/")


def test_a_finding_may_be_given_away_as_it_is_written_down(acting):
    activity = acting.held(findings="")
    acting.step(
        "jiang", activity, "find", words="没有责任牌", unit=acting.cast.units["finance"].pk,
        due_on=acting.workday(10), demand="一点一牌",
    )  # fmt: skip
    task = Task.objects.get()
    assert (task.unit.name, task.words, task.finding.words) == ("市财政局", "一点一牌", "没有责任牌")
    response = acting.step(
        "jiang", activity, "find", status=422, words="没有灯", unit=acting.cast.units["finance"].pk
    )
    assert "请填整改期限。" in response.content.decode()


# --- The unit ------------------------------------------------------------------------------------------


def test_progress_and_report_with_evidence(acting):
    task = acting.give()
    Notice.objects.all().delete()
    acting.do("zou", task, "progress", words="已进场 2 台设备")
    assert (task.state, task.situation) == ("open", "已进场 2 台设备")
    response = acting.do("chen", task, "report", status=422, words="围挡做完")
    assert "请选择要上传的文件。" in response.content.decode()
    acting.report(task)
    assert (task.state, task.reported_on) == ("answered", acting.today)
    assert told(acting.cast) == {"su", "jiang"}
    file = ActivityFile.objects.get(step__action="report")
    statuses = {
        who: acting.client(who).get(f"/activities/files/{file.pk}/").status_code
        for who in ("su", "jiang", "luo", "chen", "hub", "gao", "lin", "xiao")
    }
    ok = dict.fromkeys(("su", "jiang", "luo", "chen", "hub"), 200)
    assert statuses == ok | dict.fromkeys(("gao", "lin", "xiao"), 404)
    assert TopicEvent.objects.filter(action__in=("progress", "report")).count() == 2


@pytest.mark.parametrize(
    ("who", "status"), [("gao", 404), ("lin", 404), ("xiao", 404), ("luo", 403), ("fang", 403)]
)
def test_nobody_else_answers_for_the_unit(acting, who, status):
    task = acting.give()
    acting.do(who, task, "report", status=status, words="好了", files=[photo()])
    assert task.state == "open"


def test_the_same_report_twice_is_one(acting):
    task = acting.give()
    request_id = uuid.uuid4()
    for _ in range(2):
        acting.post(
            "chen",
            f"/tasks/{task.pk}/report/",
            version=1,
            request_id=request_id,
            words="好了",
            files=[photo()],
        )
    assert ActivityStep.objects.filter(action="report").count() == 1
    assert ActivityFile.objects.filter(step__action="report").count() == 1


def test_what_was_reported_is_not_reported_again(acting):
    task = acting.give()
    acting.report(task)
    response = acting.do("chen", task, "report", status=409, words="再报", files=[photo()])
    assert "已报整改，待核实" in response.content.decode()


def test_a_unit_on_paper_is_entered_with_its_scan(acting):
    task = acting.give(unit="archive")
    assert told(acting.cast) == {"jiang"}  # the office itself gave it; somebody has to bring the paper
    page = acting.page("su", f"/tasks/{task.pk}/")
    assert "代录：报整改结果" in page
    acting.do("su", task, "report", status=422, words="已整理库房")
    acting.do("su", task, "report", words="已整理库房", files=[paper()])
    assert ActivityFile.objects.get(step__action="report").is_scan
    assert "代录" in TopicEvent.objects.get(action="report").words


def test_a_successor_answers_for_an_abolished_unit(acting):
    task = acting.give()
    Unit.objects.filter(pk=task.unit_id).update(successor=acting.cast.units["finance"], is_active=False)
    from institutions.succession import forget_successors

    forget_successors()
    try:
        acting.report(task, "gao")
    finally:
        forget_successors()
    assert task.state == "answered"


# --- Verifying -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["su", "jiang"])
def test_the_office_or_the_committee_verifies(acting, who):
    task = acting.give()
    acting.report(task)
    Notice.objects.all().delete()
    acting.verify(task, who)
    assert (task.state, task.outcome, task.closed_on) == ("closed", "done", acting.today)
    assert told(acting.cast) == {"chen", "zou"}


@pytest.mark.parametrize(("who", "status"), [("chen", 403), ("luo", 403), ("hub", 403), ("lin", 404)])
def test_nobody_else_verifies(acting, who, status):
    task = acting.give()
    acting.report(task)
    acting.verify(task, who, status=status)
    assert task.state == "answered"


def test_what_the_unit_has_not_reported_is_not_put_right(acting):
    task = acting.give()
    response = acting.verify(task, status=422)
    assert "单位还没有报整改结果" in response.content.decode()


@pytest.mark.parametrize("outcome", ["partly", "not"])
def test_partly_goes_on_to_another_date(acting, outcome):
    task = acting.give()
    first = task.due_on
    acting.report(task)
    response = acting.verify(task, outcome=outcome, status=422)
    assert "请定新的期限" in response.content.decode()
    acting.verify(task, outcome=outcome, due_on=acting.workday(40), words="只做了一半。")
    assert (task.state, task.outcome, task.closed_on) == ("open", outcome, None)
    assert (task.first_due_on, task.due_on) == (first, acting.workday(40))
    acting.report(task)
    acting.verify(task)
    assert (task.state, task.outcome) == ("closed", "done")


def test_partly_may_end_with_the_reason(acting):
    task = acting.give()
    acting.report(task)
    acting.verify(task, outcome="partly", closes="on", words="剩下的列入明年预算。")
    assert (task.state, task.outcome, task.closed_on) == ("closed", "partly", acting.today)
    assert "不再跟踪" in acting.page("su", f"/tasks/{task.pk}/")
    acting.verify(task, status=409)


def test_nothing_is_preselected(acting):
    task = acting.give()
    acting.report(task)
    text = acting.client("jiang").get(f"/tasks/{task.pk}/verify/").content.decode()
    assert "checked" not in text


def test_a_verification_of_an_old_page_changes_nothing(acting):
    task = acting.give()
    acting.report(task)
    response = acting.verify(task, version=1, status=409)
    assert "已由陈晓岚于" in response.content.decode()
    assert "到现场看过。" in response.content.decode()
    assert task.state == "answered"


# --- Moving and reminding ------------------------------------------------------------------------------


def test_a_date_moves_only_with_an_explanation(acting):
    task = acting.give()
    first = task.due_on
    acting.do("su", task, "move", status=422, due_on=acting.workday(50), reason="")
    acting.do("chen", task, "move", status=403, due_on=acting.workday(50), reason="来不及")
    Notice.objects.all().delete()
    acting.do("su", task, "move", due_on=acting.workday(50), reason="汛期不能施工")
    assert (task.first_due_on, task.due_on) == (first, acting.workday(50))
    assert told(acting.cast) == {"chen", "zou"}
    assert "汛期不能施工" in acting.page("chen", f"/tasks/{task.pk}/")


def test_what_is_late_is_red_and_counted(acting):
    task = acting.give()
    Task.objects.filter(pk=task.pk).update(due_on=acting.today - timedelta(days=7))
    assert "超期 7 天" in acting.page("su", "/tasks/?late=1")
    assert "其中 1 项超期" in acting.page("chen", "/inbox/")


def test_what_a_unit_owes_is_a_duty_until_it_reports(acting):
    task = acting.give()
    seat = ("handler", acting.cast.units["civil"].pk)
    (duty,) = open_tasks([seat])
    assert (duty.key, duty.seat, duty.due_on) == (f"task:{task.pk}", seat, task.due_on)
    assert duty.url == f"/tasks/{task.pk}/report/"
    assert list(open_tasks()) == [duty]
    assert list(open_tasks([("handler", acting.cast.units["finance"].pk)])) == []
    acting.report(task)
    assert list(open_tasks()) == []
    acting.verify(task, outcome="not", due_on=acting.workday(30))
    (again,) = open_tasks()
    assert again.due_on == task.due_on


def test_the_duty_of_a_hidden_case_names_nobody(of_case):
    of_case.proposal.hides_proposer = True
    of_case.proposal.save(update_fields=["hides_proposer"])
    activity = of_case.held(findings="林秀芝代表家附近没有助餐点")
    of_case.give(activity)
    (duty,) = open_tasks()
    assert "林秀芝" not in duty.words
