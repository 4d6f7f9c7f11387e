"""The figures of a unit's year: each is one condition on one kind of row, and count and list both come from it.

A figure counts rows: places (件次, each round of its own), terms, requests, contacts, recalled replies, promises,
tasks. What is masked for the judged side is a part of the condition, never of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from proposals.status import (
    PROMISE_VERIFIED,
    ClockKind,
    CommitmentStatus,
    RedoCause,
    ReplyClass,
    RequestKind,
    RequestState,
    Satisfaction,
)

from ..models.activities import TaskOutcome
from . import conditions as c
from .kinds import CONTACTS, PLACES, PROMISES, RECALLS, REQUESTS, TASKS, TERMS, Kind


@dataclass(frozen=True)
class Context:
    """For whom and when is counted: the Shanghai date, whether ratings not yet released are masked (§5), and since
    when a unit must have done nothing to be silent (None where the rule set knows no silence)."""

    today: date
    judged: bool = False
    quiet_until: date | None = None


@dataclass(frozen=True)
class Figure:
    """One figure: what it is called, what it counts, in words (for its list), and the condition."""

    code: str
    label: str
    kind: Kind
    meaning: str
    build: Callable[[Context], Q]
    # A rate of it is not worked out under the formula's least number of ratings.
    is_rating: bool = False

    @property
    def noun(self):
        return self.kind.noun

    def condition(self, context):
        return self.build(context)


FIGURES: dict[str, Figure] = {}


def _add(code, label, kind, meaning, build, **more):
    FIGURES[code] = Figure(code, label, kind, meaning, build, **more)


def _places():
    _add("lead", "主办、分办", PLACES, "由本单位答复代表的，每一轮单独计", lambda x: c.replying())
    _add("co", "会办", PLACES, "由本单位提会办意见的，每一轮单独计", lambda x: c.assisting())
    _add(
        "passed_on",
        "由本机构分办",
        PLACES,
        "交给本机构、再分给本系统单位的",
        lambda x: c.held_by_hub(),
    )
    _add("redo", "重新办理", PLACES, "第二轮起由本单位答复的", lambda x: c.replying() & Q(round__gt=1))
    _add(
        "reassigned",
        "再交办",
        PLACES,
        "回头看后再次交办的，不计入首轮和最终满意度",
        lambda x: c.replying() & Q(redo_cause=RedoCause.REASSIGNED),
    )


def _work():
    _add(
        "contacted",
        "已首次沟通",
        PLACES,
        "主办、分办件中已登记过沟通的",
        lambda x: c.replying() & c.contacted(),
    )
    _add(
        "uncontacted",
        "还没沟通",
        PLACES,
        "主办、分办件中还没登记过沟通的",
        lambda x: c.replying() & ~c.contacted(),
    )
    _add("replied", "已答复", PLACES, "答复已经送达代表的", lambda x: c.replied())
    _add("unreplied", "在办", PLACES, "还没有答复的", lambda x: c.replying() & ~c.replied())
    _add(
        "quiet",
        "长时间没有动静",
        PLACES,
        "签收以后，超过办法规定的工作日数没有沟通、没有进展的",
        lambda x: c.quiet(x.quiet_until),
    )


def _classes():
    for code in ReplyClass:
        _add(
            f"class_{code.value}",
            code.label,
            PLACES,
            f"已答复，类别为“{code.label}”的",
            lambda x, code=code: c.replied() & Q(reply__reply_class=code),
        )


ROUNDS = {
    "first": ("首轮", "第一轮答复", c.first_round),
    "final": ("最终", "最后一次答复（再交办的不计，正在重办的不计）", c.final_round),
}
DIMENSIONS = {"attitude": "办理态度", "result": "办理结果"}


def _ratings():
    for key, (short, words, rounds) in ROUNDS.items():
        _add(f"{key}_replied", f"{short}已答复", PLACES, words, lambda x, r=rounds: r())
        _add(
            f"{key}_rated",
            f"{short}已测评",
            PLACES,
            f"{words}中代表已测评的",
            lambda x, r=rounds: r() & c.rated(x.judged),
            is_rating=True,
        )
        _add(
            f"{key}_silent",
            f"{short}未表态",
            PLACES,
            f"{words}中测评期满代表没有表态的，不算满意",
            lambda x, r=rounds: r() & c.silent(x.judged),
        )
        _add(
            f"{key}_waiting",
            f"{short}待测评",
            PLACES,
            f"{words}中等代表测评的",
            lambda x, r=rounds: r() & ~c.rated(x.judged) & ~c.silent(x.judged),
        )
        for dimension, name in DIMENSIONS.items():
            for answer in Satisfaction:
                _add(
                    f"{key}_{dimension}_{answer.value}",
                    f"{short}{name}{answer.label}",
                    PLACES,
                    f"{words}，{name}评为{answer.label}的",
                    lambda x, r=rounds, d=dimension, a=answer: (
                        r() & c.rated(x.judged) & Q(**{f"reply__rating__{d}": a})
                    ),
                    is_rating=True,
                )


def _kinds_of_ratings():
    _add(
        "proxied",
        "代录测评",
        PLACES,
        "由工作机构凭签名的征询意见表代录的测评",
        lambda x: c.replied() & c.rated(x.judged) & Q(reply__rating__is_proxy=True),
    )
    _add(
        "rated_late",
        "逾期测评",
        PLACES,
        "未表态以后代表补作的测评",
        lambda x: c.replied() & c.rated(x.judged) & Q(reply__rating__is_late=True),
    )


def _terms():
    _add(
        "sign_due",
        "应签收",
        TERMS,
        "已签收（分办机构为已分办）的，和过了签收期限的",
        lambda x: c.signing(x.today),
    )
    _add(
        "sign_on_time",
        "按期签收",
        TERMS,
        "在签收（分办）期限内签收的",
        lambda x: c.signing(x.today) & c.in_time(),
    )
    _add(
        "sign_late",
        "逾期签收",
        TERMS,
        "过了期限才签收，或还没签收的",
        lambda x: Q(kind__in=c.SIGN_KINDS) & c.late(x.today),
    )


def _reply_terms():
    _add("reply_timed", "已答复（有期限）", TERMS, "已答复、有答复期限的", lambda x: c.answering())
    _add(
        "reply_due",
        "应答复",
        TERMS,
        "已答复的，和过了期限还没答复的",
        lambda x: c.answering() | c.answer_overdue(x.today),
    )
    _add(
        "reply_on_time",
        "按期答复",
        TERMS,
        "在期限内答复的，批准延期的按延期后的日期",
        lambda x: c.answering() & c.in_time(),
    )
    _add(
        "reply_on_first_date",
        "按原期限答复",
        TERMS,
        "不算延期，按原来的日期在期限内答复的",
        lambda x: c.answering() & c.within_first_date(),
    )
    _add(
        "reply_late",
        "逾期答复",
        TERMS,
        "过了期限（含延期）才答复的",
        lambda x: c.answering() & Q(met_on__gt=F("due_on")),
    )
    _add("reply_overdue", "超期未答复", TERMS, "过了期限、还没答复的", lambda x: c.answer_overdue(x.today))
    _add(
        "reply_over_half_year",
        "超过六个月",
        TERMS,
        f"交办后超过六个月（{c.HALF_YEAR_DAYS} 天）才答复，或还没答复的",
        lambda x: c.over_half_year(x.today),
    )


def _opinion_terms():
    _add(
        "opinion_due",
        "会办意见到期",
        TERMS,
        "会办意见已提交的，和过了期限没有提交的",
        lambda x: c.opinion_missed(x.today) | c.opinion_in_time(),
    )
    _add("opinion_on_time", "会办意见按期", TERMS, "在期限内提交会办意见的", lambda x: c.opinion_in_time())
    _add(
        "opinion_late",
        "会办意见逾期",
        TERMS,
        "会办意见逾期提交，或没有提交的",
        lambda x: c.opinion_missed(x.today),
    )
    _add(
        "opinion_returned",
        "会办意见被退回",
        TERMS,
        "主办单位因无实质内容退回会办意见的次数",
        lambda x: Q(kind=ClockKind.OPINION_REDO),
    )


def _requests():
    kinds = {
        "return": (RequestKind.RETURN, "退回"),
        "extension": (RequestKind.EXTENSION, "延期"),
    }
    for key, (kind, word) in kinds.items():
        asked = Q(kind=kind)
        _add(f"{key}_asked", f"申请{word}", REQUESTS, f"本单位申请{word}的次数", lambda x, q=asked: q)
        for state, label in ((RequestState.GRANTED, "同意"), (RequestState.REFUSED, "不同意")):
            _add(
                f"{key}_{state.value}",
                f"{word}获同意" if state == RequestState.GRANTED else f"{word}未获同意",
                REQUESTS,
                f"申请{word}，交办方{label}的",
                lambda x, q=asked, s=state: q & Q(state=s),
            )
    _add(
        "return_repeated",
        "多次退回",
        REQUESTS,
        "同一件建议被申请退回两次以上的",
        lambda x: Q(kind=RequestKind.RETURN, proposal__returns_asked__gt=1),
    )
    _add("urged", "收到催办", REQUESTS, "收到催办的次数", lambda x: Q(kind=RequestKind.URGE))
    _add(
        "urge_answered",
        "已回复催办",
        REQUESTS,
        "收到催办后已回复的",
        lambda x: Q(kind=RequestKind.URGE, state=RequestState.GRANTED),
    )


def _others():
    _add("contacts", "沟通", CONTACTS, "登记的沟通次数，办前、办中、办后都算", lambda x: Q())
    _add("recalled", "退回重答", RECALLS, "答复被收回重新答复的次数", lambda x: Q(is_correction=False))
    _add(
        "corrected", "更正", RECALLS, "答复收回更正的次数，首次答复日期不变", lambda x: Q(is_correction=True)
    )
    _add("promised", "承诺", PROMISES, "答复中承诺的事项，被后一轮答复代替的不算", lambda x: Q())
    _add(
        "promise_due",
        "承诺到期",
        PROMISES,
        "已核实的，和过了承诺日期的",
        lambda x: Q(status__in=PROMISE_VERIFIED) | Q(promised_on__lt=x.today),
    )
    for status, code in (
        (CommitmentStatus.KEPT, "promise_kept"),
        (CommitmentStatus.PARTLY, "promise_partly"),
        (CommitmentStatus.BROKEN, "promise_broken"),
    ):
        _add(
            code, f"承诺{status.label}", PROMISES, f"核实为{status.label}的", lambda x, s=status: Q(status=s)
        )
    _add("promise_moved", "承诺改期", PROMISES, "改过完成日期的", lambda x: Q(moves__gt=0))


def _tasks():
    _add("tasks", "整改事项", TASKS, "督办活动中交办整改的事项，按交办的年份", lambda x: Q())
    due = Q(outcome__gt="")
    _add(
        "tasks_due",
        "整改到期",
        TASKS,
        "整改已核实的，和过了期限的",
        lambda x: due | Q(due_on__lt=x.today),
    )
    _add("tasks_done", "已整改", TASKS, "核实为已整改的", lambda x: Q(outcome=TaskOutcome.DONE))


for _define in (
    _places,
    _work,
    _classes,
    _ratings,
    _kinds_of_ratings,
    _terms,
    _reply_terms,
    _opinion_terms,
    _requests,
    _others,
    _tasks,
):
    _define()
