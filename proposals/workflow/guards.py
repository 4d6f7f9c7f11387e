"""Why not: each guard returns None when it has no objection, else the Chinese sentence of the refusal.

A sentence names the fact, the rule and the way out. *Conditions* `(case, subject)` ask only the case and
decide whether a button is shown; *checks* `(case, subject, data)` look at what was filled in.
"""

from datetime import date

from django.db.models import Subquery

from accounts.models import Role
from core.dates import cn_date, cn_deadline
from core.phones import holds_number
from core.workdays import add_months
from institutions.succession import units_stood_for

from .. import clocks
from ..masking import hidden_names
from ..models import ProposalEvent
from ..status import (
    CLASSES_WITH_COMMITMENTS,
    FOLLOWING,
    AssignmentRole,
    AssignmentStatus,
    ClockKind,
    CosignState,
    PointState,
    ProposalStatus,
    ReplyClass,
    Satisfaction,
)
from . import promising

MAX_PROMISE_YEARS = 10
WORDS_WANTED = "选了不满意，请写明哪里没有办好、希望怎样改进。"

# --- Writing and co-signing ---------------------------------------------------------------------------


def invitee_may_sign(case, subject, data):
    """In office, of the same congress, not the lead, not asked already."""
    deputy = data["deputy"]
    if deputy.congress_id != case.proposal.congress_id:
        return "只能邀请本级人大的代表附议。"
    if not deputy.in_office:
        return f"{deputy.name}代表已离任，不能附议。请改邀在任代表。"
    if deputy.pk == case.proposal.lead_id:
        return "领衔代表不用邀请自己。"
    for cosignature in case.live_cosignatures():
        if cosignature.deputy_id == deputy.pk:
            return f"{deputy.name}代表已经邀请过，{cosignature.get_state_display()}。"
    return None


def cosigner_is_listed(case, subject, data):
    if not any(c.pk == data["cosignature"].pk for c in case.live_cosignatures()):
        return "这位代表已不在附议名单里，不用再取消。"
    return None


def somebody_is_asked(case, subject):
    return None if case.live_cosignatures() else "附议名单里还没有人。"


def text_was_changed(case, subject):
    return None if case.outdated_cosignatures() else "正文没有改动，不用重新确认。"


def text_is_unchanged(case, subject, data):
    """附议 binds to the text as it stands: the deputy must have read exactly this text."""
    if data["text_hash"] != case.proposal.text_hash:
        return "领衔代表刚改过正文，您看到的不是最新文本。请重新看一遍再决定。"
    return None


def missing_text(proposal):
    """The names of what a proposal still lacks, in order; empty when it is complete (京条例 9)."""
    missing = []
    if not proposal.title.strip():
        missing.append("标题")
    if not proposal.situation.strip():
        missing.append("情况")
    if not proposal.analysis.strip():
        missing.append("分析")
    if not any(str(point).strip() for point in proposal.points):
        missing.append("至少一条具体建议")
    return missing


def text_is_complete(case, subject, data):
    missing = missing_text(case.proposal)
    return f"提交前还差 {len(missing)} 项：{'；'.join(missing)}。" if missing else None


def title_names_nobody(case, subject, data):
    """隐名: lists show titles to the units, so that none may hold the name of a deputy or delegation of the case."""
    title = data.get("title", case.proposal.title)
    if case.proposal.hides_proposer and any(name in title for name in hidden_names(case)):
        return "请求对承办单位保密身份的，标题里不要写姓名和代表团。请改好标题再提交。"
    return None


def invitations_are_settled(case, subject, data):
    """Every invitation confirmed (on this very text), refused or dropped."""
    waiting = [c.deputy.name for c in case.cosignatures if c.state == CosignState.INVITED]
    if waiting:
        names = "、".join(waiting)
        return f"{names}代表还没有答复附议邀请。可以继续等，也可以选“不再等待”。"
    changed = [c.deputy.name for c in case.outdated_cosignatures()]
    if changed:
        return f"{'、'.join(changed)}代表附议的是改动前的正文。请先保存，系统会请他们重新确认。"
    return None


