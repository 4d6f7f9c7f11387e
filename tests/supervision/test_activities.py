"""督办活动: planned, changed, cancelled, held; who sees what; deputies asked, their answers, presence and words."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import SecurityEvent
from notifications.models import Notice
from proposals.models import Proposal, ProposalEvent
from supervision.activities import participation
from supervision.models import Activity, ActivityFile, ActivityStep, Finding, Invitation, TopicEvent

from .acting import Acting, photo

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
        users[pk] for pk in Notice.objects.filter(key__startswith="activity:").values_list("user", flat=True)
    }


# --- Planning ------------------------------------------------------------------------------------------


def test_planning_asks_deputies_and_tells_units_and_leaders(acting):
    activity = acting.plan()
    assert (str(activity), activity.place, activity.is_planned) == ("沿江巡查", "溪口码头", True)
    assert told(acting.cast) == {"lin", "chen", "zou", "luo"}
    invitation = Invitation.objects.get()
    assert (invitation.deputy, invitation.state) == (acting.cast.deputies["lin"], "invited")
    event = TopicEvent.objects.get(topic=acting.topic)
    assert (event.action, event.actor_name, event.is_inner) == ("plan", "苏婉仪", True)
    assert "沿江巡查" in event.words
    assert (
        Notice.objects.get(user=acting.cast.lin, key__startswith="activity:").url
        == f"/activities/{activity.pk}/"
    )


def test_an_activity_of_a_case_stands_in_that_cases_history(of_case):
    of_case.plan("jiang")
    event = ProposalEvent.objects.get(proposal=of_case.proposal, action="supervise")
    assert "社会建设委员会蒋可" in event.words
    assert "沿江巡查" in event.words
    assert event.visibility == "proposer"
    assert "沿江巡查" in of_case.page("su", f"/proposals/{of_case.proposal.pk}/")


def test_the_same_form_twice_makes_one(acting):
    request_id = uuid.uuid4()
    answers = [
        acting.post("su", acting.plan_path, request_id=request_id, **acting.fields()) for _ in range(2)
    ]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Activity.objects.count() == ActivityStep.objects.count() == 1


def test_anothers_form_number_is_no_key(acting):
    request_id = uuid.uuid4()
    acting.post("su", acting.plan_path, request_id=request_id, **acting.fields())
    response = acting.post("jiang", acting.plan_path, request_id=request_id, **acting.fields())
    assert response.status_code == 422
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("who", ["luo", "chen", "lin"])
def test_others_who_see_the_topic_may_not_plan(acting, who):
    assert acting.client(who).get(acting.plan_path).status_code == 403
    assert acting.post(who, acting.plan_path, **acting.fields()).status_code == 403
    assert not Activity.objects.exists()
    assert SecurityEvent.objects.filter(kind="plan_activity").count() == 2


@pytest.mark.parametrize("who", ["liaison", "handler", "deputy"])
def test_strangers_find_nothing(acting, of_case, who):
    activity = acting.held(shares_minutes="on")
    task = acting.give(activity)
    file = ActivityFile.objects.first()
    for path in (
        acting.plan_path,
        of_case.plan_path,
        f"/activities/{activity.pk}/",
        f"/activities/{activity.pk}/hold/",
        f"/activities/files/{file.pk}/",
        f"/findings/{task.finding_id}/give/",
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/report/",
    ):
        client = acting.client(who)
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code in (404, 405), path
    assert not SecurityEvent.objects.exists()


def test_another_committee_may_not_run_a_topics_activity_but_any_runs_one_of_a_case(acting, of_case):
    acting.topic.roles.all().delete()
    assert acting.client("jiang").get(acting.plan_path).status_code == 403
    assert of_case.client("jiang").get(of_case.plan_path).status_code == 200


def test_what_is_typed_stays_with_the_sentence_by_the_field(acting):
    response = acting.post(
        "su", acting.plan_path, **acting.fields(kind="", more_deputies="没有此人", more_units="无此局")
    )
    text = response.content.decode()
    assert response.status_code == 422
    for words in (
        "请选活动的方式。",
        "没有找到叫“没有此人”的代表",
        "没有找到叫“无此局”的单位",
        "看助餐点建到哪一步。",
    ):
        assert words in text
    assert not Activity.objects.exists()


def test_deputies_and_units_may_be_named(acting):
    activity = acting.plan(more_deputies="肖立诚、唐伯安", more_units="市教育局")
    assert {i.deputy.name for i in activity.invitations.all()} == {"林秀芝", "肖立诚", "唐伯安"}
    assert {unit.name for unit in activity.units.all()} == {"市民政局", "市教育局"}


def test_nothing_is_planned_on_a_case_that_was_withdrawn(of_case):
    Proposal.objects.filter(pk=of_case.proposal.pk).update(status="withdrawn")
    response = of_case.client("su").get(of_case.plan_path)
    assert response.status_code == 409
    assert "已撤回" in response.content.decode()


# --- Changing and cancelling ---------------------------------------------------------------------------


def test_another_day_asks_again(acting):
    activity = acting.plan()
    acting.step("lin", activity, "answer", comes="yes")
    Notice.objects.all().delete()
    day = acting.today + timedelta(days=9)
    acting.step("su", activity, "edit", **acting.fields(on=day))
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.answered_at) == ("invited", None)
    assert told(acting.cast) == {"lin", "chen", "zou", "luo"}
    activity.refresh_from_db()
    assert activity.on == day


def test_units_and_leaders_who_come_later_or_need_not_come_are_told(acting):
    activity = acting.plan()
    Notice.objects.all().delete()
    others = {"units": [], "more_units": "市财政局", "leaders": [acting.cast.gov.pk]}
    acting.step("su", activity, "edit", **acting.fields(**others))
    heard = {notice.user.username: notice.words for notice in Notice.objects.select_related("user")}
    assert set(heard) == {"gao", "gov", "chen", "zou", "luo"}
    assert heard["gao"].endswith("请参加。")
    assert heard["gov"].startswith("安排了督办活动")
    assert heard["chen"].startswith("不用再参加督办活动")
    assert heard["luo"].startswith("不用再参加督办活动")


def test_a_change_of_words_asks_nobody_again(acting):
    activity = acting.plan()
    acting.step("lin", activity, "answer", comes="yes")
    Notice.objects.all().delete()
    acting.step("su", activity, "edit", **acting.fields(purpose="另看食品安全。"))
    assert Invitation.objects.get().state == "accepted"
    assert not Notice.objects.exists()


def test_a_page_that_is_behind_changes_nothing(acting):
    activity = acting.plan()
    acting.step("su", activity, "edit", **acting.fields(place="河东街道"))
    response = acting.step(
        "jiang", activity, "edit", status=409, version=1, **acting.fields(place="城南街道")
    )
    text = response.content.decode()
    assert "已由苏婉仪于" in text
    assert "城南街道" in text
    activity.refresh_from_db()
    assert activity.place == "河东街道"


def test_cancelling_tells_why_and_ends_it(acting):
    activity = acting.plan()
    Notice.objects.all().delete()
    acting.step("su", activity, "cancel", status=422, reason="")
    acting.step("su", activity, "cancel", reason="台风黄色预警")
    assert told(acting.cast) == {"lin", "chen", "zou", "luo"}
    assert "台风黄色预警" in acting.page("lin", f"/activities/{activity.pk}/")
    for name in ("cancel", "edit", "hold", "invite", "answer"):
        who = "lin" if name == "answer" else "su"
        assert acting.client(who).get(f"/activities/{activity.pk}/{name}/").status_code == 409, name


# --- Invitations ---------------------------------------------------------------------------------------


def test_a_deputy_answers_on_their_own_page(acting):
    activity = acting.plan()
    assert "答复能否参加" in acting.page("lin", "/my/activities/")
    Notice.objects.all().delete()
    acting.step("lin", activity, "answer", status=422, comes="no", reason="")
    acting.step("lin", activity, "answer", comes="no", reason="当天有庭审")
    assert told(acting.cast) == {"su", "jiang"}
    assert "当天有庭审" in acting.page("su", f"/activities/{activity.pk}/")
    acting.step("lin", activity, "answer", comes="yes")
    assert Invitation.objects.get().state == "accepted"
    assert Invitation.objects.get().reason == ""


def test_nobody_answers_for_another(acting):
    activity = acting.plan()
    for who, status in (("su", 404), ("chen", 404), ("tang", 404), ("xiao", 404)):
        acting.step(who, activity, "answer", status=status, comes="yes")
    assert Invitation.objects.get().state == "invited"


def test_more_deputies_are_invited_once(acting):
    activity = acting.plan()
    Notice.objects.all().delete()
    acting.step("su", activity, "invite", status=422)
    acting.step("jiang", activity, "invite", more_deputies="肖立诚、林秀芝")
    assert told(acting.cast) == {"xiao"}
    assert activity.invitations.count() == 2
    assert "沿江巡查" in acting.page("xiao", f"/activities/{activity.pk}/")
    acting.step("lin", activity, "invite", status=403)


def test_attendance_is_the_offices_record_and_counts_as_taking_part(acting):
    activity = acting.plan(on=acting.today - timedelta(days=2))
    acting.hold(activity, came=("lin",), more_came="肖立诚")
    came = {i.deputy.name: (i.came, i.state) for i in activity.invitations.all()}
    assert came == {"林秀芝": (True, "unasked"), "肖立诚": (True, "unasked")}
    lin, xiao = (acting.cast.deputies[key].pk for key in ("lin", "xiao"))
    assert participation(acting.topic) == {lin: 1, xiao: 1}
    assert "参加过 1 次" in acting.page("xiao", "/my/activities/?tab=held")


def test_who_was_there_leaves_words_that_units_never_see(acting):
    activity = acting.held(shares_minutes="on")
    acting.step("lin", activity, "opinion", words="取餐窗口太高，轮椅够不着。", files=[photo("窗口.png")])
    path = f"/activities/{activity.pk}/"
    for who in ("su", "jiang", "luo", "lin"):
        assert "取餐窗口太高" in acting.page(who, path)
    for who in ("chen", "hub", "gov", "tang"):
        assert "取餐窗口太高" not in acting.page(who, path)
    file = ActivityFile.objects.get(name="窗口.png")
    statuses = {
        who: acting.client(who).get(f"/activities/files/{file.pk}/").status_code
        for who in ("su", "lin", "chen", "tang", "hub")
    }
    assert statuses == {"su": 200, "lin": 200, "chen": 404, "tang": 404, "hub": 404}


def test_who_was_not_there_leaves_none(acting):
    activity = acting.plan(on=acting.today)
    acting.hold(activity, came=(), on=acting.today)
    assert acting.client("lin").get(f"/activities/{activity.pk}/opinion/").status_code == 409


# --- Holding -------------------------------------------------------------------------------------------


def test_holding_keeps_minutes_photos_and_findings(acting):
    activity = acting.held(findings="堆放点距江不足 20 米\n\n没有责任牌")
    assert activity.is_held
    assert [finding.words for finding in Finding.objects.all()] == ["堆放点距江不足 20 米", "没有责任牌"]
    photo_row = ActivityFile.objects.get()
    text = acting.client("su").get(f"/activities/{activity.pk}/").content.decode()
    assert f'src="/activities/files/{photo_row.pk}/"' in text
    response = acting.client("su").get(f"/activities/files/{photo_row.pk}/")
    b"".join(response)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_bad_file_is_refused_and_the_words_stay(acting):
    activity = acting.plan(on=acting.today - timedelta(days=2))
    bad = photo("照片.png")
    bad = type(bad)("照片.png", b"MZ not a picture")
    response = acting.step(
        "su", activity, "hold", status=422, on=acting.today, words="看了 3 个助餐点。", files=[bad]
    )
    text = response.content.decode()
    assert "“照片.png”的内容与扩展名 png 不符" in text
    assert "看了 3 个助餐点。" in text
    activity.refresh_from_db()
    assert activity.is_planned
    assert not ActivityFile.objects.exists()


def test_what_lies_ahead_is_not_held_yet(acting):
    activity = acting.plan()
    response = acting.step(
        "su", activity, "hold", status=422, on=acting.today + timedelta(days=5), words="已开展。"
    )
    assert "还没有到" in response.content.decode()


def test_minutes_may_be_put_right_and_handed_on(acting):
    activity = acting.held()
    path = f"/activities/{activity.pk}/"
    assert "当场交办 1 项" not in acting.page("chen", path)
    acting.step(
        "su", activity, "hold", on=activity.on, words="看了 4 个助餐点。", shares_minutes="on",
        came=[acting.cast.deputies["lin"].pk],
    )  # fmt: skip
    assert "看了 4 个助餐点" in acting.page("chen", path)
    assert "看了 4 个助餐点" in acting.page("lin", path)
    first = ActivityStep.objects.filter(action="hold").order_by("pk").first()
    assert first.words == "看了 3 个助餐点，当场交办 1 项。"


def test_the_same_step_twice_is_done_once(acting):
    activity = acting.held()
    request_id = uuid.uuid4()
    for _ in range(2):
        acting.post("su", f"/activities/{activity.pk}/find/", request_id=request_id, words="没有消防通道")
    assert Finding.objects.filter(words="没有消防通道").count() == 1


# --- Who sees what -------------------------------------------------------------------------------------


def test_units_see_what_they_take_part_in(acting):
    activity = acting.plan()
    path = f"/activities/{activity.pk}/"
    statuses = {
        who: acting.client(who).get(path).status_code
        for who in (
            "su",
            "jiang",
            "luo",
            "lin",
            "tang",
            "chen",
            "fang",
            "hub",
            "gov",
            "gao",
            "qin",
            "xiao",
            "zhang",
        )
    }
    seen = dict.fromkeys(("su", "jiang", "luo", "lin", "tang", "chen", "fang", "hub", "gov"), 200)
    assert statuses == seen | dict.fromkeys(("gao", "qin", "xiao", "zhang"), 404)


def test_findings_are_the_congresss_own_until_they_are_shown(acting):
    activity = acting.held()
    path = f"/activities/{activity.pk}/"
    for who in ("lin", "tang", "chen"):
        assert "不足 20 米" not in acting.page(who, path)
    finding = Finding.objects.get()
    acting.post("su", f"/findings/{finding.pk}/show/", is_shown="on")
    assert "不足 20 米" in acting.page("lin", path)
    assert "不足 20 米" not in acting.page("chen", path)
    acting.give(activity)
    assert "不足 20 米" in acting.page("chen", path)


@pytest.mark.parametrize("of", ["topic", "case"])
def test_a_hidden_name_reaches_no_unit(cast, of):
    acting = Acting(cast, of=of)
    Proposal.objects.filter(pk=acting.proposal.pk).update(hides_proposer=True)
    activity = acting.plan(name="陪林秀芝代表看现场", place="林秀芝家门口")
    acting.step("lin", activity, "answer", comes="yes")
    path = f"/activities/{activity.pk}/"
    for who in ("chen", "hub", "gov"):
        assert "林秀芝" not in acting.page(who, path)
        assert "林秀芝" not in acting.page(who, "/activities/")
    assert "代表 1 人" in acting.page("chen", path) or "共 1 人" in acting.page("chen", path)
    assert not Notice.objects.filter(user=cast.chen, words__contains="林秀芝").exists()
    acting.step("su", activity, "edit", **acting.fields(on=acting.today))
    acting.hold(
        activity, on=acting.today, words="林秀芝代表说取餐难。", findings="林秀芝家附近没有助餐点",
        files=[photo("林秀芝在现场.png")], shares_minutes="on",
    )  # fmt: skip
    task = acting.give(activity)
    for who in ("chen", "hub", "gov"):
        for address in (path, f"/tasks/{task.pk}/", "/tasks/"):
            assert "林秀芝" not in acting.client(who).get(address).content.decode(), (who, address)
    file = ActivityFile.objects.get()
    assert "林秀芝" not in acting.client("chen").get(f"/activities/files/{file.pk}/")["Content-Disposition"]
    assert (
        "%E6%9E%97" not in acting.client("chen").get(f"/activities/files/{file.pk}/")["Content-Disposition"]
    )
    assert "林秀芝" in acting.page("su", path)


@pytest.mark.parametrize("who", ["su", "jiang", "luo", "lin", "chen", "hub"])
def test_pages_cost_a_fixed_number_of_queries(acting, who, django_assert_max_num_queries):
    for _ in range(3):
        activity = acting.held(findings="一\n二\n三")
        acting.give(activity)
    client = acting.client(who)
    paths = [
        f"/activities/{activity.pk}/",
        "/my/activities/?tab=held" if who == "lin" else "/activities/?tab=held",
    ]
    if who != "lin":
        paths += ["/tasks/", f"/tasks/{activity.findings.first().tasks.first().pk}/"]
    for path in paths:
        client.get(path)  # what every page keeps for half a minute
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
