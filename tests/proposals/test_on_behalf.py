"""代录: what liaison or hub enter for a unit that works on paper, and staff for a deputy, each with its signed scan."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Grant, Role
from proposals import drafts
from proposals.access import visible_attachments
from proposals.attachments import attach, check_upload
from proposals.models import Attachment, Contact, Proposal, ProposalEvent
from tests.cast import EXTENSION, RETURN, TEXT, make_proposal, scan, workday

from .told import Told

pytestmark = pytest.mark.django_db


def by_paper(cast):
    """市档案馆 leads; it does not use the system."""
    return Told(cast, make_proposal(cast, "filed").assign(archive="lead"))


def reply_fields(told):
    """A complete reply of 市档案馆."""
    return {
        "answers": [{"state": "doing", "text": "已安排。"} for _ in told.proposal.points],
        "reply_class": "solved",
        "doc_no": "澜档函〔2026〕1号",
        "contact_person": "李馆员",
        "contact_phone": "8866 1100",
        "no_contact_reason": "代表在外地。",
    }


def test_each_step_of_the_unit_carries_its_paper(cast):
    told = by_paper(cast)
    refusal = told.act("su", "accept", "archive", status=422)
    assert "代市档案馆录入，请上传该单位签字盖章的材料扫描件" in refusal
    told.act("su", "accept", "archive", files=scan())
    assert told.place("archive").status == "accepted"
    event = ProposalEvent.objects.filter(proposal=told.proposal).latest("seq")
    assert (event.action, event.actor_name) == ("accept", "苏婉仪")
    assert event.words == "市档案馆签收（澜江市人大常委会联工委代录）"
    told.act("su", "note_progress", "archive", words="已查到原始档案。", files=scan())
    until = told.place("archive").due_on.replace(day=28)
    told.act("su", "ask_extension", "archive", status=422, until=until, **EXTENSION)
    assert Attachment.objects.filter(proposal=told.proposal, is_scan=True).count() == 2
    assert "已查到原始档案。" in told.page("lin")


def test_papers_of_earlier_steps_never_bar_the_next(cast, settings):
    settings.ATTACHMENT_MAX_FILES = 1
    told = by_paper(cast)
    told.act("su", "accept", "archive", files=scan())
    told.act("su", "note_progress", "archive", words="已查到原始档案。", files=scan())
    assert Attachment.objects.filter(assignment=told.place("archive")).count() == 2


def test_the_reply_too_marked_as_entered(cast):
    told = by_paper(cast)
    told.act("su", "accept", "archive", files=scan())
    fields = reply_fields(told)
    drafts.save_reply(told.place("archive"), fields, draft_version=None, user=cast.su, now=told.walk.now)
    told.act("su", "draft_reply", "archive", status=422)
    told.act("su", "draft_reply", "archive", files=scan())
    told.act("su", "issue", "archive", status=422)
    told.act("su", "issue", "archive", files=scan())
    assert told.place("archive").reply.signed_by == "苏婉仪（代录）"
    assert told.status == "replied"
    told.act("su", "rate", "archive", status=403, attitude="satisfied", result="satisfied", words="")


def test_a_hub_enters_for_its_own_units(cast):
    told = Told(cast, make_proposal(cast, "filed").dispatch(archive="lead", finance="co"))
    told.act("hub", "accept", "archive", files=scan())
    assert "市档案馆签收（市政府督查室代录）" in told.page("lin")
    told.act("hub", "accept", "finance", status=403, files=scan())
    told.act("hub", "ask_return", "archive", files=scan(), **RETURN)
    assert told.place("archive").status == "return_asked"


def test_nobody_enters_for_a_unit_that_uses_the_system(cast):
    told = Told(cast, make_proposal(cast, "handling"))
    told.act("su", "accept", "civil", status=403, files=scan())


def test_where_the_proposer_is_hidden_liaison_logs_the_contacts_without_a_paper(cast):
    walk = make_proposal(cast, "handling").accept()
    told = Told(cast, walk)
    fields = {
        "stage": "before",
        "mode": "phone",
        "on": timezone.localdate(walk.now),
        "people": "苏婉仪",
        "words": "已沟通",
    }
    told.act("su", "log_contact", "civil", status=403, **fields)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    told.act("su", "log_contact", "civil", **fields)
    assert Contact.objects.get().people == "苏婉仪"


def test_a_contact_on_a_hidden_case_is_the_offices_own_for_a_unit_on_paper_too(cast):
    told = by_paper(cast)
    told.act("su", "accept", "archive", files=scan())
    fields = {"stage": "before", "mode": "phone", "on": timezone.localdate(told.walk.now)}
    fields |= {"people": "苏婉仪", "words": "已沟通"}
    told.act("su", "log_contact", "archive", status=422, **fields)
    Proposal.objects.filter(pk=told.proposal.pk).update(hides_proposer=True)
    assert "代录：登记沟通" not in told.page("su")
    told.act("su", "log_contact", "archive", **fields)
    words = ProposalEvent.objects.filter(action="log_contact").get().words
    assert words.startswith("澜江市人大常委会联工委代市档案馆登记办前沟通") and "代录" not in words


@pytest.mark.parametrize("who", ["su", "zhang"])
def test_staff_hand_in_a_deputys_paper(cast, who):
    draft = drafts.create_draft(cast.deputies["lin"], category=cast.categories["社会建设"], **TEXT)
    Proposal.objects.filter(pk=draft.pk).update(entered_by=cast.people[who])
    told = Told(cast, make_proposal(cast, "draft"))
    told.walk.proposal = Proposal.objects.get(pk=draft.pk)
    refusal = told.act(who, "submit", status=422)
    assert "还没有上传签名的纸质建议扫描件" in refusal
    attach(check_upload(scan()), proposal=told.proposal, user=cast.people[who], is_scan=True)
    told.act(who, "submit")
    assert told.status == "submitted"
    place = {"su": "澜江市人大常委会联工委", "zhang": "澜东代表团"}[who]
    assert ProposalEvent.objects.get().words == f"林秀芝代表提交建议（{place}代录）"


def test_nobody_enters_for_a_unit_on_a_case_they_proposed(cast):
    """林秀芝 also works at the liaison office: of the own proposal the others there enter the unit's paper."""
    Grant.objects.create(user=cast.lin, role=Role.LIAISON, congress=cast.congress)
    told = by_paper(cast)
    told.act("lin", "accept", "archive", status=403, files=scan())
    assert told.place("archive").status == "pending"
    told.act("su", "accept", "archive", files=scan())


