"""代表团: its staff check papers, propose in its name with the head's signed scan, and see what waits on them."""

import pytest
from django.urls import reverse

from proposals import drafts
from proposals.models import Proposal, RuleSet
from proposals.status import ProposalStatus
from tests.cast import TEXT, Walk, make_proposal
from tests.proposals.test_entered import opened, pdf, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, client):
    client.force_login(cast.zhang)
    return opened(client, kind="delegation")


def walked(cast, draft, client):
    """The delegation's proposal handed in with its scan, then on to the reply."""
    client.force_login(cast.zhang)
    client.post(reverse("proposals:write", args=[draft.pk]), written(draft, "submit", scans=[pdf()]))
    walk = Walk.__new__(Walk)
    draft.refresh_from_db()
    walk.cast, walk.proposal = cast, draft
    walk.now = draft.events.latest("seq").at
    return walk


def test_the_staff_write_it_with_the_heads_scan(cast, client, draft):
    assert draft.is_delegations and draft.lead == cast.deputies["lin"] and draft.delegation == cast.delegation
    address = reverse("proposals:write", args=[draft.pk])
    page = client.get(address).content.decode()
    assert "以澜东代表团名义提出，团长林秀芝签名" in page and 'id="invitee"' not in page
    assert client.post(address, written(draft, "submit")).status_code == 422
    walk = walked(cast, draft, client)
    assert walk.proposal.status == ProposalStatus.SUBMITTED
    page = client.get(reverse("proposals:case", args=[draft.pk])).content.decode()
    assert "澜东代表团提交建议" in page


def test_the_head_reads_it_and_writes_nothing(cast, client, draft):
    client.force_login(cast.lin)
    address = reverse("proposals:write", args=[draft.pk])
    assert client.get(address).url == reverse("proposals:case", args=[draft.pk])
    assert client.get(reverse("proposals:case", args=[draft.pk])).status_code == 200
    assert client.post(address, written(draft)).status_code == 403


def test_the_reply_reaches_the_delegation_which_rates_with_a_scan(cast, client, draft):
    walk = walked(cast, draft, client)
    walk.file().assign(civil="lead").sign()
    client.force_login(cast.zhang)
    overview = client.get(reverse("proposals:overview")).content.decode()
    assert "等您办的事" in overview and "请评价市民政局的答复" in overview
    page = client.get(reverse("proposals:case", args=[draft.pk])).content.decode()
    assert "团长签名的扫描件" in page and "提交测评" in page
    place = walk.place("civil")
    address = reverse("proposals:place_action", args=[place.pk, "rate"])
    rating = {"attitude": "satisfied", "result": "satisfied", "words": "", "version": place.version}
    refused = client.post(address, rating)
    assert refused.status_code == 422 and "请上传团长签名的扫描件" in refused.content.decode()
    assert client.post(address, rating | {"files": [pdf("测评表.pdf")]}).status_code == 302
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == ProposalStatus.CLOSED
    assert walk.proposal.attachments.filter(name="测评表.pdf", is_scan=True).exists()
    # The unit reads neither scan.
    client.force_login(cast.chen)
    assert "测评表.pdf" not in client.get(reverse("proposals:case", args=[draft.pk])).content.decode()


def test_staff_of_another_delegation_do_not_see_the_draft(cast, client, draft):
    client.force_login(cast.xiao)
    assert client.get(reverse("proposals:case", args=[draft.pk])).status_code == 404


def test_the_delegation_checks_what_its_deputies_hand_in(cast, client):
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches["delegation_check"] = True
    rules.save()
    walk = make_proposal(cast, ProposalStatus.SUBMITTED)
    client.force_login(cast.zhang)
    overview = client.get(reverse("proposals:overview")).content.decode()
    assert "请初核" in overview
    address = reverse("proposals:proposal_action", args=[walk.proposal.pk, "check"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"words": "一事一议，签名齐全"}).status_code == 302
    assert "请初核" not in client.get(reverse("proposals:overview")).content.decode()
    client.force_login(cast.su)
    page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
    assert "一事一议，签名齐全" in page
    client.force_login(cast.lin)
    assert client.get(address).status_code == 403


def test_the_overview_of_the_staff_stays_within_its_queries(cast, client, django_assert_max_num_queries):
    for _ in range(5):
        drafts.create_draft(cast.deputies["lin"], is_delegations=True, title=TEXT["title"])
    client.force_login(cast.zhang)
    client.get(reverse("proposals:overview"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("proposals:overview")).content.decode()
    assert page.count("请写完后提交") == 5
    assert Proposal.objects.count() == 5


def test_everybody_reads_whose_proposal_it_is(cast, client, draft):
    """代表团名义 stands on the case, in the lists, on the paper; the letter speaks to the delegation."""
    walk = walked(cast, draft, client)
    name = "澜东代表团（代表团名义，团长林秀芝）"

    def read(who, address):
        client.force_login(who)
        return client.get(address).content.decode()

    case = reverse("proposals:case", args=[draft.pk])
    assert f"领衔：{name}" in read(cast.su, case)
    assert name in read(cast.su, reverse("proposals:proposal_action", args=[draft.pk, "file"]))
    assert f"领衔代表：</strong>{name}" in read(cast.su, reverse("proposals:paper", args=[draft.pk]))
    assert name in read(cast.su, reverse("proposals:registry"))
    walk.file().assign(civil="lead")
    assert "澜东代表团（代表团名义）" in read(cast.chen, reverse("proposals:inbox"))
    assert "澜东代表团（代表团名义）" in read(cast.lin, reverse("proposals:my"))
    walk.sign()
    letter = read(cast.su, reverse("proposals:reply_preview", args=[walk.place("civil").pk]))
    assert "<p>澜东代表团：</p>" in letter
