"""The signer's queue and page, and the unit's other actions as pages: contact, progress, opinion."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.calendars import seed_calendar
from core.dates import cn_date
from proposals.models import Assignment, Attachment, Contact, Opinion, ProposalEvent, RuleSet
from proposals.rules import forget_rules
from proposals.status import AssignmentStatus
from tests.cast import TEXT, Walk

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = "<script>alert(1)</script>"


def sent(cast, **fields):
    """A Walk whose lead's reply waits for the signer."""
    walk = Walk(cast, now=timezone.now() - timedelta(days=3)).cosigned().submit().file().assign()
    walk.accept().contact().write_reply(**fields)
    return walk.do("draft_reply", cast.chen, walk.place("civil"))


def page_of(walk, unit="civil"):
    return reverse("proposals:sign", args=[walk.place(unit).pk])


def action(walk, code, unit="civil"):
    return reverse("proposals:place_action", args=[walk.place(unit).pk, code])


def form(walk, unit="civil", **fields):
    return {"version": walk.place(unit).version, "request_id": str(uuid.uuid4())} | fields


def sign_opinions(cast):
    """The rule set has co-opinions signed."""
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches = {**rules.switches, "opinion_signed": True}
    rules.save()
    forget_rules(cast.congress.pk)


def test_whose_opinion_is_not_due_yet_is_shown_beside_the_reason(client, cast):
    """The lead may answer before the co-opinion is due; lead and signer read that it was not late yet."""
    walk = sent(cast)
    due = walk.place("finance").due_on
    words = f"会办意见还没到期（{cn_date(due, timezone.localdate())}）"
    client.force_login(cast.fang)
    assert words in client.get(page_of(walk)).content.decode()
    walk.do("take_back", cast.chen, walk.place("civil"))
    client.force_login(cast.chen)
    editor = reverse("proposals:reply", args=[walk.place("civil").pk])
    assert words in client.get(editor).content.decode()
    Assignment.objects.filter(pk=walk.place("finance").pk).update(due_on=date(2026, 1, 5))
    page = client.get(editor).content.decode()
    assert "会办意见还没到期" not in page and "已到期" in page


# --- Queue and page -------------------------------------------------------------------------------------


def test_the_queue_lists_what_waits_for_this_signer(client, cast):
    walk = sent(cast)
    client.force_login(cast.fang)
    html = client.get("/signing/").content.decode()
    assert TEXT["title"] in html and page_of(walk) in html and "陈晓岚" in html
    link = next(link for link in client.get("/signing/").context["shell"].bar if link.label == "待签发")
    assert link.count == "1"
    client.force_login(cast.he)
    assert "没有等您签发的" in client.get("/signing/").content.decode()


@pytest.mark.parametrize("who", ["chen", "lin", "su", "luo", "admin"])
def test_the_queue_is_for_signers(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get("/signing/").status_code == 404


def test_the_page_shows_all_that_the_signer_answers_for(client, cast):
    promise = {"what": "建成食堂", "promised_on": "2030-09-30", "owner": "钟以恒"}
    walk = sent(cast, reply_class="in_progress", planned_commitments=[promise])
    client.force_login(cast.fang)
    html = client.get(page_of(walk)).content.decode()
    for words in (
        *TEXT["points"],
        "第 1 条：已安排。",
        "签发前核对",
        "建成食堂",
        "钟以恒",
        "副局长 邓佩文等 3 人",
    ):
        assert words in html
    assert "补助分担比例待审定" in html  # why the co-opinion is late
    assert "市财政局不再等，记为未提交会办意见" in html and "测评" in html


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 403), ("su", 403), ("lin", 403), ("gao", 404), ("qin", 404)]
)
def test_nobody_else_opens_it(client, cast, who, status):
    walk = sent(cast)
    client.force_login(getattr(cast, who))
    assert client.get(page_of(walk)).status_code == status
    assert client.post(action(walk, "issue"), form(walk)).status_code == status
    assert walk.place("civil").status == AssignmentStatus.SIGNING


def test_who_signs_and_who_gets_a_copy_follow_the_rules(client, cast):
    walk = sent(cast)
    switches = {"signer_rank": "principal", "reply_copy_to": "congress_hub_electing"}
    RuleSet.objects.filter(congress=cast.congress).update(switches=switches)
    forget_rules(cast.congress.pk)
    client.force_login(cast.fang)
    assert "按本地办法由主要负责人签发" in client.get(page_of(walk)).content.decode()
    letter = client.get(reverse("proposals:reply_preview", args=[walk.place("civil").pk])).content.decode()
    assert "抄送：代表工作机构、政府办公厅（室）和选举单位人大" in letter


