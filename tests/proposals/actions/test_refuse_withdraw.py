"""不同意撤回: one objection ends the request; handling goes on."""

import pytest

from accounts.models import SecurityEvent
from proposals.models import Request, Waiting
from tests.cast import make_proposal

from .contract import ActionContract
from .test_consent_withdraw import asked


class TestRefuseWithdraw(ActionContract):
    action = "refuse_withdraw"
    actor = "tang"
    onlooker = "lin"
    told = ("lin",)
    keeps_version = True

    def prepare(self, cast):
        walk = asked(cast, "tang", "xiao")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        # A reply came in between: nothing is asked any more, so nobody may answer.
        walk = asked(cast, "tang").sign()
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "问题还没有解决。"}

    @pytest.mark.django_db
    def test_it_ends_the_request_for_all(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert Request.objects.get(kind="withdraw").state == "refused"
        assert not Waiting.objects.filter(proposal=subject, queue="consent").exists()
        late = self.post(cast, walk, subject, user=cast.xiao)
        assert (late.status_code, "撤回申请已经有结果" in late.content.decode()) == (409, True)
        assert not SecurityEvent.objects.exists()

    @pytest.mark.django_db
    def test_without_consent_asked_nobody_is_offered_it(self, cast):
        walk = make_proposal(cast, "handling")
        assert self.post(cast, walk, walk.proposal).status_code == 403
