"""The public list: what a visitor finds, reads, filters, keeps the address of; the switch; caches and crawlers."""

import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions.models import Congress
from proposals.models import Proposal
from proposals.rules import load_rules
from proposals.views.public import MAX_AGE, PAGE_SIZE
from tests.cast import make_proposal

from .visitors import (
    LIST,
    PROMISE,
    PROMISED_WORDS,
    copies,
    page_of,
    published,
    switch,
    text,
    titles,
    visit,
    with_promise,
)

pytestmark = pytest.mark.django_db
ROUTES = ["/public/", LIST, "/robots.txt", "/sitemap.xml", "/sitemap-lanjiang.xml"]


# --- One page each ----------------------------------------------------------------------------------------


def test_the_page_of_a_proposal_tells_what_was_asked_and_answered(cast):
    walk = with_promise(cast)
    page = text(page_of(walk))
    for words in (
        walk.proposal.number,
        "关于在城区社区推广老年助餐服务的建议",
        "林秀芝（澜东代表团）",
        "附议 唐伯安",
        "今年春天走访了城南、河东两个街道的 6 个社区",
        "三是食品安全检查不公开。",
        "1 代表的建议 每个街道至少建成 1 个社区食堂。 答复 正在落实 第 1 条：已安排。",
        "2 代表的建议 对 70 岁以上老人用餐分档补助。 答复 正在落实 第 2 条：已安排。",
        "市民政局 · 澜民函〔2026〕56号",
        "建成社区食堂 12 个",
        f"约定 {PROMISED_WORDS}到期 正在办",
        "市民政局答复",
        "交市民政局办理",
        "公开",
    ):
        assert words in page


def test_the_class_is_in_the_printed_words_of_the_rule_set(cast):
    walk = with_promise(cast)
    rules = load_rules(cast.congress.pk)
    printed = f"{rules.letter('in_progress')} {rules.class_words('in_progress')}"
    assert printed in text(page_of(walk)) and printed in text(LIST)


def test_a_promise_whose_day_is_past_is_said_to_be_late(cast):
    walk = with_promise(cast)
    walk.proposal.commitments.update(promised_on="2026-01-05")
    assert "约定日期已到，还没有报告完成" in text(page_of(walk))
    assert "承诺 1 项，核实兑现 0 项；2026年1月5日到期" in text(LIST)


def test_the_list_shows_each_with_its_gist(cast):
    walk = with_promise(cast)
    page = text(LIST)
    for words in (
        "澜江市人民代表大会代表提出，已办结并公开 1 件",
        walk.proposal.number,
        "每个街道至少建成 1 个社区食堂；对 70 岁以上老人用餐分档补助",
        "林秀芝等 2 名代表 · 市民政局答复",
        f"承诺 1 项，核实兑现 0 项；{PROMISED_WORDS}到期",
        "社会建设 1",
    ):
        assert words in page


def test_of_several_rounds_only_the_last_is_shown(cast):
    """That there was an earlier one would tell how it was rated."""
    switch(cast.congress)
    walk = make_proposal(cast, "redo")
    walk.sign(doc_no="澜民函〔2026〕99号").rate().do("publish", cast.su)
    page = text(page_of(walk))
    assert "99号" in page and "56号" not in page and "轮" not in page and "重新" not in page
    assert page.count("市民政局答复") == 1


def test_separate_replies_stand_one_after_the_other(cast):
    switch(cast.congress)
    walk = make_proposal(cast, "filed").assign(civil="separate", health="separate")
    walk.sign("civil").sign("health", doc_no="澜卫函〔2026〕7号").rate().rate(unit="health").do(
        "publish", cast.su
    )
    page = text(page_of(walk))
    assert "56号" in page and "澜卫函〔2026〕7号" in page
    assert "林秀芝等 2 名代表 · 市民政局、市卫生健康委员会答复" in text(LIST)


def test_a_reply_that_the_unit_keeps_to_itself_is_not_shown(cast):
    walk = published(cast, reply={"is_public": False, "opening": "来信收悉"})
    page = text(page_of(walk))
    assert "答复内容按规定不公开" in page and "每个街道至少建成 1 个社区食堂。" in page
    for words in ("来信收悉", "第 1 条：已安排", "56号"):
        assert words not in page
    assert titles(reply_class="solved") == []


