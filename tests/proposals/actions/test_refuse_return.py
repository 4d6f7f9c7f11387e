"""不同意调整: the unit goes on; it counts as 签收."""

import pytest

from proposals.models import Clock, Request
from tests.cast import make_proposal

from .contract import ActionContract


class TestRefuseReturn(ActionContract):
    action = "refuse_return"
    onlooker = "chen"
    told = ("chen", "zou")
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").ask_return()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"reason": "助餐服务由你局牵头。"}

    @pytest.mark.django_db
    def test_the_refusal_of_a_refusal_reads_as_one(self, cast):
        walk, place = self.prepare_wrong_state(cast)
        page = self.post(cast, walk, place).content.decode()
        assert "不能选“不同意调整”。" in page and "不能不" not in page

    @pytest.mark.django_db
    def test_it_counts_as_accepted(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        place.refresh_from_db()
        assert place.accepted_on
        assert Clock.objects.get(assignment=place, kind="return_decision").met_on
        assert Request.objects.get(kind="return").state == "refused"

    @pytest.mark.django_db
    def test_a_second_request_is_counted(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        walk.ask_return()
        assert walk.proposal.returns_asked == 2
