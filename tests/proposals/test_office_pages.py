"""What the office does beside the main road, through its pages: objections, ratings on paper, plans, reform, marks,
entries for units without access, and how the case page orders all of it."""

import re
import uuid
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Grant, User
from institutions.models import Unit
from institutions.succession import forget_successors
from proposals.models import Proposal, ProposalEvent, Rating, Request, Waiting
from proposals.status import ProposalStatus
from proposals.views.worklist import worklist_count
from tests.cast import make_proposal, scan

pytestmark = pytest.mark.django_db
S = ProposalStatus
WORK = "/work/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def case_text(client, walk):
    return client.get(f"/proposals/{walk.proposal.pk}/").content.decode()


# --- Objections -----------------------------------------------------------------------------------------


def object_to(walk, words):
    about = f"unit:{walk.place('civil').pk}"
    return walk.do("object", walk.cast.lin, about=about, about_text="市民政局：不该由它承办", words=words)


def test_objections_are_answered_where_they_stand(office, cast):
    """Two on one case: each card answers its own."""
    walk = make_proposal(cast, S.HANDLING)
    object_to(walk, "应由卫健委办。")
    object_to(walk, "还漏了财政局。")
    page = office.get(WORK, {"queue": "objection"})
    text = page.content.decode()
    assert page.context["count"].total == 2
    assert "应由卫健委办。" in text
    second = Request.objects.get(reason="还漏了财政局。")
    data = {"objection": second.pk, "words": "财政局已是会办。", "next": "/work/?queue=objection"}
    answer = office.post(f"/proposals/{walk.proposal.pk}/answer_objection/", data)
    assert answer.headers["Location"] == "/work/?queue=objection"
    second.refresh_from_db()
    assert second.decision == "财政局已是会办。"
    assert Request.objects.get(reason="应由卫健委办。").is_open
    again = office.post(f"/proposals/{walk.proposal.pk}/answer_objection/", data | {"words": "再答一次"})
    assert "已经答复过" in again.content.decode()


def test_units_read_nothing_of_an_objection(client, cast):
    walk = object_to(make_proposal(cast, S.HANDLING), "应由卫健委办。")
    client.force_login(cast.chen)
    assert "应由卫健委办。" not in case_text(client, walk)
    client.force_login(cast.lin)
    assert "应由卫健委办。" in case_text(client, walk)


# --- Ratings on paper -----------------------------------------------------------------------------------


def test_replies_of_deputies_without_an_account_wait_for_the_paper(office, cast):
    walk = make_proposal(cast, S.REPLIED)
    page = office.get(WORK, {"queue": "paper"})
    assert page.context["count"].total == 0
    assert "没有待代录测评" in page.content.decode()
    # Whoever has an account may send the form on paper all the same.
    assert walk.proposal.title in office.get(WORK, {"queue": "paper", "range": "all"}).content.decode()
    Grant.objects.filter(user=cast.lin).update(is_active=False)
    page = office.get(WORK, {"queue": "paper"})
    place = walk.place("civil")
    assert page.context["count"].total == 1
    assert f"/assignments/{place.pk}/rate_proxy/" in page.content.decode()
    # The header says on every page what the stacks add up to here.
    assert worklist_count(User.objects.get(pk=cast.su.pk)) == page.context["own_total"] == 1
    url = f"/assignments/{place.pk}/rate_proxy/"
    bare = {"attitude": "satisfied", "result": "basically", "words": "", "version": place.version}
    assert office.post(url, bare).status_code == 422
    assert office.post(url, bare | {"files": scan()}).status_code == 302
    assert Rating.objects.get().is_proxy


# --- Plans ----------------------------------------------------------------------------------------------


