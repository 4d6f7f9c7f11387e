"""What the pages of one unit's place share: finding it, and what of the case stands beside the work."""

from dataclasses import dataclass, field

from django.core.cache import cache

from accounts.models import Grant, Role

from . import case_page
from .access import Sight
from .clocks import ANSWER_KINDS, TERMS
from .models import Assignment
from .status import AssignmentStatus, PointState
from .workflow import Case

TITLE_SECONDS = 60
# Where on the editor's page each check is answered.
ANCHORS = {
    "contact": "id_no_contact_reason",
    "opinions": "coop",
    "answers": "answers",
    "class": "class",
    "doc_no": "id_doc_no",
    "person": "id_contact_person",
    "oral_record": "id_files",
    "commitments": "commitments",
}


@dataclass
class Desk:
    """A place as its unit works on it: the case for showing, the place, and what the reader sees of both."""

    case: Case
    place: Assignment
    sight: Sight
    files: dict = field(default_factory=dict)

    @property
    def proposal(self):
        return self.case.proposal

    @property
    def reply(self):
        return self.case.reply(self.place)

    @property
    def answer_clock(self):
        """The clock of this place's answer, the running one first; None where there is none."""
        clocks = [c for c in self.case.clocks if c.assignment_id == self.place.pk and c.kind in ANSWER_KINDS]
        running = next((clock for clock in clocks if clock.is_open), None)
        # 更正 runs beside the term that was met, which stands again afterwards.
        terms = [clock for clock in clocks if clock.kind in TERMS]
        return running or max(terms, key=lambda clock: clock.pk, default=None)

    @property
    def co_places(self):
        """Who assists this place, each with `opinion` (None when not given) and its files."""
        found = []
        for co in self.case.co_places(self.place):
            opinion = self.case.opinion(co)
            given = opinion is not None and co.status == AssignmentStatus.ANSWERED
            co.opinion = opinion if given and self.sight.sees_opinion(self.case, opinion) else None
            if co.opinion:
                co.opinion.files = self.files[(None, co.opinion.pk, None)]
                co.opinion.quotation = quotation(co)
            co.clock = next((c for c in self.case.clocks if c.assignment_id == co.pk and c.is_open), None)
            found.append(co)
        return found

    @property
    def reply_files(self):
        return self.files[(self.reply.pk, None, None)] if self.reply else []

    @property
    def contacts(self):
        """This unit's contacts with the deputy, the newest first."""
        shown = case_page.contacts_of(self.case, self.sight, self.files)
        return [contact for contact in shown if contact.assignment_id == self.place.pk][::-1]


def quotation(co):
    """A co-opinion as it is taken over into an answer, with where it comes from."""
    return f"{co.opinion.words.strip()}（{co.unit}会办意见）"


def desk_of(user, pk):
    """The Desk of a place that `user` may see; 404 for any other."""
    found = Assignment.objects.visible_to(user).filter(pk=pk).values("proposal_id")
    case = case_page.load(user, found[:1])
    return Desk(case, case.place(pk), Sight.of(case, user), case_page.files_of(case, user))


def fresh_desk(user, desk):
    """The same desk read again, after something was written."""
    return desk_of(user, desk.place.pk)


def linked_checks(checks, reply, points):
    """The checks, each with `anchor` and `missing`: where to go on the page and what is not there yet."""
    for check in checks:
        check.anchor, check.missing = ANCHORS[check.code], check.label
        if check.code == "answers" and not check.is_met:
            numbers = unanswered(reply, points)
            check.anchor = f"id_answer_{numbers[0]}"
            check.missing = f"第 {'、'.join(map(str, numbers))} 条答复"
    return checks


def unanswered(reply, points):
    """The numbers of the concrete requests that have no text or no 落实情况 yet."""
    answers = reply.answers if reply else []
    return [
        number
        for number, _ in enumerate(points, start=1)
        if number > len(answers)
        or not answers[number - 1].get("text", "").strip()
        or answers[number - 1].get("state") not in PointState
    ]


def signer_title(unit_id):
    """职务 of the unit's signer (局长), empty where nobody entered one. May be a minute old."""
    key = f"signer-title:{unit_id}"
    title = cache.get(key)
    if title is None:
        grants = Grant.objects.in_force().filter(role=Role.SIGNER, unit_id=unit_id).exclude(title="")
        title = grants.order_by("pk").values_list("title", flat=True).first() or ""
        cache.set(key, title, TITLE_SECONDS)
    return title
