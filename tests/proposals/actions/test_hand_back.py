"""交回督办: the committee gives the case back, or the office takes it."""

import pytest

from notifications.models import Notice
from proposals.models import Oversight
from tests.cast import make_proposal

from .contract import ActionContract


class TestHandBack(ActionContract):
    action = "hand_back"
    actor = "jiang"
    onlooker = "luo"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").do("take_over", cast.jiang, reason="对口件")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "单位已经答复"}

    @pytest.mark.django_db
    def test_it_is_the_offices_again(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert not Oversight.objects.filter(ended_on=None).exists()
        walk.do("take_over", cast.jiang, reason="又没有进展")
        assert Oversight.objects.filter(ended_on=None).count() == 1

    @pytest.mark.django_db
    def test_the_office_may_take_it_back_and_the_committee_hears(self, cast):
        walk, subject = self.prepare(cast)
        Notice.objects.all().delete()
        self.post(cast, walk, subject, user=cast.su)
        assert Notice.objects.filter(user=cast.jiang, words__contains="收回督办").exists()
