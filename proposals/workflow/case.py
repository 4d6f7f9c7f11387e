"""A case, loaded once: the proposal with everything that guards, wording and pages ask about it."""

from functools import cached_property

from django.db.models import F
from django.utils import timezone

from core.calendars import calendar_for_pages, load_calendar
from institutions.succession import forget_successors

from ..models import (
    Assignment,
    Clock,
    Commitment,
    Contact,
    Cosignature,
    Opinion,
    Oversight,
    Proposal,
    Request,
)
from ..rules import load_rules, rules_for_pages
from ..status import PASSED_ON, AssignmentRole, AssignmentStatus, CosignState

PROPOSAL, ASSIGNMENT, COMMITMENT = "proposal", "assignment", "commitment"
RELATED = ("congress", "lead", "lead__delegation", "delegation", "category", "session")


class Case:
    """The proposal, its places (all rounds), clocks, co-signatures, opinions and contacts.

    Guards and `available` read it and query nothing beyond what is loaded here once. Writing goes through
    `touch`, which collects the fields that `save_touched` writes.
    """

    def __init__(self, proposal, *, now=None, rules=None):
        self.proposal = proposal
        self.now = now or timezone.now()
        self.today = timezone.localdate(self.now)
        self.scope = proposal.congress.code
        self._rules, self._is_to_act = rules, rules is not None
        self._touched = {}
        # Places that this very action opened and took away, for those who must be told.
        self.opened, self.released = set(), set()
        # Places that it urged, and its words as they were filled in, where they differ from those of the form.
        self.urged, self.spoken = set(), ""
        self.was_rated = None
        # What the form of the running action says: the target of some depends on it.
        self.asked = {}
        # Whether it took a published case off the public list, which its line of history says.
        self.was_taken_down = False
        # What is done to a row before it is shown (masking.hide); never set on a case that acts.
        self.before_showing = None

    @classmethod
    def load(cls, pk, *, now=None):
        """The case of a proposal for acting: rules straight from the database, and all that effects add to."""
        proposal = Proposal.objects.select_related(*RELATED).get(pk=pk)
        case = cls(proposal, now=now, rules=load_rules(proposal.congress_id))
        # Loaded before anything is written: a list first read after an insert would hold the new row twice.
        _ = case.places, case.clocks, case.cosignatures, case.opinions, case.requests, case.commitments
        return case

    @classmethod
    def to_show(cls, pk):
        """The case of a proposal (its key, or a query for it; DoesNotExist where there is none) for a form.

        Its parts are read when asked for, since `perform` reads all of them again anyway; the rules may be
        half a minute old.
        """
        return cls(Proposal.objects.select_related(*RELATED).get(pk=pk))

    @classmethod
    def take(cls, pk, *, now=None):
        """`load` for writing, inside a transaction: the UPDATE compares nothing, it only holds the case, by
        row lock on PostgreSQL, by the write lock on SQLite. Which unit stands for which is read anew: another
        process may have entered a successor."""
        Proposal.objects.filter(pk=pk).update(event_count=F("event_count"))
        forget_successors()
        return cls.load(pk, now=now)

    @property
    def rules(self):
        if self._rules is None:
            self._rules = rules_for_pages(self.proposal.congress_id)
        return self._rules

    @cached_property
    def calendar(self):
        """The working-day calendar of the congress; like the rules, as it is for acting, kept a while for pages."""
        return load_calendar(self.scope) if self._is_to_act else calendar_for_pages(self.scope)

    @cached_property
    def places(self):
        """All places of all rounds, with unit, reply and rating."""
        places = (
            Assignment.objects.filter(proposal=self.proposal)
            .select_related("unit", "reply", "reply__rating")
            .order_by("round", "pk")
        )
        places = self.shown(places)
        for place in places:
            place.proposal = self.proposal
        return places

    @cached_property
    def clocks(self):
        return self.shown(Clock.objects.filter(proposal=self.proposal).order_by("pk"))

    @cached_property
    def cosignatures(self):
        return list(
            Cosignature.objects.filter(proposal=self.proposal)
            .select_related("deputy", "deputy__delegation")
            .order_by("pk")
        )

    @cached_property
    def requests(self):
        """All requests of the case, pending or decided."""
        return self.shown(
            Request.objects.filter(proposal=self.proposal).select_related("unit", "deputy").order_by("pk")
        )

    @cached_property
    def commitments(self):
        """All promises (承诺) of the case's issued replies, replaced ones too. Replies that planned none made none."""
        if not any(place.replies and self._has_promised(place) for place in self.places):
            return []
        found = Commitment.objects.filter(proposal=self.proposal).select_related("unit", "reply")
        return self.shown(found.order_by("promised_on", "pk"))

    def _has_promised(self, place):
        reply = self.reply(place)
        return reply is not None and reply.is_issued and bool(reply.planned_commitments)

    @cached_property
    def oversights(self):
        """督办 by committees, standing or ended."""
        return list(Oversight.objects.filter(proposal=self.proposal).select_related("committee"))

    @cached_property
    def opinions(self):
        """Co-opinions of all places; the newest of a place last."""
        if not any(place.role == AssignmentRole.CO for place in self.places):
            return []
        return self.shown(Opinion.objects.filter(assignment__proposal=self.proposal).order_by("pk"))

    @cached_property
    def contacts(self):
        if not self.places:
            return []
        return self.shown(
            Contact.objects.filter(assignment__proposal=self.proposal)
            .select_related("deputy")
            .order_by("on", "pk")
        )

    def shown(self, rows):
        """The rows as a list, each as the reader of this case may see it (masking.hide)."""
        rows = list(rows)
        for row in rows if self.before_showing else ():
            self.before_showing(row)
        return rows

    @property
    def proposer_name(self):
        """Whose proposal it is, in words: 林秀芝代表, or the delegation."""
        return self.proposal.addressee

    # --- Reading ---------------------------------------------------------------------------------------

    def place(self, pk):
        """The place with this primary key; KeyError when it is not of this case."""
        for place in self.places:
            if place.pk == pk:
                return place
        raise KeyError(pk)

    def commitment(self, pk):
        """The promise with this primary key; KeyError when it is not of this case."""
        for commitment in self.commitments:
            if commitment.pk == pk:
                return commitment
        raise KeyError(pk)

    def subject(self, kind, pk):
        """What an action of this kind acts on: the proposal, one of its places, or one of its promises."""
        if kind == PROPOSAL:
            return self.proposal
        return self.place(pk) if kind == ASSIGNMENT else self.commitment(pk)

    def place_of(self, subject):
        """The place that an action's subject belongs to: itself, or the one whose reply made the promise; None for
        the proposal."""
        if subject is self.proposal:
            return None
        if isinstance(subject, Commitment):
            return self.place(subject.reply.assignment_id)
        return subject

    def clock_of(self, commitment):
        """The open clock of a promise, or None."""
        return next((c for c in self.clocks if c.is_open and c.commitment_id == commitment.pk), None)

    @property
    def round_places(self):
        """Places of the current round that were not taken away."""
        return [
            place
            for place in self.places
            if place.round == self.proposal.round and place.status != AssignmentStatus.RELEASED
        ]

    @property
    def replying_places(self):
        """The current round's lead or separate places."""
        return [place for place in self.round_places if place.replies]

    def co_places(self, lead):
        """Places that assist `lead`: the co places of its round, released ones left out."""
        if lead.role != AssignmentRole.LEAD:
            return []
        return [
            place
            for place in self.places
            if place.round == lead.round and place.role == AssignmentRole.CO and place.status not in PASSED_ON
        ]

    def lead_place(self, co):
        """The lead that a co place assists, or None."""
        for place in self.places:
            if (
                place.round == co.round
                and place.role == AssignmentRole.LEAD
                and place.status not in PASSED_ON
            ):
                return place
        return None

    def reply(self, place):
        """The reply of a place, draft or issued; None when nothing was written yet."""
        return getattr(place, "reply", None)

    def rating(self, place):
        """The rating of a place's reply, or None."""
        reply = self.reply(place)
        return getattr(reply, "rating", None) if reply else None

    def opinion(self, place):
        """The newest co-opinion of a place, or None."""
        found = [opinion for opinion in self.opinions if opinion.assignment_id == place.pk]
        return found[-1] if found else None

    def contacts_of(self, place):
        return [contact for contact in self.contacts if contact.assignment_id == place.pk]

    def open_clocks(self, *kinds, assignment=None):
        """Open clocks of a place (or of the proposal itself), all kinds when none is named."""
        place_id = assignment.pk if assignment else None
        return [
            clock
            for clock in self.clocks
            if clock.is_open and clock.assignment_id == place_id and (not kinds or clock.kind in kinds)
        ]

    def clock(self, kind, assignment=None):
        """The open clock of a kind, or None."""
        found = self.open_clocks(kind, assignment=assignment)
        return found[0] if found else None

    def open_requests(self, kind, assignment=None):
        """Pending requests of a kind; of one place where that is given."""
        return [
            request
            for request in self.requests
            if request.kind == kind
            and request.is_open
            and (assignment is None or request.assignment_id == assignment.pk)
        ]

    def pending(self, kind, assignment=None):
        """The one pending request of a kind, or None."""
        found = self.open_requests(kind, assignment)
        return found[0] if found else None

    def children(self, place):
        """A hub's places below its own that were not taken away."""
        return [
            child
            for child in self.places
            if child.parent_id == place.pk and child.status != AssignmentStatus.RELEASED
        ]

    def siblings(self, place):
        """The open or answered places on the same level: of the same hub, or of the congress itself."""
        return [p for p in self.round_places if p.parent_id == place.parent_id]

    def live_cosignatures(self):
        """Co-signatures that still count: not refused, not dropped."""
        return [c for c in self.cosignatures if c.state in (CosignState.INVITED, CosignState.CONFIRMED)]

    def confirmed_cosignatures(self):
        return [c for c in self.cosignatures if c.state == CosignState.CONFIRMED]

    def outdated_cosignatures(self):
        """Confirmed ones whose deputy signed another text than the present one."""
        current = self.proposal.text_hash
        return [c for c in self.confirmed_cosignatures() if c.text_hash != current]

    # --- Writing (by the workflow only) -----------------------------------------------------------------

    def move(self, record, status):
        """Give the proposal or a place another status; its version goes up with it."""
        record.status = status
        record.version += 1
        self.touch(record, "status", "version")

    def take_down(self):
        """Unpublish the proposal, since it is handled or judged again; does nothing where it was not public."""
        self.was_taken_down |= self.proposal.published_on is not None
        self.proposal.published_on = None
        self.touch(self.proposal, "published_on")

    def touch(self, record, *fields):
        """Remember fields of a record to be saved at the end of the action."""
        entry = self._touched.setdefault((type(record), record.pk), (record, set()))
        entry[1].update(fields)

    def save_touched(self):
        """Write every touched record once: places that give way first, one that leads last, since the database
        allows a unit one open place and a round one lead at any moment."""
        for record, fields in sorted(self._touched.values(), key=_write_order):
            record.save(update_fields=sorted(fields))
        self._touched.clear()


def _write_order(entry):
    record, _ = entry
    if not isinstance(record, Assignment):
        return 1
    if record.status in PASSED_ON:
        return 0
    return 2 if record.role == AssignmentRole.LEAD else 1
