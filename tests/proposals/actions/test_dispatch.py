"""分办: a hub passes its place on to units of its own system; the reply term still counts from the assignment."""

import pytest

from proposals.models import Clock
from tests.cast import make_proposal

from .contract import ActionContract


class TestDispatch(ActionContract):
    action = "dispatch"
    actor = "hub"
    onlooker = "su"
    told = ("chen", "zou", "gao", "lin", "tang")
    status_after = "dispatched"

    def prepare(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead")
        return walk, walk.place("hub")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "filed").dispatch()
        return walk, walk.place("hub")

    def fill(self, cast, walk, subject):
        return {"lead": cast.units["civil"].pk, "co": cast.units["finance"].pk}

    @pytest.mark.django_db
    def test_the_reply_counts_from_the_congresss_assignment(self, cast):
        walk = make_proposal(cast, "filed")
        walk.assign(hub="lead")
        due_on = walk.place("hub").due_on
        walk.days(4).dispatch()
        child = walk.place("civil")
        assert (child.parent_id, child.due_on, child.status) == (walk.place("hub").pk, due_on, "pending")
        assert Clock.objects.get(assignment=walk.place("hub"), kind="dispatch").met_on
        assert not Clock.objects.get(assignment=walk.place("hub"), kind="reply").is_open

    @pytest.mark.django_db
    def test_only_units_of_its_own_system_that_are_not_here_yet(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead", health="co")
        cast.units["education"].system = "court"
        cast.units["education"].save()
        place = walk.place("hub")
        for unit, sentence in (("health", "已有位置"), ("education", "请"), ("hub", "请")):
            response = self.post(cast, walk, place, lead=cast.units[unit].pk, co=[])
            assert response.status_code == 422
            assert sentence in response.content.decode()

    @pytest.mark.django_db
    def test_separate_below_does_not_stand_beside_a_co(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead", health="co")
        both = [cast.units["civil"].pk, cast.units["finance"].pk]
        response = self.post(cast, walk, walk.place("hub"), lead="", co=[], separate=both)
        assert response.status_code == 422
        assert "会办和分办不能混用" in response.content.decode()
