"""签收: by a handler of the unit."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal, scan

from .contract import ActionContract


class TestAccept(ActionContract):
    action = "accept"
    actor = "chen"
    onlooker = "fang"  # the signer of the same unit does not sign for it
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    @pytest.mark.django_db
    def test_the_clock_is_met(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Clock.objects.get(assignment=place, kind="accept").met_on

    @pytest.mark.django_db
    def test_another_units_place_does_not_exist_for_a_handler(self, cast):
        walk, place = self.prepare(cast)
        assert self.post(cast, walk, place, user=cast.gao).status_code == 404
        assert self.post(cast, walk, place, user=cast.qin).status_code == 404

    @pytest.mark.django_db
    def test_the_record_of_an_entry_names_its_paper(self, cast):
        walk = make_proposal(cast, "filed").assign(archive="lead")
        response = self.post(cast, walk, walk.place("archive"), user=cast.su, files=scan("签收单.pdf"))
        assert response.status_code == 302
        assert walk.proposal.events.get(action="accept").payload == {"files": ["签收单.pdf"]}
