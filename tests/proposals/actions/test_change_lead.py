"""变更领衔: the lead cannot act; a confirmed co-signer is asked."""

import pytest

from proposals.models import Proposal, Waiting
from tests.cast import make_proposal

from .contract import ActionContract


class TestChangeLead(ActionContract):
    action = "change_lead"
    onlooker = "lin"
    told = ("tang",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        data = {"deputy": cast.deputies["tang"], "reason": "因病"}
        return walk.do("change_lead", cast.su, **data), walk.proposal

    def fill(self, cast, walk, subject):
        return {"deputy": cast.deputies["tang"].pk, "reason": "因病不能履职。"}

    @pytest.mark.django_db
    def test_it_waits_for_the_cosigner(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        waiting = Waiting.objects.get(proposal=subject, queue="take_lead")
        assert (waiting.holder_kind, waiting.holder_id) == ("deputy", cast.deputies["tang"].pk)

    @pytest.mark.django_db
    def test_only_a_cosigner_in_office(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, deputy=cast.deputies["xiao"].pk).status_code == 422
        cast.deputies["tang"].in_office = False
        cast.deputies["tang"].save()
        response = self.post(cast, walk, subject)
        assert (response.status_code, "已离任" in response.content.decode()) == (422, True)

    @pytest.mark.django_db
    def test_a_delegations_proposal_stays_with_the_delegation(self, cast):
        walk = make_proposal(cast, "draft").cosigned("tang", "xiao").submit()
        Proposal.objects.filter(pk=walk.proposal.pk).update(is_delegations=True)
        response = self.post(cast, walk, walk.proposal, deputy=cast.deputies["xiao"].pk)
        assert (response.status_code, "肖立诚代表不在澜东代表团" in response.content.decode()) == (422, True)
        assert self.post(cast, walk, walk.proposal).status_code == 302
