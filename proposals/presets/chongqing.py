"""重庆."""

from core.workdays import MONTH, WORKDAY

from .build import found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("重庆市人民代表大会代表建议批评和意见工作条例", "2017年11月30日通过，自2018年1月1日起施行")

CHONGQING = preset(
    code="chongqing",
    name="重庆",
    title="重庆市",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("assign", 10, WORKDAY, ACT.at("第十三条第二款"), start="submitted", words="收到"),
        found("return_window", 10, WORKDAY, ACT.at("第十六条"), words="交办"),
        found("return_decision", 10, WORKDAY, ACT.at("第十六条"), words="收到", note="重新确定并交办"),
        found(
            "first_contact",
            20,
            WORKDAY,
            ACT.at("第十八条"),
            words="收到（签收）",
            note="条文自收到之日起算，系统以签收为收到",
        ),
        found("opinion", 30, WORKDAY, ACT.at("第二十条第一款"), words="交办"),
        found("opinion_redo", 5, WORKDAY, ACT.at("第二十条第一款"), words="主办单位提出要求"),
        found("reply", 3, MONTH, ACT.at("第二十一条")),
        found("reply_complex", 6, MONTH, ACT.at("第二十一条"), note="涉及面广、处理难度大的建议"),
        found(
            "rating", 20, WORKDAY, ACT.at("第二十七条第一款"), note="承诺事项落实情况的评价同为二十个工作日"
        ),
        found("redo", 2, MONTH, ACT.at("第二十七条第二款"), words="收到重新办理要求"),
    ),
    switches=(
        stated("delegation_check", True, ACT.at("第十条"), "交代表团或者代表联系组记录、核对"),
        stated("withdraw_until", "before_reply", ACT.at("第十二条第二款"), "撤回后办理工作即行终止"),
        stated("contact_required", True, ACT.at("第十八条")),
        stated("signer_rank", "principal", ACT.at("第二十三条第一款")),
        stated("oral_reply_record", False, ACT.at("第二十三条第一款"), "书面和平台同时答复"),
        stated("reply_to", "each", ACT.at("第二十三条第二款")),
        stated("reply_copy_to", "congress_hub", ACT.at("第二十五条")),
        stated("publish_needs_deputy_consent", False, ACT.at("第三十六条第一款")),
    ),
    notes={
        "assign_session": "第十三条第一款：由大会秘书处交办，没有规定天数",
        "rating_grace": "第二十九条：经催促仍不反馈的，不纳入满意情况统计，没有规定天数",
        "coordination": "第二十七条第二款：召集代表和承办单位研究，没有规定天数",
        "extension_needs_consent": "第二十一条没有规定须经同意",
        "two_dimensions": "第二十六条对答复函作整体评价，没有要求分开",
    },
    letters=letters(
        ("A", "已经解决或者采纳"),
        ("B", "正在研究解决"),
        ("B", "已列入工作计划解决"),
        ("C", "不具备解决条件，已说明原因"),
        ("D", "留作参考或者已向上级国家机关反映"),
    ),
    letters_source=f"文字据{ACT.at('第二十二条')}，字母为{GENERAL.name}默认",
)
