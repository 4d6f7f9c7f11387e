"""The deputy's home (我的建议), the front door, and the co-signing page."""

import pytest
from django.urls import reverse

from accounts.models import Grant, Role
from deputies.models import Deputy
from proposals import drafts
from proposals.models import Cosignature, Proposal
from proposals.status import CosignState, ProposalStatus
from proposals.textdiff import changes, pieces
from proposals.turns import turns_in_list
from proposals.workflow import perform
from tests.cast import TEXT, make_proposal, make_user


def sign_in(client, user):
    client.force_login(user)
    return client


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200, response
    return response.content.decode()


# --- The front door ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "address"),
    [("lin", "/my/"), ("chen", "/inbox/"), ("fang", "/signing/"), ("su", "/work/"), ("jiang", "/committee/")],
)
def test_home_leads_to_the_first_workplace(client, cast, who, address):
    response = sign_in(client, getattr(cast, who)).get("/")
    assert response.status_code == 302
    assert response.url == address


def test_home_of_an_administrator_is_the_administration(client, cast):
    assert sign_in(client, cast.admin).get("/").url == reverse("admin:index")


def test_home_of_somebody_with_several_roles_is_the_deputys(client, cast):
    Grant.objects.create(user=cast.lin, role=Role.LIAISON, congress=cast.congress)
    assert sign_in(client, cast.lin).get("/").url == "/my/"


def test_without_any_grant_the_page_says_what_to_do(client, cast):
    text = page(sign_in(client, make_user("nobody", "无授权")), "/")
    assert "还没有可以使用的身份" in text
    assert "联系本单位管理员" in text


# --- My proposals --------------------------------------------------------------------------------------


def test_only_deputies_have_a_home_of_proposals(client, cast):
    assert sign_in(client, cast.su).get("/my/").status_code == 404


def test_empty_home_says_how_to_begin(client, cast):
    text = page(sign_in(client, cast.lin), "/my/")
    assert "您还没有提过建议" in text
    assert "写第一件建议" in text
    assert "没有等您办的事" in text


def test_duties_come_with_what_to_do(client, cast):
    make_proposal(cast, ProposalStatus.REPLIED)
    make_proposal(cast, ProposalStatus.RETURNED)
    draft = drafts.create_draft(cast.deputies["tang"], **TEXT)
    perform("invite", draft, actor=cast.tang, data={"deputy": cast.deputies["lin"]})
    text = page(sign_in(client, cast.lin), "/my/")
    for words in (
        "有 3 件事等您办",
        "看答复并评价",
        "看意见并修改",
        "看内容，再决定",
        "唐伯安代表邀请您附议",
    ):
        assert words in text
    # An invitation is a duty, not yet one of one's own proposals.
    assert '我的建议 <span class="muted cnt">2</span>' in text


