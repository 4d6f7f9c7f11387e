"""Who sees which case and what of it beyond the main road: hubs, successors, plans, drafts typed in, publication."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role
from institutions.models import Unit
from institutions.succession import forget_successors
from proposals import drafts
from proposals.access import Sight, visible_attachments
from proposals.models import Assignment, Attachment, Opinion, Proposal, Request
from proposals.status import ProposalStatus, RequestKind, RequestState
from proposals.workflow import Case
from tests.cast import make_proposal, make_user, scan, workday

pytestmark = pytest.mark.django_db


def sees(user, proposal):
    return Proposal.objects.visible_to(fresh(user)).filter(pk=proposal.pk).exists()


def fresh(user):
    """The user as the next request loads it: grants are kept on the object."""
    return type(user).objects.get(pk=user.pk)


def sight_of(proposal, user):
    return Sight.of(Case(Proposal.objects.get(pk=proposal.pk)), fresh(user))


def grant_to(cast, username, name, role, **target):
    user = make_user(username, name)
    Grant.objects.create(user=user, role=role, congress=cast.congress, **target)
    return user


@pytest.fixture
def hub(cast):
    """A case that 市政府督查室 passed on to 市民政局 and 市财政局."""
    walk = make_proposal(cast, ProposalStatus.FILED).assign(hub="lead")
    walk.do("dispatch", cast.hub, walk.place("hub"), placements=walk.placements(civil="lead", finance="co"))
    return walk


def test_the_hub_sees_its_childrens_places_contacts_and_requests(cast, hub, client):
    child = hub.accept().contact().place("civil")
    hub.do(
        "ask_return",
        cast.chen,
        child,
        reason="不属我局职能",
        basis="三定规定",
        suggested="市住房和城乡建设局",
    )
    for user in (cast.hub, cast.gov):
        sight, case = sight_of(hub.proposal, user), Case(Proposal.objects.get(pk=hub.proposal.pk))
        child = case.place(child.pk)
        assert sight.is_over(child) and sight.sees_contacts(child)
        assert all(sight.sees_request(case, request) for request in case.requests)
        client.force_login(user)
        page = client.get(reverse("proposals:case", args=[hub.proposal.pk])).content.decode()
        assert "市民政局申请退回" in page and "不属我局职能" in page
        assert "听取对助餐点选址的意见" in page
    # A co unit is told neither of the contacts nor of the request.
    client.force_login(cast.gao)
    page = client.get(reverse("proposals:case", args=[hub.proposal.pk])).content.decode()
    assert "不属我局职能" not in page and "听取对助餐点选址的意见" not in page
    assert Assignment.objects.visible_to(fresh(cast.hub)).filter(pk=child.pk).exists()
    assert not Assignment.objects.visible_to(fresh(cast.gao)).filter(pk=child.pk).exists()


def test_the_hub_never_sees_a_childs_draft(cast, hub, client):
    hub.accept().contact().write_reply(opening="未定稿的开头")
    hub.do("draft_reply", cast.chen, hub.place("civil"))
    place = hub.place("civil")
    kept = Attachment.objects.create(
        proposal=hub.proposal, reply=place.reply, name="草稿.pdf", content_type="application/pdf", size=1
    )
    draft = Opinion.objects.create(assignment=hub.place("finance"), words="未送的意见")
    unsent = Attachment.objects.create(
        proposal=hub.proposal, opinion=draft, name="意见稿.pdf", content_type="application/pdf", size=1
    )
    for user in (cast.hub, cast.gov):
        assert not sight_of(hub.proposal, user).sees_reply(place)
        assert not visible_attachments(fresh(user)).filter(pk__in=[kept.pk, unsent.pk]).exists()
        client.force_login(user)
        page = client.get(reverse("proposals:case", args=[hub.proposal.pk])).content.decode()
        assert "未定稿的开头" not in page and "送审签" not in page
    draft.given_on = timezone.localdate()
    draft.save()
    assert visible_attachments(fresh(cast.hub)).filter(pk=unsent.pk).exists()


def test_a_hub_that_did_not_assign_it_sees_nothing(cast, hub):
    other = Unit.objects.create(congress=cast.congress, name="市委督查室", is_hub=True)
    stranger = grant_to(cast, "other-hub", "旁观", Role.HUB, unit=other)
    assert sees(cast.hub, hub.proposal)
    assert not sees(stranger, hub.proposal)


def test_a_successor_inherits_the_cases_of_the_abolished_unit(cast, client):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    assert not sees(cast.qin, walk.proposal)
    civil = cast.units["civil"]
    civil.successor, civil.is_active = cast.units["education"], False
    civil.save()
    forget_successors()
    assert sees(cast.qin, walk.proposal)
    place = walk.place("civil")
    assert Assignment.objects.visible_to(fresh(cast.qin)).filter(pk=place.pk).exists()
    assert sight_of(walk.proposal, cast.qin).is_of_unit(place)
    walk.do("note_progress", cast.qin, place, words="已由我局接办")
    client.force_login(cast.qin)
    page = client.get(reverse("proposals:inbox")).content.decode()
    assert walk.proposal.number in page
    forget_successors()


def test_a_unit_asked_about_a_plan_sees_the_proposal_and_only_its_own_view(cast, client):
    walk = make_proposal(cast, ProposalStatus.FILED)
    assert not sees(cast.chen, walk.proposal)
    walk.do(
        "plan",
        cast.su,
        placements=walk.placements(civil="lead", finance="co"),
        asks_views=True,
        words="请研究",
    )
    walk.do("give_view", cast.gao, agrees=False, words="应由市卫健委会办")
    for user in (cast.chen, cast.gao, cast.fang):
        assert sees(user, walk.proposal)
    assert not sees(cast.wei, walk.proposal)
    case = Case(Proposal.objects.get(pk=walk.proposal.pk))
    seen = {r.unit_id for r in case.requests if sight_of(walk.proposal, cast.chen).sees_request(case, r)}
    assert seen == {cast.units["civil"].pk}
    client.force_login(cast.chen)
    page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
    assert "应由市卫健委会办" not in page
    # Its whole list has it although it has no place.
    assert walk.proposal.number in client.get(reverse("proposals:registry")).content.decode()
    Request.objects.filter(unit=cast.units["civil"]).update(state=RequestState.VOID)
    assert not sees(cast.chen, walk.proposal) and sees(cast.gao, walk.proposal)


def test_a_unit_asked_about_a_plan_sees_nothing_once_others_handle_it(cast, client):
    walk = make_proposal(cast, ProposalStatus.FILED)
    walk.do("plan", cast.su, placements=walk.placements(education="lead"), asks_views=True, words="")
    walk.do("give_view", cast.qin, agrees=False, words="学生餐不归我局")
    page = reverse("proposals:case", args=[walk.proposal.pk])
    client.force_login(cast.qin)
    assert client.get(page).status_code == 200
    walk.assign()
    assert client.get(page).status_code == 404
    assert walk.proposal.number not in client.get(reverse("proposals:registry")).content.decode()


def test_a_hub_that_passed_its_lead_on_opens_no_co_opinion_of_the_congress_level(cast, client):
    """As on the page: it goes to whoever leads now."""
    walk = make_proposal(cast, ProposalStatus.FILED).assign(hub="lead", finance="co")
    walk.dispatch(civil="lead").accept("finance")
    client.force_login(cast.gao)
    place = walk.place("finance")
    form = {"words": "补助资金已列入预算。", "files": scan("会办件.pdf"), "version": place.version}
    assert client.post(f"/assignments/{place.pk}/give_opinion/", form).status_code == 302
    url = reverse("proposals:attachment", args=[Attachment.objects.get().pk])
    for user, status in ((cast.hub, 404), (cast.chen, 200), (cast.gao, 200), (cast.su, 200)):
        client.force_login(user)
        assert client.get(url).status_code == status, user


def test_a_draft_typed_in_is_seen_by_who_typed_it(cast):
    draft = drafts.create_draft(cast.deputies["lin"], entered_by=cast.zhang)
    assert sees(cast.zhang, draft) and sees(cast.lin, draft)
    assert not sees(cast.su, draft)
    assert sight_of(draft, cast.zhang).is_enterer
    assert not Proposal.objects.listed_to(cast.zhang).filter(pk=draft.pk).exists()


def test_a_delegations_draft_is_seen_by_its_staff_who_act_for_it(cast):
    draft = drafts.create_draft(cast.deputies["lin"], is_delegations=True)
    assert sees(cast.zhang, draft) and not sees(cast.su, draft)
    assert sight_of(draft, cast.zhang).is_proposer
    head = sight_of(draft, cast.lin)
    assert not head.is_proposer and head.is_deputy


def test_deputies_read_the_public_part_of_what_is_published(cast, client):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    walk.rate(words="谢谢，办得好")
    assert not sees(cast.xiao, walk.proposal)
    Proposal.objects.filter(pk=walk.proposal.pk).update(published_on=timezone.localdate())
    assert sees(cast.xiao, walk.proposal)
    assert not Assignment.objects.visible_to(fresh(cast.xiao)).exists()
    assert not visible_attachments(fresh(cast.xiao)).exists()
    client.force_login(cast.xiao)
    page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
    assert "第 1 条：已安排。" in page
    for private in ("谢谢，办得好", "听取对助餐点选址的意见", "8866 1032", "测评市民政局", "登记办前沟通"):
        assert private not in page
    # Nor is it found by its rating.
    found = client.get(reverse("proposals:registry"), {"result": "satisfied"}).content.decode()
    assert walk.proposal.number not in found
    assert walk.proposal.number in client.get(reverse("proposals:registry")).content.decode()
    client.force_login(cast.stranger.deputy)
    assert client.get(reverse("proposals:case", args=[walk.proposal.pk])).status_code == 404


def test_requests_are_shown_to_their_side_only(cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=timezone.now() - timedelta(days=2)).accept()
    walk.do("object", cast.lin, about="unit:1", about_text="市民政局", words="漏了市教育局")
    until = workday(cast, timezone.localdate() + timedelta(days=100))
    walk.do("ask_extension", cast.chen, walk.place("civil"), until=until, reason="要会商", progress="已调研")
    case = Case(Proposal.objects.get(pk=walk.proposal.pk))
    by_kind = {request.kind: request for request in case.requests}
    who = {
        kind: [
            name
            for name in ("lin", "tang", "su", "jiang", "chen", "gao")
            if sight_of(walk.proposal, getattr(cast, name)).sees_request(case, request)
        ]
        for kind, request in by_kind.items()
    }
    assert who[RequestKind.OBJECTION] == ["lin", "tang", "su", "jiang"]
    assert who[RequestKind.EXTENSION] == ["su", "jiang", "chen"]
