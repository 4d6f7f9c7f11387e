"""同意撤回: the last co-signer's consent completes it."""

import pytest

from proposals.models import Waiting
from tests.cast import make_proposal

from .contract import ActionContract
from .test_withdraw import set_switch


def asked(cast, *cosigners):
    set_switch(cast, "withdraw_needs_cosigners", True)
    walk = make_proposal(cast, "draft").cosigned(*cosigners).submit().file().assign()
    return walk.do("withdraw", cast.lin, reason="已列入实事项目。")


class TestConsentWithdraw(ActionContract):
    action = "consent_withdraw"
    actor = "tang"
    onlooker = "lin"
    told = ("lin", "chen", "zou", "gao", "su")
    status_after = "withdrawn"

    def prepare(self, cast):
        walk = asked(cast, "tang")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        # Meanwhile the rule set was changed.
        walk = asked(cast, "tang")
        set_switch(cast, "withdraw_until", "before_assign")
        return walk, walk.proposal

    @pytest.mark.django_db
    def test_each_is_waited_for_and_consents_once(self, cast):
        walk = asked(cast, "tang", "xiao")
        self.post(cast, walk, walk.proposal)
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "handling"
        waiting = Waiting.objects.get(proposal=walk.proposal, queue="consent")
        assert waiting.holder_id == cast.deputies["xiao"].pk
        again = self.post(cast, walk, walk.proposal)
        assert (again.status_code, "您已经表过态" in again.content.decode()) == (409, True)
        self.post(cast, walk, walk.proposal, user=cast.xiao)
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "withdrawn"

    @pytest.mark.django_db
    def test_a_page_from_before_the_assignment_ends_nothing(self, cast):
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk = make_proposal(cast, "filed").do("withdraw", cast.lin, reason="已列入实事项目。")
        seen = walk.proposal.version
        walk.assign()
        response = self.post(cast, walk, walk.proposal, version=seen)
        walk.proposal.refresh_from_db()
        assert (response.status_code, walk.proposal.status) == (409, "handling")
