"""河南."""

from core.workdays import MONTH, WORKDAY

from .build import found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("河南省人民代表大会代表建议、批评和意见办理办法", "2017年7月28日通过，自2017年8月1日起施行")
_FROM_RECEIPT = "条文自收到之日起算；代表法第五十一条自交办之日起算"

HENAN = preset(
    code="henan",
    name="河南",
    title="河南省",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("return_window", 10, WORKDAY, ACT.at("第十四条"), words="交办"),
        found("return_decision", 10, WORKDAY, ACT.at("第十四条"), words="收到报告", note="重新确定并交办"),
        found("opinion", 2, MONTH, ACT.at("第十八条第一款"), words="收到"),
        found("reply", 3, MONTH, ACT.at("第二十条"), start="place_opened", words="收到", note=_FROM_RECEIPT),
        found(
            "reply_complex",
            6,
            MONTH,
            ACT.at("第二十条"),
            start="place_opened",
            words="收到",
            note=_FROM_RECEIPT,
        ),
        found("rating", 10, WORKDAY, ACT.at("第二十二条第一款")),
        found("redo", 1, MONTH, ACT.at("第二十二条第二款")),
    ),
    switches=(
        stated("delegation_check", True, ACT.at("第十一条第一款")),
        stated("contact_required", True, ACT.at("第十九条第二款")),
        stated("extension_needs_consent", False, ACT.at("第二十条"), "应当向代表说明情况"),
        stated("signer_rank", "principal", ACT.at("第二十一条第一款")),
        stated("oral_reply_record", False, ACT.at("第二十一条第一款"), "按照统一格式行文"),
        stated("reply_to", "each", ACT.at("第二十一条第二款")),
        stated("reply_copy_to", "congress", ACT.at("第二十一条第一款")),
        stated("publish_needs_deputy_consent", True, ACT.at("第二十九条")),
    ),
    notes={
        "assign": "第十二条：研究后交办，没有规定天数",
        "assign_session": "第十二条：由大会秘书处交办，没有规定天数",
        "coordination": "第二十二条第三款：再次答复仍不满意的组织评估，没有规定天数",
        "withdraw_until": "第十一条第一款只规定代表团退回时可以撤回",
    },
    letters=letters(
        ("A", "已经解决"),
        ("B", "有条件解决，正在解决"),
        ("B", "暂时不能解决，列入计划、规划解决"),
        ("C", "不符合规定或者确实不能解决"),
        ("D", "留作参考或者已向上级反映"),
    ),
    letters_source=f"文字据{ACT.at('第十九条第一款')}，字母为{GENERAL.name}默认",
)
