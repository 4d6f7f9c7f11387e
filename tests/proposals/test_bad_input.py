"""Whatever is sent: a clear answer in Chinese, nothing lost that was typed, never an error of the server.

What belongs to one page alone is tried beside that page's tests (attachments, the reply editor, the writing form,
the registry); here every action's form and every address is tried with the same bad things.
"""

import datetime
import uuid
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from deputies.models import Delegation, Deputy
from institutions.models import Committee, Unit
from proposals import drafts
from proposals.attachments import attach, check_upload
from proposals.models import Assignment, Category, Clock, Commitment, Proposal, ProposalEvent
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, TABLE
from tests.cast import CONTACT, TEXT, Walk, make_proposal
from tests.proposals.actions.promised import promised, reported, verified
from tests.test_urls import routes

HUGE = "长" * 700_000  # about 2 MB
HTML = "<script>alert(1)</script><b onclick=x>\"'&"
RARE = "𠮷㛃👨‍👩‍👧"
CONTROL = "甲\x00\x07\x1b乙\u202e丙"


ROUTES = {PROPOSAL: "proposal_action", ASSIGNMENT: "place_action", COMMITMENT: "promise_action"}


class Form:
    """An action's form: how a case comes to it, who fills it in, what is valid, which fields hold text."""

    def __init__(self, code, actor, prepare, texts, unit="civil", **valid):
        self.code, self.actor, self.prepare = code, actor, prepare
        self.texts, self.unit, self.valid = texts, unit, valid

    def subject(self, walk):
        if TABLE[self.code].subject == COMMITMENT:
            return Commitment.objects.get(proposal=walk.proposal)
        if TABLE[self.code].subject == PROPOSAL:
            return Proposal.objects.get(pk=walk.proposal.pk)
        return walk.place(self.unit)

    def url(self, walk):
        kind = ROUTES[TABLE[self.code].subject]
        return reverse(f"proposals:{kind}", args=[self.subject(walk).pk, self.code])

    def fields(self, walk, **fields):
        """The valid form, changed by `fields`."""
        units = walk.cast.units
        valid = {
            name: units[value].pk if name == "lead" else value() if callable(value) else value
            for name, value in self.valid.items()
        }
        known = {"version": self.subject(walk).version, "request_id": str(uuid.uuid4())}
        if self.code == "urge":  # its page shows all units ticked
            known["places"] = [place.pk for place in Assignment.objects.filter(proposal=walk.proposal)]
        return known | valid | fields

    def post(self, walk, **fields):
        client = client_of(walk.cast.people[self.actor])
        return client.post(self.url(walk), self.fields(walk, **fields))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def state(status):
    return lambda cast: make_proposal(cast, status)


def accepted(cast):
    return make_proposal(cast, "handling").accept("civil").accept("finance")


def signing(cast):
    walk = accepted(cast).contact().write_reply()
    return walk.do("draft_reply", cast.chen, walk.place("civil"))


def walk_to(reach, **options):
    """A case whose promise came so far."""
    return lambda cast: reach(cast, closed=True, **options)[0]


def after(status, *steps):
    """A case in a state, and what was done on it since: (action, who, fields, unit or None)."""

    def prepare(cast):
        walk = make_proposal(cast, status)
        for code, who, fields, unit in steps:
            walk.do(code, cast.people[who], walk.place(unit) if unit else None, **fields)
        return walk

    return prepare


def in_days(number):
    return lambda: (timezone.localdate() + datetime.timedelta(days=number)).isoformat()


def today():
    return timezone.localdate().isoformat()


