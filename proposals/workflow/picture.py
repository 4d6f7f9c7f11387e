"""The workflow as a document: a Mermaid picture of both state machines and the table of actions, in Chinese."""

from ..status import AssignmentStatus, CommitmentStatus, ProposalStatus
from .following import FOLLOWING_EDGES
from .table import PROPOSAL, ROWS

WHO = {
    "proposer": "领衔代表",
    "invited": "受邀代表",
    "liaison": "联工委",
    "committee": "专委会",
    "leader": "常委会领导",
    "handler": "承办单位经办",
    "signer": "承办单位签发人",
    "sending_handler": "送审的经办",
    "system": "系统",
    "proxy_rater": "联工委",
    "entering_staff": "代录的工作人员",
    "asked_to_consent": "附议代表",
    "delegation_staff": "代表团工作人员",
    "hub": "政府督查室",
    "assigning_side": "交办的一方",
    "unit_proxy": "代录（单位不用系统的）",
    "lead_proxy": "代录（主办单位不用系统的）",
    "dispatching_hub": "政府督查室",
    "hidden_contact": "联工委（隐名件）",
    "asked_for_view": "被征求意见的单位",
    "asked_to_lead": "受请的附议代表",
    "gov_leader": "政府领导",
    "extension_decider": "延期裁定人",
    "promise_proxy": "代录（单位不用系统的）",
}
TITLES = {"proposal": "建议的状态", "assignment": "承办的状态", "commitment": "承诺事项的状态"}
KINDS = {
    "proposal": (ProposalStatus, "建议"),
    "assignment": (AssignmentStatus, "承办"),
    "commitment": (CommitmentStatus, "承诺"),
}


def render():
    """The whole document as Markdown; `manage.py workflow_picture` writes it to docs/workflow.md."""
    parts = [
        "# 办理流程",
        "本页由 `python manage.py workflow_picture` 从动作表生成，请勿手改；测试会核对它是否最新。",
        f"## {TITLES['proposal']}",
        _diagram(ProposalStatus, PROPOSAL, [(a, b, words) for a, b, words in FOLLOWING_EDGES]),
        f"## {TITLES['assignment']}",
        _diagram(AssignmentStatus, "assignment", []),
        f"## {TITLES['commitment']}",
        _diagram(CommitmentStatus, "commitment", []),
        "## 动作",
        _actions(),
    ]
    return "\n\n".join(parts) + "\n"


def targets(row, source):
    """The statuses a row can lead to from `source`: itself when it changes nothing."""
    if row.target is None:
        return [source]
    return list(row.possible_targets) if callable(row.target) else [row.target]


def _diagram(statuses, subject, extra):
    edges = {}
    for row in ROWS:
        if row.subject != subject or row.target is None:
            continue
        for source in sorted(row.sources):
            for target in targets(row, source):
                edges.setdefault((source, target), []).append(row.label)
    for source, target, words in extra:
        edges.setdefault((source, target), []).append(words)
    used = {status for edge in edges for status in edge}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'  state "{status.label}" as {status.value}' for status in statuses if status in used]
    lines += [f"  {a} --> {b}: {'、'.join(labels)}" for (a, b), labels in edges.items()]
    return "\n".join([*lines, "```"])


def _actions():
    lines = ["| 动作 | 对象 | 从 | 到 | 谁 |", "|---|---|---|---|---|"]
    for row in ROWS:
        kind, name = KINDS[row.subject]
        sources = "、".join(status.label for status in kind if status in row.sources)
        goals = "（不变）" if row.target is None else "、".join(kind(t).label for t in targets(row, ""))
        who = "、".join(dict.fromkeys(WHO[w.__name__] for w in row.who))
        lines.append(f"| {row.label} `{row.code}` | {name} | {sources} | {goals} | {who} |")
    return "\n".join(lines)
