"""申请延期: asked by the unit up to the due date, decided by the assigning side, even after that date."""

from core.dates import cn_date, cn_deadline

from .. import clocks
from ..clocks import answer_clock
from ..status import ClockKind, RequestKind, RequestState, Visibility
from .requests import decide, open_request, settle


def ceiling(case, place):
    """The latest date to which a reply of this round may be put off, from the same start; None without one."""
    clock = answer_clock(case, place)
    kind = ClockKind.REDO_CEILING if place.round > 1 else ClockKind.REPLY_COMPLEX
    terms = case.rules.clock(kind)
    if clock is None or terms is None or clock.kind == ClockKind.CORRECTION:
        return None
    return clocks.due_by(case, terms, clock.started_on).due_on


def due_date_is_ahead(case, place):
    clock = answer_clock(case, place)
    if clock is None:
        return "这件没有正在走的答复期限，不用延期。"
    if clock.kind == ClockKind.CORRECTION:
        return "答复已经送达，现在只是更正，更正的期限不能延。请改好后重新送审签。"
    if case.today > clock.due_on:
        due = cn_date(clock.due_on, case.today)
        return f"答复期限已于 {due}届满，延期要在到期日当天或之前申请。请尽快答复，并向联工委说明。"
    latest = ceiling(case, place)
    if latest is not None and latest <= clock.due_on:
        return f"现在的期限 {cn_deadline(clock.due_on, case.today)}已是最长期限，不能再延。请按期答复。"
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
    return clocks.day_off_words(case, data["until"])


def needs_consent(case):
    """Whether somebody decides; else the unit explains to the deputy and takes the time (豫办法)."""
    return bool(case.rules.switch("extension_needs_consent"))


def seen_by(case, place):
    """A request is between the unit and who decides; a date that has moved is everybody's business."""
    return Visibility.UNIT if needs_consent(case) else Visibility.EVERYONE


def ask_extension(case, place, data):
    if not needs_consent(case):
        # 豫办法: the unit explains to the deputy and takes the time; nobody decides.
        request = open_request(case, RequestKind.EXTENSION, place=place, data=data)
        settle(case, request, RequestState.GRANTED, "本地办法规定向代表说明即可")
        grant_extension(case, place, data["until"], data["reason"])
        return
    open_request(case, RequestKind.EXTENSION, place=place, data=data)
    clocks.start(case, ClockKind.EXTENSION_DECISION, started_on=case.today, assignment=place)


def ask_extension_words(case, place, data):
    until = cn_date(data["until"], case.today)
    if not needs_consent(case):
        return f"{place.unit}说明情况，答复延期到 {until}：{data['reason'].rstrip('。')}。进展：{data['progress']}"
    return f"{place.unit}申请延期到 {until}：{data['reason'].rstrip('。')}。进展：{data['progress']}"


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
    if clock is None or latest is None:
        return "这件没有可以延长的答复期限，请选不批准。"
    if until <= clock.due_on or until > latest:
        return f"批准的日期要晚于现在的期限，且不超过 {cn_deadline(latest, case.today)}。"
    return clocks.day_off_words(case, until)


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