URGED = ("urge", "su", {"words": "请抓紧。"}, None)
INSTRUCTED = ("instruct", "luo", {"words": "请抓紧。"}, None)
TAKEN = ("take_over", "jiang", {"reason": "本委年度重点。"}, None)
FORMS = [
    Form("return", "su", state("submitted"), ["reason"], reason="请改。"),
    Form("decline", "su", state("submitted"), ["reason"], reason="个人事务。", outcome="letter"),
    Form("assign", "su", state("filed"), ["words", "early_reason"], lead="civil"),
    Form("urge", "su", state("handling"), ["words"], words="请抓紧。"),
    Form("order_redo", "su", state("disputed"), ["reason"], lead="civil", cause="other", reason="重办。"),
    Form("close_disputed", "su", state("disputed"), ["reason"], reason="已尽责。"),
    Form("settle", "su", state("coordination"), ["record"], record="已开会协调。"),
    Form("log_contact", "chen", accepted, ["people", "words"], **CONTACT, on=today),
    Form("note_progress", "chen", accepted, ["words"], words="已开工。"),
    Form(
        "give_opinion", "gao", accepted, ["words", "doc_no", "contact_person", "contact_phone"], "finance",
        words="已列预算。",
    ),
    Form("rework", "fang", signing, ["reason"], reason="第 1 条没写日期。"),
    Form("rate", "lin", state("replied"), ["words"], attitude="satisfied", result="dissatisfied", words="没开餐。"),
    Form("report_progress", "chen", walk_to(promised), ["words"], words="已建成 1 处。"),
    Form("move_date", "chen", walk_to(promised), ["words"], promised_on=in_days(150), words="管线要先加固。"),
    Form("verify", "su", walk_to(reported), ["words"], outcome="kept", words="看过，都在开餐。"),
    Form("confirm", "lin", walk_to(verified), ["words"], outcome="kept"),
    Form("confirm", "lin", walk_to(verified), ["words"], outcome="broken", words="没有开餐。"),
    Form("explain_promise", "chen", walk_to(verified, outcome="broken"), ["words"], words="资金没有到位。"),
    Form("reopen_promise", "su", walk_to(verified, outcome="broken"), ["reason"], promised_on=in_days(90),
         reason="约定补建。"),
    Form("settle_look_back", "su", walk_to(verified, outcome="partly"), ["words"], words="并入明年计划。"),
    Form("answer_urge", "chen", after("handling", URGED), ["words"], words="本周开工。"),
    Form("instruct", "luo", state("handling"), ["words"], words="请主要负责同志领办。"),
    Form("answer_instruct", "chen", after("handling", INSTRUCTED), ["words"], words="已开会部署。"),
    Form("mark_instruct", "su", after("handling", INSTRUCTED), ["words"], mark="done"),
    Form("report", "su", state("handling"), ["words"], leader=lambda: User.objects.get(username="luo").pk,
         words="请定由谁牵头。"),
    Form("comment", "jiang", state("handling"), ["words"], words="选址要听居民意见。"),
    Form("join_oversight", "jiang", state("handling"), ["reason"]),
    Form("take_over", "jiang", state("handling"), ["reason"], reason="本委年度重点。"),
    Form("hand_back", "jiang", after("handling", TAKEN), ["reason"], reason="督办完毕。"),
]  # fmt: skip
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)


def events(walk):
    return ProposalEvent.objects.filter(proposal=walk.proposal).count()


# --- Every text field of every action -----------------------------------------------------------------------


@pytest.mark.django_db
@EACH_FORM
def test_two_megabytes_are_refused_politely_and_kept(cast, form):
    walk = form.prepare(cast)
    before = events(walk)
    for name in form.texts:
        page = form.post(walk, **{name: HUGE})
        html = page.content.decode()
        assert page.status_code == 422, name
        assert HUGE in html, name
        assert "您写了 700000 字，请删减后再提交" in html, name
    assert events(walk) == before


@pytest.mark.django_db
def test_two_megabytes_as_browsers_send_them(cast):
    """A form without files arrives percent-encoded, three times as long."""
    form = FORMS[0]
    walk = form.prepare(cast)
    body = urlencode(form.fields(walk, reason=HUGE))
    page = client_of(cast.su).post(
        form.url(walk), body, content_type="application/x-www-form-urlencoded"
    )  # fmt: skip
    assert page.status_code == 422
    assert HUGE in page.content.decode()


@pytest.mark.django_db
@EACH_FORM
def test_rare_characters_markup_and_control_characters(cast, form):
    """Taken as they are typed, without control characters, and never as markup."""
    walk = form.prepare(cast)
    before = events(walk)
    fields = dict.fromkeys(form.texts, f"{RARE}{HTML[:25]}{CONTROL}")
    if "contact_phone" in fields:
        fields["contact_phone"] = f"{CONTROL}88661032"  # at most 40 characters
    if form.code == "assign":
        fields.pop("early_reason")
    page = form.post(walk, **fields)
    assert page.status_code == 302, page.content.decode()[:3000]
    assert events(walk) == before + 1
    shown = client_of(cast.su).get(reverse("proposals:case", args=[walk.proposal.pk])).content.decode()
    assert "<script>alert(1)" not in shown
    assert "\x00" not in shown
    assert "\u202e" not in shown
    latest = ProposalEvent.objects.filter(proposal=walk.proposal).latest("seq")
    assert CONTROL not in str(latest.payload) + latest.words


