"""提交会办意见: a co unit's answer to the lead; signed first where the rule set says so."""

import pytest

from notifications.models import Notice
from proposals.access import Sight
from proposals.models import Clock, Opinion, ProposalEvent, RuleSet
from proposals.workflow import Case
from tests.cast import make_proposal

from .contract import ActionContract


class TestGiveOpinion(ActionContract):
    action = "give_opinion"
    actor = "gao"
    onlooker = "he"
    told = ("chen", "zou")
    status_after = "answered"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept("finance")
        return walk, walk.place("finance")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("finance")

    def fill(self, cast, walk, subject):
        return {"words": "补助资金已列入预算。"}

    @pytest.mark.django_db
    def test_it_reaches_the_lead_and_stops_the_clocks(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Opinion.objects.get().given_on is not None
        assert not [clock for clock in Clock.objects.filter(assignment=place) if clock.is_open]

    @pytest.mark.django_db
    def test_the_lead_does_not_give_opinions(self, cast):
        walk = make_proposal(cast, "handling").accept("civil")
        response = self.post(cast, walk, walk.place("civil"), user=cast.chen)
        assert response.status_code == 409
        assert "只有会办单位提交会办意见" in response.content.decode()

    @pytest.mark.django_db
    def test_where_opinions_are_signed_it_waits_for_the_signer(self, cast):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["opinion_signed"] = True
        rules.save()
        walk, place = self.prepare(cast)
        Notice.objects.all().delete()
        self.post(cast, walk, place)
        place.refresh_from_db()
        assert place.status == "signing"
        assert Opinion.objects.get().given_on is None
        # A draft until then: its signer is asked, and nobody else hears of it.
        assert [notice.user for notice in Notice.objects.all()] == [cast.he]
        for reader in (cast.chen, cast.lin, cast.hub):
            sight = Sight.of(Case.load(walk.proposal.pk), reader)
            assert not sight.sees_event(walk.proposal, ProposalEvent.objects.get(action="give_opinion"))
        walk.do("issue", cast.he, place)
        place.refresh_from_db()
        assert place.status == "answered"
        opinion = Opinion.objects.get()
        assert (opinion.signed_by, opinion.given_on is not None) == ("何敬之", True)
