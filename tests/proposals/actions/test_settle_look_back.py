"""了结回头看: a promise not wholly kept is followed no more, with the result."""

import pytest

from proposals.models import LookBack, Waiting

from .promised import PromiseContract, verified


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
