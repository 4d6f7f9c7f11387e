"""The reply editor: autosave, two colleagues at once, sending for signing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.models import ProposalEvent, Reply
from proposals.status import AssignmentRole, AssignmentStatus
from tests.cast import Walk, make_proposal

from .test_reply_editor import editor, kept, preview, tomorrow, typed


@pytest.fixture
def walk(cast):
    """市民政局 has signed for its lead place and spoken with the deputy; 市财政局 assists."""
    start = timezone.now() - timedelta(days=3)
    return Walk(cast, now=start).cosigned().submit().file().assign().accept().contact()


@pytest.fixture
def chen(client, cast):
    client.force_login(cast.chen)
    return client


# --- Autosave and colleagues ----------------------------------------------------------------------------


def test_autosave_answers_with_counter_and_checks(chen, walk):
    answer = chen.post(editor(walk), typed(walk, do="autosave"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "陈晓岚保存" in html and 'id="checks" aria-labelledby="checks-h" hx-swap-oob' in html
    assert f'value="{kept(walk).draft_version}" hx-swap-oob' in html
    assert "<html" not in html
    assert not ProposalEvent.objects.filter(proposal=walk.proposal, action="draft_reply").exists()


def test_autosave_says_what_it_could_not_keep(chen, walk):
    answer = chen.post(editor(walk), typed(walk, do="autosave", doc_no="号" * 61))
    assert "最多 60 字" in answer.content.decode() and kept(walk).opening == "您的建议收悉。"


def test_two_handlers_at_once_lose_nothing(client, cast, walk):
    """The second to save sees both versions side by side; saving again takes theirs."""
    client.force_login(cast.chen)
    mine, hers = typed(walk), typed(walk, answer_1="邹立新写的第一条", doc_no="另一文号")
    client.post(editor(walk), mine)
    client.force_login(cast.zou)
    page = client.post(editor(walk), hers)
    assert page.status_code == 409
    html = page.content.decode()
    assert "陈晓岚在" in html and "保存了另一份" in html
    assert "邹立新写的第一条" in html and "已建成 9 个社区食堂。" in html
    assert set(page.context["others"]) == {"answer_1", "doc_no"}
    assert kept(walk).answers[0]["text"] == "已建成 9 个社区食堂。"
    again = hers | {"draft_version": page.context["form"]["draft_version"].value()}
    assert client.post(editor(walk), again).status_code == 302
    assert kept(walk).answers[0]["text"] == "邹立新写的第一条"


def test_autosave_stops_at_a_conflict(client, cast, walk):
    client.force_login(cast.zou)
    old = typed(walk, answer_1="别的话", do="autosave")
    client.post(editor(walk), typed(walk))
    answer = client.post(editor(walk), old)
    assert answer.status_code == 409
    assert "data-stop" in answer.content.decode() and "自动保存已停" in answer.content.decode()


def test_a_reply_sent_meanwhile_keeps_the_late_text_on_the_page(client, cast, walk):
    form = typed(walk, answer_1="晚到的一段话", do="save")
    walk.write_reply().do("draft_reply", cast.zou, walk.place("civil"))
    client.force_login(cast.chen)
    page = client.post(editor(walk), form)
    assert page.status_code == 409
    html = page.content.decode()
    assert "等签发人签发，现在不能改" in html and "晚到的一段话" in html
    autosave = client.post(editor(walk), form | {"do": "autosave"})
    assert autosave.status_code == 409 and "data-stop" in autosave.content.decode()


def test_text_typed_in_an_expired_session_comes_back(client, cast, walk):
    client.force_login(cast.chen)
    html = client.get(editor(walk)).content.decode()
    who = html.split('name="_who" value="')[1].split('"')[0]
    client.logout()
    client.post(editor(walk), typed(walk, answer_1="登录过期前写的") | {"_who": who})
    client.force_login(cast.chen)
    html = client.get(editor(walk)).content.decode()
    assert "登录过期前写的" in html and "登录过期前您写的内容还在" in html
    assert not Reply.objects.filter(assignment=walk.place("civil")).exists()


# --- Sending --------------------------------------------------------------------------------------------


def test_send_saves_and_goes_to_the_signer(chen, walk):
    answer = chen.post(editor(walk), typed(walk, do="send"))
    assert answer.status_code == 302 and answer.url == f"/proposals/{walk.proposal.pk}/"
    assert walk.place("civil").status == AssignmentStatus.SIGNING
    assert kept(walk).sent_by.name == "陈晓岚" and kept(walk).opening == "您的建议收悉。"


def test_sent_twice_is_one_event(chen, walk):
    form = typed(walk, do="send")
    for _ in range(2):
        assert chen.post(editor(walk), form).status_code == 302
    assert ProposalEvent.objects.filter(proposal=walk.proposal, action="draft_reply").count() == 1


def test_each_missing_thing_is_linked_and_the_text_is_kept(chen, walk):
    holes = {"answer_2": "", "reply_class": "", "doc_no": "", "contact_phone": ""}
    page = chen.post(editor(walk), typed(walk, do="send", **holes))
    assert page.status_code == 422
    html = page.content.decode()
    assert "送审签前还差 4 项" in html and "您写的内容已经保存" in html
    for anchor in ("id_answer_2", "class", "id_doc_no", "id_contact_person"):
        assert f'href="#{anchor}"' in html and f'id="{anchor}"' in html
    assert "第 2 条还没有答复。代表的每条建议都要答。" in html and "已建成 9 个社区食堂。" in html
    assert kept(walk).answers[0]["text"] == "已建成 9 个社区食堂。"


def test_classes_in_progress_need_whole_commitments(chen, walk):
    page = chen.post(editor(walk), typed(walk, do="send", reply_class="in_progress"))
    assert page.status_code == 422 and "要列明承诺事项" in page.content.decode()
    half = {"commitment_what": "建食堂", "commitment_on": "", "commitment_owner": ""}
    page = chen.post(editor(walk), typed(walk, do="send", reply_class="in_progress", **half))
    assert "第 1 项没有写全" in page.content.decode() and "建食堂" in page.content.decode()
    whole = {"commitment_what": "建食堂", "commitment_on": tomorrow(30), "commitment_owner": "钟以恒"}
    assert (
        chen.post(editor(walk), typed(walk, do="send", reply_class="in_progress", **whole)).status_code == 302
    )
    walk.do("issue", walk.cast.fang, walk.place("civil"))
    assert walk.proposal.commitments.get().what == "建食堂"


def test_no_contact_needs_a_reason(client, cast):
    walk = Walk(cast).submit().file().assign().accept()
    client.force_login(cast.chen)
    page = client.post(editor(walk), typed(walk, do="send"))
    assert page.status_code == 422 and 'href="#id_no_contact_reason"' in page.content.decode()
    reason = {"no_contact_reason": "代表在外地出差，三次电话未接通。"}
    assert client.post(editor(walk), typed(walk, do="send", **reason)).status_code == 302


def test_read_only_once_sent_and_once_issued(chen, cast, walk):
    walk.write_reply().do("draft_reply", cast.chen, walk.place("civil"))
    html = chen.get(editor(walk)).content.decode()
    assert "等签发人签发" in html and "撤回送审" in html and 'id="reply-form"' not in html
    walk.do("issue", cast.fang, walk.place("civil"))
    html = chen.get(editor(walk)).content.decode()
    assert "由方志远签发，答复已定稿" in html and "撤回送审" not in html


def test_preview_is_the_letter(chen, client, cast, walk):
    answer = chen.post(editor(walk), typed(walk, do="preview"))
    assert answer.url == preview(walk)
    html = chen.get(answer.url).content.decode()
    assert f"关于对 {walk.proposal.number} 号建议的答复" in html
    assert "A 类" in html and "已建成 9 个社区食堂。" in html and "林秀芝、唐伯安代表：" in html
    walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
    client.force_login(cast.lin)
    assert client.get(preview(walk)).status_code == 200


def test_a_redo_marks_the_promises_of_the_first_round(client, cast):
    """What was promised before is not typed again: it goes on, unless it is marked as replaced."""
    walk = make_proposal(cast, "handling")
    promise = {"what": "建成食堂", "promised_on": tomorrow(60), "owner": "钟以恒"}
    walk.sign(reply_class="in_progress", planned_commitments=[promise]).rate("dissatisfied")
    lead = walk.placements(civil=AssignmentRole.LEAD)
    walk.do("order_redo", cast.su, placements=lead, cause="dissatisfied", reason="没有办好").accept()
    client.force_login(cast.chen)
    page = client.get(editor(walk))
    assert [row.what for row in page.context["rows"]] == [""]
    [(promise, field)] = page.context["form"].earlier_fields
    assert promise.what == "建成食堂" and field.value() in ("goes_on", None)


def test_queries_of_the_editor_do_not_grow(client, cast, walk):
    client.force_login(cast.chen)
    walk.write_reply()
    address = editor(walk)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        walk.contact()
    Grant.objects.create(user=cast.chen, role=Role.HANDLER, congress=cast.congress, unit=cast.units["health"])
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few) <= 12
