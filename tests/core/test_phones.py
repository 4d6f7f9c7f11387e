"""Telephone numbers: what can be called, and how they stand on pages."""

import pytest

from core.phones import holds_number
from core.templatetags.phones import phone_link


@pytest.mark.parametrize(
    ("text", "is_one"), [("12345", True), ("8866 1032", True), ("同上", False), ("", False), ("110", False)]
)
def test_what_can_be_called(text, is_one):
    assert holds_number(text) is is_one


@pytest.mark.parametrize(
    ("phone", "how", "link"),
    [
        ("13812345217", "", '<a class="nowrap" href="tel:13812345217">13812345217</a>'),
        ("138 1234 5217", "masked", '<a class="nowrap" href="tel:13812345217">138****5217</a>'),
        ("0700-8866 1000 转 12", "", '<a class="nowrap" href="tel:070088661000">0700-8866 1000 转 12</a>'),
        ("88661032", "masked", '<a class="nowrap" href="tel:88661032">****1032</a>'),
        ("<b>12345", "", '<a class="nowrap" href="tel:12345">&lt;b&gt;12345</a>'),
        ("", "masked", ""),
    ],
)
def test_links(phone, how, link):
    assert phone_link(phone, how) == link
