"""隐名: the names of whoever proposed reach no page, file, notice or mail of the units, the hub or the mayor."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from notifications.delivery import deliver_pending
from notifications.models import Digest, Notice
from proposals import drafts
from proposals.models import Attachment, Cosignature, Proposal
from proposals.search import index
from proposals.status import CosignState, ProposalStatus
from proposals.workflow import Case, Stale, available, perform
from supervision.digests import make_digests
from tests.cast import CONTACT, EXTENSION, RETURN, Walk, workday

pytestmark = pytest.mark.django_db

NAMES = ("林秀芝", "唐伯安", "肖立诚", "13800000001", "13800000002", "lin@example.test")
UNIT_PEOPLE = ("chen", "fang", "gao", "he", "hub", "gov")
# Lists of all delegations to choose from say nothing of this proposal.
CHOICES = re.compile(r"<(select|datalist)\b.*?</\1>", re.DOTALL)


@pytest.fixture
def walk(cast):
    """A hidden case with a co-signer, one who refused, files named after the lead, passed on by the hub."""
    walk = Walk(cast)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.proposal.refresh_from_db()
    walk.cosigned().do("invite", cast.lin, deputy=cast.deputies["xiao"]).do("refuse_cosign", cast.xiao)
    for name, is_scan in (("林秀芝调研照片.pdf", False), ("林秀芝签名.pdf", True)):
        file = Attachment(
            proposal=walk.proposal, name=name, content_type="application/pdf", size=4, is_scan=is_scan
        )
        file.file.save("x", ContentFile(b"%PDF"))
    walk.submit().file().assign(hub="lead")
    return walk.do(
        "dispatch", cast.hub, walk.place("hub"), placements=walk.placements(civil="lead", finance="co")
    )


def addresses(walk, user):
    """Every address of the proposals that takes nothing, a proposal, a place, a clock or a file; of the actions
    those offered to the user, and a refusal."""
    proposal = Proposal.objects.get(pk=walk.proposal.pk)
    own = {
        "proposals/": [proposal.pk],
        "assignments/": list(proposal.assignments.values_list("pk", flat=True)),
        "clocks/": list(proposal.clocks.values_list("pk", flat=True)),
        "attachments/": list(proposal.attachments.values_list("pk", flat=True)),
    }
    offers = available(Case(proposal), type(user).objects.get(pk=user.pk))
    found = ["/notices/", "/notices/digests/", f"/proposals/{proposal.pk}/close_disputed/"]
    found += [offer.url for offer in offers]
    for pattern in get_resolver("proposals.urls").url_patterns:
        route = str(pattern.pattern)
        if "<int:pk>" in route and "<slug" not in route:
            keys = next((keys for start, keys in own.items() if route.startswith(start)), [])
            found += ["/" + route.replace("<int:pk>", str(key)) for key in keys]
        elif "<" not in route:
            found.append("/" + route)
    return found


def leaks(walk, users):
    """(user, address, name) for every name found in a response or its headers."""
    found, opened = [], 0
    for key in users:
        client = Client()
        client.force_login(getattr(walk.cast, key))
        for address in addresses(walk, getattr(walk.cast, key)):
            response = client.get(address)
            opened += response.status_code == 200
            body = b"".join(response) if response.streaming else response.content
            text = CHOICES.sub("", body.decode("utf-8", "replace"))
            text += "".join(f"{name}: {value}" for name, value in response.headers.items())
            names = (*NAMES, "澜东代表团", "%E6%9E%97%E7%A7%80%E8%8A%9D")
            found += [(key, address, name) for name in names if name in text]
    assert opened > 10 * len(users)
    return found


def test_no_page_of_the_judged_side_names_the_proposer(cast, walk):
    assert leaks(walk, UNIT_PEOPLE) == []
    walk.accept("civil").accept("finance")
    walk.do(
        "log_contact", cast.su, walk.place("civil"), on=timezone.localdate(walk.now),
        **CONTACT | {"people": "林秀芝代表、苏婉仪", "words": "唐伯安代表也到场"},
    )  # fmt: skip
    walk.write_reply("civil")
    assert leaks(walk, ("chen", "fang", "hub")) == []
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    assert leaks(walk, ("chen", "fang")) == []
    walk.do("issue", cast.fang, walk.place("civil")).rate()
    assert walk.proposal.status == ProposalStatus.CLOSED
    assert leaks(walk, UNIT_PEOPLE) == []


def test_the_deputies_and_the_congress_see_the_names(cast, walk, client):
    for user in (cast.lin, cast.tang, cast.su, cast.jiang, cast.zhang):
        client.force_login(user)
        page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
        assert "林秀芝" in page and "林秀芝调研照片.pdf" in page


def test_lists_do_not_find_it_by_name_or_delegation(cast, walk, client):
    for user in (cast.chen, cast.hub, cast.gov):
        client.force_login(user)
        registry, number = reverse("proposals:registry"), walk.proposal.number
        assert number in client.get(registry).content.decode()
        for query in ({"deputy": "林秀芝"}, {"delegation": cast.delegation.pk}, {"words": "林秀芝"}):
            assert number not in client.get(registry, query).content.decode()
    client.force_login(cast.chen)
    inbox = client.get(reverse("proposals:inbox"), {"q": "林秀芝"}).content.decode()
    assert walk.proposal.number not in inbox


def test_what_is_not_shown_is_not_found_by_its_words(cast, walk, client):
    """The texts say 林秀芝 and 澜东代表团; the units read 代表 there, and find by what they read."""
    Proposal.objects.filter(pk=walk.proposal.pk).update(
        title="林秀芝代表关于助餐的建议", situation="澜东代表团走访，唐伯安牵头。", points=["请联系肖立诚。"]
    )
    index(Proposal.objects.get(pk=walk.proposal.pk))
    names = ("林秀芝", "林秀", "秀芝", "芝", "澜东代表团", "澜东", "唐伯安", "肖立诚", "联系肖立")
    registry, inbox, number = reverse("proposals:registry"), reverse("proposals:inbox"), walk.proposal.number
    for user in (cast.chen, cast.hub, cast.gov, cast.su):
        client.force_login(user)
        pages = {name: client.get(registry, {"words": name}).content.decode() for name in names}
        found = [name for name, page in pages.items() if number in page]
        assert found == (list(names) if user == cast.su else [])
        for words in ("助餐", "代表关于助餐的建议", "走访 助餐", number):
            assert number in client.get(registry, {"words": words}).content.decode()
    client.force_login(cast.chen)
    for name in ("林秀芝", "秀", "林秀芝代表关于"):
        assert number not in client.get(inbox, {"q": name}).content.decode()
    for words in ("助餐", "代表关于助餐", number):
        assert number in client.get(inbox, {"q": words}).content.decode()


def test_files_are_handed_out_under_neutral_names_and_scans_not_at_all(cast, walk, client):
    photo, scan = walk.proposal.attachments.order_by("pk")
    client.force_login(cast.chen)
    response = client.get(reverse("proposals:attachment", args=[photo.pk]))
    assert response.headers["Content-Disposition"] == "inline; filename*=utf-8''%E9%99%84%E4%BB%B61.pdf"
    assert client.get(reverse("proposals:attachment", args=[scan.pk])).status_code == 404
    client.force_login(cast.su)
    assert client.get(reverse("proposals:attachment", args=[scan.pk])).status_code == 200


def test_a_file_that_only_a_recalled_reply_went_out_with_opens(cast, walk, client):
    walk.sign("civil")
    file = Attachment(
        proposal=walk.proposal, reply=walk.place("civil").reply, name="图纸.pdf", uploaded_by=cast.chen
    )
    file.content_type, file.size, file.sha256 = "application/pdf", 8, "0" * 64
    file.file.save("图纸.pdf", ContentFile(b"%PDF-1.4"))
    recall = {"recall": "again", "reason": "漏答"}
    walk.do("recall_reply", cast.hub, walk.place("civil"), **recall)
    drafts.drop_reply_file(walk.place("civil"), file.pk, user=cast.chen)
    for reader in (cast.su, cast.chen):
        client.force_login(reader)
        assert client.get(reverse("proposals:attachment", args=[file.pk])).status_code == 200


def test_notices_and_mails_to_units_bear_no_name(cast, walk):
    walk.accept("civil").do("urge", cast.su, words="请抓紧")
    make_digests(timezone.localdate())
    walk.do("withdraw", cast.lin, reason="已经解决")
    deliver_pending()
    units = [getattr(cast, key) for key in UNIT_PEOPLE]
    texts = [notice.words for notice in Notice.objects.filter(user__in=units)]
    texts += [json.dumps(d.content, ensure_ascii=False) for d in Digest.objects.filter(user__in=units)]
    assert len(texts) > 3
    boxes = {user.email for user in units}
    for letter in mail.outbox:
        if boxes & set(letter.to):
            texts.append(str(letter.message().as_string()) + letter.subject + letter.body)
    assert not [(name, text) for name in NAMES for text in texts if name in text]


def test_a_stale_page_does_not_name_who_acted(cast, walk):
    walk.accept("civil")
    stale = Proposal.objects.get(pk=walk.proposal.pk).version
    walk.do("object", cast.lin, about="unit:1", about_text="市民政局", words="漏了单位")
    walk.do("withdraw", cast.lin, reason="已经解决")
    with pytest.raises(Stale) as refusal:
        perform("adjust", walk.proposal, actor=cast.hub, data={}, version=stale)
    assert "林秀芝" not in refusal.value.words


def test_the_office_makes_the_contacts(cast, walk, client):
    place = walk.accept("civil").place("civil")
    client.force_login(cast.su)
    address = reverse("proposals:place_action", args=[place.pk, "log_contact"])
    assert client.get(address).status_code == 200
    data = CONTACT | {"on": timezone.localdate().isoformat()}
    assert client.post(address, data).status_code == 302
    client.force_login(cast.chen)
    page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
    assert "代市民政局登记办前沟通" in page and address not in page
    # The unit does not know whom it would have spoken to.
    assert client.post(address, data).status_code == 403
    page = client.get(reverse("proposals:reply", args=[place.pk])).content.decode()
    assert "由联工委联系并登记" in page and address not in page


def test_the_deputy_asks_for_it_while_writing(cast, client):
    draft = drafts.create_draft(cast.deputies["lin"])
    client.force_login(cast.lin)
    address = reverse("proposals:write", args=[draft.pk])
    assert "对承办单位保密我的身份" in client.get(address).content.decode()
    posted = {"do": "save", "draft_version": draft.draft_version, "title": "关于路灯的建议"}
    client.post(address, posted | {"hides_proposer": "on"})
    draft.refresh_from_db()
    assert draft.hides_proposer
    assert "checked" in re.search(r"<input[^>]*hides_proposer[^>]*>", client.get(address).content.decode())[0]
    client.post(address, posted | {"draft_version": draft.draft_version})
    draft.refresh_from_db()
    assert not draft.hides_proposer


@pytest.mark.parametrize("name", ["林秀芝", "唐伯安", "澜东代表团"])
def test_the_title_names_nobody_at_submit_nor_when_it_is_put_right(cast, client, name):
    walk = Walk(cast).cosigned()
    agreed, titled = walk.proposal.title, f"{name}关于路灯的建议"
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True, title=titled)
    client.force_login(cast.lin)
    submit = reverse("proposals:proposal_action", args=[walk.proposal.pk, "submit"])
    refused = client.post(submit, {"version": Proposal.objects.get(pk=walk.proposal.pk).version})
    assert refused.status_code == 422 and "标题里不要写姓名和代表团" in refused.content.decode()
    Proposal.objects.filter(pk=walk.proposal.pk).update(title=agreed)
    walk.submit()
    client.force_login(cast.su)
    amend = reverse("proposals:proposal_action", args=[walk.proposal.pk, "amend"])
    fields = {"category": walk.proposal.category_id, "source": walk.proposal.source, "open_wanted": "on"}
    fields |= {"reason": "笔误", "title": titled, "version": walk.proposal.version}
    refused = client.post(amend, fields)
    assert refused.status_code == 422 and "标题里不要写姓名和代表团" in refused.content.decode()
    assert client.post(amend, fields | {"title": "关于修路灯的建议"}).status_code == 302
    walk.proposal.refresh_from_db()
    assert walk.proposal.title == "关于修路灯的建议"


def test_a_former_lead_stays_hidden(cast, walk):
    walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="病休").do("take_lead", cast.tang)
    signed = Cosignature.objects.get(proposal=walk.proposal, state=CosignState.CONFIRMED)
    assert signed.deputy == cast.deputies["lin"]
    assert leaks(walk, ("chen", "hub")) == []


def told_by(text):
    return f"{text}，请联系林秀芝代表（13800000001）、澜东代表团唐伯安"


def test_what_the_office_writes_freely_names_nobody(cast, walk):
    """Urges, instructions and reasons are typed by people who know the name, and read by those who must not."""
    Proposal.objects.filter(pk=walk.proposal.pk).update(situation=told_by("走访了六个社区"))
    walk.accept("civil").accept("finance")
    walk.do("urge", cast.su, words=told_by("请抓紧")).do("instruct", cast.luo, words=told_by("所提很好"))
    until = workday(cast, walk.place("civil").due_on + timedelta(days=5))
    walk.do("ask_extension", cast.chen, walk.place("civil"), until=until, **EXTENSION)
    granted = {"is_granted": True, "until": until, "reason": told_by("情况属实")}
    walk.do("decide_extension", cast.hub, walk.place("civil"), **granted)
    walk.do("ask_return", cast.gao, walk.place("finance"), **RETURN)
    placements = walk.placements(civil="lead", health="co")
    walk.do("approve_return", cast.hub, walk.place("finance"), placements=placements, reason=told_by("同意"))
    assert leaks(walk, ("chen", "gao", "hub")) == []
    recall = {"recall": "again", "reason": told_by("漏答")}
    walk.sign("civil").do("recall_reply", cast.hub, walk.place("civil"), **recall)
    assert leaks(walk, ("chen",)) == []
    walk.write_reply("civil").do("draft_reply", cast.chen, walk.place("civil"))
    walk.do("issue", cast.fang, walk.place("civil")).rate(words=told_by("尚可"))
    assert leaks(walk, ("chen", "hub", "gov")) == []
    deliver_pending()
    units = [getattr(cast, key) for key in UNIT_PEOPLE]
    texts = list(Notice.objects.filter(user__in=units).values_list("words", flat=True))
    boxes = {user.email for user in units}
    texts += [letter.subject + letter.body for letter in mail.outbox if boxes & set(letter.to)]
    assert len([text for text in texts if "请抓紧" in text]) > 3
    assert not [(name, text) for name in NAMES for text in texts if name in text]


def test_what_is_written_with_a_plan_or_an_early_date_names_nobody(cast):
    walk = Walk(cast)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    walk.cosigned().submit().file()
    placements = walk.placements(civil="lead", hub="co")
    walk.do("plan", cast.su, placements=placements, asks_views=True, words=told_by("拟交你局"))
    assert leaks(walk, ("chen", "hub")) == []
    early = workday(cast, timezone.localdate(walk.now) + timedelta(days=30))
    walk.do("assign", cast.su, placements=placements, reply_due_on=early, early_reason=told_by("汛期"))
    assert leaks(walk, ("chen", "hub")) == []


def test_the_deputies_and_the_congress_read_what_was_written(cast, walk, client):
    walk.accept("civil").do("urge", cast.su, words=told_by("请抓紧"))
    for user in (cast.lin, cast.su, cast.jiang):
        client.force_login(user)
        page = client.get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
        assert told_by("请抓紧") in page


def test_those_who_read_the_names_are_told_that_the_units_do_not(cast, walk, client):
    """The office sees at once that it makes the contacts, and that the case is not published whatever was ticked."""
    assert walk.proposal.open_wanted
    address = reverse("proposals:case", args=[walk.proposal.pk])
    for user in (cast.su, cast.lin, cast.chen):
        client.force_login(user)
        page = client.get(address).content.decode()
        assert "隐名</span>" in page and "由联工委代为联系" in page
        assert "同意公开" not in page and "不公开</span>" in page
    client.force_login(cast.lin)
    assert "同意公开" not in client.get(reverse("proposals:paper", args=[walk.proposal.pk])).content.decode()
