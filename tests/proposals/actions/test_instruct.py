"""批示: by a leader of the standing committee or of the government; units at work and liaison are told at once."""

import pytest

from notifications.models import Notice
from tests.cast import make_proposal

from .contract import ActionContract


class TestInstruct(ActionContract):
    action = "instruct"
    actor = "luo"
    onlooker = "jiang"
    told = ("su", "chen", "zou", "gao")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "declined")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "请民政局主要负责同志领办。"}

    @pytest.mark.django_db
    def test_a_leader_of_the_government_where_the_hub_has_it(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, user=cast.gov).status_code == 404
        walk = make_proposal(cast, "filed").dispatch()
        Notice.objects.all().delete()
        assert self.post(cast, walk, walk.proposal, user=cast.gov).status_code == 302
        assert Notice.objects.filter(user=cast.chen, is_urgent=True).exists()
