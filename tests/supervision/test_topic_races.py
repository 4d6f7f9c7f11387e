"""Two people at the same moment: one case into two topics, one form twice, two topics changing places."""

import threading
import uuid

import pytest
from django.db import connection, connections

from proposals.workflow.errors import Refused
from supervision.models import Topic, TopicCase, TopicEvent
from supervision.topic_actions import ROWS
from supervision.topics import perform, propose
from tests.cast import build_cast
from tests.supervision.topical import DECISION, REASON, case_of, decided, named

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """Run the calls on connections of their own at the same moment; returns their results or refusals in order."""
    barrier, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait(timeout=20)
            found[place] = call()
        except Refused as refused:
            found[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    connection.close()
    return found


def refusals(found):
    return [each.words for each in found if isinstance(each, Refused)]


def test_two_officers_put_one_case_into_two_topics():
    cast = build_cast()
    topics = [decided(cast, title="甲"), decided(cast, title="乙")]
    case = case_of(cast)
    data = {"cases": [case], "why": "同类问题", "decided_on": topics[0].decided_on, **DECISION}
    for _ in range(5):
        TopicCase.objects.filter(proposal=case).delete()
        found = at_once(
            *(
                lambda topic=topic: perform(
                    ROWS["add_cases"], topic, actor=cast.su, data=data, request_id=uuid.uuid4()
                )
                for topic in topics
            )
        )
        assert TopicCase.objects.filter(proposal=case).count() == 1
        assert len(refusals(found)) == 1 and "一件建议一年只能列入一个专题" in refusals(found)[0]


def test_two_topics_named_with_the_same_case():
    cast = build_cast()
    case = case_of(cast)
    found = at_once(*(lambda title=title: named(cast, case, title=title) for title in ("甲", "乙", "丙")))
    assert Topic.objects.count() == TopicCase.objects.count() == 1
    assert len(refusals(found)) == 2


def test_the_same_form_twice_at_once_makes_one_topic():
    cast = build_cast()
    case, request_id = case_of(cast), uuid.uuid4()
    data = {"title": "甲", "reason": REASON, "cases": [case], "year": 2026}
    found = at_once(
        *[lambda: propose(ROWS["propose"], cast.congress, actor=cast.su, data=data, request_id=request_id)]
        * 3
    )
    assert refusals(found) == []
    assert Topic.objects.count() == TopicEvent.objects.count() == 1
    assert sum(result.repeated for result in found) == 2


def test_one_decision_twice_at_once():
    cast = build_cast()
    topic = named(cast, case_of(cast))
    data = {"decided_on": topic.proposed_on, "reason": REASON, **DECISION}
    numbers = [uuid.uuid4(), uuid.uuid4()]
    found = at_once(
        *(
            lambda number=number: perform(
                ROWS["decide"], topic, actor=cast.su, data=data, version=topic.version, request_id=number
            )
            for number in numbers
        )
    )
    assert len(refusals(found)) == 1
    assert TopicEvent.objects.filter(action="decide").count() == 1


def test_topics_change_places_in_both_directions_at_once():
    cast = build_cast()
    topics = [decided(cast, title=title) for title in ("甲", "乙", "丙")]
    moves = [(topics[0], 1), (topics[2], -1), (topics[1], -1)]
    at_once(
        *(
            lambda topic=topic, by=by: perform(
                ROWS["move"], topic, actor=cast.su, data={"by": by}, request_id=uuid.uuid4()
            )
            for topic, by in moves
        )
    )
    assert sorted(Topic.objects.values_list("rank", flat=True)) == [1, 2, 3]
