"""Exact permitted sets beside the main road: the hub and its units, returns, requests, paper entries."""

import pytest

from proposals.models import RuleSet
from proposals.status import ProposalStatus as P
from tests.cast import make_proposal

from .test_permitted import LEADER, SUPERVISED, WORK, WRITING_DOWN, both, offered

pytestmark = pytest.mark.django_db
ACCEPTING = {"accept", "ask_return"}
BUSY = {"log_contact", "note_progress"}
DEPUTY = {"lin": {"object", "withdraw"}}
OFFICE_SIDE = both({"su": WORK, "jiang": {"urge"}, "luo": {"urge"}}, SUPERVISED)
HUB_SIDE = OFFICE_SIDE | DEPUTY | {"gov": {"instruct"}}


def found(cast, walk):
    return {key: actions for key in cast.people if (actions := offered(cast, walk, key))}


def test_a_hub_with_a_case_to_pass_on(cast):
    walk = make_proposal(cast, P.FILED).assign(hub="lead")
    assert found(cast, walk) == HUB_SIDE | {"hub": {"dispatch", "ask_return"}}


def test_a_hub_and_its_units(cast):
    walk = make_proposal(cast, P.FILED).dispatch()
    units = dict.fromkeys(("chen", "zou", "gao"), ACCEPTING)
    assert found(cast, walk) == HUB_SIDE | {"hub": {"adjust", "urge", "ask_return"}} | units


def test_a_return_below_a_hub_is_the_hubs(cast):
    walk = make_proposal(cast, P.FILED).dispatch().ask_return()
    hub = {"adjust", "urge", "ask_return", "approve_return", "refuse_return"}
    assert found(cast, walk) == HUB_SIDE | {"hub": hub, "gao": ACCEPTING}


def test_a_return_to_the_congress_is_the_offices(cast):
    walk = make_proposal(cast, P.HANDLING).ask_return()
    office = both(OFFICE_SIDE, {"su": {"approve_return", "refuse_return"}})
    assert found(cast, walk) == office | DEPUTY | {"gao": ACCEPTING}


def test_a_pending_extension(cast):
    walk = make_proposal(cast, P.HANDLING).ask_extension()
    working = BUSY | {"draft_reply", "ask_return"}
    office = both(OFFICE_SIDE, {"su": {"decide_extension"}})
    assert found(cast, walk) == office | DEPUTY | {"chen": working, "zou": working, "gao": ACCEPTING}


def test_an_opinion_that_the_lead_may_send_back(cast):
    walk = make_proposal(cast, P.HANDLING).accept().accept("finance").opinion()
    lead = BUSY | {"draft_reply", "ask_return", "ask_extension", "return_opinion"}
    units = {"chen": lead, "zou": lead, "gao": {"log_contact"}}
    assert found(cast, walk) == OFFICE_SIDE | DEPUTY | units


def test_urged_units_may_answer(cast):
    walk = make_proposal(cast, P.HANDLING).do("urge", cast.su, words="请抓紧。")
    units = dict.fromkeys(("chen", "zou", "gao"), ACCEPTING | {"answer_urge"})
    assert found(cast, walk) == OFFICE_SIDE | DEPUTY | units


def test_who_was_instructed_may_answer_and_the_leader_and_office_mark_it(cast):
    walk = make_proposal(cast, P.HANDLING).do("instruct", cast.luo, words="请抓紧。")
    units = dict.fromkeys(("chen", "zou", "gao"), ACCEPTING | {"answer_instruct"})
    marks = {"su": {"mark_instruct"}, "luo": {"mark_instruct"}}
    assert found(cast, walk) == both(OFFICE_SIDE, DEPUTY, units, marks)


def test_a_case_that_a_committee_took_over(cast):
    walk = make_proposal(cast, P.HANDLING).do("take_over", cast.jiang, reason="对口件")
    assert offered(cast, walk, "jiang") == {"urge", "comment", "join_oversight", "hand_back"}
    assert "hand_back" in offered(cast, walk, "su")


def test_a_withdrawal_that_waits_for_consent(cast):
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches["withdraw_needs_cosigners"] = True
    rules.save()
    walk = make_proposal(cast, P.FILED).do("withdraw", cast.lin, reason="已列入实事项目。")
    assert offered(cast, walk, "lin") == set()
    assert offered(cast, walk, "tang") == {"consent_withdraw", "refuse_withdraw"}


def test_a_cosigner_asked_to_lead(cast):
    walk = make_proposal(cast, P.FILED).do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="病")
    assert offered(cast, walk, "tang") == {"take_lead", "refuse_lead"}
    assert "change_lead" not in offered(cast, walk, "su")


def test_units_asked_for_their_view_on_a_plan(cast):
    walk = make_proposal(cast, P.FILED)
    walk.do("plan", cast.su, placements=walk.placements(hub="lead", finance="co"), asks_views=True)
    asked = {key: offered(cast, walk, key) for key in ("hub", "gao", "he", "chen")}
    assert asked == {"hub": {"give_view"}, "gao": {"give_view"}, "he": set(), "chen": set()}


def test_an_unanswered_reply_may_be_rated_late_after_silence_and_only_by_the_deputy(cast):
    walk = make_proposal(cast, P.REPLIED).days(90)
    walk.do("mark_silent", None, walk.place("civil"))
    office = {"lin": {"rate"}, "su": {"order_redo", "correct_class", "publish", "rate_proxy"}}
    assert found(cast, walk) == both(office, LEADER, WRITING_DOWN)


def test_the_office_enters_for_a_unit_without_access_but_never_a_rating_of_it(cast):
    walk = make_proposal(cast, P.FILED).assign(archive="lead")
    assert offered(cast, walk, "su") == WORK | LEADER["su"] | ACCEPTING
