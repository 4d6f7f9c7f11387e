"""附议: binds to the text as it stands; another text asks again."""

import pytest

from proposals import drafts
from tests.cast import make_proposal

from .contract import ActionContract


class TestCosign(ActionContract):
    action = "cosign"
    actor = "tang"
    onlooker = "lin"
    told = ("lin",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").do("invite", cast.lin, deputy=cast.deputies["tang"])
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        """The invitation was answered and the proposal submitted: no longer theirs to answer."""
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"text_hash": subject.text_hash}

    @pytest.mark.django_db
    def test_a_text_changed_while_reading_is_refused(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, text_hash="0" * 64)
        assert response.status_code == 422
        assert "领衔代表刚改过正文" in response.content.decode()

    @pytest.mark.django_db
    def test_a_change_of_substance_asks_again(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        cosignature = subject.cosignatures.get()
        assert cosignature.text["title"] == subject.title
        subject.refresh_from_db()
        drafts.save_draft(
            subject, {"title": "关于另一件事的建议"}, draft_version=subject.draft_version, reask_by=cast.lin
        )
        cosignature.refresh_from_db()
        assert (cosignature.state, cosignature.was_confirmed_before) == ("invited", True)
        assert subject.waiting.filter(queue="cosign").exists()

    @pytest.mark.django_db
    def test_a_change_of_category_does_not(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        drafts.save_draft(
            subject,
            {"category": cast.categories["教科文卫"]},
            draft_version=subject.draft_version,
            reask_by=cast.lin,
        )
        assert subject.cosignatures.get().state == "confirmed"
