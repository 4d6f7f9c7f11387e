"""The deputies' side beside the main road: 撤回 with consent, 异议, 变更领衔, late ratings and ratings by proxy."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proposals.models import Rating, Reply, Request, RuleSet
from proposals.status import ProposalStatus, RequestKind, RequestState
from tests.cast import make_proposal
from tests.proposals.test_entered import pdf

pytestmark = pytest.mark.django_db


def page_of(client, user, walk):
    client.force_login(user)
    return client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()


def post(client, user, walk, action, subject=None, **data):
    client.force_login(user)
    name = "proposals:place_action" if subject else "proposals:proposal_action"
    walk.proposal.refresh_from_db()
    subject = subject or walk.proposal
    return client.post(reverse(name, args=[subject.pk, action]), data | {"version": subject.version})


@pytest.fixture
def needs_consent(cast):
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches["withdraw_needs_cosigners"] = True
    rules.save()


def test_the_lead_withdraws_and_the_unit_is_told_to_stop(cast, client):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    assert "撤回建议" in page_of(client, cast.lin, walk)
    assert "撤回建议" not in page_of(client, cast.tang, walk)
    refused = post(client, cast.lin, walk, "withdraw", reason="")
    assert refused.status_code == 422 and "请填写撤回的理由" in refused.content.decode()
    assert post(client, cast.lin, walk, "withdraw", reason="问题已经解决").status_code == 302
    assert walk.place("civil").status == "released"
    assert "林秀芝代表撤回建议：问题已经解决" in page_of(client, cast.chen, walk)


def test_every_cosigner_is_asked_and_the_last_consent_withdraws(cast, client, needs_consent):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    post(client, cast.lin, walk, "withdraw", reason="问题已经解决")
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == ProposalStatus.HANDLING
    client.force_login(cast.tang)
    home = client.get(reverse("proposals:my")).content.decode()
    assert "撤回待我同意" in home and "看理由，再决定" in home
    page = page_of(client, cast.tang, walk)
    assert "同意撤回" in page and "不同意撤回" in page and "问题已经解决" in page
    # It is between the deputies and the congress.
    assert "请决定是否同意撤回" not in page_of(client, cast.chen, walk)
    assert post(client, cast.tang, walk, "consent_withdraw").status_code == 302
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == ProposalStatus.WITHDRAWN
    assert post(client, cast.tang, walk, "consent_withdraw").status_code in (403, 409)


def test_one_refusal_keeps_it_going(cast, client, needs_consent):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    post(client, cast.lin, walk, "withdraw", reason="问题已经解决")
    assert post(client, cast.xiao, walk, "refuse_withdraw", reason="x").status_code == 404
    assert post(client, cast.tang, walk, "refuse_withdraw", reason="只解决了一处").status_code == 302
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == ProposalStatus.HANDLING
    assert "只解决了一处" in page_of(client, cast.lin, walk)
    assert "只解决了一处" not in page_of(client, cast.chen, walk)


def test_an_objection_and_its_answer_are_not_for_the_unit(cast, client):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    place = walk.place("civil")
    assert "提出异议" in page_of(client, cast.lin, walk)
    sent = post(client, cast.lin, walk, "object", about=f"unit:{place.pk}", words="漏了市教育局")
    assert sent.status_code == 302
    assert "漏了市教育局" in page_of(client, cast.su, walk)
    assert post(client, cast.su, walk, "answer_objection", words="已商市教育局").status_code == 302
    assert "已商市教育局" in page_of(client, cast.lin, walk)
    page = page_of(client, cast.chen, walk)
    assert "漏了市教育局" not in page and "已商市教育局" not in page


def test_the_cosigner_takes_the_lead_or_refuses(cast, client):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    ask = {"deputy": cast.deputies["tang"].pk, "reason": "林秀芝代表出国"}
    assert post(client, cast.su, walk, "change_lead", **ask).status_code == 302
    client.force_login(cast.tang)
    assert "请我领衔" in client.get(reverse("proposals:my")).content.decode()
    assert post(client, cast.tang, walk, "refuse_lead", reason="不熟悉情况").status_code == 302
    assert "不熟悉情况" in page_of(client, cast.su, walk)
    post(client, cast.su, walk, "change_lead", **ask)
    assert post(client, cast.tang, walk, "take_lead").status_code == 302
    walk.proposal.refresh_from_db()
    assert walk.proposal.lead == cast.deputies["tang"]
    assert "撤回建议" in page_of(client, cast.tang, walk)
    assert "撤回建议" not in page_of(client, cast.lin, walk)


def test_after_no_answer_the_deputy_may_still_rate_late(cast, client):
    walk = make_proposal(cast, ProposalStatus.REPLIED, now=timezone.now() - timedelta(days=200))
    walk.days(120).do("mark_silent", None, walk.place("civil"))
    assert walk.proposal.status == ProposalStatus.CLOSED
    assert "您仍可以补评，记为逾期测评" in page_of(client, cast.lin, walk)
    rating = {"attitude": "satisfied", "result": "satisfied", "words": ""}
    assert post(client, cast.lin, walk, "rate", walk.place("civil"), **rating).status_code == 302
    assert Rating.objects.get().is_late
    assert "逾期测评" in page_of(client, cast.lin, walk)


def test_a_rating_by_proxy_may_be_replaced_for_five_workdays(cast, client):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    rating = {"attitude": "satisfied", "result": "satisfied", "words": ""}
    sent = post(client, cast.su, walk, "rate_proxy", walk.place("civil"), files=[pdf("意见表.pdf")], **rating)
    assert sent.status_code == 302
    page = page_of(client, cast.lin, walk)
    assert "以您的为准" in page and "代录</span>" in page
    assert "意见表.pdf" not in page_of(client, cast.chen, walk)
    own = rating | {"result": "basically"}
    assert post(client, cast.lin, walk, "rate", walk.place("civil"), **own).status_code == 302
    written = Rating.objects.get()
    assert (
        not written.is_proxy and written.result == "basically" and written.replaced["result"] == "satisfied"
    )
    assert post(client, cast.lin, walk, "rate", walk.place("civil"), **rating).status_code == 409


def test_after_the_five_days_the_proxys_rating_stands(cast, client):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    rating = {"attitude": "satisfied", "result": "satisfied", "words": ""}
    post(client, cast.su, walk, "rate_proxy", walk.place("civil"), files=[pdf()], **rating)
    Rating.objects.update(replaceable_until=timezone.localdate() - timedelta(days=1))
    assert "以您的为准" not in page_of(client, cast.lin, walk)
    late = post(client, cast.lin, walk, "rate", walk.place("civil"), **rating)
    assert late.status_code == 409 and "可以改写的期限已过" in late.content.decode()
    assert Reply.objects.get().rating.is_proxy


def test_requests_left_over_end_with_the_withdrawal(cast, client):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    post(client, cast.lin, walk, "object", about=f"unit:{walk.place('civil').pk}", words="漏了单位")
    post(client, cast.lin, walk, "withdraw", reason="问题已经解决")
    assert Request.objects.get(kind=RequestKind.OBJECTION).state == RequestState.VOID
