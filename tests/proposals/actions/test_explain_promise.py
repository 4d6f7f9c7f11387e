"""说明未兑现的原因: by the unit, in writing, to the deputy."""

import pytest

from proposals.models import Explanation, Waiting

from .promised import PromiseContract, promised, verified


class TestExplainPromise(PromiseContract):
    action = "explain_promise"
    actor = "chen"
    onlooker = "gao"
    told = ("lin", "tang", "su")
    keeps_version = True

    def prepare(self, cast):
        return verified(cast, "broken")

    def prepare_wrong_state(self, cast):
        return promised(cast)

    def fill(self, cast, walk, subject):
        return {"words": "用地没有批下来，正在另选地块。"}

    @pytest.mark.django_db
    def test_it_is_owed_no_more(self, cast):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment)
        assert not Waiting.objects.filter(commitment=commitment, queue="explain").exists()
        assert Explanation.objects.get().kind == "broken"
