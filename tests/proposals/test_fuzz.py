"""Ten thousand posts that no browser would send, over all forms: no error of the server, no change without an event.

They are made from a fixed seed. FUZZ_POSTS says how many (10,000 on SQLite, a tenth on PostgreSQL, where text and
numbers are checked by other rules), FUZZ_SEED from which seed.
"""

import os
import random
import re
import traceback
from collections import Counter, defaultdict

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client

from accounts.models import Grant
from institutions.models import Unit
from proposals import history
from proposals.models import (
    Assignment,
    Clock,
    Commitment,
    Contact,
    Cosignature,
    Opinion,
    Proposal,
    ProposalEvent,
    Rating,
    Reply,
    Request,
    RuleSet,
    SecretStub,
    Waiting,
)
from tests.proposals.fuzz_forms import MAKERS, action_form, any_form, shown_form
from tests.proposals.fuzz_scene import ANON, build_scene
from tests.proposals.fuzz_values import MARK, NUMBERS, body_of, query_of, spoil
from tests.proposals.racing import check_case, check_numbers
from tests.test_urls import POST, read

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SEED = int(os.environ.get("FUZZ_SEED", "20260302"))
BATCHES = 10
# After so many posts the cases are compared; after so many the buttons are read anew.
COMPARED_AFTER, LOOKED_AFTER = 25, 100
# Of ten forms so many are sent as they should be, so that the cases go on.
PROPER_OF_TEN = 2
# Writing is no action: what a draft consists of may change without an event.
DRAFT_COLUMNS = {
    "title", "situation", "analysis", "points", "category_id", "suggested_units", "open_wanted", "hides_proposer",
    "source", "session_id", "draft_version", "edited_at",
}  # fmt: skip
WRITING = ("draft", "returned")
# Nor is reading: whoever opens the page of an urge has seen it (催办已看).
READ_COLUMNS = {"seen_at", "seen_by"}
OF_A_CASE = {
    Assignment: "proposal_id",
    Request: "proposal_id",
    Clock: "proposal_id",
    Waiting: "proposal_id",
    Cosignature: "proposal_id",
    Commitment: "proposal_id",
    Opinion: "assignment__proposal_id",
    Contact: "assignment__proposal_id",
    Rating: "reply__assignment__proposal_id",
}


def how_many():
    """Posts of the whole run."""
    default = 10_000 if connection.vendor == "sqlite" else 1_000
    return int(os.environ.get("FUZZ_POSTS", default))


def state_of_cases():
    """{proposal: (status, number of events, all that only an action may change)}."""
    parts = defaultdict(list)
    for row in Proposal.objects.values():
        left_out = DRAFT_COLUMNS if row["status"] in WRITING else ()
        parts[row["id"]].append(sorted((name, value) for name, value in row.items() if name not in left_out))
    for model, path in OF_A_CASE.items():
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in READ_COLUMNS]
        for proposal, *row in model.objects.order_by("pk").values_list(path, *columns):
            parts[proposal].append((model.__name__, row))
    # A reply is a draft until it is issued; what belongs to sending and issuing is not.
    for reply in Reply.objects.order_by("pk").select_related("assignment"):
        kept = (reply.sent_by_id, reply.issued_at, reply.signed_by, reply.first_issued_on, reply.silent_on)
        if reply.is_issued:
            kept += (reply.answers, reply.reply_class, reply.doc_no, reply.planned_commitments, reply.opening)
        if any(kept):
            parts[reply.assignment.proposal_id].append(kept)
    heads = Proposal.objects.values_list("pk", "status", "event_count")
    cases = {pk: (status, events, repr(parts[pk])) for pk, status, events in heads}
    for row in SecretStub.objects.annotate(lines=Count("events")).values():
        cases[f"涉密 {row['id']}"] = ("secret", row["lines"], repr(row))
    return cases


def changed_without_event(before, after):
    """Sentences for cases that came, went or changed though their history did not grow."""
    for pk in before.keys() | after.keys():
        was, now = before.get(pk), after.get(pk)
        if was is None:
            if now[0] != "draft" and not now[1]:
                yield f"proposal {pk} came as {now[0]}"
        elif now is None:
            if was[0] != "draft":
                yield f"proposal {pk} ({was[0]}) went"
        elif was != now and now[1] <= was[1]:
            yield f"proposal {pk}: {was} -> {now}"


def rest():
    """What none of these forms may touch: who may act, which units there are, the rules."""
    return (
        list(Grant.objects.order_by("pk").values_list()),
        list(Unit.objects.order_by("pk").values_list()),
        list(RuleSet.objects.order_by("pk").values_list()),
    )