def test_issue_from_the_page(client, cast):
    walk = sent(cast)
    client.force_login(cast.fang)
    data = form(walk, next="/signing/")
    for _ in range(2):  # sent twice: one event
        answer = client.post(action(walk, "issue"), data)
        assert answer.status_code == 302 and answer.url == "/signing/"
    assert walk.place("civil").status == AssignmentStatus.ANSWERED
    assert ProposalEvent.objects.filter(proposal=walk.proposal, action="issue").count() == 1
    assert client.get(page_of(walk)).url == reverse("proposals:reply", args=[walk.place("civil").pk])


def test_send_back_needs_a_reason_and_keeps_what_was_typed(client, cast):
    walk = sent(cast)
    client.force_login(cast.fang)
    page = client.post(action(walk, "rework"), form(walk, reason="  "))
    assert page.status_code == 422 and "请填写" in page.content.decode()
    long = f"{HTML}𠮷" + "长" * 1000
    html = client.post(action(walk, "rework"), form(walk, reason=long)).content.decode()
    assert "长" * 1000 in html and HTML not in html and "最多 1000 字" in html
    answer = client.post(action(walk, "rework"), form(walk, reason=f"第 2 条没有写补助标准𠮷{HTML}"))
    assert answer.status_code == 302
    assert walk.place("civil").status == AssignmentStatus.ACCEPTED
    client.force_login(cast.chen)
    html = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
    assert "第 2 条没有写补助标准𠮷" in html and HTML not in html


def test_a_stale_page_keeps_the_reason(client, cast):
    walk = sent(cast)
    old = form(walk, reason="请补充数据")
    walk.do("take_back", cast.chen, walk.place("civil"))
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    client.force_login(cast.fang)
    page = client.post(action(walk, "rework"), old)
    assert page.status_code == 409
    assert "请补充数据" in page.content.decode() and "处理，请刷新" in page.content.decode()
    assert client.post(action(walk, "issue"), old).status_code == 409
    assert walk.place("civil").status == AssignmentStatus.SIGNING


def test_issue_while_a_co_opinion_arrives(client, cast):
    """The opinion does not make the signer's page stale, and is shown when it came first."""
    walk = sent(cast)
    client.force_login(cast.fang)
    data = form(walk)
    walk.accept("finance").opinion()
    assert "补助资金已列入预算" in client.get(page_of(walk)).content.decode()
    assert client.post(action(walk, "issue"), data).status_code == 302
    assert walk.place("finance").status == AssignmentStatus.ANSWERED


def test_opinions_are_signed_where_the_rule_set_says_so(client, cast):
    sign_opinions(cast)
    walk = Walk(cast).submit().file().assign().accept("finance")
    client.force_login(cast.gao)
    html = client.get(action(walk, "give_opinion", "finance")).content.decode()
    assert "送签发人签发" in html
    client.post(action(walk, "give_opinion", "finance"), form(walk, "finance", words="同意分担补助。"))
    assert walk.place("finance").status == AssignmentStatus.SIGNING
    html = client.get("/inbox/").content.decode()
    assert "等签发人签发" in html
    client.force_login(cast.he)
    assert "会办意见" in client.get("/signing/").content.decode()
    html = client.get(page_of(walk, "finance")).content.decode()
    assert "同意分担补助。" in html and "主办单位马上看得到" in html
    client.post(action(walk, "issue", "finance"), form(walk, "finance"))
    assert Opinion.objects.get().signed_by == "何敬之"
    assert client.get(page_of(walk, "finance")).url == f"/proposals/{walk.proposal.pk}/"


@pytest.mark.parametrize(
    ("code", "who"), [("issue", "fang"), ("rework", "fang"), ("take_back", "chen"), ("draft_reply", "zou")]
)
def test_the_actions_have_pages_of_their_own(client, cast, code, who):
    walk = sent(cast)
    if code == "draft_reply":
        walk.do("take_back", cast.chen, walk.place("civil"))
    client.force_login(getattr(cast, who))
    page = client.get(action(walk, code))
    assert page.status_code == 200 and walk.proposal.number in page.content.decode()


def test_queries_of_the_queue_do_not_grow(client, cast):
    sent(cast)
    client.force_login(cast.fang)
    client.get("/signing/")
    with CaptureQueriesContext(connection) as one:
        client.get("/signing/")
    for _ in range(7):
        sent(cast)
    with CaptureQueriesContext(connection) as eight:
        assert len(client.get("/signing/").context["rows"]) == 8
    assert len(eight) == len(one) <= 12


def test_the_page_takes_few_queries(client, cast, django_assert_max_num_queries):
    seed_calendar()
    address = page_of(sent(cast))
    client.force_login(cast.fang)
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


