"""What happened to one proposal, as rows: the way the workflow leaves them, without walking it."""

import uuid
from datetime import datetime, time, timedelta
from types import SimpleNamespace

from django.utils import timezone

from notifications.models import Notice
from proposals import history
from proposals.clocks import rule_snapshot
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
    ReplyDelivery,
    Waiting,
)
from proposals.status import (
    CLASSES_WITH_COMMITMENTS,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    ContactMode,
    ContactStage,
    CosignState,
    ProposalStatus,
    RedoCause,
    ReplyClass,
    Satisfaction,
    Source,
    Visibility,
)
from proposals.workflow import TABLE, Case
from proposals.workflow import waiting as turns

# Proposals first; the text index is written behind them.
ORDER = (
    Proposal,
    Cosignature,
    Assignment,
    Reply,
    Rating,
    Contact,
    Opinion,
    Commitment,
    Clock,
    Waiting,
    ProposalEvent,
    ReplyDelivery,
    Notice,
)
P, A = ProposalStatus, AssignmentStatus
# Fourteen in a row hold every state, so that even the smallest load does.
OPEN_STATES = (
    *(P.HANDLING,) * 6,
    P.SUBMITTED,
    P.SUBMITTED,
    P.FILED,
    P.REPLIED,
    P.DISPUTED,
    P.REDO,
    P.COORDINATION,
    P.DRAFT,
)
PLACE_STATES = (A.PENDING, A.ACCEPTED, A.ACCEPTED, A.SIGNING)
ANSWERED = frozenset({P.REPLIED, P.DISPUTED, P.COORDINATION, P.CLOSED})
# Days after submission.
FILED, ASSIGNED, ACCEPTED, CONTACTED, OPINED, REPLIED, RATED = 3, 6, 8, 20, 40, 70, 85
ROUND = 100
# One in so many proposals is the measured deputy's.
DEPUTY_SHARE = 200
# And one in so many surely has the measured unit in the lead; divisible by the open states, so it is 办理中 if open.
UNIT_SHARE = 42