@pytest.mark.django_db
@EACH_FORM
def test_only_spaces_or_control_characters_are_nothing(cast, form):
    """A required text cannot be filled with what nobody sees."""
    walk = form.prepare(cast)
    before = events(walk)
    required = [name for name in form.texts if name in form.valid]
    for blank in ("", " 　\n\t ", "\x00\x07\u202e"):
        for name in required:
            assert form.post(walk, **{name: blank}).status_code == 422, (name, blank)
    assert events(walk) == before


@pytest.mark.django_db
@EACH_FORM
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "abc"), ("version", "-1"), ("version", "9" * 40), ("version", "1.5"), ("version", "\x00"),
        ("request_id", "nonsense"), ("request_id", "\x00"), ("request_id", "0" * 400),
    ],
)  # fmt: skip
def test_versions_and_numbers_of_requests_that_are_none(cast, form, name, value):
    """Refused with the text kept, as a stale page is; never carried out on a version nobody has seen."""
    walk = form.prepare(cast)
    before = events(walk)
    page = form.post(walk, **{name: value})
    assert page.status_code in (302, 409, 422)
    if page.status_code == 302:
        row = TABLE[form.code]
        assert row.keeps_version and not row.checks_version and name == "version"
        return
    assert events(walk) == before
    for text in form.texts:
        assert str(form.valid.get(text, "")) in page.content.decode()


@pytest.mark.django_db
@EACH_FORM
def test_choices_that_are_none(cast, form):
    """Values outside the offered ones, wherever the form has a choice."""
    walk = form.prepare(cast)
    before = events(walk)
    choices = {
        "outcome",
        "stage",
        "mode",
        "attitude",
        "result",
        "lead",
        "on",
        "promised_on",
        "mark",
        "leader",
    }
    for name in set(form.valid) & choices:
        for value in ("nonsense", "\x00", "9" * 40, "-1", HTML):
            page = form.post(walk, **{name: value})
            assert page.status_code == 422, (name, value)
            assert "<script>alert" not in page.content.decode()
    assert events(walk) == before


# --- Addresses ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 10**9, 2**63, 10**30])
def test_numbers_in_addresses_that_nothing_has(cast, number):
    client = client_of(cast.su)
    for name, arguments in routes().items():
        if "pk" not in arguments:
            continue
        kwargs = {key: number if key == "pk" else "urge" for key in arguments}
        if name == "proposals:place_action":
            kwargs["action"] = "accept"
        address = reverse(name, kwargs=kwargs)
        for method in (client.get, client.post):
            assert method(address).status_code in (302, 404, 405), address


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_methods_that_no_page_has(cast, method):
    walk = make_proposal(cast, "handling")
    before = events(walk)
    client = client_of(cast.su)
    for name, arguments in routes().items():
        values = {"pk": walk.proposal.pk, "action": "urge", "day": "2026-03-02"}
        values |= {"code": "lanjiang", "section": "lanjiang", "number": walk.proposal.number}
        values |= {"kind": "reply", "figure": "received", "name": "decide"}
        address = reverse(name, kwargs={key: values[key] for key in arguments})
        assert getattr(client, method)(address).status_code in (200, 302, 404, 405, 422), address
    assert events(walk) == before


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\x00", "9" * 40, "-1", "abc", HTML, "𠮷" * 500, "%", "'; --"])
def test_questions_in_addresses_that_make_no_sense(cast, value):
    """Filters, pages and words of every list: left out or told, never an error, never echoed as markup."""
    make_proposal(cast, "replied")
    asked = {
        cast.su: {
            "/work/": ["queue", "page", "words", "delegation", "category", "source", "range", "sort"],
            "/registry/": [
                "words", "status", "session", "unit", "delegation", "deputy", "category", "light", "reply_class",
                "result", "attitude", "source", "role", "due_from", "due_to", "page", "size", "sort",
            ],
            "/search/": ["words"],
            "/work/assign/": ["case"],
            "/notices/": ["page"],
            "/notices/digests/": ["page"],
        },
        cast.chen: {"/inbox/": ["tab", "q", "role", "step", "light", "unit", "page", "tick"]},
        cast.lin: {"/my/": ["tab", "page"], "/registry/": ["words", "deputy", "page"]},
    }  # fmt: skip
    for user, addresses in asked.items():
        client = client_of(user)
        for address, names in addresses.items():
            for name in names:
                page = client.get(address, {name: value}, follow=True)
                assert page.status_code in (200, 404), f"{address} {name}"
                assert "<script>alert" not in page.content.decode(), f"{address} {name}"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-02-30", "nonsense", "9" * 20, "2026-1-1", "𠮷", "0000-00-00"])
