"""本委: a committee's own field, what it answers for, following, and taking 督办 over."""

from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import Notice
from proposals.models import Waiting
from supervision.duties import open_duties
from supervision.models import CommitteeField, FieldChange, Follow
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db


def signed_in(cast, key):
    client = Client()
    client.force_login(cast.people[key])
    return client


@pytest.fixture
def field(cast):
    return CommitteeField.objects.create(committee=cast.committee, unit=cast.units["civil"])


def test_the_field_is_its_units_and_categories(cast, field):
    make_proposal(cast, "handling")
    other = make_proposal(cast, "filed").assign(education="lead")
    other.proposal.category = None
    other.proposal.save(update_fields=["category"])
    page = signed_in(cast, "jiang").get("/committee/")
    assert page.context["field"].counts["open"] == 1
    CommitteeField.objects.create(committee=cast.committee, unit=cast.units["education"])
    assert signed_in(cast, "jiang").get("/committee/").context["field"].counts["open"] == 2


@pytest.mark.parametrize(
    "queue", ["open", "late", "near", "silent", "disputed", "overseen", "following", "x"]
)
def test_every_queue_opens_at_a_fixed_cost(cast, field, queue, django_assert_max_num_queries):
    client = signed_in(cast, "jiang")
    client.get("/committee/")
    for _ in range(3):
        walk = make_proposal(cast, "handling").do("take_over", cast.jiang, reason="对口件")
        Follow.objects.create(user=cast.jiang, proposal=walk.proposal)
    with django_assert_max_num_queries(12):
        assert client.get("/committee/", {"queue": queue}).status_code == 200


def test_the_office_says_what_a_committee_answers_for(cast):
    client = signed_in(cast, "su")
    fields = {
        "committee": cast.committee.pk,
        "units": [cast.units["civil"].pk, cast.units["health"].pk],
        "categories": [cast.categories["社会建设"].pk],
    }
    assert client.post("/committee/fields/", fields).status_code == 302
    assert CommitteeField.objects.count() == 3
    assert client.post("/committee/fields/", fields | {"units": []}).status_code == 302
    assert [str(part) for part in CommitteeField.objects.all()] == ["社会建设"]
    first, second = FieldChange.objects.order_by("pk")
    assert (first.who, second.words) == ("苏婉仪", "去掉市民政局、市卫生健康委员会")
    client.post("/committee/fields/", fields | {"units": []})
    assert FieldChange.objects.count() == 2
    assert second.words in client.get("/committee/fields/").content.decode()
    bad = client.post("/committee/fields/", fields | {"units": [cast.stranger.unit.pk]})
    assert (bad.status_code, "单位有变动" in bad.content.decode()) == (422, True)
    assert client.post("/committee/fields/", {"committee": "7" * 30}).status_code == 404
    assert signed_in(cast, "jiang").get("/committee/fields/").status_code == 404


def test_a_follower_hears_of_the_main_steps(cast):
    walk = make_proposal(cast, "handling")
    client = signed_in(cast, "jiang")
    path = f"/follow/{walk.proposal.pk}/"
    for _ in range(2):
        assert client.post(path, {"follow": "1"}).status_code == 302
    assert Follow.objects.count() == 1
    walk.accept().sign()
    heard = Notice.objects.filter(user=cast.jiang, words__startswith="您关注的建议")
    assert [notice.words.split("：")[0] for notice in heard] == ["您关注的建议单位已答复"]
    assert str(walk.proposal) in client.get("/following/").content.decode()
    client.post(path, {"follow": "0"})
    walk.rate()
    assert heard.count() == 1


def test_who_does_not_read_the_whole_congress_follows_nothing(cast):
    walk = make_proposal(cast, "handling")
    for key in ("lin", "chen", "zhang"):
        assert signed_in(cast, key).post(f"/follow/{walk.proposal.pk}/", {"follow": "1"}).status_code == 404


def test_the_committee_that_took_over_hears_what_is_late(cast):
    walk = make_proposal(cast, "handling").do("take_over", cast.jiang, reason="对口件")
    assert not [duty for duty in open_duties() if duty.key.startswith("overseen")]
    late = Waiting.objects.filter(proposal=walk.proposal, queue="accept")
    late.update(due_on=walk.now.date() - timedelta(9))
    found = [duty for duty in open_duties() if duty.key.startswith("overseen")]
    assert {(duty.holder_kind, duty.holder_id) for duty in found} == {("committee", cast.committee.pk)}
