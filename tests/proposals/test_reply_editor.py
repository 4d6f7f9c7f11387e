"""The reply editor: who sees it, what is saved and what is refused. Autosave and sending: test_reply_sending.py."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant
from proposals.models import Reply, RuleSet
from proposals.rules import forget_rules
from proposals.status import AssignmentStatus
from tests.cast import TEXT, Walk, make_proposal

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = "<script>alert(1)</script><b>粗</b>"


@pytest.fixture
def walk(cast):
    """市民政局 has signed for its lead place and spoken with the deputy; 市财政局 assists."""
    start = timezone.now() - timedelta(days=3)
    return Walk(cast, now=start).cosigned().submit().file().assign().accept().contact()


@pytest.fixture
def chen(client, cast):
    client.force_login(cast.chen)
    return client


def editor(walk, unit="civil"):
    return reverse("proposals:reply", args=[walk.place(unit).pk])


def preview(walk):
    return reverse("proposals:reply_preview", args=[walk.place("civil").pk])


def typed(walk, client=None, **changes):
    """What a handler's browser posts: a complete reply, with the counters of the page as it is now."""
    place = walk.place("civil")
    reply = Reply.objects.filter(assignment=place).first()
    late = f"late_{walk.place('finance').pk}"
    complete = {
        "draft_version": reply.draft_version if reply else "",
        "version": place.version,
        "request_id": str(uuid.uuid4()),
        "opening": "您的建议收悉。",
        "state_1": "doing",
        "answer_1": "已建成 9 个社区食堂。",
        "state_2": "done",
        "answer_2": "补助已分两档。",
        "reply_class": "solved",
        "doc_no": "澜民函〔2026〕56号",
        "contact_person": "陈晓岚",
        "contact_phone": "8866 1032",
        "is_public": "1",
        late: "补助分担比例待审定",
    }
    return complete | changes


def kept(walk):
    return Reply.objects.get(assignment=walk.place("civil"))


def tomorrow(days=1):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


# --- Seeing it ------------------------------------------------------------------------------------------


def test_requests_stand_beside_answers(chen, walk):
    html = chen.get(editor(walk)).content.decode()
    for words in (*TEXT["points"], TEXT["situation"], "送审签核对", "登记沟通", "送签发"):
        assert words in html
    assert "副局长 邓佩文等 3 人" in html


def test_classes_print_the_letters_of_the_rule_set(chen, walk):
    """Several stored classes may print the same letter; each is a choice of its own."""
    page = chen.get(editor(walk))
    assert [letter for _, letter, _, _ in page.context["classes"]] == ["A", "B", "B", "C", "D"]
    assert page.content.decode().count('name="reply_class"') == 5


def test_the_button_names_the_signer_where_the_title_is_known(chen, cast, walk):
    assert "送签发" in chen.get(editor(walk)).content.decode()
    cache.clear()
    Grant.objects.filter(user=cast.fang).update(title="局长")
    assert "送局长签发" in chen.get(editor(walk)).content.decode()


@pytest.mark.parametrize("who", ["lin", "tang", "su", "jiang", "luo", "zhang"])
def test_only_the_unit_writes(client, cast, walk, who):
    walk.write_reply()
    client.force_login(getattr(cast, who))
    assert client.get(editor(walk)).status_code == 403
    assert client.post(editor(walk), typed(walk, answer_1="改掉")).status_code == 403
    assert client.get(preview(walk)).status_code == 403
    assert kept(walk).answers[0]["text"] == "第 1 条：已安排。"


@pytest.mark.parametrize("who", ["qin", "admin", "xiao"])
def test_for_strangers_it_does_not_exist(client, cast, walk, who):
    client.force_login(getattr(cast, who))
    assert client.get(editor(walk)).status_code == 404
    assert client.post(editor(walk), typed(walk)).status_code == 404
    client.force_login(cast.stranger.handler)
    assert client.get(preview(walk)).status_code == 404


