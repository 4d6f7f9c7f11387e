"""湖南. The province's own 工作条例 (revised 2016) was not to be read: only the national law is verified."""

from core.workdays import MONTH

from .build import found, letters, preset, stated
from .general import ARTICLE, DEPUTIES_LAW, GENERAL

_SAME = "《湖南省人民代表大会议事规则》第二十七条第一款（2013年修正，据转载件）也是三个月、至迟六个月"

HUNAN = preset(
    code="hunan",
    name="湖南",
    title="湖南省",
    sources=(DEPUTIES_LAW,),
    base=GENERAL,
    clocks=(
        found("reply", 3, MONTH, ARTICLE, note=_SAME),
        found("reply_complex", 6, MONTH, ARTICLE, note=_SAME),
    ),
    switches=(stated("contact_required", True, ARTICLE),),
    notes={"reply_copy_to": "省人大议事规则第二十七条第一款（据转载件）：抄送省人大常委会有关工作机构"},
    # The three classes that counties of the province print.
    letters=letters(
        ("A", "已经解决或者基本解决"),
        ("B", "正在解决"),
        ("B", "已列入计划逐步解决"),
        ("C", "因条件限制暂时不能解决"),
        ("C", "留作工作参考"),
    ),
    letters_source="省内县级人大公开做法",
)
