"""撤回: the proposer takes the proposal back, where the rule set asks for it with every co-signer's consent."""

from ..status import CosignState, ProposalStatus, RequestKind, RequestState, Visibility
from .placing import release_all
from .requests import open_request, settle, withdrawal_objection


def may_withdraw_now(case, subject):
    """Before assignment, or before any reply where the rule set allows."""
    return withdrawal_objection(case)


def consent_is_needed(case):
    """Where the rule set asks for the co-signers' consent and there are any."""
    return bool(case.rules.switch("withdraw_needs_cosigners") and case.confirmed_cosignatures())


def withdraw_target(case, subject):
    return subject.status if consent_is_needed(case) else ProposalStatus.WITHDRAWN


def withdraw(case, subject, data):
    if consent_is_needed(case):
        waiting = [c.deputy_id for c in case.confirmed_cosignatures()]
        open_request(case, RequestKind.WITHDRAW, data=data, details={"waiting": waiting})
    else:
        finish_withdrawal(case)


def finish_withdrawal(case):
    """Handling stops: open places go, clocks stop, invitations and requests end."""
    release_all(case, "代表撤回建议")
    for clock in case.clocks:
        if clock.is_open and clock.commitment_id is None:
            clock.voided_on = case.today
            clock.save(update_fields=["voided_on"])
    for request in case.requests:
        if request.is_open:
            settle(case, request, RequestState.VOID)
    for cosignature in case.cosignatures:
        if cosignature.state == CosignState.INVITED:
            cosignature.state = CosignState.DROPPED
            case.touch(cosignature, "state")


def seen_by(case, subject):
    """What co-signers are asked is between the deputies and the congress; units learn of it when it is done."""
    is_done = case.proposal.status == ProposalStatus.WITHDRAWN
    return Visibility.EVERYONE if is_done else Visibility.PROPOSER


def withdraw_words(case, subject, data):
    if consent_is_needed(case):
        return f"{case.proposer_name}申请撤回，等待附议代表同意：{data['reason']}"
    return f"{case.proposer_name}撤回建议：{data['reason']}"


def consent_target(case, subject):
    request = case.pending(RequestKind.WITHDRAW)
    last = request is not None and set(request.details["waiting"]) <= {case.grant.deputy_id}
    return ProposalStatus.WITHDRAWN if last else subject.status


def consent(case, subject, data):
    request = case.pending(RequestKind.WITHDRAW)
    request.details["waiting"] = [pk for pk in request.details["waiting"] if pk != case.grant.deputy_id]
    case.touch(request, "details")
    if not request.details["waiting"]:
        settle(case, request, RequestState.GRANTED)
        finish_withdrawal(case)


def consent_words(case, subject, data):
    words = f"{case.grant.deputy.name}代表同意撤回"
    return words + ("，建议撤回" if case.proposal.status == ProposalStatus.WITHDRAWN else "")


def object_to_withdrawal(case, subject, data):
    settle(case, case.pending(RequestKind.WITHDRAW), RequestState.REFUSED, data["reason"])


def object_words(case, subject, data):
    return f"{case.grant.deputy.name}代表不同意撤回，继续办理：{data['reason']}"