class Story:
    """Tells one proposal after the other into `rows`."""

    def __init__(self, place, rng, rows):
        self.place, self.rng, self.rows = place, rng, rows
        self.today = timezone.localdate()
        self.chance = rng.random

    def tell(self, index, text, *, is_open, share):
        """The Proposal number `index` with all that belongs to it; `share` is how far along the years it stands."""
        self.index, self.text = index, text
        status = OPEN_STATES[index % len(OPEN_STATES)] if is_open else P.CLOSED
        if not is_open and self.chance() < 0.03:
            status = P.DECLINED
        rounds = (
            2 if status in (P.REDO, P.COORDINATION) or (status == P.CLOSED and self.chance() < 0.03) else 1
        )
        self.start = self._start(is_open, share, rounds)
        self.proposal = self._proposal(status, rounds)
        self.clocks, self.places = [], []
        self._signatures()
        self._review()
        if self.proposal.assigned_on:
            for number in range(1, rounds + 1):
                self._round(number)
        if is_open:
            self._wait()
        return self.proposal

    def _start(self, is_open, share, rounds):
        """The day of submission: open ones lately, closed ones over the years before."""
        if is_open:
            return self.today - timedelta(self.rng.randint(1, 60) + (rounds - 1) * ROUND + 10)
        return self.today - timedelta(round((1 - share) * 3000) + 250 + self.rng.randint(0, 20))

    def day(self, number):
        return self.start + timedelta(number)

    def at(self, number):
        moment = datetime.combine(self.day(number), time(9 + self.index % 8, self.index % 60))
        return timezone.make_aware(moment)

    def _proposal(self, status, rounds):
        place, rng = self.place, self.rng
        lead = (
            place.deputies[0]
            if self.index % DEPUTY_SHARE == DEPUTY_SHARE // 2 + 10
            else rng.choice(place.deputies)
        )
        is_filed = status not in (P.DRAFT, P.SUBMITTED, P.DECLINED)
        is_assigned = is_filed and status != P.FILED
        last = (rounds - 1) * ROUND
        session = place.sessions[max(0, self.start.year - place.sessions[-1].year - 1)]
        return self.rows.add(
            Proposal,
            congress=place.congress,
            session=session,
            source=rng.choice((Source.SESSION, Source.RECESS)),
            number=f"{self.start.year}-{self.index + 1:06d}" if is_filed else "",
            title=self.text.title,
            situation=self.text.situation,
            analysis=self.text.analysis,
            points=self.text.points,
            category=rng.choice(place.categories),
            lead=lead,
            delegation=lead.delegation,
            hides_proposer=self.chance() < 0.02,
            status=status,
            round=rounds,
            created_at=self.at(-5),
            edited_at=self.at(-1),
            submitted_on=None if status == P.DRAFT else self.start,
            filed_on=self.day(FILED) if is_filed else None,
            assigned_on=self.day(ASSIGNED) if is_assigned else None,
            replied_on=self.day(last + REPLIED) if status in ANSWERED else None,
            closed_on=self.day(last + RATED) if status == P.CLOSED else None,
        )

    def _signatures(self):
        proposal = self.proposal
        others = self.rng.sample(self.place.deputies[1:], self.rng.choice((0, 1, 1, 2, 3)))
        self.cosignatures = [
            self.rows.add(
                Cosignature,
                proposal=proposal,
                deputy=deputy,
                state=CosignState.CONFIRMED,
                text=proposal.text_snapshot,
                text_hash=proposal.text_hash,
                invited_at=self.at(-3),
                answered_at=self.at(-2),
            )
            for deputy in others
            if deputy.pk != proposal.lead_id
        ]

    # --- Lines of history and clocks ------------------------------------------------------------------------

    def event(self, action, day, grant, place=None, before="", after="", words=""):
        """One hash-chained line."""
        proposal, row = self.proposal, TABLE[action]
        event = self.rows.add(
            ProposalEvent,
            congress_id=proposal.congress_id,
            proposal=proposal,
            assignment=place,
            seq=proposal.event_count + 1,
            action=action,
            at=self.at(day),
            actor_id_then=grant.user.pk,
            actor_name=grant.user.name,
            actor_role=grant.role,
            actor_place=grant.place,
            from_status=before,
            to_status=after,
            words=words or row.label,
            # Where the case decides, it is for the ordinary road that this one walks: everyone.
            visibility=Visibility.EVERYONE if callable(row.visibility) else row.visibility,
            request_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            previous_hash=proposal.head_hash,
        )
        event.hash = history.event_hash(event)
        proposal.event_count, proposal.head_hash = event.seq, event.hash

    def deputy(self):
        user = self.place.deputy_users[self.proposal.lead_id - 1]
        return SimpleNamespace(user=user, role="代表", place=self.proposal.delegation.name)

    def office(self):
        return SimpleNamespace(user=self.place.office, role="联工委", place="联工委")

    def unit(self, place, people, role):
        user = people[self.place.units.index(place.unit)]
        return SimpleNamespace(user=user, role=role, place=place.unit.name)

    def clock(self, kind, first, last, *, place=None, met=None, voided=None, **fields):
        """A clock from day `first` to `last`, with its rule as the workflow snapshots it."""
        terms = self.place.rules.clock(kind)
        if terms is None:
            return None
        clock = self.rows.add(
            Clock,
            congress=self.place.congress,
            proposal=self.proposal,
            assignment=place,
            kind=kind,
            round=place.round if place else 1,
            started_on=self.day(first),
            due_on=self.day(last),
            rule=rule_snapshot(terms, self.place.rules),
            met_on=None if met is None else self.day(met),
            voided_on=None if voided is None else self.day(voided),
            **fields,
        )
        self.clocks.append(clock)
        return clock

    # --- Stages -----------------------------------------------------------------------------------------------

    def _review(self):
        proposal = self.proposal
        if proposal.status == P.DRAFT:
            return
        self.event("submit", 0, self.deputy(), None, P.DRAFT, P.SUBMITTED)
        if proposal.status == P.DECLINED:
            proposal.decline_outcome = "letter"
            self.event("decline", FILED, self.office(), None, P.SUBMITTED, P.DECLINED)
        elif proposal.filed_on:
            self.event("file", FILED, self.office(), None, P.SUBMITTED, P.FILED)
        is_met = proposal.status != P.SUBMITTED
        self.clock(ClockKind.REVIEW, 0, 7, met=FILED if is_met else None)
        if not proposal.filed_on:
            return
        self.clock(ClockKind.ASSIGN, FILED, 10, met=ASSIGNED if proposal.assigned_on else None)
        if proposal.assigned_on:
            self.event(
                "assign", ASSIGNED, self.office(), None, P.FILED, P.HANDLING, "交办承办单位，请按期答复。"
            )

    def _round(self, number):
        offset = (number - 1) * ROUND
        is_last = number == self.proposal.round
        is_open = is_last and self.proposal.status in (P.HANDLING, P.REDO)
        units = self._units()
        is_separate = len(units) > 1 and self.chance() < 0.15
        if number > 1:
            self.event("order_redo", offset + ASSIGNED, self.office(), None, P.DISPUTED, P.REDO)
        for position, unit in enumerate(units):
            role = AssignmentRole.CO if position else AssignmentRole.LEAD
            role = AssignmentRole.SEPARATE if is_separate else role
            self._handle(unit, role, number, offset, is_open, is_last)

    def _units(self):
        if not self.places:
            if self.index % UNIT_SHARE == 0:
                return [self.place.unit, self.rng.choice(self.place.units[3:])]
            return self.rng.sample(self.place.units, self.rng.choice((1, 1, 2, 2, 2, 3)))
        return [place.unit for place in self.places]

    def _handle(self, unit, role, number, offset, is_open, is_last):
        """One unit's place from assignment to rating, as far as it has come."""
        status = PLACE_STATES[self.index % len(PLACE_STATES)] if is_open else A.ANSWERED
        if role == AssignmentRole.CO and status == A.SIGNING:
            status = A.ANSWERED
        is_co = role == AssignmentRole.CO
        is_accepted, is_answered = status != A.PENDING, status == A.ANSWERED
        answered = offset + (OPINED if is_co else REPLIED)
        place = self.rows.add(
            Assignment,
            congress=self.place.congress,
            proposal=self.proposal,
            unit=unit,
            role=role,
            round=number,
            status=status,
            due_on=self.day(offset + 45 if is_co else offset + 96),
            opened_on=self.day(offset + ASSIGNED),
            assigned_on=self.day(offset + ASSIGNED),
            redo_cause=RedoCause.DISSATISFIED if number > 1 else "",
            accepted_on=self.day(offset + ACCEPTED) if is_accepted else None,
            answered_on=self.day(answered) if is_answered else None,
        )
        self.places.append(place)
        self._place_clocks(place, offset, is_accepted, is_answered)
        if is_accepted:
            self._accepted(place, offset)
        if is_co and is_answered:
            self._opinion(place, offset)
        elif not is_co and status in (A.SIGNING, A.ANSWERED):
            self._reply(place, offset, is_answered, is_last)

    def _place_clocks(self, place, offset, is_accepted, is_answered):
        first = offset + ASSIGNED
        self.clock(
            ClockKind.ACCEPT, first, first + 5, place=place, met=offset + ACCEPTED if is_accepted else None
        )
        voided = offset + REPLIED if is_answered else None
        self.clock(ClockKind.RETURN_WINDOW, first, first + 10, place=place, voided=voided)
        if is_accepted:
            met = offset + CONTACTED if is_answered else None
            self.clock(ClockKind.FIRST_CONTACT, offset + ACCEPTED, offset + 30, place=place, met=met)
        kind = ClockKind.REPLY if place.round == 1 else ClockKind.REDO
        last, met = offset + 96, offset + REPLIED
        if not place.replies:
            kind, last, met = ClockKind.OPINION, offset + 45, offset + OPINED
        self.clock(kind, first, last, place=place, met=met if is_answered else None)

    def _accepted(self, place, offset):
        handler = self.unit(place, self.place.handlers, "承办单位经办")
        self.event("accept", offset + ACCEPTED, handler, place, A.PENDING, A.ACCEPTED)
        if place.status != A.ANSWERED:
            return
        for stage, day in ((ContactStage.BEFORE, CONTACTED), (ContactStage.DURING, OPINED)):
            self.rows.add(
                Contact,
                assignment=place,
                stage=stage,
                mode=ContactMode.VISIT,
                on=self.day(offset + day),
                people="副厅长等 3 人",
                deputy=self.proposal.lead,
                words=self.text.contact,
                created_at=self.at(offset + day),
            )
            self.event("log_contact", offset + day, handler, place, A.ACCEPTED, A.ACCEPTED, self.text.contact)
            if not place.replies:
                return

    def _opinion(self, place, offset):
        self.rows.add(
            Opinion,
            assignment=place,
            words=self.text.opinion,
            created_at=self.at(offset + OPINED),
            given_on=self.day(offset + OPINED),
        )
        handler = self.unit(place, self.place.handlers, "承办单位经办")
        self.event("give_opinion", offset + OPINED, handler, place, A.ACCEPTED, A.ANSWERED)

    def _reply(self, place, offset, is_issued, is_last):
        rng = self.rng
        reply = self.rows.add(
            Reply,
            assignment=place,
            opening=self.text.opening,
            answers=self.text.answers,
            reply_class=rng.choice(ReplyClass.values),
            doc_no=f"测函〔{self.start.year}〕{self.index % 900 + 1}号",
            contact_person="陈晓岚",
            contact_phone="8866 1032",
            issued_at=self.at(offset + REPLIED) if is_issued else None,
            issued_on=self.day(offset + REPLIED) if is_issued else None,
            signed_by=f"{place.unit.name}签发" if is_issued else "",
        )
        handler = self.unit(place, self.place.handlers, "承办单位经办")
        self.event("draft_reply", offset + REPLIED - 2, handler, place, A.ACCEPTED, A.SIGNING)
        if not is_issued:
            return
        signer = self.unit(place, self.place.signers, "承办单位签发人")
        self.event("issue", offset + REPLIED, signer, place, A.SIGNING, A.ANSWERED)
        for pk in [self.proposal.lead_id, *(c.deputy_id for c in self.cosignatures)]:
            read = None if self.proposal.status == P.REPLIED else self.at(offset + RATED)
            self.rows.add(
                ReplyDelivery, reply=reply, deputy_id=pk, delivered_at=self.at(offset + REPLIED), read_at=read
            )
        self._promise(place, reply, offset)
        self._rate(place, reply, offset, is_last)

    def _promise(self, place, reply, offset):
        if reply.reply_class not in CLASSES_WITH_COMMITMENTS:
            return
        last = offset + REPLIED + 180
        commitment = self.rows.add(
            Commitment,
            proposal=self.proposal,
            reply=reply,
            unit=place.unit,
            what=self.text.points[0][:200],
            owner="业务处",
            promised_on=self.day(last),
        )
        met = None if self.day(last) >= self.today else last
        self.clock(ClockKind.COMMITMENT, offset + REPLIED, last, commitment=commitment, met=met)

    def _rate(self, place, reply, offset, is_last):
        status = self.proposal.status
        if is_last and status == P.REPLIED:
            self.clock(ClockKind.RATING, offset + REPLIED, offset + REPLIED + 30, place=place)
            self._tell(place)
            return
        if is_last and status == P.CLOSED and self.chance() < 0.05:
            reply.silent_on = self.day(offset + RATED)
            self.clock(ClockKind.RATING, offset + REPLIED, offset + RATED, place=place, voided=offset + RATED)
            return
        is_bad = not is_last or status in (P.DISPUTED, P.COORDINATION)
        words = Satisfaction.DISSATISFIED if is_bad else self.rng.choice(Satisfaction.values[:2])
        self.rows.add(
            Rating,
            reply=reply,
            attitude=Satisfaction.SATISFIED,
            result=words,
            words="第二条没有实质回应，请再研究。" if is_bad else "",
            rated_at=self.at(offset + RATED),
            rated_by=self.proposal.lead.name,
        )
        self.clock(ClockKind.RATING, offset + REPLIED, offset + 100, place=place, met=offset + RATED)
        self.event("rate", offset + RATED, self.deputy(), place, A.ANSWERED, A.ANSWERED)
        self._tell(place)

    def _tell(self, place):
        """A notice each to the proposer and the unit; those of open cases are unread."""
        is_read = self.proposal.status == P.CLOSED
        for user in (self.deputy().user, self.unit(place, self.place.handlers, "").user):
            self.rows.add(
                Notice,
                user=user,
                congress=self.place.congress,
                words=f"答复和评价：{self.proposal.title}",
                url=f"/proposals/{self.proposal.pk}/",
                key=f"bench:{place.pk}",
                created_at=self.at(REPLIED),
                read_at=self.at(RATED) if is_read else None,
            )

    # --- Whom it waits on -----------------------------------------------------------------------------------

    def _wait(self):
        """The waiting rows, derived by the workflow itself from what was told above."""
        case = Case(self.proposal, rules=self.place.rules)
        case.places, case.clocks, case.cosignatures = self.places, self.clocks, self.cosignatures
        if self.proposal.status == P.DISPUTED:
            self.clock(ClockKind.JUDGE, RATED, RATED + 20)
        elif self.proposal.status == P.COORDINATION:
            self.clock(ClockKind.COORDINATION, ROUND + RATED, ROUND + RATED + 40)
        found = turns.derive(case)
        self.proposal.due_on = turns.case_due_on(case, found)
        for turn in found:
            self.rows.add(
                Waiting,
                congress=self.place.congress,
                proposal=self.proposal,
                assignment_id=turn.assignment_id,
                queue=turn.queue,
                holder_kind=turn.holder_kind,
                holder_id=turn.holder_id,
                due_on=turn.due_on,
            )
