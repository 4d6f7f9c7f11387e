"""山东."""

from core.workdays import DAY, MONTH

from .build import chosen, found, letters, preset, stated
from .general import GENERAL
from .spec import Act

ACT = Act("山东省人民代表大会代表建议、批评和意见办理工作条例", "2017年5月19日修正")

SHANDONG = preset(
    code="shandong",
    name="山东",
    title="山东省",
    sources=(ACT,),
    base=GENERAL,
    clocks=(
        found("assign", 5, DAY, ACT.at("第十条第一款"), start="submitted", words="接到"),
        # The text wants it done while the session sits and gives no number: the first day after is too late.
        chosen(
            "assign_session",
            1,
            DAY,
            article=ACT.at("第十条第一款"),
            note="条文要求在会议期间交办，没有规定天数；按闭会次日到期掌握",
        ),
        found(
            "return_window",
            5,
            DAY,
            ACT.at("第十二条"),
            words="收到",
            note="大会期间应当及时说明情况",
        ),
        found("opinion", 1, MONTH, ACT.at("第二十一条"), words="收到"),
        found(
            "reply",
            3,
            MONTH,
            ACT.at("第十九条"),
            note="条文没有写起算日，按代表法第五十一条自交办之日起算",
        ),
        found("reply_complex", 6, MONTH, ACT.at("第十九条"), note="如遇特殊情况，经交办机关同意"),
        found("redo", 1, MONTH, ACT.at("第二十四条")),
    ),
    switches=(
        stated("withdraw_until", "before_reply", ACT.at("第九条"), "撤回后办理工作即行终止"),
        stated("contact_required", True, ACT.at("第十七条第一款")),
        stated("extension_needs_consent", True, ACT.at("第十九条")),
        stated("extension_endorsed_by_hub", True, ACT.at("第十九条"), "由交办机关同意，不由督查室决定"),
        stated("signer_rank", "principal", ACT.at("第二十二条第一款")),
        stated("oral_reply_record", True, ACT.at("第二十条第一款", "第二十二条第一款")),
        stated("reply_to", "each_or_lead", ACT.at("第二十条第二款")),
        stated("reply_copy_to", "congress_hub", ACT.at("第二十二条第二款")),
        stated("two_dimensions", True, ACT.at("第二十三条")),
        stated("publish_needs_deputy_consent", False, ACT.at("第二十七条第二款")),
    ),
    notes={
        "rating": "第二十三条：收到答复后填写征询意见表，没有规定天数",
        "withdraw_needs_cosigners": "第九条：代表可以要求撤回本人提出的建议",
    },
    letters=letters(
        ("A", "已经解决或者部分解决"),
        ("B", "正在解决"),
        ("B", "已经列入工作计划"),
        ("C", "受客观条件限制暂时无法解决"),
        ("D", "不符合规定或者留作参考，已作说明"),
    ),
    letters_source=f"文字据{ACT.at('第十八条第一款')}，字母为{GENERAL.name}默认",
)
