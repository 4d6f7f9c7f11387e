"""消息: what is to be done now, notices to read, digests to look at again; each person's own."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Digest, Notice
from notifications.services import notify, unread_count
from proposals.status import ProposalStatus
from supervision.digests import make_digests
from tests.cast import make_proposal

URL = "/notices/"


@pytest.fixture
def page(client, cast):
    client.force_login(cast.chen)
    return client


def tell(cast, user, words="您的建议已立案", url="/proposals/1/", **more):
    key = more.pop("key", f"event:{Notice.objects.count()}")
    notify({user.pk}, congress_id=cast.congress.pk, words=words, url=url, key=key, **more)
    return Notice.objects.get(user=user, key=key)


def test_the_page_shows_what_is_to_be_done_now(page, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    html = page.get(URL).content.decode()
    assert "签收：在城区社区推广老年助餐服务" in html
    assert walk.proposal.number in html
    assert "1 件要您办" in html
    walk.accept("civil")
    assert "签收：在城区社区推广老年助餐服务" not in page.get(URL).content.decode()


def test_in_waiting_for_others_the_handler_sees_what_lies_with_the_signer(page, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept("civil").contact().write_reply()
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    html = page.get(URL).content.decode()
    assert "等签发人" in html
    assert "签发：在城区社区推广老年助餐服务" in html


def test_an_empty_page_says_why_and_what_then(page):
    html = page.get(URL).content.decode()
    assert "没有等着您办的。" in html
    assert "还没有消息。" in html
    assert "还没有汇总。" in html


def test_unread_notices_stand_first_and_the_bell_counts_them(page, cast):
    old = tell(cast, cast.chen, "旧的一条")
    page.post(reverse("notifications:mark_read", args=[old.pk]))
    tell(cast, cast.chen, "新的一条")
    tell(cast, cast.gao, "别人的一条")
    response = page.get(URL)
    html = response.content.decode()
    assert html.index("新的一条") < html.index("旧的一条")
    assert "别人的一条" not in html
    assert unread_count(cast.chen) == 1
    assert "消息，1 条未读" in html


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(page, cast):
    notice = tell(cast, cast.chen, url="/proposals/5/")
    response = page.get(reverse("notifications:notice", args=[notice.pk]))
    assert (response.status_code, response["Location"]) == (302, "/proposals/5/")
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    page.get(reverse("notifications:notice", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "http:/x"],
)
def test_a_notice_never_leads_away(page, cast, url):
    notice = tell(cast, cast.chen, url=url)
    response = page.get(reverse("notifications:notice", args=[notice.pk]))
    assert (response.status_code, response["Location"]) == (302, URL)


def test_another_person_s_notice_does_not_exist(page, cast):
    notice = tell(cast, cast.gao)
    assert page.get(reverse("notifications:notice", args=[notice.pk])).status_code == 404
    assert page.post(reverse("notifications:mark_read", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_marking_takes_a_post(page, cast):
    notice = tell(cast, cast.chen)
    assert page.get(reverse("notifications:mark_read", args=[notice.pk])).status_code == 405
    assert page.get(reverse("notifications:mark_all_read")).status_code == 405


def test_marking_all_leaves_alone_what_came_after_the_page(page, cast):
    for _ in range(3):
        tell(cast, cast.chen)
    newest = page.get(URL).context["newest"]
    late = tell(cast, cast.chen, "刚到的一条")
    other = tell(cast, cast.gao)
    response = page.post(reverse("notifications:mark_all_read"), {"newest": newest}, follow=True)
    assert "已把 3 条消息标为已读。" in response.content.decode()
    unread = set(Notice.objects.filter(read_at=None).values_list("pk", flat=True))
    assert unread == {late.pk, other.pk}


@pytest.mark.parametrize("newest", ["", "x", "９", "9" * 40, "-1"])
def test_forged_numbers_do_no_harm(page, cast, newest):
    tell(cast, cast.chen)
    assert page.post(reverse("notifications:mark_all_read"), {"newest": newest}).status_code == 302
    assert page.get(f"{URL}?page={newest}").status_code == 200


def test_an_urge_is_marked(page, cast):
    tell(cast, cast.chen, "催办：请答复", is_duty=True, is_urgent=True)
    html = page.get(URL).content.decode()
    assert '<span class="tag red">催办</span>' in html


def test_markup_in_a_notice_stays_text(page, cast):
    tell(cast, cast.chen, "<script>alert(1)</script>")
    html = page.get(URL).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_many_notices_are_paged_with_a_fixed_number_of_queries(page, cast, django_assert_max_num_queries):
    Notice.objects.bulk_create(
        Notice(user=cast.chen, congress=cast.congress, words=f"第 {n} 条", key=f"k{n}") for n in range(70)
    )
    page.get(URL)
    with django_assert_max_num_queries(12):
        response = page.get(URL)
    assert len(response.context["page"]) == 30
    assert "第 1 / 3 页" in response.content.decode()
    assert "第 0 条" in page.get(f"{URL}?page=3").content.decode()


def test_the_digests_of_earlier_days_can_be_read_again(page, cast):
    make_proposal(cast, ProposalStatus.HANDLING)
    today = timezone.localdate()
    day = today - timedelta(days=today.weekday() if today.weekday() < 5 else 1)
    make_digests(day)
    make_digests(day - timedelta(days=7))
    if not Digest.objects.filter(user=cast.chen).exists():
        pytest.fail("no digest on a working day")
    row = Digest.objects.filter(user=cast.chen).first()
    html = page.get(f"/notices/digests/{row.day.isoformat()}/").content.decode()
    assert row.content["headline"] in html
    assert "签收：在城区社区推广老年助餐服务" in html
    row.refresh_from_db()
    assert row.read_at is not None
    assert f"/notices/digests/{row.day.isoformat()}/" in page.get("/notices/digests/").content.decode()
    assert f"/notices/digests/{row.day.isoformat()}/" in page.get(URL).content.decode()


@pytest.mark.parametrize("day", ["2020-01-01", "2020-13-01", "x", "20200101"])
def test_a_digest_that_is_none(page, day):
    assert page.get(f"/notices/digests/{day}/").status_code == 404


def test_digests_are_each_person_s_own(page, cast):
    Digest.objects.create(user=cast.gao, day=date(2026, 4, 22), content={})
    assert page.get("/notices/digests/2026-04-22/").status_code == 404


@pytest.mark.parametrize("who", ["lin", "su", "fang", "jiang", "luo", "zhang", "admin"])
def test_everybody_has_the_page(client, cast, who):
    for status in (ProposalStatus.HANDLING, ProposalStatus.REPLIED):
        make_proposal(cast, status)
    client.force_login(getattr(cast, who))
    response = client.get(URL)
    assert response.status_code == 200
    assert "style=" not in response.content.decode()


def test_visitors_are_asked_to_sign_in(client, db):
    response = client.get(URL)
    assert response.status_code == 302
    assert "/login/" in response["Location"]
