"""北京."""

from core.workdays import MONTH, WORKDAY

from .build import found, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act(
    "北京市人民代表大会代表建议、批评和意见办理条例", "2014年1月22日北京市第十四届人民代表大会第二次会议通过"
)

BEIJING = preset(
    code="beijing",
    name="北京",
    title="北京市",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("reply", 3, MONTH, ACT.at("第二十一条")),
        found("reply_complex", 6, MONTH, ACT.at("第二十一条"), note="涉及面广、处理难度大，经交办机关同意"),
        found("rating", 15, WORKDAY, ACT.at("第二十三条第一款")),
        found("redo", 2, MONTH, ACT.at("第二十七条第四款"), note="敷衍塞责需要重新办理的"),
    ),
    switches=(
        stated("withdraw_until", "before_assign", ACT.at("第十三条第二款")),
        stated("contact_required", True, ACT.at("第十九条第一款")),
        stated("extension_needs_consent", True, ACT.at("第二十一条")),
        stated("extension_endorsed_by_hub", True, ACT.at("第二十一条"), "由交办机关同意，不由督查室决定"),
        stated("oral_reply_record", False, ACT.at("第二十二条第二款"), "答复意见应当采用公文形式"),
        stated("reply_copy_to", "congress", ACT.at("第二十四条")),
        stated("publish_needs_deputy_consent", False, ACT.at("第三十条")),
    ),
    notes={
        "assign": "第十六条：由主任会议负责交办，没有规定天数",
        "assign_session": "第十四条：闭会之日移交市人大常委会统一处理；第十五条交办没有规定天数",
        "rating_grace": "第二十三条第二款：难以及时反馈的，自行或者委托他人说明情况",
        "withdraw_needs_cosigners": "第十三条第二款：代表可以撤回本人提出的建议",
    },
    letters=GENERAL.letters,
)
