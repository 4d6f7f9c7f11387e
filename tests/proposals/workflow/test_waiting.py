"""Who it is up to: the rows equal their derivation after every step, once each."""

from functools import partial

import pytest

from institutions.models import Unit
from institutions.succession import acting_unit
from proposals.models import Proposal, Waiting
from proposals.status import ProposalStatus
from proposals.workflow import Case
from proposals.workflow.waiting import Turn, derive
from tests.cast import make_proposal
from tests.proposals.actions.promised import confirmed, promised, reported, verified

pytestmark = pytest.mark.django_db


def assert_rows_equal_derivation(walk):
    rows = Waiting.objects.filter(proposal=walk.proposal).order_by("pk")
    written = [
        Turn(r.queue, r.holder_kind, r.holder_id, r.due_on, r.assignment_id, r.commitment_id) for r in rows
    ]
    fresh = Case(Proposal.objects.select_related("congress").get(pk=walk.proposal.pk))
    assert written == derive(fresh)
    assert len(set(written)) == len(written)


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s != ProposalStatus.WITHDRAWN])
def test_the_rows_equal_the_derivation(cast, status):
    assert_rows_equal_derivation(make_proposal(cast, status))


def test_they_do_with_requests_pending(cast):
    walk = make_proposal(cast, ProposalStatus.FILED)
    walk.do("plan", cast.su, placements=walk.placements(hub="lead"), asks_views=True)
    walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")
    assert_rows_equal_derivation(walk)
    walk.dispatch().ask_extension().ask_return("finance")
    walk.do("object", cast.lin, about="unit:1", about_text="市民政局", words="不该由它主办。")
    walk.do("urge", cast.hub, words="请抓紧。")
    assert_rows_equal_derivation(walk)
    turns = set(Waiting.objects.filter(proposal=walk.proposal).values_list("queue", "holder_kind"))
    assert turns == {
        ("handle", "handler"),
        ("return", "hub"),
        ("extension", "hub"),
        ("objection", "liaison"),
        ("take_lead", "deputy"),
        ("answer_urge", "handler"),
    }
    walk.sign()
    assert_rows_equal_derivation(walk)


@pytest.mark.parametrize(
    ("reach", "queues"),
    [
        (promised, {"promise"}),
        (reported, {"verify"}),
        (verified, {"confirm"}),
        (partial(verified, outcome="broken"), {"confirm", "explain"}),
        (confirmed, set()),
        (partial(confirmed, said="partly"), {"verify"}),
    ],
)
def test_a_promise_has_its_turns_after_the_reply_too(cast, reach, queues):
    walk, _ = reach(cast, closed=True)
    assert_rows_equal_derivation(walk)
    assert set(Waiting.objects.filter(proposal=walk.proposal).values_list("queue", flat=True)) == queues
    assert Proposal.objects.get().due_on is None  # the case itself is over


def test_two_units_at_work_each_have_their_turn(cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING).accept("civil")
    turns = set(
        Waiting.objects.filter(proposal=walk.proposal).values_list("queue", "holder_kind", "holder_id")
    )
    assert turns == {
        ("handle", "handler", cast.units["civil"].pk),
        ("accept", "handler", cast.units["finance"].pk),
    }


def test_a_separate_reply_waits_for_its_rating_while_another_unit_works(cast):
    walk = make_proposal(cast, ProposalStatus.FILED).assign(civil="separate", finance="separate")
    walk.sign("civil")
    turns = set(Waiting.objects.filter(proposal=walk.proposal).values_list("queue", "holder_kind"))
    assert walk.proposal.status == ProposalStatus.HANDLING
    assert turns == {("rate", "deputy"), ("accept", "handler")}


def test_a_successor_entered_by_another_process_counts_at_once(cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING)
    civil, health = cast.units["civil"], cast.units["health"]
    assert acting_unit(civil.pk) == civil.pk  # remembered by this process for a while
    Unit.objects.filter(pk=civil.pk).update(successor=health)
    walk.do("accept", cast.wei, walk.place("civil"))
    held = Waiting.objects.get(assignment=walk.place("civil"))
    assert (held.holder_kind, held.holder_id) == ("handler", health.pk)
