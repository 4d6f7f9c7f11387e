"""乡镇: the shorter reply term of the township rules that were read."""

from core.workdays import MONTH

from .build import found, preset, stated
from .general import ARTICLE, DEPUTIES_LAW, GENERAL
from .spec import Act

CHONGQING_ACT = Act("重庆市乡镇人民代表大会工作条例", "2016年3月31日修正")
SHANDONG_ACT = Act("山东省乡镇人民代表大会工作若干规定", "2015年12月3日修正")
_ELSEWHERE = (
    f"{SHANDONG_ACT.at('第十五条')}同为两个月、至迟四个月，自大会闭会之日起算；其他省份请核对本省规定"
)

TOWNSHIP = preset(
    code="township",
    name="乡镇",
    title="乡镇",
    sources=(CHONGQING_ACT, SHANDONG_ACT, DEPUTIES_LAW),
    base=GENERAL,
    clocks=(
        found("reply", 2, MONTH, CHONGQING_ACT.at("第十六条第一款"), note=_ELSEWHERE),
        found("reply_complex", 4, MONTH, CHONGQING_ACT.at("第十六条第一款"), note=_ELSEWHERE),
    ),
    switches=(stated("contact_required", True, ARTICLE),),
    notes={"assign": "由乡镇人大主席团交办，没有规定天数"},
    letters=GENERAL.letters,
)
