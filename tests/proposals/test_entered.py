"""代录: staff type in a deputy's signed paper; the signed scan goes with it, and the deputy sees all of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deputies.models import Deputy
from proposals.models import Proposal
from proposals.status import ProposalStatus
from tests.cast import TEXT

pytestmark = pytest.mark.django_db

ENTER = "/proposals/enter/"


def pdf(name="签名页.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")


def written(draft, do="save", **fields):
    """The writing form of a draft, filled in."""
    text = {name: TEXT[name] for name in ("title", "situation", "analysis")}
    return text | {"point": TEXT["points"], "do": do, "draft_version": draft.draft_version} | fields


def opened(client, deputy="林秀芝", kind="deputy"):
    """The draft that the entering page opens."""
    response = client.post(ENTER, {"kind": kind, "deputy": deputy})
    assert response.status_code == 302, response.content.decode()
    return Proposal.objects.get(pk=int(response.url.split("/")[2]))


@pytest.mark.parametrize("who", ["su", "zhang"])
def test_the_paper_is_entered_with_its_scan_and_submitted(cast, client, who):
    staff = getattr(cast, who)
    client.force_login(staff)
    draft = opened(client)
    assert draft.entered_by == staff and draft.lead == cast.deputies["lin"]
    address = reverse("proposals:write", args=[draft.pk])
    page = client.get(address).content.decode()
    assert "代录：林秀芝代表" in page and "邀请附议</label>" not in page
    refused = client.post(address, written(draft, "submit"))
    assert refused.status_code == 422
    assert "还没有上传签名的纸质建议扫描件" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.title == TEXT["title"]
    sent = client.post(address, written(draft, "submit", scans=[pdf()]))
    assert sent.status_code == 302
    draft.refresh_from_db()
    assert draft.status == ProposalStatus.SUBMITTED
    assert [(file.name, file.is_scan) for file in draft.attachments.all()] == [("签名页.pdf", True)]
    assert client.get(reverse("proposals:case", args=[draft.pk])).status_code == 200


def test_the_deputy_sees_and_may_finish_what_was_entered(cast, client):
    client.force_login(cast.zhang)
    draft = opened(client)
    client.post(reverse("proposals:write", args=[draft.pk]), written(draft, scans=[pdf()]))
    client.force_login(cast.lin)
    assert TEXT["title"] in client.get(reverse("proposals:my")).content.decode()
    page = client.get(reverse("proposals:write", args=[draft.pk]))
    assert page.status_code == 200 and "邀请附议" in page.content.decode()


def test_another_of_the_staff_does_not_see_the_draft(cast, client):
    client.force_login(cast.zhang)
    draft = opened(client)
    for user in (cast.su, cast.tang, cast.chen):
        client.force_login(user)
        assert client.get(reverse("proposals:write", args=[draft.pk])).status_code == 404


def test_the_same_form_twice_opens_one_draft_and_the_page_lists_it(cast, client):
    client.force_login(cast.su)
    assert opened(client) == opened(client)
    assert Proposal.objects.count() == 1
    page = client.get(ENTER).content.decode()
    assert "代林秀芝代表录入" in page


def test_delegation_staff_enter_their_own_deputies_only(cast, client):
    client.force_login(cast.zhang)
    refused = client.post(ENTER, {"kind": "deputy", "deputy": "肖立诚"})
    assert refused.status_code == 422
    assert (
        "没有找到叫“肖立诚”的代表" in refused.content.decode()
        and 'value="肖立诚"' in refused.content.decode()
    )
    client.force_login(cast.su)
    assert opened(client, "肖立诚").lead == cast.deputies["xiao"]


def test_names_are_told_apart_by_card_number_and_former_deputies_left_out(cast, client):
    lin = cast.deputies["lin"]
    Deputy.objects.create(
        congress=cast.congress, term=lin.term, delegation=lin.delegation, name=lin.name, card_no="169999"
    )
    client.force_login(cast.su)
    page = client.post(ENTER, {"kind": "deputy", "deputy": "林秀芝"}).content.decode()
    assert "有 2 位同名代表" in page
    assert opened(client, f"林秀芝 {lin.card_no}").lead == lin
    lin.in_office = False
    lin.save()
    assert opened(client, "林秀芝").lead != lin


def test_nobody_else_may_enter(cast, client):
    for user in (cast.lin, cast.chen, cast.luo, cast.jiang):
        client.force_login(user)
        assert client.get(ENTER).status_code == 404
    client.force_login(cast.su)
    assert client.post(ENTER, {}).status_code == 422
    assert client.post(ENTER, {"kind": "delegation", "deputy": "林秀芝"}).status_code == 422


def test_returned_and_deleted_papers_stay_with_who_entered_them(cast, client):
    client.force_login(cast.su)
    draft = opened(client)
    address = reverse("proposals:write", args=[draft.pk])
    assert client.post(address, written(draft, "delete")).url == ENTER
    draft = opened(client)
    address = reverse("proposals:write", args=[draft.pk])
    client.post(address, written(draft, "submit", scans=[pdf()]))
    client.post(
        reverse("proposals:proposal_action", args=[draft.pk, "return"]),
        {"reason": "缺一页", "version": Proposal.objects.get(pk=draft.pk).version},
    )
    assert client.get(address).status_code == 200
    assert TEXT["title"] in client.get(ENTER).content.decode()


def sent_back(cast, client, **fields):
    """A paper handed in with its scan and returned: (proposal, address of the writing page, the scan)."""
    client.force_login(cast.su)
    draft = opened(client)
    address = reverse("proposals:write", args=[draft.pk])
    client.post(address, written(draft, "submit", scans=[pdf()]))
    version = Proposal.objects.get(pk=draft.pk).version
    reason = {"reason": "第 2 条没有具体要求", "version": version}
    client.post(reverse("proposals:proposal_action", args=[draft.pk, "return"]), reason)
    draft.refresh_from_db()
    return draft, address, draft.attachments.get()


def test_a_returned_paper_comes_back_under_a_new_signature(cast, client):
    draft, address, scan = sent_back(cast, client)
    assert "还没有上传退回修改后重新签名" in client.get(address).content.decode()
    again = written(draft, "submit", title="关于另一件事的建议")
    refused = client.post(address, again)
    assert refused.status_code == 422 and "原来的扫描件是改动前的" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.status == ProposalStatus.RETURNED
    again["draft_version"] = draft.draft_version
    assert client.post(address, again | {"scans": [pdf("重新签名.pdf")]}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == ProposalStatus.SUBMITTED
    assert {file.name for file in draft.attachments.all()} == {scan.name, "重新签名.pdf"}


def test_the_deputy_hands_a_returned_paper_in_without_one(cast, client):
    draft, address, _ = sent_back(cast, client)
    client.force_login(cast.lin)
    assert "重新签名" not in client.get(address).content.decode()
    assert client.post(address, written(draft, "submit")).status_code == 302


def test_the_paper_that_was_handed_in_is_not_removed(cast, client):
    draft, address, scan = sent_back(cast, client)
    assert f"rm-{scan.pk}" not in client.get(address).content.decode()
    refused = client.post(address, written(draft, f"rm-{scan.pk}"))
    assert refused.status_code == 422 and "要留存备查" in refused.content.decode()
    draft.refresh_from_db()
    client.post(address, written(draft, scans=[pdf("传错了.pdf")]))
    wrong = draft.attachments.get(name="传错了.pdf")
    assert client.post(address, written(draft, f"rm-{wrong.pk}")).status_code == 302
    assert draft.attachments.get() == scan


@pytest.mark.parametrize(("who", "kind"), [("su", "deputy"), ("zhang", "delegation")])
def test_the_deputys_own_proposal_is_not_written_into_what_staff_opened(cast, client, who, kind):
    """Staff read in a draft of theirs, and a signed paper goes with it: 提建议 opens the deputy's own."""
    staff = getattr(cast, who)
    client.force_login(staff)
    theirs = opened(client, kind=kind)
    client.force_login(cast.lin)
    first, again = (client.get("/proposals/new/").url for _ in range(2))
    own = Proposal.objects.get(pk=int(first.split("/")[2]))
    assert (first == again, own.pk == theirs.pk, own.is_written_by_staff) == (True, False, False)
    client.post(first, written(own, title="写给自己的草稿"))
    client.force_login(staff)
    assert client.get(first).status_code == 404
