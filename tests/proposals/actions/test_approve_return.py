"""同意调整: an adjust that answers the request; a co may go without replacement."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals.models import Clock, Request
from tests.cast import make_proposal, workday

from .contract import ActionContract
from .test_withdraw import set_switch


class TestApproveReturn(ActionContract):
    action = "approve_return"
    onlooker = "zou"
    told = ("chen", "zou", "wei", "lin", "tang")
    status_after = "released"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").ask_return()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"lead": cast.units["health"].pk, "co": cast.units["finance"].pk, "reason": "情况属实"}

    @pytest.mark.django_db
    def test_the_new_lead_has_its_own_terms_and_the_old_ones_end(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert not Clock.objects.filter(assignment=place, met_on=None, voided_on=None).exists()
        assert walk.place("health").role == "lead"
        assert Clock.objects.get(assignment=walk.place("health"), kind="reply").is_open
        assert Request.objects.get(kind="return").state == "granted"

    @pytest.mark.django_db
    def test_the_unit_itself_must_go(self, cast):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, lead=cast.units["civil"].pk)
        assert response.status_code == 422
        assert "还在承办单位里" in response.content.decode()

    @pytest.mark.django_db
    def test_a_co_goes_without_replacement(self, cast):
        walk = make_proposal(cast, "handling").ask_return("finance")
        response = self.post(cast, walk, walk.place("finance"), lead=cast.units["civil"].pk, co=[])
        assert response.status_code == 302
        assert walk.place("finance").status == "released"

    @pytest.mark.django_db
    def test_co_opinions_given_stay_for_the_new_lead(self, cast):
        walk = make_proposal(cast, "handling").accept("finance").opinion().ask_return()
        assert self.post(cast, walk, walk.place("civil")).status_code == 302
        walk.sign("health", late_opinions={})
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "replied"
        assert walk.place("finance").status == "answered"

    @pytest.mark.django_db
    def test_the_unit_that_gave_its_opinion_may_take_the_lead(self, cast):
        """With the lead asking to be let go, nobody could send the opinion back first."""
        walk = make_proposal(cast, "handling").accept("finance").opinion().ask_return()
        lead = {"lead": cast.units["finance"].pk, "co": []}
        response = self.post(cast, walk, walk.place("civil"), **lead)
        assert response.status_code == 302, response.content.decode()[:2000]
        assert (walk.place("finance").role, walk.place("finance").status) == ("lead", "accepted")

    @pytest.mark.django_db
    def test_the_hub_decides_on_its_own_units(self, cast):
        walk = make_proposal(cast, "filed").dispatch().ask_return()
        place = walk.place("civil")
        assert self.post(cast, walk, place).status_code == 403
        response = self.post(cast, walk, place, user=cast.hub)
        assert response.status_code == 302
        assert walk.place("health").parent_id == walk.place("hub").pk

    @pytest.mark.django_db
    def test_the_only_co_below_a_hub_may_go(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="lead", hub="co")
        walk.dispatch(finance="co").ask_return("finance")
        response = self.post(cast, walk, walk.place("finance"), user=cast.hub, lead="", co=[])
        assert response.status_code == 302, response.content.decode()[:2000]
        hub = walk.place("hub")
        assert (hub.status, hub.release_words) == ("released", "分办的会办单位已退回，不另安排会办")
        assert not Clock.objects.filter(assignment=hub, met_on=None, voided_on=None).exists()

    @pytest.mark.django_db
    def test_a_hub_keeps_its_place_while_another_unit_assists(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="lead", hub="co")
        walk.dispatch(finance="co", health="co").accept("health").opinion("health").ask_return("finance")
        co = [cast.units["health"].pk]
        response = self.post(cast, walk, walk.place("finance"), user=cast.hub, lead="", co=co)
        assert response.status_code == 302, response.content.decode()[:2000]
        assert walk.place("hub").status == "dispatched"

    @pytest.mark.django_db
    def test_a_date_set_by_decision_goes_on_to_the_next_unit(self, cast):
        """Where the term is kept, so is the earlier date that the office set at assignment."""
        set_switch(cast, "reply_clock_on_adjust", "keep")
        walk = make_proposal(cast, "filed")
        early = workday(cast, timezone.localdate(walk.now) + timedelta(days=30))
        placements = walk.placements(civil="lead")
        walk.do("assign", cast.su, placements=placements, reply_due_on=early, early_reason="汛期之前。")
        walk.ask_return()
        assert self.post(cast, walk, walk.place("civil"), co=[]).status_code == 302
        assert walk.place("health").due_on == early

    @pytest.mark.django_db
    @pytest.mark.parametrize(("result", "status"), [("satisfied", "closed"), ("dissatisfied", "disputed")])
    def test_the_last_unit_at_work_goes_and_the_case_follows_the_others(self, cast, result, status):
        """Two of three have answered and are rated already."""
        roles = dict.fromkeys(("civil", "finance", "health"), "separate")
        walk = make_proposal(cast, "filed").assign(**roles)
        walk.sign("civil").rate().sign("finance").rate(result, unit="finance").ask_return("health")
        stays = walk.placements(civil="separate", finance="separate")
        walk.do("approve_return", cast.su, walk.place("health"), placements=stays, reason="情况属实。")
        assert walk.proposal.status == status
