"""How a case is named in a line of a digest or reminder: short, and without any deputy's name."""

import re

from proposals.status import Queue

# What the one it waits for has to do, verb first.
TODO = {
    Queue.DRAFT: "写完草稿",
    Queue.COSIGN: "看看是否附议",
    Queue.REVISE: "修改后再提交",
    Queue.REVIEW: "审查",
    Queue.ASSIGN: "交办",
    Queue.ACCEPT: "签收",
    Queue.HANDLE: "答复",
    Queue.OPINION: "写会办意见",
    Queue.SIGN: "签发",
    Queue.RATE: "看答复并评价",
    Queue.JUDGE: "研判",
    Queue.COORDINATE: "协调研究",
    Queue.CHECK: "初核",
    Queue.PLAN_VIEW: "对拟办提意见",
    Queue.DISPATCH: "分办",
    Queue.RETURN: "裁定退回申请",
    Queue.EXTENSION: "裁定延期申请",
    Queue.OBJECTION: "答复代表的异议",
    Queue.CONSENT: "决定是否同意撤回",
    Queue.TAKE_LEAD: "决定是否领衔",
    Queue.ANSWER_URGE: "回复催办",
    Queue.PROMISE: "兑现承诺并报告",
    Queue.EXPLAIN: "说明承诺未兑现的原因",
    Queue.VERIFY: "核实承诺",
    Queue.CONFIRM: "确认承诺做到没有",
    Queue.ANSWER_INSTRUCTION: "回复领导批示",
}


def thing_words(title):
    """What a proposal is about: 在城区社区推广老年助餐服务 for 关于在城区社区推广老年助餐服务的建议."""
    return re.sub(r"^关于|的?(?:若干)?建议$", "", title.strip()) or "（未命名）"
