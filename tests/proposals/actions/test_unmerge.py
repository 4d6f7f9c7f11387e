"""取消并案: the link goes, nothing else."""

import pytest

from proposals.models import Proposal, ProposalEvent
from proposals.workflow import merging
from tests.cast import make_proposal

from .contract import ActionContract


class TestUnmerge(ActionContract):
    action = "unmerge"
    onlooker = "jiang"
    keeps_version = True

    def prepare(self, cast):
        self.other, walk = make_proposal(cast, "handling"), make_proposal(cast, "handling")
        merging.merge(walk.proposal, self.other.proposal, actor=cast.su)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "两件诉求不同。"}

    @pytest.mark.django_db
    def test_the_link_is_gone_from_the_one_left_alone_too(self, cast):
        """Whatever became of it meanwhile; it says so in its own history."""
        walk, subject = self.prepare(cast)
        self.other.sign()
        self.post(cast, walk, subject)
        assert set(Proposal.objects.values_list("merge_group_id", flat=True)) == {None}
        event = ProposalEvent.objects.filter(proposal=self.other.proposal).latest("seq")
        assert (event.action, event.actor_name) == ("dissolve", "系统")
        assert "只剩这一件" in event.words

    @pytest.mark.django_db
    def test_two_that_are_left_stay_together(self, cast):
        walk, subject = self.prepare(cast)
        third = make_proposal(cast, "handling").proposal
        merging.merge(third, subject, actor=cast.su)
        self.post(cast, walk, subject)
        left = Proposal.objects.exclude(pk=subject.pk).values_list("merge_group_id", flat=True)
        assert len(set(left)) == 1 and None not in left
        assert not ProposalEvent.objects.filter(action="dissolve").exists()

    @pytest.mark.django_db
    def test_merged_by_somebody_else_a_moment_ago(self, cast):
        """The group counts as it is when the case is taken, not as it was read before."""
        _, subject = self.prepare(cast)
        Proposal.objects.update(merge_group=None)
        read_before = Proposal.objects.get(pk=subject.pk)
        merging.merge(Proposal.objects.get(pk=subject.pk), self.other.proposal, actor=cast.su)
        merging.unmerge(read_before, actor=cast.su, data={"reason": "两件诉求不同。"})
        assert set(Proposal.objects.values_list("merge_group_id", flat=True)) == {None}
