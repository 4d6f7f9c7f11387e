"""The steps of a proposal (提交 … 测评) as the progress line shows them."""

from dataclasses import dataclass
from datetime import date

from .status import HIDDEN_FROM_UNITS, ProposalStatus

DONE, NOW, TODO = "done", "now", ""
# The step that each state stands at, counted from 1; 7 is what comes after the rating.
AT = {
    ProposalStatus.DRAFT: 1,
    ProposalStatus.RETURNED: 1,
    ProposalStatus.SUBMITTED: 2,
    ProposalStatus.FILED: 3,
    ProposalStatus.HANDLING: 4,
    ProposalStatus.REDO: 4,
    ProposalStatus.REPLIED: 6,
    ProposalStatus.DISPUTED: 7,
    ProposalStatus.COORDINATION: 7,
}


@dataclass(frozen=True)
class Step:
    """One step: its place in the line, label, state (done, now or nothing) and the date below it, if any."""

    number: int
    label: str
    state: str
    on: date | None = None
    words: str = ""


def steps_of(proposal, sight, *, accepted_on=None):
    """The steps of a proposal as this reader may see them (a list of Step).

    `accepted_on`: when the replying unit signed for it (Shanghai date), known on the case page only.
    """
    status = proposal.status
    if status in (ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN):
        return [
            Step(1, "提交", DONE, proposal.submitted_on),
            Step(2, proposal.get_status_display(), NOW),
        ]
    if sight.is_unit_only and status in HIDDEN_FROM_UNITS:
        status = ProposalStatus.REPLIED
    is_redo = proposal.round > 1
    labels = ["提交", "立案", "交办", "重办" if is_redo else "办理", "答复", "测评"]
    dates = [proposal.submitted_on, proposal.filed_on, proposal.assigned_on, accepted_on]
    dates += [proposal.replied_on, None]
    if status == ProposalStatus.CLOSED:
        now = len(labels) + 2
        labels, dates = [*labels, "办结"], [*dates, proposal.closed_on]
    else:
        now = AT[status]
        if now == 7:
            labels.append("研判" if status == ProposalStatus.DISPUTED else "协调")
            dates.append(None)
    return [
        Step(
            number,
            label,
            DONE if number < now else NOW if number == now else TODO,
            on if number < now else None,
            "签收" if label in ("办理", "重办") and on and number < now else "",
        )
        for number, (label, on) in enumerate(zip(labels, dates, strict=True), start=1)
    ]
