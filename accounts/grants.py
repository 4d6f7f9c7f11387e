"""Small questions about grants, and the security log."""

import logging

from django.db import transaction

from accounts.models import Role, SecurityEvent

logger = logging.getLogger("security")


def grants_of(user, *roles):
    """Return the grants of `user` in force today, of these roles only where any are named; [] for a visitor."""
    if user is None or not user.is_authenticated:
        return []
    wanted = {str(role) for role in roles}
    return [grant for grant in user.active_grants() if not wanted or grant.role in wanted]


def may_administer(user):
    """Return whether the administration is open to this person."""
    if user is None or not user.is_active:
        return False
    return user.is_superuser or bool(grants_of(user, Role.ADMIN))


def log_refusal(user, kind, words, congress=None):
    """Write a refused or forged request into the security log. Returns the SecurityEvent.

    To be called after the refused transaction has rolled back: raises RuntimeError inside one, since the line
    would vanish with it.  `congress` defaults to that of the person's first grant.
    """
    signed_in = user is not None and user.is_authenticated
    with transaction.atomic(durable=True):
        if congress is None and signed_in:
            congress = next((grant.congress for grant in user.active_grants()), None)
        event = SecurityEvent.objects.create(
            congress=congress,
            user=user if signed_in else None,
            who=str(user)[:60] if signed_in else "",
            kind=kind[:30],
            words=words[:500],
        )
    logger.warning("%s user=%s %s", kind, user.pk if signed_in else "-", words)
    return event
