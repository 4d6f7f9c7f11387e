"""承诺: progress, moving the date, verifying, confirming, the look-back (workflow §6). What the rows of
promise_rows.py name.

A promise outlives its case: none of these asks in which state the proposal is, or whether the place still stands.
"""

from core.dates import cn_date
from core.workdays import add_months

from .. import clocks
from ..attachments import attach
from ..models import Explanation, LookBack
from ..status import (
    CLASSES_WITH_COMMITMENTS,
    PROMISE_FAILED,
    PROMISE_OPEN,
    ClockKind,
    CommitmentStatus,
    Confirmation,
    ExplanationKind,
    LookBackCause,
    LookBackResult,
    ReplyClass,
)
from . import promising
from .guards import MAX_PROMISE_YEARS
from .placing import office

C = CommitmentStatus
UNSETTLED = PROMISE_OPEN | PROMISE_FAILED

# --- To which state ------------------------------------------------------------------------------------


def _reported_as(case, commitment):
    return C.REPORTED if case.asked.get("is_done") else commitment.status


def _verified_as(case, commitment):
    return C(case.asked["outcome"])


# --- Conditions and checks ------------------------------------------------------------------------------


def still_stands(case, commitment):
    if commitment.replaced_by_id:
        return "这项承诺已由后一轮答复的承诺代替。"
    if commitment.settled_on:
        return f"这项承诺已于 {cn_date(commitment.settled_on, case.today)}了结。"
    return None


def may_be_verified(case, commitment):
    if commitment.status in PROMISE_OPEN or commitment.is_disputed:
        return None
    words = f"这项承诺已于 {cn_date(commitment.verified_on, case.today)}核实为“{commitment.status_text}”"
    return f"{words}，代表没有异议，不用再核实；有新情况的，可以重新跟踪。"


def failure_is_not_early(case, commitment, data):
    is_early = commitment.status == C.OPEN and case.today <= commitment.promised_on
    if is_early and data["outcome"] in PROMISE_FAILED:
        due = cn_date(commitment.promised_on, case.today)
        return f"这项承诺 {due}才到期，单位也没有报告完成，还不能核实为没有兑现。"
    return None


def date_is_later(case, commitment, data):
    if data["promised_on"] <= max(commitment.promised_on, case.today):
        due = cn_date(commitment.promised_on, case.today)
        return f"新的日期要在今天和现在的完成日期（{due}）以后。"
    return _not_too_far(case, data)


def date_is_ahead(case, commitment, data):
    if data["promised_on"] <= case.today:
        return "重新约定的完成日期要在今天以后。"
    return _not_too_far(case, data)


def _not_too_far(case, data):
    if data["promised_on"] > add_months(case.today, 12 * MAX_PROMISE_YEARS):
        return f"完成日期在 {MAX_PROMISE_YEARS} 年以后，请核对年份。"
    return None


def confirmation_is_explained(case, commitment, data):
    if data["outcome"] == C.KEPT or data["words"].strip():
        return None
    return "请写明哪里没有做到，联工委据此重新核实。"


def confirmation_is_awaited(case, commitment):
    if commitment.confirmed:
        return "这项承诺您已经确认过。" if commitment.confirmed != Confirmation.SILENT else None
    return None


def confirmation_is_over(case, commitment):
    if commitment.confirmed or commitment.confirm_by is None or commitment.confirm_by >= case.today:
        return "确认期还没有过，或者代表已经确认。"
    return None


def is_on_a_look_back(case, commitment):
    if LookBack.objects.filter(commitment=commitment, closed_on=None).exists():
        return None
    return "这项承诺没有在办的回头看。"


def year_is_new(case, commitment, data):
    if LookBack.objects.filter(commitment=commitment, year__gte=data["year"]).exists():
        return f"已列入 {data['year']} 年回头看。"
    return None


def all_are_kept(case, place):
    reply = case.reply(place)
    if reply.reply_class not in CLASSES_WITH_COMMITMENTS:
        return "这份答复不是正在解决、列入计划的类别。"
    made = [c for c in case.commitments if c.unit_id == place.unit_id and not c.replaced_by_id]
    if not made or any(c.status != C.KEPT or c.is_disputed for c in made):
        return "承诺还没有全部核实兑现，或者代表有异议。"
    return None


# --- Effects ------------------------------------------------------------------------------------------


def _set(case, commitment, **fields):
    for name, value in fields.items():
        setattr(commitment, name, value)
    case.touch(commitment, *fields)


def keep_papers(case, commitment, data):
    """The signed paper of a step entered for a unit (代录) stays with its place."""
    for checked in data.get("files", ()):
        attach(
            checked,
            proposal=case.proposal,
            user=case.actor,
            assignment=case.place_of(commitment),
            is_scan=True,
            is_limited=False,
        )


def report_progress(case, commitment, data):
    _set(case, commitment, progress=data["words"], progress_on=case.today)
    if data.get("is_done"):
        _set(case, commitment, done_on=case.today)
    data["evidence_ids"] = [
        attach(checked, proposal=case.proposal, user=case.actor, commitment=commitment, is_limited=False).pk
        for checked in data.get("evidence", ())
    ]


def move_date(case, commitment, data):
    old = commitment.promised_on
    data["old_on"] = old
    _explain(case, commitment, ExplanationKind.MOVED, data["words"], old_on=old, new_on=data["promised_on"])
    _set(
        case,
        commitment,
        promised_on=data["promised_on"],
        moved_from=commitment.original_on,
        moves=commitment.moves + 1,
        done_on=None,
    )
    if clock := case.clock_of(commitment):
        clocks.move(case, clock, commitment.promised_on, note=f"改期：{data['words']}"[:200])
    else:
        # A verification had ended it, and the unit then reported the promise done once more.
        promising.start_clock(case, commitment, f"改期：{data['words']}"[:200])


