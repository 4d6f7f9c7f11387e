"""What an action changes beside the status. Database only; files were written before, mail goes after."""

from accounts.models import Role

from .. import clocks
from ..attachments import attach
from ..models import (
    Contact,
    Cosignature,
    Opinion,
    Rating,
    ReplyDelivery,
)
from ..numbers import next_number
from ..search import index
from ..status import (
    CLASSES_WITH_COMMITMENTS,
    AssignmentRole,
    ClockKind,
    CosignState,
    RedoCause,
    Source,
)
from . import placing, promising

LATE_OPINION = "未提交会办意见"

# --- Writing and co-signing ---------------------------------------------------------------------------


def invite(case, subject, data):
    for cosignature in case.cosignatures:
        if cosignature.deputy_id == data["deputy"].pk:
            cosignature.state = CosignState.INVITED
            cosignature.invited_at = case.now
            case.touch(cosignature, "state", "invited_at")
            return
    cosignature = Cosignature.objects.create(
        proposal=case.proposal, deputy=data["deputy"], invited_at=case.now
    )
    case.cosignatures.append(cosignature)


def drop(case, subject, data):
    _answer(case, data["cosignature"].deputy_id, CosignState.DROPPED)


def cosign(case, subject, data):
    cosignature = _answer(case, case.grant.deputy_id, CosignState.CONFIRMED)
    cosignature.text = case.proposal.text_snapshot
    cosignature.text_hash = case.proposal.text_hash
    case.touch(cosignature, "text", "text_hash")


def refuse_cosign(case, subject, data):
    _answer(case, case.grant.deputy_id, CosignState.REFUSED)


def ask_again(case, subject, data):
    """A change of substance asks again every co-signer who confirmed another text."""
    for cosignature in case.outdated_cosignatures():
        cosignature.state = CosignState.INVITED
        cosignature.invited_at = case.now
        case.touch(cosignature, "state", "invited_at")


def _answer(case, deputy_id, state):
    cosignature = next(c for c in case.live_cosignatures() if c.deputy_id == deputy_id)
    cosignature.state = state
    cosignature.answered_at = case.now
    case.touch(cosignature, "state", "answered_at")
    return cosignature


# --- Review -------------------------------------------------------------------------------------------


def submit(case, subject, data):
    proposal = case.proposal
    proposal.points = [point.strip() for point in proposal.points if str(point).strip()]
    proposal.submitted_on = case.today
    proposal.delegation = proposal.lead.delegation
    # 初核 was of an earlier text, where it was returned; its remarks stand in the history.
    proposal.checked_on, proposal.check_words = None, ""
    case.touch(proposal, "points", "submitted_on", "delegation", "checked_on", "check_words")
    clocks.meet(case, ClockKind.REVISE)
    start_review(case)
    index(proposal)


def start_review(case):
    """The review term; of a 大会件 the office reviews when the session is over, if that is later."""
    closes_on = _session_close(case.proposal)
    note = "大会件在闭会前提交的，自大会闭会之日起算。" if closes_on and closes_on > case.today else ""
    clocks.start(case, ClockKind.REVIEW, started_on=max(case.today, closes_on or case.today), note=note)


def _session_close(proposal):
    """The day on which the session of a 大会件 closes; None for all others."""
    at_session = proposal.source == Source.SESSION and proposal.session
    return proposal.session.closes_on if at_session else None


def return_to_proposer(case, subject, data):
    clocks.meet(case, ClockKind.REVIEW)
    clocks.start(case, ClockKind.REVISE, started_on=case.today)


def decline(case, subject, data):
    clocks.meet(case, ClockKind.REVIEW, ClockKind.REVISE)
    case.proposal.decline_outcome = data["outcome"]
    case.touch(case.proposal, "decline_outcome")


def file(case, subject, data):
    proposal = case.proposal
    proposal.category = data["category"]
    # Filed before and undone (撤销审查决定): it keeps its number, which people have noted down.
    session = proposal.session if proposal.source == Source.SESSION else None
    proposal.number = proposal.number or next_number(proposal.congress_id, session=session, today=case.today)
    proposal.filed_on = case.today
    case.touch(proposal, "category", "number", "filed_on")
    clocks.meet(case, ClockKind.REVIEW)
    _start_assign_clock(case)
    index(proposal)