def test_a_plan_with_the_units_views(client, cast):
    """拟办: units are asked, answer from the inbox, and the assignment page shows what they said."""
    walk = make_proposal(cast, S.FILED)
    client.force_login(cast.su)
    url = f"/proposals/{walk.proposal.pk}/plan/"
    assert (
        "有依据的单位" in client.get(url).content.decode() or "交给谁办" in client.get(url).content.decode()
    )
    civil, finance = cast.units["civil"].pk, cast.units["finance"].pk
    data = {"lead": civil, "co": [finance], "asks_views": "on", "words": "请三天内回复"}
    assert client.post(url, data).status_code == 302
    client.force_login(cast.gao)
    page = client.get("/inbox/")
    assert "拟办征求意见" in page.content.decode()
    view = f"/proposals/{walk.proposal.pk}/give_view/"
    assert view in page.content.decode()
    assert walk.proposal.points[0] in client.get(view).content.decode()
    refused = client.post(view, {"agrees": "no", "words": ""})
    assert refused.status_code == 422
    assert client.post(view, {"agrees": "no", "words": "不涉及财政支出。"}).status_code == 302
    assert view not in client.get("/inbox/").content.decode()
    client.force_login(cast.su)
    text = client.get(f"/proposals/{walk.proposal.pk}/assign/").content.decode()
    assert "市民政局主办，市财政局会办" in text
    assert "不涉及财政支出。" in text
    assert "等待意见" in text
    # Neither the deputy nor a unit that was not asked learns of it.
    for person in (cast.lin, cast.wei):
        client.force_login(person)
        page = client.get(f"/proposals/{walk.proposal.pk}/")
        assert "不涉及财政支出。" not in page.content.decode()


def test_queries_do_not_grow_with_the_objections(office, cast):
    def cost():
        office.get(WORK, {"queue": "objection"})
        with CaptureQueriesContext(connection) as queries:
            assert office.get(WORK, {"queue": "objection"}).status_code == 200
        return len(queries)

    def object_to(number):
        for _ in range(number):
            make_proposal(cast, S.HANDLING).do(
                "object", cast.lin, about="unit:1", about_text="市民政局", words="漏了单位"
            )

    object_to(2)
    few = cost()
    object_to(4)
    assert cost() <= few <= 12


# --- 机构改革 --------------------------------------------------------------------------------------------


def abolish(cast, unit="civil"):
    old = cast.units[unit]
    new = Unit.objects.create(congress=cast.congress, name="市社会工作和民政局")
    Unit.objects.filter(pk=old.pk).update(is_active=False, successor=new, abolished_on=date(2026, 6, 1))
    forget_successors()
    return new


def test_an_abolished_units_cases_go_to_its_successor(office, cast):
    """Each ticked case is an adjustment of its own that keeps its term; the others stay."""
    walks = [make_proposal(cast, S.HANDLING) for _ in range(3)]
    due_on = walks[0].place("civil").due_on
    new = abolish(cast)
    assert "市社会工作和民政局" in office.get("/units/reform/").content.decode()
    url = f"/units/{cast.units['civil'].pk}/reform/"
    text = office.get(url).content.decode()
    assert all(f'value="{walk.place("civil").pk}"' in text for walk in walks)
    data = {
        "place": [walk.place("civil").pk for walk in walks[:2]],
        "request_id": str(uuid.uuid4()),
        "reason": "机构改革",
    } | {f"version-{walk.place('civil').pk}": walk.proposal.version for walk in walks}
    page = office.post(url, data, follow=True)
    assert "承办 2 件" in page.content.decode()
    for walk in walks[:2]:
        place = walk.proposal.assignments.get(unit=new)
        assert (place.role, place.due_on) == ("lead", due_on)
        assert walk.proposal.assignments.get(unit=cast.units["finance"]).status == "pending"
        assert ProposalEvent.objects.filter(proposal=walk.proposal, action="adjust").count() == 1
    assert not walks[2].proposal.assignments.filter(unit=new).exists()
    # The same form again does nothing.
    office.post(url, data)
    assert ProposalEvent.objects.filter(action="adjust").count() == 2


def rows_as_derived():
    """Whether whom each case waits on is written as it is derived (exit 1 otherwise)."""
    call_command("rebuild_waiting", check=True, stdout=StringIO())
    return True


def waits_on(queue):
    return set(Waiting.objects.filter(queue=queue).values_list("holder_kind", "holder_id"))


