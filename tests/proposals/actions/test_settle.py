"""协调办结: with a record of meeting and decision."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal

from .contract import ActionContract


class TestSettle(ActionContract):
    action = "settle"
    told = ("lin", "tang")
    status_after = "closed"

    def prepare(self, cast):
        walk = make_proposal(cast, "coordination")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "disputed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"record": "5月8日在联工委会议室，市民政局局长与代表商定分两期开餐。"}

    @pytest.mark.django_db
    def test_a_record_is_needed_and_the_clock_stops(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, record=" ").status_code == 422
        self.post(cast, walk, subject)
        assert Clock.objects.get(proposal=subject, kind="coordination").met_on
