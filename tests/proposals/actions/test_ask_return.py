"""申请退回: inside the window; late it is refused with the date on which it closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from institutions.models import Unit
from proposals.models import Clock, ProposalEvent, Request, Waiting
from tests.cast import RETURN, make_proposal, workday

from .contract import ActionContract


class TestAskReturn(ActionContract):
    action = "ask_return"
    actor = "chen"
    onlooker = "fang"
    told = ("su",)
    status_after = "return_asked"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").ask_return()
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return RETURN

    @pytest.mark.django_db
    def test_late_is_refused_with_rule_and_date(self, cast):
        walk, place = self.prepare(cast)
        clock = Clock.objects.get(assignment=place, kind="return_window")
        clock.due_on = timezone.localdate(walk.now) - timedelta(days=1)
        clock.save()
        response = self.post(cast, walk, place)
        assert response.status_code == 409
        page = response.content.decode()
        assert "届满（交办后 7 个工作日）" in page
        assert RETURN["basis"] in page

    @pytest.mark.django_db
    def test_the_way_out_is_one_that_is_open(self, cast):
        """A hub and a co unit have no term that could be put off."""
        walk = make_proposal(cast, "filed", now=timezone.now() - timedelta(days=20))
        walk.assign(civil="lead", hub="co", finance="co")
        for who, unit, words in (
            ("chen", "civil", "您可以：申请延期"),
            ("hub", "hub", "请分办给下属单位"),
            ("gao", "finance", "请继续办理；有困难"),
        ):
            response = self.post(cast, walk, walk.place(unit), user=getattr(cast, who))
            page = response.content.decode()
            assert response.status_code == 409 and "申请退回期限" in page, who
            assert words in page and ("可以：申请延期" in page) == (who == "chen"), who

    @pytest.mark.django_db
    def test_clocks_and_request(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Clock.objects.get(assignment=place, kind="accept").met_on
        assert Clock.objects.get(assignment=place, kind="return_decision").is_open
        request = Request.objects.get(kind="return")
        assert (request.is_open, request.details["basis"]) == (True, RETURN["basis"])
        walk.proposal.refresh_from_db()
        assert walk.proposal.returns_asked == 1

    @pytest.mark.django_db
    def test_a_hub_that_returns_the_whole_takes_it_back_from_its_units(self, cast):
        walk = make_proposal(cast, "filed").dispatch()
        response = self.post(cast, walk, walk.place("hub"), user=cast.hub)
        assert response.status_code == 302, response.content.decode()[:2000]
        statuses = [walk.place(unit).status for unit in ("hub", "civil", "finance")]
        assert statuses == ["return_asked", "released", "released"]
        walk.do("refuse_return", cast.su, walk.place("hub"), reason="属于政府系统。")
        assert walk.place("hub").status == "dispatching"
        walk.dispatch()
        assert walk.place("civil").status == "pending"

    @pytest.mark.django_db
    def test_a_hub_that_asks_instead_of_dispatching_has_not_dispatched(self, cast):
        """No term asks it to while that is decided, and none was met; refused, it has the whole term again."""
        walk = make_proposal(cast, "filed").assign(hub="lead")
        assert self.post(cast, walk, walk.place("hub"), user=cast.hub).status_code == 302
        clocks = Clock.objects.filter(assignment=walk.place("hub"), kind="dispatch")
        assert [(c.met_on, c.is_open) for c in clocks] == [(None, False)]
        walk.do("refuse_return", cast.su, walk.place("hub"), reason="属于政府系统。")
        assert [c.is_open for c in clocks.all()] == [False, True]
        walk.dispatch()
        assert [bool(c.met_on) for c in clocks.all()] == [False, True]

    @pytest.mark.django_db
    def test_the_history_has_no_full_stop_twice(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place, reason="不归我局。", basis="三定规定第四条。")
        words = ProposalEvent.objects.get(proposal=walk.proposal, action="ask_return").words
        assert "不归我局。职能依据：三定规定第四条。建议改交" in words

    @pytest.mark.django_db
    def test_a_hub_that_takes_it_back_has_the_date_of_the_answer_again(self, cast):
        """Passed on, the term was its units'; taken back, the case still runs against it, extended as it was."""
        walk = make_proposal(cast, "filed").dispatch().ask_extension()
        until = workday(cast, walk.place("civil").due_on + timedelta(days=20))
        walk.do(
            "decide_extension", cast.hub, walk.place("civil"), is_granted=True, until=until, reason="同意。"
        )
        walk.do("ask_return", cast.hub, walk.place("hub"), **RETURN)
        running = Clock.objects.get(assignment=walk.place("hub"), kind="reply", met_on=None, voided_on=None)
        assert (walk.place("hub").due_on, running.due_on, walk.proposal.due_on) == (until, until, until)
        walk.do("refuse_return", cast.su, walk.place("hub"), reason="属于政府系统。").dispatch()
        assert walk.place("civil").due_on == until

    @pytest.mark.django_db
    def test_what_the_unit_was_asked_and_asks_for_waits_for_that_decision(self, cast):
        """Nobody can answer an urge or decide an extension of a place that may not stay the unit's."""
        walk = make_proposal(cast, "handling").ask_extension().do("urge", cast.su, words="请抓紧。")
        walk.ask_return()
        turns = Waiting.objects.filter(assignment=walk.place("civil"))
        assert [turn.queue for turn in turns] == ["return"]
        walk.do("refuse_return", cast.su, walk.place("civil"), reason="由你局牵头。")
        assert {turn.queue for turn in turns.all()} == {"handle", "extension", "answer_urge"}

    @pytest.mark.django_db
    def test_not_once_a_unit_below_has_answered(self, cast):
        walk = make_proposal(cast, "filed").dispatch().accept("finance").opinion()
        response = self.post(cast, walk, walk.place("hub"), user=cast.hub)
        assert response.status_code == 409
        assert "不能整件申请退回" in response.content.decode()

    @pytest.mark.django_db
    def test_the_request_holds_the_longest_name_of_a_unit(self, cast):
        """PostgreSQL cuts nothing, it refuses."""
        walk, place = self.prepare(cast)
        Unit.objects.filter(pk=place.unit_id).update(name="市" * 100)
        assert self.post(cast, walk, place).status_code == 302
        Request.objects.get(kind="return").clean_fields()
