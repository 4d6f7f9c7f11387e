"""未表态: by the system alone, after window and grace; never counted 满意."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import Clock, ClockRule, Rating
from proposals.rules import forget_rules
from proposals.workflow import Denied, perform
from proposals.workflow.case import Case
from proposals.workflow.guards import silent_after
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db


def replied(cast):
    walk = make_proposal(cast, "replied")
    place = walk.place("civil")
    case = Case.load(walk.proposal.pk)
    return walk, place, silent_after(case, case.place(place.pk))


def at(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9))


def test_not_before_window_and_grace_are_over(cast):
    walk, place, last_day = replied(cast)
    clock = Clock.objects.get(assignment=place, kind="rating")
    assert last_day > clock.due_on
    with pytest.raises(Denied, match="还没有过"):
        perform("mark_silent", place, actor=None, now=at(last_day))
    perform("mark_silent", place, actor=None, now=at(last_day + timedelta(days=1)))
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == "closed"
    assert not Rating.objects.exists()


def test_a_later_rule_changes_no_grace_that_was_promised(cast):
    """The reply's clock remembers the grace as the rule set had it (办法改动只影响以后开始的期限)."""
    walk, place, last_day = replied(cast)
    ClockRule.objects.filter(rule_set__congress=cast.congress, kind="rating_grace").update(value=1)
    forget_rules(cast.congress.pk)
    case = Case.load(walk.proposal.pk)
    assert silent_after(case, case.place(place.pk)) == last_day
    with pytest.raises(Denied, match="还没有过"):
        perform("mark_silent", place, actor=None, now=at(last_day))


def test_nobody_signed_in_can_do_it(cast):
    _, place, last_day = replied(cast)
    for key in ("su", "chen", "lin", "admin"):
        with pytest.raises(Denied):
            perform("mark_silent", place, actor=cast.people[key], now=at(last_day + timedelta(days=1)))
    client = Client()
    client.force_login(cast.su)
    assert client.post(f"/assignments/{place.pk}/mark_silent/").status_code == 404


def test_afterwards_the_deputy_may_still_rate_late(cast):
    walk, place, last_day = replied(cast)
    perform("mark_silent", place, actor=None, now=at(last_day + timedelta(days=1)))
    client = Client()
    client.force_login(cast.lin)
    place.refresh_from_db()
    fields = {"attitude": "satisfied", "result": "satisfied", "words": "", "version": place.version}
    assert client.post(f"/assignments/{place.pk}/rate/", fields).status_code == 302
    assert Rating.objects.get().is_late
    walk.proposal.refresh_from_db()
    assert walk.proposal.status == "closed"


def test_a_rating_within_the_grace_still_counts(cast):
    _, place, last_day = replied(cast)
    perform(
        "rate",
        place,
        actor=cast.lin,
        data={"attitude": "satisfied", "result": "satisfied", "words": ""},
        now=at(last_day),
    )
    assert Rating.objects.exists()
