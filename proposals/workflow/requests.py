"""Pending requests beside the status: opened, decided, voided. Here too: objection, change of lead."""

from ..models import ReplyVersion, Request
from ..status import ENDED, AssignmentStatus, ProposalStatus, RequestKind, RequestState

# --- The rows -----------------------------------------------------------------------------------------


def open_request(case, kind, *, data, place=None, unit=None, deputy=None, details=None, due_on=None):
    """Lodge a request by the actor, to be answered by `due_on` where a date is asked for; returns it."""
    request = Request.objects.create(
        proposal=case.proposal,
        assignment=place,
        unit=unit,
        deputy=deputy,
        kind=kind,
        round=case.proposal.round,
        reason=data.get("reason") or data.get("words", ""),
        details=details if details is not None else _details(data),
        asked_by=case.grant.place if case.grant else "系统",
        asked_on=case.today,
        due_on=due_on,
    )
    case.requests.append(request)
    return request


def _details(data):
    """What of the filled-in form the decision page shows: short texts and dates."""
    kept = {}
    for name, value in data.items():
        if name in ("reason", "files", "placements", "words"):
            continue
        if hasattr(value, "isoformat"):
            kept[name] = value.isoformat()
        elif isinstance(value, str | int | bool):
            kept[name] = value
        elif hasattr(value, "pk"):
            kept[name] = str(value)
    return kept


def settle(case, request, state, words=""):
    """End one request."""
    request.state = state
    request.decided_on, request.decision = case.today, words
    request.decided_by = case.grant.place if case.grant else "系统"
    case.touch(request, "state", "decided_on", "decided_by", "decision")


def decide(case, kind, place, *, granted, words):
    """Decide the pending request of a place."""
    request = case.pending(kind, place)
    if request is not None:
        settle(case, request, RequestState.GRANTED if granted else RequestState.REFUSED, words)


def void_all(case, place, *kinds, words=""):
    """Void what a place still asks for (of some kinds): nothing is left to decide."""
    for request in case.requests:
        if request.is_open and request.assignment_id == place.pk and (not kinds or request.kind in kinds):
            settle(case, request, RequestState.VOID, words)


def void_undecidable(case):
    """Void what nobody can decide any more since the case or the place has moved on (after every action)."""
    for request in case.requests:
        if request.is_open and request.kind == RequestKind.WITHDRAW:
            _await_signers_alone(case, request)
        if request.is_open and not _is_decidable(case, request):
            settle(case, request, RequestState.VOID)


def _await_signers_alone(case, withdrawal):
    """Whoever does not sign the proposal any more has no say in its withdrawal, and could not even see it."""
    signers = {c.deputy_id for c in case.live_cosignatures()}
    waiting = [pk for pk in withdrawal.details["waiting"] if pk in signers]
    if waiting != withdrawal.details["waiting"]:
        withdrawal.details["waiting"] = waiting
        case.touch(withdrawal, "details")


def _is_decidable(case, request):
    status = case.proposal.status
    if request.kind in (RequestKind.INSTRUCTION, RequestKind.INSTRUCTED, RequestKind.REPORT):
        return _is_instruction_alive(case, request)
    if request.assignment_id:
        return case.place(request.assignment_id).is_open
    if request.kind == RequestKind.WITHDRAW:
        may_go_on = status in WITHDRAWABLE and withdrawal_objection(case) is None
        return may_go_on and bool(request.details["waiting"])
    if request.kind == RequestKind.PLAN_VIEW:
        return status == ProposalStatus.FILED
    if request.kind == RequestKind.LEAD:
        return status not in ENDED and lead_objection(case, request.deputy) is None
    return True


def _is_instruction_alive(case, request):
    """Whether what an instruction (批示) asks for can still be done: not by a unit that was let go, nor on a case
    that is no more. The answer to the case itself does not end it."""
    if case.proposal.status in (ProposalStatus.WITHDRAWN, ProposalStatus.DECLINED):
        return False
    if request.assignment_id is None:
        return True
    return case.place(request.assignment_id).status != AssignmentStatus.RELEASED


# --- Withdrawal, as far as other requests depend on it ---------------------------------------------------

WITHDRAWABLE = frozenset(
    {ProposalStatus.SUBMITTED, ProposalStatus.RETURNED, ProposalStatus.FILED, ProposalStatus.HANDLING}
)


def withdrawal_objection(case):
    """Why the rule set allows no withdrawal at this stage, or None (沪、渝 differ)."""
    if case.proposal.status != ProposalStatus.HANDLING:
        return None
    if case.rules.switch("withdraw_until") == "before_assign":
        return "本地办法规定交办后不能撤回。您可以在测评时说明意见，或与联工委联系。"
    if _was_answered(case):
        return "已经有答复，不能撤回。您可以对答复作出评价。"
    return None


