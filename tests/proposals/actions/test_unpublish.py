"""撤下公开: with a reason."""

import pytest

from tests.cast import make_proposal

from .contract import ActionContract


class TestUnpublish(ActionContract):
    action = "unpublish"
    onlooker = "jiang"
    told = ("lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "closed").do("publish", cast.su)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "附件涉及个人信息。"}

    @pytest.mark.django_db
    def test_it_is_no_longer_public(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.published_on is None