def lead_in_office(case, subject):
    if not case.proposal.is_delegations and not case.proposal.lead.in_office:
        return "您已离任，不能再提交新的建议；已提交的仍可查看和测评。"
    return None


def entered_with_scan(case, subject, data):
    return scan_objection(case, case.grant)


def scan_objection(case, grant):
    """Why whoever holds `grant` may not hand in a paper yet, or None.

    代录 and 代表团名义 carry the signed paper every time: what was returned comes back under a new signature, save
    where the deputy hands it in themself.
    """
    proposal = case.proposal
    if not proposal.is_written_by_staff or signed_scans(proposal).exists():
        return None
    if proposal.status == ProposalStatus.RETURNED:
        if grant is not None and grant.role == Role.DEPUTY:
            return None
        return "还没有上传退回修改后重新签名的纸质建议扫描件。原来的扫描件是改动前的，要另附一份。"
    return "还没有上传签名的纸质建议扫描件。代录和以代表团名义提出的建议都要附上。"


def signed_scans(proposal):
    """The signed papers (签名扫描件) of the text that is being written: those uploaded since it was last returned."""
    scans = proposal.attachments.filter(is_scan=True)
    if proposal.status != ProposalStatus.RETURNED:
        return scans
    returned = ProposalEvent.objects.filter(proposal=proposal, action="return").order_by("-seq")
    return scans.filter(uploaded_at__gt=Subquery(returned.values("at")[:1]))


# --- Review and assignment ----------------------------------------------------------------------------


def category_is_in_use(case, subject, data):
    category = data["category"]
    if category.congress_id != case.proposal.congress_id:
        return "类别不属于本级人大，请重新选择。"
    return None if category.is_active else f"类别“{category}”已停用，请打开这件，另选类别立案。"


def reply_date_is_possible(case, subject, data):
    """An earlier reply date lies after today, not after the legal one, and has a reason."""
    early = data.get("reply_due_on")
    if not early:
        return None
    if early <= case.today:
        return "要求答复的日期要晚于今天。"
    if not (data.get("early_reason") or "").strip():
        return "提前答复日期要写明理由。"
    legal = legal_reply_due(case, data.get("is_complex", False))
    if legal and early > legal:
        return f"要求答复的日期不能晚于法定期限 {cn_deadline(legal, case.today)}。"
    return clocks.day_off_words(case, early)


def legal_reply_due(case, is_complex):
    """The reply date that assigning today gives, or None where the rules know no such limit."""
    terms = case.rules.clock(ClockKind.REPLY_COMPLEX if is_complex else ClockKind.REPLY)
    if terms is None:
        return None
    return clocks.due_by(case, terms, case.today).due_on


# --- Handling -----------------------------------------------------------------------------------------


def contact_date_is_possible(case, subject, data):
    if data["on"] > case.today:
        return (
            f"沟通日期不能晚于今天（{cn_date(case.today, case.today)}）。还没有发生的沟通，请在发生后登记。"
        )
    earliest = case.proposal.submitted_on or subject.opened_on
    if data["on"] < earliest:
        return f"沟通日期不能早于建议提交日期（{cn_date(earliest, case.today)}）。"
    return None


def is_co(case, subject):
    return None if subject.role == AssignmentRole.CO else "只有会办单位提交会办意见，主办单位请写答复。"


def is_replying(case, subject):
    return None if subject.replies else "会办单位不直接答复代表，请提交会办意见。"


def is_current_round(case, subject):
    if subject.round != case.proposal.round:
        return "这是前一轮的承办，已经结束。"
    return None


def reply_is_ready(case, subject, data):
    """The checks of the reply editor (送审签核对), as one refusal."""
    missing = [check.label for check in reply_checks(case, subject) if not check.is_met]
    return f"送审签前还差 {len(missing)} 项：{'；'.join(missing)}。" if missing else None


def promises_can_be_kept(case, subject, data):
    """签发: what was promised when it was sent for signing may be due by the time it is signed."""
    reply = case.reply(subject) if subject.replies else None
    if reply is None or reply.reply_class not in CLASSES_WITH_COMMITMENTS:
        return None
    words = _promises_objection(case, subject, reply)
    return f"承诺事项{words}。请退回经办修改后再签发。" if words else None


