"""Signing in by user name or phone number, and counting failures per person rather than per spelling."""

import re
import unicodedata

from django.contrib.auth.backends import ModelBackend

from accounts.models import User

LONGEST_NAME = User._meta.get_field("username").max_length
_PHONE = re.compile(r"(?:\+?86)?(1\d{10})")


def tidy_name(typed):
    """Return what was typed as a name without full-width forms and surrounding blanks."""
    return unicodedata.normalize("NFKC", typed or "").strip()


def tidy_phone(typed):
    """Return a mobile number as eleven digits, whatever blanks, dashes and country code came with it.

    Anything else comes back tidied as a name, so that landlines and short numbers still compare.
    """
    name = tidy_name(typed)
    match = _PHONE.fullmatch(re.sub(r"[\s\-()]", "", name))
    return match.group(1) if match else name


def find_user(typed):
    """Return the account that a typed user name or phone number belongs to, or None. Names win.

    What is longer than any name is nobody's, and is not looked for: SQLite refuses patterns of 50,000 bytes.
    """
    name = tidy_name(typed)
    if not name or "\x00" in name or len(name) > LONGEST_NAME:
        return None
    return (
        User.objects.filter(username=name).first()
        or User.objects.filter(phone=tidy_phone(typed)).first()
        or User.objects.filter(username__iexact=name).first()
    )


class NameOrPhoneBackend(ModelBackend):
    """Django's own check of password and `is_active`, for either kind of name."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        user = find_user(username)
        if user is None:
            User().set_password(password)  # takes as long as a real check, so that names cannot be guessed
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


def lockout_name(request, credentials=None):
    """Return the name under which django-axes counts failures: one per person, however it was spelt."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    known = getattr(request, "_lockout_names", None)
    if known is None:
        known = request._lockout_names = {}
    if typed not in known:
        user = find_user(typed)
        known[typed] = (user.username if user else tidy_phone(typed).lower())[:LONGEST_NAME].replace(
            "\x00", ""
        )
    return known[typed]
