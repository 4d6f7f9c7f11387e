"""The rows on a promise (承诺) of the action table: progress, date, verification, confirmation, look-back."""

from ..status import (
    HANDLING,
    PROMISE_FAILED,
    PROMISE_OPEN,
    PROMISE_VERIFIED,
)
from ..status import AssignmentStatus as A
from ..status import CommitmentStatus as C
from ..status import ProposalStatus as P
from ..status import Visibility as V
from . import actors, audiences, guards, promises
from .row import ASSIGNMENT, COMMITMENT, Action, Tell

# Whose promise it is; for a unit without access whoever assigned it, or the office (代录).
UNIT = (actors.handler, actors.hub, actors.promise_proxy)


# --- Who is told ----------------------------------------------------------------------------------------


def _once(status, audience):
    """The audience where the promise has come to one of these statuses; nobody else."""

    def told(case, commitment):
        return audience(case, commitment) if commitment.status in status else set()

    return told


def objected_to(case, commitment):
    return audiences.liaison(case, commitment) if commitment.is_disputed else set()


verifiers = _once({C.REPORTED}, audiences.liaison)
to_explain = _once(PROMISE_FAILED, audiences.unit_handlers)

PROMISES = (
    Action(
        code="report_progress",
        label="报告进展",
        subject=COMMITMENT,
        sources=PROMISE_OPEN | PROMISE_FAILED,
        target=promises._reported_as,
        possible_targets=tuple(sorted(promises.UNSETTLED)),
        who=UNIT,
        conditions=(promises.still_stands,),
        checks=(guards.proxy_brings_scan,),
        effects=(promises.report_progress, promises.keep_papers),
        words=promises.report_words,
        visibility=V.EVERYONE,
        tells=(
            Tell(verifiers, "{unit}报告承诺已完成，请核实：{what}", is_duty=True, asks="verify"),
            Tell(audiences.signatories, "{unit}报告了承诺的进展：{what}"),
        ),
    ),
    Action(
        code="move_date",
        label="改期",
        subject=COMMITMENT,
        sources=PROMISE_OPEN,
        target=C.OPEN,
        who=UNIT,
        conditions=(promises.still_stands,),
        checks=(promises.date_is_later, guards.proxy_brings_scan),
        effects=(promises.move_date, promises.keep_papers),
        words=promises.move_words,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.signatories, "{unit}的承诺改期，请看说明：{what}"),
            Tell(audiences.liaison, "{unit}的承诺改期：{what}"),
        ),
    ),
    Action(
        code="verify",
        label="核实",
        subject=COMMITMENT,
        sources=frozenset(C),
        target=promises._verified_as,
        possible_targets=tuple(sorted(PROMISE_VERIFIED)),
        who=(actors.liaison, actors.committee),
        conditions=(promises.still_stands, promises.may_be_verified),
        checks=(promises.failure_is_not_early,),
        effects=(promises.verify,),
        words=promises.verify_words,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.proposer, "承诺已核实，请您确认：{what}", is_duty=True, asks="confirm"),
            Tell(to_explain, "承诺没有全部兑现，请写说明：{what}", is_duty=True, asks="explain_promise"),
            Tell(audiences.unit_handlers, "承诺已核实：{what}"),
        ),
    ),
    Action(
        code="confirm",
        label="确认兑现情况",
        subject=COMMITMENT,
        sources=PROMISE_VERIFIED,
        who=(actors.proposer,),
        conditions=(promises.still_stands, promises.confirmation_is_awaited),
        checks=(promises.confirmation_is_explained, guards.staff_brings_scan),
        effects=(promises.confirm,),
        words=promises.confirm_words,
        visibility=V.EVERYONE,
        keeps_version=True,
        checks_version=True,
        tells=(
            Tell(objected_to, "代表对承诺的核实有异议，请重新核实：{what}", is_duty=True, asks="verify"),
            Tell(audiences.liaison, "代表确认了承诺的兑现情况：{what}"),
            Tell(audiences.unit_handlers, "代表确认了承诺的兑现情况：{what}"),
        ),
    ),
    Action(
        code="mark_unconfirmed",
        label="记为未表态",
        subject=COMMITMENT,
        sources=PROMISE_VERIFIED,
        who=(actors.system,),
        conditions=(promises.still_stands, promises.confirmation_is_over),
        effects=(promises.mark_unconfirmed,),
        words=promises.unconfirmed_words,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.proposer, "确认期已过，记为未表态：{what}"),),
        keeps_version=True,
    ),
    Action(
        code="explain_promise",
        label="说明未兑现的原因",
        subject=COMMITMENT,
        sources=PROMISE_FAILED,
        who=UNIT,
        conditions=(promises.still_stands,),
        checks=(guards.proxy_brings_scan,),
        effects=(promises.explain_promise, promises.keep_papers),
        words=promises.explain_words,
        visibility=V.EVERYONE,
        keeps_version=True,
        tells=(
            Tell(audiences.signatories, "{unit}说明了承诺没有兑现的原因，请看：{what}"),
            Tell(audiences.liaison, "{unit}说明了承诺没有兑现的原因：{what}"),
        ),
    ),
    Action(
        code="reopen_promise",
        label="重新跟踪",
        subject=COMMITMENT,
        sources=PROMISE_VERIFIED,
        target=C.OPEN,
        who=(actors.liaison,),
        conditions=(promises.still_stands,),
        checks=(promises.date_is_ahead,),
        effects=(promises.reopen_promise,),
        words=promises.reopen_words,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.unit_handlers, "承诺重新跟踪：{what}", is_duty=True, asks="report_progress"),
            Tell(audiences.signatories, "承诺重新跟踪：{what}"),
        ),
    ),
    Action(
        code="settle_look_back",
        label="了结回头看",
        subject=COMMITMENT,
        sources=PROMISE_FAILED,
        who=(actors.liaison,),
        conditions=(promises.still_stands, promises.is_on_a_look_back),
        effects=(promises.settle_look_back,),
        words=promises.settle_words,
        visibility=V.EVERYONE,
        keeps_version=True,
        checks_version=True,
        tells=(
            Tell(audiences.signatories, "承诺的回头看已了结，结果见台账：{what}"),
            Tell(audiences.unit_handlers, "承诺的回头看已了结：{what}"),
        ),
    ),
    Action(
        code="look_back",
        label="列入回头看",
        subject=COMMITMENT,
        sources=promises.UNSETTLED,
        who=(actors.system,),
        conditions=(promises.still_stands,),
        checks=(promises.year_is_new,),
        effects=(promises.look_back,),
        words=promises.look_back_words,
        visibility=V.EVERYONE,
        tells=(Tell(audiences.unit_handlers, "承诺列入回头看：{what}"),),
        keeps_version=True,
    ),
    Action(
        code="mark_solved",
        label="转为已解决",
        subject=ASSIGNMENT,
        sources=frozenset({A.ANSWERED}),
        proposal_states=HANDLING | {P.REPLIED, P.DISPUTED, P.COORDINATION, P.CLOSED},
        who=(actors.liaison,),
        conditions=(guards.is_replying, guards.is_current_round, guards.reply_is_out, promises.all_are_kept),
        effects=(promises.mark_solved,),
        words=promises.solved_words,
        visibility=V.EVERYONE,
        tells=(
            Tell(audiences.unit_handlers, "承诺全部兑现，答复转为已解决：{number} {title}"),
            Tell(audiences.signatories, "{unit}的承诺全部兑现，答复转为已解决：{number} {title}"),
        ),
        keeps_version=True,
    ),
)
