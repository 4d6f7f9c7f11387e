"""写进展: a short text that the deputies see."""

import pytest

from proposals.models import ProposalEvent
from tests.cast import make_proposal

from .contract import ActionContract


class TestNoteProgress(ActionContract):
    action = "note_progress"
    actor = "chen"
    onlooker = "fang"
    told = ("lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"words": "已选定 5 处场地，下月开工。"}

    @pytest.mark.django_db
    def test_the_words_stand_in_the_history(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        event = ProposalEvent.objects.get(action="note_progress")
        assert "已选定 5 处场地" in event.words
        assert event.visibility == "everyone"

    @pytest.mark.django_db
    def test_too_long_is_refused_and_kept(self, cast):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, words="长" * 501)
        assert response.status_code == 422
        assert "最多 500 字，您写了 501 字" in response.content.decode()
        assert "长" * 501 in response.content.decode()
