"""What the public pages never tell, whatever is asked of them: whole responses are searched."""

import pytest
from django.test import Client

from deputies.models import Deputy
from institutions.models import Congress
from notifications.models import Notice
from proposals.models import Assignment, Attachment, Contact, Proposal, ProposalEvent, Reply
from proposals.status import ProposalStatus, Satisfaction
from tests.cast import PEOPLE, TEXT, Walk, make_proposal, scan

from .told import plain
from .visitors import LIST, PROMISE, page_of, published, switch, text, titles, visit, with_promise

pytestmark = pytest.mark.django_db


def whole(walk, *, more=()):
    """Everything that a visitor can get hold of, as one text; with `more` pages."""
    paths = ["/public/", LIST, f"{LIST}?sort=number", f"{LIST}?words=助餐", page_of(walk), "/robots.txt"]
    paths += ["/sitemap.xml", "/sitemap-lanjiang.xml", *more]
    responses = [Client().get(path) for path in paths]
    assert all(response.status_code in (200, 302) for response in responses)
    return "\n".join(
        response.content.decode() + repr(sorted(response.headers.items())) for response in responses
    )


# --- People -----------------------------------------------------------------------------------------------


def test_of_people_only_the_deputies_names_and_delegation(cast):
    walk = with_promise(cast)
    page = whole(walk)
    assert "林秀芝" in page and "唐伯安" in page and "澜东代表团" in page
    for key, (name, *_) in PEOPLE.items():
        assert name not in page or key in ("lin", "tang"), name
    for number in Deputy.objects.filter(congress=cast.congress).values_list("phone", "card_no"):
        assert not any(each and each in page for each in number)
    for user in cast.people.values():
        assert user.email not in page
    for words in ("8866 1032", "副局长 邓佩文", "听取对助餐点选址的意见", "tel:", "mailto:"):
        assert words not in page


def test_nothing_of_ratings_history_and_files(cast):
    walk = published(
        cast, rate={"result": "basically", "attitude": "satisfied", "words": "还可以更快一些"}, reply={}
    )
    Attachment.objects.create(
        proposal=walk.proposal, file=scan(), name="现场照片.pdf", content_type="application/pdf", size=1
    )
    Contact.objects.create(
        assignment=walk.place("civil"),
        stage="after",
        mode="phone",
        on="2026-05-01",
        people="科长",
        words="电话回访致谢",
    )
    page = whole(walk)
    for words in (
        *Satisfaction.labels,
        "还可以更快一些",
        "测评",
        "评价",
        "现场照片",
        "/attachments/",
        "电话回访致谢",
    ):
        assert words not in page, words
    for words in ProposalEvent.objects.filter(proposal=walk.proposal).values_list("words", flat=True):
        assert words not in page
    for words in Notice.objects.values_list("words", flat=True):
        assert words not in page
    assert "方志远" not in page  # who signed


def test_rounds_and_returns_are_not_told(cast):
    switch(cast.congress)
    walk = make_proposal(cast, "handling").ask_return()
    walk.do("refuse_return", cast.su, walk.place("civil"), reason="属你局职责").sign().rate().do(
        "publish", cast.su
    )
    page = whole(walk)
    for words in ("助餐点的消防验收不归我局", "属你局职责", "申请退回", "退回"):
        assert words not in page


def test_a_delegations_proposal_stands_under_the_delegation(cast):
    walk = published(cast)
    Proposal.objects.filter(pk=walk.proposal.pk).update(is_delegations=True)
    page = whole(walk)
    assert "澜东代表团（代表团提出）" in page
    assert "林秀芝" not in page and "唐伯安" not in page


def test_a_hidden_proposer_stays_hidden(cast):
    """隐名 cannot be published by any action; were it set later, the pages still tell nobody."""
    walk = published(
        cast,
        title="唐伯安代表建议的养老服务",
        situation="林秀芝代表走访了 6 个社区。",
        reply={"opening": "林秀芝代表："},
    )
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    page = whole(walk, more=[f"{LIST}?year={walk.proposal.filed_on.year}"])
    assert "提出人不公开" in page and "代表走访了 6 个社区" in page
    for name in ("林秀芝", "唐伯安", "澜东代表团"):
        assert name not in page
    for words in ("林秀芝", "唐伯安", "秀芝代表"):
        assert titles(words=words) == []


