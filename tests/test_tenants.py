"""Two congresses full of alike data: nobody of one ever gets a byte of the other."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role, User
from core.calendars import load_calendar
from deputies.models import Delegation, Deputy, Session, Term
from institutions.models import Committee, Unit
from notifications.models import Notice
from proposals.attachments import attach, check_upload
from proposals.models import Assignment, Attachment, Category, Clock, Cosignature, Proposal, ProposalEvent
from proposals.status import AssignmentRole, ProposalStatus, ReplyClass, Satisfaction, Source
from supervision.digests import make_digests
from tests.cast import PEOPLE, TEXT, UNITS, Cast, Walk, build_cast, make_proposal, make_user

STATES = [
    ProposalStatus.SUBMITTED,
    ProposalStatus.FILED,
    ProposalStatus.HANDLING,
    ProposalStatus.REPLIED,
    ProposalStatus.DISPUTED,
    ProposalStatus.CLOSED,
]
# Stands in every text, name and file of 澜江市 and of 溪山县; the rest of their words is the same.
OURS, THEIRS = "澜字标", "溪字标"


def texts(mark):
    return {
        "title": f"{TEXT['title']}{mark}",
        "situation": f"{TEXT['situation']}{mark}",
        "analysis": f"{TEXT['analysis']}{mark}",
        "points": [f"{point}{mark}" for point in TEXT["points"]],
    }


def second_cast(ours):
    """The same people, units and deputies in 溪山县, every name with THEIRS at its end."""
    own = ours.stranger
    theirs = Cast(congress=own.congress, stranger=None)
    term = Term.objects.get(congress=own.congress)
    theirs.session = Session.objects.create(
        congress=own.congress, term=term, number=5, name=f"县十六届人大五次会议{THEIRS}", year=2026,
        opens_on=ours.session.opens_on, closes_on=ours.session.closes_on,
    )  # fmt: skip
    theirs.delegation = Delegation.objects.create(congress=own.congress, name=f"澜东代表团{THEIRS}")
    theirs.committee = Committee.objects.create(congress=own.congress, name=f"社会建设委员会{THEIRS}")
    theirs.units = {
        key: Unit.objects.create(congress=own.congress, name=f"{name}{THEIRS}") for key, name in UNITS.items()
    }
    theirs.categories = {
        name: Category.objects.create(congress=own.congress, name=f"{name}{THEIRS}")
        for name in ("社会建设", "教科文卫")
    }
    for number, key in enumerate(("lin", "tang", "xiao"), start=1):
        theirs.deputies[key] = Deputy.objects.create(
            congress=own.congress, term=term, delegation=theirs.delegation, card_no=f"16{number:04d}",
            name=f"{PEOPLE[key][0]}{THEIRS}", phone=f"1390000{number:04d}",
        )  # fmt: skip
    seats = {**theirs.units, **theirs.deputies, "social": theirs.committee, "east": theirs.delegation}
    for key, (name, role, target) in PEOPLE.items():
        user = make_user(f"xs-{key}", f"{name}{THEIRS}", email=f"xs-{key}@example.test")
        column = {"handler": "unit", "signer": "unit", "hub": "unit"}.get(role, role.removesuffix("_staff"))
        reference = {column: seats[target]} if target else {}
        Grant.objects.create(user=user, role=role, congress=own.congress, **reference)
        theirs.people[key] = user
    return theirs


def fill(cast, mark):
    """A case in each of STATES with a file in it, a draft, today's notices and digests."""
    walks = [make_proposal(cast, state, text=texts(mark)) for state in STATES]
    Walk(cast, text=texts(mark)).do("invite", cast.lin, deputy=cast.deputies["tang"])
    for walk in walks:
        upload = SimpleUploadedFile(f"报告{mark}.pdf", b"%PDF-1.4\n%%EOF\n")
        attach(check_upload(upload), proposal=walk.proposal, user=cast.lin)
    return walks


@pytest.fixture
def both(db):
    """(our cast, their cast), both full of data."""
    ours = build_cast()
    theirs = second_cast(ours)
    fill(ours, OURS)
    fill(theirs, THEIRS)
    make_digests(digest_day())
    return ours, theirs