class Fuzzer:
    """Sends one spoilt form after the other and remembers what must not be."""

    def __init__(self, scene, rng):
        self.scene, self.rng = scene, rng
        self.clients, self.answers, self.wrong, self.sent = {}, Counter(), [], []

    def run(self, number):
        before = state_of_cases()
        for turn in range(1, number + 1):
            self.one()
            if turn % COMPARED_AFTER == 0 or turn == number:
                after = state_of_cases()
                problems = list(changed_without_event(before, after))
                self.wrong += [f"{words}\n  after {self.sent}" for words in problems]
                before, self.sent = after, []
            if turn % LOOKED_AFTER == 0:
                self.scene.look()

    def one(self):
        form = any_form(self.rng, self.scene)
        if self.rng.randrange(10) >= PROPER_OF_TEN:
            form.fields = spoil(self.rng, form.fields)
            if self.rng.random() < 0.03:
                form.path = re.sub(r"\d+", self.rng.choice(NUMBERS), form.path)
        self.sent.append((form.who, form.path))
        # A post that ends in an error is undone, so that the next one finds a working transaction.
        here = transaction.savepoint()
        response = self.send(form)
        self.answers[response.status_code] += 1
        if response.status_code >= 500:
            transaction.savepoint_rollback(here)
            self.report(form, response)
        else:
            transaction.savepoint_commit(here)
            if not response.streaming and MARK.encode() in response.content:
                self.wrong.append(f"{form} shows markup as markup")

    def send(self, form):
        client = self.client(form.who)
        options = {}
        if self.rng.random() < 0.05:
            address = self.rng.choice(("http://testserver/work/", "http://[::1", "", "甲"))
            options["headers"] = {"HX-Request": "true", "HX-Current-URL": address}
        if form.method == "get":
            return client.get(f"{form.path}?{query_of(form.fields)}", **options)
        body, kind = body_of(self.rng, form.fields)
        response = client.generic("POST", form.path, body, content_type=kind, **options)
        if form.route in ("accounts:logout", "accounts:password_change"):
            self.clients.pop(form.who, None)
        return response

    def client(self, who):
        if who == ANON:
            return Client(raise_request_exception=False)
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=False)
            self.clients[who].force_login(self.scene.people[who])
        return self.clients[who]

    def report(self, form, response):
        error = response.exc_info[1] if getattr(response, "exc_info", None) else None
        frames = traceback.format_exception(error)[-4:] if error else []
        fields = [
            (name, value if len(value) < 80 else f"{value[:60]}… ({len(value)})")
            for name, value in form.fields
        ]
        self.wrong.append(f"{response.status_code} {form.who} {form.path} {fields}\n{''.join(frames)}")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_spoilt_forms(cast, batch):
    scene = build_scene(cast)
    untouched, events = rest(), ProposalEvent.objects.count()
    number = how_many() // BATCHES
    fuzzer = Fuzzer(scene, random.Random(SEED * 1000 + batch))
    fuzzer.run(number)
    assert not fuzzer.wrong, f"{len(fuzzer.wrong)} wrong:\n" + "\n".join(fuzzer.wrong[:8])
    assert sum(fuzzer.answers.values()) == number
    assert rest() == untouched
    assert list(history.verify()) == []
    for proposal in Proposal.objects.all():
        check_case(proposal)
    check_numbers()
    # It is not all refused at the door: cases went on, forms came back with their errors.
    done = ProposalEvent.objects.count() - events
    assert done >= number // 40, (done, fuzzer.answers)
    assert fuzzer.answers[422] >= number // 40, fuzzer.answers


def test_every_form_is_among_them(cast):
    """Whatever takes a post on this site is spoilt here, save the administration's own forms."""
    scene, rng = build_scene(cast), random.Random(1)
    made = {maker(rng, scene).route for maker in MAKERS if maker not in (action_form, shown_form)}
    made |= {page.route for page in scene.pages}
    actions = {route for route in read(POST, 0) if route.startswith(("proposal:", "place:", "promise:"))}
    assert set(read(POST, 0)) - actions <= made


def test_a_change_without_an_event_would_be_noticed(cast):
    """The comparison itself: whatever is changed behind the history's back is told, a draft's writing is not."""
    build_scene(cast)
    before = state_of_cases()
    drafts = Proposal.objects.filter(status="draft")
    drafts.update(title="改过的标题", draft_version=9)
    assert list(changed_without_event(before, state_of_cases())) == []
    for rows, change in (
        (Proposal.objects.filter(status="replied"), {"due_on": None}),
        (Assignment.objects.filter(status="pending"), {"status": "accepted"}),
        (Reply.objects.filter(issued_at__isnull=False), {"opening": "事后改的。"}),
        (Rating.objects.all(), {"result": "basically"}),
        (Clock.objects.filter(met_on=None), {"due_on": "2031-01-02"}),
        (drafts, {"status": "filed"}),
    ):
        assert rows.update(**change)
        after = state_of_cases()
        assert list(changed_without_event(before, after)), change
        before = after
