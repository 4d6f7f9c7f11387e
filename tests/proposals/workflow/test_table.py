"""The table itself: no unknown state, no dead end, nobody forgotten."""

import pytest
from django.core.management import CommandError, call_command

from proposals.forms import FORM_FOR
from proposals.status import ENDED, PLACE_ENDED, AssignmentStatus, CommitmentStatus, ProposalStatus
from proposals.workflow import waiting
from proposals.workflow.actors import system
from proposals.workflow.following import FOLLOWING_EDGES
from proposals.workflow.picture import KINDS, targets
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, ROWS, TABLE

# Where a hub's place starts; an effect of assigning, not a row of its own.
BY_EFFECT = {AssignmentStatus.DISPATCHING}


def edges(subject):
    found = {
        (source, target)
        for row in ROWS
        if row.subject == subject
        for source in row.sources
        for target in targets(row, source)
    }
    if subject == PROPOSAL:
        found |= {(source, target) for source, target, _ in FOLLOWING_EDGES}
    return found


def reach(start, steps):
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for source, target in steps:
            if source == here and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


@pytest.mark.parametrize(
    ("subject", "kind", "start"),
    [
        (PROPOSAL, ProposalStatus, ProposalStatus.DRAFT),
        (ASSIGNMENT, AssignmentStatus, AssignmentStatus.PENDING),
        (COMMITMENT, CommitmentStatus, CommitmentStatus.OPEN),
    ],
)
def test_every_state_is_reachable(subject, kind, start):
    assert reach(start, edges(subject)) | BY_EFFECT >= set(kind)


def test_every_proposal_state_leads_to_an_end():
    for status in set(ProposalStatus):
        assert reach(status, edges(PROPOSAL)) & ENDED, status


def test_every_open_place_leads_to_its_end():
    for status in set(AssignmentStatus) - PLACE_ENDED:
        assert PLACE_ENDED & reach(status, edges(ASSIGNMENT)), status


def test_every_proposal_state_names_whom_it_waits_on_or_is_an_end():
    named = set(waiting.OFFICE_QUEUES) | set(waiting.PROPOSER_QUEUES) | waiting.ROUND_STATES | ENDED
    assert named == set(ProposalStatus)


def test_rows_start_from_states_of_their_own_kind():
    for row in ROWS:
        kind = KINDS[row.subject][0]
        assert row.sources <= set(kind), row.code
        assert row.proposal_states <= set(ProposalStatus), row.code
        assert set(targets(row, row.target)) - {None} <= set(kind), row.code
        # A promise outlives its case, whatever becomes of that.
        assert row.subject != ASSIGNMENT or row.proposal_states, f"{row.code} 没写建议须处的状态"


def test_codes_are_unique():
    assert len(TABLE) == len(ROWS)


def test_every_action_of_a_person_has_a_form_and_no_other_has():
    assert set(FORM_FOR) == {row.code for row in ROWS if row.who != (system,)}


def test_an_action_without_change_of_state_keeps_the_version():
    """Else a co unit's opinion would make the lead's half-written page stale."""
    changing = {row.code for row in ROWS if row.target is None and not row.keeps_version}
    assert changing == {"adjust"}


def test_what_judges_or_ends_a_case_refuses_a_page_that_is_behind():
    """A reply that the deputy did not read is not rated, a case that units work on is not ended from before."""
    checking = {"rate", "rate_proxy", "consent_withdraw", "confirm", "settle_look_back"}
    assert {row.code for row in ROWS if row.checks_version} == checking
    ending = {row.code for row in ROWS if row.target is not None and row.keeps_version}
    assert all(TABLE[code].checks_version for code in ending)


def test_the_picture_is_current(settings, tmp_path):
    call_command("workflow_picture", check=True)


def test_an_old_picture_is_noticed(monkeypatch, tmp_path):
    from proposals.management.commands import workflow_picture

    old = tmp_path / "workflow.md"
    old.write_text("旧", encoding="utf-8")
    monkeypatch.setattr(workflow_picture, "TARGET", old)
    with pytest.raises(CommandError, match="不是最新"):
        call_command("workflow_picture", check=True)
