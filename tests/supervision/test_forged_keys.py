"""Keys beyond any database's numbers in the forms of topics, activities and committees: no choice, never an error."""

import pytest
from django.test import Client

from supervision.models import Finding

from .acting import Acting
from .topical import decided

pytestmark = pytest.mark.django_db

BIG = "7" * 30


def office(cast):
    client = Client()
    client.force_login(cast.su)
    return client


@pytest.mark.parametrize("name", ["leaders", "committees", "units", "deputies"])
def test_a_plan_of_an_activity(cast, name):
    acting = Acting(cast)
    assert acting.post("su", acting.plan_path, **acting.fields(**{name: [BIG]})).status_code == 422


@pytest.mark.parametrize(
    ("action", "field"), [("add_step", "who"), ("sides", "deputies"), ("remove_case", "case")]
)
def test_an_action_on_a_topic(cast, action, field):
    topic = decided(cast)
    path = f"/topics/{topic.pk}/{action}/"
    assert office(cast).post(path, {field: [BIG], "version": topic.version}).status_code == 422


def test_what_a_committee_answers_for(cast):
    data = {"committee": cast.committee.pk, "categories": [BIG]}
    assert office(cast).post("/committee/fields/", data).status_code == 422


def test_a_finding_and_who_came(cast):
    acting = Acting(cast)
    activity = acting.held()
    path = f"/findings/{Finding.objects.get().pk}/give/"
    assert acting.post("su", path, unit=BIG, due_on=acting.workday(20)).status_code == 422
    acting.step("su", activity, "hold", status=422, on=activity.on, words="看过。", came=[BIG])
    acting.step("su", activity, "hold", status=422, on=activity.on, words="看过。", came=[BIG], version=BIG)