def _start_assign_clock(case):
    """大会件 count from the close of the session whenever they are filed; what was handed in after it, from then."""
    proposal, closes_on = case.proposal, _session_close(case.proposal)
    if closes_on:
        is_late = proposal.submitted_on > closes_on
        clocks.start(
            case,
            ClockKind.ASSIGN,
            terms_kind=ClockKind.ASSIGN_SESSION,
            started_on=max(closes_on, proposal.submitted_on),
            note="大会闭会以后提交的，自提交之日起算。" if is_late else "",
        )
        return
    terms = case.rules.clock(ClockKind.ASSIGN)
    from_submission = terms and terms.start_code == "submitted"
    clocks.start(case, ClockKind.ASSIGN, started_on=proposal.submitted_on if from_submission else case.today)


# --- Assignment ---------------------------------------------------------------------------------------


def assign(case, subject, data):
    proposal = case.proposal
    proposal.is_complex = data.get("is_complex", False)
    proposal.assigned_on = case.today
    case.touch(proposal, "is_complex", "assigned_on")
    clocks.meet(case, ClockKind.ASSIGN)
    for entry in data["placements"]:
        placing.open_place(case, entry, answer=_answer_clock(entry, data))


def order_redo(case, subject, data):
    proposal = case.proposal
    clocks.meet(case, ClockKind.JUDGE, ClockKind.COORDINATION)
    proposal.round += 1
    proposal.replied_on = proposal.closed_on = None
    case.touch(proposal, "round", "replied_on", "closed_on")
    case.take_down()
    for entry in data["placements"]:
        placing.open_place(case, entry, answer=_answer_clock(entry, data), cause=data["cause"])
    if data["cause"] == RedoCause.REASSIGNED:
        promising.note_reassigned(case)


def _answer_clock(entry, data):
    return {} if entry["role"] == AssignmentRole.CO else placing.early_answer(data)


# --- Handling -----------------------------------------------------------------------------------------


def accept(case, subject, data):
    subject.accepted_on = case.today
    case.touch(subject, "accepted_on")
    clocks.meet(case, ClockKind.ACCEPT, assignment=subject)
    clocks.start(case, ClockKind.FIRST_CONTACT, started_on=case.today, assignment=subject)


def log_contact(case, subject, data):
    contact = Contact.objects.create(
        assignment=subject,
        stage=data["stage"],
        mode=data["mode"],
        on=data["on"],
        people=data["people"],
        deputy=data.get("deputy"),
        words=data["words"],
        created_at=case.now,
    )
    for checked in data.get("files", ()):
        attach(checked, proposal=case.proposal, user=case.actor, contact=contact)
    clocks.meet(case, ClockKind.FIRST_CONTACT, assignment=subject)


def give_opinion(case, subject, data):
    opinion = Opinion.objects.create(
        assignment=subject,
        words=data["words"],
        doc_no=data.get("doc_no", ""),
        contact_person=data.get("contact_person", ""),
        contact_phone=data.get("contact_phone", ""),
        created_at=case.now,
        sent_by=case.actor,
    )
    for checked in data.get("files", ()):
        attach(checked, proposal=case.proposal, user=case.actor, opinion=opinion)
    case.opinions.append(opinion)
    if not case.rules.switch("opinion_signed"):
        deliver_opinion(case, subject, opinion)


def deliver_opinion(case, place, opinion):
    """The opinion reaches the lead; its place is done."""
    opinion.given_on = case.today
    opinion.signed_by = _signature(case) if case.rules.switch("opinion_signed") else ""
    case.touch(opinion, "given_on", "signed_by")
    place.answered_on = case.today
    case.touch(place, "answered_on")
    clocks.meet(case, ClockKind.OPINION, ClockKind.OPINION_REDO, ClockKind.ACCEPT, assignment=place)
    clocks.void(case, assignment=place)


def _signature(case):
    """Who signed: the signer; for a unit without access, whoever entered its signed paper (代录)."""
    return case.actor.name if case.grant.role == Role.SIGNER else f"{case.actor.name}（代录）"


def keep_scans(case, subject, data):
    """What was brought on the proposer's behalf (代录, 代表团名义) stays with the case as a signed scan."""
    for checked in data.get("files", ()):
        attach(checked, proposal=case.proposal, user=case.actor, is_scan=True, is_limited=False)


def keep_papers(case, subject, data):
    """The unit's signed paper of a step entered for it (代录) stays with its place, no wider seen than the step."""
    for checked in data.get("files", ()):
        attach(
            checked,
            proposal=case.proposal,
            user=case.actor,
            assignment=subject,
            is_scan=True,
            is_limited=False,
        )


