"""Figures of units' records on pages: `{% load records %}`. Every number opens its list; a rate shows both numbers."""

from django import template
from django.utils.html import format_html

from ..record.figures import FIGURES
from ..record.scoring import plain

register = template.Library()
HOW_WORDS = {
    "ratio": "{top} ÷ {bottom} × {points}",
    "levels": "{top} ÷ {bottom}，按档计分",
    "deduct": "{top}，每件（次）扣 {each} 分",
    "given": "固定 {points} 分",
    "grade": "{top} ÷ {bottom}，定等次",
}


@register.simple_tag
def fig(record, code):
    """The number of a figure, as the link to its list; a plain 0 where there is nothing to open."""
    number = record.numbers[code]
    if not number:
        return format_html('<span class="muted">{}</span>', 0)
    label = f"{FIGURES[code].label} {number} {FIGURES[code].noun}"
    return format_html('<a class="n-link" href="{}" aria-label="{}">{}</a>', record.url(code), label, number)


@register.simple_tag
def rate(record, top, bottom):
    """`n / m`, each number opening its list."""
    return format_html('{} <span class="muted">/</span> {}', fig(record, top), fig(record, bottom))


@register.simple_tag
def bar(record, top, bottom):
    """How many hundredths of a bar are filled."""
    whole = record.numbers[bottom]
    return round(100 * record.numbers[top] / whole) if whole else 0


@register.simple_tag
def how(item):
    """算法 of a line of a formula in words."""
    names = {name: FIGURES[code].label if code in FIGURES else "" for name, code in _codes(item)}
    if item.also:
        names["top"] = f"（{names['top']} + {names['also']} × {plain(item.factor)}）"
    words = HOW_WORDS[item.how].format(points=plain(item.points), each=plain(item.each), **names)
    if item.how == "deduct" and item.cap:
        words += f"，最多 {plain(item.cap)} 分"
    if item.how == "levels":
        levels = sorted(item.levels, key=lambda level: -level.at)
        words += "：" + "，".join(f"{plain(each.at)}% 得 {plain(each.points)}" for each in levels)
    if item.how == "grade":
        words += f"：良好 {plain(item.good_at)}%，合格 {plain(item.pass_at)}%"
        words += f"；有“{names['fault']}”的不合格" if item.fault else ""
    return words


def _codes(item):
    return (("top", item.top), ("also", item.also), ("bottom", item.bottom), ("fault", item.fault))


@register.filter
def number(value):
    """A number of a formula or a median without needless zeros."""
    return "" if value is None else plain(str(value))
