"""Whose form is this."""

from django import template
from django.utils.html import format_html

from accounts import set_aside

register = template.Library()


@register.simple_tag(takes_context=True)
def who(context):
    """Return the hidden field that lets the text survive an expired session; stands in every form with text."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">',
        set_aside.FIELD,
        set_aside.token(user, set_aside.page_of(request)),
    )
