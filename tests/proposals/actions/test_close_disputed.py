"""研判后办结: the reason is told to the deputies; the rating stays."""

import pytest

from proposals.models import Clock, Rating
from tests.cast import make_proposal

from .contract import ActionContract


class TestCloseDisputed(ActionContract):
    action = "close_disputed"
    told = ("lin", "tang")
    status_after = "closed"

    def prepare(self, cast):
        walk = make_proposal(cast, "disputed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "coordination")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "受条件限制，已当面说明。"}

    @pytest.mark.django_db
    def test_the_rating_stays_and_the_clock_stops(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.closed_on is not None
        assert Rating.objects.get().result == "dissatisfied"
        assert Clock.objects.get(proposal=subject, kind="judge").met_on

    @pytest.mark.django_db
    def test_a_reason_is_needed(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, reason="").status_code == 422