def test_the_assisting_unit_sees_neither_editor_nor_draft(client, cast, walk):
    walk.write_reply(opening="只给本单位看的草稿")
    client.force_login(cast.gao)
    assert client.get(editor(walk)).status_code == 404
    assert client.get(editor(walk, "finance")).url.endswith("/give_opinion/")


def test_the_signer_reads_the_draft_and_cannot_post(client, cast, walk):
    walk.write_reply()
    client.force_login(cast.fang)
    page = client.get(editor(walk))
    assert page.status_code == 200 and "正在写，这里只能看" in page.content.decode()
    assert client.post(editor(walk), typed(walk)).status_code == 403


def test_before_signing_for_it_says_so_and_offers_it(chen, cast):
    walk = make_proposal(cast, "handling")
    html = chen.get(editor(walk)).content.decode()
    assert "先签收，再写答复" in html
    place = walk.place("civil")
    chen.post(f"/assignments/{place.pk}/accept/", {"version": place.version, "next": editor(walk)})
    assert 'id="reply-form"' in chen.get(editor(walk)).content.decode()


# --- Saving ---------------------------------------------------------------------------------------------


def test_saves_everything_typed(chen, walk):
    promise = {
        "commitment_what": "建成 5 个食堂",
        "commitment_on": tomorrow(90),
        "commitment_owner": "钟以恒",
    }
    answer = chen.post(editor(walk), typed(walk, reply_class="planned", is_public="0", **promise))
    assert answer.status_code == 302 and answer.url == editor(walk)
    reply = kept(walk)
    assert reply.answers == [
        {"state": "doing", "text": "已建成 9 个社区食堂。"},
        {"state": "done", "text": "补助已分两档。"},
    ]
    assert (reply.reply_class, reply.is_public, reply.edited_by) == ("planned", False, "陈晓岚")
    assert reply.late_opinions == {str(walk.place("finance").pk): "补助分担比例待审定"}
    assert reply.planned_commitments == [
        {"what": "建成 5 个食堂", "promised_on": tomorrow(90), "owner": "钟以恒"}
    ]
    html = chen.get(editor(walk)).content.decode()
    assert "已保存，还没有送审签" in html and "建成 5 个食堂" in html


def test_saving_the_same_form_twice_is_no_conflict(chen, walk):
    form = typed(walk)
    assert chen.post(editor(walk), form).status_code == 302
    assert chen.post(editor(walk), form).status_code == 302
    assert kept(walk).draft_version == 2


def test_rare_characters_and_markup_are_kept_as_typed_and_escaped(chen, walk):
    rare = "𠮷㛃👵🏻"
    fields = dict.fromkeys(
        ("opening", "answer_1", "answer_2", "doc_no", "contact_person", "no_contact_reason"), f"{HTML}{rare}"
    )
    promise = {"commitment_what": HTML + rare, "commitment_on": tomorrow(), "commitment_owner": HTML}
    late = {f"late_{walk.place('finance').pk}": HTML}
    assert chen.post(editor(walk), typed(walk, **fields, **promise, **late)).status_code == 302
    assert kept(walk).answers[0]["text"] == HTML + rare
    for address in (editor(walk), preview(walk)):
        html = chen.get(address).content.decode()
        assert "<script>alert" not in html and "&lt;script&gt;" in html and rare in html


def test_control_characters_are_dropped(chen, walk):
    chen.post(
        editor(walk),
        typed(walk, answer_1="甲\x00\x07乙\r\n丙\u202e", doc_no="函\x001", commitment_what="\x00"),
    )
    assert kept(walk).answers[0]["text"] == "甲乙\n丙"
    assert kept(walk).doc_no == "函1"