def _was_answered(case):
    """Whether the deputies have ever been sent a reply, though it may have been taken back since."""
    if any(p.replies and p.status == AssignmentStatus.ANSWERED for p in case.places):
        return True
    return ReplyVersion.objects.filter(reply__assignment__proposal=case.proposal).exists()


def nothing_pending(kind):
    """A condition: no request of this kind is pending on the subject that somebody can still decide."""

    def condition(case, subject):
        place = subject if subject is not case.proposal else None
        if any(_is_decidable(case, request) for request in case.open_requests(kind, place)):
            return f"已有一项“{kind.label}”等待决定，请等它有结果。"
        return None

    return condition


def is_pending(kind):
    """A condition: a request of this kind is pending on the subject."""

    def condition(case, subject):
        place = subject if subject is not case.proposal else None
        if not case.pending(kind, place):
            return f"没有等待决定的“{kind.label}”。"
        return None

    return condition


# --- Objection (异议) ----------------------------------------------------------------------------------


def raise_objection(case, subject, data):
    open_request(case, RequestKind.OBJECTION, data=data)


def raise_objection_words(case, subject, data):
    return f"{case.proposer_name}提出异议（{data['about_text']}）：{data['words']}"


def _objection_meant(case, data):
    """The open objection that is answered: the one named, else the oldest; None where that is answered already."""
    wanted = data.get("objection")
    return next((r for r in case.open_requests(RequestKind.OBJECTION) if wanted in (None, r.pk)), None)


def objection_is_open(case, subject, data):
    return None if _objection_meant(case, data) else "这条异议已经答复过，请刷新。"


def answer_objection(case, subject, data):
    settle(case, _objection_meant(case, data), RequestState.GRANTED, data["words"])


def answer_objection_words(case, subject, data):
    return f"{case.grant.place}答复异议：{data['words']}"


# --- Change of lead (变更领衔) --------------------------------------------------------------------------


def has_confirmed_cosigner(case, subject):
    return None if case.confirmed_cosignatures() else "没有已确认的附议代表，不能变更领衔。"


def new_lead_cosigned(case, subject, data):
    words = lead_objection(case, data["deputy"])
    return f"{words}请从在任的、已确认附议的代表里选。" if words else None


def lead_objection(case, deputy):
    """Why this deputy cannot take over the lead, or None."""
    if deputy.pk not in {c.deputy_id for c in case.confirmed_cosignatures()}:
        return f"{deputy.name}代表没有附议现在的正文，不能领衔。"
    proposal = case.proposal
    if proposal.is_delegations and deputy.delegation_id != proposal.delegation_id:
        # Handed in again under another's lead it would become that other delegation's.
        return f"以代表团名义提出的建议由本团代表领衔，{deputy.name}代表不在{proposal.delegation}。"
    return None if deputy.in_office else f"{deputy.name}代表已离任，不能领衔。"


def asked_may_lead(case, subject):
    """A condition: whoever is asked still co-signs and is in office; refusing remains open to the others."""
    request = case.pending(RequestKind.LEAD)
    return lead_objection(case, request.deputy) if request else None


def ask_lead(case, subject, data):
    open_request(case, RequestKind.LEAD, data=data, deputy=data["deputy"])


def ask_lead_words(case, subject, data):
    return f"{case.grant.place}请{data['deputy'].name}代表领衔：{data['reason']}"


def take_lead(case, subject, data):
    """The co-signer leads, and the case is of the delegation they are in now; the former lead stays as a co-signer
    and keeps sight of the case."""
    proposal = case.proposal
    request = next(r for r in case.open_requests(RequestKind.LEAD) if r.deputy_id == case.grant.deputy_id)
    settle(case, request, RequestState.GRANTED)
    mine = next(c for c in case.confirmed_cosignatures() if c.deputy_id == case.grant.deputy_id)
    former = proposal.lead
    request.details["former_lead"] = former.pk
    case.touch(request, "details")
    # A withdrawal was the former lead's wish; the new lead decides anew.
    for withdrawal in case.open_requests(RequestKind.WITHDRAW):
        settle(case, withdrawal, RequestState.VOID)
    mine.deputy = former
    mine.text, mine.text_hash = proposal.text_snapshot, proposal.text_hash
    case.touch(mine, "deputy", "text", "text_hash")
    proposal.lead = case.grant.deputy
    proposal.delegation_id = proposal.lead.delegation_id
    case.touch(proposal, "lead", "delegation")


def take_lead_words(case, subject, data):
    return f"{case.grant.deputy.name}代表同意领衔"


def refuse_lead(case, subject, data):
    request = next(r for r in case.open_requests(RequestKind.LEAD) if r.deputy_id == case.grant.deputy_id)
    settle(case, request, RequestState.REFUSED, data["reason"])


def refuse_lead_words(case, subject, data):
    return f"{case.grant.deputy.name}代表谢绝领衔：{data['reason']}"
