"""催办 from any list: the page before, sending to many, what was seen and answered, and the office's phrases."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Delivery, Notice
from proposals.models import ProposalEvent, Request, UrgePhrase, Waiting
from proposals.status import AssignmentRole, ProposalStatus
from tests.cast import make_proposal

S = ProposalStatus
URGE, WORK, PHRASES = "/urge/", "/work/", "/work/phrases/"
WORDS = "请抓紧办理，并回复安排。"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def handled(cast, **kwargs):
    return make_proposal(cast, S.HANDLING, **kwargs)


def sent(*places, words=WORDS, **more):
    return {"place": [place.pk for place in places], "words": words, "request_id": str(uuid.uuid4())} | more


def lines(page):
    """{unit: ticked} of all lines of the page."""
    rows = page.context["rows"]
    return {(row.proposal.pk, line.place.unit.name): line.is_ticked for row in rows for line in row.lines}


def urges(walk, **condition):
    return Request.objects.filter(proposal=walk.proposal, kind="urge", **condition).order_by("pk")


# --- The page before ------------------------------------------------------------------------------------


def test_what_is_ticked_in_the_list_is_ticked_here(office, cast):
    """By place only that unit, by case every unit it waits on; what has answered is named and cannot be ticked."""
    one, two = handled(cast), handled(cast)
    two.accept("finance").opinion()
    page = office.get(URGE, {"place": one.place("finance").pk, "case": two.proposal.pk})
    assert lines(page) == {
        (two.proposal.pk, "市民政局"): True,
        (two.proposal.pk, "市财政局"): False,
        (one.proposal.pk, "市民政局"): False,
        (one.proposal.pk, "市财政局"): True,
    }
    assert "已提交会办意见，不用催办" in page.content.decode()


def test_who_cannot_be_urged_is_told_why(office, cast):
    good, closed = handled(cast), make_proposal(cast, S.CLOSED)
    text = office.get(URGE, {"case": [good.proposal.pk, closed.proposal.pk]}).content.decode()
    assert "不能催办的" in text and "该件现在是“办结”，不能催办。" in text
    alone = office.get(URGE, {"case": closed.proposal.pk}).content.decode()
    assert "没有可以催办的" in alone and "发出催办" not in alone


def test_nothing_ticked_says_what_to_do(office, cast):
    assert "还没有勾选建议" in office.get(URGE).content.decode()


@pytest.mark.parametrize("person", ["lin", "chen", "fang", "gov", "zhang", "admin"])
def test_only_those_who_urge_have_the_page(cast, person):
    walk = handled(cast)
    client = signed_in(getattr(cast, person))
    assert client.get(URGE, {"case": walk.proposal.pk}).status_code == 404
    assert client.post(URGE, sent(walk.place("civil"))).status_code == 404
    assert not urges(walk)


def test_strangers_see_and_urge_nothing(cast):
    walk = handled(cast)
    other = signed_in(cast.stranger.liaison)
    assert walk.proposal.title not in other.get(URGE, {"case": walk.proposal.pk}).content.decode()
    assert other.post(URGE, sent(walk.place("civil"))).status_code == 422
    assert not urges(walk)


@pytest.mark.parametrize(
    "query", [{"case": "x"}, {"place": "9" * 30}, {"all": "nothing"}, {"all": "hub-late"}]
)
def test_odd_addresses_are_not_found(office, query):
    assert office.get(URGE, query).status_code == 404


@pytest.mark.parametrize("person", ["jiang", "luo"])
def test_committees_and_leaders_urge_from_the_registry(cast, person):
    walk = handled(cast)
    client = signed_in(getattr(cast, person))
    assert 'name="case"' in client.get("/registry/").content.decode()
    client.post(URGE, sent(walk.place("civil")))
    assert urges(walk).get().asked_by == getattr(cast, person).grants.get().place


def test_units_and_deputies_have_no_ticks_in_the_registry(cast):
    handled(cast)
    for person in (cast.lin, cast.chen):
        assert "催办勾选的" not in signed_in(person).get("/registry/").content.decode()


def test_the_page_costs_the_same_however_many(office, cast):
    def cost():
        keys = list(Waiting.objects.values_list("proposal", flat=True))
        office.get(URGE, {"case": keys})
        with CaptureQueriesContext(connection) as queries:
            assert office.get(URGE, {"case": keys}).status_code == 200
        return len(queries)

    handled(cast)
    few = cost()
    for _ in range(4):
        handled(cast)
    assert cost() <= few <= 12


# --- Everything at once -----------------------------------------------------------------------------------


def test_all_of_a_queue_by_its_own_filters(office, cast):
    late = [handled(cast, now=timezone.now() - timedelta(days=30)) for _ in range(2)]
    handled(cast)
    page = office.get(URGE, {"all": "due", "range": "late"})
    assert {row.proposal.pk for row in page.context["rows"]} == {walk.proposal.pk for walk in late}
    some = office.get(URGE, {"all": "due", "range": "late", "words": late[0].proposal.number})
    assert [row.proposal.pk for row in some.context["rows"]] == [late[0].proposal.pk]


def test_all_of_the_registry_by_its_own_filters(office, cast):
    inside, outside = handled(cast), make_proposal(cast, S.FILED).assign(education=AssignmentRole.LEAD)
    make_proposal(cast, S.CLOSED)
    page = office.get(URGE, {"all": "registry", "unit": cast.units["civil"].pk})
    assert [row.proposal.pk for row in page.context["rows"]] == [inside.proposal.pk]
    everything = office.get(URGE, {"all": "registry"})
    assert {row.proposal.pk for row in everything.context["rows"]} == {
        inside.proposal.pk,
        outside.proposal.pk,
    }


def test_more_than_fit_are_told(office, cast, monkeypatch):
    monkeypatch.setattr("proposals.views.urging.MOST", 2)
    for _ in range(3):
        handled(cast)
    text = office.get(URGE, {"all": "registry"}).content.decode()
    assert "一次最多催办 2 件" in text and "其余 1 件请发出后再催" in text


def test_selecting_all_is_a_second_step(office, cast, monkeypatch):
    monkeypatch.setattr("proposals.views.watching.PAGE_SIZE", 1)
    handled(cast, now=timezone.now() - timedelta(days=30))
    page = office.get(WORK, {"queue": "due"}).content.decode()
    assert "勾选本页" in page and 'name="all"' not in page
    second = office.get(WORK, {"queue": "due", "tick": "page"}).content.decode()
    assert "选中全部 2 件" in second and " checked" in second
    third = office.get(WORK, {"queue": "due", "tick": "all", "range": "late"}).content.decode()
    assert "催办选中的全部 2 件" in third
    assert '<input type="hidden" name="all" value="due">' in third
    assert '<input type="hidden" name="range" value="late">' in third


def test_a_hub_urges_its_children_and_nobody_else(cast):
    """催办这几件 on the hub's desk: every queue below it has ticks, and all of one can be taken."""
    walk = make_proposal(cast, S.FILED, now=timezone.now() - timedelta(days=30))
    walk.assign(hub="lead", health="co")
    walk.do("dispatch", cast.hub, walk.place("hub"), placements=walk.placements(civil="lead", finance="co"))
    desk = signed_in(cast.hub)
    assert 'name="place"' in desk.get("/hub/", {"queue": "late"}).content.decode()
    page = desk.get(URGE, {"all": "hub-late"})
    assert {unit for _, unit in lines(page)} == {"市民政局", "市财政局"}
    desk.post(URGE, sent(walk.place("civil"), walk.place("finance")))
    assert set(urges(walk).values_list("assignment__unit__name", flat=True)) == {"市民政局", "市财政局"}
    assert "市卫生健康委员会" in signed_in(cast.su).get(URGE, {"case": walk.proposal.pk}).content.decode()
    desk.post(URGE, sent(walk.place("health")))
    assert not urges(walk, assignment=walk.place("health")).exists()