NUMBERS = ["13877665544", "0790-88661099", "8866 1077", "430102199001011234", "wang@example.test"]


def test_numbers_in_the_text_are_taken_out(cast):
    first, second, third, fourth, fifth = NUMBERS
    walk = published(
        cast,
        title=f"关于老人助餐的建议，找王某{first}",
        situation=f"请拨打居委会电话 {second}。",
        analysis=f"身份证号 {fourth} 的老人没有补助。",
        points=[f"公布电话 {third}。", f"邮箱 {fifth} 改为公用。"],
        reply={
            "opening": f"经办人手机 {first}",
            "answers": [{"state": "done", "text": f"已公布 {third}"}, {"state": "done", "text": fifth}],
            "reply_class": "in_progress",
            "planned_commitments": [
                {"what": f"开通 {second}", "owner": f"王某 {first}", "promised_on": PROMISE["promised_on"]}
            ],
        },
    )
    page = whole(walk)
    for number in NUMBERS:
        assert number not in page, number
    assert page.count("［已隐去］") > 9
    for number in [
        *NUMBERS,
        "88661099",
        "8866",
        "王某13877665544",
        "１３８７７６６５５４４",
        "1387766\u200b5544",
    ]:
        assert titles(words=number) == [], number
    assert len(titles(words="居委会")) == 1


def test_publishing_warns_of_such_numbers(cast, client):
    switch(cast.congress)
    walk = make_proposal(cast, "closed", text={**TEXT, "situation": "请拨打居委会电话 13877665544。"})
    Reply.objects.filter(assignment__proposal=walk.proposal).update(opening="联系 8866 1077")
    client.force_login(cast.su)
    page = plain(client.get(f"/proposals/{walk.proposal.pk}/publish/"))
    assert "下面 2 处像是电话、证件号或邮箱，公开页上会隐去，请核对" in page
    assert "情况：13877665544" in page and "市民政局答复的开头：8866 1077" in page
    other = make_proposal(cast, "closed")
    assert "像是电话" not in plain(client.get(f"/proposals/{other.proposal.pk}/publish/"))


# --- What is not published --------------------------------------------------------------------------------


def test_unpublished_ones_leave_no_trace(cast):
    """Neither in counts nor among choices, pages, search; in whatever state they are."""
    walk = published(cast)
    before = [visit(path).content for path in (LIST, f"{LIST}?words=食堂", "/sitemap-lanjiang.xml")]
    category = cast.categories["教科文卫"]
    for status in ProposalStatus:
        other = make_proposal(cast, _reached(status), text=TEXT | {"title": f"没有公开的标题{status}"})
        Proposal.objects.filter(pk=other.proposal.pk).update(category=category, filed_on="2019-01-01")
        if other.proposal.number:
            visit(page_of(other), status=404)
    others = Assignment.objects.exclude(proposal=walk.proposal).filter(role="lead", round=1)
    assert others.update(unit=cast.units["transport"])
    after = [visit(path).content for path in (LIST, f"{LIST}?words=食堂", "/sitemap-lanjiang.xml")]
    assert before == after
    assert titles(words="没有公开的标题") == []
    for query in ({"year": 2019}, {"category": category.pk}, {"unit": cast.units["transport"].pk}):
        page = visit(LIST, **query).content.decode()
        assert "没有这个选项，已忽略。" in page and "没有公开的标题" not in page


def _reached(status):
    """Withdrawn ones walk no road of their own."""
    return ProposalStatus.SUBMITTED if status == ProposalStatus.WITHDRAWN else status


def test_taken_back_is_gone_at_once(cast):
    walk, other = published(cast, title="甲"), published(cast, title="乙")
    assert titles() == ["乙", "甲"]
    walk.do("unpublish", cast.su, reason="涉及个人")
    visit(page_of(walk), status=404)
    assert titles() == ["乙"] and titles(words="甲") == []
    assert "公开 1 件" in text(LIST) and walk.proposal.number not in whole(other)


def test_ordered_again_it_is_gone_too(cast):
    walk = published(cast)
    placements = walk.placements(civil="lead")
    walk.do("order_redo", cast.su, placements=placements, cause="reassigned", reason="再交办")
    visit(page_of(walk), status=404)


