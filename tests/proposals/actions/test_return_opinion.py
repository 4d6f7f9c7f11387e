"""退回会办意见: by the lead while its own place is in hand; the co unit has a short term of its own."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal

from .contract import ActionContract


class TestReturnOpinion(ActionContract):
    action = "return_opinion"
    actor = "chen"
    onlooker = "gao"
    told = ("gao",)
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept().accept("finance").opinion()
        return walk, walk.place("finance")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept().accept("finance")
        return walk, walk.place("finance")

    def fill(self, cast, walk, subject):
        return {"reason": "没有写资金安排。"}

    @pytest.mark.django_db
    def test_it_has_a_term_of_its_own_and_the_old_opinion_is_no_longer_given(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        place.refresh_from_db()
        clock = Clock.objects.get(assignment=place, kind="opinion_redo")
        assert (clock.is_open, place.due_on) == (True, clock.due_on)
        old = place.opinions.get()
        assert (old.given_on, old.returned_words) == (None, "没有写资金安排。")
        walk.opinion()
        clock.refresh_from_db()
        assert clock.met_on
        assert place.opinions.count() == 2

    @pytest.mark.django_db
    def test_not_once_the_reply_was_sent_for_signing(self, cast):
        walk, place = self.prepare(cast)
        walk.contact().write_reply().do("draft_reply", cast.chen, walk.place("civil"))
        response = self.post(cast, walk, place)
        assert (response.status_code, "先撤回送审" in response.content.decode()) == (409, True)

    @pytest.mark.django_db
    def test_below_a_hub_the_lead_at_work_may(self, cast):
        walk = make_proposal(cast, "filed").dispatch().accept().accept("finance").opinion()
        assert self.post(cast, walk, walk.place("finance")).status_code == 302