def digest_day():
    """The next working day; on others no digests are made."""
    day, calendar = timezone.localdate(), load_calendar()
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def assert_clean(client, address, mark):
    """The whole answer, headers and redirections included, holds nothing of the other congress."""
    response = client.get(address, follow=True)
    assert response.status_code in (200, 403, 404), f"{address}: {response.status_code}"
    body = b"".join(response) if response.streaming else response.content
    assert mark not in body.decode("utf-8", "replace"), address
    assert mark not in str(response.headers), address
    return response


# --- Lists ------------------------------------------------------------------------------------------------

LISTS = [
    "/", "/my/", "/my/?tab=open", "/my/?tab=replied", "/my/?tab=ended", "/my/?tab=draft", "/overview/",
    "/work/?queue=review", "/work/?queue=assign", "/work/?queue=judge", "/work/?queue=coordinate",
    "/work/?queue=due", "/work/?queue=silent", "/work/?queue=review&words=助餐", "/work/assign/",
    "/inbox/", "/inbox/?tab=answered", "/inbox/?tab=all", "/inbox/?tab=all&q=助餐", "/signing/",
    "/notices/", "/notices/digests/", "/me/", "/search/?words=助餐",
]  # fmt: skip
REGISTRY = [
    "", "words=助餐", "words=助", "words=街道", "deputy=林秀芝", "sort=number", "sort=replied", "sort=filed&size=100",
    *(f"status={status.value}" for status in ProposalStatus), "status=being_rated",
    *(f"light={light}" for light in ("red", "orange", "yellow", "green")),
    *(f"role={role.value}" for role in AssignmentRole),
    *(f"reply_class={code.value}" for code in ReplyClass),
    *(f"result={code}" for code in (*Satisfaction.values, "silent")),
    *(f"attitude={code}" for code in Satisfaction.values),
    *(f"source={code}" for code in Source.values),
    *(f"{name}_from=2020-01-01&{name}_to=2099-12-31" for name in ("submitted", "filed", "due", "replied")),
]  # fmt: skip
READERS = ["lin", "su", "chen", "fang", "jiang", "zhang", "admin"]


@pytest.mark.parametrize("who", READERS)
def test_lists_hold_nothing_of_the_other(both, who):
    ours, theirs = both
    client = client_of(ours.people[who])
    for address in [
        *LISTS,
        f"/notices/digests/{digest_day()}/",
        *(f"/registry/?{query}" for query in REGISTRY),
    ]:
        assert_clean(client, address, THEIRS)
    client = client_of(theirs.people[who])
    for address in [*LISTS, "/registry/", "/registry/?words=助餐"]:
        assert_clean(client, address, OURS)


def test_there_is_something_to_be_found(both):
    """The lists above are not empty: each congress finds its own."""
    for cast, mark in zip(both, (OURS, THEIRS), strict=True):
        page = client_of(cast.su).get("/registry/?words=助餐").content.decode()
        assert page.count(f"{TEXT['title']}{mark}") >= len(STATES)


def test_filters_by_something_of_the_other_find_nothing(both):
    """Neither its rows nor its name: a filter by its unit, category, session or delegation is no choice."""
    ours, theirs = both
    foreign = {
        "unit": theirs.units["civil"], "category": theirs.categories["社会建设"],
        "session": theirs.session, "delegation": theirs.delegation,
    }  # fmt: skip
    for who in ("su", "chen", "lin"):
        client = client_of(ours.people[who])
        for name, row in foreign.items():
            assert_clean(client, f"/registry/?{name}={row.pk}", THEIRS)
            assert_clean(client, f"/work/?queue=review&{name}={row.pk}", THEIRS)
            assert_clean(client, f"/inbox/?{name}={row.pk}", THEIRS)


# --- Single things ----------------------------------------------------------------------------------------


def addresses_of(cast):
    """Every address that names a case, place, clock, file or notice of this congress."""
    found = []
    for proposal in Proposal.objects.filter(congress=cast.congress):
        names = ["case", "write", "similar", "paper", "deliveries", "review", "judge", "assign_effects"]
        found += [reverse(f"proposals:{name}", args=[proposal.pk]) for name in names]
    for place in Assignment.objects.filter(congress=cast.congress):
        found += [
            reverse(f"proposals:{name}", args=[place.pk]) for name in ("reply", "reply_preview", "sign")
        ]
    of_congress = {"proposal__congress": cast.congress}
    found += [reverse("proposals:clock", args=[pk]) for pk in _keys(Clock.objects.filter(**of_congress))]
    found += [
        reverse("proposals:attachment", args=[pk]) for pk in _keys(Attachment.objects.filter(**of_congress))
    ]
    return found


