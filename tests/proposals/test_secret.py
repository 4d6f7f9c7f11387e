"""涉密件: a number and 线下办理. No field for words, no way to find one, nobody but the congress knows of it."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, Role
from proposals.models import AppendOnly, NumberSequence, SecretEvent, SecretStub
from proposals.status import ProposalStatus
from tests.cast import PEOPLE, TEXT, Walk, make_proposal

from .told import plain

pytestmark = pytest.mark.django_db
PAGE = "/work/secret/"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def fields(cast, *, session=None, **more):
    series = f"{cast.congress.pk}-{session.pk if session else 0}"
    return {"series": series, "on": timezone.localdate().isoformat(), "request_id": uuid.uuid4()} | more


def registered(cast, who="su", **more):
    """A stub registered through the page."""
    response = client_of(cast.people[who]).post(PAGE, fields(cast, **more))
    assert response.status_code == 302, response.content.decode()[:3000]
    return SecretStub.objects.latest("pk")


def marked(cast, stub, *, closed=1, user=None, request_id=None):
    data = {"closed": closed, "request_id": request_id or uuid.uuid4()}
    return client_of(user or cast.su).post(f"{PAGE}{stub.pk}/", data)


# --- Registering ------------------------------------------------------------------------------------------


def test_it_takes_the_next_number_of_the_common_series(cast):
    year = timezone.localdate().year
    first = make_proposal(cast, "filed").proposal.number
    stub = registered(cast)
    second = make_proposal(cast, "filed").proposal.number
    assert [first, stub.number, second] == [f"{year}-闭00{number}" for number in (1, 2, 3)]


def test_at_a_session_the_sessions_series(cast):
    now = timezone.now()
    walk = Walk(cast, now=now, text=TEXT | {"source": "session", "session": cast.session}).submit().file()
    assert walk.proposal.number == "2026-001"
    assert registered(cast, session=cast.session).number == "2026-002"


def test_nothing_but_date_and_series_can_be_typed(cast):
    """Whatever else is sent along is kept nowhere."""
    stub = registered(
        cast, title="某涉密标题", unit="某单位", words="某内容", registered_by="某人", number="9"
    )
    assert (stub.registered_by, stub.closed_on) == ("苏婉仪", None)
    for model in (SecretStub, SecretEvent):
        room = models.TextField | models.FileField | models.JSONField
        assert not [field.name for field in model._meta.fields if isinstance(field, room)]
    page = client_of(cast.su).get(PAGE).content.decode()
    assert "<textarea" not in page and 'type="file"' not in page and 'type="text"' not in page
    assert "标题、代表、承办单位、内容、附件一律不录入" in page
    for words in ("某涉密标题", "某单位", "某内容", "某人"):
        assert words not in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"on": ""}, "请填写登记日期。"),
        ({"on": "\x00"}, "日期写成"),
        ({"on": "今天"}, "日期写成"),
        ({"on": "2001-01-01"}, "登记日期太早"),
        ({"on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "不能晚于今天"),
        ({"series": "999999-0"}, "没有这个选项"),
        ({"series": "\x00" * 5000}, "没有这个选项"),
        ({"request_id": "x"}, ""),
    ],
)
def test_bad_input_is_said_and_takes_no_number(cast, more, words):
    response = client_of(cast.su).post(PAGE, fields(cast, **more))
    assert response.status_code == 422 and words in response.content.decode()
    assert not SecretStub.objects.exists() and not NumberSequence.objects.exists()


def test_another_congress_is_no_choice(cast):
    other = f"{cast.stranger.congress.pk}-0"
    assert client_of(cast.su).post(PAGE, fields(cast, series=other)).status_code == 422
    assert "溪山" not in client_of(cast.su).get(PAGE).content.decode()


def test_the_same_form_twice_is_one_stub(cast):
    request_id = uuid.uuid4()
    registered(cast, request_id=request_id)
    registered(cast, request_id=request_id)
    assert SecretStub.objects.count() == 1
    assert NumberSequence.objects.get(series__endswith="闭").last == 1


def test_the_same_form_at_the_same_time_is_one_stub_too(cast, monkeypatch):
    """The second looks before the first has written, and is stopped by the database."""
    from proposals import secret

    request_id = uuid.uuid4()
    first = registered(cast, request_id=request_id)
    look, looks = secret._done_before, iter([None])
    monkeypatch.setattr(secret, "_done_before", lambda key: next(looks, look(key)))
    data = {"session": None, "on": timezone.localdate(), "actor": cast.su, "request_id": request_id}
    assert secret.register(cast.congress, **data) == first
    assert SecretStub.objects.count() == 1 and NumberSequence.objects.get().last == 1


def test_a_number_is_never_given_twice(cast):
    stub = registered(cast)
    with pytest.raises(IntegrityError):
        SecretStub.objects.create(
            congress=cast.congress, number=stub.number, registered_on="2026-01-01", registered_by="x"
        )


# --- 办结 --------------------------------------------------------------------------------------------------


def test_marking_it_done_and_taking_that_back_is_kept_as_history(cast):
    stub = registered(cast)
    assert marked(cast, stub).status_code == 302
    stub.refresh_from_db()
    assert stub.closed_on == timezone.localdate()
    assert marked(cast, stub, closed=0).status_code == 302
    stub.refresh_from_db()
    assert stub.closed_on is None
    found = list(stub.events.values_list("action", "actor_name", "actor_id_then"))
    assert found == [(action, "苏婉仪", cast.su.pk) for action in ("register", "close", "reopen")]
    page = plain(client_of(cast.su).get(PAGE))
    assert "苏婉仪登记" in page and "苏婉仪办结" in page and "苏婉仪撤销办结" in page


def test_twice_the_same_mark_leaves_one_line(cast):
    stub, request_id = registered(cast), uuid.uuid4()
    marked(cast, stub, request_id=request_id)
    marked(cast, stub, request_id=request_id)
    marked(cast, stub)
    assert stub.events.count() == 2
    marked(cast, stub, closed=0)
    marked(cast, stub, request_id=request_id)  # the old form once more
    stub.refresh_from_db()
    assert stub.closed_on is None and stub.events.count() == 3


def test_history_is_neither_changed_nor_removed(cast):
    event = registered(cast).events.get()
    event.actor_name = "别人"
    for attempt in (event.save, event.delete, SecretEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        SecretEvent.objects.update(actor_name="别人")


@pytest.mark.parametrize("request_id", ["", "x", "\x00"])
def test_a_mark_without_a_number_of_its_form_is_refused(cast, request_id):
    stub = registered(cast)
    response = client_of(cast.su).post(f"{PAGE}{stub.pk}/", {"closed": 1, "request_id": request_id})
    assert response.status_code == 400 and stub.events.count() == 1


# --- Who knows of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"su"}))
def test_only_the_office_has_the_page(cast, who):
    stub = registered(cast)
    client = client_of(cast.people[who])
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, fields(cast)).status_code == 404
    assert marked(cast, stub, user=cast.people[who]).status_code == 404
    assert SecretStub.objects.count() == stub.events.count() == 1
    assert "涉密件登记" not in client.get("/me/").content.decode()


def test_the_neighbours_office_finds_nothing(cast):
    stub = registered(cast)
    assert stub.number not in client_of(cast.stranger.liaison).get(PAGE).content.decode()
    assert marked(cast, stub, user=cast.stranger.liaison).status_code == 404
    assert marked(cast, stub, user=cast.stranger.liaison, request_id="x").status_code == 404


def test_who_holds_another_role_elsewhere_registers_for_the_own_office_alone(cast):
    """Liaison here, committee there: seen in both registries, handled here only."""
    theirs = SecretStub.objects.create(
        congress=cast.stranger.congress, number="2026-闭900", registered_on="2026-01-05", registered_by="外县"
    )
    committee = cast.committee.__class__.objects.create(congress=cast.stranger.congress, name="外县专委会")
    Grant.objects.create(
        user=cast.su, role=Role.COMMITTEE, congress=cast.stranger.congress, committee=committee
    )
    assert theirs.number not in client_of(cast.su).get(PAGE).content.decode()
    assert marked(cast, theirs).status_code == 404
    assert theirs.number in client_of(cast.su).get("/registry/").content.decode()


@pytest.mark.parametrize("who", ["su", "jiang", "luo"])
def test_the_congress_reads_it_in_the_registry_counted_apart(cast, who):
    make_proposal(cast, "filed")
    stub = registered(cast)
    response = client_of(cast.people[who]).get("/registry/")
    page = plain(response)
    assert f"涉密件 1 件 线下办理，不计入上面的件数 编号 建议 登记日期 状态 {stub.number} 线下办理" in page
    assert response.context["page"].paginator.count == 1
    marked(cast, stub)
    assert "没有办结" not in plain(client_of(cast.people[who]).get("/registry/"))


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"su", "jiang", "luo", "admin"}))
def test_nobody_else_does(cast, who):
    stub = registered(cast)
    page = client_of(cast.people[who]).get("/registry/").content.decode()
    assert stub.number not in page and "涉密" not in page


def test_nothing_finds_it(cast):
    stub = registered(cast)
    client = client_of(cast.su)
    queries = [
        {"words": stub.number},
        {"words": "线下办理"},
        {"words": stub.number[5:]},
        {"source": "recess"},
    ]
    queries += [{"filed_from": "2020-01-01"}, {"status": ProposalStatus.FILED}, {"status": "nonsense"}]
    for query in queries:
        page = client.get("/registry/", query)
        results = page.content.decode().partition('id="results"')[2]
        assert page.context["stubs"] == [] and "涉密件 " not in results, query
    for path in ("/work/", "/overview/", f"/search/?words={stub.number}"):
        page = client.get(path, follow=True).content.decode().partition('id="results"')
        assert "线下办理" not in (page[2] or page[0]), path


def test_visitors_never_hear_of_it(cast):
    cast.congress.is_public = True
    cast.congress.save()
    stub = registered(cast)
    for path in ("/public/lanjiang/", f"/public/lanjiang/?words={stub.number}", "/sitemap-lanjiang.xml"):
        page = Client().get(path).content.decode()
        assert "涉密" not in page and "线下办理" not in page
    assert Client().get(f"/public/lanjiang/{stub.number}/").status_code == 404
    assert Client().get(PAGE)["Location"].startswith("/login/")


def test_the_administration_reads_and_changes_nothing(cast):
    stub = registered(cast)
    client = client_of(cast.admin)
    change = reverse("admin:proposals_secretstub_change", args=[stub.pk])
    page = client.get(change)
    assert page.status_code == 200 and stub.number in page.content.decode()
    assert 'name="number"' not in page.content.decode() and 'name="_save"' not in page.content.decode()
    assert client.post(change, {"number": "1", "closed_on": "2026-01-01"}).status_code in (403, 404)
    assert client.get(reverse("admin:proposals_secretstub_add")).status_code in (403, 404)
    delete = client.post(reverse("admin:proposals_secretstub_delete", args=[stub.pk]), {"post": "yes"})
    assert delete.status_code in (403, 404)
    stub.refresh_from_db()
    assert stub.closed_on is None
    assert client_of(cast.stranger.admin).get(change).status_code == 404


def test_the_pages_cost_at_most_twelve_queries(cast, django_assert_max_num_queries):
    for _ in range(4):
        registered(cast)
    make_proposal(cast, "handling")
    client = client_of(cast.su)
    client.get("/registry/")  # keeps rules and choices for a while, and writes the session once
    for path in (PAGE, "/registry/"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
