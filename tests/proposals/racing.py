"""Two people act on one case at the same moment, each on a connection of their own, through their pages.

A `Race` says how the case comes about, what the two send, and in which orders their actions may stand in the
history afterwards. `run` starts both together and holds what came of it against that and against the rules that
no race may break.
"""

import copy
import html
import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import connection
from django.test import Client

from notifications.models import Notice
from proposals import history
from proposals.models import (
    Assignment,
    Clock,
    NumberSequence,
    Proposal,
    ProposalEvent,
    ReplyDelivery,
    RuleSet,
    SecretStub,
    Waiting,
)
from proposals.status import FOLLOWING, AssignmentStatus, ClockKind, ProposalStatus
from proposals.workflow import Case, Refused
from proposals.workflow.following import decided_status
from proposals.workflow.waiting import case_due_on, derive

ALERT = re.compile(r'role="alert".*?</div>\s*</div>', re.S)
# What the slower one is told: stale, or why it cannot be any more.
SENTENCE = re.compile(
    r"[^。]*(请刷新|不能|已由|没有|已经|已有|已在|已不|还没|还差|和现在|只有|不用|届满)[^。]*。"
)
TURN_FIELDS = ("queue", "holder_kind", "holder_id", "assignment_id", "due_on")


# --- What is sent -----------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What came of one job: done or not, with which status, and the sentence that was shown."""

    code: str
    is_done: bool
    status: int = 0
    words: str = ""


@dataclass
class Job:
    """One thing that somebody sends. `events`: how many lines of history it leaves when it is done; None where
    that depends on who comes first."""

    code: str
    send: Callable[[], Outcome]
    events: int | None = 1


class Desk:
    """The browsers of the cast: signed in once, each job sent from a copy with a session cookie of its own."""

    def __init__(self, cast):
        self.cast, self._clients = cast, {}

    def client(self, who):
        if who not in self._clients:
            self._clients[who] = Client(raise_request_exception=False)
            self._clients[who].force_login(self.cast.people[who])
        fresh = Client(raise_request_exception=False)
        fresh.cookies = copy.deepcopy(self._clients[who].cookies)
        return fresh

    def post(self, walk, who, action, unit=None, *, request_id=None, events=1, **fields):
        """A job: this person's form as their page has it now, ready to be sent."""
        subject = walk.place(unit) if unit else Proposal.objects.get(pk=walk.proposal.pk)
        kind = "assignments" if unit else "proposals"
        known = {"version": subject.version, "request_id": request_id or uuid.uuid4()}
        return self.send(action, who, f"/{kind}/{subject.pk}/{action}/", known | fields, events=events)

    def send(self, code, who, path, data, *, events=1):
        """A job: any form of the site."""
        client = self.client(who)

        def send():
            response = client.post(path, data)
            done = response.status_code == 302
            return Outcome(code, done, response.status_code, "" if done else _told(response))

        return Job(code, send, events)


def called(code, function):
    """A job that no page sends: the system's own, or one below the pages."""

    def send():
        try:
            function()
        except Refused as refused:
            return Outcome(code, False, 409, refused.words)
        return Outcome(code, True)

    return Job(code, send)


def _told(response):
    """The text of the page's alert."""
    found = ALERT.search(response.content.decode())
    return html.unescape(re.sub(r"<[^>]+>", " ", found[0])) if found else ""


# --- Starting together ------------------------------------------------------------------------------------


def at_once(*jobs):
    """Run the callables in threads of their own, started together; returns each result, refusal or error."""
    results, barrier = [None] * len(jobs), threading.Barrier(len(jobs))

    def run_one(index, job):
        try:
            barrier.wait(timeout=30)
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run_one, args=item) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "互相等死了"
    return results


@contextmanager
def meeting_at_the_lock(monkeypatch):
    """Both have read and checked their forms before either takes the case: the narrowest of all gaps."""
    barrier, take = threading.Barrier(2), Case.take

    def wait_and_take(pk, **options):
        with suppress(threading.BrokenBarrierError):  # the other one never comes here, or has passed
            barrier.wait(timeout=0.5)
        return take(pk, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Case, "take", wait_and_take)
        yield


# --- A race and its judgement -----------------------------------------------------------------------------


def one_of(first, second):
    """Whoever comes first has it; the other is refused."""
    return {(first,), (second,)}


def in_any_order(first, second):
    return {(first, second), (second, first)}


@dataclass
class Race:
    """One kind of conflict.

    `scene(cast)` returns the walk (or several) it is about; each of `forms` makes a job `(desk, *walks)`; `legal`
    holds the sequences of actions that the history may show afterwards; `check(*walks)` asserts what is special
    to it. `switches` of the rule set hold while it runs.
    """

    name: str
    scene: Callable
    forms: tuple
    legal: set
    check: Callable | None = None
    switches: tuple = ()


