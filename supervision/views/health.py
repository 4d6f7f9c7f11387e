"""Health for machines: one address for a load balancer, one for monitoring. Neither asks for a sign-in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.grants import may_administer
from supervision import health


@login_not_required
@never_cache
@require_safe
def live(_request):
    """200 when this process and the database answer, else 503. One query, no session, no details."""
    if health.database_answers():
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("unavailable\n", content_type="text/plain", status=503)


@login_not_required
@never_cache
@require_safe
def status(request):
    """The worst state of all checks as JSON, 503 when one is failing. Which and why is told to whoever has the
    token of the settings, and to administrators signed in."""
    checks = health.run_checks()
    state = health.overall(checks)
    body = {"status": state}
    if _may_see_details(request):
        body["checks"] = {check.code: {"status": check.state, "detail": check.words} for check in checks}
    return JsonResponse(
        body, status=503 if state == health.FAILING else 200, json_dumps_params={"ensure_ascii": False}
    )


def _may_see_details(request):
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and settings.HEALTH_TOKEN:
        return constant_time_compare(token.strip(), settings.HEALTH_TOKEN)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    try:
        return may_administer(request.user)
    except (DatabaseError, InterfaceError):
        return False