def test_a_state_that_no_action_leads_to_shows_nothing(cast):
    """Published but not closed."""
    switch(cast.congress)
    walk = make_proposal(cast, "replied")
    Proposal.objects.filter(pk=walk.proposal.pk).update(published_on="2026-05-01")
    visit(page_of(walk), status=404)
    assert titles() == []


def test_the_other_congress_is_another_world(cast):
    walk = published(cast)
    theirs = _published_by_stranger(cast)
    assert "外县" not in whole(walk) and "县民政局" not in whole(walk) and theirs.title not in whole(walk)
    page = (
        visit("/public/xishan/").content.decode() + visit(f"/public/xishan/{theirs.number}/").content.decode()
    )
    assert theirs.title in page
    for words in ("林秀芝", "市民政局", walk.proposal.title, "澜江"):
        assert words not in page
    visit(f"/public/xishan/{walk.proposal.number}/", status=404)
    # By its own number only; what belongs to the other congress is no choice.
    for query in ({"unit": cast.stranger.unit.pk}, {"category": cast.stranger.category.pk}):
        assert "没有这个选项，已忽略。" in visit(LIST, **query).content.decode()


def _published_by_stranger(cast):
    walk = Walk(cast, text=TEXT | {"title": "外县的建议"})
    switch(cast.stranger.congress)
    Proposal.objects.filter(pk=walk.proposal.pk).update(
        congress=cast.stranger.congress,
        lead=cast.stranger.deputy_row,
        delegation=cast.stranger.deputy_row.delegation,
        category=cast.stranger.category,
        number="2026-闭777",
        status=ProposalStatus.CLOSED,
        published_on="2026-05-01",
        filed_on="2026-01-02",
    )
    return Proposal.objects.get(pk=walk.proposal.pk)


# --- Bad input --------------------------------------------------------------------------------------------

BAD = [
    "\x00",
    "a\x00b",
    "助" * 5000,
    "'\"><script>",
    "%",
    "\\",
    "＊",
    "-",
    "NEAR(a b)",
    "9" * 400,
    "😀",
    "\ud83d",
    "-1",
    "1e9",
    "²",
]
NAMES = ["words", "year", "category", "unit", "reply_class", "sort", "page", "nonsense"]


@pytest.mark.parametrize("name", NAMES)
def test_bad_conditions_give_the_list_with_a_hint(cast, name):
    published(cast)
    for value in BAD:
        query = {name: value.encode("utf-8", "replace").decode()}
        page = visit(LIST, **query).content.decode()
        assert "<script>" not in page
        hints = name in ("year", "category", "unit", "reply_class", "page")
        assert not hints or "已忽略" in page or "没有这一页" in page or value == "\x00", (name, value)
    both = Client().get(f"{LIST}?{name}=1&{name}=2&{name}[]=3&=&&")
    assert both.status_code in (200, 302)


def test_too_long_a_query_says_so(cast):
    published(cast)
    assert "最多 100 字" in text(LIST, words="助" * 101)
    assert len(titles(words="助" * 101)) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/public/%00/",
        "/public/lanjiang/%00/",
        "/public/lanjiang/2026-%00/",
        "/public/lanjiang/2026-1%27/",
        f"/public/lanjiang/2026-{'9' * 500}/",
        f"/public/{'a' * 3000}/",
        "/public/lanjiang/1/",
        "/public/lanjiang/..%2f..%2fadmin/",
        "/public/%E4%B8%AD/",
        "/public/lanjiang/%ff/",
        "/sitemap-%00.xml",
        "/sitemap-lanjiang.xml?p=999",
        "/sitemap-lanjiang.xml?p=%00",
    ],
)
def test_bad_addresses_are_not_found(cast, path):
    published(cast)
    assert Client().get(path).status_code == 404


def test_what_is_typed_into_a_text_is_shown_as_text(cast):
    walk = published(cast, title="<script>alert(1)</script>", points=["<b>粗</b>"])
    page = whole(walk)
    assert "<script>alert" not in page and "<b>粗" not in page and "&lt;script&gt;" in page


def test_signed_in_people_get_the_same_and_no_more(cast):
    walk = published(cast)
    closed = make_proposal(cast, "closed")
    Congress.objects.update(is_public=True)
    for user in (cast.su, cast.chen, cast.lin, cast.stranger.liaison):
        client = Client()
        client.force_login(user)
        assert client.get(page_of(walk)).content == visit(page_of(walk)).content
        visit(page_of(closed), client=client, status=404)