class Check:
    """One line of 送审签核对: what is needed, whether it is there, and a few words."""

    def __init__(self, code, label, is_met, words):
        self.code, self.label, self.is_met, self.words = code, label, is_met, words


def reply_checks(case, place):
    """All that blocks sending this place's reply for signing, met or not, in the page's order."""
    reply = case.reply(place)
    checks = []
    if case.rules.switch("contact_required"):
        contacts = case.contacts_of(place)
        excuse = reply.no_contact_reason.strip() if reply else ""
        words = f"{len(contacts)} 次，首次 {cn_date(contacts[0].on, case.today)}" if contacts else ""
        words = words or ("已写明未沟通的原因" if excuse else "还没有沟通记录，或写明未沟通的原因")
        checks.append(Check("contact", "沟通代表", bool(contacts or excuse), words))
    checks += _opinion_checks(case, place, reply)
    if reply is None:
        return [*checks, Check("answers", "逐条答复", False, "还没有开始写")]
    asked = len(case.proposal.points)
    answered = sum(
        1 for answer in reply.answers if answer.get("text", "").strip() and answer.get("state") in PointState
    )
    words = f"{asked} 条已答 {min(answered, asked)} 条"
    checks.append(Check("answers", "逐条答复", answered >= asked, words))
    has_class = reply.reply_class in ReplyClass
    words = case.rules.letter(reply.reply_class) if has_class else "未选"
    checks.append(Check("class", "答复类别", has_class, words))
    checks += _document_checks(reply, case.rules)
    if reply.reply_class in CLASSES_WITH_COMMITMENTS:
        words = _promises_objection(case, place, reply)
        said = f"{len(reply.planned_commitments)} 项"
        if carried := len(promising.carried_on(case, place, reply)):
            said += f"，继续以前的 {carried} 项"
        checks.append(Check("commitments", "承诺事项", not words, words or said))
    return checks


def _promises_objection(case, place, reply):
    """What the promises of a reply still lack; none new are needed where earlier ones go on (继续)."""
    carried = {_bare(promise.what) for promise in promising.carried_on(case, place, reply)}
    if not reply.planned_commitments and not reply.replaces and carried:
        return None
    for number, promise in enumerate(reply.planned_commitments, start=1):
        if _bare(str(promise.get("what") or "")) in carried:
            return f"第 {number} 项以前承诺过，还在继续：请删去这一项，或把以前的标为由新的代替"
    return commitments_objection(reply.planned_commitments, case.today)


def _bare(words):
    """The words of a promise without spaces and the full stop, to tell whether it is made twice."""
    return "".join(words.split()).rstrip("。.")


def commitments_objection(promises, today):
    """What the listed commitments (承诺事项) still lack, in a few words; None when each can be held to account."""
    if not promises:
        return "这类答复要列明承诺事项"
    for number, promise in enumerate(promises, start=1):
        if not all(str(promise.get(name) or "").strip() for name in ("what", "promised_on", "owner")):
            return f"第 {number} 项没有写全"
        if objection := promise_date_objection(promise["promised_on"], today):
            return f"第 {number} 项：{objection}"
    return None


def promise_date_objection(promised_on, today):
    """Why a commitment cannot be due on this date (ISO text), or None."""
    try:
        day = date.fromisoformat(str(promised_on))
    except ValueError:
        return "完成日期写成 2026-09-30 这样"
    if day < today:
        return "完成日期已经过去"
    if day > add_months(today, 12 * MAX_PROMISE_YEARS):
        return f"完成日期在 {MAX_PROMISE_YEARS} 年以后，请核对年份"
    return None


def _document_checks(reply, rules):
    """文号 and contact, or the signed record of an answer given in person (鲁条例 22) where the rule set knows it."""
    if reply.is_oral and rules.switch("oral_reply_record"):
        has_record = reply.attachments.exists()
        words = "已上传" if has_record else "请上传代表签名的当面答复记录"
        return [Check("oral_record", "当面答复记录", has_record, words)]
    has_contact = bool(reply.contact_person.strip()) and holds_number(reply.contact_phone)
    return [
        Check("doc_no", "文号", bool(reply.doc_no.strip()), reply.doc_no.strip() or "未填"),
        Check("person", "联系人、电话", has_contact, "已填" if has_contact else "未填全"),
    ]


