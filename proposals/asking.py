"""What a turn asks of its holder, for messages: the address of the very form, and what follows when it is late."""

from dataclasses import dataclass

from accounts.models import Role

from .status import HolderKind, Queue

# The seat that each role fills: on whom a case can wait, and which column of the grant names it.
HOLDER_OF = {
    Role.DEPUTY: (HolderKind.DEPUTY, "deputy_id"),
    Role.LIAISON: (HolderKind.LIAISON, "congress_id"),
    Role.HANDLER: (HolderKind.HANDLER, "unit_id"),
    Role.SIGNER: (HolderKind.SIGNER, "unit_id"),
    Role.HUB: (HolderKind.HUB, "unit_id"),
    Role.DELEGATION_STAFF: (HolderKind.DELEGATION, "delegation_id"),
}

# Codes, for promises (承诺) are asked for by the same names.
FORMS = {
    "draft": "/proposals/{proposal}/write/",
    "revise": "/proposals/{proposal}/write/",
    "cosign": "/proposals/{proposal}/cosign/",
    "review": "/proposals/{proposal}/review/",
    "check": "/proposals/{proposal}/check/",
    "assign": "/proposals/{proposal}/assign/",
    "plan_view": "/proposals/{proposal}/give_view/",
    "judge": "/proposals/{proposal}/judge/",
    "coordinate": "/proposals/{proposal}/judge/",
    "objection": "/proposals/{proposal}/answer_objection/",
    "consent": "/proposals/{proposal}/consent_withdraw/",
    "take_lead": "/proposals/{proposal}/take_lead/",
    "accept": "/assignments/{place}/accept/",
    "dispatch": "/assignments/{place}/dispatch/",
    "handle": "/assignments/{place}/reply/",
    "opinion": "/assignments/{place}/give_opinion/",
    "sign": "/assignments/{place}/sign/",
    "rate": "/assignments/{place}/rate/",
    "return": "/assignments/{place}/approve_return/",
    "extension": "/assignments/{place}/decide_extension/",
    "answer_urge": "/assignments/{place}/answer_urge/",
    "answer_instruct": "/assignments/{place}/answer_instruct/",
    "contact": "/assignments/{place}/log_contact/",
    "promise": "/commitments/{promise}/report_progress/",
    "explain": "/commitments/{promise}/explain_promise/",
    "verify": "/commitments/{promise}/verify/",
    "confirm": "/commitments/{promise}/confirm/",
}
CASE = "/proposals/{proposal}/"
# Where a hub decides: it may have to endorse only, which is another form.
AT_HUB = {"extension": "/hub/?queue=extension"}
# A unit's terms, whose lateness goes up: to its signer, then to the side that assigned.
OF_UNITS = frozenset({"accept", "handle", "opinion", "sign", "contact", "promise", "explain"})
OTHERWISE = {
    "revise": "逾期未改的，{office}可不作建议处理",
    "rate": "到期并过宽限期仍未评价的，记为未表态",
    "confirm": "到期未确认的，记为未表态",
    "extension": "裁定前原期限照常计算",
    "return": "裁定前承办单位停办",
    "review": "逾期列为超期件",
    "assign": "逾期列为超期件",
    "judge": "逾期列为超期件",
    "coordinate": "逾期列为超期件",
    "verify": "逾期列为超期件",
}


@dataclass(frozen=True)
class Escalation:
    """After how many days overdue the unit's signer and the assigning side are told; 0: they are not."""

    signer_after: int = 1
    side_after: int = 7


DEFAULT_ESCALATION = Escalation()
_plans = []


def register_escalations(provider):
    """Have `provider(congress_id, queue)` asked for the Escalation that a congress has set."""
    _plans[:] = [provider]


def escalation_of(congress_id, queue):
    """The Escalation of a turn in a congress; the default where no layer above knows better."""
    return _plans[0](congress_id, queue) if _plans else DEFAULT_ESCALATION


def form_url(queue, proposal_id, assignment_id=None, commitment_id=None, holder_kind=""):
    """The local address of the form that a turn asks for; the case's page where it is not one form.

    `queue`: a Queue, or "contact" for a contact to be logged.
    """
    queue = str(queue)
    pattern = FORMS.get(queue, CASE)
    if holder_kind == HolderKind.HUB:
        pattern = AT_HUB.get(queue, pattern)
    if ("{place}" in pattern and not assignment_id) or ("{promise}" in pattern and not commitment_id):
        pattern = CASE
    return pattern.format(proposal=proposal_id, place=assignment_id, promise=commitment_id)


def otherwise(queue, office, *, left=None, escalation=DEFAULT_ESCALATION, by_hub=False, is_signer=False):
    """One clause that tells what follows when the turn is late, "逾期将告知签发人和联工委", or empty.

    office: the liaison office's name.  left: days left, below 0 overdue.  by_hub: a hub assigned it.
    is_signer: the reader signs, and is told already.
    """
    queue = str(queue)
    if queue == Queue.DISPATCH:
        escalation = Escalation(0, escalation.side_after)
    elif queue not in OF_UNITS:
        return OTHERWISE.get(queue, "").format(office=office) if left is None or left >= 0 else ""
    signer_after = 0 if is_signer or queue == Queue.SIGN else escalation.signer_after
    above = f"督查室和{office}" if by_hub else office
    late = 0 if left is None or left >= 0 else -left
    if late and escalation.side_after:
        if late >= escalation.side_after:
            return f"已告知{above}"
        return f"超期满 {escalation.side_after} 天将告知{above}"
    if late:
        return ""
    told = [name for name, after in (("签发人", signer_after), (above, escalation.side_after)) if after]
    return f"逾期将告知{'、'.join(told) if by_hub else '和'.join(told)}" if told else ""
