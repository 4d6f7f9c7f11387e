"""调整承办: add, release, swap lead and co, 机构改革; the result is a valid placement on one level."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Grant, Role
from institutions.models import Unit
from institutions.succession import forget_successors
from proposals.models import Clock, Opinion, Request, RuleSet
from proposals.rules import install_preset
from proposals.workflow import Case
from tests.cast import make_proposal, make_user, workday
from tests.proposals.workflow.invariants import faults

from .contract import ActionContract


class TestAdjust(ActionContract):
    action = "adjust"
    onlooker = "jiang"
    told = ("chen", "zou", "gao", "wei", "lin", "tang")

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {
            "lead": cast.units["health"].pk,
            "co": [cast.units["finance"].pk, cast.units["civil"].pk],
            "reason": "主办职责已划转。",
        }

    @pytest.mark.django_db
    def test_lead_and_co_swap(self, cast):
        walk, subject = self.prepare(cast)
        walk.ask_extension()
        response = self.post(cast, walk, subject, lead=cast.units["finance"].pk, co=cast.units["civil"].pk)
        assert response.status_code == 302
        roles = {unit: walk.place(unit).role for unit in ("civil", "finance")}
        assert roles == {"civil": "co", "finance": "lead"}
        kinds = Clock.objects.filter(assignment=walk.place("civil"), met_on=None, voided_on=None)
        assert set(kinds.values_list("kind", flat=True)) == {"return_window", "opinion"}
        assert Request.objects.get(kind="extension").state == "void"

    @pytest.mark.django_db
    def test_the_same_again_is_refused(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, lead=cast.units["civil"].pk, co=cast.units["finance"].pk)
        assert response.status_code == 422
        assert "和现在的承办单位一样" in response.content.decode()

    @pytest.mark.django_db
    def test_who_has_answered_stays(self, cast):
        walk, subject = self.prepare(cast)
        walk.accept("finance").opinion()
        response = self.post(cast, walk, subject, co=[])
        assert response.status_code == 422
        assert "可以请主办单位退回会办意见" in response.content.decode()

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("switch", "is_reform", "kept"), [("restart", "", 0), ("restart", "on", 1), ("keep", "", 1)]
    )
    def test_the_reply_term_restarts_or_is_kept(self, cast, switch, is_reform, kept):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["reply_clock_on_adjust"] = switch
        rules.save()
        walk = make_proposal(cast, "handling").ask_extension(days=20)
        until = workday(cast, walk.place("civil").due_on + timedelta(days=20))
        walk.do("decide_extension", cast.su, walk.place("civil"), is_granted=True, until=until, reason="")
        self.post(cast, walk, walk.proposal, is_reform=is_reform, co=[])
        due_on = walk.place("health").due_on
        # An extension that was granted goes with the term that is kept.
        assert (due_on == until) == bool(kept)

    @pytest.mark.django_db
    @pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 302)])
    def test_a_unit_is_given_nothing_from_the_day_on_which_it_is_abolished(self, cast, days, status):
        walk, subject = self.prepare(cast)
        cast.units["health"].abolished_on = timezone.localdate() + timedelta(days=days)
        cast.units["health"].save()
        assert self.post(cast, walk, subject).status_code == status

    @pytest.mark.django_db
    @pytest.mark.parametrize("goes", [True, False])
    def test_whoever_gave_an_opinion_may_be_asked_to_lead(self, cast, goes):
        """机构改革 often makes the assisting unit the successor. Its opinion stays, and it writes the reply."""
        walk, subject = self.prepare(cast)
        walk.accept("finance").opinion()
        lead, co = cast.units["finance"].pk, [] if goes else [cast.units["civil"].pk]
        response = self.post(cast, walk, subject, lead=lead, co=co)
        assert response.status_code == 302, response.content.decode()[:2000]
        place = walk.place("finance")
        assert (place.role, place.status, place.answered_on) == ("lead", "accepted", None)
        assert place.due_on == Clock.objects.get(assignment=place, kind="reply").due_on
        assert Opinion.objects.get().given_on
        if not goes:
            walk.accept("civil").opinion("civil")
        walk.sign("finance")
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "replied"
        assert list(faults(Case.load(walk.proposal.pk))) == []

    @pytest.mark.django_db
    def test_a_unit_abolished_meanwhile_may_keep_its_place(self, cast):
        walk, subject = self.prepare(cast)
        cast.units["finance"].is_active = False
        cast.units["finance"].save()
        assert self.post(cast, walk, subject).status_code == 302
        response = self.post(
            cast, walk, subject, lead=cast.units["health"].pk, co=[cast.units["finance"].pk, 99999999]
        )
        assert response.status_code == 422

    @pytest.mark.django_db
    def test_a_hub_adjusts_its_own_units_and_liaison_not_those(self, cast):
        walk = make_proposal(cast, "filed").dispatch()
        response = self.post(
            cast,
            walk,
            walk.proposal,
            user=cast.hub,
            lead=cast.units["health"].pk,
            co=cast.units["finance"].pk,
        )
        assert response.status_code == 302
        assert walk.place("health").parent_id == walk.place("hub").pk
        assert walk.place("civil").status == "released"
        response = self.post(
            cast, walk, walk.proposal, lead=cast.units["hub"].pk, co=cast.units["finance"].pk
        )
        assert response.status_code == 422
        assert "已有位置" in response.content.decode()

    @pytest.mark.django_db
    def test_the_hub_that_succeeds_another_adjusts_its_units(self, cast):
        walk, old = make_proposal(cast, "filed").dispatch(), cast.units["hub"]
        new = Unit.objects.create(congress=cast.congress, name="市政府政务督查局", is_hub=True)
        Unit.objects.filter(pk=old.pk).update(successor=new, is_active=False)
        forget_successors()
        clerk = make_user("inspector", "新督查")
        Grant.objects.create(user=clerk, role=Role.HUB, congress=cast.congress, unit=new)
        response = self.post(cast, walk, walk.proposal, user=clerk, co=cast.units["finance"].pk)
        assert response.status_code == 302
        assert walk.place("health").parent_id == walk.place("hub").pk
        forget_successors()

    @pytest.mark.django_db
    def test_who_is_liaison_and_hub_adjusts_the_congress_level(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead", health="co")
        walk.do("dispatch", cast.hub, walk.place("hub"), placements=walk.placements(civil="lead"))
        Grant.objects.create(user=cast.su, role=Role.HUB, congress=cast.congress, unit=cast.units["hub"])
        wanted = {"lead": cast.units["hub"].pk, "co": cast.units["education"].pk}
        assert self.post(cast, walk, walk.proposal, **wanted).status_code == 302
        assert walk.place("education").parent_id is None
        assert walk.place("civil").parent_id == walk.place("hub").pk

    @pytest.mark.django_db
    def test_a_dispatched_hub_keeps_its_role_or_goes_with_its_units(self, cast):
        walk = make_proposal(cast, "filed").dispatch()
        hub = cast.units["hub"].pk
        response = self.post(cast, walk, walk.proposal, lead=cast.units["health"].pk, co=hub)
        assert response.status_code == 422
        assert "不能改它的承办性质" in response.content.decode()
        response = self.post(cast, walk, walk.proposal, lead=cast.units["civil"].pk, co=[])
        assert response.status_code == 302
        assert walk.place("hub").status == "released"
        assert (walk.place("civil").parent_id, walk.place("civil").role) == (None, "lead")

    @pytest.mark.django_db
    def test_a_hub_whose_unit_gave_its_opinion_stays(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="lead", hub="co")
        walk.do("dispatch", cast.hub, walk.place("hub"), placements=walk.placements(finance="co"))
        walk.accept("finance").opinion("finance")
        units = cast.units
        response = self.post(cast, walk, walk.proposal, lead=units["civil"].pk, co=units["health"].pk)
        assert response.status_code == 422
        refusal = (
            "市政府督查室分办的市财政局已提交会办意见，不能去掉市政府督查室；可以请主办单位退回会办意见。"
        )
        assert refusal in response.content.decode()
        assert walk.place("hub").status == "dispatched"

    def test_a_hub_puts_no_reply_off_by_giving_it_to_another(self, cast):
        """Below a hub the reply counts from the congress's assignment, whoever of its units writes it."""
        walk = make_proposal(cast, "filed").dispatch()
        due_on = walk.place("civil").due_on
        fields = {"lead": "health", "co": "finance"}
        placements = walk.days(20).placements(**{unit: role for role, unit in fields.items()})
        hub = walk.place("hub").pk
        walk.do("adjust", cast.hub, placements=placements, reason="职责划转。", parent_id=hub)
        assert walk.place("health").due_on == due_on
        walk.do(
            "adjust", cast.hub, parent_id=hub, reason="再调整。",
            placements=walk.placements(finance="lead", health="co"),
        )  # fmt: skip
        assert walk.place("finance").due_on == due_on == walk.proposal.due_on

    @pytest.mark.django_db
    def test_a_date_set_by_decision_stands_where_terms_count_from_receipt(self, cast):
        """The new unit received the case later, yet a date that was decided is not counted from then."""
        install_preset(cast.congress, "henan")
        walk = make_proposal(cast, "filed")
        early = workday(cast, timezone.localdate(walk.now) + timedelta(days=9))
        placements = walk.placements(civil="lead")
        walk.do("assign", cast.su, placements=placements, reply_due_on=early, early_reason="汛期之前。")
        placements = walk.placements(health="lead")
        walk.days(20).do("adjust", cast.su, placements=placements, reason="机构改革。", is_reform=True)
        clock = Clock.objects.get(assignment=walk.place("health"), kind="reply")
        assert (clock.started_on, clock.due_on) == (walk.proposal.assigned_on, early)

    @pytest.mark.django_db
    def test_a_hubs_clerk_who_cosigned_leaves_the_case_to_the_others(self, cast):
        Grant.objects.create(user=cast.tang, role=Role.HUB, congress=cast.congress, unit=cast.units["hub"])
        walk = make_proposal(cast, "filed").dispatch()
        fields = {"lead": cast.units["education"].pk, "co": []}
        assert self.post(cast, walk, walk.proposal, user=cast.tang, **fields).status_code == 403
        assert walk.place("civil").status == "pending"
        assert self.post(cast, walk, walk.proposal, user=cast.hub, **fields).status_code == 302
