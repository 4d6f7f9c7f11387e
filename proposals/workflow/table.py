"""The actions: one row each, as the design's workflow table has them.

A row says who may, from which states, to which state, what objects, what follows, and who is told. Buttons,
permission, tests and the workflow picture read these rows; `engine.perform` alone carries them out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..status import HIDDEN_FROM_UNITS
from ..status import AssignmentStatus as A
from ..status import ProposalStatus as P
from ..status import Visibility as V
from . import actors, audiences, effects, guards, wording

PROPOSAL, ASSIGNMENT = "proposal", "assignment"


@dataclass(frozen=True)
class Tell:
    """A notice: to whom, in which words ({title}, {number}, {unit} are filled in), and whether it is a duty."""

    audience: Callable
    words: str
    is_duty: bool = False
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Action:
    """One row. `target` None leaves the status as it is; a callable decides from the case among `possible_targets`.

    `proposal_states`: for an action on a place, the states in which the proposal itself must be.
    `keeps_version`: an action that changes no state neither checks nor bumps the version.
    `is_plain`: nothing to fill in, a button is enough.
    """

    code: str
    label: str
    subject: str
    sources: frozenset
    who: tuple[Callable, ...]
    words: Callable
    visibility: V
    target: str | Callable | None = None
    possible_targets: tuple = ()
    conditions: tuple[Callable, ...] = ()
    checks: tuple[Callable, ...] = ()
    effects: tuple[Callable, ...] = ()
    tells: tuple[Tell, ...] = ()
    proposal_states: frozenset = frozenset()
    keeps_version: bool = False
    is_plain: bool = False

    def target_status(self, case):
        """The status the subject moves to, or None."""
        return self.target(case) if callable(self.target) else self.target


def _opinion_target(case):
    return A.SIGNING if case.rules.switch("opinion_signed") else A.ANSWERED


WRITING = frozenset({P.DRAFT, P.RETURNED})
HANDLING = frozenset({P.HANDLING, P.REDO})
ROWS = (
    # --- Writing and co-signing ---
    Action(
        code="invite",
        label="邀请附议",
        subject=PROPOSAL,
        sources=WRITING,
        who=(actors.proposer,),
        checks=(guards.invitee_may_sign,),
        effects=(effects.invite,),
        words=wording.invite,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.invited, "请您看看是否附议：{title}", is_duty=True),),
        keeps_version=True,
    ),
    Action(
        code="drop",
        label="不再等待",
        subject=PROPOSAL,
        sources=WRITING,
        who=(actors.proposer,),
        conditions=(guards.somebody_is_asked,),
        checks=(guards.cosigner_is_listed,),
        effects=(effects.drop,),
        words=wording.drop,
        visibility=V.PROPOSER,
        keeps_version=True,
    ),
    Action(
        code="cosign",
        label="附议",
        subject=PROPOSAL,
        sources=WRITING,
        who=(actors.invited,),
        checks=(guards.text_is_unchanged,),
        effects=(effects.cosign,),
        words=wording.cosign,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.proposer, "{actor}代表附议了：{title}"),),
        keeps_version=True,
    ),
    Action(
        code="refuse_cosign",
        label="谢绝",
        subject=PROPOSAL,
        sources=WRITING,
        who=(actors.invited,),
        effects=(effects.refuse_cosign,),
        words=wording.refuse_cosign,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.proposer, "{actor}代表谢绝附议：{title}"),),
        keeps_version=True,
    ),
    Action(
        code="ask_again",
        label="请附议代表重新确认",
        subject=PROPOSAL,
        sources=WRITING,
        who=(actors.proposer,),
        conditions=(guards.text_was_changed,),
        effects=(effects.ask_again,),
        words=wording.ask_again,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.invited, "正文有改动，请您重新确认附议：{title}", is_duty=True),),
        keeps_version=True,
        is_plain=True,
    ),
    Action(
        code="submit",
        label="提交建议",
        subject=PROPOSAL,
        sources=WRITING,
        target=P.SUBMITTED,
        who=(actors.proposer,),
        conditions=(guards.lead_in_office,),
        checks=(guards.text_is_complete, guards.invitations_are_settled),
        effects=(effects.submit,),
        words=wording.submit,
        visibility=V.EVERYONE,
    ),
    # --- Review ---
    Action(
        code="return",
        label="退回修改",
        subject=PROPOSAL,
        sources=frozenset({P.SUBMITTED}),
        target=P.RETURNED,
        who=(actors.liaison,),
        effects=(effects.return_to_proposer,),
        words=wording.return_to_proposer,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.proposer, "建议被退回，请修改后再提交：{title}", is_duty=True),),
    ),
    Action(
        code="decline",
        label="不作建议处理",
        subject=PROPOSAL,
        sources=frozenset({P.SUBMITTED, P.RETURNED}),
        target=P.DECLINED,
        who=(actors.liaison,),
        effects=(effects.decline,),
        words=wording.decline,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.signatories, "经审查不作建议处理，理由见办理经过：{title}"),),
    ),
    Action(
        code="file",
        label="立案",
        subject=PROPOSAL,
        sources=frozenset({P.SUBMITTED}),
        target=P.FILED,
        who=(actors.liaison,),
        checks=(guards.category_is_ours,),
        effects=(effects.file,),
        words=wording.file,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.signatories, "您的建议已立案，编号 {number}：{title}"),),
    ),
    # --- Assignment ---
    Action(
        code="assign",
        label="交办",
        subject=PROPOSAL,
        sources=frozenset({P.FILED}),
        target=P.HANDLING,
        who=(actors.liaison,),
        checks=(guards.placement_is_valid, guards.reply_date_is_possible),
        effects=(effects.assign,),
        words=wording.assign,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.round_units, "新交办，请签收：{number} {title}", is_duty=True),
            Tell(audiences.signatories, "您的建议已交办：{number} {title}"),
        ),
    ),
    Action(
        code="accept",
        label="签收",
        subject=ASSIGNMENT,
        sources=frozenset({A.PENDING}),
        target=A.ACCEPTED,
        proposal_states=HANDLING,
        who=(actors.handler,),
        effects=(effects.accept,),
        words=wording.accept,
        visibility=V.EVERYONE,
        is_plain=True,
    ),
    # --- Handling ---
    Action(
        code="log_contact",
        label="登记沟通",
        subject=ASSIGNMENT,
        sources=frozenset({A.ACCEPTED, A.SIGNING, A.ANSWERED}),
        # All states that a unit sees as one: a button that vanished would tell it of a bad rating (§5).
        proposal_states=HANDLING | HIDDEN_FROM_UNITS,
        who=(actors.handler,),
        conditions=(guards.is_current_round,),
        checks=(guards.contact_date_is_possible,),
        effects=(effects.log_contact,),
        words=wording.log_contact,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.proposer, "{unit}登记了与您的沟通，有出入请告诉我们：{title}"),),
        keeps_version=True,
    ),
    Action(
        code="note_progress",
        label="写进展",
        subject=ASSIGNMENT,
        sources=frozenset({A.ACCEPTED, A.SIGNING}),
        proposal_states=HANDLING,
        who=(actors.handler,),
        words=wording.note_progress,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.signatories, "{unit}有新进展：{title}"),),
        keeps_version=True,
    ),
    Action(
        code="give_opinion",
        label="提交会办意见",
        subject=ASSIGNMENT,
        sources=frozenset({A.ACCEPTED}),
        target=_opinion_target,
        possible_targets=(A.SIGNING, A.ANSWERED),
        proposal_states=HANDLING,
        who=(actors.handler,),
        conditions=(guards.is_co,),
        effects=(effects.give_opinion,),
        words=wording.give_opinion,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.lead_unit, "{unit}提交了会办意见：{number} {title}"),),
    ),
    Action(
        code="draft_reply",
        label="送审签",
        subject=ASSIGNMENT,
        sources=frozenset({A.ACCEPTED}),
        target=A.SIGNING,
        proposal_states=HANDLING,
        who=(actors.handler,),
        conditions=(guards.is_replying,),
        checks=(guards.reply_is_ready,),
        effects=(effects.send_for_signing,),
        words=wording.draft_reply,
        visibility=V.UNIT,
        tells=(Tell(audiences.unit_signers, "答复等您签发：{number} {title}", is_duty=True),),
    ),
    Action(
        code="rework",
        label="退回修改",
        subject=ASSIGNMENT,
        sources=frozenset({A.SIGNING}),
        target=A.ACCEPTED,
        proposal_states=HANDLING,
        who=(actors.signer,),
        words=wording.rework,
        visibility=V.UNIT,
        tells=(Tell(audiences.unit_handlers, "签发人退回修改：{number} {title}", is_duty=True),),
    ),
    Action(
        code="take_back",
        label="撤回送审",
        subject=ASSIGNMENT,
        sources=frozenset({A.SIGNING}),
        target=A.ACCEPTED,
        proposal_states=HANDLING,
        who=(actors.sending_handler,),
        words=wording.take_back,
        visibility=V.UNIT,
        is_plain=True,
    ),
    Action(
        code="issue",
        label="签发",
        subject=ASSIGNMENT,
        sources=frozenset({A.SIGNING}),
        target=A.ANSWERED,
        proposal_states=HANDLING,
        who=(actors.signer,),
        effects=(effects.issue,),
        words=wording.issue,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.rater, "{unit}已答复，请看答复并评价：{number} {title}", is_duty=True),
            Tell(audiences.reply_readers, "{unit}已答复，请看答复：{number} {title}"),
            Tell(audiences.lead_unit, "{unit}提交了会办意见：{number} {title}"),
            Tell(audiences.unit_handlers, "已签发：{number} {title}"),
        ),
        is_plain=True,
    ),
    # --- Rating and after ---
    Action(
        code="rate",
        label="满意度测评",
        subject=ASSIGNMENT,
        sources=frozenset({A.ANSWERED}),
        proposal_states=HANDLING | {P.REPLIED},
        who=(actors.proposer,),
        conditions=(
            guards.is_replying,
            guards.is_current_round,
            guards.reply_is_out,
            guards.reply_is_unrated,
            guards.reply_is_not_silent,
        ),
        checks=(guards.rating_is_complete, guards.dissatisfaction_is_explained),
        effects=(effects.rate,),
        words=wording.rate,
        visibility=V.PROPOSER,
        # A place's version stands in its unit's forms: it must not tell them that they were rated.
        keeps_version=True,
    ),
    Action(
        code="mark_silent",
        label="记为未表态",
        subject=ASSIGNMENT,
        sources=frozenset({A.ANSWERED}),
        proposal_states=HANDLING | {P.REPLIED},
        who=(actors.system,),
        conditions=(
            guards.is_replying,
            guards.is_current_round,
            guards.reply_is_out,
            guards.reply_is_unrated,
            guards.reply_is_not_silent,
            guards.rating_is_over,
        ),
        effects=(effects.mark_silent,),
        words=wording.mark_silent,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.proposer, "测评期已过，记为未表态：{number} {title}"),),
        keeps_version=True,
    ),
    Action(
        code="order_redo",
        label="责成重新办理",
        subject=PROPOSAL,
        sources=frozenset({P.DISPUTED, P.COORDINATION, P.CLOSED}),
        target=P.REDO,
        who=(actors.liaison,),
        checks=(guards.placement_is_valid,),
        effects=(effects.order_redo,),
        words=wording.order_redo,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.round_units, "责成重新办理，请签收：{number} {title}", is_duty=True),
            Tell(audiences.signatories, "已责成重新办理：{number} {title}"),
        ),
    ),
    Action(
        code="close_disputed",
        label="研判后办结",
        subject=PROPOSAL,
        sources=frozenset({P.DISPUTED}),
        target=P.CLOSED,
        who=(actors.liaison,),
        effects=(effects.close,),
        words=wording.close_disputed,
        visibility=V.PROPOSER,
        tells=(Tell(audiences.signatories, "经研判办结，理由见办理经过：{number} {title}"),),
    ),
    Action(
        code="settle",
        label="协调办结",
        subject=PROPOSAL,
        sources=frozenset({P.COORDINATION}),
        target=P.CLOSED,
        who=(actors.liaison,),
        effects=(effects.close,),
        words=wording.settle,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.signatories, "经协调办结，记录见办理经过：{number} {title}"),),
    ),
    Action(
        code="urge",
        label="催办",
        subject=PROPOSAL,
        sources=HANDLING,
        who=(actors.liaison, actors.committee, actors.leader),
        conditions=(guards.something_is_open,),
        words=wording.urge,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.open_units, "催办：{number} {title}。{words}", is_duty=True, is_urgent=True),),
        keeps_version=True,
    ),
    Action(
        code="recompute",
        label="重新计算暂定期限",
        subject=PROPOSAL,
        sources=frozenset(P) - {P.DRAFT, P.DECLINED, P.WITHDRAWN},
        who=(actors.system,),
        effects=(effects.recompute,),
        words=wording.recompute,
        visibility=V.EVERYONE,
        keeps_version=True,
    ),
)
TABLE = {row.code: row for row in ROWS}
