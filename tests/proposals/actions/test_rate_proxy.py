"""代录测评: by the liaison office from the signed form; the deputy may replace it within five working days."""

from datetime import timedelta

import pytest

from accounts.models import Grant, Role
from proposals.models import Attachment, Rating
from proposals.workflow import Denied
from tests.cast import make_proposal, scan

from .contract import ActionContract


class TestRateProxy(ActionContract):
    action = "rate_proxy"
    onlooker = "jiang"
    told = ("lin",)

    def prepare(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "disputed")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"attitude": "satisfied", "result": "satisfied", "words": "", "files": scan()}

    def deputy_rates(self, cast, place, **fields):
        from django.test import Client

        client = Client()
        client.force_login(cast.lin)
        place.refresh_from_db()
        data = {
            "version": place.version,
            "attitude": "satisfied",
            "result": "dissatisfied",
            "words": "没有办成。",
            **fields,
        }
        return client.post(f"/assignments/{place.pk}/rate/", data)

    @pytest.mark.django_db
    def test_it_is_marked_and_the_scan_kept(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        rating = Rating.objects.get()
        assert rating.is_proxy and "代录" in rating.rated_by
        assert Attachment.objects.get(proposal=walk.proposal).is_scan
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "closed"

    @pytest.mark.django_db
    def test_the_deputys_own_replaces_it_and_decides_again(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert self.deputy_rates(cast, place).status_code == 302
        rating = Rating.objects.get()
        assert (rating.is_proxy, rating.replaced["result"]) == (False, "satisfied")
        walk.proposal.refresh_from_db()
        assert (walk.proposal.status, walk.proposal.closed_on) == ("disputed", None)
        assert self.deputy_rates(cast, place).status_code == 409

    @pytest.mark.django_db
    def test_later_it_stands(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        rating = Rating.objects.get()
        rating.replaceable_until -= timedelta(days=30)
        rating.save()
        response = self.deputy_rates(cast, place)
        assert (response.status_code, "可以改写的期限已过" in response.content.decode()) == (409, True)

    @pytest.mark.django_db
    def test_never_without_scan_by_a_unit_or_for_the_own_unit(self, cast):
        walk, place = self.prepare(cast)
        assert self.post(cast, walk, place, files="").status_code == 422
        assert self.post(cast, walk, place, user=cast.chen).status_code == 403
        Grant.objects.create(
            user=cast.su, role=Role.HANDLER, congress=cast.congress, unit=cast.units["civil"]
        )
        assert self.post(cast, walk, place).status_code == 403

    @pytest.mark.django_db
    def test_the_units_forms_do_not_tell_of_it(self, cast):
        """§5: the version that stands in the unit's pages stays, as with the deputy's own rating."""
        walk, place = self.prepare(cast)
        before = place.version
        self.post(cast, walk, place)
        place.refresh_from_db()
        assert Rating.objects.exists() and place.version == before

    @pytest.mark.django_db
    def test_both_dimensions_are_asked_for_whoever_calls(self, cast):
        walk, place = self.prepare(cast)
        with pytest.raises(Denied, match="请给办理态度选一项"):
            walk.do("rate_proxy", cast.su, place, result="satisfied", words="", files=[scan()])
        assert not Rating.objects.exists()
