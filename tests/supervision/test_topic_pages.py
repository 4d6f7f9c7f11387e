"""Board, screen, page and brief of key topics: who sees which, what is counted, what is masked, how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.models import Assignment, Proposal
from supervision.duties import open_duties
from supervision.models import Milestone, RoleKind, Task, Topic
from tests.cast import make_proposal, make_user
from tests.supervision.acting import Acting
from tests.supervision.topical import act, case_of, decided, full_sides, make_late, named, plan_step

CONGRESS = ("su", "jiang", "luo")


def get(client, user, address):
    client.force_login(user)
    return client.get(address)


def page(client, user, address):
    response = get(client, user, address)
    assert response.status_code == 200, address
    return response.content.decode()


def topic_url(topic):
    return reverse("supervision:topic", args=[topic.pk])


# --- Who sees what --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*CONGRESS, "chen", "fang", "gao", "lin"])
def test_those_concerned_read_a_decided_topic(client, cast, who):
    topic = decided(cast)
    assert "社区养老和老年助餐" in page(client, getattr(cast, who), topic_url(topic))
    assert "社区养老和老年助餐" in page(client, getattr(cast, who), "/topics/")


@pytest.mark.parametrize("who", ["qin", "xiao", "hub", "gov", "zhang", "admin"])
def test_it_does_not_exist_for_others(client, cast, who):
    topic = decided(cast)
    assert get(client, getattr(cast, who), topic_url(topic)).status_code == 404


@pytest.mark.parametrize("who", ["liaison", "handler", "deputy", "admin"])
def test_it_does_not_exist_for_another_congress(client, cast, who):
    assert get(client, getattr(cast.stranger, who), topic_url(decided(cast))).status_code == 404


@pytest.mark.parametrize("who", ["chen", "lin"])
def test_what_is_only_named_is_the_congresss_own(client, cast, who):
    topic = named(cast, case_of(cast))
    assert get(client, getattr(cast, who), topic_url(topic)).status_code == 404
    assert get(client, cast.luo, topic_url(topic)).status_code == 200


def test_hub_and_government_know_topics_through_the_hub(client, cast):
    walk = make_proposal(cast, "filed").dispatch()
    topic = decided(cast, walk.proposal, case_of(cast))
    for who in ("hub", "gov"):
        words = page(client, getattr(cast, who), topic_url(topic))
        # Of its cases the one that passes through the hub, no other.
        assert walk.proposal.number in words
        assert words.count('class="t" href="/proposals/') == 1


def test_the_government_leader_on_its_side_reads_it(client, cast):
    topic = full_sides(cast, decided(cast))
    assert "常市长 副市长" in page(client, cast.gov, topic_url(topic))


def test_units_read_neither_coverage_nor_inner_lines_nor_brief(client, cast):
    topic = full_sides(cast, decided(cast))
    step = plan_step(cast, topic, words="座谈会")
    act(topic, "done", cast.su, step=step, on=timezone.localdate(), words="内部情况说明")
    words = page(client, cast.chen, topic_url(topic))
    assert "座谈会" in words and "六方责任" in words
    assert "覆盖检查" not in words and "改六方责任" not in words
    assert [event.action for event in client.get(topic_url(topic)).context["page"].events] == ["decide"]
    assert get(client, cast.chen, f"{topic_url(topic)}brief/").status_code == 404


def test_a_hidden_proposer_stays_hidden(client, cast):
    case = case_of(cast)
    Proposal.objects.filter(pk=case.pk).update(hides_proposer=True)
    topic = full_sides(cast, decided(cast, case))
    Topic.objects.filter(pk=topic.pk).update(reason="林秀芝代表连续三年提出。")
    plan_step(cast, topic, words="邀请林秀芝代表现场督办")
    for who in ("chen", "fang"):
        assert "林秀芝" not in page(client, getattr(cast, who), topic_url(topic))
        assert "林秀芝" not in page(client, getattr(cast, who), "/topics/")
    for who in ("su", "luo", "lin"):
        assert "林秀芝" in page(client, getattr(cast, who), topic_url(topic))


def test_a_unit_is_not_told_of_a_dispute(client, cast):
    walk = make_proposal(cast, "replied").rate("dissatisfied")
    assert walk.proposal.status == "disputed"
    topic = decided(cast, walk.proposal)
    words = page(client, cast.chen, topic_url(topic))
    assert "已答复，测评中" in words and "研判" not in words
    assert "不满意，待研判" in page(client, cast.su, topic_url(topic))


# --- The board ------------------------------------------------------------------------------------------


def test_the_board_counts_and_lights(client, cast):
    open_case, replied = case_of(cast), case_of(cast, "replied")
    topic = full_sides(cast, decided(cast, open_case, replied))
    make_late(open_case, 2)
    plan_step(cast, topic, days=3, words="约谈市民政局")
    client.force_login(cast.luo)
    board = client.get("/topics/").context["board"]
    assert (board.total, board.replied, board.late) == (2, 1, 1)
    assert board.cards[0].light == ("red", "1 件超期 2 天")
    assert board.coming.endswith("约谈市民政局")
    words = client.get("/topics/").content.decode()
    for part in ("罗主任 副主任", "常市长 副市长", "社会建设委员会", "代表 1 人", "市民政局"):
        assert part in words
    # Every figure opens its list, and the list holds as many.
    for code, count in ((str(board.year), 2), (f"t{topic.pk}-replied", 1), (f"{board.year}-late", 1)):
        assert f"?key={code}" in words
        found = client.get(f"/registry/?key={code}").context["page"]
        assert found.paginator.count == count, code


def lights(client, user, topic):
    """The light of a topic on the board, the screen, its own page and, for who leads it, 要事."""
    client.force_login(user)
    found = [client.get(f"/topics/{page}").context["board"].cards[0].light for page in ("", "screen/")]
    found.append(client.get(topic_url(topic)).context["page"].card.light)
    page = client.get("/leader/")
    if page.status_code == 200:
        found += [own.light for own in page.context["leading"].topics]
    return found


def test_the_light_is_that_of_the_latest_case_step_or_rectification(client, cast):
    acting = Acting(cast)
    topic, case = full_sides(cast, acting.topic), acting.topic.cases.first()
    task = acting.give()
    assert all(light[0] != "red" for light in lights(client, cast.luo, topic))
    make_late(case, 2)
    assert set(lights(client, cast.luo, topic)) == {("red", "1 件超期 2 天")}
    step = plan_step(cast, topic, days=3)
    Milestone.objects.filter(pk=step.pk).update(planned_on=acting.today - timedelta(3))
    found = lights(client, cast.luo, topic)
    assert len(found) == 4 and set(found) == {("red", "1 步超期 3 天")}
    Task.objects.filter(pk=task.pk).update(due_on=acting.today - timedelta(8))
    assert set(lights(client, cast.luo, topic)) == {("red", "1 项整改超期 8 天")}
    # A deputy does not know what was given to the unit; what was reported waits for the office.
    assert set(lights(client, cast.lin, topic)) == {("red", "1 步超期 3 天")}
    acting.report(task)
    assert set(lights(client, cast.luo, topic)) == {("red", "1 步超期 3 天")}


def test_the_registry_narrows_to_key_items_that_one_may_know(client, cast):
    topic, other = decided(cast), case_of(cast)
    for who, count in (("su", 1), ("chen", 1)):
        found = get(client, getattr(cast, who), f"/registry/?key=t{topic.pk}").context["page"]
        assert [row.proposal.pk for row in found.object_list] == [topic.cases.get().pk], who
        assert found.paginator.count == count
    answer = get(client, cast.qin, f"/registry/?key=t{topic.pk}")
    assert "社区养老" not in answer.content.decode()
    assert other.number in page(client, cast.su, "/registry/")
    for nonsense in ("t999999", "x", "t", "2026-", "-late", "t1-x", "9" * 40):
        assert get(client, cast.su, f"/registry/?key={nonsense}").status_code == 200


def test_a_case_carries_the_mark_for_those_who_may_know(client, cast):
    case = case_of(cast)
    topic = named(cast, case)
    link = f'href="{topic_url(topic)}"'
    address = reverse("proposals:case", args=[case.pk])
    assert link in page(client, cast.su, address)
    assert link not in page(client, cast.chen, address)
    day = timezone.localdate()
    act(topic, "decide", cast.su, decided_on=day, reason="理由", meeting="主任会议", document_no="")
    for who in ("chen", "lin", "gao"):
        assert link in page(client, getattr(cast, who), address)


def test_an_empty_board_says_what_comes(client, cast):
    assert "还没有确定重点督办建议" in page(client, cast.su, "/topics/")
    assert "提名专题" in page(client, cast.jiang, "/topics/")
    assert "提名专题" not in page(client, cast.chen, "/topics/")


@pytest.mark.parametrize("year", ["", "abc", "-1", "99999999999999999999", "2019"])
def test_odd_years_are_a_page_all_the_same(client, cast, year):
    assert get(client, cast.su, f"/topics/?year={year}").status_code == 200
    assert get(client, cast.su, f"/topics/screen/?year={year}").status_code == 200


def test_the_screen_renews_itself_and_carries_no_forms(client, cast):
    decided(cast)
    words = page(client, cast.luo, "/topics/screen/")
    assert 'hx-trigger="every 60s"' in words and '<meta http-equiv="refresh"' in words
    assert "社区养老和老年助餐" in words


# --- The brief ------------------------------------------------------------------------------------------


def test_the_brief_writes_itself_until_somebody_writes_over_it(client, cast):
    case = case_of(cast)
    topic = full_sides(cast, decided(cast, case))
    make_late(case, 2)
    address = f"{topic_url(topic)}brief/"
    words = page(client, cast.luo, address)
    assert "社区养老和老年助餐：1 件建议答复 0 件，1 件超期" in words
    assert f"答复超期。{case.number}应于" in words
    assert "联系人：苏婉仪，8866 0117" in words
    act(topic, "brief_text", cast.jiang, texts={"headline": "建议约谈", "problems": "一\n二"})
    words = page(client, cast.luo, address)
    assert "建议约谈" in words and "<li>一</li><li>二</li>" in words
    assert "改文字" not in words  # a leader reads
    assert "改文字" in page(client, cast.jiang, address)


# --- Steps as duties ------------------------------------------------------------------------------------


def test_an_open_step_is_a_duty_of_whoever_answers_for_it(cast):
    topic = full_sides(cast, decided(cast))
    steps = {kind: plan_step(cast, topic, kind=kind) for kind in RoleKind}
    holders = {
        duty.key.split(":")[1]: duty.seat for duty in open_duties() if duty.key.startswith("milestone")
    }
    assert holders == {
        str(steps["leader"].pk): ("user", cast.luo.pk),
        str(steps["gov_leader"].pk): ("user", cast.gov.pk),
        str(steps["committee"].pk): ("committee", cast.committee.pk),
        str(steps["office"].pk): ("user", cast.su.pk),
        str(steps["unit"].pk): ("handler", cast.units["civil"].pk),
        str(steps["deputy"].pk): ("deputy", cast.deputies["lin"].pk),
    }
    mine = [duty for duty in open_duties([("user", cast.luo.pk)]) if duty.key.startswith("milestone")]
    assert [duty.words for duty in mine] == ["重点督办“社区养老和老年助餐”：现场督办"]
    act(topic, "done", cast.su, step=steps["leader"], on=timezone.localdate(), words="")
    assert not [d for d in open_duties([("user", cast.luo.pk)]) if d.key.startswith("milestone")]


def test_a_topic_that_is_only_named_reminds_nobody(cast):
    topic = full_sides(cast, named(cast, case_of(cast)))
    plan_step(cast, topic)
    assert not [duty for duty in open_duties() if duty.key.startswith("milestone")]


# --- Queries --------------------------------------------------------------------------------------------


def many_topics(cast, topics, cases):
    """So many topics of so many cases each; the cases are copies, for counting alone."""
    pattern, today = case_of(cast), timezone.localdate()
    for number in range(topics):
        own = []
        for place in range(cases):
            copy = Proposal.objects.get(pk=pattern.pk)
            copy.pk, copy.number = None, f"2026-{pattern.pk}x{number}x{place}"
            own.append(copy)
        Proposal.objects.bulk_create(own)
        Assignment.objects.bulk_create(
            Assignment(
                congress=cast.congress,
                proposal=case,
                unit=cast.units["civil"],
                role="lead",
                opened_on=today,
                assigned_on=today,
                due_on=today + timedelta(days=place),
            )
            for place, case in enumerate(own)
        )
        topic = full_sides(cast, decided(cast, *own, title=f"专题{number}"))
        for days in (5, 9):
            plan_step(cast, topic, days=days)
    return topic


def queries(client, user, address):
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["luo", "su", "chen"])
def test_few_queries_however_many_topics_and_cases(client, cast, who):
    user = getattr(cast, who)
    topic = many_topics(cast, 1, 2)
    few = [queries(client, user, address) for address in ("/topics/", "/topics/screen/", topic_url(topic))]
    topic = many_topics(cast, 9, 20)
    many = [queries(client, user, address) for address in ("/topics/", "/topics/screen/", topic_url(topic))]
    assert many == few
    assert many[0] <= 12 and many[1] <= 12, many
    # The page of one holds its activities, findings and instructions as well.
    assert many[2] <= 16, many


def test_a_person_with_two_grants_sees_a_topic_once(client, cast):
    topic = decided(cast)
    user = make_user("both", "两边都在")
    Grant.objects.create(user=user, role=Role.HANDLER, congress=cast.congress, unit=cast.units["civil"])
    Grant.objects.create(user=user, role=Role.DEPUTY, congress=cast.congress, deputy=cast.deputies["lin"])
    assert list(Topic.objects.visible_to(user)) == [topic]
    assert len(get(client, user, "/topics/").context["board"].decided) == 1


def test_a_released_unit_knows_it_no_more(client, cast):
    topic = decided(cast)
    case = topic.cases.get()
    case.assignments.filter(unit=cast.units["finance"]).update(status="released")
    assert get(client, cast.gao, topic_url(topic)).status_code == 404


def test_steps_show_how_late_they_are(client, cast):
    topic = full_sides(cast, decided(cast))
    plan_step(cast, topic, days=-3, words="早该办的")
    plan_step(cast, topic, days=0, words="今天办的")
    words = page(client, cast.su, topic_url(topic))
    assert "超期 3 天" in words and "今天到期" in words
    shown = client.get(topic_url(topic)).context["page"].next_step
    assert shown.words == "今天办的"
    assert shown.planned_on - timedelta(days=0) == timezone.localdate()
