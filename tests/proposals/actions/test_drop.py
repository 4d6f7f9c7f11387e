"""不再等待: takes an invitation back."""

import pytest

from proposals.models import Waiting
from tests.cast import make_proposal

from .contract import ActionContract


class TestDrop(ActionContract):
    action = "drop"
    actor = "lin"
    onlooker = "tang"
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").do("invite", cast.lin, deputy=cast.deputies["tang"])
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"cosignature": subject.cosignatures.get().pk}

    @pytest.mark.django_db
    def test_the_deputy_no_longer_sees_the_draft(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert not Waiting.objects.filter(queue="cosign").exists()
        assert not type(subject).objects.visible_to(cast.tang).exists()
