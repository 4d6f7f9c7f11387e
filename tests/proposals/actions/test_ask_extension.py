"""申请延期: on or before the due date, one pending, at most to the ceiling of the round."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.dates import cn_deadline
from notifications.models import Notice
from proposals.models import Clock, Request, RuleSet
from tests.cast import EXTENSION, make_proposal, workday

from .contract import ActionContract
from .test_withdraw import set_switch


class TestAskExtension(ActionContract):
    action = "ask_extension"
    actor = "chen"
    onlooker = "fang"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return EXTENSION | {"until": workday(cast, walk.place("civil").due_on + timedelta(days=30))}

    @pytest.mark.django_db
    def test_one_at_a_time(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Clock.objects.get(assignment=place, kind="extension_decision").is_open
        response = self.post(cast, walk, place)
        assert response.status_code == 409
        assert "等待决定" in response.content.decode()

    @pytest.mark.django_db
    @pytest.mark.parametrize(("days", "sentence"), [(0, "要晚于现在的期限"), (200, "最多可延到")])
    def test_the_date_lies_between_the_due_date_and_the_ceiling(self, cast, days, sentence):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, until=place.due_on + timedelta(days=days))
        assert response.status_code == 422
        assert sentence in response.content.decode()

    @pytest.mark.django_db
    def test_a_day_off_is_no_date(self, cast):
        """Else a term would end on it, which no other does; the next working day is named."""
        walk, place = self.prepare(cast)
        until = place.due_on + timedelta(days=9)
        while workday(cast, until) == until:
            until += timedelta(days=1)
        response = self.post(cast, walk, place, until=until)
        assert response.status_code == 422
        worked = cn_deadline(workday(cast, until), until)
        assert f"是休息日，请选工作日，如 {worked}。" in response.content.decode()
        assert not Request.objects.exists()
        assert self.post(cast, walk, place, until=workday(cast, until)).status_code == 302

    @pytest.mark.django_db
    def test_not_where_the_present_date_is_the_latest_there_is(self, cast):
        """复杂件: six months from the beginning. No date could be filled in, so it is said at once."""
        walk = make_proposal(cast, "filed")
        walk.do("assign", cast.su, placements=walk.placements(civil="lead"), is_complex=True).accept()
        response = self.post(cast, walk, walk.place("civil"), until=walk.place("civil").due_on)
        assert (response.status_code, "已是最长期限" in response.content.decode()) == (409, True)

    @pytest.mark.django_db
    def test_after_the_due_date_it_is_too_late(self, cast):
        walk, place = self.prepare(cast)
        Clock.objects.filter(assignment=place, kind="reply").update(
            due_on=timezone.localdate(walk.now) - timedelta(days=2)
        )
        response = self.post(cast, walk, place)
        assert response.status_code == 409
        assert "到期日当天或之前申请" in response.content.decode()

    @pytest.mark.django_db
    def test_where_nobody_decides_the_unit_takes_the_time(self, cast):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["extension_needs_consent"] = False
        rules.save()
        walk, place = self.prepare(cast)
        until = workday(cast, place.due_on + timedelta(days=30))
        self.post(cast, walk, place)
        place.refresh_from_db()
        assert place.due_on == until
        assert Request.objects.get(kind="extension").state == "granted"

    @pytest.mark.django_db
    def test_a_co_unit_has_none(self, cast):
        walk = make_proposal(cast, "handling").accept("finance")
        response = self.post(cast, walk, walk.place("finance"), user=cast.gao)
        assert response.status_code == 409

    @pytest.mark.django_db
    def test_where_nobody_decides_the_deputies_are_told(self, cast):
        """豫办法 20: the unit explains to the deputy. The office has nothing to decide on."""
        set_switch(cast, "extension_needs_consent", False)
        walk, place = self.prepare(cast)
        Notice.objects.all().delete()
        self.post(cast, walk, place)
        told = {notice.user: notice for notice in Notice.objects.all()}
        assert set(told) == {cast.lin, cast.tang, cast.su}
        assert not any(notice.kind == Notice.Kind.TODO for notice in told.values())
        client = Client()
        client.force_login(cast.lin)
        page = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
        assert "市民政局说明情况，答复延期到" in page and EXTENSION["reason"] in page

    @pytest.mark.django_db
    def test_where_somebody_decides_it_stays_between_them(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        client = Client()
        client.force_login(cast.lin)
        assert EXTENSION["reason"] not in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
