"""The demonstration's texts keep their limits, and its timetable keeps office hours."""

import random
from datetime import date

import pytest
from django.utils import timezone

from core.calendars import load_calendar
from institutions.models import Level
from proposals.demo import sentences
from proposals.demo.places import CATEGORIES, PLACES
from proposals.demo.timetable import Timetable, meeting_of, meetings_until, numeral
from proposals.demo.topics import load_topics
from proposals.status import CLASSES_WITH_COMMITMENTS, PointState, ReplyClass

TOPICS = load_topics()


# --- The texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_text_keeps_its_limits(topic):
    place = PLACES[0] if topic.level == Level.PROVINCE else PLACES[1]
    units = {unit.name for unit in place.units if not unit.is_hub}
    assert 10 <= len(topic.title) <= 60
    assert topic.title.startswith("关于")
    assert topic.title.endswith("的建议")
    assert topic.category in CATEGORIES
    assert {topic.lead, *topic.co} <= units
    assert len({topic.lead, *topic.co}) == 1 + len(topic.co)
    assert 300 <= topic.length <= 1500
    assert 2 <= len(topic.points) <= 5
    assert set(topic.opinions) == set(topic.co)
    reply = topic.reply
    assert reply["reply_class"] in ReplyClass
    assert len(reply["answers"]) == len(topic.points)
    assert all(answer["state"] in PointState and len(answer["text"]) > 30 for answer in reply["answers"])
    promises = reply["reply_class"] in CLASSES_WITH_COMMITMENTS
    assert bool(reply["commitments"]) == promises
    assert all(len(promise["what"]) <= 300 for promise in reply["commitments"])
    assert len(topic.contact) <= 300


def test_no_two_texts_are_alike_and_none_is_left_over():
    assert len(TOPICS) == 194
    assert len({topic.title for topic in TOPICS.values()}) == 194
    paragraphs = [
        line for topic in TOPICS.values() for line in (topic.situation + topic.analysis).splitlines()
    ]
    long_ones = [line for line in paragraphs if len(line) > 20]
    assert len(long_ones) == len(set(long_ones))
    points = [point for topic in TOPICS.values() for point in topic.points]
    assert len(points) == len(set(points))


def test_sentences_of_a_list_differ():
    for name, said in vars(sentences).items():
        if isinstance(said, tuple):
            written = [line for line in said if line]
            assert len(written) == len(set(written)), name


# --- The timetable ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number, words", [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (25, "二十五")])
def test_numerals(number, words):
    assert numeral(number) == words


def test_sessions_open_on_a_monday_in_january_and_terms_last_five_years():
    first = meeting_of(2023, 12)
    assert (first.term, first.number, first.opens_on) == (14, 1, date(2023, 1, 16))
    assert first.closes_on == date(2023, 1, 20)
    next_term = meeting_of(2028, 12)
    assert (next_term.term, next_term.number) == (15, 1)


def test_a_session_that_is_not_over_is_not_counted():
    assert meetings_until(date(2026, 1, 16), 12)[-1].year == 2025
    assert meetings_until(date(2026, 1, 17), 12)[-1].year == 2026


def test_times_lie_in_office_hours_and_go_forward(db):
    times, rng = Timetable(load_calendar(), timezone.now()), random.Random(1)
    at = None
    for _ in range(60):
        earlier, at = at, times.moment(date(2026, 9, 30), rng, after=at)
        assert earlier is None or at > earlier
        assert 8 <= at.hour < 18
        assert times.calendar.is_workday(at.date())
