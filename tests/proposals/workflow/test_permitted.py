"""The exact set of actions that each role is offered in each state. One too many is as wrong as one too few."""

import pytest

from proposals.models import Proposal
from proposals.status import ProposalStatus as P
from proposals.workflow import Case, available
from tests.cast import make_proposal

pytestmark = pytest.mark.django_db

WRITING = {"invite", "submit"}
# People who may look but never act on this case in any state.
ONLOOKERS = ("xiao", "qin", "mo", "zhang", "admin", "wei", "lu")
OFFICE = {"amend", "change_lead"}  # what the office may do to any registered case
WORK = {"adjust", "merge", "urge"} | OFFICE  # and to one that units work on
# Those who supervise: what they may say to what was handed in, to what is registered, and take on while it is at work.
COMMENT = {key: {"comment"} for key in ("su", "jiang", "luo")}
LEADER = {"su": {"report", "comment"}, "jiang": {"comment"}, "luo": {"instruct", "comment"}}
SUPERVISED = LEADER | {"jiang": {"comment", "join_oversight", "take_over"}}
WRITING_DOWN = {"chen": {"log_contact"}, "zou": {"log_contact"}}


def both(*parts):
    """{person: actions} of several such together."""
    people = {key for part in parts for key in part}
    return {key: set().union(*(part.get(key, set()) for part in parts)) for key in people}


AT_WORK = both(
    {
        "lin": {"object", "withdraw"},
        "su": WORK,
        "jiang": {"urge"},
        "luo": {"urge"},
        "chen": {"accept", "ask_return"},
        "zou": {"accept", "ask_return"},
        "gao": {"accept", "ask_return"},
    },
    SUPERVISED,
)
REDO = {key: actions - {"withdraw"} for key, actions in AT_WORK.items() if key != "gao"}
EXPECTED = {
    P.DRAFT: {"lin": WRITING},
    P.SUBMITTED: both({"su": {"return", "decline", "file"} | OFFICE, "lin": {"withdraw"}}, LEADER),
    P.RETURNED: both({"lin": WRITING | {"drop", "withdraw"}, "su": {"decline"} | OFFICE}, COMMENT),
    P.DECLINED: both({"su": {"undo_review"}}, COMMENT),
    P.FILED: both({"su": {"assign", "plan", "merge", "undo_review"} | OFFICE, "lin": {"withdraw"}}, LEADER),
    P.HANDLING: AT_WORK,
    P.REPLIED: both(
        {
            "lin": {"rate", "object"},
            "su": {"recall_reply", "correct_class", "rate_proxy"} | OFFICE,
            "chen": {"log_contact"},
            "zou": {"log_contact"},
        },
        SUPERVISED,
    ),
    # A unit is offered the same as above: it must not see that the case is disputed.
    P.DISPUTED: both(
        {"su": {"order_redo", "close_disputed", "correct_class"} | OFFICE}, SUPERVISED, WRITING_DOWN
    ),
    P.REDO: REDO,
    P.COORDINATION: both(
        {"su": {"order_redo", "settle", "correct_class"} | OFFICE}, SUPERVISED, WRITING_DOWN
    ),
    P.CLOSED: both({"su": {"order_redo", "correct_class", "publish"}}, LEADER, WRITING_DOWN),
}


def offered(cast, walk, key):
    case = Case(Proposal.objects.select_related("congress", "lead").get(pk=walk.proposal.pk))
    return {offer.code for offer in available(case, cast.people[key])}


@pytest.mark.parametrize("status", EXPECTED)
def test_exact_actions_per_role(cast, status):
    walk = make_proposal(cast, status)
    found = {key: actions for key in cast.people if (actions := offered(cast, walk, key))}
    assert found == EXPECTED[status]


PLACE_STEPS = {
    "accepted": (
        (),
        {
            "chen": {"log_contact", "note_progress", "draft_reply", "ask_return", "ask_extension"},
            "zou": {"log_contact", "note_progress", "draft_reply", "ask_return", "ask_extension"},
            "gao": {"log_contact", "note_progress", "give_opinion", "ask_return"},
        },
    ),
    "signing": (
        ("send",),
        {
            "chen": {"log_contact", "note_progress", "take_back"},
            "zou": {"log_contact", "note_progress"},
            "fang": {"rework", "issue"},
            "gao": {"log_contact", "note_progress", "give_opinion", "ask_return"},
        },
    ),
}


@pytest.mark.parametrize("name", PLACE_STEPS)
def test_exact_actions_of_units_at_work(cast, name):
    steps, expected = PLACE_STEPS[name]
    walk = make_proposal(cast, P.HANDLING).accept("civil").accept("finance")
    if "send" in steps:
        walk.contact().write_reply().do("draft_reply", cast.chen, walk.place("civil"))
    units = ("chen", "zou", "fang", "gao", "he", "wei", "lu", "qin", "mo")
    found = {key: actions for key in units if (actions := offered(cast, walk, key))}
    assert found == expected


def test_an_invited_deputy_may_answer_and_nobody_else(cast):
    walk = make_proposal(cast, P.DRAFT).do("invite", cast.lin, deputy=cast.deputies["tang"])
    found = {key: actions for key in cast.people if (actions := offered(cast, walk, key))}
    assert found == {"lin": WRITING | {"drop"}, "tang": {"cosign", "refuse_cosign"}}


def test_strangers_of_another_congress_are_offered_nothing(cast):
    walk = make_proposal(cast, P.HANDLING)
    case = Case(Proposal.objects.select_related("congress", "lead").get(pk=walk.proposal.pk))
    for key in ("liaison", "handler", "deputy", "admin"):
        assert available(case, getattr(cast.stranger, key)) == []


def test_a_handler_who_cosigned_may_not_act_for_the_unit(cast):
    """Nobody acts for a unit on a case they proposed or co-signed."""
    from accounts.models import Grant, Role

    Grant.objects.create(user=cast.tang, role=Role.HANDLER, congress=cast.congress, unit=cast.units["civil"])
    walk = make_proposal(cast, P.HANDLING)
    assert offered(cast, walk, "tang") == set()
