"""One promise (承诺事项) as a reader sees it: its course, why its date was moved, its evidence, its look-backs."""

from dataclasses import dataclass, field

from django.utils import timezone

from .access import visible_attachments
from .case_page import history_of
from .masking import hidden_names, masked, neutral_names
from .models import Explanation, LookBack
from .status import CommitmentStatus, ExplanationKind
from .workflow import available
from .workflow.promise_rows import PROMISES
from .workflow.row import COMMITMENT

ACTIONS = tuple(row.code for row in PROMISES if row.subject == COMMITMENT)
# What is asked of whoever may do it now, first come first; the one blue button.
FIRST = ("verify", "confirm", "explain_promise", "report_progress")


@dataclass
class Story:
    """What stands on the page of a promise. `offers`: what the reader may do, the first of FIRST in blue."""

    commitment: object
    place: object
    events: list = field(default_factory=list)
    explanations: list = field(default_factory=list)
    files: list = field(default_factory=list)
    look_backs: list = field(default_factory=list)
    offers: list = field(default_factory=list)
    clock_id: int | None = None

    @property
    def moved(self):
        """The latest explanation of a moved date, or None."""
        return next((each for each in self.explanations if each.kind == ExplanationKind.MOVED), None)

    @property
    def failed(self):
        """The latest explanation of why it was not kept, or None."""
        return next((each for each in self.explanations if each.kind == ExplanationKind.BROKEN), None)

    @property
    def first_offer(self):
        codes = {offer.code: offer for offer in self.offers}
        found = next((codes[code] for code in FIRST if code in codes), None)
        is_asked = found and not (
            found.code == "report_progress" and self.commitment.status != CommitmentStatus.OPEN
        )
        return found if is_asked else None


def story_of(case, commitment, sight, user):
    """The Story of a promise of a case that is shown to `sight`; eight queries at most."""
    place = case.place_of(commitment)
    story = Story(commitment, place)
    hidden = hidden_names(case) if sight.names_hidden(case.proposal) else []
    story.events = [
        event for event in history_of(case, sight) if event.payload.get("commitment_id") == commitment.pk
    ]
    story.explanations = list(Explanation.objects.filter(commitment=commitment))
    for explanation in story.explanations:
        explanation.words = masked(explanation.words, hidden)
    if sight.sees_evidence(place):
        story.files = list(visible_attachments(user).filter(commitment=commitment))
        if hidden:
            neutral_names(story.files)
    story.look_backs = list(LookBack.objects.filter(commitment=commitment))
    for look_back in story.look_backs:
        look_back.words = masked(look_back.words, hidden)
    story.offers = [o for o in available(case, user, ACTIONS) if o.subject.pk == commitment.pk]
    clocks = [c for c in case.clocks if c.commitment_id == commitment.pk and sight.sees_clock(case, c)]
    story.clock_id = clocks[-1].pk if clocks else None
    return story


def mark_read(story, sight):
    """The read mark of the proposer on the written explanations; written once."""
    unread = [each for each in story.explanations if each.read_at is None]
    if unread and sight.is_proposer:
        now = timezone.now()
        Explanation.objects.filter(pk__in=[e.pk for e in unread], read_at=None).update(read_at=now)
        for each in unread:
            each.read_at = now