# --- Sending ------------------------------------------------------------------------------------------------


def test_each_case_is_urged_by_itself_and_told_at_once(office, cast):
    one, two = handled(cast), handled(cast)
    day = timezone.localdate() + timedelta(days=3)
    page = office.post(
        URGE, sent(one.place("civil"), two.place("civil"), two.place("finance"), answer_by=day)
    )
    text = page.content.decode()
    assert page.status_code == 200 and "催办了 2 件" in text
    assert one.proposal.number in text and "市民政局、市财政局" in text
    assert [r.assignment.unit.name for r in urges(one)] == ["市民政局"]
    assert set(urges(two).values_list("due_on", flat=True)) == {day}
    assert ProposalEvent.objects.filter(action="urge").count() == 2
    urgent = Notice.objects.filter(is_urgent=True)
    assert set(urgent.values_list("user__username", flat=True)) == {"chen", "zou", "gao"}
    assert Delivery.objects.filter(notice__in=urgent).count() == urgent.count() == 5
    waiting = Waiting.objects.filter(queue="answer_urge", proposal=two.proposal)
    assert set(waiting.values_list("due_on", flat=True)) == {day}


def test_the_day_of_the_answer_makes_nothing_late_and_is_no_term_of_the_case(office, cast):
    walk = handled(cast)
    due_on = walk.proposal.due_on
    office.post(URGE, sent(walk.place("civil"), answer_by=timezone.localdate()))
    walk.proposal.refresh_from_db()
    assert walk.proposal.due_on == due_on
    assert all(
        place.step_label != "待回复催办"
        for place in office.get(WORK, {"queue": "due"}).context["page"].object_list
    )


