"""重新跟踪: the office has a verified promise followed again."""

import pytest

from proposals.models import Clock

from .promised import PromiseContract, confirmed, promised, verified


class TestReopenPromise(PromiseContract):
    action = "reopen_promise"
    onlooker = "chen"
    told = ("chen", "zou", "lin", "tang")
    status_after = "open"

    def prepare(self, cast):
        return verified(cast, "partly")

    def prepare_wrong_state(self, cast):
        return promised(cast)

    def fill(self, cast, walk, subject):
        return {"promised_on": self.due(90), "reason": "代表反映又停了两处。"}

    @pytest.mark.django_db
    def test_its_clock_runs_anew(self, cast):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment)
        assert [clock.is_open for clock in Clock.objects.filter(commitment=commitment).order_by("pk")] == [
            False,
            True,
        ]

    @pytest.mark.django_db
    def test_what_the_deputy_said_before_is_no_objection_to_it(self, cast):
        """An objection to the old verification stands in the history; the open promise waits for no 核实."""
        walk, commitment = confirmed(cast, "kept", said="partly")
        assert commitment.is_disputed
        self.post(cast, walk, commitment)
        commitment.refresh_from_db()
        assert (commitment.status, commitment.confirmed, commitment.is_disputed) == ("open", "", False)
