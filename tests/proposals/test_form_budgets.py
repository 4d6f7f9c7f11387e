"""Every action's page takes at most twelve queries, in cases with all that its page may show beside the form."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proposals.attachments import check_upload
from proposals.models import Commitment, Proposal, RuleSet
from proposals.workflow import TABLE, Case, available
from supervision.models import InstructionRecipient
from tests.cast import make_proposal, scan, workday

from .actions.promised import DONE, act, verified

pytestmark = pytest.mark.django_db
MOST = 12
# Pages of their own beside the generic one, with their own budgets: writing, the reply, signing.
ELSEWHERE = {"submit", "invite", "drop", "ask_again", "draft_reply", "issue"}


def being_written(cast):
    walk = make_proposal(cast, "draft")
    return walk.do("invite", cast.lin, deputy=cast.deputies["tang"])


def handed_in(cast):
    return make_proposal(cast, "submitted")


def planned(cast):
    walk = make_proposal(cast, "filed")
    placements = walk.placements(education="lead", health="co")
    walk.do("plan", cast.su, placements=placements, asks_views=True, words="请三天内回复。")
    return walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")


def merged(cast):
    walk, other = make_proposal(cast, "filed"), make_proposal(cast, "filed")
    client = Client()
    client.force_login(cast.su)
    fields = {"other": other.proposal.number, "version": Proposal.objects.get(pk=walk.proposal.pk).version}
    assert client.post(f"/proposals/{walk.proposal.pk}/merge/", fields).status_code == 302
    return walk


def at_the_hub(cast):
    return make_proposal(cast, "filed").assign(hub="lead", health="co")


def asked_for_more_time(cast):
    walk = at_the_hub(cast)
    walk.do("dispatch", cast.hub, walk.place("hub"), placements=walk.placements(civil="lead", finance="co"))
    walk.ask_extension(days=3).accept("finance").do("urge", cast.su, words="请抓紧。")
    return walk.do("object", cast.lin, about="unit:1", about_text="市民政局", words="来电的人说不清楚。")


def endorsed(cast):
    walk = asked_for_more_time(cast)
    return walk.do("endorse_extension", cast.hub, walk.place("civil"), words="同意。")


def in_hand(cast):
    """Accepted with its opinion in, and a withdrawal that waits for the co-signer."""
    walk = make_proposal(cast, "handling").accept().accept("finance").opinion()
    return walk.do("withdraw", cast.lin, reason="已列入实事项目。")


def given_back(cast):
    return make_proposal(cast, "handling").ask_return()


def before_the_signer(cast):
    walk = make_proposal(cast, "handling").accept().contact().write_reply()
    return walk.do("draft_reply", cast.chen, walk.place("civil"))


def answered(cast):
    return make_proposal(cast, "replied")


def disputed(cast):
    return make_proposal(cast, "disputed")


def judged_twice(cast):
    return make_proposal(cast, "coordination")


def published(cast):
    return make_proposal(cast, "closed").do("publish", cast.su, has_looked=True)


def closed(cast):
    return make_proposal(cast, "closed")


def instructed(cast):
    """Two leaders' instructions (批示) to all units, comments and a report beside; the committee leads."""
    walk = make_proposal(cast, "filed").dispatch().accept("finance")
    walk.do("join_oversight", cast.jiang, reason="本委今年的监督议题")
    walk.do("comment", cast.jiang, words="建议与去年的养老件一并研究。", to_office=True)
    walk.do("report", cast.su, leader=cast.luo, words="两家都说不归自己管，建议改交市民政局。")
    walk.do("instruct", cast.luo, words="请民政局主要负责同志领办。")
    walk.do("instruct", cast.gov, words="请督查室盯住。")
    finance = walk.place("finance")
    first = InstructionRecipient.objects.filter(place=finance).earliest("pk").request_id
    walk.do("answer_instruct", cast.gao, finance, instruction=first, words="已列入预算。")
    return walk.do("take_over", cast.jiang, reason="对口单位，多次催办没有进展")


def promised(cast):
    """Two promises (承诺) of a unit below the hub, one moved and reported done with a file, one before its date."""
    walk = make_proposal(cast, "filed").dispatch()
    planned = [
        {"what": what, "promised_on": _in_days(days), "owner": "养老服务科 陈晓岚"}
        for what, days in (("建成 4 个社区食堂", 60), ("出台补助办法", 90))
    ]
    walk.sign(reply_class="in_progress", planned_commitments=planned).rate()
    first = Commitment.objects.get(proposal=walk.proposal, what="建成 4 个社区食堂")
    moved_to = workday(cast, timezone.localdate() + timedelta(days=120))
    act(walk, "move_date", cast.chen, first, promised_on=moved_to, words="地下发现旧人防通道。")
    act(walk, "report_progress", cast.chen, first, **DONE, evidence=[check_upload(scan("开餐照片.pdf"))])
    return walk


def _in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def found_partly_kept(cast):
    """Explained once, reported once more; to be confirmed, explained, taken up again or settled."""
    walk, promise = verified(cast, "partly")
    act(walk, "explain_promise", cast.chen, promise, words="用地没有批下来，正在另选地块。")
    act(walk, "report_progress", cast.chen, promise, words="已另选一处。")
    return walk


def found_kept(cast):
    """All that the reply promised is kept; the deputy was of another opinion once."""
    walk, promise = verified(cast, closed=True)
    act(walk, "confirm", cast.lin, promise, outcome="partly", words="一处没有开餐。")
    act(walk, "verify", cast.su, promise, outcome="kept", words="又看过，4 处都在开餐。")
    return walk


CASES = (
    being_written,
    handed_in,
    planned,
    merged,
    at_the_hub,
    asked_for_more_time,
    endorsed,
    in_hand,
    given_back,
    before_the_signer,
    answered,
    disputed,
    judged_twice,
    published,
    closed,
    instructed,
    promised,
    found_partly_kept,
    found_kept,
)


def test_every_actions_page_stays_within_its_queries(cast):
    switches = {"withdraw_needs_cosigners": True, "delegation_check": True, "extension_endorsed_by_hub": True}
    RuleSet.objects.filter(congress=cast.congress).update(switches=switches)
    # Something alike stands beside the decisions.
    make_proposal(cast, "closed", now=timezone.now() - timedelta(days=30))
    costs = {}
    for make in CASES:
        walk = make(cast)
        for user in cast.people.values():
            person = type(user).objects.get(pk=user.pk)
            if not Proposal.objects.visible_to(person).filter(pk=walk.proposal.pk).exists():
                continue
            for offer in available(Case.load(walk.proposal.pk), person):
                if offer.code not in ELSEWHERE:
                    costs[offer.code, make.__name__, user.name] = cost(user, offer.url)
    too_many = {where: found for where, found in costs.items() if found > MOST}
    assert not too_many
    by_people = {code for code, row in TABLE.items() if [who.__name__ for who in row.who] != ["system"]}
    assert by_people - ELSEWHERE == {code for code, _, _ in costs}


def cost(user, url):
    """How many queries the page takes the second time."""
    client = Client()
    client.force_login(user)
    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as found:
        client.get(url)
    return len(found)
