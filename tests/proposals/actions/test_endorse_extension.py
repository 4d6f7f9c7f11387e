"""签延期意见: where the rule set has the hub endorse and the liaison office decide."""

from datetime import timedelta

import pytest

from proposals.models import RuleSet, Waiting
from tests.cast import make_proposal, workday

from .contract import ActionContract


class TestEndorseExtension(ActionContract):
    action = "endorse_extension"
    actor = "hub"
    onlooker = "su"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["extension_endorsed_by_hub"] = True
        rules.save()
        walk = make_proposal(cast, "filed").dispatch().ask_extension()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk, place = self.prepare(cast)
        walk.do("endorse_extension", cast.hub, place, words="同意。")
        return walk, place

    def fill(self, cast, walk, subject):
        return {"words": "情况属实，建议同意。"}

    @pytest.mark.django_db
    def test_liaison_decides_only_afterwards(self, cast):
        walk, place = self.prepare(cast)
        waits = Waiting.objects.filter(proposal=walk.proposal, queue="extension")
        assert waits.get().holder_kind == "hub"
        granted = {"is_granted": True, "until": workday(cast, place.due_on + timedelta(days=9)), "reason": ""}
        with pytest.raises(Exception, match="要先由督查室签意见"):
            walk.do("decide_extension", cast.su, place, **granted)
        self.post(cast, walk, place)
        assert waits.get().holder_kind == "liaison"
        walk.do("decide_extension", cast.su, place, **granted)
        assert not waits.exists()