def test_rows_say_whose_turn_it_is_and_how_it_was_answered(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    text = page(sign_in(client, cast.lin), "/my/")
    assert "现在轮到" in text and "市民政局" in text and "签收" in text
    walk.sign().rate("basically")
    text = page(client, "/my/?tab=ended")
    assert "市民政局" in text and "答复" in text and "基本满意" in text and "办结" in text


def test_cosigner_finds_it_under_the_leads_name(client, cast):
    make_proposal(cast, ProposalStatus.FILED)
    text = page(sign_in(client, cast.tang), "/my/")
    assert "附议 · 领衔林秀芝" in text
    assert page(sign_in(client, cast.xiao), "/my/").count("mycard") == 0


def test_tabs_narrow_the_list_and_count(client, cast):
    make_proposal(cast, ProposalStatus.DRAFT)
    make_proposal(cast, ProposalStatus.HANDLING)
    make_proposal(cast, ProposalStatus.CLOSED)
    sign_in(client, cast.lin)
    for tab, number in (("open", 1), ("replied", 0), ("ended", 1), ("draft", 1), ("nonsense", 3)):
        assert page(client, f"/my/?tab={tab}").count("mycard") == number, tab
    assert "这一栏里没有建议" in page(client, "/my/?tab=replied")


def test_pages_are_numbered_and_bad_numbers_do_no_harm(client, cast):
    for number in range(12):
        drafts.create_draft(cast.deputies["lin"], **TEXT | {"title": f"第{number}件"})
    sign_in(client, cast.lin)
    first = page(client, "/my/")
    assert first.count("mycard") == 10 and "第 1 / 2 页" in first
    assert page(client, "/my/?page=2").count("mycard") == 2
    for bad in ("99", "x", "-1", "9" * 30):
        page(client, f"/my/?page={bad}")


def test_a_long_title_is_shown_whole(client, cast):
    title = "长" * 100
    make_proposal(cast, ProposalStatus.DRAFT, text=TEXT | {"title": title})
    assert title in page(sign_in(client, cast.lin), "/my/")


def test_queries_do_not_grow_with_rows(client, cast, django_assert_max_num_queries):
    make_proposal(cast, ProposalStatus.REPLIED)
    sign_in(client, cast.lin).get("/my/")  # rules come into the cache
    with django_assert_max_num_queries(12):
        client.get("/my/")
    for status in (ProposalStatus.HANDLING, ProposalStatus.CLOSED, ProposalStatus.REPLIED) * 2:
        make_proposal(cast, status)
    make_proposal(cast, ProposalStatus.RETURNED)
    with django_assert_max_num_queries(12):
        client.get("/my/")


def test_list_and_case_agree_on_whose_turn_it_is(cast):
    """Lists read Waiting, the page derives: a deputy reads the same."""
    from proposals.access import Sight
    from proposals.turns import turns_of
    from proposals.workflow import Case

    statuses = (
        ProposalStatus.SUBMITTED,
        ProposalStatus.HANDLING,
        ProposalStatus.REPLIED,
        ProposalStatus.DISPUTED,
    )
    proposals = [make_proposal(cast, status).proposal for status in statuses]
    sight = Sight(is_proposer=True)
    listed = turns_in_list(proposals, cast.lin, lambda proposal: sight)
    for proposal in proposals:
        derived = turns_of(Case.load(proposal.pk), cast.lin, sight)
        assert listed[proposal.pk] == derived
        assert derived


# --- Co-signing ----------------------------------------------------------------------------------------


@pytest.fixture
def invited(cast):
    """A draft of 唐伯安 that waits for 林秀芝's co-signature."""
    draft = drafts.create_draft(cast.deputies["tang"], **TEXT)
    perform("invite", draft, actor=cast.tang, data={"deputy": cast.deputies["lin"]})
    draft.refresh_from_db()
    return draft


def cosign_url(draft, action="cosign"):
    return reverse("proposals:proposal_action", args=[draft.pk, action])


def test_the_invited_read_the_whole_text_before_deciding(client, cast, invited):
    text = page(sign_in(client, cast.lin), cosign_url(invited))
    assert TEXT["situation"] in text and TEXT["points"][1] in text
    assert "同意附议" in text and "确定谢绝" in text
    assert client.get(reverse("proposals:case", args=[invited.pk])).url == cosign_url(invited)


def test_cosigning_binds_to_the_text(client, cast, invited):
    data = {"text_hash": invited.text_hash, "next": "/my/"}
    response = sign_in(client, cast.lin).post(cosign_url(invited), data)
    assert response.url == "/my/"
    signature = Cosignature.objects.get(proposal=invited)
    assert signature.state == CosignState.CONFIRMED and signature.text_hash == invited.text_hash


def test_refusing_leads_back_home_where_it_is_gone(client, cast, invited):
    response = sign_in(client, cast.lin).post(cosign_url(invited, "refuse_cosign"), {"next": "/my/"})
    assert response.url == "/my/"
    assert "待我附议" not in page(client, "/my/")
    assert client.get(cosign_url(invited)).status_code == 404


def test_text_changed_while_reading_is_shown_anew(client, cast, invited):
    old = invited.text_hash
    drafts.save_draft(invited, {"analysis": "改过的分析。"}, draft_version=invited.draft_version)
    response = sign_in(client, cast.lin).post(cosign_url(invited), {"text_hash": old})
    text = response.content.decode()
    assert response.status_code == 422
    assert "请重新看一遍" in text and "改过的分析" in text
    fresh = Proposal.objects.get(pk=invited.pk)
    assert f'name="text_hash" value="{fresh.text_hash}"' in text


def test_a_later_change_asks_again_and_shows_what_changed(client, cast, invited):
    perform("cosign", invited, actor=cast.lin, data={"text_hash": invited.text_hash})
    points = ["每个街道至少建成 3 个社区食堂。", TEXT["points"][1], "每月公开检查结果。"]
    drafts.save_draft(invited, {"points": points}, draft_version=invited.draft_version, reask_by=cast.tang)
    assert "看改动，再决定" in page(sign_in(client, cast.lin), "/my/")
    text = page(client, cosign_url(invited))
    assert "<del>1</del>" in text and "<ins>3</ins>" in text
    assert "第 3 条（新加）" in text and "<ins>每月公开检查结果。</ins>" in text
    assert "那次附议已不算数" in text


def test_strangers_find_no_invitation(client, cast, invited):
    for user in (cast.xiao, cast.su, cast.stranger.deputy):
        assert sign_in(client, user).get(cosign_url(invited)).status_code == 404


def test_a_deputy_who_left_office_sees_but_cannot_cosign(client, cast, invited):
    Deputy.objects.filter(pk=cast.deputies["lin"].pk).update(in_office=False)
    text = page(sign_in(client, cast.lin), reverse("proposals:case", args=[invited.pk]))
    assert TEXT["situation"] in text and "同意附议" not in text


def test_changes_read_as_words():
    assert pieces("在市区 2 个站设置", "在全市 9 个站设置") == [
        ("keep", "在"),
        ("del", "市区 2"),
        ("ins", "全市 9"),
        ("keep", " 个站设置"),
    ]
    assert pieces("", "新") == [("ins", "新")]
    before = {"title": "甲", "situation": "", "analysis": "", "points": ["一", "二"]}
    labels = [label for label, _ in changes(before, before | {"points": ["一"]})]
    assert labels == ["原第 2 条（已删）"]
    assert changes(before, before) == []
