"""What every request passes: renewing the session, knowing the client's address."""

import time

from django.conf import settings


class SessionRefreshMiddleware:
    """Let a session in use live on, writing it at most every SESSION_REFRESH_SECONDS.

    Django either renews on every request (a database write each time) or counts from the sign-in on. Views for
    visitors too leave it alone: opening the session would keep shared caches from storing their pages.
    """

    KEY = "refreshed_at"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(self.KEY, 0) >= settings.SESSION_REFRESH_SECONDS:
                request.session[self.KEY] = now


def client_address(request):
    """Return the client's IP address as text.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so the client's stands
    TRUSTED_PROXY_COUNT places from the right; whatever stands further left the client may have invented.
    """
    count = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if count and len(hops) >= count and hops[-count]:
        return hops[-count]
    return request.META.get("REMOTE_ADDR", "")