# --- Finding ----------------------------------------------------------------------------------------------


def test_each_condition_narrows_and_stands_in_the_address(cast):
    published(cast, title="甲：老年助餐")
    published(cast, title="乙：加装电梯", points=["每年加装 20 部电梯。"])
    other = cast.categories["教科文卫"]
    Proposal.objects.filter(title__startswith="乙").update(category=other, filed_on="2024-05-06")
    assert titles() == ["乙：加装电梯", "甲：老年助餐"]
    assert titles(words="电梯") == ["乙：加装电梯"]
    assert titles(words="助餐 街道") == ["甲：老年助餐"]
    assert titles(category=other.pk) == ["乙：加装电梯"]
    assert titles(year=2024) == ["乙：加装电梯"]
    assert len(titles(unit=cast.units["civil"].pk)) == 2
    assert len(titles(reply_class="solved")) == 2
    assert titles(sort="number") == ["甲：老年助餐", "乙：加装电梯"]
    page = text(LIST, year=2024)
    assert "找到 1 件" in page and "2024 年（1）" in page
    number = Proposal.objects.get(title__startswith="乙").number
    assert titles(words=number) == ["乙：加装电梯"]


def test_a_form_sent_with_empty_fields_leads_to_the_address_to_keep(cast):
    published(cast)
    response = visit(f"{LIST}?words=助餐&year=&unit=&category=&reply_class=", status=302)
    assert response["Location"] == f"{LIST}?words=%E5%8A%A9%E9%A4%90"


def test_pages_are_bounded(cast):
    walk = published(cast)
    copies(walk, 2 * PAGE_SIZE)
    assert len(titles()) == PAGE_SIZE and len(titles(page=2)) == PAGE_SIZE
    last = visit(LIST, page=999)
    assert "没有这一页，下面是第 3 页。" in last.content.decode()
    assert [case.title for case in last.context["page"].object_list] == [walk.proposal.title]


@pytest.mark.parametrize("path", [LIST, "item"])
def test_at_most_twelve_queries(cast, path, django_assert_max_num_queries):
    walk = with_promise(cast)
    copies(walk, PAGE_SIZE + 1)
    path = page_of(walk) if path == "item" else path
    category = cast.categories["社会建设"].pk
    for query in ({}, {"category": category}, {"words": "建议", "category": category}):
        visit(path)  # keeps rules and counts for a while
        with django_assert_max_num_queries(12):
            visit(path, **query)


# --- The switch -------------------------------------------------------------------------------------------


def test_off_means_that_nothing_is_there(cast):
    walk = published(cast)
    switch(cast.congress, False)
    for path in ("/public/", LIST, page_of(walk), "/sitemap.xml", "/sitemap-lanjiang.xml"):
        visit(path, status=404)
    assert text("/robots.txt") == "User-agent: * Disallow: /"
    assert "公开的建议" not in text("/login/")


def test_an_inactive_congress_shows_nothing(cast):
    walk = published(cast)
    Congress.objects.filter(pk=cast.congress.pk).update(is_active=False)
    visit(page_of(walk), status=404)


def test_the_answer_for_what_is_not_there_is_always_the_same(cast):
    """Unknown congress, list off, never published, taken back: nobody can tell them apart."""
    switch(cast.congress)
    closed = make_proposal(cast, "closed")
    taken_back = published(cast).do("unpublish", cast.su, reason="有误")
    bodies = {
        visit(path, status=404).content
        for path in (
            "/public/nowhere/",
            "/public/xishan/",
            f"{LIST}2026-999/",
            page_of(closed),
            page_of(taken_back),
        )
    }
    assert len(bodies) == 1


def test_one_congress_is_gone_straight_to_several_are_chosen_from(cast):
    published(cast)
    assert visit("/public/", status=302)["Location"] == LIST
    switch(cast.stranger.congress)
    page = text("/public/")
    assert "澜江市人民代表大会 1 件" in page and "溪山县人民代表大会 0 件" in page


def test_the_sign_in_page_leads_there(cast):
    assert "/public/" not in visit("/login/").content.decode()
    switch(cast.congress)
    assert 'href="/public/"' in visit("/login/").content.decode()


