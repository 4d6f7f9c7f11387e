"""加入督办: a committee supervises a case beside the office."""

import pytest

from proposals.models import Oversight
from tests.cast import make_proposal

from .contract import ActionContract


class TestJoin(ActionContract):
    action = "join_oversight"
    actor = "jiang"
    onlooker = "luo"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "本委今年的监督议题"}

    @pytest.mark.django_db
    def test_once_is_enough(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        before = self.events(walk)
        self.assert_refused(self.post(cast, walk, subject), walk, before, status=422)
        assert Oversight.objects.get().committee == cast.committee

    @pytest.mark.django_db
    def test_while_the_case_is_judged_no_unit_reads_it(self, cast):
        walk = make_proposal(cast, "disputed")
        self.post(cast, walk, walk.proposal)
        assert walk.proposal.events.latest("seq").visibility == "inner"
