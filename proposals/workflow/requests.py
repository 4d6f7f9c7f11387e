"""Pending requests beside the status: opened, decided, voided. Withdrawal, extension, objection, lead, urge."""

from core.dates import cn_date, cn_deadline

from .. import clocks
from ..models import Request
from ..status import (
    AssignmentStatus,
    ClockKind,
    CosignState,
    ProposalStatus,
    RequestKind,
    RequestState,
)

# --- The rows -----------------------------------------------------------------------------------------


def open_request(case, kind, *, data, place=None, unit=None, deputy=None, details=None):
    """Lodge a request by the actor; returns it."""
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


def void_all(case, place, *kinds):
    """Void what a place still asks for (of some kinds): nothing is left to decide."""
    for request in case.requests:
        if request.is_open and request.assignment_id == place.pk and (not kinds or request.kind in kinds):
            settle(case, request, RequestState.VOID)


def nothing_pending(kind):
    """A condition: no request of this kind is pending on the subject."""

    def condition(case, subject):
        place = subject if subject is not case.proposal else None
        if case.pending(kind, place):
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


# --- Withdrawal (撤回) ---------------------------------------------------------------------------------


def may_withdraw_now(case, subject):
    """Before assignment, or before any reply where the rule set allows (沪、渝 differ)."""
    status = case.proposal.status
    if status not in (ProposalStatus.HANDLING, ProposalStatus.REDO):
        return None
    if case.rules.switch("withdraw_until") == "before_assign":
        return "本地办法规定交办后不能撤回。您可以在测评时说明意见，或与联工委联系。"
    if any(p.replies and p.status == AssignmentStatus.ANSWERED for p in case.places):
        return "已经有答复，不能撤回。您可以对答复作出评价。"
    return None


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
    from .placing import release_all

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


def withdraw_words(case, subject, data):
    if consent_is_needed(case):
        return f"{case.proposal.lead.name}代表申请撤回，等待附议代表同意：{data['reason']}"
    return f"{case.proposal.lead.name}代表撤回建议：{data['reason']}"


def still_to_consent(case, subject):
    request = case.pending(RequestKind.WITHDRAW)
    return None if request else "没有等待同意的撤回申请。"


def own_consent_is_open(case, subject, data):
    request = case.pending(RequestKind.WITHDRAW)
    if case.grant.deputy_id not in request.details["waiting"]:
        return "您已经表示过同意。"
    return None


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


# --- Extension (延期) ----------------------------------------------------------------------------------

ANSWERS = (ClockKind.REPLY, ClockKind.REDO)


def answer_clock(case, place):
    """The running clock of a place's own reply, or None."""
    found = case.open_clocks(*ANSWERS, assignment=place)
    return found[0] if found else None


def ceiling(case, place):
    """The latest date to which a reply of this round may be put off, from the same start; None without one."""
    clock = answer_clock(case, place)
    kind = ClockKind.REDO_CEILING if place.round > 1 else ClockKind.REPLY_COMPLEX
    terms = case.rules.clock(kind)
    if clock is None or terms is None:
        return None
    return clocks.due_by(case, terms, clock.started_on).due_on


def due_date_is_ahead(case, place):
    clock = answer_clock(case, place)
    if clock is None:
        return "这件没有正在走的答复期限，不用延期。"
    if case.today > clock.due_on:
        due = cn_date(clock.due_on, case.today)
        return f"答复期限已于 {due}届满，延期要在到期日当天或之前申请。请尽快答复，并向联工委说明。"
    return None


def new_date_is_possible(case, place, data):
    clock, latest = answer_clock(case, place), ceiling(case, place)
    if data["until"] <= clock.due_on:
        return f"延期后的日期要晚于现在的期限 {cn_deadline(clock.due_on, case.today)}。"
    if latest is None:
        return "本地办法没有规定可以延期。"
    if data["until"] > latest:
        return (
            f"最多可延到 {cn_deadline(latest, case.today)}（自{clock.rule['start_event']}之日起算的上限）。"
        )
    return None


def ask_extension(case, place, data):
    if not case.rules.switch("extension_needs_consent"):
        # 豫办法: the unit explains to the deputy and takes the time; nobody decides.
        request = open_request(case, RequestKind.EXTENSION, place=place, data=data)
        settle(case, request, RequestState.GRANTED, "本地办法规定向代表说明即可")
        grant_extension(case, place, data["until"], data["reason"])
        return
    open_request(case, RequestKind.EXTENSION, place=place, data=data)
    clocks.start(case, ClockKind.EXTENSION_DECISION, started_on=case.today, assignment=place)


def ask_extension_words(case, place, data):
    until = cn_date(data["until"], case.today)
    return f"{place.unit}申请延期到 {until}：{data['reason']}。进展：{data['progress']}"


def grant_extension(case, place, until, reason):
    clocks.move(case, answer_clock(case, place), until, note=f"延期：{reason}")


def needs_endorsement(case, place):
    return bool(place.parent_id and case.rules.switch("extension_endorsed_by_hub"))


def endorsement_is_open(case, place):
    request = case.pending(RequestKind.EXTENSION, place)
    if request is None or not needs_endorsement(case, place):
        return "没有等您签意见的延期申请。"
    return "已经签过意见，等联工委决定。" if "endorsement" in request.details else None


