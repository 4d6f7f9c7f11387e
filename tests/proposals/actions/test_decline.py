"""不作建议处理: an end, with outcome and reason told to the deputies."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal

from .contract import ActionContract


class TestDecline(ActionContract):
    action = "decline"
    told = ("lin", "tang")
    status_after = "declined"

    def prepare(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"outcome": "letter", "reason": "属于个人事务，转来信处理。"}

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("broken", "sentence"),
        [
            ({"outcome": ""}, "请选一个去向"),
            ({"outcome": "forged"}, "forged 不在可用的选项中"),
            ({"reason": ""}, "请填写理由"),
        ],
    )
    def test_outcome_and_reason_are_needed(self, cast, broken, sentence):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, **broken)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    @pytest.mark.django_db
    def test_no_clock_runs_on(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert not [clock for clock in Clock.objects.filter(proposal=subject) if clock.is_open]
        subject.refresh_from_db()
        assert subject.decline_outcome == "letter"

    @pytest.mark.django_db
    def test_a_returned_one_can_be_declined(self, cast):
        walk = make_proposal(cast, "returned")
        assert self.post(cast, walk, walk.proposal).status_code == 302
