"""上海."""

from core.workdays import MONTH, WORKDAY

from .build import found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("上海市人民代表大会关于代表建议、批评和意见的规定", "自2015年3月1日起施行")

SHANGHAI = preset(
    code="shanghai",
    name="上海",
    title="上海市",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("assign", 7, WORKDAY, ACT.at("第十一条第一款"), start="submitted", words="收到"),
        found("assign_session", 1, MONTH, ACT.at("第十五条"), note="闭会后一个月内召开办理工作会议"),
        found("return_window", 7, WORKDAY, ACT.at("第十四条第一款"), words="收到"),
        found("opinion", 1, MONTH, ACT.at("第十七条第一款"), words="收到"),
        found("reply", 3, MONTH, ACT.at("第十九条第一款")),
        found("reply_complex", 6, MONTH, ACT.at("第十九条第一款"), note="经同意延长，延长不得超过三个月"),
        found("redo", 1, MONTH, ACT.at("第二十一条第二款")),
    ),
    switches=(
        stated("withdraw_until", "before_reply", ACT.at("第十条第一款"), "没有限于交办前"),
        stated("withdraw_needs_cosigners", True, ACT.at("第十条第二款")),
        stated("contact_required", True, ACT.at("第十六条第三款")),
        stated("extension_needs_consent", True, ACT.at("第十九条第一款")),
        stated(
            "extension_endorsed_by_hub",
            True,
            ACT.at("第十九条第一款"),
            "向代表工作机构书面报告；行政机关同时向市政府办公厅报告",
        ),
        stated("signer_rank", "responsible", ACT.at("第二十条")),
        stated("reply_to", "each", ACT.at("第二十条")),
        stated("reply_copy_to", "congress_hub", ACT.at("第二十条")),
        stated("two_dimensions", True, ACT.at("第二十一条第一款")),
    ),
    notes={
        "return_decision": "第十四条第二款：及时研究并交办",
        "rating": "第二十一条第一款：收到答复后填写反馈表，没有规定天数",
    },
    letters=letters(
        ("A", "已经解决或者采纳"),
        ("B", "列入年度工作方案，正在着手解决"),
        ("C", "列入工作计划，逐步解决"),
        ("D", "受条件限制，确实不能解决"),
        ("D", "暂时无法解决，在工作中研究参考"),
    ),
    letters_source=f"文字据{ACT.at('第十八条')}，字母为{GENERAL.name}默认",
)