def _opinion_checks(case, place, reply):
    co_places = case.co_places(place)
    if not co_places:
        return []
    late = [co for co in co_places if co.status != AssignmentStatus.ANSWERED]
    reasons = reply.late_opinions if reply else {}
    unexplained = [co for co in late if not str(reasons.get(str(co.pk), "")).strip()]
    words = f"收到 {len(co_places) - len(late)} 份"
    if late:
        words += f"，另 {len(late)} 份" + ("已注明未到的原因" if not unexplained else "未到，要注明原因")
    return [Check("opinions", "会办意见", not unexplained, words)]


# --- Rating and after ---------------------------------------------------------------------------------


def reply_is_out(case, subject):
    reply = case.reply(subject)
    if reply is None or not reply.is_issued:
        return "这份答复还没有签发，不能测评。"
    return None


def is_unrated(case, subject):
    return "这份答复已经测评过。" if case.rating(subject) else None


def late_only_when_silent(case, subject):
    """Once closed, a reply takes a rating only when it was 未表态, or to replace a proxy's; while it is judged,
    only the latter."""
    if case.proposal.status in FOLLOWING or case.rating(subject):
        return None
    if case.proposal.status != ProposalStatus.CLOSED:
        return "正在研判，暂不能补评。办结后可以补评。"
    return None if case.reply(subject).silent_on else "这件已经办结，不能再测评。"


def staff_brings_scan(case, subject, data):
    """代表团名义: its staff act with the head's signed scan every time."""
    if case.proposal.is_delegations and not data.get("files"):
        return "以代表团名义提出的建议，请上传团长签名的扫描件。"
    return None


def proxy_brings_scan(case, subject, data):
    """代录 for a unit without access carries the unit's signed or sealed paper."""
    return _paper_missing(case, subject, data)


def contact_brings_scan(case, subject, data):
    """The same, but none where the proposer is hidden (隐名): that contact is the office's own."""
    return None if case.proposal.hides_proposer else _paper_missing(case, subject, data)


def lead_proxy_brings_scan(case, subject, data):
    """The same where the lead acts on a place that assists it."""
    return _paper_missing(case, case.lead_place(subject), data)


def _paper_missing(case, place, data):
    if not is_entered(case, place) or data.get("files"):
        return None
    return f"代{place.unit}录入，请上传该单位签字盖章的材料扫描件。"


def is_entered(case, place):
    """Whether the actor enters a step for a unit that does not use the system (代录)."""
    grant = case.grant
    is_own = grant is not None and grant.unit_id and place.unit_id in units_stood_for(grant.unit_id)
    return not is_own and not place.unit.has_access


def rating_is_awaited(case, subject):
    """Neither rated nor 未表态 yet (for the system's own step)."""
    reply = case.reply(subject)
    if case.rating(subject) or (reply and reply.silent_on):
        return "这份答复已经测评或记为未表态。"
    return None


def rating_is_complete(case, subject, data):
    """Both dimensions where the rule set rates both (沪规 21, 鲁条例 23)."""
    if case.rules.switch("two_dimensions") and not data.get("attitude"):
        return "请给办理态度选一项。"
    return None


def dissatisfaction_is_explained(case, subject, data):
    """Words are required with any 不满意 (沪规 21, 鲁条例 23)."""
    if Satisfaction.DISSATISFIED in (data.get("attitude"), data["result"]) and not data["words"].strip():
        return WORDS_WANTED
    return None


def rating_is_over(case, subject):
    """Rating window and grace both over (mark_silent)."""
    over_on = silent_after(case, subject)
    if over_on is None or case.today <= over_on:
        return "测评期限和宽限期还没有过。"
    return None


def silent_after(case, place):
    """The last day on which a reply may still be rated: the rating clock's due date plus the grace."""
    clock = case.clock(ClockKind.RATING, assignment=place)
    return clocks.grace_until(case, clock) if clock else None


def something_is_open(case, subject):
    if not any(place.is_open for place in case.round_places):
        return "这件没有正在办理的单位，不用催办。"
    return None
