"""退回修改: with a reason that the deputy reads; the revise clock runs."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal

from .contract import ActionContract


class TestReturn(ActionContract):
    action = "return"
    told = ("lin",)
    status_after = "returned"

    def prepare(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "两件事请分成两件。"}

    @pytest.mark.django_db
    def test_a_reason_is_needed(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, reason="  ")
        assert response.status_code == 422
        assert "请填写修改意见" in response.content.decode()

    @pytest.mark.django_db
    def test_clocks(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert Clock.objects.get(proposal=subject, kind="review").met_on
        assert Clock.objects.get(proposal=subject, kind="revise").is_open

    @pytest.mark.django_db
    def test_after_revision_it_comes_back_with_a_new_review_clock(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        walk.submit()
        assert Clock.objects.get(proposal=subject, kind="revise").met_on
        assert Clock.objects.filter(proposal=subject, kind="review").count() == 2