def _keys(rows):
    return rows.values_list("pk", flat=True)


@pytest.mark.parametrize("who", READERS)
def test_nothing_of_the_other_exists(both, who):
    ours, theirs = both
    client = client_of(ours.people[who])
    for address in addresses_of(theirs):
        response = client.get(address)
        assert response.status_code == 404, address
        assert THEIRS not in response.content.decode()


def test_own_pages_hold_nothing_of_the_other(both):
    """Case, clock, letter, similar ones: everything that names a case of one's own."""
    ours, _theirs = both
    for who in ("lin", "su", "chen"):
        client = client_of(ours.people[who])
        for address in addresses_of(ours):
            assert_clean(client, address, THEIRS)


def test_notices_of_others_cannot_be_opened(both):
    ours, theirs = both
    client = client_of(ours.lin)
    for notice in Notice.objects.filter(user__in=theirs.people.values()):
        assert client.get(reverse("notifications:notice", args=[notice.pk])).status_code == 404
        assert client.post(reverse("notifications:mark_read", args=[notice.pk])).status_code == 404
    client.post("/notices/read/", {"newest": 10**9})
    assert not Notice.objects.filter(user__in=theirs.people.values(), read_at__isnull=False).exists()


# --- Forms ------------------------------------------------------------------------------------------------


def events_of(cast):
    return ProposalEvent.objects.filter(proposal__congress=cast.congress).count()


def in_state(cast, status):
    return Proposal.objects.filter(congress=cast.congress, status=status).first()


def post(user, address, **fields):
    return client_of(user).post(address, {"request_id": uuid.uuid4(), **fields})


def test_units_of_the_other_are_no_choice(both):
    ours, theirs = both
    case, foreign = in_state(ours, "filed"), theirs.units["civil"]
    assign = reverse("proposals:proposal_action", args=[case.pk, "assign"])
    before = events_of(ours)
    for fields in (
        {"lead": foreign.pk},
        {"lead": ours.units["civil"].pk, "co": [foreign.pk]},
        {"separate": [ours.units["civil"].pk, foreign.pk]},
    ):
        response = post(ours.su, assign, version=case.version, **fields)
        assert response.status_code == 422
        assert THEIRS not in response.content.decode()
    disputed = in_state(ours, "disputed")
    redo = reverse("proposals:proposal_action", args=[disputed.pk, "order_redo"])
    fields = {"lead": foreign.pk, "cause": "other", "reason": "重办"}
    assert post(ours.su, redo, version=disputed.version, **fields).status_code == 422
    board = post(ours.su, "/work/assign/", **{"case": [case.pk], f"lead-{case.pk}": foreign.pk})
    assert THEIRS not in board.content.decode()
    effects = client_of(ours.su).get(f"/proposals/{case.pk}/effects/", {"lead": foreign.pk})
    assert THEIRS not in effects.content.decode()
    assert events_of(ours) == before


def test_categories_and_sessions_of_the_other_are_no_choice(both):
    ours, theirs = both
    case = in_state(ours, "submitted")
    category = theirs.categories["社会建设"]
    response = post(
        ours.su, f"/proposals/{case.pk}/file/", version=case.version, category=category.pk
    )  # fmt: skip
    assert response.status_code == 422
    assert THEIRS not in response.content.decode()
    draft = in_state(ours, "draft")
    fields = {"title": draft.title, "draft_version": draft.draft_version, "do": "save", "source": "session"}
    response = post(
        ours.lin, f"/proposals/{draft.pk}/write/", **fields, category=category.pk, session=theirs.session.pk
    )
    assert response.status_code == 422
    assert THEIRS not in response.content.decode()
    draft.refresh_from_db()
    assert draft.category.congress == ours.congress
    assert draft.session is None