def endorse_extension(case, place, data):
    request = case.pending(RequestKind.EXTENSION, place)
    request.details["endorsement"] = data["words"]
    case.touch(request, "details")


def endorse_words(case, place, data):
    return f"{case.grant.place}对{place.unit}延期签意见：{data['words']}"


def endorsement_is_given(case, place):
    request = case.pending(RequestKind.EXTENSION, place)
    if request and needs_endorsement(case, place) and "endorsement" not in request.details:
        return "要先由督查室签意见，再由联工委决定。"
    return None


def granted_date_is_possible(case, place, data):
    if not data["is_granted"]:
        return None if data["reason"].strip() else "不批准延期要写明理由。"
    clock, latest, until = answer_clock(case, place), ceiling(case, place), data.get("until")
    if not until:
        return "批准延期要填延到哪一天。"
    # A late approval still replaces the date, so the present one may have passed.
    if clock is None or until <= clock.due_on or (latest and until > latest):
        return f"批准的日期要晚于现在的期限，且不超过 {cn_deadline(latest, case.today)}。"
    return None


def decide_extension(case, place, data):
    request = case.pending(RequestKind.EXTENSION, place)
    decide(case, RequestKind.EXTENSION, place, granted=data["is_granted"], words=data["reason"])
    clocks.meet(case, ClockKind.EXTENSION_DECISION, assignment=place)
    if data["is_granted"]:
        grant_extension(case, place, data["until"], request.reason)


def decide_extension_words(case, place, data):
    if data["is_granted"]:
        return (
            f"{case.grant.place}批准{place.unit}延期到 {cn_date(data['until'], case.today)}。{data['reason']}"
        )
    return f"{case.grant.place}不批准{place.unit}延期：{data['reason']}"


def drop_extension(case, place, data):
    """Issuing voids a pending extension."""
    void_all(case, place, RequestKind.EXTENSION)
    clocks.void(case, ClockKind.EXTENSION_DECISION, assignment=place)


# --- Objection (异议) ----------------------------------------------------------------------------------


def raise_objection(case, subject, data):
    open_request(case, RequestKind.OBJECTION, data=data)


def raise_objection_words(case, subject, data):
    return f"{case.proposal.lead.name}代表提出异议（{data['about_text']}）：{data['words']}"


def answer_objection(case, subject, data):
    settle(case, case.pending(RequestKind.OBJECTION), RequestState.GRANTED, data["words"])


def answer_objection_words(case, subject, data):
    return f"{case.grant.place}答复异议：{data['words']}"


# --- Change of lead (变更领衔) --------------------------------------------------------------------------


def has_confirmed_cosigner(case, subject):
    return None if case.confirmed_cosignatures() else "没有已确认的附议代表，不能变更领衔。"


def new_lead_cosigned(case, subject, data):
    confirmed = {c.deputy_id: c.deputy for c in case.confirmed_cosignatures()}
    deputy = confirmed.get(data["deputy"].pk)
    if deputy is None:
        return "新的领衔代表要从已确认的附议代表里选。"
    return None if deputy.in_office else f"{deputy.name}代表已离任，请另选。"


def ask_lead(case, subject, data):
    open_request(case, RequestKind.LEAD, data=data, deputy=data["deputy"])


def ask_lead_words(case, subject, data):
    return f"{case.grant.place}请{data['deputy'].name}代表领衔：{data['reason']}"


def take_lead(case, subject, data):
    """The co-signer leads; the former lead stays as a co-signer and keeps sight of the case."""
    proposal = case.proposal
    request = next(r for r in case.open_requests(RequestKind.LEAD) if r.deputy_id == case.grant.deputy_id)
    settle(case, request, RequestState.GRANTED)
    mine = next(c for c in case.confirmed_cosignatures() if c.deputy_id == case.grant.deputy_id)
    former = proposal.lead
    mine.deputy = former
    mine.text, mine.text_hash = proposal.text_snapshot, proposal.text_hash
    case.touch(mine, "deputy", "text", "text_hash")
    proposal.lead = case.grant.deputy
    case.touch(proposal, "lead")


def take_lead_words(case, subject, data):
    return f"{case.grant.deputy.name}代表同意领衔"


def refuse_lead(case, subject, data):
    request = next(r for r in case.open_requests(RequestKind.LEAD) if r.deputy_id == case.grant.deputy_id)
    settle(case, request, RequestState.REFUSED, data["reason"])


def refuse_lead_words(case, subject, data):
    return f"{case.grant.deputy.name}代表谢绝领衔：{data['reason']}"


# --- Urge (催办) ---------------------------------------------------------------------------------------


def urge(case, subject, data):
    """One urge per unit at work; an unanswered earlier one is replaced."""
    for place in case.round_places:
        if place.is_open and not place.unit.is_hub:
            void_all(case, place, RequestKind.URGE)
            open_request(case, RequestKind.URGE, place=place, data=data)


def answer_urge(case, place, data):
    decide(case, RequestKind.URGE, place, granted=True, words=data["words"])


def answer_urge_words(case, place, data):
    return f"{place.unit}回复催办：{data['words']}"