def test_days_that_are_none(cast, day):
    assert client_of(cast.su).get(reverse("notifications:digest", args=[day])).status_code == 404


@pytest.mark.django_db
def test_forged_actions(cast):
    """Words that are no action, actions of the system, actions on the wrong kind of thing."""
    walk = make_proposal(cast, "replied")
    place, before = walk.place("civil"), events(walk)
    client = client_of(cast.su)
    for path in (
        f"/proposals/{walk.proposal.pk}/approve/",
        f"/proposals/{walk.proposal.pk}/recompute/",
        f"/proposals/{walk.proposal.pk}/accept/",
        f"/assignments/{place.pk}/mark_silent/",
        f"/assignments/{place.pk}/file/",
        f"/assignments/{place.pk}/-/",
    ):
        for method in (client.get, client.post):
            assert method(path).status_code == 404, path
    assert events(walk) == before


# --- Lists of forms -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\x00", "9" * 40, "-1", "abc", "1:abc", f"{10**30}:1", "1:2:3", HTML])
def test_batches_of_what_is_none(cast, value):
    make_proposal(cast, "filed")
    before = ProposalEvent.objects.count()
    for user, address, fields in (
        (cast.su, "/work/file/", {"case": [value], f"version-{value}": value}),
        (cast.su, "/work/assign/", {"case": [value], "do": value}),
        (cast.chen, "/inbox/accept/", {"place": [value], "request_id": value}),
        (cast.chen, "/inbox/accept/", {"one": value, "next": value}),
        (cast.su, "/notices/read/", {"newest": value, "page": value}),
    ):
        page = client_of(user).post(address, fields, follow=True)
        assert page.status_code in (200, 404, 422), address
        assert "<script>alert" not in page.content.decode()
    assert ProposalEvent.objects.count() == before


# --- Writing --------------------------------------------------------------------------------------------------


def write(cast, draft, **fields):
    known = {"title": draft.title, "situation": draft.situation, "analysis": draft.analysis,
             "point": draft.points, "draft_version": draft.draft_version, "do": "save"}  # fmt: skip
    return client_of(cast.lin).post(reverse("proposals:write", args=[draft.pk]), known | fields)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["title", "situation", "analysis", "point", "suggested_units", "invitee"])
def test_two_megabytes_in_a_proposal(cast, name):
    draft = drafts.create_draft(cast.deputies["lin"], **TEXT)
    page = write(cast, draft, **{name: HUGE, "do": "invite" if name == "invitee" else "submit"})
    assert page.status_code == 422
    assert HUGE in page.content.decode()
    assert Proposal.objects.get().status == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("draft_version", "abc"), ("draft_version", "9" * 40), ("draft_version", "\x00"), ("request_id", "\x00"),
        ("do", "up-" + "9" * 40), ("do", "drop-abc"), ("do", "\x00"), ("do", "rm--1"), ("do", f"drop-{10**30}"),
        ("category", "9" * 40), ("category", "\x00"), ("session", HTML), ("source", "nonsense"),
        ("open_wanted", "\x00"),
    ],
)  # fmt: skip
def test_forged_fields_of_the_writing_form(cast, name, value):
    draft = drafts.create_draft(cast.deputies["lin"], **TEXT)
    page = write(cast, draft, **{name: value})
    assert page.status_code in (302, 409, 422)
    assert "<script>alert" not in page.content.decode()
    fresh = Proposal.objects.get()
    assert (fresh.title, fresh.points, fresh.status) == (TEXT["title"], TEXT["points"], "draft")