def names_of_files(cast, key):
    return {attachment.name for attachment in visible_attachments(cast.people[key])}


def test_the_units_paper_is_no_wider_seen_than_its_step(cast):
    """What was entered for the unit before the reply is out is neither the deputies' business nor another unit's."""
    walk = make_proposal(cast, "draft").cosigned().submit().file()
    told = Told(cast, walk.assign(archive="lead", finance="co"))
    told.act("su", "accept", "archive", files=scan("签收单.pdf"))
    until = workday(cast, told.place("archive").due_on + timedelta(days=20))
    told.act("su", "ask_extension", "archive", until=until, files=scan("延期申请.pdf"), **EXTENSION)
    fields = reply_fields(told) | {"late_opinions": {str(told.place("finance").pk): "未到。"}}
    drafts.save_reply(told.place("archive"), fields, draft_version=None, user=cast.su, now=told.walk.now)
    told.act("su", "draft_reply", "archive", files=scan("答复稿.pdf"))
    papers = {"签收单.pdf", "延期申请.pdf", "答复稿.pdf"}
    for key in ("lin", "tang", "zhang", "gao", "chen", "gov"):
        assert not papers & names_of_files(cast, key), key
    assert names_of_files(cast, "su") == papers
    page = told.page("su")
    assert "答复稿.pdf 市档案馆的材料" in page
    assert "答复稿.pdf" not in told.page("lin")
    draft = Attachment.objects.get(name="答复稿.pdf")
    assert told.client("lin").get(f"/attachments/{draft.pk}/").status_code == 404


def test_the_hub_above_opens_what_was_entered_for_its_unit(cast):
    told = Told(cast, make_proposal(cast, "filed").dispatch(archive="lead", finance="co"))
    told.act("su", "accept", "archive", files=scan("签收单.pdf"))
    assert names_of_files(cast, "hub") == {"签收单.pdf"}
    assert names_of_files(cast, "gao") == set()


def at_signing(cast):
    """The reply of 市档案馆, entered by 苏婉仪, waits for its signature."""
    told = by_paper(cast)
    told.act("su", "accept", "archive", files=scan())
    drafts.save_reply(
        told.place("archive"), reply_fields(told), draft_version=None, user=cast.su, now=told.walk.now
    )
    told.act("su", "draft_reply", "archive", files=scan())
    return told


def test_what_was_sent_for_signing_comes_back(cast):
    """Whoever entered it takes it back; what the unit's signer wrote on its paper is entered with that."""
    told = at_signing(cast)
    assert "take_back" in told.buttons("su")
    assert "签字盖章的材料扫描件" in told.page("su", f"/assignments/{told.place('archive').pk}/sign/")
    told.act("su", "take_back", "archive")
    assert told.place("archive").status == "accepted"
    assert "市档案馆撤回送审（澜江市人大常委会联工委代录）" in told.page("su")
    told.act("su", "draft_reply", "archive", files=scan())
    told.act("su", "rework", "archive", status=422, reason="第 2 条答非所问。")
    told.act("su", "rework", "archive", reason="第 2 条答非所问。", files=scan("退改单.pdf"))
    assert told.place("archive").status == "accepted"
    assert Attachment.objects.get(name="退改单.pdf").assignment == told.place("archive")


def test_a_lead_on_paper_returns_an_opinion(cast):
    told = Told(cast, make_proposal(cast, "filed").assign(archive="lead", finance="co"))
    told.act("su", "accept", "archive", files=scan())
    told.walk.accept("finance").opinion()
    told.act("su", "return_opinion", "finance", status=422, reason="没有写资金安排。")
    told.act("su", "return_opinion", "finance", reason="没有写资金安排。", files=scan("退回函.pdf"))
    assert told.place("finance").status == "accepted"
    assert "退回函.pdf" not in names_of_files(cast, "gao")
    assert Attachment.objects.get(name="退回函.pdf").assignment == told.place("archive")
