"""交办: a valid placement opens places and their clocks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals.models import Assignment, Clock
from tests.cast import make_proposal, workday

from .contract import ActionContract


class TestAssign(ActionContract):
    action = "assign"
    told = ("chen", "zou", "gao", "lin", "tang")
    status_after = "handling"

    def prepare(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"lead": cast.units["civil"].pk, "co": [cast.units["finance"].pk]}

    @pytest.mark.django_db
    def test_places_and_clocks(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        roles = set(Assignment.objects.filter(proposal=subject).values_list("unit__name", "role"))
        assert roles == {("市民政局", "lead"), ("市财政局", "co")}
        lead = Assignment.objects.get(proposal=subject, role="lead")
        kinds = set(Clock.objects.filter(assignment=lead).values_list("kind", flat=True))
        assert kinds == {"accept", "return_window", "reply"}
        co = Assignment.objects.get(proposal=subject, role="co")
        kinds = set(Clock.objects.filter(assignment=co).values_list("kind", flat=True))
        assert kinds == {"accept", "return_window", "opinion"}
        assert Clock.objects.get(proposal=subject, kind="assign").met_on
        subject.refresh_from_db()
        assert subject.due_on == lead.due_on == Clock.objects.get(assignment=lead, kind="reply").due_on

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("units", "sentence"),
        [
            ({"lead": "", "co": []}, "还没有选承办单位"),
            ({"lead": "", "co": ["finance"]}, "还没有选主办单位"),
            ({"lead": "civil", "co": ["civil"]}, "同一个单位选了两次"),
            ({"lead": "", "co": [], "separate": ["civil"]}, "分办至少要两个单位"),
            ({"lead": "civil", "co": [], "separate": ["finance", "health"]}, "不能混用"),
        ],
    )
    def test_invalid_placements_are_refused(self, cast, units, sentence):
        walk, subject = self.prepare(cast)
        pks = {key: unit.pk for key, unit in cast.units.items()}
        fields = {
            name: [pks[key] for key in keys] if isinstance(keys, list) else pks.get(keys, "")
            for name, keys in units.items()
        }
        response = self.post(cast, walk, subject, **fields)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Assignment.objects.filter(proposal=subject).exists()

    @pytest.mark.django_db
    def test_units_of_another_congress_or_out_of_use_cannot_be_chosen(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, lead=cast.stranger.unit.pk).status_code == 422
        cast.units["civil"].is_active = False
        cast.units["civil"].save()
        assert self.post(cast, walk, subject).status_code == 422

    @pytest.mark.django_db
    def test_two_separate_units(self, cast):
        walk, subject = self.prepare(cast)
        units = [cast.units["civil"].pk, cast.units["health"].pk]
        response = self.post(cast, walk, subject, lead="", co=[], separate=units)
        assert response.status_code == 302
        assert Assignment.objects.filter(proposal=subject, role="separate").count() == 2

    @pytest.mark.django_db
    def test_a_complex_case_replies_within_the_ceiling(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject, is_complex="on")
        clock = Clock.objects.get(proposal=subject, kind="reply")
        assert (clock.rule["value"], clock.rule["unit"]) == (6, "month")

    @pytest.mark.django_db
    def test_an_earlier_date_needs_a_reason_and_lies_before_the_legal_one(self, cast):
        walk, subject = self.prepare(cast)
        soon = workday(cast, timezone.localdate() + timedelta(days=20))
        assert "要写明理由" in self.post(cast, walk, subject, reply_due_on=soon).content.decode()
        late = timezone.localdate() + timedelta(days=200)
        response = self.post(cast, walk, subject, reply_due_on=late, early_reason="急")
        assert "不能晚于法定期限" in response.content.decode()
        past = timezone.localdate()
        response = self.post(cast, walk, subject, reply_due_on=past, early_reason="急")
        assert "要晚于今天" in response.content.decode()
        off = soon
        while workday(cast, off) == off:
            off += timedelta(days=1)
        response = self.post(cast, walk, subject, reply_due_on=off, early_reason="急")
        assert response.status_code == 422
        assert "是休息日，请选工作日，如" in response.content.decode()
        response = self.post(cast, walk, subject, reply_due_on=soon, early_reason="汛期之前要见效")
        assert response.status_code == 302
        clock = Clock.objects.get(proposal=subject, kind="reply")
        assert clock.due_on == soon
        assert "汛期之前要见效" in clock.rule["note"]

    @pytest.mark.django_db
    def test_units_that_are_not_named_see_nothing(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert type(subject).objects.visible_to(cast.chen).exists()
        assert not type(subject).objects.visible_to(cast.qin).exists()
