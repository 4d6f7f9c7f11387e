"""退回修改 by the signer, with a reason that stays within the unit and the congress."""

import pytest

from proposals.models import ProposalEvent
from tests.cast import make_proposal

from .contract import ActionContract


class TestRework(ActionContract):
    action = "rework"
    actor = "fang"
    onlooker = "chen"
    told = ("chen", "zou")
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept().contact().write_reply()
        walk.do("draft_reply", cast.chen, walk.place("civil"))
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"reason": "第 2 条答非所问。"}

    @pytest.mark.django_db
    def test_a_reason_is_needed(self, cast):
        walk, place = self.prepare(cast)
        assert self.post(cast, walk, place, reason="").status_code == 422

    @pytest.mark.django_db
    def test_the_reason_is_not_for_the_deputy(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert ProposalEvent.objects.get(action="rework").visibility == "unit"
