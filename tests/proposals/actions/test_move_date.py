"""改期: a later date with a written explanation, which the deputy receives; the old dates are kept."""

from datetime import date

import pytest
from django.test import Client

from proposals.models import Clock, Explanation

from .promised import PromiseContract, act, promised, verified


class TestMoveDate(PromiseContract):
    action = "move_date"
    actor = "chen"
    onlooker = "gao"
    told = ("lin", "tang", "su")

    def prepare(self, cast):
        return promised(cast)

    def prepare_wrong_state(self, cast):
        return verified(cast)

    def fill(self, cast, walk, subject):
        return {"promised_on": self.due(120), "words": "地下发现旧人防通道，加固要三个月。"}

    @pytest.mark.django_db
    def test_old_dates_are_kept_and_counted(self, cast):
        walk, commitment = self.prepare(cast)
        first = commitment.promised_on
        for days in (120, 150):
            assert self.post(cast, walk, commitment, promised_on=self.due(days)).status_code == 302
        commitment.refresh_from_db()
        assert (commitment.moves, commitment.moved_from) == (2, first)
        assert [each.old_on for each in Explanation.objects.order_by("pk")] == [
            first,
            date.fromisoformat(self.due(120)),
        ]
        clock = Clock.objects.get(commitment=commitment)
        assert (clock.is_open, clock.due_on) == (True, commitment.promised_on)

    @pytest.mark.django_db
    def test_the_deputy_reads_the_explanation(self, cast):
        walk, commitment = self.prepare(cast)
        self.post(cast, walk, commitment)
        read = []
        for who in ("su", "tang", "lin"):
            client = Client()
            client.force_login(cast.people[who])
            assert "人防通道" in client.get(f"/commitments/{commitment.pk}/").content.decode()
            read.append(Explanation.objects.get().read_at is not None)
        assert read == [False, False, True]

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("broken", "sentence"),
        [
            ({"words": ""}, "请填写"),
            ({"promised_on": "2020-01-01"}, "新的日期要在"),
            ({"promised_on": "2999-01-01"}, "10 年以后"),
            ({"promised_on": "明年"}, "日期写成"),
        ],
    )
    def test_refusals(self, cast, broken, sentence):
        walk, commitment = self.prepare(cast)
        response = self.post(cast, walk, commitment, **broken)
        assert (response.status_code, sentence in response.content.decode()) == (422, True)

    @pytest.mark.django_db
    def test_what_was_reported_done_goes_back_to_open(self, cast):
        walk, commitment = promised(cast)
        act(walk, "report_progress", cast.chen, commitment, words="好了", is_done=True)
        self.post(cast, walk, commitment)
        commitment.refresh_from_db()
        assert (commitment.status, commitment.done_on) == ("open", None)

    @pytest.mark.django_db
    def test_reported_done_after_a_verification_it_is_timed_anew(self, cast):
        """The verification ended its clock: without a new one nobody would be reminded of the moved date."""
        walk, commitment = verified(cast, "partly")
        act(walk, "report_progress", cast.chen, commitment, words="其余 1 处也好了", is_done=True)
        assert self.post(cast, walk, commitment).status_code == 302
        commitment.refresh_from_db()
        clocks = [clock for clock in Clock.objects.filter(commitment=commitment) if clock.is_open]
        assert [clock.due_on for clock in clocks] == [commitment.promised_on]
