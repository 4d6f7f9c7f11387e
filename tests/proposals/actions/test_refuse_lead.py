"""谢绝领衔: nothing changes but that somebody else may be asked."""

import pytest

from proposals.models import Proposal, Request

from .contract import ActionContract
from .test_take_lead import asked_to_lead


class TestRefuseLead(ActionContract):
    action = "refuse_lead"
    actor = "tang"
    onlooker = "lin"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = asked_to_lead(cast)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = asked_to_lead(cast)
        Proposal.objects.filter(pk=walk.proposal.pk).update(status="closed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "对情况不熟悉。"}

    @pytest.mark.django_db
    def test_the_lead_stays(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.lead == cast.deputies["lin"]
        assert Request.objects.get(kind="lead").state == "refused"
