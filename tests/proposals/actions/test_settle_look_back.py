"""了结回头看: a promise not wholly kept is followed no more, with the result."""

from datetime import timedelta

import pytest

from proposals.models import Commitment, LookBack, Waiting
from proposals.workflow import Denied
from supervision.implementation import WAITING_TO_VERIFY
from supervision.look_backs import mark_unconfirmed_promises

from .promised import PromiseContract, confirmed, verified


class TestSettleLookBack(PromiseContract):
    action = "settle_look_back"
    onlooker = "chen"
    told = ("lin", "tang", "chen", "zou")
    keeps_version = False

    def prepare(self, cast):
        return verified(cast, "partly")

    def prepare_wrong_state(self, cast):
        return verified(cast)

    def fill(self, cast, walk, subject):
        return {"words": "其余一处由街道接办，代表同意。"}

    @pytest.mark.django_db
    def test_nobody_is_waited_for_any_more(self, cast):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment)
        assert not Waiting.objects.filter(commitment=commitment).exists()
        assert LookBack.objects.get().result == "ended"

    @pytest.mark.django_db
    def test_nothing_is_asked_or_said_of_it_afterwards(self, cast):
        """What is settled can be neither confirmed nor noted as 未表态, and does not count as to be verified."""
        walk, commitment = verified(cast, "partly")
        self.post(cast, walk, commitment)
        commitment.refresh_from_db()
        with pytest.raises(Denied, match="了结"):
            walk.do("confirm", cast.lin, commitment, outcome="broken", words="一处也没有。")
        later = commitment.confirm_by + timedelta(days=1)
        assert mark_unconfirmed_promises(later, walk.now + timedelta(days=90)) == 0

    @pytest.mark.django_db
    def test_an_objection_that_was_settled_waits_for_no_verification(self, cast):
        walk, commitment = confirmed(cast, "partly", said="broken")
        assert Commitment.objects.filter(WAITING_TO_VERIFY).count() == 1
        assert self.post(cast, walk, commitment).status_code == 302
        assert not Commitment.objects.filter(WAITING_TO_VERIFY).exists()
