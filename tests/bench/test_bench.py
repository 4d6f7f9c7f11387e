"""The bench stays runnable, what it loads is what the workflow would have left, and no page asks too often."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from bench import report
from bench.databases import NotOurs, SQLite
from bench.load import load
from bench.measure import measure
from proposals.history import verify
from proposals.models import Assignment, Clock, Proposal, Waiting
from proposals.status import ProposalStatus
from proposals.workflow import Case
from proposals.workflow import waiting as turns

SIZE = 50
MOST_QUERIES = 12


@pytest.fixture
def place(db, settings):
    settings.ROOT_URLCONF = "bench.urls"
    return load(SIZE)


def test_every_page_and_action_is_measured_within_its_queries(place):
    figures = measure(place, requests=2, runs=1, flushes=False)
    by_person = Counter(figure.who for figure in figures)
    assert by_person == {"联工委": 10, "承办单位": 12, "代表": 1}
    assert all(figure.p95 >= figure.p50 > 0 for figure in figures)
    pages = [figure for figure in figures if figure.kilobytes]
    assert {figure.label: figure.queries for figure in pages if figure.queries > MOST_QUERIES} == {}
    facts = {"vendor": "sqlite", "version": "x", "size": SIZE, "bytes": 1, "load_seconds": 1, "memory": 1}
    results = [{"facts": facts | {"load": (1, 2)}, "figures": [vars(figure) for figure in figures]}]
    machine = {"day": "", "cores": 2, "memory": "", "python": "", "requests": 2, "runs": 1, "command": ""}
    assert report.markdown(results, machine).count("\n|") == len(figures) + 2


def test_what_is_loaded_is_what_the_workflow_leaves(place):
    assert Proposal.objects.count() == SIZE
    assert set(Proposal.objects.values_list("status", flat=True)) >= set(ProposalStatus) - {
        ProposalStatus.RETURNED,
        ProposalStatus.WITHDRAWN,
        ProposalStatus.DECLINED,
    }
    assert list(verify()) == []
    for proposal in Proposal.objects.all():
        case = Case.load(proposal.pk)
        derived = turns.derive(case)
        held = Waiting.objects.filter(proposal=proposal)
        assert {(turn.queue, turn.holder_id, turn.due_on) for turn in derived} == set(
            held.values_list("queue", "holder_id", "due_on")
        )
        assert proposal.due_on == turns.case_due_on(case, derived)


def test_copies_are_rows_of_their_own(db, settings, monkeypatch):
    monkeypatch.setattr("bench.load.TOLD", SIZE)
    load(2 * SIZE)
    assert Proposal.objects.count() == 2 * SIZE
    numbers = Proposal.objects.exclude(number="").values_list("number", flat=True)
    assert len(numbers) == len(set(numbers))
    assert Assignment.objects.filter(proposal_id__gt=SIZE).count() * 2 == Assignment.objects.count()
    strays = Clock.objects.filter(proposal_id__gt=SIZE, assignment__proposal_id__lte=SIZE)
    assert not strays.exists()


def test_it_refuses_what_it_did_not_make(tmp_path):
    database = SQLite(SIZE, tmp_path)
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("CREATE TABLE somebodys (data text)")
        connection.commit()
    with pytest.raises(NotOurs):
        database.drop()
    assert database.path.exists()
    database.path.unlink()
    assert not database.exists
    database.make()
    assert database.exists
    database.drop()
    assert not database.path.exists()