def _explain(case, commitment, kind, words, **dates):
    by = f"{case.grant.place} {case.actor.name}"
    Explanation.objects.create(
        commitment=commitment, kind=kind, words=words, by=by[:120], at=case.now, **dates
    )


def explain_promise(case, commitment, data):
    _explain(case, commitment, ExplanationKind.BROKEN, data["words"])
    _set(case, commitment, explained_on=case.today)


def verify(case, commitment, data):
    """核实: ends the clock; asks the proposer; opens or closes the look-back."""
    outcome = C(data["outcome"])
    terms = case.rules.clock(ClockKind.RATING)
    _set(
        case,
        commitment,
        verified_on=case.today,
        verified_by=f"{case.grant.place} {case.actor.name}"[:120],
        verify_words=data["words"],
        explained_on=None,
        confirmed="",
        confirm_words="",
        confirmed_on=None,
        confirm_by=clocks.due_by(case, terms, case.today).due_on if terms else None,
    )
    if clock := case.clock_of(commitment):
        clock.met_on = case.today
        clock.save(update_fields=["met_on"])
    if outcome == C.KEPT:
        promising.end_look_back(case, commitment, LookBackResult.KEPT, data["words"])
    else:
        _open_look_back(case, commitment, LookBackCause(outcome), case.today.year)


def _open_look_back(case, commitment, cause, year):
    if LookBack.objects.filter(commitment=commitment, closed_on=None).exists():
        return
    LookBack.objects.update_or_create(
        commitment=commitment,
        year=year,
        defaults={
            "cause": cause,
            "opened_on": case.today,
            "result": "",
            "closed_on": None,
            "closed_by": "",
            "words": "",
            "reassigned_on": None,
            "round": None,
        },
    )


def confirm(case, commitment, data):
    _set(
        case,
        commitment,
        confirmed=Confirmation(data["outcome"]),
        confirm_words=data["words"].strip(),
        confirmed_on=case.today,
    )
    for checked in data.get("files", ()):
        attach(checked, proposal=case.proposal, user=case.actor, is_scan=True, is_limited=False)


def mark_unconfirmed(case, commitment, data):
    _set(case, commitment, confirmed=Confirmation.SILENT, confirmed_on=case.today)


def reopen_promise(case, commitment, data):
    _set(
        case,
        commitment,
        moved_from=commitment.original_on,
        promised_on=data["promised_on"],
        done_on=None,
        confirmed="",
        confirm_words="",
        confirmed_on=None,
        confirm_by=None,
        explained_on=None,
    )
    promising.start_clock(case, commitment, f"重新跟踪：{data['reason']}"[:200])


def settle_look_back(case, commitment, data):
    _set(case, commitment, settled_on=case.today)
    promising.end_look_back(case, commitment, LookBackResult.ENDED, data["words"])


def look_back(case, commitment, data):
    """Put on the list of a new year; what an earlier year left open is carried over (转入下年)."""
    promising.end_look_back(case, commitment, LookBackResult.CARRIED, f"转入 {data['year']} 年回头看")
    _open_look_back(case, commitment, LookBackCause.YEAR, data["year"])


def mark_solved(case, place, data):
    reply = case.reply(place)
    data["before"] = str(reply.reply_class)
    reply.first_class = reply.first_class or reply.reply_class
    reply.reply_class = ReplyClass.SOLVED
    case.touch(reply, "reply_class", "first_class")


# --- Words --------------------------------------------------------------------------------------------


def report_words(case, commitment, data):
    label = "报告承诺已完成" if data.get("is_done") else "报告承诺进展"
    return f"{commitment.unit}{label}（{commitment.what}）：{data['words']}"


def move_words(case, commitment, data):
    old, new = (cn_date(day, case.today) for day in (data["old_on"], data["promised_on"]))
    return f"{commitment.unit}改期（{commitment.what}）：由 {old}改为 {new}。{data['words']}"


def explain_words(case, commitment, data):
    return f"{commitment.unit}说明未兑现的原因（{commitment.what}）：{data['words']}"


def verify_words(case, commitment, data):
    return f"{case.grant.place}核实承诺（{commitment.what}）：{C(data['outcome']).label}。{data['words']}"


def confirm_words(case, commitment, data):
    words = f"{case.proposer_name}确认承诺（{commitment.what}）：{Confirmation(data['outcome']).label}"
    return words + (f"。{data['words'].strip()}" if data["words"].strip() else "")


def unconfirmed_words(case, commitment, data):
    return f"确认期满未收到代表意见，承诺（{commitment.what}）记为未表态"


def reopen_words(case, commitment, data):
    due = cn_date(data["promised_on"], case.today)
    return f"{office(case)}重新跟踪承诺（{commitment.what}），{due}到期：{data['reason']}"


def settle_words(case, commitment, data):
    return f"{office(case)}了结回头看（{commitment.what}）：{data['words']}"


def look_back_words(case, commitment, data):
    return f"承诺（{commitment.what}）列入 {data['year']} 年回头看"


def solved_words(case, place, data):
    before, after = (case.rules.class_text(code) for code in (data["before"], ReplyClass.SOLVED))
    return f"承诺全部兑现，{office(case)}把{place.unit}的答复由“{before}”转为“{after}”。{data['reason']}"
