"""The states of a proposal and of a unit's place in it, with the words users see, and the other closed lists."""

from django.db.models import TextChoices


class ProposalStatus(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审查"
    RETURNED = "returned", "退回修改"
    DECLINED = "declined", "不作建议处理"
    FILED = "filed", "已立案，待交办"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "已答复，待测评"
    DISPUTED = "disputed", "不满意，待研判"
    REDO = "redo", "重新办理"
    COORDINATION = "coordination", "协调研究"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "已撤回"


# The proposal waits on nobody any more; commitments may go on.
ENDED = frozenset({ProposalStatus.DECLINED, ProposalStatus.CLOSED, ProposalStatus.WITHDRAWN})
# What the round's assignments decide (workflow: "the proposal follows its assignments").
FOLLOWING = frozenset({ProposalStatus.HANDLING, ProposalStatus.REDO, ProposalStatus.REPLIED})
# Units are at work on the case.
HANDLING = frozenset({ProposalStatus.HANDLING, ProposalStatus.REDO})
# Units and hub see these as 已答复，测评中 until the case closes or a redo is ordered (防止“被满意”).
HIDDEN_FROM_UNITS = frozenset({ProposalStatus.DISPUTED, ProposalStatus.COORDINATION, ProposalStatus.REPLIED})
BEING_RATED = "已答复，测评中"


class AssignmentStatus(TextChoices):
    DISPATCHING = "dispatching", "待分办"
    DISPATCHED = "dispatched", "已分办"
    PENDING = "pending", "待签收"
    ACCEPTED = "accepted", "办理中"
    RETURN_ASKED = "return_asked", "申请退回"
    SIGNING = "signing", "待签发"
    ANSWERED = "answered", "已答复"
    RELEASED = "released", "已调整"


# Places whose work is over (answered, passed on to children, or taken away).
PLACE_ENDED = frozenset({AssignmentStatus.DISPATCHED, AssignmentStatus.ANSWERED, AssignmentStatus.RELEASED})
# Places that lead or assist no more: taken away, or a hub's whose children do the work.
PASSED_ON = frozenset({AssignmentStatus.RELEASED, AssignmentStatus.DISPATCHED})


class AssignmentRole(TextChoices):
    LEAD = "lead", "主办"
    CO = "co", "会办"
    SEPARATE = "separate", "分办"


class Source(TextChoices):
    """来源. 大会件 have their clocks start when the session closes."""

    SESSION = "session", "大会"
    RECESS = "recess", "闭会"
    STATION = "station", "联络站"
    INSPECTION = "inspection", "视察调研"
    REVIEW = "review", "审议意见"
    MOTION = "motion", "议案转建议"


class ReplyClass(TextChoices):
    """答复类别: stored by meaning; the rule set prints its own letters, which differ from place to place."""

    SOLVED = "solved", "已解决或基本解决"
    IN_PROGRESS = "in_progress", "正在解决"
    PLANNED = "planned", "列入计划逐步解决"
    RESTRICTED = "restricted", "受条件限制暂缓解决"
    REFERENCE = "reference", "留作参考"


# Replies of these classes list what is promised (承诺事项).
CLASSES_WITH_COMMITMENTS = frozenset({ReplyClass.IN_PROGRESS, ReplyClass.PLANNED})


class CommitmentStatus(TextChoices):
    """承诺事项: followed until verified (核实); 部分兑现 and 未兑现 stay in the look-back until settled."""

    OPEN = "open", "在跟踪"
    REPORTED = "reported", "待核实"
    KEPT = "kept", "兑现"
    PARTLY = "partly", "部分兑现"
    BROKEN = "broken", "未兑现"


# Not verified yet; verified; verified as less than promised.
PROMISE_OPEN = frozenset({CommitmentStatus.OPEN, CommitmentStatus.REPORTED})
PROMISE_VERIFIED = frozenset({CommitmentStatus.KEPT, CommitmentStatus.PARTLY, CommitmentStatus.BROKEN})
PROMISE_FAILED = frozenset({CommitmentStatus.PARTLY, CommitmentStatus.BROKEN})


class Confirmation(TextChoices):
    """代表确认 of a verified promise. 未表态 is never counted as 兑现."""

    KEPT = "kept", "兑现"
    PARTLY = "partly", "部分兑现"
    BROKEN = "broken", "未兑现"
    SILENT = "silent", "未表态"


class ExplanationKind(TextChoices):
    """Why a promise is explained in writing to the deputy."""

    MOVED = "moved", "改期说明"
    BROKEN = "broken", "未兑现说明"


class LookBackCause(TextChoices):
    """Why a promise is on a year's look-back list (回头看)."""

    YEAR = "year", "跨年未完"
    PARTLY = "partly", "部分兑现"
    BROKEN = "broken", "未兑现"


class LookBackResult(TextChoices):
    """How a look-back ended (了结)."""

    KEPT = "kept", "已兑现"
    ENDED = "ended", "说明了结"
    CARRIED = "carried", "转入下年"
    REPLACED = "replaced", "由新承诺代替"


class PointState(TextChoices):
    """落实情况 of one concrete request."""

    DONE = "done", "已落实"
    DOING = "doing", "正在落实"
    PLANNED = "planned", "列入计划"
    LIMITED = "limited", "条件所限"
    REFERENCE = "reference", "留作参考"


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class CosignState(TextChoices):
    INVITED = "invited", "等待答复"
    CONFIRMED = "confirmed", "已附议"
    REFUSED = "refused", "谢绝"
    DROPPED = "dropped", "不再等待"


class ContactStage(TextChoices):
    BEFORE = "before", "办前"
    DURING = "during", "办中"
    AFTER = "after", "办后"


class ContactMode(TextChoices):
    VISIT = "visit", "登门走访"
    MEETING = "meeting", "座谈"
    FIELD = "field", "实地调研"
    PHONE = "phone", "电话"
    MAIL = "mail", "信函邮件"


class DeclineOutcome(TextChoices):
    LETTER = "letter", "转代表来信处理"
    REFERENCE = "reference", "转有关方面工作参考"


class RequestKind(TextChoices):
    """What can be asked for beside the status."""

    WITHDRAW = "withdraw", "撤回征求附议同意"
    LEAD = "lead", "变更领衔"
    PLAN_VIEW = "plan_view", "拟办征求意见"
    RETURN = "return", "申请退回"
    EXTENSION = "extension", "申请延期"
    OBJECTION = "objection", "提出异议"
    URGE = "urge", "催办"
    # 批示: the instruction as a whole, until it is marked as carried out; and the answer that a unit owes to it.
    INSTRUCTION = "instruction", "批示"
    INSTRUCTED = "instructed", "回复批示"
    # 报告领导: a case that the office puts before one leader, until they have given their word.
    REPORT = "report", "报告领导"


class RequestState(TextChoices):
    OPEN = "open", "待决定"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"
    VOID = "void", "作废"


class RecallKind(TextChoices):
    CORRECTION = "correction", "更正（保留首次答复日期）"
    AGAIN = "again", "退回重答（原答复期限接着走）"


class RedoCause(TextChoices):
    """事由 of a redo; 再交办 is kept out of first and final satisfaction."""

    DISSATISFIED = "dissatisfied", "不满意"
    REASSIGNED = "reassigned", "再交办"
    OTHER = "other", "其他"


class Visibility(TextChoices):
    """Who may read a line of history, within the rows they may see at all."""

    EVERYONE = "everyone", "各方可见"
    PROPOSER = "proposer", "代表与联工委"
    UNIT = "unit", "本单位与联工委"
    CONGRESS = "congress", "联工委内部"
    INNER = "inner", "人大机关内部"


class HolderKind(TextChoices):
    """On whom a case can wait."""

    DEPUTY = "deputy", "代表"
    LIAISON = "liaison", "联工委"
    HANDLER = "handler", "承办单位经办"
    SIGNER = "signer", "承办单位签发人"
    HUB = "hub", "政府督查室"
    DELEGATION = "delegation", "代表团工作人员"


# Who works at a unit that is no hub.
UNIT_HOLDERS = (HolderKind.HANDLER, HolderKind.SIGNER)


class Queue(TextChoices):
    """队列: for what it waits. One list on a worklist each."""

    DRAFT = "draft", "草稿"
    COSIGN = "cosign", "待附议"
    REVISE = "revise", "待修改"
    REVIEW = "review", "待审查"
    ASSIGN = "assign", "待交办"
    ACCEPT = "accept", "待签收"
    HANDLE = "handle", "待答复"
    OPINION = "opinion", "待提会办意见"
    SIGN = "sign", "待签发"
    RATE = "rate", "待测评"
    JUDGE = "judge", "不满意待研判"
    COORDINATE = "coordinate", "协调研究"
    CHECK = "check", "待初核"
    PLAN_VIEW = "plan_view", "拟办征求意见"
    DISPATCH = "dispatch", "待分办"
    RETURN = "return", "退回申请"
    EXTENSION = "extension", "延期申请"
    OBJECTION = "objection", "异议"
    CONSENT = "consent", "撤回征求同意"
    TAKE_LEAD = "take_lead", "请您领衔"
    ANSWER_URGE = "answer_urge", "待回复催办"
    ANSWER_INSTRUCTION = "answer_instruct", "待回复批示"
    PROMISE = "promise", "待兑现承诺"
    EXPLAIN = "explain", "待说明未兑现"
    VERIFY = "verify", "待核实"
    CONFIRM = "confirm", "待确认"


# What goes on after the reply: it moves no case's own date.
PROMISE_QUEUES = frozenset({Queue.PROMISE, Queue.EXPLAIN, Queue.VERIFY, Queue.CONFIRM})


class ClockKind(TextChoices):
    REVIEW = "review", "审查"
    REVISE = "revise", "修改"
    ASSIGN = "assign", "交办"
    ASSIGN_SESSION = "assign_session", "大会件交办"
    DISPATCH = "dispatch", "分办"
    ACCEPT = "accept", "签收"
    RETURN_WINDOW = "return_window", "申退窗口"
    RETURN_DECISION = "return_decision", "退回裁定"
    FIRST_CONTACT = "first_contact", "首次沟通"
    OPINION = "opinion", "会办意见"
    OPINION_REDO = "opinion_redo", "会办补正"
    REPLY = "reply", "答复"
    REPLY_COMPLEX = "reply_complex", "答复上限"
    CORRECTION = "correction", "更正"
    EXTENSION_DECISION = "extension_decision", "延期裁定"
    RATING = "rating", "测评"
    RATING_GRACE = "rating_grace", "测评宽限"
    JUDGE = "judge", "研判"
    REDO = "redo", "重办答复"
    REDO_CEILING = "redo_ceiling", "重办上限"
    COORDINATION = "coordination", "协调"
    COMMITMENT = "commitment", "承诺"
