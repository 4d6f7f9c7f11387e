"""提意见: committee, leader and office comment on a case among themselves; neither deputies nor units read it."""

import pytest
from django.test import Client

from tests.cast import make_proposal

from .contract import ActionContract


class TestComment(ActionContract):
    action = "comment"
    actor = "jiang"
    onlooker = "chen"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        """A draft exists for nobody but its proposer, save whoever types it in."""
        from accounts.models import Grant, Role
        from proposals.models import Proposal

        walk = make_proposal(cast, "draft")
        Grant.objects.create(user=cast.jiang, role=Role.LIAISON, congress=cast.congress)
        Proposal.objects.filter(pk=walk.proposal.pk).update(entered_by=cast.jiang)
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "建议与去年的养老件一并研究。"}

    @pytest.mark.django_db
    def test_only_the_congresss_own_people_read_it(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject, to_office="on")
        read = {}
        for key in ("su", "jiang", "luo", "lin", "tang", "chen", "gao", "zhang"):
            client = Client()
            client.force_login(cast.people[key])
            read[key] = "一并研究" in client.get(f"/proposals/{subject.pk}/").content.decode()
        assert {key for key, does in read.items() if does} == {"su", "jiang", "luo"}
