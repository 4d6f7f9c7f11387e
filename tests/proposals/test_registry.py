"""The registry: every filter, what it must not give away, sorting, pages, permanent addresses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.models import Proposal
from proposals.status import AssignmentRole, ProposalStatus
from tests.cast import TEXT, make_proposal, make_user

S = ProposalStatus
REGISTRY = "/registry/"


def titled(cast, status, title, **more):
    return make_proposal(cast, status, text=TEXT | {"title": title}, **more)


def found(client, **query):
    """The titles that the registry shows for these conditions, as a set."""
    page = client.get(REGISTRY, query)
    assert page.status_code == 200
    return {row.proposal.title for row in page.context["page"].object_list}


@pytest.fixture
def office(client, cast):
    client.force_login(cast.su)
    return client


def test_drafts_are_never_listed(client, cast):
    make_proposal(cast, S.DRAFT)
    for person in (cast.su, cast.lin, cast.jiang):
        client.force_login(person)
        assert found(client) == set()


def test_each_filter_narrows(office, cast):
    """Status, category, unit with role, class, rating, delegation, deputy, source, light."""
    titled(cast, S.HANDLING, "甲")
    titled(cast, S.CLOSED, "乙")
    titled(cast, S.SUBMITTED, "丙")
    civil, finance = cast.units["civil"].pk, cast.units["finance"].pk
    assert found(office, status="handling") == {"甲"}
    assert found(office, unit=civil) == {"甲", "乙"}
    assert found(office, unit=finance, role="co") == {"甲"}
    assert found(office, unit=finance, role="lead") == set()
    assert found(office, role="lead") == {"甲", "乙"}
    assert found(office, reply_class="solved") == {"乙"}
    assert found(office, reply_class="planned") == set()
    assert found(office, result="satisfied") == {"乙"}
    assert found(office, attitude="dissatisfied") == set()
    assert found(office, delegation=cast.delegation.pk) == {"甲", "乙", "丙"}
    assert found(office, category=cast.categories["教科文卫"].pk) == set()
    assert found(office, deputy="秀芝", status="submitted") == {"丙"}
    assert found(office, deputy="唐伯安") == set()
    assert found(office, source="session") == set()
    assert found(office, light="green") == {"甲"}
    assert found(office, light="red") == set()


def test_dates_are_ranges_with_both_ends(office, cast):
    # In the morning: the steps of the walk, a minute each, stay within the day.
    now = timezone.localtime().replace(hour=9) - timedelta(days=20)
    titled(cast, S.CLOSED, "甲", now=now)
    day = now.date()
    for name in ("submitted", "filed", "replied"):
        assert found(office, **{f"{name}_from": day, f"{name}_to": day}) == {"甲"}
        assert found(office, **{f"{name}_from": day + timedelta(1)}) == set()
        assert found(office, **{f"{name}_to": day - timedelta(1)}) == set()


@pytest.mark.parametrize("words", ["老", "助餐", "助餐服务", "社区食堂", "食品安全检查 70"])
def test_words_are_found_in_title_and_text(office, cast, words):
    titled(cast, S.SUBMITTED, TEXT["title"])
    assert found(office, words=words) == {TEXT["title"]}
    assert found(office, words="没有的词") == set()


def test_search_leads_to_the_registry(office, cast):
    answer = office.get("/search/", {"words": "助餐"})
    assert answer.headers["Location"] == "/registry/?words=%E5%8A%A9%E9%A4%90"


def test_what_makes_no_sense_is_told_and_left_out(office, cast):
    """Bad choices, dates out of order or impossible: a sentence each, never an error page."""
    titled(cast, S.SUBMITTED, "甲")
    page = office.get(
        REGISTRY,
        {
            "status": "' OR 1=1 --",
            "unit": "9" * 40,
            "session": "\x00",
            "filed_from": "2026-05-06",
            "filed_to": "2026-02-31",
            "due_from": "2026-05-06",
            "due_to": "2026-05-01",
            "words": "长" * 300,
            "page": "-3",
            "size": "7",
            "sort": "<script>",
        },
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert {label for label, _ in page.context["problems"]} == {
        "状态",
        "承办单位",
        "会议",
        "立案日期到",
        "到期日到",
        "关键词",
    }
    assert "结束日期早于开始日期" in text
    assert "您写了 300 字" in text


def test_pictures_and_rare_characters(office, cast):
    titled(cast, S.SUBMITTED, "关于𠮷㛃村的建议")
    assert found(office, words="𠮷㛃") == {"关于𠮷㛃村的建议"}
    assert found(office, words="🙂") == set()


def test_empty_conditions_leave_the_address(office):
    """The address to keep has only what was asked for."""
    answer = office.get(REGISTRY, {"words": "助餐", "status": "", "unit": ""})
    assert answer.headers["Location"] == "/registry/?words=%E5%8A%A9%E9%A4%90"
    part = office.get(
        REGISTRY, {"words": "助餐", "status": ""}, headers={"HX-Request": "true", "HX-Target": "results"}
    )
    assert part.headers["HX-Push-Url"] == "/registry/?words=%E5%8A%A9%E9%A4%90"
    assert "<html" not in part.content.decode()


def test_conditions_in_force_can_be_taken_away(office, cast):
    page = office.get(REGISTRY, {"words": "助餐", "status": "handling", "page": "2"})
    urls = {item.label: url for item, url in page.context["active"]}
    assert urls["状态"] == "/registry/?words=%E5%8A%A9%E9%A4%90"
    assert urls["关键词"] == "/registry/?status=handling"


def test_sorting_and_pages(office, cast):
    """Numbered pages; the total; a number beyond the end gives the last page."""
    for number in range(3):
        titled(cast, S.FILED, f"第{number}件", now=timezone.now() - timedelta(days=30 - number))
    Proposal.objects.update(number="")
    for index, proposal in enumerate(Proposal.objects.order_by("pk")):
        # Dates of their own: counted ones may fall on one working day.
        on = timezone.localdate() + timedelta(days=index)
        Proposal.objects.filter(pk=proposal.pk).update(number=f"2026-{index:03d}", due_on=on, filed_on=on)

    def order(**query):
        return [row.proposal.title for row in office.get(REGISTRY, query).context["page"].object_list]

    assert order() == ["第0件", "第1件", "第2件"]
    assert order(sort="filed") == ["第2件", "第1件", "第0件"]
    assert order(sort="number") == ["第0件", "第1件", "第2件"]
    assert order(sort="number_desc") == ["第2件", "第1件", "第0件"]
    assert len(order(sort="replied")) == 3
    template = Proposal.objects.select_related(None).get(number="2026-000")
    Proposal.objects.bulk_create(
        Proposal(
            congress=cast.congress,
            lead=template.lead,
            delegation=template.delegation,
            title="批",
            status=S.SUBMITTED,
            submitted_on=template.submitted_on,
        )
        for _ in range(60)
    )
    second = office.get(REGISTRY, {"page": 2, "size": 25}).context["page"]
    assert (second.paginator.count, second.paginator.num_pages, len(second.object_list)) == (63, 3, 25)
    last = office.get(REGISTRY, {"page": "9999"}).context["page"]
    assert (last.number, len(last.object_list)) == (3, 13)
    assert len(office.get(REGISTRY, {"size": 100}).context["page"].object_list) == 63


# --- Who sees what --------------------------------------------------------------------------------------


def test_rows_are_those_one_may_see(client, cast):
    titled(cast, S.HANDLING, "甲")
    for person, sees in (
        (cast.su, True),
        (cast.lin, True),
        (cast.tang, True),
        (cast.chen, True),
        (cast.gao, True),
        (cast.zhang, True),
        (cast.jiang, True),
        (cast.xiao, False),
        (cast.qin, False),
        (cast.admin, False),
        (cast.stranger.liaison, False),
    ):
        client.force_login(person)
        assert found(client) == ({"甲"} if sees else set()), person


@pytest.mark.parametrize("status", [S.REPLIED, S.DISPUTED])
def test_a_unit_cannot_tell_a_dispute_from_silence(client, cast, status):
    """Whatever it filters by, the unit gets the same answer for replied and for disputed cases."""
    titled(cast, status, "甲")
    client.force_login(cast.chen)
    page = client.get(REGISTRY)
    offered = dict(page.context["first_fields"][1].field.choices)
    assert not {"replied", "disputed", "coordination"} & set(offered)
    assert found(client, status="being_rated") == {"甲"}
    assert "已答复，测评中" in page.content.decode()
    for query in ({"result": "dissatisfied"}, {"attitude": "satisfied"}, {"result": "silent"}):
        assert found(client, **query) == set()
    # Not on offer: told so and left out, alike for both.
    assert found(client, status="disputed") == {"甲"}
    for light in ("red", "orange", "yellow", "green"):
        assert found(client, light=light) == set()
    assert found(client, due_from="2000-01-01") == set()
    (row,) = page.context["page"].object_list
    assert row.due_on is None
    assert row.replies[0][2] is None


def test_a_unit_finds_ratings_released_to_it(client, cast):
    titled(cast, S.CLOSED, "甲")
    client.force_login(cast.chen)
    assert found(client, result="satisfied") == {"甲"}
    # The co unit replied nothing, so no rating is its own.
    client.force_login(cast.gao)
    assert found(client, result="satisfied") == set()


def test_hidden_names_are_not_found(client, cast):
    """隐名: neither name nor delegation leads a unit to the case."""
    walk = titled(cast, S.HANDLING, "甲")
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    client.force_login(cast.chen)
    assert found(client) == {"甲"}
    assert "林秀芝" not in client.get(REGISTRY).content.decode()
    assert found(client, deputy="林") == set()
    assert found(client, delegation=cast.delegation.pk) == set()
    client.force_login(cast.su)
    assert found(client, deputy="林") == {"甲"}


def test_two_grants_see_each_row_by_its_own_right(client, cast):
    """A deputy who also works for the unit: own proposals openly, the others as the unit."""
    titled(cast, S.DISPUTED, "甲")
    Grant.objects.create(
        user=cast.chen, role=Role.DEPUTY, congress=cast.congress, deputy=cast.deputies["xiao"]
    )
    client.force_login(cast.chen)
    assert found(client, status="disputed") == set()
    assert found(client, status="being_rated") == {"甲"}
    assert found(client, result="dissatisfied") == set()
    Grant.objects.create(user=cast.gao, role=Role.DEPUTY, congress=cast.congress, deputy=cast.deputies["lin"])
    client.force_login(cast.gao)
    assert found(client, status="disputed") == {"甲"}
    assert found(client, result="dissatisfied") == {"甲"}


def test_unit_rows_show_own_role_and_date(client, cast):
    walk = titled(cast, S.HANDLING, "甲")
    client.force_login(cast.gao)
    (row,) = client.get(REGISTRY).context["page"].object_list
    assert row.own.role == AssignmentRole.CO
    assert row.due_on == walk.place("finance").due_on
    assert found(client, role="co") == {"甲"}
    assert found(client, role="lead") == set()


@pytest.mark.parametrize("person", ["hub", "gov"])
def test_what_a_hub_passed_on_shows_the_date_of_its_units(client, cast, person):
    walk = titled(cast, S.FILED, "乙")
    walk.dispatch()
    client.force_login(getattr(cast, person))
    (row,) = client.get(REGISTRY).context["page"].object_list
    dates = [walk.place("civil").due_on, walk.place("finance").due_on]
    assert row.due_on == min(dates)
    assert found(client, light="green") == {"乙"}
    assert found(client, light="red") == set()


def test_government_leader_has_no_rating_filter(client, cast):
    user = make_user("mayor", "马副市长")
    Grant.objects.create(user=user, role=Role.GOV_LEADER, congress=cast.congress)
    client.force_login(user)
    page = client.get(REGISTRY)
    names = {field.name for field in page.context["more_fields"]}
    assert not {"result", "attitude"} & names


@pytest.mark.parametrize("person", ["su", "chen", "lin"])
def test_queries_do_not_grow_with_the_rows(client, cast, person):
    client.force_login(getattr(cast, person))

    def cost(**query):
        client.get(REGISTRY, query)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGISTRY, query)
        return len(queries)

    make_proposal(cast, S.HANDLING)
    one, filtered = cost(), cost(status="handling", words="助餐", light="green")
    for _ in range(7):
        make_proposal(cast, S.HANDLING)
    assert cost() <= one <= 12
    assert cost(status="handling", words="助餐", light="green") <= filtered <= 12
