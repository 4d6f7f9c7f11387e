"""The guided form (提建议): drafts, autosave, points, files, co-signers, submission, and text that is never lost."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import SetAsideForm
from deputies.models import Deputy, Session
from proposals import drafts
from proposals.models import Attachment, Cosignature, Proposal, ProposalEvent
from proposals.status import CosignState, ProposalStatus, Source
from proposals.workflow import perform
from tests.cast import TEXT, make_proposal

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def draft(cast):
    return make_proposal(cast).proposal


@pytest.fixture
def lin(client, cast):
    client.force_login(cast.lin)
    return client


def url(draft):
    return reverse("proposals:write", args=[draft.pk])


def form(draft, do="save", **fields):
    """What the browser posts for the draft as it stands, with some fields typed over."""
    draft.refresh_from_db()
    return {
        "do": do,
        "draft_version": draft.draft_version,
        "request_id": str(uuid.uuid4()),
        "title": draft.title,
        "situation": draft.situation,
        "analysis": draft.analysis,
        "point": list(draft.points),
        "category": draft.category_id or "",
        "suggested_units": draft.suggested_units,
        "source": draft.source,
        "open_wanted": "1",
    } | fields


def post(client, draft, do="save", **fields):
    return client.post(url(draft), form(draft, do, **fields))


# --- Beginning -----------------------------------------------------------------------------------------


def test_new_makes_a_draft_once(lin, cast):
    first = lin.get("/proposals/new/")
    assert first.status_code == 302
    assert lin.get("/proposals/new/").url == first.url
    draft = Proposal.objects.get()
    assert (draft.lead, draft.status) == (cast.deputies["lin"], ProposalStatus.DRAFT)
    post(lin, draft, title="关于一件事的建议")
    assert lin.get("/proposals/new/").url != first.url


def test_new_is_for_deputies_in_office(client, cast):
    client.force_login(cast.su)
    assert client.get("/proposals/new/").status_code == 404
    Deputy.objects.update(in_office=False)
    client.force_login(cast.lin)
    response = client.get("/proposals/new/", follow=True)
    assert "您已离任" in response.content.decode()
    assert not Proposal.objects.exists()


def test_during_a_session_a_new_draft_belongs_to_it(lin, cast):
    today = timezone.localdate()
    Session.objects.update(opens_on=today - timedelta(days=1), closes_on=today + timedelta(days=2))
    lin.get("/proposals/new/")
    draft = Proposal.objects.get()
    assert (draft.source, draft.session) == (Source.SESSION, cast.session)
    assert "作为十六届人大五次会议期间提出的建议" in lin.get(url(draft)).content.decode()


def test_far_from_a_session_it_is_not_offered(lin, draft):
    assert 'value="session"' not in lin.get(url(draft)).content.decode()
    response = post(lin, draft, source="session")
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.source == Source.RECESS


# --- Saving --------------------------------------------------------------------------------------------


def test_saving_by_hand(lin, draft):
    response = post(lin, draft, title="关于  改了的\n标题", point=["", "甲", " ", "乙"], open_wanted="0")
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.title == "关于 改了的 标题"
    assert draft.points == ["甲", "乙"]
    assert draft.open_wanted is False
    assert "已存草稿" in lin.get(response.url).content.decode()


def test_autosave_answers_a_fragment_with_the_next_version(lin, draft):
    before = draft.draft_version
    response = post(lin, draft, "autosave", situation="自动保存的情况")
    text = response.content.decode()
    draft.refresh_from_db()
    assert response.status_code == 200 and "<html" not in text
    assert draft.situation == "自动保存的情况" and draft.draft_version == before + 1
    assert f'name="draft_version" value="{draft.draft_version}"' in text
    assert 'hx-swap-oob="true"' in text and "已自动保存" in text


def test_autosave_does_not_ask_cosigners_again(lin, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    perform("cosign", draft, actor=cast.tang, data={"text_hash": draft.text_hash})
    post(lin, draft, "autosave", analysis="改了")
    assert Cosignature.objects.get().state == CosignState.CONFIRMED
    response = post(lin, draft, "save")
    assert Cosignature.objects.get().state == CosignState.INVITED
    assert "已请唐伯安代表重新确认附议" in lin.get(response.url).content.decode()


def test_two_windows_lose_nothing(lin, draft):
    stale = form(draft, analysis="这个窗口写的分析")
    post(lin, draft, situation="别的窗口写的情况")
    response = lin.post(url(draft), stale)
    text = response.content.decode()
    assert response.status_code == 409
    assert "在别的窗口或手机上改过" in text
    assert "这个窗口写的分析" in text and "别的窗口写的情况" in text
    draft.refresh_from_db()
    assert draft.analysis == TEXT["analysis"]
    # Saving once more, having seen both, takes this window's text.
    version = re.search(r'name="draft_version" value="(\d+)"', text)[1]
    assert lin.post(url(draft), stale | {"draft_version": version}).status_code == 302
    draft.refresh_from_db()
    assert (draft.analysis, draft.situation) == ("这个窗口写的分析", TEXT["situation"])


def test_autosave_of_a_stale_window_stops_politely(lin, draft):
    stale = form(draft, "autosave", analysis="旧窗口")
    post(lin, draft, situation="新窗口")
    response = lin.post(url(draft), stale)
    text = response.content.decode()
    assert response.status_code == 409 and "data-stop" in text
    # Its version stays the old one, so that saving by hand shows both texts.
    assert f'value="{stale["draft_version"]}"' in text


def test_the_same_text_twice_is_no_conflict(lin, draft):
    same = form(draft, analysis="点了两下")
    assert lin.post(url(draft), same).status_code == 302
    assert lin.post(url(draft), same).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_bad_version_is_a_conflict_not_an_error(lin, draft, version):
    assert lin.post(url(draft), form(draft, analysis="乱", draft_version=version)).status_code == 409


# --- Refusals keep the text ----------------------------------------------------------------------------


def test_two_megabytes_are_refused_politely(lin, draft):
    pasted = "字" * 700_000  # 2.1 MB of UTF-8
    response = post(lin, draft, situation=pasted, analysis="这一段是好的")
    text = response.content.decode()
    assert response.status_code == 422
    assert "最多 5000 字，您写了 700000 字" in text and pasted in text
    draft.refresh_from_db()
    assert draft.situation == TEXT["situation"]
    assert draft.analysis == "这一段是好的"  # what could be saved was


def test_each_limit_names_its_field(lin, draft):
    response = post(lin, draft, title="题" * 101, point=["短", "长" * 1001], suggested_units="位" * 201)
    text = response.content.decode()
    assert response.status_code == 422
    assert "最多 100 字，您写了 101 字" in text
    assert "第 2 条最多 1000 字，您写了 1001 字" in text and "长" * 1001 in text
    assert "最多 200 字，您写了 201 字" in text
    assert "有 3 处要改" in text


def test_twenty_points_at_most(lin, draft):
    response = post(lin, draft, point=[f"第{n}" for n in range(21)])
    assert response.status_code == 422
    assert "具体建议最多 20 条" in response.content.decode()
    assert post(lin, draft, point=[f"第{n}" for n in range(20)]).status_code == 302


def test_rare_characters_stay_and_control_characters_go(lin, draft):
    post(lin, draft, title="𠮷㛃😀\x00\x07建议", situation="一\r\n二\x0b\u202e", point=["𠮷\x1f"])
    draft.refresh_from_db()
    assert draft.title == "𠮷㛃😀建议"
    assert draft.situation == "一\n二"
    assert draft.points == ["𠮷"]
    assert "𠮷㛃😀建议" in lin.get(url(draft)).content.decode()


def test_markup_is_text(lin, draft):
    nasty = '</textarea><script>alert("x")</script>'
    post(lin, draft, title=nasty[:40], situation=nasty, point=[nasty], suggested_units=nasty)
    for address in (url(draft), reverse("proposals:paper", args=[draft.pk]), "/my/"):
        assert "<script>alert" not in lin.get(address).content.decode()


def test_nonsense_choices_are_refused(lin, draft):
    for fields in ({"category": "999999"}, {"category": "x"}, {"source": "moon"}, {"open_wanted": "7"}):
        assert post(lin, draft, **fields).status_code == 422, fields


# --- Points without JavaScript -------------------------------------------------------------------------


def test_adding_a_point_opens_an_empty_box(lin, draft):
    response = post(lin, draft, "add", analysis="顺便改的")
    assert response.url.endswith("?points=3#point-3")
    text = lin.get(response.url).content.decode()
    assert 'aria-label="具体建议第 3 条"' in text
    draft.refresh_from_db()
    assert draft.analysis == "顺便改的" and len(draft.points) == 2


@pytest.mark.parametrize(
    ("do", "points"),
    [
        ("up-2", ["乙", "甲", "丙"]),
        ("down-2", ["甲", "丙", "乙"]),
        ("del-2", ["甲", "丙"]),
        ("up-1", ["甲", "乙", "丙"]),
        ("down-3", ["甲", "乙", "丙"]),
        ("del-9", ["甲", "乙", "丙"]),
        ("del-", ["甲", "乙", "丙"]),
        ("up-" + "9" * 30, ["甲", "乙", "丙"]),
        ("unknown", ["甲", "乙", "丙"]),
    ],
)
def test_moving_and_deleting_points(lin, draft, do, points):
    assert post(lin, draft, do, point=["甲", "乙", "丙"]).status_code == 302
    draft.refresh_from_db()
    assert draft.points == points


@pytest.mark.parametrize("asked", ["x", "-3", "99999", "²"])
def test_asking_for_odd_numbers_of_boxes_does_no_harm(lin, draft, asked):
    assert lin.get(url(draft) + f"?points={asked}").status_code == 200


# --- Files ---------------------------------------------------------------------------------------------


def pdf(name="现场.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_good_files_stay_when_another_file_or_field_is_refused(lin, draft):
    fake = SimpleUploadedFile("假的.pdf", b"MZ not a pdf", content_type="application/pdf")
    response = post(lin, draft, files=[pdf(), fake], title="题" * 101)
    text = response.content.decode()
    assert response.status_code == 422
    assert "假的.pdf" in text and "与扩展名 pdf 不符" in text
    assert Attachment.objects.get().name == "现场.pdf"
    assert "现场.pdf</a>" in text


def test_removing_a_file_keeps_the_text(lin, draft):
    post(lin, draft, files=[pdf()])
    kept = Attachment.objects.get()
    response = post(lin, draft, f"rm-{kept.pk}", analysis="移除时也在写")
    assert response.url.endswith("#files")
    assert not Attachment.objects.exists()
    draft.refresh_from_db()
    assert draft.analysis == "移除时也在写"


def test_a_file_of_another_case_cannot_be_removed(lin, client, cast, draft):
    other = drafts.create_draft(cast.deputies["xiao"], **TEXT)
    client.force_login(cast.xiao)
    post(client, other, files=[pdf()])
    client.force_login(cast.lin)
    post(client, draft, f"rm-{Attachment.objects.get().pk}")
    assert Attachment.objects.filter(proposal=other).exists()


def test_autosave_takes_no_files_by_its_own_rule(lin, draft):
    assert 'hx-params="not files"' in lin.get(url(draft)).content.decode()


# --- Co-signers ----------------------------------------------------------------------------------------


def test_inviting_saves_first(lin, draft):
    response = post(lin, draft, "invite", invitee=" 唐伯安 ", analysis="邀请时也在写")
    assert response.url.endswith("#cosigners")
    draft.refresh_from_db()
    assert draft.analysis == "邀请时也在写"
    text = lin.get(url(draft)).content.decode()
    assert "等待答复" in text and "提交前还差 1 项" in text and "唐伯安代表还没有答复附议邀请" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "请填写附议代表姓名"),
        ("没这个人", "没有找到叫“没这个人”的代表"),
        ("林秀芝", "领衔代表不用邀请自己"),
        ("名" * 200, "最多 60 字"),
    ],
)
def test_an_invitation_that_fails_says_why_and_keeps_the_name(lin, draft, name, words):
    response = post(lin, draft, "invite", invitee=name)
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text and f'name="invitee" value="{name}"' in text


def test_two_of_one_name_need_the_card_number(lin, cast, draft):
    twin = Deputy.objects.get(pk=cast.deputies["tang"].pk)
    twin.pk, twin.card_no = None, "169999"
    twin.save()
    text = post(lin, draft, "invite", invitee="唐伯安").content.decode()
    assert "有 2 位同名代表" in text and "169999" in text
    assert post(lin, draft, "invite", invitee="唐伯安 169999").status_code == 302
    assert Cosignature.objects.get().deputy == twin


def test_not_waiting_any_longer(lin, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    signature = Cosignature.objects.get()
    assert post(lin, draft, f"drop-{signature.pk}").status_code == 302
    signature.refresh_from_db()
    assert signature.state == CosignState.DROPPED
    assert post(lin, draft, "drop-999999").status_code == 302


# --- Submitting ----------------------------------------------------------------------------------------


def test_submitting_saves_and_leads_to_the_case(lin, draft):
    response = post(lin, draft, "submit", analysis="最后改的一笔")
    assert response.url == reverse("proposals:case", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.status, draft.analysis) == (ProposalStatus.SUBMITTED, "最后改的一笔")
    assert "已提交，由澜江市人大常委会联工委审查" in lin.get(response.url).content.decode()


def test_incomplete_is_refused_with_the_text_saved(lin, draft):
    response = post(lin, draft, "submit", situation="", point=[""], analysis="只有分析")
    text = response.content.decode()
    assert response.status_code == 422
    assert "提交前还差 2 项：情况；至少一条具体建议" in text and "只有分析" in text
    draft.refresh_from_db()
    assert (draft.status, draft.analysis) == (ProposalStatus.DRAFT, "只有分析")


def test_open_invitations_block_submission(lin, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    response = post(lin, draft, "submit")
    assert response.status_code == 422
    assert "唐伯安代表还没有答复附议邀请" in response.content.decode()


def test_submitting_a_changed_text_asks_the_cosigner_again(lin, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    perform("cosign", draft, actor=cast.tang, data={"text_hash": draft.text_hash})
    response = post(lin, draft, "submit", analysis="附议之后改的")
    assert response.status_code == 422
    assert Cosignature.objects.get().state == CosignState.INVITED


def test_the_same_submission_twice_is_done_once(lin, draft):
    data = form(draft, "submit")
    first, second = lin.post(url(draft), data), lin.post(url(draft), data)
    assert first.url == second.url
    assert ProposalEvent.objects.filter(action="submit").count() == 1


def test_writing_after_it_left_the_hands_keeps_the_text_to_copy(lin, draft):
    late = form(draft, analysis="迟到的文字")
    post(lin, draft, "submit")
    response = lin.post(url(draft), late)
    text = response.content.decode()
    assert response.status_code == 409
    assert "该件现在是“待审查”，不能再改正文" in text and "迟到的文字" in text
    assert lin.get(url(draft)).url == reverse("proposals:case", args=[draft.pk])


def test_returned_shows_the_reason_and_goes_in_again(lin, cast):
    returned = make_proposal(cast, ProposalStatus.RETURNED).proposal
    text = lin.get(url(returned)).content.decode()
    assert "修改建议" in text and "第 2 条没有具体要求" in text and "删除草稿" not in text
    assert post(lin, returned, "submit").status_code == 302
    returned.refresh_from_db()
    assert returned.status == ProposalStatus.SUBMITTED


# --- The rest ------------------------------------------------------------------------------------------


def test_preview_shows_the_paper_as_saved(lin, draft):
    response = post(lin, draft, "preview", title="关于预览的建议")
    text = lin.get(response.url).content.decode()
    assert "代表建议、批评和意见" in text and "关于预览的建议" in text and "待编号" in text


def test_deleting_a_draft_takes_its_files(lin, draft):
    post(lin, draft, files=[pdf()])
    assert post(lin, draft, "delete").url == "/my/"
    assert not Proposal.objects.exists() and not Attachment.objects.exists()


def test_what_others_were_asked_to_sign_is_kept(lin, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    response = post(lin, draft, "delete")
    assert response.status_code == 422 and "不能删除" in response.content.decode()
    assert Proposal.objects.filter(pk=draft.pk).exists()


def test_who_may_not_write(client, cast, draft):
    perform("invite", draft, actor=cast.lin, data={"deputy": cast.deputies["tang"]})
    for user in (cast.xiao, cast.su, cast.chen, cast.stranger.deputy):
        client.force_login(user)
        assert client.get(url(draft)).status_code == 404
        assert client.post(url(draft), form(draft)).status_code == 404
    client.force_login(cast.tang)
    assert client.get(url(draft)).url == reverse("proposals:case", args=[draft.pk])
    assert client.post(url(draft), form(draft, title="我来改")).status_code == 403
    draft.refresh_from_db()
    assert draft.title == TEXT["title"]


def test_an_expired_session_gives_the_text_back(lin, cast, draft):
    data = form(draft, analysis="过期前写的分析", point=["过期前的一条"])
    page = lin.get(url(draft)).content.decode()
    data["_who"] = re.search(r'name="_who" value="([^"]+)"', page)[1]
    lin.logout()
    lin.post(url(draft), data)
    assert SetAsideForm.objects.get().path == url(draft)
    lin.force_login(cast.lin)
    text = lin.get(url(draft)).content.decode()
    assert "过期前写的分析" in text and "过期前的一条" in text and "登录过期前您写的内容还在" in text


def test_similar_proposals_with_their_answers(lin, cast, draft):
    make_proposal(cast, ProposalStatus.CLOSED)
    address = reverse("proposals:similar", args=[draft.pk])
    text = lin.get(address, {"title": "关于社区老年助餐服务的建议"}).content.decode()
    assert "都谈到" in text and "市民政局" in text and "代表评价：满意" in text
    fragment = lin.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "没有找到相似的" in lin.get(address, {"title": "完全不相干"}).content.decode()


def test_similar_is_only_for_drafts_one_sees(client, cast, draft):
    client.force_login(cast.xiao)
    assert client.get(reverse("proposals:similar", args=[draft.pk])).status_code == 404


def test_queries_of_the_writing_page(lin, cast, draft, django_assert_max_num_queries):
    returned = make_proposal(cast, ProposalStatus.RETURNED).proposal
    lin.get(url(returned))
    with django_assert_max_num_queries(12):
        lin.get(url(returned))
    with django_assert_max_num_queries(12):
        lin.get(reverse("proposals:similar", args=[draft.pk]))


@pytest.mark.parametrize(("length", "is_long"), [(40, False), (48, True)])
def test_a_long_title_is_advised_against_not_refused(lin, draft, length, is_long):
    Proposal.objects.filter(pk=draft.pk).update(title="题" * length)
    html = lin.get(url(draft)).content.decode()
    assert ("现在 48 字，超过 8 字，建议精简到 40 字以内" in html) is is_long
    assert ("40 字以内，现在 40 字" in html) is not is_long
    assert ('class="hint warn-t"' in html) is is_long
