"""The conflicts of those who supervise: urging, instructions (批示) and committees, each with whom they speak to."""

from proposals.models import Oversight, Request
from supervision.models import Instruction
from tests.cast import make_proposal
from tests.proposals.actions.promised import reported, verified
from tests.proposals.race_promises import form as promise_form
from tests.proposals.race_promises import reached
from tests.proposals.racing import Race, in_any_order, one_of


def form(who, action, unit=None, **fields):
    """The form of this action as the page has it now; values may be worked out from the walk."""

    def job(desk, walk):
        filled = {name: value(walk) if callable(value) else value for name, value in fields.items()}
        return desk.post(walk, who, action, unit, **filled)

    return job


def accepted(cast):
    return make_proposal(cast, "handling").accept("civil").accept("finance")


def urged(cast):
    return accepted(cast).do("urge", cast.su, words="请抓紧。")


def instructed(cast):
    return accepted(cast).do("instruct", cast.luo, words="请抓紧。")


def taken(cast):
    return accepted(cast).do("take_over", cast.jiang, reason="本委年度重点。")


def at_work(walk):
    """The places whose units are ticked on the page of 催办."""
    return [walk.place(unit).pk for unit in ("civil", "finance")]


# --- What must hold besides -------------------------------------------------------------------------------


def open_of(walk, kind):
    return Request.objects.filter(proposal=walk.proposal, kind=kind, state="open")


def one_instruction_for_each(walk):
    """What supervision keeps of instructions is what the case says."""
    requests = Request.objects.filter(proposal=walk.proposal, kind="instruction")
    kept = Instruction.objects.filter(proposal=walk.proposal).values_list("request", flat=True)
    assert sorted(kept) == sorted(requests.values_list("pk", flat=True))


def nothing_owed(walk):
    one_instruction_for_each(walk)
    assert not open_of(walk, "instruction").exists()
    assert not open_of(walk, "instructed").exists()


def one_leads(walk):
    standing = Oversight.objects.filter(proposal=walk.proposal, ended_on=None)
    assert standing.filter(is_lead=True).count() <= 1
    committees = list(standing.values_list("committee", flat=True))
    assert len(committees) == len(set(committees))


# --- The catalogue ----------------------------------------------------------------------------------------

URGE = form("su", "urge", places=at_work, words="请抓紧。")
URGE_TOO = form("ning", "urge", places=at_work, words="请本周回复。")
ANSWER_URGE = form("chen", "answer_urge", "civil", words="在办。")
INSTRUCT = form("luo", "instruct", words="请主要负责同志领办。")
INSTRUCT_TOO = form("deng", "instruct", words="请月底前报。")
ANSWER = form("chen", "answer_instruct", "civil", words="已部署。")
DONE = form("su", "mark_instruct", mark="done", words="")
TAKE_OVER = form("jiang", "take_over", reason="本委年度重点。")
TAKE_OVER_TOO = form("pei", "take_over", reason="归本委对口。")
KEPT = {"outcome": "kept", "words": "看过，都在开餐。"}

SUPERVISION = (
    Race("urge, urge", accepted, (URGE, URGE_TOO), {("urge",), ("urge", "urge")}),
    Race("answer_urge, urge", urged, (ANSWER_URGE, URGE_TOO),
         in_any_order("answer_urge", "urge") | {("urge",), ("answer_urge",)}),
    Race("instruct by two leaders", accepted, (INSTRUCT, INSTRUCT_TOO), {("instruct", "instruct")},
         one_instruction_for_each),
    Race("instruct from two phones", accepted, (INSTRUCT, form("luo", "instruct", words="请抓紧。")),
         {("instruct", "instruct")}, one_instruction_for_each),
    Race("mark_instruct, answer_instruct", instructed, (DONE, ANSWER),
         {("mark_instruct",), ("answer_instruct", "mark_instruct")}, nothing_owed),
    Race("mark_instruct, mark_instruct", instructed, (DONE, form("luo", "mark_instruct", mark="done", words="")),
         {("mark_instruct",)}, nothing_owed),
    Race("answer_instruct, answer_instruct", instructed,
         (ANSWER, form("zou", "answer_instruct", "civil", words="已开会。")), {("answer_instruct",)},
         one_instruction_for_each),
    Race("answer_instruct of two units", instructed,
         (ANSWER, form("gao", "answer_instruct", "finance", words="已列预算。")),
         {("answer_instruct", "answer_instruct")}, one_instruction_for_each),
    Race("answer_instruct, instruct", instructed, (ANSWER, INSTRUCT_TOO), in_any_order("answer_instruct", "instruct"),
         one_instruction_for_each),
    Race("instruct, withdraw", accepted, (INSTRUCT, form("lin", "withdraw", reason="已列入实事项目。")),
         {("withdraw",), ("instruct", "withdraw")}),
    Race("report, instruct", accepted,
         (form("su", "report", leader=lambda walk: walk.cast.luo.pk, words="请定由谁牵头。"), INSTRUCT),
         in_any_order("report", "instruct"), one_instruction_for_each),
    Race("take_over by two committees", accepted, (TAKE_OVER, TAKE_OVER_TOO), {("take_over",)}, one_leads),
    Race("join_oversight, take_over", accepted, (form("pei", "join_oversight", reason=""), TAKE_OVER),
         in_any_order("join_oversight", "take_over"), one_leads),
    Race("join_oversight, join_oversight", accepted, (form("pei", "join_oversight", reason=""),) * 2,
         {("join_oversight",)}, one_leads),
    Race("hand_back, hand_back by the office", taken,
         (form("jiang", "hand_back", reason="督办完毕。"), form("su", "hand_back", reason="收回。")),
         {("hand_back",)}, one_leads),
    Race("hand_back, take_over", taken, (form("jiang", "hand_back", reason="督办完毕。"), TAKE_OVER_TOO),
         {("hand_back",), ("hand_back", "take_over")}, one_leads),
    Race("verify by two officers", reached(reported),
         (promise_form("su", "verify", **KEPT), promise_form("ning", "verify", outcome="partly", words="差一处。")),
         {("verify",)}),
    Race("explain_promise, settle_look_back", reached(verified, outcome="broken"),
         (promise_form("chen", "explain_promise", words="资金没有到位。"),
          promise_form("su", "settle_look_back", words="并入明年计划。")),
         one_of("settle_look_back", "explain_promise") | in_any_order("explain_promise", "settle_look_back")),
)  # fmt: skip