# --- Contact, progress, opinion ---------------------------------------------------------------------------


@pytest.fixture
def walk(cast):
    start = timezone.now() - timedelta(days=3)
    return Walk(cast, now=start).submit().file().assign().accept().accept("finance")


CONTACT = {"stage": "before", "mode": "visit", "people": "副局长 邓佩文等 3 人", "words": "听取选址意见"}


def contact(walk, **fields):
    return form(walk, **(CONTACT | {"on": timezone.localdate().isoformat()} | fields))


def test_a_contact_is_logged_with_its_file(client, cast, walk):
    client.force_login(cast.chen)
    page = client.get(action(walk, "log_contact"))
    assert "登门走访" in page.content.decode() and walk.proposal.number in page.content.decode()
    data = contact(walk, next=reverse("proposals:reply", args=[walk.place("civil").pk]))
    data["files"] = SimpleUploadedFile("记录.pdf", PDF)
    answer = client.post(action(walk, "log_contact"), data)
    assert answer.url == data["next"]
    assert Attachment.objects.get().contact == Contact.objects.get()
    assert "听取选址意见" in client.get(answer.url).content.decode()


def test_the_same_contact_twice_is_one(client, cast, walk):
    client.force_login(cast.chen)
    data = contact(walk)
    for _ in range(2):
        assert client.post(action(walk, "log_contact"), data).status_code == 302
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on": "2999-01-01"}, "不能晚于今天"),
        ({"on": "2000-01-01"}, "不能早于建议提交日期"),
        ({"on": "2026-02-30"}, "日期写成"),
        ({"on": ""}, "请填写日期"),
        ({"stage": "x"}, "阶段"),
        ({"people": "人" * 201}, "最多 200 字"),
        ({"words": "长" * 700_000}, "最多 2000 字"),
    ],
)
def test_a_refused_contact_keeps_the_typed_form(client, cast, walk, fields, words):
    client.force_login(cast.chen)
    page = client.post(action(walk, "log_contact"), contact(walk, **fields))
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html
    for name in ("people", "words"):
        assert (CONTACT | fields)[name] in html
    assert 'value="before" checked' in html or "stage" in fields
    assert not Contact.objects.exists()


def test_a_refused_file_keeps_the_text(client, cast, walk):
    client.force_login(cast.chen)
    data = contact(walk, files=SimpleUploadedFile("照片.jpg", b"not a picture"))
    html = client.post(action(walk, "log_contact"), data).content.decode()
    assert "听取选址意见" in html and "内容与扩展名" in html and "附件要重新选择" in html
    assert 'value="visit" checked' in html


def test_markup_in_every_field_is_escaped(client, cast, walk):
    client.force_login(cast.chen)
    client.post(action(walk, "log_contact"), contact(walk, people=HTML + "㛃", words=HTML + "𠮷\x00👵🏻"))
    client.post(action(walk, "note_progress"), form(walk, words=HTML + "进展"))
    client.force_login(cast.gao)
    fields = {
        "words": HTML + "意见",
        "doc_no": HTML,
        "contact_person": HTML,
        "contact_phone": HTML + "88661032",
    }
    client.post(action(walk, "give_opinion", "finance"), form(walk, "finance", **fields))
    client.force_login(cast.chen)
    for address in (
        f"/proposals/{walk.proposal.pk}/",
        reverse("proposals:reply", args=[walk.place("civil").pk]),
        action(walk, "log_contact"),
        "/inbox/",
    ):
        html = client.get(address).content.decode()
        assert HTML not in html
    assert Contact.objects.get().words == HTML + "𠮷👵🏻"


def test_progress_reaches_the_deputy(client, cast, walk):
    client.force_login(cast.chen)
    assert client.post(action(walk, "note_progress"), form(walk, words="")).status_code == 422
    assert client.post(action(walk, "note_progress"), form(walk, words="5 个场地已确定。")).status_code == 302
    client.force_login(cast.lin)
    assert "5 个场地已确定。" in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()


def test_an_opinion_is_written_beside_the_requests(client, cast, walk):
    client.force_login(cast.gao)
    html = client.get(action(walk, "give_opinion", "finance")).content.decode()
    assert all(point in html for point in TEXT["points"])
    refused = form(walk, "finance", words="写好的意见", files=SimpleUploadedFile("意见.docx", b"x"))
    html = client.post(action(walk, "give_opinion", "finance"), refused).content.decode()
    assert "写好的意见" in html
    assert (
        client.post(
            action(walk, "give_opinion", "finance"), form(walk, "finance", words="写好的意见")
        ).status_code
        == 302
    )
    assert walk.place("finance").status == AssignmentStatus.ANSWERED
