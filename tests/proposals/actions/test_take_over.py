"""接手督办: a committee supervises in the place of the office, with the reason on record."""

import pytest
from django.test import Client

from proposals.models import Oversight
from tests.cast import make_proposal

from .contract import ActionContract


class TestTakeOver(ActionContract):
    action = "take_over"
    actor = "jiang"
    onlooker = "luo"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").do("take_over", cast.jiang, reason="对口件")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "对口单位，多次催办没有进展"}

    @pytest.mark.django_db
    def test_whoever_joined_before_leads_now(self, cast):
        walk, subject = self.prepare(cast)
        walk.do("join_oversight", cast.jiang)
        self.post(cast, walk, subject)
        standing = Oversight.objects.filter(ended_on=None)
        assert [(each.committee, each.is_lead) for each in standing] == [(cast.committee, True)]

    @pytest.mark.django_db
    def test_the_case_page_says_who_supervises(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        for key in ("su", "luo", "lin", "chen"):
            client = Client()
            client.force_login(cast.people[key])
            assert "接手督办" in client.get(f"/proposals/{subject.pk}/").content.decode(), key
