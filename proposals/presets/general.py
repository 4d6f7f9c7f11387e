"""通用（代表法）: the national law, and this system's defaults where the law is silent."""

from core.workdays import DAY, MONTH, WORKDAY

from .build import chosen, found, letters, preset, stated
from .spec import Act

DEPUTIES_LAW = Act("中华人民共和国全国人民代表大会和地方各级人民代表大会代表法", "2025年3月11日修正")
ARTICLE = DEPUTIES_LAW.at("第五十一条第二款")

GENERAL = preset(
    code="general",
    name="通用",
    title="通用（代表法）",
    sources=(DEPUTIES_LAW,),
    clocks=(
        chosen("review", 5, WORKDAY, note="大会件在闭会前提交的，自大会闭会之日起算"),
        chosen("revise", 10, WORKDAY),
        chosen("assign", 10, WORKDAY, note="各地为5日至10个工作日"),
        chosen("assign_session", 1, MONTH, note="参照上海：闭会后一个月内召开办理工作会议"),
        chosen("dispatch", 5, WORKDAY),
        chosen("accept", 3, WORKDAY),
        chosen("return_window", 7, WORKDAY, note="各地为5日至10个工作日"),
        chosen("return_decision", 5, WORKDAY),
        chosen("first_contact", 20, WORKDAY, note="默认不启用", is_on=False),
        chosen("opinion", 1, MONTH, note="各地为1个月至2个月"),
        chosen("opinion_redo", 5, WORKDAY),
        found("reply", 3, MONTH, ARTICLE),
        found("reply_complex", 6, MONTH, ARTICLE, note="涉及面广、处理难度大的建议"),
        chosen("correction", 5, WORKDAY),
        chosen("extension_decision", 3, WORKDAY),
        chosen("rating", 15, WORKDAY, note="各地为10个至20个工作日"),
        chosen("rating_grace", 10, WORKDAY),
        chosen("judge", 10, WORKDAY),
        chosen(
            "redo",
            1,
            MONTH,
            note="《全国人民代表大会议事规则》第三十二条规定再作研究办理并答复，没有规定天数",
        ),
        chosen("redo_ceiling", 2, MONTH),
        chosen("coordination", 1, MONTH),
        # 0 days after the promised date: the day itself. The date is the reply's, not the rule set's.
        chosen("commitment", 0, DAY, note="以答复写明的完成日期为准"),
    ),
    switches=(
        stated(
            "contact_required",
            True,
            ARTICLE,
            note="条文：与代表联系沟通，充分听取意见，并自交办之日起三个月内答复",
        ),
    ),
    notes={
        "roll_forward": "各地条文都没有规定，类推适用《中华人民共和国民法典》第二百零三条",
        "reply_clock_on_adjust": "各地条文都没有规定",
        "extension_needs_consent": "代表法没有规定延期的程序",
    },
    letters=letters(
        ("A", "已经解决或者基本解决"),
        ("B", "正在解决"),
        ("B", "已列入计划逐步解决"),
        ("C", "因条件限制暂时不能解决，待以后解决"),
        ("D", "留作工作参考"),
    ),
)
