"""撤销审查决定: of a filing or a refusal, as long as nothing is assigned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals.models import Clock, Proposal
from tests.cast import Walk, make_proposal

from .contract import ActionContract


class TestUndoReview(ActionContract):
    action = "undo_review"
    onlooker = "lin"
    told = ("lin", "tang")
    status_after = "submitted"

    def prepare(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "立错了类别，重新审查。"}

    @pytest.mark.django_db
    def test_the_review_starts_anew_and_the_number_stays_with_its_proposal(self, cast):
        walk, subject = self.prepare(cast)
        number = walk.proposal.number
        self.post(cast, walk, subject)
        assert not Clock.objects.get(proposal=subject, kind="assign").is_open
        assert Clock.objects.filter(proposal=subject, kind="review", met_on=None).count() == 1
        walk.file()
        assert walk.proposal.number == number
        other = make_proposal(cast, "filed")
        assert other.proposal.number != number

    @pytest.mark.django_db
    def test_a_refusal_too(self, cast):
        walk = make_proposal(cast, "declined")
        assert self.post(cast, walk, walk.proposal).status_code == 302
        walk.proposal.refresh_from_db()
        assert (walk.proposal.status, walk.proposal.decline_outcome) == ("submitted", "")

    @pytest.mark.django_db
    def test_while_the_session_lasts_the_new_review_counts_from_its_close(self, cast):
        walk = Walk(cast)
        cast.session.closes_on = timezone.localdate() + timedelta(days=30)
        cast.session.save()
        Proposal.objects.filter(pk=walk.proposal.pk).update(source="session", session=cast.session)
        walk.submit().file()
        assert self.post(cast, walk, walk.proposal).status_code == 302
        clock = Clock.objects.get(proposal=walk.proposal, kind="review", met_on=None)
        assert clock.started_on == cast.session.closes_on