def test_what_waits_moves_to_the_successor_at_once(client, cast, django_capture_on_commit_callbacks):
    """From the day it is entered the successor's people are reminded; undone, the old unit's again."""
    walk = make_proposal(cast, S.HANDLING).accept()
    new = Unit.objects.create(congress=cast.congress, name="市社会工作和民政局")
    old = cast.units["civil"]
    client.force_login(cast.admin)
    url = f"/admin/institutions/unit/{old.pk}/change/"
    fields = {
        "congress": cast.congress.pk,
        "name": old.name,
        "system": old.system,
        "abolished_on": "2026-06-01",
    }
    for successor, holder in ((new.pk, new.pk), ("", old.pk)):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url, fields | {"successor": successor}).status_code == 302
        assert waits_on("handle") == {("handler", holder)}
        assert rows_as_derived()
    assert walk.place("civil").unit == old


@pytest.mark.parametrize("merged_into", ["new", "co"])
def test_after_the_reform_the_case_waits_on_the_successor(office, cast, merged_into):
    """Also where it replaced the first successor in turn, or assisted already: then it leads."""
    walk = make_proposal(cast, S.HANDLING).accept()
    old, between = cast.units["civil"], abolish(cast)
    new = (
        cast.units["finance"]
        if merged_into == "co"
        else Unit.objects.create(congress=cast.congress, name="新局")
    )
    Unit.objects.filter(pk=between.pk).update(is_active=False, successor=new)
    forget_successors()
    place = walk.place("civil")
    data = {"place": [place.pk], f"version-{place.pk}": walk.proposal.version}
    assert f"改由{new}承办" in office.get(f"/units/{old.pk}/reform/").content.decode()
    assert office.post(f"/units/{old.pk}/reform/", data).status_code == 302
    mine = walk.proposal.assignments.get(unit=new)
    assert (mine.role, mine.status, mine.due_on) == ("lead", "pending", place.due_on)
    assert waits_on("accept") >= {("handler", new.pk)} and not waits_on("handle")
    assert rows_as_derived()


def test_a_stale_case_stays_with_its_reason(office, cast):
    walk = make_proposal(cast, S.HANDLING)
    abolish(cast)
    place = walk.place("civil")
    url = f"/units/{cast.units['civil'].pk}/reform/"
    page = office.post(url, {"place": [place.pk], f"version-{place.pk}": 0, "reason": "机构改革"})
    assert page.status_code == 422
    assert "没有调整：" in page.content.decode()
    assert "没有勾选" in office.post(url, {}, follow=True).content.decode()


@pytest.mark.parametrize("person", ["lin", "chen", "jiang", "admin"])
def test_reform_is_the_offices(client, cast, person):
    abolish(cast)
    client.force_login(getattr(cast, person))
    assert client.get("/units/reform/").status_code == 404
    assert client.get(f"/units/{cast.units['civil'].pk}/reform/").status_code == 404
    client.force_login(cast.stranger.liaison)
    assert client.get(f"/units/{cast.units['civil'].pk}/reform/").status_code == 404


# --- Entries for units without access --------------------------------------------------------------------


def test_the_office_enters_for_a_unit_without_access(office, cast):
    """签收, 写答复, 签发 of 市档案馆 by the office, each with the unit's signed paper."""
    walk = make_proposal(cast, S.FILED).assign(archive="lead")
    place = walk.place("archive")
    text = case_text(office, walk)
    assert f'href="/assignments/{place.pk}/accept/"' in text
    bare = {"version": place.version}
    assert office.post(f"/assignments/{place.pk}/accept/", bare).status_code == 422
    assert office.post(f"/assignments/{place.pk}/accept/", bare | {"files": scan()}).status_code == 302
    place.refresh_from_db()
    assert place.status == "accepted"
    url = f"/assignments/{place.pk}/reply/"
    assert office.get(url).status_code == 200
    form = {"do": "send", "reply_class": "solved", "doc_no": "澜档函〔2026〕3号", "contact_person": "史良"}
    form |= {"contact_phone": "8866 2000", "no_contact_reason": "代表表示不用联系"}
    form |= {f"answer_{n}": "已办好。" for n in (1, 2)} | {f"state_{n}": "done" for n in (1, 2)}
    sent = office.post(url, form)
    assert sent.headers["Location"] == f"/assignments/{place.pk}/draft_reply/"
    for code in ("draft_reply", "issue"):
        place.refresh_from_db()
        data = {"version": place.version, "files": scan()}
        assert office.post(f"/assignments/{place.pk}/{code}/", data).status_code == 302
    place.refresh_from_db()
    assert place.status == "answered"


