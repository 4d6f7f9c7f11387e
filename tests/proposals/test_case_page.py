"""The page of one proposal (建议详情): what each role reads of it, which buttons stand there, the rating form."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proposals import lights
from proposals.attachments import check_upload
from proposals.models import Clock, Proposal, Rating, ReplyDelivery
from proposals.rules import load_rules
from proposals.status import AssignmentRole, ProposalStatus
from proposals.steps import steps_of
from tests.cast import TEXT, make_proposal


def url(walk):
    return reverse("proposals:case", args=[walk.proposal.pk])


def read(client, user, walk):
    """The page as `user` sees it, without what stands in tags."""
    client.force_login(user)
    response = client.get(url(walk))
    assert response.status_code == 200, response
    return response.content.decode()


def links(text):
    """The buttons at the top: (address or form action, label, is blue)."""
    acts = re.search(r'<div class="row-x case-acts">(.*?)</div>\s', text, re.DOTALL)
    if acts is None:
        return []
    buttons = re.findall(r'<a class="btn([^"]*)" href="([^"]+)">([^<]+)</a>', acts[1])
    forms = re.findall(r'action="([^"]+)">.*?<button class="btn([^"]*)">([^<]+)</button>', acts[1], re.DOTALL)
    return [(address, label, "primary" in css) for css, address, label in buttons] + [
        (address, label, "primary" in css) for address, css, label in forms
    ]


INSIDERS = ("lin", "tang", "su", "jiang", "luo", "zhang")
UNITS = ("chen", "fang", "gao", "he")
OUTSIDERS = ("xiao", "qin", "mo", "wei", "admin")


def test_who_finds_the_page(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    for name in INSIDERS + UNITS:
        assert TEXT["title"] in read(client, getattr(cast, name), walk), name
    for user in [getattr(cast, name) for name in OUTSIDERS] + [cast.stranger.liaison, cast.stranger.deputy]:
        client.force_login(user)
        for name in ("case", "paper", "deliveries"):
            assert client.get(reverse(f"proposals:{name}", args=[walk.proposal.pk])).status_code == 404


def test_a_draft_is_the_leads_alone(client, cast):
    walk = make_proposal(cast)
    client.force_login(cast.lin)
    assert client.get(url(walk)).url == reverse("proposals:write", args=[walk.proposal.pk])
    for name in ("tang", "su", "luo", "zhang"):
        client.force_login(getattr(cast, name))
        assert client.get(url(walk)).status_code == 404


# --- Whose turn it is, and the blue button -------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "who", "label"),
    [
        (ProposalStatus.RETURNED, "lin", "按意见修改"),
        (ProposalStatus.SUBMITTED, "su", "立案"),
        (ProposalStatus.FILED, "su", "交办"),
        (ProposalStatus.HANDLING, "chen", "签收"),
        (ProposalStatus.REPLIED, "lin", "去评价"),
        (ProposalStatus.DISPUTED, "su", "责成重新办理"),
        (ProposalStatus.COORDINATION, "su", "协调办结"),
    ],
)
def test_one_blue_button_for_whom_it_is_up_to(client, cast, status, who, label):
    walk = make_proposal(cast, status)
    text = read(client, getattr(cast, who), walk)
    assert "现在轮到" in text and 'class="turn me"' in text
    assert [words for _, words, blue in links(text) if blue] == [label]


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s not in ("draft", "withdrawn")])
def test_nobody_else_has_a_blue_button(client, cast, status):
    walk = make_proposal(cast, status)
    for name in ("jiang", "luo", "zhang"):
        text = read(client, getattr(cast, name), walk)
        assert not [words for _, words, blue in links(text) if blue], name
        assert 'class="turn me"' not in text


def test_unit_buttons_lead_to_their_pages(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    place = walk.place("civil")
    buttons = links(read(client, cast.chen, walk))
    assert (reverse("proposals:reply", args=[place.pk]), "写答复", True) in buttons
    walk.contact().write_reply().do("draft_reply", cast.chen, place)
    buttons = links(read(client, cast.fang, walk))
    assert (reverse("proposals:sign", args=[place.pk]), "看答复并签发", True) in buttons


def test_signing_for_takes_one_click(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    text = read(client, cast.chen, walk)
    place = walk.place("civil")
    address = reverse("proposals:place_action", args=[place.pk, "accept"])
    form = re.search(rf'<form method="post" action="{address}">(.*?)</form>', text, re.DOTALL)[1]
    data = dict(re.findall(r'name="(version|request_id)" value="([^"]+)"', form))
    assert client.post(address, data).url == url(walk)
    place.refresh_from_db()
    assert place.status == "accepted"


def test_every_date_of_a_turn_leads_to_its_explanation(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    text = read(client, cast.su, walk)
    for clock in Clock.objects.filter(proposal=walk.proposal, met_on=None, voided_on=None):
        assert reverse("proposals:clock", args=[clock.pk]) in text, clock


def test_steps_say_how_far_it_is(client, cast):
    text = read(client, cast.lin, make_proposal(cast, ProposalStatus.FILED))
    assert re.search(r'class="now" aria-current="step">.*?交办', text)
    closed = read(client, cast.lin, make_proposal(cast, ProposalStatus.CLOSED))
    assert "办结" in closed and 'aria-current="step"' not in closed.split("办理经过")[0].split("现在轮到")[-1]
    assert "已经办结，不再等谁" in closed


def test_a_declined_proposal_tells_the_reason(client, cast):
    text = read(client, cast.lin, make_proposal(cast, ProposalStatus.DECLINED))
    assert "不作建议处理：转代表来信处理" in text and "属于个人事务，转来信处理" in text


# --- What units must not learn (防止“被满意”) -----------------------------------------------------------


SECRETS = ("不满意", "食堂没有按期开餐", "研判", "代表测评")


@pytest.mark.parametrize("who", UNITS)
def test_units_read_only_that_it_is_being_rated(client, cast, who):
    replied = make_proposal(cast, ProposalStatus.REPLIED)
    before = read(client, getattr(cast, who), replied)
    replied.rate("dissatisfied")
    after = read(client, getattr(cast, who), replied)
    for text in (before, after):
        assert "已答复，测评中" in text
        for words in SECRETS:
            assert words not in text, words
    assert "测评</span>" in after  # the step says no more than that


def test_the_unit_reads_the_rating_once_a_redo_is_ordered(client, cast):
    text = read(client, cast.chen, make_proposal(cast, ProposalStatus.REDO))
    assert "第 1 轮办理" in text and "不满意" in text and "食堂没有按期开餐" in text
    # The assisting unit is not the one that was rated.
    assert "食堂没有按期开餐" not in read(client, cast.gao, make_proposal(cast, ProposalStatus.REDO))


def test_congress_and_deputies_read_it_at_once(client, cast):
    walk = make_proposal(cast, ProposalStatus.DISPUTED)
    for name in INSIDERS:
        text = read(client, getattr(cast, name), walk)
        assert "代表测评" in text and "食堂没有按期开餐" in text and "不满意，待研判" in text


def test_a_draft_reply_is_its_units_alone(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept().contact().write_reply(opening="草稿里的话")
    for name in (*INSIDERS, "gao"):
        assert "草稿里的话" not in read(client, getattr(cast, name), walk)


def test_opinions_go_to_the_lead_and_the_congress(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept("finance").opinion()
    for name, sees in (
        ("chen", True),
        ("gao", True),
        ("su", True),
        ("luo", True),
        ("lin", False),
        ("zhang", False),
    ):
        assert ("补助资金已列入预算" in read(client, getattr(cast, name), walk)) is sees, name


def test_contacts_are_not_for_other_units(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept().contact()
    for name, sees in (("lin", True), ("chen", True), ("su", True), ("gao", False)):
        assert ("听取对助餐点选址的意见" in read(client, getattr(cast, name), walk)) is sees, name


def test_a_hidden_proposer_has_no_name_for_units(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    text = read(client, cast.chen, walk)
    assert "林秀芝" not in text and "唐伯安" not in text and "对承办单位保密" in text
    client.force_login(cast.chen)
    assert "林秀芝" not in client.get(reverse("proposals:paper", args=[walk.proposal.pk])).content.decode()
    assert "林秀芝" in read(client, cast.su, walk)


# --- The answer ----------------------------------------------------------------------------------------


def test_answers_stand_beside_the_requests(client, cast):
    due = timezone.localdate().replace(day=1) + timedelta(days=400)
    promise = {"what": "建成食堂 12 个", "owner": "养老科", "promised_on": due.isoformat()}
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    walk.sign(opening="收悉，答复如下。", reply_class="in_progress", planned_commitments=[promise])
    text = read(client, cast.lin, walk)
    for words in ("第 1 条：已安排", "正在落实", "澜民函〔2026〕56号", "陈晓岚，8866 1032", "收悉，答复如下"):
        assert words in text, words
    assert 'class="cls">' in text
    assert "建成食堂 12 个" in text and f"{due.year}年{due.month}月{due.day}日到期" in text


def test_separate_units_answer_each_for_itself(client, cast):
    walk = make_proposal(cast, ProposalStatus.FILED)
    walk.assign(civil=AssignmentRole.SEPARATE, health=AssignmentRole.SEPARATE).sign("civil")
    text = read(client, cast.lin, walk)
    assert "您：请评价市民政局的答复" in text and "同时等市卫生健康委员会签收" in text
    walk.sign("health")
    text = read(client, cast.lin, walk)
    assert "逐条答复：市民政局" in text and "逐条答复：市卫生健康委员会" in text
    assert text.count('<h2 id="rt-') == 2 and "满意度测评：市卫生健康委员会" in text


def test_the_rating_form_preselects_nothing(client, cast):
    text = read(client, cast.lin, make_proposal(cast, ProposalStatus.REPLIED))
    form = re.search(r'<form class="card-b stack".*?</form>', text, re.DOTALL)[0]
    assert form.count('type="radio"') == 6 and "checked" not in form
    assert "去评价" in text


def test_rating_from_the_page(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    text = read(client, cast.lin, walk)
    place = walk.place("civil")
    address = reverse("proposals:place_action", args=[place.pk, "rate"])
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    response = client.post(address, {"version": version, "attitude": "satisfied", "words": "还没选完"})
    refused = response.content.decode()
    assert response.status_code == 422
    assert "请给办理结果选一项" in refused and "还没选完" in refused and "第 1 条：已安排" in refused
    unexplained = {"version": version, "attitude": "satisfied", "result": "dissatisfied", "words": ""}
    response = client.post(address, unexplained)
    assert response.status_code == 422 and "请写明哪里没有办好" in response.content.decode()
    data = {"version": version, "attitude": "satisfied", "result": "basically", "words": "希望加快"}
    assert client.post(address, data).url == url(walk)
    assert Rating.objects.get().words == "希望加快"


def test_only_the_lead_is_asked_to_rate(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    for name in ("tang", "su", "chen", "jiang", "luo", "zhang"):
        assert "提交测评" not in read(client, getattr(cast, name), walk), name


def test_the_words_of_an_expired_session_come_back_into_the_rating(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    text = read(client, cast.lin, walk)
    who = re.search(r'name="_who" value="([^"]+)"', text)[1]
    client.logout()
    address = reverse("proposals:place_action", args=[walk.place("civil").pk, "rate"])
    client.post(address, {"_who": who, "result": "basically", "words": "过期前写的意见"})
    text = read(client, cast.lin, walk)
    assert "过期前写的意见" in text
    assert re.search(r'value="basically"[^>]*checked', text)


def test_opening_the_page_marks_the_delivery_read_once(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    read(client, cast.su, walk)
    assert not ReplyDelivery.objects.exclude(read_at=None).exists()
    read(client, cast.lin, walk)
    mine = ReplyDelivery.objects.get(deputy=cast.deputies["lin"])
    assert mine.read_at is not None
    assert ReplyDelivery.objects.get(deputy=cast.deputies["tang"]).read_at is None
    read(client, cast.lin, walk)
    assert ReplyDelivery.objects.get(pk=mine.pk).read_at == mine.read_at


def test_deliveries_are_for_the_congress(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)
    read(client, cast.lin, walk)
    address = reverse("proposals:deliveries", args=[walk.proposal.pk])
    assert address in read(client, cast.su, walk)
    text = client.get(address).content.decode()
    assert "唐伯安" in text and text.count("还没有打开") == 1
    for name in ("lin", "chen"):
        client.force_login(getattr(cast, name))
        assert client.get(address).status_code == 404


def test_files_of_the_proposal_and_of_a_contact(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    content = SimpleUploadedFile("走访记录.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    walk.do(
        "log_contact",
        cast.chen,
        walk.place("civil"),
        on=timezone.localdate(walk.now),
        stage="before",
        mode="visit",
        people="副局长",
        words="走访",
        files=[check_upload(content)],
    )
    for name, sees in (("lin", True), ("su", True), ("chen", True), ("gao", False)):
        assert ("走访记录.pdf" in read(client, getattr(cast, name), walk)) is sees, name


def test_earlier_rounds_are_folded_and_kept(client, cast):
    walk = make_proposal(cast, ProposalStatus.COORDINATION)
    text = read(client, cast.lin, walk)
    assert "第 2 轮办理" in text
    assert re.search(r'<details class="card fold past"><summary class="card-h"><h2>第 1 轮办理', text)


def test_a_released_place_is_its_own_units_and_the_congresss(client, cast):
    walk = make_proposal(cast, ProposalStatus.REPLIED)  # the co place did not answer: released
    assert "未提交会办意见" in read(client, cast.su, walk)
    assert "未提交会办意见" in read(client, cast.gao, walk)
    units = read(client, cast.lin, walk).split('id="un"')[1].split("</section>")[0]
    assert "市财政局" not in units


def test_html_in_every_field_is_text(client, cast):
    nasty = "<script>alert(1)</script>"
    text = {"title": nasty, "situation": nasty, "analysis": nasty, "points": [nasty]}
    walk = make_proposal(cast, ProposalStatus.HANDLING, text=text)
    walk.sign(answers=[{"state": "done", "text": nasty}], opening=nasty)
    walk.rate("dissatisfied", words=nasty)
    for name in ("lin", "su", "chen"):
        page = read(client, getattr(cast, name), walk)
        assert nasty not in page and "&lt;script&gt;" in page


# --- Cost ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", INSIDERS + UNITS)
def test_queries_are_bounded(client, cast, who, django_assert_max_num_queries):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept("finance").opinion()
    due = timezone.localdate().replace(day=1) + timedelta(days=400)
    promise = {"what": "建成食堂 12 个", "owner": "养老科", "promised_on": due.isoformat()}
    walk.sign(reply_class="planned", planned_commitments=[promise] * 3)
    for _ in range(5):
        walk.contact()
    user = getattr(cast, who)
    read(client, user, walk)
    with django_assert_max_num_queries(12):
        client.get(url(walk))


# --- Parts ---------------------------------------------------------------------------------------------


def test_lights_agree_with_their_ranges(cast):
    rules, today = load_rules(cast.congress.pk), timezone.localdate()
    for days in range(-3, 40):
        due = today + timedelta(days=days)
        within = [
            colour
            for colour in lights.LABELS
            if (first := lights.light_range(colour, today, rules)) and _is_in(due, *first)
        ]
        assert within == [lights.light_of(due, today, rules)]


def _is_in(day, first, last):
    return (first is None or first <= day) and (last is None or day <= last)


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s != ProposalStatus.WITHDRAWN])
def test_steps_have_one_present(cast, status):
    from proposals.access import Sight

    proposal = make_proposal(cast, status).proposal
    for sight in (Sight(is_proposer=True), Sight()):
        states = [step.state for step in steps_of(proposal, sight)]
        assert states.count("now") == (0 if status == ProposalStatus.CLOSED else 1)
        assert states == sorted(states, key=["done", "now", ""].index)


def phone_pages(walk, key):
    """The pages on which the unit of a place looks for the deputy's number: {name: address}."""
    place = walk.place(key)
    return {
        "case": url(walk),
        "contact": reverse("proposals:place_action", args=[place.pk, "log_contact"]),
        "reply": reverse("proposals:reply", args=[place.pk]),
    }