def keep_lead_papers(case, subject, data):
    """The same where the lead acted on a place that assists it."""
    keep_papers(case, case.lead_place(subject), data)


def send_for_signing(case, subject, data):
    reply = case.reply(subject)
    reply.sent_by = case.actor
    case.touch(reply, "sent_by")


def issue(case, subject, data):
    """签发: a co place's opinion goes to the lead, a reply goes to the deputies and is frozen."""
    if subject.role == AssignmentRole.CO:
        deliver_opinion(case, subject, case.opinion(subject))
        return
    reply = case.reply(subject)
    reply.issued_at, reply.signed_by = case.now, _signature(case)
    reply.issued_on = reply.first_issued_on or case.today
    case.touch(reply, "issued_at", "issued_on", "signed_by")
    subject.answered_on = reply.issued_on
    case.touch(subject, "answered_on")
    note_last_reply(case)
    clocks.meet(case, ClockKind.REPLY, ClockKind.REDO, ClockKind.CORRECTION, assignment=subject)
    clocks.end_rest(case, subject)
    clocks.void(case, assignment=subject)
    _deliver_reply(case, reply)
    _release_late_opinions(case, subject)
    if reply.reply_class in CLASSES_WITH_COMMITMENTS:
        promising.open_commitments(case, subject, reply, reply.planned_commitments)
        promising.replace_earlier(case, subject, reply)
    clocks.start(case, ClockKind.RATING, started_on=case.today, assignment=subject)


def note_last_reply(case):
    """答复日期 of the proposal: that of the round's latest reply that is out."""
    replies = [case.reply(place) for place in case.replying_places]
    case.proposal.replied_on = max((r.issued_on for r in replies if r and r.is_issued), default=None)
    case.touch(case.proposal, "replied_on")


def _deliver_reply(case, reply):
    """逐人答复: to each co-signer, or to the lead alone where the rule set says the lead passes it on."""
    deputy_ids = [case.proposal.lead_id]
    if case.rules.switch("reply_to") != "lead":
        deputy_ids += [c.deputy_id for c in case.confirmed_cosignatures()]
    # A reply issued again reaches everybody anew, unread.
    ReplyDelivery.objects.filter(reply=reply).delete()
    ReplyDelivery.objects.bulk_create(
        ReplyDelivery(reply=reply, deputy_id=pk, delivered_at=case.now) for pk in deputy_ids
    )


def _release_late_opinions(case, lead):
    for place in case.co_places(lead):
        if place.is_open:
            placing.release(case, place, LATE_OPINION)
    placing.release_emptied(case, LATE_OPINION)


def rate(case, subject, data):
    record_rating(case, subject, data)


def record_rating(case, place, data):
    """Write the rating of a place's reply; a deputy's own replaces one entered by proxy, which is kept in it.

    After 未表态 it is marked 逾期测评. Returns the rating.
    """
    reply = case.reply(place)
    rating = case.rating(place)
    if rating is None:
        rating = Rating(reply=reply)
    else:
        rating.replaced = {
            "attitude": rating.attitude,
            "result": rating.result,
            "words": rating.words,
            "rated_by": rating.rated_by,
        }
        rating.is_proxy, rating.replaceable_until = False, None
    rating.attitude, rating.result = data.get("attitude", ""), data["result"]
    rating.words = data["words"].strip()
    rating.rated_at, rating.rated_by = case.now, case.actor.name
    rating.is_late = reply.silent_on is not None
    rating.save()
    reply.rating = rating
    clocks.meet(case, ClockKind.RATING, assignment=place)
    case.was_rated = rating
    return rating


def mark_silent(case, subject, data):
    reply = case.reply(subject)
    reply.silent_on = case.today
    case.touch(reply, "silent_on")
    clocks.void(case, ClockKind.RATING, assignment=subject)


def close(case, subject, data):
    clocks.meet(case, ClockKind.JUDGE, ClockKind.COORDINATION)
    case.proposal.closed_on = case.today
    case.touch(case.proposal, "closed_on")


def recompute(case, subject, data):
    """A year's calendar was published: provisional dates become final."""
    for clock in [clock for clock in case.clocks if clock.is_open and clock.is_provisional]:
        computed = clocks.computed_due(clock.rule, clock.started_on, case.calendar)
        if (computed.due_on, computed.provisional) != (clock.due_on, clock.is_provisional):
            clocks.move(
                case,
                clock,
                computed.due_on,
                note=clock.rule.get("note", ""),
                is_provisional=computed.provisional,
            )
