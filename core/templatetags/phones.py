"""Telephone numbers on pages: `{% load phones %}`, then `{{ phone|phone_link }}`, a link that a phone dials."""

import re

from django import template
from django.utils.html import format_html

from core.phones import masked

register = template.Library()


@register.filter
def phone_link(phone, how=""):
    """The number as a `tel:` link, printed as typed or with the argument "masked" as 138****5217; empty for none."""
    if not phone:
        return ""
    # What stands behind 转 or a second number is not dialled; RFC 3966 takes digits and a leading +.
    number = re.sub(r"[^\d+]", "", re.split(r"转|[,，、;；/]", phone)[0])
    shown = masked(phone) if how == "masked" else phone
    return format_html('<a class="nowrap" href="tel:{}">{}</a>', number, shown)
