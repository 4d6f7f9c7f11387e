"""The rows of those who supervise: leaders' instructions and reports to them, committees' part in 督办."""

from ..status import AssignmentStatus as A
from ..status import ProposalStatus as P
from ..status import RequestKind as R
from ..status import Visibility as V
from . import actors, audiences, guards, instructing, overseeing, requests
from .row import ASSIGNMENT, PROPOSAL, Action, Tell

# What a leader or committee may speak to: everything registered, also when it is closed.
ALIVE = frozenset(P) - {P.DRAFT, P.RETURNED, P.DECLINED, P.WITHDRAWN}
SUBMITTED = frozenset(P) - {P.DRAFT}
ASSIGNED = ALIVE - {P.SUBMITTED, P.FILED, P.CLOSED}

SUPERVISION_ROWS = (
    Action(
        code="instruct",
        label="写批示",
        subject=PROPOSAL,
        sources=ALIVE,
        who=(actors.leader, actors.gov_leader),
        checks=(instructing.somebody_is_addressed,),
        effects=(instructing.instruct,),
        words=instructing.instruct_words,
        visibility=instructing.instruct_seen_by,
        tells=(
            Tell(
                audiences.liaison,
                "领导批示：{number} {title}。{words}",
                is_duty=True,
                is_urgent=True,
                topic="word",
            ),
            Tell(
                audiences.instructed_units,
                "领导批示：{number} {title}。{words}",
                is_duty=True,
                is_urgent=True,
                topic="word",
            ),
        ),
        keeps_version=True,
    ),
    Action(
        code="answer_instruct",
        label="回复批示",
        subject=ASSIGNMENT,
        sources=frozenset(A) - {A.RELEASED},
        proposal_states=ALIVE,
        who=(actors.handler, actors.hub, actors.unit_proxy),
        conditions=(requests.is_pending(R.INSTRUCTED),),
        checks=(guards.proxy_brings_scan, instructing.answer_is_awaited),
        effects=(instructing.answer_instruct,),
        words=instructing.answer_instruct_words,
        visibility=instructing.answer_seen_by,
        tells=(
            Tell(audiences.instructing_leaders, "{unit}回复了您的批示：{number} {title}"),
            Tell(audiences.liaison, "{unit}回复了批示，请看是否已执行：{number} {title}"),
        ),
        keeps_version=True,
    ),
    Action(
        code="mark_instruct",
        label="标记批示执行",
        subject=PROPOSAL,
        sources=ALIVE,
        who=(actors.liaison, actors.leader, actors.gov_leader),
        conditions=(requests.is_pending(R.INSTRUCTION),),
        checks=(instructing.mark_is_open,),
        effects=(instructing.mark_instruct,),
        words=instructing.mark_words,
        visibility=instructing.mark_seen_by,
        tells=(Tell(audiences.marked_leader, "您的批示有了执行标记：{number} {title}"),),
        keeps_version=True,
    ),
    Action(
        code="report",
        label="报告领导",
        subject=PROPOSAL,
        sources=ALIVE,
        who=(actors.liaison,),
        checks=(instructing.leader_is_new,),
        effects=(instructing.report,),
        words=instructing.report_words,
        visibility=V.INNER,
        tells=(Tell(audiences.reported_leader, "联工委报告，请您批示：{number} {title}", is_duty=True),),
        keeps_version=True,
    ),
    Action(
        code="comment",
        label="提意见",
        subject=PROPOSAL,
        sources=SUBMITTED,
        who=(actors.committee, actors.leader, actors.liaison),
        words=overseeing.comment_words,
        visibility=V.INNER,
        tells=(
            Tell(audiences.liaison, "{actor}对这件提了意见：{number} {title}"),
            Tell(audiences.overseers, "{actor}对这件提了意见：{number} {title}"),
        ),
        keeps_version=True,
    ),
    Action(
        code="join_oversight",
        label="加入督办",
        subject=PROPOSAL,
        sources=ASSIGNED,
        who=(actors.committee,),
        checks=(overseeing.is_not_in_yet,),
        effects=(overseeing.join,),
        words=overseeing.join_words,
        visibility=overseeing.seen_by,
        tells=(Tell(audiences.liaison, "专委会加入督办：{number} {title}"),),
        keeps_version=True,
    ),
    Action(
        code="take_over",
        label="接手督办",
        subject=PROPOSAL,
        sources=ASSIGNED,
        who=(actors.committee,),
        conditions=(overseeing.nobody_leads,),
        effects=(overseeing.take_over,),
        words=overseeing.take_over_words,
        visibility=overseeing.seen_by,
        tells=(Tell(audiences.liaison, "专委会接手督办：{number} {title}"),),
        keeps_version=True,
    ),
    Action(
        code="hand_back",
        label="交回督办",
        subject=PROPOSAL,
        sources=SUBMITTED,
        who=(actors.committee, actors.liaison),
        conditions=(overseeing.somebody_oversees,),
        checks=(overseeing.may_end,),
        effects=(overseeing.hand_back,),
        words=overseeing.hand_back_words,
        visibility=overseeing.seen_by,
        tells=(
            Tell(audiences.liaison, "专委会督办有变化：{number} {title}"),
            Tell(audiences.handed_back, "联工委收回督办：{number} {title}"),
        ),
        keeps_version=True,
    ),
)
