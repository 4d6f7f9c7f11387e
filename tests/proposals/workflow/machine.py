"""The handling as a state machine driven by chance: anybody tries anything on any case at any time.

Each step is drawn from one number, `dice`, so that a failing run shrinks to few steps; `log` tells them in words.
Some steps go through the page that its user has, most bind the action's form and call `perform`.
"""

import random
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta

import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from core.dates import SHANGHAI
from institutions.succession import units_stood_for
from proposals import drafts, history
from proposals.attachments import check_upload
from proposals.forms import FORM_FOR
from proposals.models import Assignment
from proposals.status import ProposalStatus
from proposals.workflow import TABLE, Case, Refused, available, merging, perform
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, WRITING
from supervision.daily import run_daily
from tests.cast import TEXT, scan

from .invariants import PLACE_STEPS, PROPOSAL_STEPS, digest, faults, frozen, idle_turns, thawed
from .machine_forms import filled, reply_text, spoiled
from .machine_world import World

BEGIN = datetime(2026, 8, 3, 10, tzinfo=SHANGHAI)  # a Monday; the next year's calendar is not known yet
MOST_CASES = 5
OVER = {ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN}
# Chance alone would keep all cases near their beginning: the road goes on more often than back or nowhere.
ONWARD = {"invite", "cosign", "ask_again", "submit", "file", "give_view", "assign", "dispatch", "accept"}
ONWARD |= {"give_opinion", "draft_reply", "issue", "rate", "order_redo", "settle", "unpublish"}
ONWARD |= {"consent_withdraw", "refuse_withdraw", "endorse_extension", "decide_extension", "publish"}
ONWARD |= {"close_disputed", "answer_urge", "explain_promise"}
SELDOM = {"undo_review", "decline", "withdraw", "return", "refuse_cosign", "drop", "adjust", "merge"}
SELDOM |= {
    "answer_instruct",
    "mark_instruct",
    "report",
    "comment",
    "join_oversight",
    "take_over",
    "hand_back",
}
SELDOM |= {"change_lead", "log_contact", "note_progress", "instruct", "urge", "object", "amend"}
SELDOM |= {"correct_class"}
PAGES = ("/", "/my/", "/work/", "/inbox/", "/signing/", "/hub/", "/registry/", "/overview/", "/units/reform/")
SAID = {200, 302, 403, 404, 409, 422}  # what a page may answer


