"""核实: by the office or the committee; each outcome ends the clock, 部分兑现 and 未兑现 open a look-back."""

import pytest

from proposals.models import Clock, LookBack, Waiting
from proposals.workflow import Denied

from .promised import PromiseContract, act, confirmed, promised, reported, verified

KEPT = {"outcome": "kept", "words": "现场看过，都在开餐。"}


class TestVerify(PromiseContract):
    action = "verify"
    onlooker = "chen"
    told = ("lin", "chen", "zou")
    status_after = "kept"

    def prepare(self, cast):
        return reported(cast)

    def prepare_wrong_state(self, cast):
        return verified(cast)

    def fill(self, cast, walk, subject):
        return KEPT

    @pytest.mark.django_db
    def test_the_clock_ends_and_the_deputy_is_asked(self, cast):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment, user=cast.jiang)
        commitment.refresh_from_db()
        assert not Clock.objects.get(commitment=commitment).is_open
        turn = Waiting.objects.get(commitment=commitment)
        assert (turn.queue, turn.holder_id) == ("confirm", cast.deputies["lin"].pk)
        assert turn.due_on == commitment.confirm_by
        assert "蒋可" in commitment.verified_by

    @pytest.mark.django_db
    @pytest.mark.parametrize("outcome", ["partly", "broken"])
    def test_less_than_kept_opens_a_look_back_and_asks_why(self, cast, outcome):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment, outcome=outcome)
        look_back = LookBack.objects.get(commitment=commitment)
        assert (look_back.cause, look_back.closed_on) == (outcome, None)
        queues = set(Waiting.objects.filter(commitment=commitment).values_list("queue", flat=True))
        assert queues == {"confirm", "explain"}

    @pytest.mark.django_db
    def test_kept_in_the_end_the_look_back_is_closed(self, cast):
        walk, commitment = verified(cast, "broken")
        act(walk, "report_progress", cast.chen, commitment, words="补建好了", is_done=True)
        act(walk, "verify", cast.su, commitment, **KEPT)
        assert LookBack.objects.get().result == "kept"

    @pytest.mark.django_db
    def test_not_before_its_date_as_broken(self, cast):
        walk, commitment = promised(cast)
        with pytest.raises(Denied, match="才到期"):
            act(walk, "verify", cast.su, commitment, outcome="broken", words="没有动工")

    @pytest.mark.django_db
    def test_again_where_the_deputy_objects(self, cast):
        walk, commitment = confirmed(cast, said="broken")
        assert Waiting.objects.get(commitment=commitment).queue == "verify"
        act(walk, "verify", cast.su, commitment, outcome="partly", words="两处没有开餐")
        assert (commitment.status, commitment.confirmed) == ("partly", "")