def test_too_long_is_refused_and_stays_on_the_page_while_the_rest_is_kept(chen, walk):
    pasted = "长" * 700_000  # about 2 MB
    page = chen.post(editor(walk), typed(walk, answer_1=pasted, doc_no="号" * 200))
    assert page.status_code == 422
    html = page.content.decode()
    assert pasted in html and "号" * 200 in html
    assert "最多 20000 字，您写了 700000 字" in html and 'href="#id_answer_1"' in html
    assert kept(walk).answers[1]["text"] == "补助已分两档。"
    assert kept(walk).answers[0]["text"] == "" and kept(walk).doc_no == ""
    # The page is up to date: corrected, it saves.
    form = typed(walk, draft_version=page.context["form"]["draft_version"].value())
    assert chen.post(editor(walk), form).status_code == 302


def test_a_number_out_of_nowhere_stands_in_the_way_of_no_first_text(chen, walk):
    assert chen.post(editor(walk), typed(walk, draft_version="9223372036854775807")).status_code == 302
    assert kept(walk).answers[1]["text"] == "补助已分两档。"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2020-01-01", "完成日期已经过去"),
        ("2999-01-01", "10 年以后"),
        ("2026-13-45", "完成日期写成"),
        ("明年", "完成日期写成"),
        ("9" * 3000, "完成日期写成"),
    ],
)
def test_impossible_dates_are_refused_in_words(chen, walk, day, words):
    promise = {"commitment_what": "建成食堂", "commitment_on": day, "commitment_owner": "钟以恒"}
    page = chen.post(editor(walk), typed(walk, **promise))
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html and "建成食堂" in html and day in html
    assert kept(walk).planned_commitments == [] and kept(walk).doc_no == "澜民函〔2026〕56号"


def test_another_spelling_of_a_date_is_understood(chen, walk):
    year = timezone.localdate().year + 1
    promise = {
        "commitment_what": "建成食堂",
        "commitment_on": f"{year}年9月3日",
        "commitment_owner": "钟以恒",
    }
    chen.post(editor(walk), typed(walk, **promise))
    assert kept(walk).planned_commitments[0]["promised_on"] == f"{year}-09-03"


def test_rows_are_added_and_removed_without_script(chen, walk):
    two = {
        "commitment_what": ["甲", "", "乙"],
        "commitment_on": [tomorrow(), "", tomorrow(2)],
        "commitment_owner": ["王", "", "李"],
    }
    answer = chen.post(editor(walk), typed(walk, do="add_commitment", **two))
    assert answer.url.endswith("?blank=1#commitments")
    page = chen.get(answer.url)
    assert [row.what for row in page.context["rows"]] == ["甲", "乙", ""]
    chen.post(editor(walk), typed(walk, drop_commitment="1", **two))
    assert [promise["what"] for promise in kept(walk).planned_commitments] == ["乙"]
    crowd = {name: ["事"] * 31 for name in ("commitment_what", "commitment_owner")}
    page = chen.post(editor(walk), typed(walk, **crowd))
    assert page.status_code == 422 and "最多 30 项" in page.content.decode()
    for junk in ("x", "-1", "999"):
        assert chen.post(editor(walk), typed(walk, drop_commitment=junk)).status_code == 302


@pytest.mark.parametrize(
    "junk",
    [
        {"state_1": "nonsense"},
        {"reply_class": "Z"},
        {"is_public": "maybe"},
        {"draft_version": "x"},
        {"quote": "999", "quote_to_999": "1"},
        {"quote": "x"},
        {"remove_file": "x"},
        {"remove_file": "9" * 5000},
        {"do": "explode"},
    ],
)
def test_forged_fields_change_nothing_else(chen, walk, junk):
    chen.post(editor(walk), typed(walk))
    assert chen.post(editor(walk), typed(walk, **junk)).status_code in (302, 409, 422)
    assert kept(walk).answers[0]["text"] == "已建成 9 个社区食堂。"
    assert kept(walk).reply_class == "solved"


def test_strange_numbers_in_the_address(chen, walk):
    for blank in ("x", "-1", "9" * 5000, "３"):
        assert chen.get(editor(walk), {"blank": blank}).status_code == 200


# --- Co-opinions ----------------------------------------------------------------------------------------


