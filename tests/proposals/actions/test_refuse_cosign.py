"""谢绝附议: the deputy no longer sees the draft."""

import pytest

from proposals.models import Proposal
from tests.cast import make_proposal

from .contract import ActionContract


class TestRefuseCosign(ActionContract):
    action = "refuse_cosign"
    actor = "tang"
    onlooker = "lin"
    told = ("lin",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").do("invite", cast.lin, deputy=cast.deputies["tang"])
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    @pytest.mark.django_db
    def test_then_the_draft_is_out_of_sight(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert not Proposal.objects.visible_to(cast.tang).exists()
        assert Proposal.objects.visible_to(cast.lin).exists()

    @pytest.mark.django_db
    def test_the_same_form_twice_happens_once(self, cast):
        """The second answer cannot be sent: after the first the draft does not exist for this deputy."""
        walk, subject = self.prepare(cast)
        before = self.events(walk)
        assert self.post(cast, walk, subject).status_code == 302
        assert self.post(cast, walk, subject).status_code == 404
        assert self.events(walk) == before + 1
