"""Formulas to start from (评分办法预设). Each names where it comes from; what its source leaves open is said in it.

An office edits its own copy in the browser. The sources tell the items; which figure of this system stands for an
item is ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    code: str
    name: str
    source: str
    mode: str
    items: tuple


def _ratio(name, top, bottom, points, **more):
    return {"name": name, "how": "ratio", "top": top, "bottom": bottom, "points": str(points)} | more


def _deduct(name, top, each, cap=0):
    return {"name": name, "how": "deduct", "top": top, "each": str(each), "cap": str(cap)}


_RESULT = {"also": "first_result_basically", "factor": "0.6"}

EXAMPLE = Preset(
    "example",
    "按项目计分（示例）",
    "示例，分值由工作机构自定",
    "points",
    (
        _ratio("按期签收", "sign_on_time", "sign_due", 10),
        _ratio("沟通代表", "contacted", "lead", 15),
        _ratio("按期答复", "reply_on_time", "reply_due", 25),
        _ratio("会办意见", "opinion_on_time", "opinion_due", 10),
        _ratio("承诺兑现", "promise_kept", "promise_due", 20),
        _ratio("首轮结果满意", "first_result_satisfied", "first_rated", 20, **_RESULT),
        _deduct("退回重答扣分", "recalled", 1),
    ),
)
SHENZHEN = Preset(
    "shenzhen",
    "三项等次（深圳 2007）",
    "深圳市 2007 年考核：签收、按时答复、满意三项，一项不合格即为不合格",
    "grades",
    (
        {
            "name": "按期签收",
            "how": "grade",
            "top": "sign_on_time",
            "bottom": "sign_due",
            "good_at": "100",
            "pass_at": "90",
        },
        {
            "name": "按时答复",
            "how": "grade",
            "top": "reply_on_first_date",
            "bottom": "reply_due",
            "good_at": "80",
            "pass_at": "0",
            "fault": "reply_over_half_year",
        },
        {
            "name": "代表满意",
            "how": "grade",
            "top": "first_result_satisfied",
            "bottom": "first_rated",
            "good_at": "80",
            "pass_at": "0",
            "fault": "first_result_dissatisfied",
        },
    ),
)
HAINAN = Preset(
    "hainan",
    "时限 20、质量 50、结果 30（海南 2002）",
    "海南省 2002 年办法：每件 100 分，办理时限 20、答复质量 50、办理结果 30；对应的指标由本系统选定",
    "points",
    (
        _ratio("办理时限", "reply_on_time", "reply_due", 20),
        _ratio(
            "答复质量",
            "first_attitude_satisfied",
            "first_rated",
            50,
            also="first_attitude_basically",
            factor="0.6",
        ),
        _ratio("办理结果", "first_result_satisfied", "first_rated", 30, **_RESULT),
    ),
)
FENGYANG = Preset(
    "fengyang",
    "基础分减扣分（凤阳）",
    "凤阳县做法：按制度、时效、质量（满意率 98% 以上）、配合扣分；原文没有分值，这里的分值是示例",
    "points",
    (
        {"name": "基础分", "how": "given", "points": "90"},
        {
            "name": "质量：满意率",
            "how": "levels",
            "top": "final_result_satisfied",
            "also": "final_result_basically",
            "factor": "1",
            "bottom": "final_rated",
            "levels": [["98", "10"], ["90", "6"], ["80", "3"]],
        },
        _deduct("时效：逾期签收", "sign_late", 1, 10),
        _deduct("时效：逾期答复", "reply_late", 3, 30),
        _deduct("时效：超期未答复", "reply_overdue", 5, 30),
        _deduct("制度：答复前没有沟通", "uncontacted", 1, 10),
        _deduct("质量：退回重答", "recalled", 2, 20),
        _deduct("配合：会办意见逾期或没提交", "opinion_late", 2, 20),
    ),
)
QINGDAO = Preset(
    "qingdao",
    "落实率重于满意度（青岛）",
    "《青岛市人大代表建议工作条例》第31条：落实率的权重高于满意度；具体分值是示例",
    "points",
    (
        _ratio("承诺落实", "promise_kept", "promise_due", 45),
        _ratio(
            "最终结果满意",
            "final_result_satisfied",
            "final_rated",
            25,
            also="final_result_basically",
            factor="0.6",
        ),
        _ratio("按期答复", "reply_on_time", "reply_due", 20),
        _ratio("沟通代表", "contacted", "lead", 10),
        _deduct("催办扣分", "urged", "0.5", 5),
    ),
)
PRESETS = {preset.code: preset for preset in (EXAMPLE, SHENZHEN, HAINAN, FENGYANG, QINGDAO)}