def test_deputies_of_the_other_cannot_be_invited(both):
    ours, theirs = both
    draft = in_state(ours, "draft")
    name = theirs.deputies["xiao"].name
    response = post(ours.lin, f"/proposals/{draft.pk}/invite/", deputy=name)
    assert response.status_code == 422
    foreign = Cosignature.objects.filter(proposal__congress=theirs.congress).first()
    response = post(ours.lin, f"/proposals/{draft.pk}/drop/", cosignature=foreign.pk)
    assert response.status_code == 422
    assert not Cosignature.objects.filter(
        proposal__congress=ours.congress, deputy__congress=theirs.congress
    ).exists()


def test_batches_leave_rows_of_the_other_alone(both):
    ours, theirs = both
    before = events_of(theirs)
    review, filed = in_state(theirs, "submitted"), in_state(theirs, "filed")
    place = Assignment.objects.filter(congress=theirs.congress, status="pending").first()
    answers = [
        post(ours.su, "/work/file/", **{"case": [review.pk], f"version-{review.pk}": review.version}),
        post(ours.su, "/work/assign/", **{"case": [filed.pk], f"lead-{filed.pk}": ours.units["civil"].pk}),
        client_of(ours.su).get("/work/assign/", {"case": [filed.pk]}),
        post(ours.gao, "/inbox/accept/", place=[f"{place.pk}:{place.version}"]),
        post(ours.gao, "/inbox/accept/", one=f"{place.pk}:{place.version}"),
    ]
    for response in answers:
        assert THEIRS not in response.content.decode()
    assert events_of(theirs) == before


def test_whoever_serves_both_sees_both_and_acts_only_where_granted(both):
    """Liaison staff of one, handler of the other: a person with two grants, not a hole between tenants."""
    ours, theirs = both
    Grant.objects.create(
        user=ours.su, role=Role.HANDLER, congress=theirs.congress, unit=theirs.units["civil"]
    )
    user = User.objects.get(pk=ours.su.pk)
    page = client_of(user).get("/registry/?words=助餐&size=100").content.decode()
    assert OURS in page
    assert THEIRS in page
    filed = in_state(theirs, "filed")
    assert client_of(user).get(reverse("proposals:case", args=[filed.pk])).status_code == 404
    handled = in_state(theirs, "handling")
    urge = f"/proposals/{handled.pk}/urge/"
    assert post(user, urge, version=handled.version, words="请抓紧").status_code == 403


# --- Administration ---------------------------------------------------------------------------------------


def admin_lists():
    return [(admin, reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist"))
            for m, admin in site._registry.items()]  # fmt: skip


def test_lists_and_forms_of_the_administration_hold_nothing_of_the_other(both):
    ours, _theirs = both
    client = client_of(ours.admin)
    assert_clean(client, "/admin/", THEIRS)
    for admin, address in admin_lists():
        assert_clean(client, address, THEIRS)
        assert_clean(client, f"{address}add/", THEIRS)
        if admin.search_fields:
            assert_clean(client, f"{address}?q=林", THEIRS)
    for user in ours.people.values():
        assert_clean(client, reverse("admin:accounts_user_change", args=[user.pk]), THEIRS)


def test_rows_of_the_other_do_not_exist_for_the_administrator(both):
    ours, theirs = both
    client = client_of(ours.admin)
    rows = [
        *theirs.people.values(), *theirs.units.values(), *theirs.deputies.values(),
        *theirs.categories.values(), theirs.delegation, theirs.committee, theirs.session, theirs.congress,
    ]  # fmt: skip
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        for page in ("change", "history", "delete"):
            response = client.get(reverse(f"{name}_{page}", args=[row.pk]), follow=True)
            assert response.status_code in (403, 404), f"{row!r} {page}: {response.status_code}"
            assert THEIRS not in response.content.decode()


def test_autocompletion_offers_nothing_of_the_other(both):
    ours, _theirs = both
    client = client_of(ours.admin)
    tried = 0
    for model, admin in site._registry.items():
        for holder in [admin, *(inline(model, site) for inline in admin.inlines)]:
            for field in holder.autocomplete_fields:
                of = holder.model._meta
                query = {"app_label": of.app_label, "model_name": of.model_name, "field_name": field}
                response = client.get("/admin/autocomplete/", query | {"term": ""})
                assert response.status_code in (200, 403)
                assert THEIRS not in response.content.decode()
                assert THEIRS.encode("unicode_escape") not in response.content
                tried += 1
    assert tried
