"""Random people do random things for thousands of steps; no case ever comes into a state that must not be."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from proposals.status import AssignmentStatus, ProposalStatus
from proposals.workflow import TABLE

from .machine import Machine

# MACHINE_STEPS=20000 MACHINE_SEED=7 goes further, another way; MACHINE_SHRINK=1 then looks for the shortest course.
STEPS = int(os.environ.get("MACHINE_STEPS", "2500"))
SEED = int(os.environ.get("MACHINE_SEED", "1"))
PHASES = (Phase.generate, Phase.shrink) if os.environ.get("MACHINE_SHRINK") else (Phase.generate,)
STEPS_PER_RUN = 250


@pytest.mark.slow
@pytest.mark.django_db
def test_no_course_of_actions_leads_to_an_illegal_state(cast):
    """Every fault is raised by the machine itself; here remains that it went everywhere."""
    tally = Counter()

    @seed(SEED)
    def machine():
        return Machine(cast, tally)

    course = settings(
        max_examples=STEPS // STEPS_PER_RUN + 2,  # the first two are all noughts and do nothing
        stateful_step_count=STEPS_PER_RUN,
        phases=PHASES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=course)
    assert {status for status in ProposalStatus if not tally[f"proposal {status}"]} == set()
    assert {status for status in AssignmentStatus if not tally[f"place {status}"]} == set()
    undone = {code for code in TABLE if not tally[f"action {code}"]}
    assert len(undone) <= len(TABLE) / 10, undone
    assert tally["page 302"] > STEPS / 50, tally
