"""The notices of an action: one per person, leading straight to the form that it asks of them, with the date and
what follows when it is late."""

from collections import defaultdict

from accounts.models import Grant
from core.dates import cn_date
from notifications.services import notify

from ..asking import HOLDER_OF, OF_UNITS, escalation_of, form_url, otherwise
from ..masking import hidden_names, masked
from ..status import HolderKind, Queue
from .row import COMMITMENT, PROPOSAL

SYSTEM_NAME = "系统"
MAX_WORDS = 300
# What an action asks for, where the same person may have another turn in the case.
ASKED_BY = {
    "urge": Queue.ANSWER_URGE,
    "instruct": Queue.ANSWER_INSTRUCTION,
    "object": Queue.OBJECTION,
    "ask_return": Queue.RETURN,
    "ask_extension": Queue.EXTENSION,
    "endorse_extension": Queue.EXTENSION,
}
# Their words say themselves until when.
DATED = frozenset({Queue.ANSWER_URGE, Queue.ANSWER_INSTRUCTION})


def tell(row, case, subject, data, event, turns):
    """Insert the notices of the action `row`; `turns`: what the case waits for now."""
    proposal = case.proposal
    words = _words(row, case, subject, data)
    told = {case.actor.pk} if case.actor else set()
    for line in row.tells:
        # One line per person and event: whoever is in two audiences is told by the first.
        users = line.audience(case, subject) - told
        told |= users
        text = line.words.format(**words).strip()
        url = f"/commitments/{subject.pk}/{line.asks}/" if line.asks else f"/proposals/{proposal.pk}/"
        asks = line.is_duty and not line.asks and users
        notify(
            users,
            congress_id=proposal.congress_id,
            words=text,
            url=url,
            key=f"event:{event.pk}",
            is_duty=line.is_duty,
            is_urgent=line.is_urgent,
            topic=line.topic,
            own=_own(row, case, subject, users, turns, text) if asks else None,
        )


def _words(row, case, subject, data):
    proposal = case.proposal
    # A notice goes to units as well, and by mail: what was written freely names no hidden proposer (隐名).
    names = hidden_names(case) if proposal.hides_proposer else []
    return {
        "title": masked(proposal.title, names),
        "number": proposal.number,
        "actor": case.actor.name if case.actor else SYSTEM_NAME,
        "unit": str(subject.unit) if row.subject != PROPOSAL else "",
        "what": masked(subject.what, names) if row.subject == COMMITMENT else "",
        "words": masked(case.spoken or data.get("words", ""), names),
    }


def _own(row, case, subject, users, turns, text):
    """{user id: (words, address)} of those who have a turn because of this action (one query)."""
    turns = [turn for turn in turns if _is_of(turn, row, case, subject)]
    if not turns:
        return {}
    seats = _seats_of(users, case)
    asked = ASKED_BY.get(row.code)
    found = {}
    for user_id in users:
        mine = [turn for turn in turns if (str(turn.holder_kind), turn.holder_id) in seats[user_id]]
        if mine:
            turn = next((t for t in mine if t.queue == asked), mine[0])
            place = (turn.queue, case.proposal.pk, turn.assignment_id, turn.commitment_id, turn.holder_kind)
            late = _deadline(case, turn)
            found[user_id] = (text[: MAX_WORDS - len(late)] + late, form_url(*place))
    return found


def _is_of(turn, row, case, subject):
    """Whether a turn can come of an action: one on a place asks nothing about the others."""
    if row.subject == PROPOSAL or turn.assignment_id is None:
        return True
    own = {place.pk for place in case.places if place.pk in case.opened}
    return turn.assignment_id in own | {subject.pk}


def _seats_of(users, case):
    seats = defaultdict(set)
    grants = Grant.objects.in_force(case.today).filter(user__in=users, role__in=HOLDER_OF)
    for grant in grants.only("user_id", "role", "deputy_id", "congress_id", "unit_id", "delegation_id"):
        kind, column = HOLDER_OF[grant.role]
        seats[grant.user_id].add((str(kind), getattr(grant, column)))
    return seats


def _deadline(case, turn):
    """，5月6日到期，逾期将告知签发人和联工委, or empty where there is no date."""
    if turn.due_on is None or turn.queue in DATED:
        return ""
    place = case.place(turn.assignment_id) if turn.assignment_id else None
    is_escalated = turn.queue in OF_UNITS or turn.queue == Queue.DISPATCH
    late = otherwise(
        turn.queue,
        case.proposal.congress.liaison_name,
        left=(turn.due_on - case.today).days,
        by_hub=place is not None and place.parent_id is not None and turn.holder_kind != HolderKind.HUB,
        **({"escalation": escalation_of(case.proposal.congress_id, turn.queue)} if is_escalated else {}),
    )
    return f"，{cn_date(turn.due_on, case.today)}到期" + (f"，{late}" if late else "")