def test_a_co_opinion_is_quoted_into_an_answer_without_script(chen, walk):
    walk.accept("finance").opinion()
    opinion = walk.place("finance").opinions.get()
    assert "补助资金已列入预算" in chen.get(editor(walk)).content.decode()
    quote = {"quote": opinion.pk, f"quote_to_{opinion.pk}": "2"}
    answer = chen.post(editor(walk), typed(walk, **quote))
    assert answer.url.endswith("#id_answer_2")
    assert kept(walk).answers[1]["text"] == "补助已分两档。\n补助资金已列入预算。（市财政局会办意见）"


def test_a_late_opinion_asks_for_its_reason(chen, walk):
    page = chen.post(editor(walk), typed(walk, do="send", **{f"late_{walk.place('finance').pk}": " "}))
    assert page.status_code == 422
    html = page.content.decode()
    assert "送审签前还差 1 项：会办意见" in html and 'href="#coop"' in html


def test_an_opinion_that_arrives_while_the_lead_writes_disturbs_nothing(chen, walk):
    form = typed(walk)
    walk.accept("finance").opinion()
    assert chen.post(editor(walk), form).status_code == 302
    assert kept(walk).late_opinions == {}


# --- Attachments ----------------------------------------------------------------------------------------


def test_good_files_are_kept_though_another_is_refused_with_the_text(chen, walk):
    good = SimpleUploadedFile("当面答复记录.pdf", PDF)
    bad = SimpleUploadedFile("照片.pdf", b"MZ no pdf at all")
    page = chen.post(editor(walk), typed(walk, files=[good, bad], answer_1="写了很久的答复"))
    assert page.status_code == 422
    html = page.content.decode()
    assert "内容与扩展名" in html and "写了很久的答复" in html
    assert [file.name for file in kept(walk).attachments.all()] == ["当面答复记录.pdf"]
    assert kept(walk).answers[0]["text"] == "写了很久的答复"
    file = kept(walk).attachments.get()
    assert chen.post(editor(walk), typed(walk, remove_file=file.pk)).url.endswith("#files")
    assert not kept(walk).attachments.exists()


def test_too_many_files_are_told(chen, walk, settings):
    settings.ATTACHMENT_MAX_FILES = 1
    chen.post(editor(walk), typed(walk, files=SimpleUploadedFile("一.pdf", PDF)))
    page = chen.post(editor(walk), typed(walk, files=SimpleUploadedFile("二.pdf", PDF)), follow=True)
    assert "“二.pdf”没有存下" in page.content.decode()


def test_an_oral_answer_needs_the_signed_record_instead_of_the_document(chen, walk):
    bare = {"is_oral": "on", "doc_no": "", "contact_person": "", "contact_phone": ""}
    page = chen.post(editor(walk), typed(walk, do="send", **bare))
    assert page.status_code == 422 and "当面答复记录" in page.content.decode()
    record = SimpleUploadedFile("记录.pdf", PDF)
    assert chen.post(editor(walk), typed(walk, do="send", files=record, **bare)).status_code == 302
    assert walk.place("civil").status == AssignmentStatus.SIGNING


def test_where_the_rules_know_no_oral_answer_the_document_is_needed(chen, walk):
    """Also for a draft from before the switch was turned off."""
    chen.post(editor(walk), typed(walk, chen, is_oral="on", doc_no="", contact_person="", contact_phone=""))
    assert kept(walk).is_oral
    rules = RuleSet.objects.get(congress=walk.cast.congress)
    rules.switches["oral_reply_record"] = False
    rules.save()
    forget_rules(walk.cast.congress.pk)
    page = chen.get(editor(walk)).content.decode()
    assert 'name="is_oral"' not in page
    record = SimpleUploadedFile("答复记录.pdf", PDF)
    bare = {"is_oral": "on", "doc_no": "", "contact_person": "", "contact_phone": "", "files": record}
    response = chen.post(editor(walk), typed(walk, chen, do="send", **bare))
    assert response.status_code == 422 and "文号" in response.content.decode()
    assert walk.place("civil").status == "accepted" and not kept(walk).is_oral
