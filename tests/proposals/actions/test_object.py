"""提出异议: about a unit or a contact record; the liaison office answers, units do not learn of it."""

import pytest

from proposals.models import Waiting
from tests.cast import make_proposal

from .contract import ActionContract


class TestObject(ActionContract):
    action = "object"
    actor = "lin"
    onlooker = "tang"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept().contact()
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        place = walk.proposal.assignments.first()
        return {"about": f"unit:{place.pk if place else 0}", "words": "不该由民政局主办。"}

    @pytest.mark.django_db
    def test_it_waits_for_liaison_and_is_about_what_is_there(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, about="contact:0")
        assert response.status_code == 422
        self.post(cast, walk, subject)
        assert Waiting.objects.filter(proposal=subject, queue="objection", holder_kind="liaison").exists()