def test_words_are_filled_in_for_each_unit(office, cast):
    walk = handled(cast)
    words = "{单位}：{编号}《{标题}》｛到期日｝到期，最近一次是{最近动静}。"
    office.post(URGE, sent(walk.place("civil"), walk.place("finance"), words=words))
    civil = urges(walk, assignment=walk.place("civil")).get().reason
    assert civil.startswith(f"市民政局：{walk.proposal.number}《{walk.proposal.title}》")
    assert "还没有签收" in civil and "{" not in civil and "｛" not in civil
    event = ProposalEvent.objects.get(action="urge")
    assert "市民政局、市财政局：" in event.words
    assert Notice.objects.filter(is_urgent=True, words__contains="市民政局、市财政局").exists()


def test_one_case_goes_back_to_its_list(office, cast):
    walk = handled(cast)
    response = office.post(URGE, sent(walk.place("civil"), next="/work/?queue=due"))
    assert (response.status_code, response["Location"]) == (302, "/work/?queue=due")
    assert office.post(URGE, sent(walk.place("civil"), next="https://evil.example/"))["Location"] == (
        f"/proposals/{walk.proposal.pk}/"
    )


def test_sent_twice_it_happens_once(office, cast):
    one, two = handled(cast), handled(cast)
    data = sent(one.place("civil"), two.place("civil"))
    first, again = office.post(URGE, data), office.post(URGE, data)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "催办了 2 件" in again.content.decode()
    assert ProposalEvent.objects.filter(action="urge").count() == 2
    assert Request.objects.filter(kind="urge").count() == 2


def test_what_was_answered_meanwhile_is_named_and_the_others_are_urged(office, cast):
    one, two = handled(cast), handled(cast)
    data = sent(one.place("finance"), two.place("finance"))
    one.accept("finance").opinion()
    page = office.post(URGE, data)
    assert [each.proposal.pk for each in page.context["done"]] == [two.proposal.pk]
    (undone,) = page.context["undone"]
    assert undone.words == "市财政局现在是“已提交会办意见”，不用催办。"
    assert f"?case={one.proposal.pk}" in page.content.decode()
    assert not urges(one) and urges(two).count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": ""}, "请填写催办内容。"),
        ({"words": "长" * 501}, "最多 500 字，您写了 501 字"),
        ({"words": "请 {代表姓名} 看"}, "{代表姓名} 填不出来。"),
        ({"answer_by": "2020-01-01"}, "请回复的日期不能早于今天。"),
        ({"answer_by": "下周"}, "日期写成 2026-05-06 这样。"),
        ({"answer_by": "2999-01-01"}, "不能超过一年"),
        ({"place": []}, "还没有勾选要催办的单位"),
    ],
)
def test_mistakes_stand_by_the_field_and_nothing_is_lost(office, cast, change, words):
    walk = handled(cast)
    data = sent(walk.place("civil"), case=walk.proposal.pk) | change
    page = office.post(URGE, data)
    text = page.content.decode()
    assert page.status_code == 422 and words in text
    assert not change.get("words") or change["words"] in text
    ticked = {unit for (_, unit), is_ticked in lines(page).items() if is_ticked}
    assert ticked == (set() if change == {"place": []} else {"市民政局"})
    assert not urges(walk)


def test_a_signer_is_urged_where_the_signature_is_missing(office, cast):
    walk = handled(cast).accept("civil")
    walk.contact().write_reply("civil")
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    office.post(URGE, sent(walk.place("civil")))
    told = Notice.objects.filter(is_urgent=True).values_list("user__username", flat=True)
    assert set(told) == {"chen", "zou", "fang"}


# --- Seen and answered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["case", "inbox", "form"])
def test_seen_once_by_the_first_of_the_unit(cast, where):
    walk = handled(cast).do("urge", cast.su, words=WORDS)
    place = walk.place("civil")
    path = {
        "case": f"/proposals/{walk.proposal.pk}/",
        "inbox": "/inbox/",
        "form": f"/assignments/{place.pk}/answer_urge/",
    }[where]
    assert signed_in(cast.chen).get(path).status_code == 200
    signed_in(cast.zou).get(path)
    urge = urges(walk, assignment=place).get()
    assert (urge.seen_by, urge.seen_at is not None) == ("陈晓岚", True)
    assert urges(walk, assignment=walk.place("finance")).get().seen_at is None
    assert ProposalEvent.objects.filter(proposal=walk.proposal).latest("seq").action == "urge"


def test_nobody_but_the_unit_itself_sees_for_it(cast):
    walk = handled(cast).do("urge", cast.su, words=WORDS)
    for person in (cast.su, cast.jiang, cast.luo, cast.lin, cast.gao):
        assert signed_in(person).get(f"/proposals/{walk.proposal.pk}/").status_code == 200
    assert urges(walk, assignment=walk.place("civil")).get().seen_at is None


