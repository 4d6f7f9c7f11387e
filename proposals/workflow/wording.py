"""The sentence each action leaves in the history: who did what, in words that stand alone."""

from accounts.models import Role
from core.dates import cn_date

from ..status import (
    AssignmentRole,
    AssignmentStatus,
    ContactMode,
    ContactStage,
    DeclineOutcome,
    RedoCause,
    Satisfaction,
)
from . import actors, guards, promising
from .placing import office, text_of


def on_behalf(case, row, subject):
    """代录 as the history names it, （澜东代表团代录）, where staff entered a deputy's or a unit's step; else empty."""
    grant, place = case.grant, subject
    if grant is None:
        return ""
    if subject is case.proposal:
        is_entered = actors.entering_staff in row.who and case.proposal.entered_by_id is not None
        is_entered = is_entered and grant.role != Role.DEPUTY
    else:
        place = case.lead_place(subject) if actors.lead_proxy in row.who else case.place_of(subject)
        is_entered = actors.may_be_entered(case, row.who) and guards.is_entered(case, place)
    return f"（{grant.place}代录）" if is_entered else ""


def taken_down(case):
    """That the action took the case off the public list; else empty."""
    return "（已公开的内容同时撤下）" if case.was_taken_down else ""


def invite(case, subject, data):
    return f"邀请{data['deputy'].name}代表附议"


def drop(case, subject, data):
    return f"不再等待{data['cosignature'].deputy.name}代表附议"


def cosign(case, subject, data):
    return f"{case.grant.deputy.name}代表附议"


def refuse_cosign(case, subject, data):
    return f"{case.grant.deputy.name}代表谢绝附议"


def ask_again(case, subject, data):
    # After the effect: whoever had confirmed an earlier text is waited for again.
    names = "、".join(c.deputy.name for c in case.cosignatures if c.was_confirmed_before)
    return f"正文有改动，请{names}代表重新确认附议"


def submit(case, subject, data):
    cosigners = len(case.confirmed_cosignatures())
    return f"{case.proposer_name}提交建议" + (f"，附议 {cosigners} 人" if cosigners else "")


def return_to_proposer(case, subject, data):
    return f"{office(case)}退回修改：{data['reason']}"


def decline(case, subject, data):
    return f"{office(case)}审查：不作建议处理，{DeclineOutcome(data['outcome']).label}。{data['reason']}"


def file(case, subject, data):
    return f"{office(case)}立案，编号 {case.proposal.number}"


def assign(case, subject, data):
    words = f"{office(case)}交办：{text_of(data['placements'])}"
    if data.get("is_complex"):
        words += "。列为复杂件"
    if data.get("reply_due_on"):
        reason = data["early_reason"].rstrip("。")
        words += f"。答复期限提前到 {cn_date(data['reply_due_on'], case.today)}：{reason}"
    if data.get("words"):
        words += f"。办理要求：{data['words']}"
    return words


def accept(case, subject, data):
    return f"{subject.unit}签收"


def log_contact(case, subject, data):
    stage, mode = ContactStage(data["stage"]).label, ContactMode(data["mode"]).label
    who = f"{office(case)}代{subject.unit}" if case.proposal.hides_proposer else subject.unit
    return f"{who}登记{stage}沟通：{cn_date(data['on'], case.today)}{mode}，{data['people']}"


def note_progress(case, subject, data):
    return f"{subject.unit}办理进展：{data['words']}"


def give_opinion(case, subject, data):
    if subject.status == AssignmentStatus.SIGNING:
        return f"{subject.unit}会办意见送审签"
    return f"{subject.unit}提交会办意见"


def draft_reply(case, subject, data):
    return f"{subject.unit}答复送审签"


def rework(case, subject, data):
    return f"{subject.unit}签发人退回修改：{data['reason']}"


def take_back(case, subject, data):
    return f"{subject.unit}撤回送审"


def issue(case, subject, data):
    if subject.role == AssignmentRole.CO:
        return f"{subject.unit}签发并提交会办意见"
    reply = case.reply(subject)
    words = f"{subject.unit}签发答复"
    if reply.doc_no:
        words += f"（{reply.doc_no}）"
    letter = case.rules.letter(reply.reply_class)
    words += f"，{letter} 类，已送达代表" if letter else "，已送达代表"
    return words + _earlier_promises(case, subject, reply)


def _earlier_promises(case, place, reply):
    """What becomes of the promises of earlier rounds, where there are any; else empty."""
    replaced = sum(c.replaced_by_id == reply.pk for c in case.commitments)
    carried = len(promising.earlier_open(case, place))
    words = [f"继续 {carried} 项"] if carried else []
    words += [f"由新的代替 {replaced} 项"] if replaced else []
    return f"；以前的承诺{'，'.join(words)}" if words else ""


def rate(case, subject, data):
    result = f"办理结果{Satisfaction(data['result']).label}"
    attitude = f"办理态度{Satisfaction(data['attitude']).label}，" if data.get("attitude") else ""
    words = f"{case.proposer_name}测评{subject.unit}的答复：{attitude}{result}"
    return words + (f"。意见：{data['words'].strip()}" if data["words"].strip() else "")


def mark_silent(case, subject, data):
    return f"测评期满未收到代表评价，{subject.unit}的答复记为未表态"


def order_redo(case, subject, data):
    cause = RedoCause(data["cause"]).label
    return f"{office(case)}责成重新办理（事由：{cause}）：{text_of(data['placements'])}。{data['reason']}"


def close_disputed(case, subject, data):
    return f"{office(case)}研判后办结：{data['reason']}"


def settle(case, subject, data):
    return f"{office(case)}协调办结：{data['record']}"


def recompute(case, subject, data):
    return "节假日安排公布，暂定的期限已重新计算"
