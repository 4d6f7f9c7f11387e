"""Numbers that lead to a person (电话、身份证号、银行卡号、邮箱), found in running text and taken out of it.  Pure.

What visitors read is written by deputies and units for each other, and a number may have slipped in. Amounts, years
and document numbers must stay, so that a run of digits alone is not enough: its shape or the words before it tell.
"""

import re

HIDDEN = "［已隐去］"

# Full-width digits, letters and marks are looked at as their plain forms; each stays one character.
_PLAIN = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, ord("–"): 0x2D, ord("—"): 0x2D}
# What follows a quantity, never a telephone number.
_QUANTITY = r"(?!\s?(?:[元万亿人户吨亩公平立米千度件次名辆个张座套间床家处条本册%]|余|多|[.,]\d))"
_SEP = r"[\s\-]?"
_PATTERNS = (
    r"[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+",
    # 身份证号 by its groups, then any run as long as one, and 银行卡号 by its groups.
    rf"(?<!\d)\d{{6}}{_SEP}(?:19|20)\d\d{_SEP}[01]\d{_SEP}[0-3]\d{_SEP}\d{{3}}[\dXx]",
    r"(?<!\d)\d{14,}[\dXx]",
    r"(?<!\d)(?!(?:19|20)\d\d\s(?:19|20))\d{4}(?:[\s\-]\d{4}){3}(?:[\s\-]\d{1,3})?(?!\d)",
    # 手机, with or without 86.
    rf"(?<!\d)(?:(?:\+|00)?86{_SEP})?1[3-9]\d(?:{_SEP}\d{{4}}){{2}}(?!\d)",
    # 座机 with its area code, and the extension.
    rf"(?<!\d)(?:\(0\d{{2,3}}\)|0\d{{2,3}}){_SEP}(?:\d{{7,8}}|\d{{3,4}}{_SEP}\d{{4}})(?!\d)(?:\s?[转\-]\s?\d{{1,5}})?",
    # 座机 without: seven or eight digits that are neither a date nor an amount.
    rf"(?<![\d.,])(?!(?:19|20)\d\d[01]\d[0-3]\d(?!\d))[2-8]\d{{6,7}}(?!\d){_QUANTITY}",
    rf"(?<![\d.,])(?!(?:19|20)\d\d\s)[2-8]\d{{2,3}} \d{{4}}(?!\d){_QUANTITY}",
    # After 电话 and the like any run of seven digits, however it is written; years and days apart.
    r"(?:电话|手机|座机|热线|传真|联系方式|联系人|致电|拨打|微信|QQ|qq)[^\d\n。;]{0,12}"
    r"(?!(?:19|20)\d\d\s?-\s?(?:(?:19|20)\d\d|[01]?\d-))"
    rf"(?P<called>\d[\d\s\-()]{{5,30}}\d)(?!\d){_QUANTITY}",
)
_FOUND = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))


def _spans(text):
    """Where they stand: (start, end) in order."""
    for match in _FOUND.finditer(text.translate(_PLAIN)):
        yield match.span("called" if match["called"] else 0)


def numbers_in(text: str) -> list[str]:
    """What in the text looks like somebody's number or address, in order, each once."""
    return list(dict.fromkeys(text[start:end] for start, end in _spans(text)))


def without_numbers(text: str) -> str:
    """The text with each of them replaced by ［已隐去］."""
    parts, last = [], 0
    for start, end in _spans(text):
        parts += [text[last:start], HIDDEN]
        last = end
    return "".join([*parts, text[last:]])
