"""One proposal's story: its plan as dated steps, each carried out by its own actor through `perform` or `drafts`."""

import random
from functools import partial

from accounts.models import Role
from core.dates import as_date

from .. import drafts
from ..models import Assignment
from ..status import (
    AssignmentRole,
    AssignmentStatus,
    ContactMode,
    ContactStage,
    RedoCause,
    Satisfaction,
)
from ..workflow import perform
from . import sentences
from .beginnings import Beginnings
from .detours import Detours
from .replies import reply_fields


class Story(Beginnings, Detours):
    """Tells one plan. `steps()` lists (date, what to do); the desk calls them in the order of all stories."""

    def __init__(self, desk, plan):
        self.desk, self.plan, self.topic = desk, plan, plan.topic
        self.tenant, self.times = desk.tenant, desk.times
        self.rng = random.Random(f"{desk.seed}:{self.tenant.place.code}:{plan.topic.code}")
        self.lead = self.tenant.authors[plan.topic.code]
        self.officer = self.rng.choice(self.tenant.staff[Role.LIAISON])
        # Who acts for the proposer: the deputy; for a delegation its staff. A deputy on paper has no account.
        self.author = self.tenant.deputy_users.get(self.lead)
        if plan.is_delegations:
            self.author = self.tenant.delegation_staff[self.lead.delegation]
        self.lead_name = plan.lead or plan.topic.lead
        desk.stories[plan.topic.code] = self
        self.proposal = None
        self.at = None

    # --- Telling ------------------------------------------------------------------------------------------

    def tell(self):
        """A generator: yields the time of each step before taking it."""
        for day, step in sorted(self.steps(), key=lambda dated: dated[0]):
            self.at = self.times.moment(day, self.rng, after=self.at)
            yield self.at
            step()

    def steps(self):
        """The whole course as a list of (date, callable); what lies in the future is never called."""
        found = self._ordinary_steps()
        if self.plan.halts:
            found = [(day, step) for day, step in found if day <= self.plan.halts]
        return found + [(day, partial(getattr(self, name), **what)) for day, name, what in self.plan.tale]

    def _ordinary_steps(self):
        plan = self.plan
        found = [(plan.begins, self.draft), *self._cosign_steps()]
        if plan.submitted is None:
            return found + self._still_asked(self.times.shift(plan.begins, 1))
        found.append((plan.submitted, self.submit))
        if self._is_checked():
            found.append((self.times.shift(plan.submitted, 1), self.check))
        if plan.returned:
            found += [(plan.returned, self.send_back), *self._still_asked(plan.returned)]
        if plan.resubmitted:
            found += [(plan.resubmitted, self.improve), (plan.resubmitted, self.submit)]
        if plan.declined:
            found.append((plan.declined, self.decline))
        if plan.filed:
            found.append((plan.filed, self.file))
        for number, step in enumerate(plan.rounds):
            found += self._round_steps(number, step)
        if plan.urged:
            found.append((plan.urged, self.urge))
        if plan.closed:
            found.append((plan.closed, self.close))
        if plan.settled:
            found.append((plan.settled, self.settle))
        if plan.published:
            found.append((plan.published, self.publish))
        return found

    def _is_checked(self):
        """代表团初核 where the rule set asks for it; now and then the delegation does not come to it."""
        asked = (
            self.tenant.switch("delegation_check") and self.lead.delegation in self.tenant.delegation_staff
        )
        return asked and self.rng.random() < 0.8

    def do(self, action, actor, subject=None, **data):
        """Carry out one action at the story's time."""
        subject = subject or self.proposal
        perform(action, subject, actor=actor, data=data, now=self.at, request_id=self.desk.fresh_id())

    @property
    def today(self):
        return as_date(self.at)

    # --- The units' work ----------------------------------------------------------------------------------

    def _round_steps(self, number, step):
        """Everything of one round, from assigning to rating."""
        opened = step.opened
        found = [(opened, self.order_redo if number else self.assign)]
        if not step.is_accepted:
            return found
        replying, assisting = self._units_of(number)
        if self.plan.is_through_hub and number == 0:
            opened = self.times.shift(opened, 1)
            names = [[unit.name for unit in units] for units in (replying, assisting)]
            words = self.desk.say(sentences.DISPATCH_WORDS)
            found.append((opened, partial(self.pass_on, names[0][0], co=names[1], words=words)))
        for unit in (*replying, *assisting):
            signed = self.times.shift(opened, self.rng.choice((0, 1, 1, 2)))
            found.append((signed, lambda u=unit: self.accept(u)))
        for index, unit in enumerate(replying):
            is_late = self.plan.half_answered and index
            found += self._reply_steps(number, step, unit, None if is_late else step.sent)
        found += self._opinion_steps(step, assisting)
        return found

    def _units_of(self, number):
        plan = self.plan
        names = self.topic.co if plan.co is None else plan.co
        lead, *co = (self.unit(name) for name in (self.lead_name, *names))
        if plan.is_separate:
            return (lead, *co), ()
        if number and plan.redo_lead:
            return (self.unit(plan.redo_lead),), (lead,)
        return (lead,), tuple(co if number == 0 else co[:1])

    def _reply_steps(self, number, step, unit, sent):
        """Contact, progress, reply, signing, rating of one replying unit."""
        shift, plan = self.times.shift, self.plan
        found = self._contact_steps(number, step, unit, sent)
        if sent is None:
            return found
        found.append((sent, lambda: self.send(unit, number)))
        if step.is_reworked and step.issued:
            found += [(sent, lambda: self.rework(unit)), (sent, lambda: self.send(unit, number, again=True))]
        if step.issued is None:
            return found
        found.append((max(step.issued, sent), lambda: self.issue(unit)))
        day = shift(step.issued, 1)
        if (
            self.rng.random() < 0.35
            and not plan.contacts
            and not plan.tale
            and (step.rated is None or day <= step.rated)
        ):
            words = self.desk.say(sentences.CONTACTS_AFTER)
            found.append((day, lambda: self.contact(unit, ContactStage.AFTER, ContactMode.PHONE, "", words)))
        is_first = unit.name == self.lead_name
        if step.rating and (is_first or not plan.is_separate):
            found.append((step.rated, lambda: self.rate(unit, number, step.rating)))
        elif step.is_silent:
            found.append((shift(step.issued, self.tenant.silent_after), lambda: self.fall_silent(unit)))
        return found

    def _contact_steps(self, number, step, unit, sent):
        shift, plan, rng = self.times.shift, self.plan, self.rng
        if plan.contacts and unit.name == self.lead_name:
            found = [(day, lambda e=entry: self.contact(unit, *e)) for day, *entry in plan.contacts]
            return found + [(day, lambda w=words: self.note(unit, w)) for day, words in plan.notes]
        first = shift(step.opened, rng.randint(3, 7 if number else 14))
        if sent:
            first = min(first, shift(sent, -1))
        mode = rng.choice((ContactMode.VISIT, ContactMode.MEETING, ContactMode.FIELD))
        words = self.desk.say(sentences.CONTACTS_DURING)
        if number == 0 and unit.name == self.lead_name:
            words = self.topic.contact
        found = [(first, lambda: self.contact(unit, ContactStage.BEFORE, mode, "", words))]
        if rng.random() < 0.6:
            day = shift(first, rng.randint(4, 12))
            if sent is None or day < sent:
                found.append((day, lambda: self.note(unit, self.topic.progress(rng.randrange(4)))))
        if sent and rng.random() < 0.4:
            more = self.desk.say(sentences.CONTACTS_DURING)
            found.append(
                (
                    shift(sent, -1),
                    lambda: self.contact(unit, ContactStage.DURING, ContactMode.PHONE, "", more),
                )
            )
        return found

    def _opinion_steps(self, step, units):
        """Opinions of the assisting units; of a place still at work, some are not in yet."""
        found = []
        for unit in units:
            day = self.times.shift(step.opened, self.rng.randint(8, 19))
            if step.sent:
                if self.rng.random() < 0.07:
                    continue  # never came: marked late by the lead
                day = min(day, self.times.shift(step.sent, -2))
            elif self.rng.random() < 0.12:
                continue
            found.append((day, lambda u=unit: self.give_opinion(u)))
            if self.tenant.switch("opinion_signed"):
                found.append((self.times.shift(day, 1), lambda u=unit: self.sign_opinion(u)))
        return found

    def place(self, unit):
        """The unit's newest place in this proposal."""
        return Assignment.objects.filter(proposal=self.proposal, unit=unit).latest("pk")

    def assign(self):
        if self.plan.is_through_hub:
            placements = self.placements(self.tenant.hub.name)
        else:
            (lead, *rest), co = self._units_of(0)
            first = AssignmentRole.SEPARATE if rest else AssignmentRole.LEAD
            placements = [{"unit": unit, "role": first} for unit in (lead, *rest)]
            placements += [{"unit": unit, "role": AssignmentRole.CO} for unit in co]
        words = self.desk.say(sentences.ASSIGN_WORDS)
        self.do("assign", self.officer, placements=placements, is_complex=self.plan.is_complex, words=words)

    def accept(self, unit):
        place = self.place(unit)
        if place.status == AssignmentStatus.PENDING:  # else it asks to be let go, or was refused that
            self.do("accept", self.worker(unit), place, **self.brought(unit))

    def contact(self, unit, stage, mode, people, words):
        handler = self.worker(unit)
        unit = self.tenant.successors.get(unit, unit)
        spec, title = self.tenant.specs[unit.pk], handler.active_grants()[0].title
        head = f"{spec.deputy_head}{self.tenant.signers[unit].name}"
        people = people or f"{head}、{title}{handler.name}等{self.rng.randint(2, 6)}人"
        files, actor, deputy = [], handler, self.lead
        if self.plan.is_hidden:  # the unit does not know whom to call
            actor, deputy, mode = self.officer, None, ContactMode.PHONE
            words = self.desk.say(sentences.HIDDEN_CONTACTS)
            people = f"联工委{self.officer.active_grants()[0].title}{self.officer.name}，{title}{handler.name}在线旁听"
        elif self.rng.random() < 0.12:
            files = [self.file_of(self.rng.choice(sentences.CONTACT_FILES))]
        self.do(
            "log_contact", actor, self.place(unit), stage=stage, mode=mode, on=self.today,
            people=people, deputy=deputy, words=words, files=files,
        )  # fmt: skip

    def note(self, unit, words):
        self.do("note_progress", self.worker(unit), self.place(unit), words=words)

    def give_opinion(self, unit, words=""):
        place = self.place(unit)
        if not place.is_open:
            return
        handler = self.worker(unit)
        words = words or self.topic.opinions.get(unit.name) or self.desk.say(sentences.OPINIONS)
        self.do(
            "give_opinion", handler, place, words=words,
            doc_no=self.desk.document_number(unit, self.today), contact_person=handler.name,
            contact_phone=self.desk.office_phone(unit), **self.brought(unit),
        )  # fmt: skip

    def sign_opinion(self, unit):
        """签发 of a co-opinion, where the rule set has it signed; nothing where the lead did not wait for it."""
        place = self.place(unit)
        if place.status == AssignmentStatus.SIGNING:
            self.do("issue", self.tenant.signers[unit], place)

    # --- The reply ----------------------------------------------------------------------------------------

    def send(self, unit, number, *, again=False):
        """Write the reply (or mend it) and send it for signing."""
        place, handler = self.place(unit), self.worker(unit)
        reply = getattr(place, "reply", None)
        if again:
            fields = {"opening": f"{reply.opening}有关数据截至{self.today.month}月底。"}
        else:
            fields = reply_fields(self, place, unit, is_second=bool(number))
        version = reply.draft_version if reply else None
        reply = drafts.save_reply(place, fields, draft_version=version, user=handler, now=self.at)
        if not again and self.rng.random() < 0.2:
            self.attach(self.rng.choice(sentences.REPLY_FILES), handler, reply=reply)
        self.do("draft_reply", handler, place)

    def rework(self, unit):
        self.do(
            "rework", self.tenant.signers[unit], self.place(unit), reason=self.desk.say(sentences.REWORKS)
        )

    def issue(self, unit):
        self.do("issue", self.tenant.signers[unit], self.place(unit))

    # --- Rating and after ---------------------------------------------------------------------------------

    def rate(self, unit, number, rating):
        attitude, result = rating
        said = {
            Satisfaction.SATISFIED: sentences.SATISFIED_WORDS,
            Satisfaction.BASICALLY: sentences.BASICALLY_WORDS,
            Satisfaction.DISSATISFIED: sentences.DISSATISFIED_WORDS,
        }[result]
        if number and result == Satisfaction.DISSATISFIED:
            said = sentences.STILL_DISSATISFIED_WORDS
        signed = {"files": self.scan()} if self.plan.is_delegations else {}
        self.do(
            "rate", self.author, self.place(unit), attitude=attitude, result=result,
            words=self.desk.say(said), **signed,
        )  # fmt: skip

    def fall_silent(self, unit):
        self.do("mark_silent", None, self.place(unit))

    def order_redo(self):
        (lead, *_), co = self._units_of(1)
        placements = [{"unit": lead, "role": AssignmentRole.LEAD}]
        placements += [{"unit": unit, "role": AssignmentRole.CO} for unit in co]
        reason = self.desk.say(sentences.REDO_REASONS)
        self.do(
            "order_redo", self.officer, placements=placements, reason=reason, cause=RedoCause.DISSATISFIED
        )

    def close(self):
        self.do("close_disputed", self.officer, reason=self.desk.say(sentences.CLOSE_REASONS))

    def settle(self):
        self.do("settle", self.officer, record=self.desk.say(sentences.SETTLE_RECORDS))

    def urge(self):
        staff = self.tenant.staff
        actor = self.rng.choice((self.officer, self.officer, staff[Role.COMMITTEE][0], staff[Role.LEADER][0]))
        self.do("urge", actor, words=self.desk.say(self._urge_words()))

    def _urge_words(self):
        places = Assignment.objects.filter(proposal=self.proposal)
        if all(place.accepted_on is None for place in places):
            return sentences.URGES_TO_ACCEPT
        due_on = self.fresh().due_on
        return sentences.URGES_LATE if due_on and due_on < self.today else sentences.URGES_SOON
