"""代表确认: by the proposer alone; with words where it was not kept."""

import pytest
from django.test import Client

from proposals.models import Commitment

from .promised import PromiseContract, act, confirmed, promised, reported, verified


class TestConfirm(PromiseContract):
    action = "confirm"
    actor = "lin"
    onlooker = "chen"
    told = ("su", "chen", "zou")

    def prepare(self, cast):
        return verified(cast)

    def prepare_wrong_state(self, cast):
        return reported(cast)

    def fill(self, cast, walk, subject):
        return {"outcome": "kept", "words": ""}

    @pytest.mark.django_db
    def test_nothing_is_preselected(self, cast):
        _, commitment = self.prepare(cast)
        client = Client()
        client.force_login(cast.lin)
        page = client.get(self.url(commitment) + "?outcome=kept").content.decode()
        assert " checked" not in page

    @pytest.mark.django_db
    def test_no_cosigner_and_nobody_of_the_office_confirms(self, cast):
        walk, commitment = self.prepare(cast)
        for who in ("tang", "su", "jiang"):
            assert self.post(cast, walk, commitment, user=cast.people[who]).status_code == 403

    @pytest.mark.django_db
    def test_words_are_wanted_for_less_than_kept(self, cast):
        walk, commitment = self.prepare(cast)
        assert self.post(cast, walk, commitment, outcome="partly").status_code == 422
        assert self.post(cast, walk, commitment, outcome="partly", words="还差一处").status_code == 302
        assert Commitment.objects.get().is_disputed

    @pytest.mark.django_db
    def test_only_once_until_it_is_verified_anew(self, cast):
        walk, commitment = confirmed(cast)
        assert self.post(cast, walk, commitment).status_code == 409
        act(walk, "reopen_promise", cast.su, commitment, promised_on=_day(90), reason="又停了一处")
        assert commitment.status == "open"

    @pytest.mark.django_db
    def test_where_a_promise_is_open_there_is_nothing_to_confirm(self, cast):
        walk, commitment = promised(cast)
        assert self.post(cast, walk, commitment).status_code == 409


def _day(days):
    from datetime import timedelta

    from django.utils import timezone

    return timezone.localdate() + timedelta(days=days)
