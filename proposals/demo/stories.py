"""One proposal's story: its plan as dated steps, each carried out by its own actor through `perform` or `drafts`."""

import random

from accounts.models import Role
from core.dates import as_date

from .. import drafts
from ..attachments import attach
from ..models import Assignment, Cosignature, Proposal
from ..status import (
    AssignmentRole,
    ContactMode,
    ContactStage,
    CosignState,
    DeclineOutcome,
    Satisfaction,
)
from ..workflow import perform
from . import sentences
from .files import make_file
from .planner import LEFT_OFFICE
from .replies import reply_fields


class Story:
    """Tells one plan. `steps()` lists (date, what to do); the desk calls them in the order of all stories."""

    def __init__(self, desk, plan):
        self.desk, self.plan, self.topic = desk, plan, plan.topic
        self.tenant, self.times = desk.tenant, desk.times
        self.rng = random.Random(f"{desk.seed}:{self.tenant.place.code}:{plan.topic.code}")
        self.lead = self.tenant.authors[plan.topic.code]
        self.author = self.tenant.deputy_users[self.lead]
        self.officer = self.rng.choice(self.tenant.staff[Role.LIAISON])
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
        plan = self.plan
        found = [(plan.begins, self.draft), *self._cosign_steps()]
        if plan.submitted is None:
            return found + self._still_asked(self.times.shift(plan.begins, 1))
        found.append((plan.submitted, self.submit))
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
        return found

    def do(self, action, actor, subject=None, **data):
        """Carry out one action at the story's time."""
        subject = subject or self.proposal
        perform(action, subject, actor=actor, data=data, now=self.at, request_id=self.desk.fresh_id())

    @property
    def today(self):
        return as_date(self.at)

    # --- Writing and review -------------------------------------------------------------------------------

    def draft(self):
        plan, topic = self.plan, self.topic
        points = list(topic.points)
        if (plan.returned and not plan.resubmitted) or plan.resubmitted:
            points = points[:-1]  # what the review will miss
        if plan.is_unfinished:
            points = []
        self.proposal = drafts.create_draft(
            self.lead,
            title=topic.title,
            situation=topic.situation,
            analysis="" if plan.is_unfinished else topic.analysis,
            points=points,
            category=self.tenant.categories[topic.category],
            source=plan.source,
            session=plan.session,
            suggested_units=topic.lead if self.rng.random() < 0.4 else "",
            open_wanted=self.rng.random() < 0.9,
            created_at=self.at,
            edited_at=self.at,
        )
        if self.rng.random() < 0.3:
            self.attach(self.rng.choice(sentences.ATTACHMENT_NAMES), self.author)

    def attach(self, name, user, **owner):
        """Keep one small file, of the time of the story."""
        kept = attach(self.file_of(name), proposal=self.proposal, user=user, **owner)
        kept.uploaded_at = self.at
        kept.save(update_fields=["uploaded_at"])

    def file_of(self, name):
        title = self.topic.title
        lines = [f"《{title}》", name.rsplit(".", 1)[0], "演示文件，内容为虚构。", *self.topic.points]
        return make_file(name, [line[:40] for line in lines], self.rng)

    def _cosign_steps(self):
        """Invitations and their answers between the draft and its submission."""
        plan, found = self.plan, []
        names = set(plan.still_asked)
        others = [
            deputy
            for deputy in self.tenant.deputies
            if deputy != self.lead and deputy.name not in names and deputy.name not in LEFT_OFFICE
        ]
        neighbours = [deputy for deputy in others if deputy.delegation_id == self.lead.delegation_id]
        if self.rng.random() < 0.7 and len(neighbours) >= plan.cosigners:
            others = neighbours
        chosen = self.rng.sample(others, min(plan.cosigners, len(others)))
        day = self.times.shift(plan.begins, 1)
        last = max(day, plan.submitted or self.times.today)
        for deputy in chosen:
            answer = self.cosign if self.rng.random() < 0.93 else self.refuse
            answered = min(self.times.shift(day, self.rng.randint(0, 4)), last)
            found.append((day, lambda d=deputy: self.invite(d)))
            found.append((answered, lambda d=deputy, a=answer: a(d)))
        return found

    def _still_asked(self, day):
        """Invitations that nobody has answered yet."""
        asked = [deputy for deputy in self.tenant.deputies if deputy.name in self.plan.still_asked]
        return [(day, lambda d=deputy: self.invite(d)) for deputy in asked]

    def invite(self, deputy):
        self.do("invite", self.author, deputy=deputy)

    def cosign(self, deputy):
        text = Proposal.objects.get(pk=self.proposal.pk).text_hash
        self.do("cosign", self.tenant.deputy_users[deputy], text_hash=text)

    def refuse(self, deputy):
        self.do("refuse_cosign", self.tenant.deputy_users[deputy])

    def submit(self):
        self.do("submit", self.author)

    def send_back(self):
        self.do("return", self.officer, reason=self.desk.say(sentences.RETURN_REASONS))

    def improve(self):
        """The missing request is written, and whoever had co-signed the shorter text signs again."""
        proposal = Proposal.objects.get(pk=self.proposal.pk)
        fields = {"points": list(self.topic.points)}
        drafts.save_draft(
            proposal, fields, draft_version=proposal.draft_version, reask_by=self.author, now=self.at
        )
        for asked in Cosignature.objects.filter(proposal=proposal, state=CosignState.INVITED):
            self.cosign(asked.deputy)

    def decline(self):
        outcome, reason = sentences.DECLINES[self.topic.code]
        self.do("decline", self.officer, outcome=DeclineOutcome(outcome), reason=reason)

    def file(self):
        self.do("file", self.officer, category=self.tenant.categories[self.topic.category])

    # --- The units' work ----------------------------------------------------------------------------------

    def _round_steps(self, number, step):
        """Everything of one round, from assigning to rating."""
        opened = step.opened
        found = [(opened, self.order_redo if number else self.assign)]
        if not step.is_accepted:
            return found
        replying, assisting = self._units_of(number)
        for unit in (*replying, *assisting):
            signed = self.times.shift(opened, self.rng.choice((0, 1, 1, 2)))
            found.append((signed, lambda u=unit: self.accept(u)))
        for index, unit in enumerate(replying):
            is_late = self.plan.half_answered and index
            found += self._reply_steps(number, step, unit, None if is_late else step.sent)
        found += self._opinion_steps(step, assisting)
        return found

    def _units_of(self, number):
        lead, *co = (self.tenant.units[name] for name in (self.topic.lead, *self.topic.co))
        if self.plan.is_separate:
            return (lead, *co), ()
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
        if self.rng.random() < 0.35 and not plan.contacts and (step.rated is None or day <= step.rated):
            words = self.desk.say(sentences.CONTACTS_AFTER)
            found.append((day, lambda: self.contact(unit, ContactStage.AFTER, ContactMode.PHONE, "", words)))
        is_first = unit.name == self.topic.lead
        if step.rating and (is_first or not plan.is_separate):
            found.append((step.rated, lambda: self.rate(unit, number, step.rating)))
        elif step.is_silent:
            found.append((shift(step.issued, 26), lambda: self.fall_silent(unit)))
        return found

    def _contact_steps(self, number, step, unit, sent):
        shift, plan, rng = self.times.shift, self.plan, self.rng
        if plan.contacts and unit.name == self.topic.lead:
            found = [(day, lambda e=entry: self.contact(unit, *e)) for day, *entry in plan.contacts]
            return found + [(day, lambda w=words: self.note(unit, w)) for day, words in plan.notes]
        first = shift(step.opened, rng.randint(3, 7 if number else 14))
        if sent:
            first = min(first, shift(sent, -1))
        mode = rng.choice((ContactMode.VISIT, ContactMode.MEETING, ContactMode.FIELD))
        words = self.desk.say(sentences.CONTACTS_DURING)
        if number == 0 and unit.name == self.topic.lead:
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
                day = min(day, self.times.shift(step.sent, -1))
            elif self.rng.random() < 0.25:
                continue
            found.append((day, lambda u=unit: self.give_opinion(u)))
        return found

    def place(self, unit):
        """The unit's newest place in this proposal."""
        return Assignment.objects.filter(proposal=self.proposal, unit=unit).latest("pk")

    def assign(self):
        (lead, *rest), co = self._units_of(0)
        first = AssignmentRole.SEPARATE if rest else AssignmentRole.LEAD
        placements = [{"unit": unit, "role": first} for unit in (lead, *rest)]
        placements += [{"unit": unit, "role": AssignmentRole.CO} for unit in co]
        words = self.desk.say(sentences.ASSIGN_WORDS)
        self.do("assign", self.officer, placements=placements, is_complex=self.plan.is_complex, words=words)

    def accept(self, unit):
        self.do("accept", self.tenant.handlers[unit], self.place(unit))

    def contact(self, unit, stage, mode, people, words):
        handler, signer = self.tenant.handlers[unit], self.tenant.signers[unit]
        spec = self.tenant.specs[unit.pk]
        title = handler.active_grants()[0].title
        people = (
            people or f"{spec.deputy_head}{signer.name}、{title}{handler.name}等{self.rng.randint(2, 6)}人"
        )
        files = []
        if self.rng.random() < 0.12:
            files = [self.file_of(self.rng.choice(sentences.CONTACT_FILES))]
        self.do(
            "log_contact", handler, self.place(unit), stage=stage, mode=mode, on=self.today,
            people=people, deputy=self.lead, words=words, files=files,
        )  # fmt: skip

    def note(self, unit, words):
        self.do("note_progress", self.tenant.handlers[unit], self.place(unit), words=words)

    def give_opinion(self, unit):
        place = self.place(unit)
        if not place.is_open:
            return
        handler = self.tenant.handlers[unit]
        self.do(
            "give_opinion", handler, place, words=self.topic.opinions[unit.name],
            doc_no=self.desk.document_number(unit, self.today), contact_person=handler.name,
            contact_phone=self.desk.office_phone(unit),
        )  # fmt: skip

    # --- The reply ----------------------------------------------------------------------------------------

    def send(self, unit, number, *, again=False):
        """Write the reply (or mend it) and send it for signing."""
        place, handler = self.place(unit), self.tenant.handlers[unit]
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
        self.do(
            "rate", self.author, self.place(unit), attitude=attitude, result=result, words=self.desk.say(said)
        )

    def fall_silent(self, unit):
        self.do("mark_silent", None, self.place(unit))

    def order_redo(self):
        (lead, *_), co = self._units_of(1)
        placements = [{"unit": lead, "role": AssignmentRole.LEAD}]
        placements += [{"unit": unit, "role": AssignmentRole.CO} for unit in co]
        reason = self.desk.say(sentences.REDO_REASONS)
        self.do("order_redo", self.officer, placements=placements, reason=reason)

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
        due_on = Proposal.objects.get(pk=self.proposal.pk).due_on
        return sentences.URGES_LATE if due_on and due_on < self.today else sentences.URGES_SOON
