"""取消并案: the link goes, nothing else."""

import pytest

from proposals.workflow import merging
from tests.cast import make_proposal

from .contract import ActionContract


class TestUnmerge(ActionContract):
    action = "unmerge"
    onlooker = "jiang"
    keeps_version = True

    def prepare(self, cast):
        other, walk = make_proposal(cast, "handling"), make_proposal(cast, "handling")
        merging.merge(walk.proposal, other.proposal, actor=cast.su)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "两件诉求不同。"}

    @pytest.mark.django_db
    def test_the_link_is_gone(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.merge_group_id is None
