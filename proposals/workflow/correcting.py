"""Putting right what went out: opinions without substance, replies recalled, classes, ratings entered by proxy."""

from core.dates import cn_date, cn_deadline
from core.workdays import WORKDAY, compute_due

from .. import clocks
from ..attachments import attach
from ..models import Rating, ReplyVersion
from ..status import (
    CLASSES_WITH_COMMITMENTS,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    RecallKind,
    Satisfaction,
)
from . import effects, promising
from .guards import commitments_objection
from .placing import REPLY_CLOCKS, office

# Working days within which a deputy may replace a rating that the office entered (workflow §2, rate_proxy).
REPLACE_WORKDAYS = 5
KEPT = (
    "opening",
    "answers",
    "reply_class",
    "is_oral",
    "doc_no",
    "contact_person",
    "contact_phone",
    "is_public",
    "planned_commitments",
    "signed_by",
)


# --- 退回会办意见 --------------------------------------------------------------------------------------


def lead_is_in_hand(case, place):
    lead = case.lead_place(place)
    if place.role != AssignmentRole.CO:
        return "只能退回会办意见。"
    if lead is None or lead.status != AssignmentStatus.ACCEPTED:
        return "主办单位已经送审签，不能再退回会办意见；可以先撤回送审。"
    return None


def return_opinion(case, place, data):
    opinion = case.opinion(place)
    opinion.returned_words, opinion.given_on = data["reason"], None
    case.touch(opinion, "returned_words", "given_on")
    place.answered_on = None
    case.touch(place, "answered_on")
    clocks.start(case, ClockKind.OPINION_REDO, started_on=case.today, assignment=place)


def return_opinion_words(case, place, data):
    return f"{case.grant.place}退回{place.unit}的会办意见，请补充：{data['reason']}"


# --- 更正、退回重答 --------------------------------------------------------------------------------------


def recall_reply(case, place, data):
    """Take an unrated reply back; its text, its files and who had read it are kept whole. 更正 keeps the first
    date, and a short term of its own runs until it is issued again; 退回重答 reopens the term, overdue or not."""
    reply = case.reply(place)
    files = list(reply.attachments.all())
    version = ReplyVersion.objects.create(
        reply=reply,
        content={name: getattr(reply, name) for name in KEPT}
        | {
            "files": [{"name": file.name, "sha256": file.sha256} for file in files],
            "deliveries": _deliveries(reply),
        },
        issued_at=reply.issued_at,
        recalled_at=case.now,
        is_correction=data["recall"] == RecallKind.CORRECTION,
        reason=data["reason"],
    )
    version.files.set(files)
    is_correction = data["recall"] == RecallKind.CORRECTION
    reply.first_issued_on = (reply.first_issued_on or reply.issued_on) if is_correction else None
    reply.issued_at = reply.issued_on = None
    reply.signed_by = ""
    case.touch(reply, "first_issued_on", "issued_at", "issued_on", "signed_by")
    place.answered_on = None
    case.touch(place, "answered_on")
    clocks.void(case, ClockKind.RATING, assignment=place)
    promising.take_back(case, reply)
    if is_correction:
        clocks.rest(case, place)
        clocks.start(case, ClockKind.CORRECTION, started_on=case.today, assignment=place)
    else:
        clocks.reopen(case, place, *REPLY_CLOCKS)
    effects.note_last_reply(case)


def recall_outcomes(case, place):
    """What either kind of recall means for the dates of this place: {kind: words for the choice}."""
    terms, met = case.rules.clock(ClockKind.CORRECTION), clocks.met_last(case, place, *REPLY_CLOCKS)
    correction = again = ""
    if terms:
        due = cn_deadline(clocks.due_by(case, terms, case.today).due_on, case.today)
        correction = f"，改好重新送达的期限到 {due}"
    if met and met.due_on < case.today:
        again = f"，期限已于 {cn_date(met.due_on, case.today)}届满，收回后即为超期"
    elif met:
        again = f"，仍到 {cn_deadline(met.due_on, case.today)}"
    return {
        RecallKind.CORRECTION: f"更正（保留首次答复日期{correction}）",
        RecallKind.AGAIN: f"退回重答（答复期限不重新计算{again}）",
    }


