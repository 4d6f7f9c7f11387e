"""青岛."""

from core.workdays import MONTH, WORKDAY

from .build import found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("青岛市人民代表大会代表建议、批评和意见工作条例", "2021年6月23日修订，自2021年9月1日起施行")

QINGDAO = preset(
    code="qingdao",
    name="青岛",
    title="青岛市",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("assign", 5, WORKDAY, ACT.at("第十四条"), start="submitted", words="收到"),
        found("return_window", 5, WORKDAY, ACT.at("第十九条第一款"), words="收到"),
        found("opinion", 1, MONTH, ACT.at("第二十四条"), words="收到"),
        found("reply", 3, MONTH, ACT.at("第二十五条")),
        found("reply_complex", 6, MONTH, ACT.at("第二十五条"), note="经代表工作机构同意，并向代表说明情况"),
    ),
    switches=(
        stated("withdraw_until", "before_reply", ACT.at("第十二条"), "撤回后办理工作即行终止"),
        stated("contact_required", True, ACT.at("第二十三条")),
        stated("extension_needs_consent", True, ACT.at("第二十五条")),
        stated("extension_endorsed_by_hub", True, ACT.at("第二十五条"), "由代表工作机构同意，不由督查室决定"),
        stated("signer_rank", "responsible", ACT.at("第二十九条第一款")),
        stated(
            "oral_reply_record",
            False,
            ACT.at("第二十九条第一款"),
            "以面复为主（第二十八条），并须有答复意见书",
        ),
        stated("reply_to", "lead", ACT.at("第二十八条第三款")),
        stated("publish_needs_deputy_consent", False, ACT.at("第三十条")),
    ),
    notes={
        "assign_session": "第十四条：由大会秘书处交办，没有规定天数",
        "return_decision": "第十九条第二款没有规定天数",
        "rating": "第三十一条：答复结束后组织测评，没有规定天数",
        "redo": "第三十一条：根据测评、评估情况重新办理，没有规定天数",
    },
    letters=letters(
        ("A", "已在答复期限内办理落实"),
        ("B", "年内办理落实"),
        ("C", "跨年度办理落实"),
        ("D", "不具备条件，已书面解释说明"),
        ("D", "留作参考，已书面解释说明"),
    ),
    letters_source=f"文字据{ACT.at('第二十六条')}，字母为{GENERAL.name}默认",
)
