"""拟办: a placement saved for the 交办会; units may be asked for their view."""

import pytest
from django.test import Client

from proposals.models import Request, Waiting
from tests.cast import make_proposal

from .contract import ActionContract


class TestPlan(ActionContract):
    action = "plan"
    onlooker = "jiang"
    told = ("chen", "zou", "gao")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {
            "lead": cast.units["civil"].pk,
            "co": cast.units["finance"].pk,
            "asks_views": "on",
            "words": "请 3 日内提意见。",
        }

    @pytest.mark.django_db
    def test_it_is_kept_without_clocks_and_waits_on_the_units(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert [e["role"] for e in subject.plan] == ["lead", "co"]
        waits = Waiting.objects.filter(proposal=subject, queue="plan_view")
        assert {w.holder_id for w in waits} == {cast.units[k].pk for k in ("civil", "finance")}
        assert not subject.assignments.exists()

    @pytest.mark.django_db
    def test_the_assignment_starts_with_what_was_planned(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        client = Client()
        client.force_login(cast.su)
        form = client.get(f"/proposals/{subject.pk}/assign/").context["form"]
        chosen = [form[name].value() for name in ("lead", "co", "separate")]
        assert chosen == [cast.units["civil"].pk, [cast.units["finance"].pk], []]

    @pytest.mark.django_db
    def test_planning_anew_and_assigning_end_what_was_asked(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        self.post(cast, walk, subject, lead=cast.units["hub"].pk, co=[])
        assert Waiting.objects.get(proposal=subject, queue="plan_view").holder_kind == "hub"
        walk.assign()
        assert not Request.objects.filter(kind="plan_view", state="open").exists()

    @pytest.mark.django_db
    def test_a_unit_may_be_asked_anew_before_it_has_answered(self, cast):
        walk, subject = self.prepare(cast)
        assert [self.post(cast, walk, subject).status_code for _ in range(2)] == [302, 302]
        assert Request.objects.filter(kind="plan_view", state="open").count() == 2

    @pytest.mark.django_db
    def test_a_unit_without_access_is_not_asked_here(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject, co=cast.units["archive"].pk)
        asked = Waiting.objects.filter(proposal=subject, queue="plan_view")
        assert [w.holder_id for w in asked] == [cast.units["civil"].pk]

    @pytest.mark.django_db
    def test_no_valid_placement(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, lead="")
        assert (response.status_code, "还没有选主办单位" in response.content.decode()) == (422, True)