class Machine(World, RuleBasedStateMachine):
    """One run over a few cases of one congress with one set of rules; everything is rolled back at its end."""

    def __init__(self, cast, tally):
        super().__init__()
        self.cast, self.tally = cast, tally
        self.savepoint = transaction.savepoint()
        self.now = BEGIN
        self.log, self.done, self.forms = [], Counter(), 0
        self.cases, self.digests, self.frozen, self.offers = {}, {}, {}, {}
        self.unseen = set()  # cases to be looked through before anything else happens to them
        cache.clear()

    def teardown(self):
        try:
            with self.at_that_time():
                for pk in list(self.cases):
                    self.look_through(pk)
                assert list(history.verify()) == []
                assert digest(Case.load(self.theirs.pk)) == self.their_digest, "外县的件有改动"
            connection.check_constraints()
        finally:
            transaction.savepoint_rollback(self.savepoint)
            self.tally["runs"] += 1

    @contextmanager
    def at_that_time(self):
        with time_machine.travel(self.now, tick=False):
            yield

    @initialize(dice=st.integers(0, 2**32 - 1))
    def begin(self, dice):
        dice = random.Random(dice)
        with self.at_that_time():
            self.log.append(self.begin_world(dice))
            self.their_digest = digest(Case.load(self.theirs.pk))
            for _ in range(2):
                self.propose(dice)

    # --- Steps ------------------------------------------------------------------------------------------

    @rule(dice=st.integers(0, 2**32 - 1))
    def step(self, dice):
        """One thing happens; chance says which."""
        if dice == 0:
            return  # the first courses that are tried are nothing but noughts
        dice = random.Random(dice)
        self.now += timedelta(minutes=dice.randint(1, 20))
        kind = dice.random()
        self.tally["steps"] += 1
        try:
            with self.at_that_time():
                self.happen(dice, kind)
        except Exception as fault:
            fault.add_note("\n".join(self.log))
            raise

    def happen(self, dice, kind):
        if kind < 0.04 and len(self.cases) < MOST_CASES:
            self.propose(dice)
        elif kind < 0.11:
            self.let_days_pass(dice)
        elif kind < 0.14:
            self.rewrite(dice)
        elif kind < 0.17:
            self.look(dice)
        elif kind < 0.19 and self.done["abolish_unit"]:
            self.reform(dice)
        elif kind < 0.205:
            self.record(dice)
        elif kind < 0.75:
            self.proceed(dice)
        else:
            self.try_anything(dice)

    def propose(self, dice):
        """A new draft: the deputy's own, hidden, typed in by staff, or the delegation's."""
        kind = dice.choice(("own", "own", "hidden", "entered", "delegations"))
        fields = {"category": dice.choice(self.categories), "source": dice.choice(("recess", "session"))}
        if fields["source"] == "session":
            fields["session"] = self.session
        if kind == "entered":
            fields["entered_by"] = self.people[dice.choice(("su", "zhang"))]
        fields |= {"hides_proposer": kind == "hidden", "is_delegations": kind == "delegations"}
        in_office = [deputy for deputy in self.deputies[:2] if deputy.in_office]
        proposal = drafts.create_draft(dice.choice(in_office), **fields, **TEXT)
        if kind in ("entered", "delegations"):
            drafts.keep_draft_files(proposal, [check_upload(scan())], user=self.people["su"], is_scan=True)
        self.log.append(f"{self.now:%m-%d} 起草 {proposal.pk} {kind}")
        self.look_through(proposal.pk)

    def let_days_pass(self, dice):
        """Some days go by; then the daily run is due, and whatever changes beside the cases."""
        self.now += timedelta(days=dice.choice((1, 1, 2, 3, 7, 12, 30, 45)))
        with self.at_that_time():
            cache.clear()
            self.log.append(f"{self.now:%m-%d} 日常任务{self.change_world(dice)}")
            self.meet_people()
            run_daily(now=self.now)
            self.unseen |= set(self.cases)

    def count_system_steps(self, pk):
        """Steps that the system took on a case since it was last looked through."""
        new = self.cases[pk].proposal.events.filter(seq__gt=self.cases[pk].proposal.event_count)
        self.tally.update(f"action {code}" for code in new.values_list("action", flat=True))

    def rewrite(self, dice):
        """The proposer changes a text that is being written; co-signers of another text are asked again."""
        written = [pk for pk, case in self.cases.items() if case.proposal.status in WRITING]
        pk = dice.choice(written) if written and dice.random() < 0.9 else self.choose(dice)
        self.look_through(pk)
        case = self.cases[pk]
        user = self.people["lin"] if not case.proposal.is_written_by_staff else self.people["zhang"]
        title = f"关于社区老年助餐的建议（{dice.randint(1, 99)}）"
        asks = {"reask_by": user} if dice.random() < 0.8 else {}
        self.log.append(f"改正文 {pk}")
        try:
            version = case.proposal.draft_version
            drafts.save_draft(case.proposal, {"title": title}, draft_version=version, now=self.now, **asks)
        except Refused as refused:
            self.refused(pk, refused.words)
        else:
            self.count_system_steps(pk)
            self.look_through(pk)

    def look(self, dice):
        """Somebody opens a page: any of the lists, a case, or an action's form."""
        user, pk = self.somebody(dice), self.choose(dice)
        subject = self.subject(dice, pk)
        action = f"/{subject._meta.model_name}s/{subject.pk}/{dice.choice(sorted(FORM_FOR))}/"
        url = dice.choice((dice.choice(PAGES), f"/proposals/{pk}/", action, action))
        self.log.append(f"{user.name} 看 {url}")
        response = self.client(user).get(url)
        assert response.status_code in SAID, (url, user.name, response.status_code)
        self.same(pk)

    def reform(self, dice):
        """The office or the hub gives what the abolished unit still holds to its successor, all on one page."""
        user = self.people[dice.choice(("su", "hub", "gao"))]
        unit = self.cast.units["health"]
        held = Assignment.objects.filter(unit=unit, proposal__in=list(self.cases))
        fields = {f"version-{place.pk}": Case.load(place.proposal_id).proposal.version for place in held}
        fields |= {"place": [place.pk for place in held], "request_id": self.next_form()}
        self.log.append(f"{user.name} 机构改革 {fields['place']}")
        response = self.client(user).post(f"/units/{unit.pk}/reform/", fields)
        assert response.status_code in SAID, response.status_code
        self.unseen |= set(self.cases)

    def record(self, dice):
        """The layer above notes a step of a 督办活动 or a 整改事项 on a case, which moves nothing there."""
        pk, action = self.choose(dice), dice.choice(("supervise", "rectify"))
        proposal = self.cases[pk].proposal
        stood = (proposal.status, proposal.version)
        self.log.append(f"记 {action} {pk}（{proposal.status}）")
        words = {"words": "蒋可：到 3 个助餐点看过，取餐窗口太高。"}
        try:
            perform(action, proposal, actor=None, data=words, now=self.now)
        except Refused as refused:
            self.refused(pk, refused.words)
        else:
            self.count_system_steps(pk)
            self.look_through(pk)
            proposal = self.cases[pk].proposal
            assert (proposal.status, proposal.version) == stood, f"{action} 改动了 {pk}"

    def proceed(self, dice):
        """Somebody does what they may, rare things first."""
        pk = self.choose(dice)
        offers = self.offers[pk]
        if not offers:
            return
        weights = [self.weight(offer.code) for _, offer in offers]
        user, offer = dice.choices(offers, weights)[0]
        if offer.code == "draft_reply":
            self.write_reply(pk, offer.subject, user, dice)
        self.act(offer.code, pk, offer.subject, user, dice, is_spoiled=dice.random() < 0.1)

    def weight(self, code):
        """How much an action is wanted: what was not done yet in this run before what was."""
        return (4 if code in ONWARD else 0.3 if code in SELDOM else 1) / (1 + self.done[code]) ** 0.5

    def write_reply(self, pk, place, user, dice):
        case = self.cases[pk]
        reply = case.reply(place)
        version = reply.draft_version if reply else None
        drafts.save_reply(
            place, reply_text(case, place, dice), draft_version=version, user=user, now=self.now
        )
        self.look_through(pk)

    def try_anything(self, dice):
        """Anybody tries any action on anything, also on another congress's case."""
        action, user = dice.choice(sorted(TABLE)), self.somebody(dice)
        pk = self.theirs.pk if dice.random() < 0.05 else self.choose(dice)
        subject = self.subject(dice, pk, TABLE[action].subject)
        if subject is None:
            return
        if action in FORM_FOR:
            self.act(action, pk, subject, user, dice, is_spoiled=dice.random() < 0.4)
        else:
            self.perform(action, pk, subject, user, {}, {})
        if dice.random() < 0.1:
            actor = None if action in FORM_FOR else user
            self.perform(action, pk, subject, actor, {}, {})

    # --- Acting -----------------------------------------------------------------------------------------

    def choose(self, dice):
        """A case, most often one that is not at its end."""
        alive = [pk for pk, case in self.cases.items() if case.proposal.status not in OVER]
        pk = dice.choice(alive if alive and dice.random() < 0.9 else list(self.cases))
        if pk in self.unseen:
            self.count_system_steps(pk)
            self.look_through(pk)
        return pk

    def somebody(self, dice):
        return self.people[dice.choice(sorted(self.people))]

    def subject(self, dice, pk, kind=None):
        """The proposal, one of its places or of its promises, as an action of this kind acts on; any without."""
        case = self.cases[pk] if pk in self.cases else Case.load(pk)
        of_kind = {PROPOSAL: [case.proposal], ASSIGNMENT: case.places, COMMITMENT: case.commitments}
        found = of_kind[kind] if kind else dice.choice([rows for rows in of_kind.values() if rows])
        return dice.choice(found) if found else None

    def next_form(self):
        """The number of a form that was never sent: chance repeats itself, and a form sent twice is done once."""
        self.forms += 1
        return uuid.UUID(int=self.forms, version=4)

    def act(self, action, pk, subject, user, dice, *, is_spoiled):
        """Fill in the action's form and send it, on its page or straight to the workflow."""
        case = self.cases[pk] if pk in self.cases else Case.load(pk)
        fields, files = filled(action, case, subject, user, dice, self)
        if is_spoiled:
            fields = spoiled(fields, dice, self)
        version = subject.version + (3 if dice.random() < 0.04 else 0)
        fields.setdefault("version", str(version))
        fields["request_id"] = str(self.next_form())
        on_page = dice.random() < 0.2
        self.log.append(
            f"{self.now:%m-%d %H:%M} {user.name} {action} {subject.pk}（{case.proposal.status}，"
            f"{subject.status}）{'页面 ' if on_page else ''}{'错 ' if is_spoiled else ''}{fields.dict()}"
        )
        if on_page:
            self.post(action, pk, subject, user, fields, files)
            return
        form = FORM_FOR[action](fields, files, case=Case.to_show(pk), subject=subject, user=user)
        if not form.is_valid():
            self.refused(pk, str(form.errors.as_text()))
            return
        once = {key: form.cleaned_data[key] for key in ("version", "request_id")}
        self.perform(action, pk, subject, user, form.action_data(), once)

    def perform(self, action, pk, subject, user, data, once):
        once = {**once, "version": once.get("version") or 0, "now": self.now}
        try:
            if action == "merge" and data:
                merging.merge(subject, data["other"], actor=user, **once)
            elif action == "unmerge" and data:
                merging.unmerge(subject, actor=user, data=data, **once)
            else:
                perform(action, subject, actor=user, data=data, **once)
        except Refused as refused:
            self.refused(pk, refused.words)
        else:
            self.happened(action, pk, user)
            if self.forms % 10 == 0 and "request_id" in once and action != "merge":
                # The same form again: done once, answered the same.
                perform(action, subject, actor=user, data=data, **once)
                self.same(pk)

    def post(self, action, pk, subject, user, fields, files):
        data = {key: fields.getlist(key) for key in fields} | {key: files.getlist(key) for key in files}
        response = self.client(user).post(f"/{TABLE[action].subject}s/{subject.pk}/{action}/", data)
        assert response.status_code in SAID - {200}, (action, user.name, response.status_code)
        self.tally[f"page {response.status_code}"] += 1
        if response.status_code == 302:
            self.happened(action, pk, user)
        else:
            self.refused(pk, "页面：无" if response.status_code == 404 else response.content.decode())

    def client(self, user):
        client = Client()
        client.force_login(user)
        return client

    # --- What must hold afterwards ----------------------------------------------------------------------

    def happened(self, action, pk, user):
        """The action is in the history, done by a person who was offered it."""
        assert pk in self.cases, f"{user} 动了外县的件"
        lines = self.cases[pk].proposal.events.filter(seq__gt=self.cases[pk].proposal.event_count)
        new = list(lines.values_list("action", "actor_id_then"))
        # Merging with a case of the same group adds a line to that one alone.
        assert new == [(action, user.pk)] or (action == "merge" and not new), new
        before = {o.code for someone, o in self.offers[pk] if someone.pk == user.pk}
        assert action in before, f"{user.name}没有“{action}”可做，却做成了"
        self.done[action] += 1
        self.tally[f"action {action}"] += 1
        self.tally["done"] += 1
        self.log.append("  做成")
        self.look_through(pk)
        if action in ("merge", "unmerge"):
            self.unseen |= self.cases.keys() - {pk}

    def refused(self, pk, words):
        """It says why, in Chinese, and nothing has changed."""
        assert any("\u4e00" <= char <= "\u9fff" for char in words), words
        self.tally["refused"] += 1
        self.log.append(f"  不行：{words[:60] if len(words) < 500 else '（页面）'}")
        self.same(pk)

    def same(self, pk):
        before = self.digests.get(pk) or self.their_digest
        assert digest(Case.load(pk)) == before, f"被拒绝的动作改动了 {pk}"

    def look_through(self, pk):
        """Load the case anew, check everything about it, and see who may do what next."""
        case = Case.load(pk, now=self.now)
        old = self.cases.get(pk)
        found = [
            *faults(case),
            *thawed(self.frozen.get(pk, {}), frozen(case)),
            *self.strange_steps(old, case),
        ]
        self.cases[pk], self.digests[pk], self.frozen[pk] = case, digest(case), frozen(case)
        self.unseen.discard(pk)
        self.offers[pk] = [(user, offer) for user in self.concerned(case) for offer in available(case, user)]
        subjects = {(o.code, o.row.subject, o.subject.pk) for _, o in self.offers[pk]}
        found += idle_turns(case, subjects)
        assert not found, f"建议 {pk}：" + "；".join(found)
        self.tally[f"proposal {case.proposal.status}"] += 1
        self.tally.update({f"place {place.status}" for place in case.places})
        self.tally.update({f"promise {promise.status}" for promise in case.commitments})

    def concerned(self, case):
        """Whoever could have something to do on a case: not strangers, nor units that have no place in it.

        Only spares time: when anybody else gets an action done, `happened` takes it for a fault.
        """
        units = {place.unit_id for place in case.places} | {request.unit_id for request in case.requests}
        for user in self.people.values():
            grants = [g for g in user.active_grants() if g.congress_id == case.proposal.congress_id]
            if any(g.unit_id is None or units & units_stood_for(g.unit_id) for g in grants):
                yield user

    def strange_steps(self, old, case):
        """Moves between states that the design does not know."""
        before = old.proposal.status if old else None
        after = case.proposal.status
        if after != before and after not in PROPOSAL_STEPS[before]:
            yield f"建议由 {before} 变成 {after}"
        was = {place.pk: place.status for place in old.places} if old else {}
        for place in case.places:
            before = was.get(place.pk)
            if place.status != before and place.status not in PLACE_STEPS[before]:
                yield f"{place} 由 {before} 变成 {place.status}"
        if lost := was.keys() - {place.pk for place in case.places}:
            yield f"承办 {lost} 不见了"
