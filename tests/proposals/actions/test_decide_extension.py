"""批准、不批准延期: by the assigning side, also after the date has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.dates import cn_deadline
from proposals.models import Clock, Request
from tests.cast import make_proposal, workday

from .contract import ActionContract
from .test_withdraw import set_switch


class TestDecideExtension(ActionContract):
    action = "decide_extension"
    onlooker = "chen"
    told = ("chen", "zou", "lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").ask_extension()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {
            "is_granted": "yes",
            "until": workday(cast, subject.due_on + timedelta(days=20)),
            "reason": "",
        }

    @pytest.mark.django_db
    def test_the_date_is_replaced_even_when_it_has_passed(self, cast):
        walk, place = self.prepare(cast)
        yesterday = timezone.localdate(walk.now) - timedelta(days=1)
        Clock.objects.filter(assignment=place, kind="reply").update(due_on=yesterday)
        until = workday(cast, yesterday + timedelta(days=15))
        assert self.post(cast, walk, place, until=until).status_code == 302
        place.refresh_from_db()
        assert place.due_on == until
        clock = Clock.objects.get(assignment=place, kind="reply")
        assert clock.rule["first_due_on"] == yesterday.isoformat()
        assert Clock.objects.get(assignment=place, kind="extension_decision").met_on

    @pytest.mark.django_db
    def test_a_refusal_has_a_reason_and_leaves_the_date(self, cast):
        walk, place = self.prepare(cast)
        due_on = place.due_on
        response = self.post(cast, walk, place, is_granted="no")
        assert response.status_code == 422
        assert "不批准延期要写明理由" in response.content.decode()
        self.post(cast, walk, place, is_granted="no", reason="进度允许按期答复。")
        place.refresh_from_db()
        assert place.due_on == due_on
        assert Request.objects.get(kind="extension").state == "refused"

    @pytest.mark.django_db
    @pytest.mark.parametrize("rolls", [True, False])
    def test_a_date_on_a_day_off_is_refused_and_the_next_working_day_named(self, cast, rolls):
        """Every term ends on a working day (民法典 203), unless the rule set does not roll dates forward."""
        set_switch(cast, "roll_forward", rolls)
        walk, place = self.prepare(cast)
        until = place.due_on + timedelta(days=7)
        while workday(cast, until) == until:
            until += timedelta(days=1)
        response = self.post(cast, walk, place, until=until)
        assert response.status_code == (422 if rolls else 302)
        if rolls:
            assert f"是休息日，请选工作日，如 {cn_deadline(workday(cast, until), until)}" in (
                response.content.decode()
            )
            until = workday(cast, until)
            assert self.post(cast, walk, place, until=until).status_code == 302
        place.refresh_from_db()
        assert place.due_on == until

    @pytest.mark.django_db
    @pytest.mark.parametrize("days", [0, 300])
    def test_the_date_granted_has_the_same_bounds(self, cast, days):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, until=place.due_on + timedelta(days=days))
        assert response.status_code == 422
        assert "批准的日期要晚于现在的期限" in response.content.decode()

    @pytest.mark.django_db
    def test_issuing_voids_it(self, cast):
        walk, place = self.prepare(cast)
        walk.sign()
        assert Request.objects.get(kind="extension").state == "void"
        assert not Clock.objects.get(assignment=place, kind="extension_decision").is_open