# --- The case page --------------------------------------------------------------------------------------


def test_one_blue_button_and_the_rest_folded(office, cast):
    walk = make_proposal(cast, S.FILED)
    text = case_text(office, walk)
    acts = text[text.index("case-acts") : text.index("</div></section>", text.index("case-acts"))]
    assert len(re.findall(r"btn-primary", acts)) == 1
    for heading in ("更正", "其他"):
        assert heading in acts
    for code in ("undo_review", "amend", "merge", "plan"):
        assert f"/proposals/{walk.proposal.pk}/{code}/" in acts


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        (S.FILED, ("undo_review", "amend", "change_lead", "merge", "plan")),
        (S.HANDLING, ("adjust", "merge", "change_lead", "amend")),
        (S.CLOSED, ("publish", "order_redo")),
    ],
)
def test_every_offer_of_the_office_opens_its_page(office, cast, status, codes):
    walk = make_proposal(cast, status)
    text = case_text(office, walk)
    for code in codes:
        url = f"/proposals/{walk.proposal.pk}/{code}/"
        assert url in text
        assert office.get(url).status_code == 200


def test_urging_is_offered_on_its_own_page(office, cast):
    walk = make_proposal(cast, S.HANDLING)
    url = f"/urge/?case={walk.proposal.pk}"
    assert url in case_text(office, walk).replace("&amp;", "&")
    assert walk.proposal.title in office.get(url).content.decode()


def test_places_actions_of_the_office_open_their_pages(office, cast):
    walk = make_proposal(cast, S.REPLIED)
    text = case_text(office, walk)
    for code in ("recall_reply", "correct_class", "rate_proxy"):
        url = f"/assignments/{walk.place('civil').pk}/{code}/"
        assert url in text
        assert office.get(url).status_code == 200


def test_publishing_and_taking_back(office, cast):
    walk = make_proposal(cast, S.CLOSED)
    url = f"/proposals/{walk.proposal.pk}/publish/"
    assert office.post(url, {}).status_code == 422
    assert office.post(url, {"has_looked": "on"}).status_code == 302
    assert "已公开" in case_text(office, walk)
    assert office.post(f"/proposals/{walk.proposal.pk}/unpublish/", {"reason": "有差错"}).status_code == 302
    assert Proposal.objects.get(pk=walk.proposal.pk).published_on is None


def test_a_stand_in_is_named_in_history(client, cast):
    """代班: the line says who acted and for whom."""
    Grant.objects.filter(user=cast.zou).update(stands_in_for=cast.chen)
    walk = make_proposal(cast, S.HANDLING)
    walk.do("accept", cast.zou, walk.place("civil"))
    for hides in (False, True):  # colleagues read it of each other, whoever proposed
        Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=hides)
        for user in (cast.su, cast.chen, cast.fang):
            client.force_login(user)
            assert "邹立新，承办单位经办（代陈晓岚）" in case_text(client, walk)


# --- Marks in the registry --------------------------------------------------------------------------------


def test_the_registry_finds_marked_cases(office, cast):
    merged, returned, open_one = (make_proposal(cast, S.HANDLING) for _ in range(3))
    office.post(f"/proposals/{merged.proposal.pk}/merge/", {"other": open_one.proposal.number})
    Proposal.objects.filter(pk=returned.proposal.pk).update(returns_asked=2)
    closed = make_proposal(cast, S.CLOSED)
    closed.do("publish", cast.su)

    def found(mark):
        page = office.get("/registry/", {"mark": mark})
        return {row.proposal.pk for row in page.context["page"].object_list}

    assert found("merged") == {merged.proposal.pk, open_one.proposal.pk}
    assert found("returned") == {returned.proposal.pk}
    assert found("published") == {closed.proposal.pk}


def test_units_do_not_filter_by_returns(client, cast):
    walk = make_proposal(cast, S.HANDLING)
    Proposal.objects.filter(pk=walk.proposal.pk).update(returns_asked=2)
    client.force_login(cast.chen)
    page = client.get("/registry/", {"mark": "returned"})
    assert "没有这个选项" in page.content.decode()
    assert "多次退回" not in case_text(client, walk)
