"""Where something is late, 催办 is one click away, and leads back to the page from which it was asked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from supervision.models import Topic, TopicCase, TopicState
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db


def late_case(cast):
    long_ago = timezone.now() - timedelta(days=400)
    return make_proposal(cast, "filed", now=long_ago).dispatch().proposal


def page(cast, who, address):
    client = Client()
    client.force_login(cast.people[who])
    return client.get(address).content.decode()


def test_from_a_leaders_page(cast):
    proposal = late_case(cast)
    assert f"/urge/?case={proposal.pk}&amp;next=/leader/" in page(cast, "luo", "/leader/")
    assert "/urge/?case=" not in page(cast, "gov", "/leader/")


def test_from_the_page_of_a_key_topic(cast):
    proposal = late_case(cast)
    topic = Topic.objects.create(
        congress=cast.congress,
        year=timezone.localdate().year,
        title="社区养老",
        reason="反映集中",
        state=TopicState.DECIDED,
    )
    TopicCase.objects.create(topic=topic, proposal=proposal, year=topic.year)
    address = f"/topics/{topic.pk}/"
    assert f"/urge/?case={proposal.pk}&amp;next=%2Ftopics%2F{topic.pk}%2F" in page(cast, "su", address)
    assert "/urge/?case=" not in page(cast, "chen", address)