def run(race, cast, desk, start=None):
    """Run one race; returns the sequence of actions that happened. `start` is a context for the moment itself."""
    _switch(cast, race.switches, True)
    made = race.scene(cast)
    walks = made if isinstance(made, tuple) else (made,)
    jobs = [form(desk, *walks) for form in race.forms]
    pks = [walk.proposal.pk for walk in walks]
    last_event = ProposalEvent.objects.latest("pk").pk
    last_notice = max(Notice.objects.values_list("pk", flat=True), default=0)
    if start is None:
        outcomes = at_once(*(job.send for job in jobs))
    else:
        with start:
            outcomes = at_once(*(job.send for job in jobs))
    happened = tuple(
        ProposalEvent.objects.filter(pk__gt=last_event).order_by("pk").values_list("action", flat=True)
    )
    assert all(isinstance(outcome, Outcome) for outcome in outcomes), outcomes
    assert happened in race.legal, (happened, outcomes)
    done = [job for job, outcome in zip(jobs, outcomes, strict=True) if outcome.is_done]
    if None not in (job.events for job in jobs):
        assert sum(job.events for job in done) == len(happened), (happened, outcomes)
    for outcome in outcomes:
        if not outcome.is_done:
            assert outcome.status in (409, 422), outcome
            assert SENTENCE.search(outcome.words), outcome
    for pk in pks:
        check_case(Proposal.objects.get(pk=pk))
    _check_notices(last_notice, happened)
    check_numbers()
    if race.check:
        for walk in walks:
            walk.proposal.refresh_from_db()
        race.check(*walks)
    _switch(cast, race.switches, False)
    return happened


def _switch(cast, codes, value):
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches |= dict.fromkeys(codes, value)
    rules.save()


def check_case(proposal):
    """What holds after every action, however many came at once."""
    assert list(history.verify(Proposal.objects.filter(pk=proposal.pk))) == []
    case = Case(Proposal.objects.select_related("congress").get(pk=proposal.pk))
    turns = derive(case)
    derived = Counter(tuple(getattr(turn, name) for name in TURN_FIELDS) for turn in turns)
    written = Counter(Waiting.objects.filter(proposal=proposal).values_list(*TURN_FIELDS))
    assert written == derived, (proposal.pk, proposal.status, written - derived, derived - written)
    assert case.proposal.due_on == case_due_on(case, turns)
    if case.proposal.status in FOLLOWING:
        assert decided_status(case) == case.proposal.status
    _check_places(case)
    _check_clocks(case)


def _check_places(case):
    """One place at work per unit, one lead or none; nothing at work once the proposal is withdrawn."""
    live = [p for p in case.round_places if p.status != AssignmentStatus.DISPATCHED]
    assert not [unit for unit, n in Counter(p.unit_id for p in live).items() if n > 1]
    assert len([p for p in live if p.role == "lead"]) <= 1
    if case.proposal.status == ProposalStatus.WITHDRAWN:
        assert not [p for p in case.places if p.is_open]
    for place in case.places:
        reply = case.reply(place)
        if place.replies and place.status == AssignmentStatus.ANSWERED:
            assert reply is not None and reply.is_issued
            delivered = ReplyDelivery.objects.filter(reply=reply).values_list("deputy_id", flat=True)
            assert len(delivered) == len(set(delivered)) > 0
        elif reply is not None:
            assert not reply.is_issued
            assert case.rating(place) is None


def _check_clocks(case):
    """One running clock of a kind; none on a place that is done, but for the rating of its reply."""
    running = [clock for clock in case.clocks if clock.is_open]
    subjects = Counter((c.kind, c.assignment_id, c.commitment_id) for c in running)
    assert set(subjects.values()) <= {1}
    done = {
        p.pk for p in Assignment.objects.filter(proposal=case.proposal, status__in=("answered", "released"))
    }
    assert {c.kind for c in running if c.assignment_id in done} <= {ClockKind.RATING}
    rating = {c.assignment_id for c in running if c.kind == ClockKind.RATING}
    assert not [p for p in case.places if p.pk in rating and case.rating(p) is not None]


def _check_notices(last, happened):
    """Nobody is told one thing twice, unless two things were done."""
    new = Notice.objects.filter(pk__gt=last).values_list("user_id", "words", "url")
    assert max(Counter(new).values(), default=0) <= max(len(happened), 1)


def check_numbers():
    """No number twice, none beyond what the series has given."""
    numbers = list(Proposal.objects.exclude(number="").values_list("congress_id", "number"))
    numbers += SecretStub.objects.values_list("congress_id", "number")
    assert len(numbers) == len(set(numbers))
    assert sum(NumberSequence.objects.values_list("last", flat=True)) == len(numbers)


def open_clock(kind, **condition):
    """The running clocks of a kind (a queryset)."""
    return Clock.objects.filter(kind=kind, met_on=None, voided_on=None, **condition)