@pytest.mark.django_db
def test_names_of_two_hundred_characters(cast):
    """A deputy's name, people of a contact, a unit one wishes, a file: refused or cut, and said so."""
    name = "欧" * 200
    draft = drafts.create_draft(cast.deputies["lin"], **TEXT)
    page = write(cast, draft, invitee=name, do="invite")
    assert page.status_code == 422
    assert name in page.content.decode()
    upload = SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert write(cast, draft, files=upload).status_code == 302
    kept = draft.attachments.get().name
    assert kept.endswith(".pdf")
    assert len(kept) <= 150
    User.objects.filter(pk=cast.su.pk).update(name="欧" * User._meta.get_field("name").max_length)
    for address in ("/work/", "/me/", "/notices/"):
        assert client_of(User.objects.get(pk=cast.su.pk)).get(address).status_code == 200


# --- Markup in every name and text, on every page --------------------------------------------------------------


@pytest.mark.django_db
def test_markup_is_text_on_every_page(cast):
    """Names of people, units, committees, files and all that is written: shown as typed, run nowhere."""
    mark = "<script>alert(1)</script>"
    for model in (User, Unit, Deputy, Delegation, Committee, Category):
        model.objects.update(name=Concat("name", Value(mark)))
    cast.congress.office_name += mark
    cast.congress.save()
    for group in (cast.people, cast.units, cast.deputies, cast.categories):
        for row in group.values():
            row.refresh_from_db()
    text = {key: f"{value}{mark}" for key, value in TEXT.items() if key != "points"}
    text["points"] = [f"{point}{mark}" for point in TEXT["points"]]
    walks = [make_proposal(cast, status, text=text) for status in ("submitted", "filed", "replied")]
    walk = Walk(cast, text=text).submit().file().assign().accept("civil").accept("finance")
    walks.append(walk)
    on = timezone.localdate(walk.now)
    walk.do("log_contact", cast.chen, walk.place("civil"), on=on, **CONTACT | {"people": mark, "words": mark})
    walk.do("note_progress", cast.chen, walk.place("civil"), words=mark)
    walk.do("give_opinion", cast.gao, walk.place("finance"), words=mark, doc_no=mark)
    next_year = (on + datetime.timedelta(days=365)).isoformat()
    promise = {"what": mark, "promised_on": next_year, "owner": mark}
    walk.write_reply(opening=mark, reply_class="in_progress", doc_no=mark, planned_commitments=[promise])
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    walk.do("issue", cast.fang, walk.place("civil"))
    walk.rate("dissatisfied", words=mark)
    upload = SimpleUploadedFile("图<script>alert(1)<script>.pdf", b"%PDF-1.4\n%%EOF\n")
    attach(check_upload(upload), proposal=walk.proposal, user=cast.lin)
    for who in ("lin", "tang", "su", "chen", "gao", "fang", "jiang", "zhang", "admin"):
        client = client_of(cast.people[who])
        for address in addresses(walks):
            page = client.get(address, follow=True)
            if page.streaming:
                continue
            assert page.status_code in (200, 403, 404, 409), address
            assert mark not in page.content.decode(), f"{who} {address}"


def addresses(walks):
    """Lists, and every page that hangs on these cases."""
    found = [
        "/my/",
        "/overview/",
        "/registry/",
        "/inbox/",
        "/inbox/?tab=all",
        "/signing/",
        "/notices/",
        "/me/",
    ]
    found += [f"/work/?queue={queue}" for queue in ("review", "assign", "judge", "coordinate", "due")]
    found += ["/admin/accounts/user/", "/admin/institutions/unit/", "/admin/deputies/deputy/"]
    for walk in walks:
        for name in ("case", "write", "paper", "deliveries", "review", "judge"):
            found.append(reverse(f"proposals:{name}", args=[walk.proposal.pk]))
        for code in ("assign", "urge", "order_redo", "return"):
            found.append(reverse("proposals:proposal_action", args=[walk.proposal.pk, code]))
        for place in Assignment.objects.filter(proposal=walk.proposal):
            found += [
                reverse(f"proposals:{name}", args=[place.pk]) for name in ("reply", "reply_preview", "sign")
            ]
        found += [
            reverse("proposals:clock", args=[clock.pk])
            for clock in Clock.objects.filter(proposal=walk.proposal)
        ]
    return found
