"""对拟办提意见: by a unit that was asked; what it does not agree with it explains."""

import pytest

from proposals.models import Request
from tests.cast import make_proposal

from .contract import ActionContract


class TestGiveView(ActionContract):
    action = "give_view"
    actor = "chen"
    onlooker = "fang"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "filed")
        plan = {"placements": walk.placements(civil="lead"), "asks_views": True}
        return walk.do("plan", cast.su, **plan), walk.proposal

    def prepare_wrong_state(self, cast):
        """A colleague answered: nobody is asked any more."""
        walk, subject = self.prepare(cast)
        return walk.do("give_view", cast.zou, agrees=True, words=""), subject

    def fill(self, cast, walk, subject):
        return {"agrees": "yes", "words": ""}

    @pytest.mark.django_db
    def test_disagreement_is_explained_and_others_see_nothing(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, agrees="no")
        assert (response.status_code, "写明职能依据" in response.content.decode()) == (422, True)
        assert self.post(cast, walk, subject, user=cast.gao).status_code == 404
        self.post(cast, walk, subject, agrees="no", words="消防验收不归我局。")
        assert Request.objects.get(kind="plan_view").state == "refused"
