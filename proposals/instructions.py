"""What a leader is offered for an instruction (批示): three sentences fit to the case, whom it goes to, by when."""

from dataclasses import dataclass

from core.dates import cn_deadline

from .access import Sight
from .lights import RED, light_of
from .status import BEING_RATED, HANDLING, AssignmentStatus, ProposalStatus, RequestKind
from .workflow import instructing

OFFICE = "office"


@dataclass(frozen=True)
class Recipient:
    """One to whom an instruction may go: the office, or the unit of a place."""

    code: str
    name: str
    is_chosen: bool


def recipients(case, grant):
    """The Recipients of a case in order, the office first; `grant`: in which the leader acts."""
    chosen = {place.pk for place in instructing.default_places(case, grant)}
    found = [Recipient(OFFICE, "联工委", True)]
    return found + [
        Recipient(str(place.pk), str(place.unit), place.pk in chosen)
        for place in instructing.recipients_of(case)
    ]


def sentences(case, user):
    """Three sentences to choose from, by how the case stands as this leader may know it."""
    due = cn_deadline(instructing.default_due(case), case.today)
    status = Sight.of(case, user).proposal_status(case.proposal)
    units = _named(case)
    asked = _return_asked(case)
    if asked:
        place, suggested = asked
        return [
            f"请联工委会同有关单位研究，{due}定下来由谁办理。",
            f"请{_and(str(place.unit), suggested)}说明职责依据，{due}报我。",
            f"请{place.unit}先办起来，职责问题由联工委协调。",
        ]
    if status == ProposalStatus.COORDINATION.label:
        return [
            f"请联工委组织协调，{due}报协调结果。",
            f"请联工委约请{units}主要负责人当面向代表说明，{due}报我。",
            "由我主持协调，请联工委定时间。",
        ]
    if status == ProposalStatus.DISPUTED.label:
        return [
            f"请联工委当面听取代表意见后提出处理建议，{due}报我。",
            f"请责成{units}重新办理。",
            f"请联工委约谈{units}，查明代表不满意的原因。",
        ]
    if status in (BEING_RATED, ProposalStatus.REPLIED.label, ProposalStatus.CLOSED.label):
        return [
            f"请{units}对照答复逐条抓落实，{due}报落实情况。",
            f"请联工委回访代表，看答复是否落实，{due}报我。",
            f"请{units}把办成的和没办成的列清楚，{due}报我。",
        ]
    if case.proposal.status in HANDLING and _is_late(case):
        return [
            f"请{units}主要负责人亲自过问，抓紧答复，{due}报办理情况。",
            f"请联工委约谈{units}，查明超期原因，{due}报我。",
            f"请{units}先与代表当面沟通，说明进展和完成时间。",
        ]
    return [
        f"请{units}认真研究，先与代表当面沟通，{due}报办理情况。",
        f"请{units}到现场看清问题后再答复。",
        f"请联工委跟踪办理，{due}报进展。",
    ]


def _named(case):
    places = [p for p in case.replying_places if p.status != AssignmentStatus.DISPATCHED]
    return "、".join(str(place.unit) for place in places[:2]) or "承办单位"


def _and(first, second):
    return f"{first}和{second}" if second else first


def _return_asked(case):
    """(place, suggested unit) of a return that waits for its decision, or None."""
    for place in case.round_places:
        if place.status == AssignmentStatus.RETURN_ASKED:
            request = case.pending(RequestKind.RETURN, place)
            return place, request.details.get("suggested", "") if request else ""
    return None


def _is_late(case):
    due = case.proposal.due_on
    return due is not None and light_of(due, case.today, case.rules) == RED
