"""Small lookups of the unit's pages: `{% load desks %}`."""

from datetime import date

from django import template

from core.dates import cn_date

register = template.Library()


@register.simple_tag
def lookup(mapping, key):
    """mapping[key], or nothing."""
    return (mapping or {}).get(key, "")


@register.filter
def letter_of(rules, reply_class):
    """The letter that the rule set prints for a reply class."""
    return rules.letter(reply_class)


@register.filter
def iso_date(text, today):
    """4月22日 of a date kept as ISO text (草稿里的日期); what is no date yet stays as it is."""
    try:
        return cn_date(date.fromisoformat(text), today)
    except (TypeError, ValueError):
        return text or "日期未填"
