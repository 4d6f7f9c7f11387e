"""请附议代表重新确认: after a change of substance, saved by hand or by this button."""

import pytest

from proposals import drafts
from proposals.models import ProposalEvent
from tests.cast import make_proposal

from .contract import ActionContract


class TestAskAgain(ActionContract):
    action = "ask_again"
    actor = "lin"
    onlooker = "tang"
    told = ("tang",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").cosigned()
        drafts.save_draft(
            walk.proposal, {"analysis": "改过的分析。"}, draft_version=walk.proposal.draft_version
        )
        walk.proposal.refresh_from_db()
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    @pytest.mark.django_db
    def test_saving_by_hand_asks_too_and_leaves_its_trace(self, cast):
        walk = make_proposal(cast, "draft").cosigned()
        drafts.save_draft(
            walk.proposal,
            {"analysis": "改过的分析。"},
            draft_version=walk.proposal.draft_version,
            reask_by=cast.lin,
        )
        assert "请唐伯安代表重新确认附议" in ProposalEvent.objects.get(action="ask_again").words
        assert walk.proposal.waiting.filter(queue="cosign").exists()