def test_a_government_leader_does_not_see_for_the_hub(cast):
    walk = make_proposal(cast, S.FILED).assign(hub="lead").do("urge", cast.su, words=WORDS)
    signed_in(cast.gov).get(f"/proposals/{walk.proposal.pk}/")
    assert urges(walk).get().seen_at is None
    signed_in(cast.hub).get("/hub/", {"queue": "asked"})
    assert urges(walk).get().seen_by == "杜克明"


def test_the_urging_side_reads_who_has_not_answered(office, cast):
    walk = handled(cast).do("urge", cast.su, words=WORDS)
    queue = office.get(WORK, {"queue": "urged"})
    assert queue.context["count"].total == 2
    assert "未看" in queue.content.decode()
    signed_in(cast.chen).get("/inbox/")
    text = office.get(WORK, {"queue": "urged"}).content.decode()
    assert "陈晓岚" in text and "已看" in text
    walk.do("answer_urge", cast.chen, walk.place("civil"), words="下周座谈。")
    rows = office.get(WORK, {"queue": "urged"}).context["page"].object_list
    assert [each.place.unit.name for each in rows] == ["市财政局"]


def test_the_case_counts_urges_and_answers(office, cast):
    walk = handled(cast).do("urge", cast.su, words=WORDS)
    walk.do("answer_urge", cast.chen, walk.place("civil"), words="下周座谈。")
    walk.do("urge", cast.su, words="再请抓紧。")
    text = office.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "催办 4 次，已回复 1 次" in text
    assert "下周座谈。" in text and "再次催办，没有回复" in text
    own = signed_in(cast.gao).get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "催办 2 次，已回复 0 次" in own
    assert "催办 " not in signed_in(cast.lin).get(f"/proposals/{walk.proposal.pk}/").content.decode()


def test_the_button_of_the_case_leads_to_the_page(office, cast):
    walk = handled(cast)
    assert f"/urge/?case={walk.proposal.pk}" in office.get(f"/proposals/{walk.proposal.pk}/").content.decode()


# --- Phrases ----------------------------------------------------------------------------------------------------


def test_a_phrase_starts_the_words_and_the_day(office, cast):
    walk = handled(cast)
    phrase = UrgePhrase.objects.get(congress=cast.congress, name="没有动静")
    page = office.get(URGE, {"case": walk.proposal.pk, "phrase": phrase.pk})
    form = page.context["form"]
    assert form["words"].value() == phrase.words
    assert form["answer_by"].value() > timezone.localdate()


def test_the_office_words_its_own(office, cast):
    new = {"new-name": "专用", "new-words": "{单位}请看 {编号}", "new-answer_days": "2"}
    assert office.post(PHRASES, new).status_code == 302
    row = UrgePhrase.objects.get(name="专用")
    assert (row.congress, row.answer_days) == (cast.congress, 2)
    again = office.post(PHRASES, new)
    assert again.status_code == 422 and "已有一条叫“专用”" in again.content.decode()
    changed = {
        f"p{row.pk}-{name}": value
        for name, value in (("name", "专用"), ("words", "改了"), ("answer_days", 0))
    }
    office.post(PHRASES, changed | {"phrase": row.pk})
    row.refresh_from_db()
    assert (row.words, row.answer_days) == ("改了", 0)
    bad = office.post(
        PHRASES, changed | {"phrase": row.pk, f"p{row.pk}-words": "{姓名}", f"p{row.pk}-answer_days": "-1"}
    )
    assert bad.status_code == 422
    assert "{姓名} 填不出来" in bad.content.decode() and "请填 0 到 60 的整数" in bad.content.decode()
    office.post(PHRASES, {"phrase": row.pk, "delete": 1})
    assert not UrgePhrase.objects.filter(pk=row.pk).exists()


def test_an_empty_list_offers_the_usual_ones(office, cast):
    UrgePhrase.objects.filter(congress=cast.congress).delete()
    assert "放入常用的几条" in office.get(PHRASES).content.decode()
    office.post(PHRASES, {"seed": 1})
    assert UrgePhrase.objects.filter(congress=cast.congress).count() == 4


def test_phrases_are_of_one_congress(office, cast):
    other = UrgePhrase.objects.create(congress=cast.stranger.congress, name="外县", words="外县的话")
    assert "外县的话" not in office.get(PHRASES).content.decode()
    assert office.post(PHRASES, {"phrase": other.pk, "delete": 1}).status_code == 404
    assert office.post(PHRASES, {"phrase": "x", "delete": 1}).status_code == 404
    for person in (cast.chen, cast.luo, cast.hub):
        assert signed_in(person).get(PHRASES).status_code == 404
