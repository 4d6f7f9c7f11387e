"""催办: by liaison staff, committee or leader; the units at work are told at once."""

import pytest

from notifications.models import Delivery, Notice
from tests.cast import make_proposal

from .contract import ActionContract


class TestUrge(ActionContract):
    action = "urge"
    onlooker = "lin"
    told = ("chen", "zou", "gao")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "请尽快与代表联系。"}

    @pytest.mark.django_db
    @pytest.mark.parametrize("key", ["jiang", "luo"])
    def test_committee_and_leader_may(self, cast, key):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, user=cast.people[key]).status_code == 302

    @pytest.mark.django_db
    def test_it_goes_at_once_by_mail_too(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        urgent = Notice.objects.filter(is_urgent=True)
        assert set(urgent.values_list("user__username", flat=True)) == {"chen", "zou", "gao"}
        assert Delivery.objects.filter(notice__in=urgent).count() == 3