def _deliveries(reply):
    """To whom the reply went and who read it (送达、已读), before it goes out anew."""
    return [
        {
            "deputy": each.deputy.name,
            "delivered_at": each.delivered_at.isoformat(),
            "read_at": each.read_at.isoformat() if each.read_at else None,
        }
        for each in reply.deliveries.select_related("deputy").order_by("pk")
    ]


def recall_words(case, place, data):
    label = "更正" if data["recall"] == RecallKind.CORRECTION else "退回重答"
    return f"{case.grant.place}收回{place.unit}的答复（{label}）：{data['reason']}"


# --- 调整答复类别 ---------------------------------------------------------------------------------------


def class_is_another(case, place, data):
    reply = case.reply(place)
    if reply.reply_class == data["reply_class"]:
        return "答复类别没有变。"
    if data["reply_class"] not in CLASSES_WITH_COMMITMENTS:
        return None
    if not data["commitments"]:
        # What was planned in a reply of another class never became a promise.
        if reply.commitments.exists():
            return None
        return "改为这一类要列明承诺事项：做什么、何时完成、谁负责。"
    words = commitments_objection(data["commitments"], case.today)
    return f"承诺事项{words}。" if words else None


def correct_class(case, place, data):
    reply = case.reply(place)
    data["before"] = reply.reply_class
    reply.first_class = reply.first_class or reply.reply_class
    reply.reply_class = data["reply_class"]
    case.touch(reply, "reply_class", "first_class")
    if data["commitments"] and reply.reply_class in CLASSES_WITH_COMMITMENTS:
        reply.planned_commitments = [*reply.planned_commitments, *data["commitments"]]
        case.touch(reply, "planned_commitments")
        promising.open_commitments(case, place, reply, data["commitments"])


def correct_class_words(case, place, data):
    before, after = (case.rules.class_text(code) for code in (data["before"], data["reply_class"]))
    return f"{office(case)}调整{place.unit}的答复类别：由“{before}”改为“{after}”。{data['reason']}"


# --- 代录测评 -------------------------------------------------------------------------------------------


def has_scan(case, subject, data):
    return None if data.get("files") else "请上传代表签名的纸质材料扫描件。"


def rate_proxy(case, place, data):
    rating = effects.record_rating(case, place, data)
    rating.is_proxy = True
    rating.replaceable_until = _fifth_workday(case)
    rating.rated_by = f"{case.actor.name}（代录）"
    rating.save(update_fields=["is_proxy", "replaceable_until", "rated_by"])
    for checked in data["files"]:
        attach(checked, proposal=case.proposal, user=case.actor, is_scan=True, is_limited=False)


def _fifth_workday(case):
    return compute_due(case.today, REPLACE_WORKDAYS, WORKDAY, case.calendar).due_on


def rate_proxy_words(case, place, data):
    result = f"办理结果{Satisfaction(data['result']).label}"
    attitude = f"办理态度{Satisfaction(data['attitude']).label}，" if data.get("attitude") else ""
    return f"{office(case)}凭签名的征询意见表代录对{place.unit}答复的测评：{attitude}{result}"


def rating_may_be_written(case, place):
    """Unrated; or entered by proxy and still within the days in which the deputy may replace it."""
    rating: Rating | None = case.rating(place)
    if rating is None:
        return None
    if rating.is_proxy and rating.replaceable_until >= case.today:
        return None
    if rating.is_proxy:
        return "联工委代录的测评，您可以改写的期限已过。有异议请与联工委联系。"
    return "这份答复已经测评过，测评提交后不能修改。"
