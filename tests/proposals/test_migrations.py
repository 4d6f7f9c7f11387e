"""Rows written by an earlier version, after the upgrade."""

import uuid

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from proposals.models import Assignment, Clock, ClockRule, RuleSet
from proposals.rules import forget_rules
from tests.cast import build_cast, make_proposal

BEFORE = [("proposals", "0003_every_way")]
BEFORE_CORRECTION = [("proposals", "0010_files_of_recalled_replies")]


@pytest.mark.django_db(transaction=True)
def test_places_from_before_hubs_change_roles_after_the_upgrade():
    """They knew no day of assignment; under 按原期限 a swap of lead and co counts from it."""
    cast = build_cast()
    RuleSet.objects.filter(congress=cast.congress).update(switches={"reply_clock_on_adjust": "keep"})
    forget_rules(cast.congress.pk)
    walk = make_proposal(cast, "handling")
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(BEFORE)
        old = executor.loader.project_state(BEFORE).apps.get_model("proposals", "Assignment")
        assert old.objects.update(assigned_on=None) == 2
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert all(place.assigned_on == place.opened_on for place in Assignment.objects.all())
    client = Client()
    client.force_login(cast.su)
    walk.proposal.refresh_from_db()
    response = client.post(
        f"/proposals/{walk.proposal.pk}/adjust/",
        {
            "lead": cast.units["finance"].pk,
            "co": [cast.units["civil"].pk],
            "reason": "主办会办互换。",
            "version": walk.proposal.version,
            "request_id": uuid.uuid4(),
        },
    )
    assert response.status_code == 302
    assert (walk.place("finance").role, walk.place("civil").role) == ("lead", "co")


@pytest.mark.django_db(transaction=True)
def test_rule_sets_from_before_know_the_term_of_a_correction_after_the_upgrade():
    """And none is left behind on the way back; a congress's own number stays its own."""
    cast = build_cast()
    walk = make_proposal(cast, "handling").sign()
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(BEFORE_CORRECTION)
        old = executor.loader.project_state(BEFORE_CORRECTION).apps.get_model("proposals", "ClockRule")
        assert old.objects.count() and not old.objects.filter(kind="correction").exists()
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert ClockRule.objects.filter(kind="correction").count() == RuleSet.objects.count()
    rule = ClockRule.objects.get(rule_set__congress=cast.congress, kind="correction")
    assert (rule.value, rule.unit, rule.is_on, rule.is_verified) == (5, "workday", True, False)
    forget_rules(cast.congress.pk)
    client = Client()
    client.force_login(cast.su)
    place = walk.place("civil")
    response = client.post(
        f"/assignments/{place.pk}/recall_reply/",
        {
            "recall": "correction",
            "reason": "文号写错。",
            "version": place.version,
            "request_id": uuid.uuid4(),
        },
    )
    assert response.status_code == 302
    assert walk.place("civil").due_on == Clock.objects.get(assignment=place, kind="correction").due_on
