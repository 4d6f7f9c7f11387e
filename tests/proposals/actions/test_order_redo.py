"""责成重新办理: the next round; nothing of the earlier one is overwritten."""

import pytest

from proposals.models import Assignment, Clock, ProposalEvent, Rating
from tests.cast import make_proposal

from .contract import ActionContract


class TestOrderRedo(ActionContract):
    action = "order_redo"
    told = ("chen", "zou", "wei", "lin", "tang")
    status_after = "redo"

    def prepare(self, cast):
        walk = make_proposal(cast, "disputed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {
            "lead": cast.units["civil"].pk,
            "co": [cast.units["health"].pk],
            "cause": "reassigned",
            "reason": "食堂仍未开餐。",
        }

    @pytest.mark.django_db
    def test_the_next_round_stands_beside_the_first(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.round == 2
        rounds = list(Assignment.objects.filter(proposal=subject, role="lead").values_list("round", "status"))
        assert rounds == [(1, "answered"), (2, "pending")]
        assert Rating.objects.get().result == "dissatisfied"
        assert Clock.objects.get(proposal=subject, kind="judge").met_on
        assert Clock.objects.get(proposal=subject, kind="redo").is_open

    @pytest.mark.django_db
    def test_the_unit_may_change(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, lead=cast.units["health"].pk, co=[])
        assert response.status_code == 302
        assert walk.place("health").round == 2

    @pytest.mark.django_db
    def test_reason_and_placement_are_needed(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, reason="").status_code == 422
        assert self.post(cast, walk, subject, lead="", co=[]).status_code == 422

    @pytest.mark.django_db
    def test_the_cause_is_asked_told_and_kept_with_every_place_of_the_round(self, cast):
        walk, subject = self.prepare(cast)
        page = self.post(cast, walk, subject, cause="")
        text = page.content.decode()
        assert (page.status_code, "请选重新办理的事由" in text, 'value="reassigned"' in text) == (
            422,
            True,
            True,
        )
        self.post(cast, walk, subject)
        walk.do("adjust", cast.su, placements=walk.placements(civil="lead", finance="co"), reason="改会办。")
        event = ProposalEvent.objects.get(proposal=subject, action="order_redo")
        assert "（事由：再交办）" in event.words
        causes = set(Assignment.objects.filter(proposal=subject).values_list("round", "redo_cause"))
        assert causes == {(1, ""), (2, "reassigned")}
