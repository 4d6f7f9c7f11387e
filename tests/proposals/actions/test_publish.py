"""公开: a closed case, after looking through it; never one whose proposer is hidden."""

import pytest

from proposals.models import Proposal
from tests.cast import make_proposal

from .contract import ActionContract
from .test_withdraw import set_switch


class TestPublish(ActionContract):
    action = "publish"
    onlooker = "jiang"
    told = ("lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"has_looked": "on"}

    @pytest.mark.django_db
    def test_only_when_it_was_looked_through(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, has_looked="").status_code == 422

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [({"hides_proposer": True}, "不能公开"), ({"open_wanted": False}, "代表认为不宜公开")],
    )
    def test_what_stays_unpublished(self, cast, fields, sentence):
        set_switch(cast, "publish_needs_deputy_consent", True)
        walk, subject = self.prepare(cast)
        Proposal.objects.filter(pk=subject.pk).update(**fields)
        response = self.post(cast, walk, subject)
        assert (response.status_code, sentence in response.content.decode()) == (409, True)

    @pytest.mark.django_db
    def test_a_redo_takes_it_down(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.published_on
        placements = walk.placements(civil="lead")
        walk.do("order_redo", cast.su, placements=placements, cause="reassigned", reason="再交办")
        assert walk.proposal.published_on is None
        assert "已公开的内容同时撤下" in walk.proposal.events.get(action="order_redo").words

    @pytest.mark.django_db
    def test_a_late_rating_that_takes_it_down_says_so(self, cast):
        """未表态, closed and published; then the deputy is not content after all."""
        walk = make_proposal(cast, "replied").days(90)
        walk.do("mark_silent", None, walk.place("civil"))
        self.post(cast, walk, walk.proposal)
        walk.proposal.refresh_from_db()
        assert walk.proposal.published_on
        walk.rate("dissatisfied")
        assert (walk.proposal.status, walk.proposal.published_on) == ("disputed", None)
        assert "已公开的内容同时撤下" in walk.proposal.events.get(action="rate").words