def test_the_administrator_of_the_congress_switches_it(cast, client):
    client.force_login(cast.admin)
    change = reverse("admin:institutions_congress_change", args=[cast.congress.pk])
    page = client.get(change).content.decode()
    assert "打开后，访客不登录可看已公开的建议" in page
    data = {
        "office_name": "澜江市人大常委会",
        "liaison_name": "联工委",
        "liaison_phone": "",
        "is_public": "on",
    }
    assert client.post(change, data).status_code == 302
    visit(LIST)
    assert client.post(change, data | {"is_public": ""}).status_code == 302
    visit(LIST, status=404)


# --- Caches -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ROUTES, "item"])
def test_shared_caches_may_keep_it_whoever_asks(cast, path):
    walk = published(cast)
    path = page_of(walk) if path == "item" else path
    signed_in = Client()
    signed_in.force_login(cast.lin)
    with CaptureQueriesContext(connection) as queries:
        visitors, theirs = Client().get(path), signed_in.get(path)
    assert visitors.content == theirs.content and visitors.headers == theirs.headers
    assert not any("django_session" in query["sql"] or "accounts_" in query["sql"] for query in queries)
    assert not visitors.cookies and not theirs.cookies and "Cookie" not in visitors.get("Vary", "")
    assert visitors["Cache-Control"] == f"public, max-age={MAX_AGE}, must-revalidate"


def test_a_cache_that_asks_again_is_told_of_changes_alone(cast):
    walk = published(cast)
    first = visit(page_of(walk))
    assert MAX_AGE <= 60
    again = Client().get(page_of(walk), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"") and "public" in again["Cache-Control"]
    cast.units["civil"].name = "市民政和养老局"
    cast.units["civil"].save()
    assert Client().get(page_of(walk), headers={"If-None-Match": first["ETag"]}).status_code == 200
    walk.do("unpublish", cast.su, reason="有误")
    gone = Client().get(page_of(walk), headers={"If-None-Match": first["ETag"]})
    assert gone.status_code == 404 and "public" not in gone["Cache-Control"] and not gone.cookies


def test_heads_are_answered_and_nothing_is_taken_in(cast):
    walk = published(cast)
    for path in (*ROUTES, page_of(walk)):
        assert Client().head(path).status_code in (200, 302)
        assert Client().post(path).status_code == 405


# --- Crawlers ---------------------------------------------------------------------------------------------


def test_robots_may_read_the_public_pages_alone(cast):
    published(cast)
    lines = visit("/robots.txt").content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Allow: /public/",
        "Allow: /sitemap",
        "Disallow: /",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_sitemap_lists_what_is_published(cast):
    walk, gone = published(cast), published(cast, title="另一件")
    gone.do("unpublish", cast.su, reason="有误")
    make_proposal(cast, "closed")
    switch(cast.stranger.congress)
    index = _locations("/sitemap.xml")
    assert index == ["http://testserver/sitemap-lanjiang.xml", "http://testserver/sitemap-xishan.xml"]
    assert [place.partition("/public/")[2] for place in _locations(index[0])] == [
        quote(f"lanjiang/{walk.proposal.number}/")
    ]
    visit("/sitemap-nowhere.xml", status=404)


def _locations(path):
    root = ET.fromstring(visit(path).content)
    return [element.text for element in root.iter() if element.tag.endswith("}loc")]


def test_pages_tell_crawlers_what_and_where_they_are(cast):
    walk = published(cast)
    page = visit(f"{page_of(walk)}?utm=1").content.decode()
    canonical = "http://testserver/public/lanjiang/" + quote(walk.proposal.number) + "/"
    assert f'<link rel="canonical" href="{canonical}">' in page
    assert '<meta name="description" content="每个街道至少建成' in page
    assert '<meta property="og:title" content="关于在城区社区推广老年助餐服务的建议">' in page
    assert 'name="robots"' not in page and 'name="robots"' not in visit(LIST).content.decode()
    filtered = visit(LIST, words="助餐", utm="1").content.decode()
    assert 'content="noindex, follow"' in filtered
    assert f'href="http://testserver{LIST}?words=%E5%8A%A9%E9%A4%90"' in filtered


def test_the_promise_names_nobody(cast):
    """责任人 is a person of the unit."""
    assert PROMISE["owner"].split()[1] not in text(page_of(with_promise(cast)))
