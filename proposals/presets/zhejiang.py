"""浙江."""

from core.workdays import DAY, MONTH

from .build import found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("浙江省人民代表大会代表建议、批评和意见办理的规定", "2016年5月27日修正")
_FROM_RECEIPT = "条文自接到之日起算；代表法第五十一条自交办之日起算"

ZHEJIANG = preset(
    code="zhejiang",
    name="浙江",
    title="浙江省",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("return_window", 10, DAY, ACT.at("第十四条"), words="收到"),
        found("opinion", 2, MONTH, ACT.at("第十八条第一款"), words="收到"),
        found(
            "reply",
            3,
            MONTH,
            ACT.at("第二十一条"),
            start="place_opened",
            words="接到",
            note=_FROM_RECEIPT,
        ),
        found(
            "reply_complex",
            6,
            MONTH,
            ACT.at("第二十一条"),
            start="place_opened",
            words="接到",
            note=f"量大或者复杂的，经交办机构同意；{_FROM_RECEIPT}",
        ),
        found("redo", 1, MONTH, ACT.at("第二十四条")),
    ),
    switches=(
        stated("contact_required", True, ACT.at("第十七条第一款")),
        stated("extension_needs_consent", True, ACT.at("第二十一条")),
        stated(
            "extension_endorsed_by_hub",
            True,
            ACT.at("第十一条第二款", "第二十一条"),
            "政府系统的由省人大代表工作机构和省政府办公厅共同交办，由交办机构同意",
        ),
        stated("signer_rank", "principal", ACT.at("第二十二条第一款")),
        stated("oral_reply_record", False, ACT.at("第二十二条第一款"), "以公文形式答复代表"),
        stated("reply_to", "each", ACT.at("第二十二条第二款")),
        stated("reply_copy_to", "congress_hub_electing", ACT.at("第二十五条第一款")),
    ),
    notes={
        "review": "第十条第一款：闭会件在受理后七天内通知代表",
        "assign": "第十一条第一款：及时交办，没有规定天数",
        "assign_session": "第十一条第一款：及时交办，没有规定天数",
        "return_decision": "第十四条：及时重新确定承办单位并交办",
        "rating": "第二十三条第二款：及时寄送征询意见表，没有规定天数",
    },
    letters=letters(
        ("A", "已经解决或者基本解决"),
        ("B", "部分解决或者正在解决"),
        ("B", "已列入计划、规划逐步解决"),
        ("C", "受条件限制暂时难以解决"),
        ("C", "留作参考或者不可行，已说明原因"),
    ),
    letters_source="省级部门办理规定的做法",
)
