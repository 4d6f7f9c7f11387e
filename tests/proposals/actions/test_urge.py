"""催办: by liaison staff, committee or leader; the units at work are told at once."""

import pytest
from django.test import Client

from notifications.models import Delivery, Notice
from tests.cast import make_proposal

from .contract import ActionContract


class TestUrge(ActionContract):
    action = "urge"
    onlooker = "lin"
    told = ("chen", "zou", "gao")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {
            "words": "请尽快与代表联系。",
            "places": [place.pk for place in walk.proposal.assignments.all()],
        }

    @pytest.mark.django_db
    @pytest.mark.parametrize("key", ["jiang", "luo"])
    def test_committee_and_leader_may(self, cast, key):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, user=cast.people[key]).status_code == 302

    @pytest.mark.django_db
    def test_it_goes_at_once_by_mail_too(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        urgent = Notice.objects.filter(is_urgent=True)
        assert set(urgent.values_list("user__username", flat=True)) == {"chen", "zou", "gao"}
        assert Delivery.objects.filter(notice__in=urgent).count() == 3

    @pytest.mark.django_db
    def test_the_hubs_page_names_only_whom_its_urge_reaches(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead", health="co")
        placements = walk.placements(civil="lead", finance="co")
        walk.do("dispatch", cast.hub, walk.place("hub"), placements=placements)
        client = Client()
        for user, names in (
            (cast.hub, {"市民政局", "市财政局"}),
            (cast.su, {"市民政局", "市财政局", "市卫生健康委员会"}),
        ):
            client.force_login(user)
            page = client.get(self.url(walk.proposal))
            assert {place.unit.name for place in page.context["form"].reached} == names
            assert ("市卫生健康委员会" in page.content.decode()) == ("市卫生健康委员会" in names)


@pytest.mark.django_db
def test_an_urged_hub_is_named_on_the_pages_of_others(cast):
    """What waits on a hub is not always below it: its own urge was an error page."""
    walk = make_proposal(cast, "filed").assign(hub="lead").do("urge", cast.su, words="请抓紧分办。")
    for who in ("lin", "su", "luo"):
        client = Client()
        client.force_login(cast.people[who])
        page = client.get(f"/proposals/{walk.proposal.pk}/")
        assert (page.status_code, "市政府督查室" in page.content.decode()) == (200, True)
    client.force_login(cast.lin)
    assert client.get("/my/").status_code == 200