def test_the_unit_of_an_open_place_can_call_the_deputy(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    phone = walk.proposal.lead.phone
    pages = phone_pages(walk, "civil")
    client.force_login(cast.chen)
    for name, address in pages.items():
        html = client.get(address).content.decode()
        assert f'href="tel:{phone}"' in html, name
        assert (f">{phone}<" in html) is (name != "case"), name
        assert ("****" in html) is (name != "contact"), name
    for name in ("su", "lin", "luo", "tang"):
        assert phone not in read(client, getattr(cast, name), walk), name


def test_no_number_of_a_hidden_deputy_nor_after_the_end(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept()
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    phone = walk.proposal.lead.phone
    client.force_login(cast.chen)
    for name, address in phone_pages(walk, "civil").items():
        assert phone not in client.get(address).content.decode(), name
    assert phone not in read(client, cast.chen, make_proposal(cast, ProposalStatus.CLOSED))


@pytest.mark.parametrize("status", [ProposalStatus.REPLIED, ProposalStatus.DISPUTED])
def test_the_unit_that_has_answered_calls_the_deputy_still(client, cast, status):
    """办后沟通; whether the rating was bad must not show in it. Who was let go needs the number no more."""
    walk = make_proposal(cast, status)
    phone = walk.proposal.lead.phone
    client.force_login(cast.chen)
    pages = phone_pages(walk, "civil")
    for name in ("case", "contact"):
        assert f'href="tel:{phone}"' in client.get(pages[name]).content.decode(), name
    assert phone not in read(client, cast.gao, walk)
