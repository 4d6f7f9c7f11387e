"""What happened, what is kept, where to go: the pages for requests that could not be answered."""

from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import UnreadablePostError
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.csrf import requires_csrf_token

from accounts import set_aside
from accounts.views import safe_next

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def above_the_page(response):
    """Let htmx show the answer as a note above the page instead of swapping it into a form."""
    response["HX-Retarget"] = "#notes"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


@requires_csrf_token
def bad_request(request, exception=None):
    """400; 413 where the form was too large to be read."""
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request, exception=None):
    """403, with the reason where one was given in words."""
    words = str(exception) if exception and str(exception) else ""
    if getattr(request, "htmx", None):
        return above_the_page(render(request, "_refused.html", {"words": words}, status=403))
    return render(request, "403.html", {"words": words}, status=403)


@requires_csrf_token
def not_found(request, exception=None):
    """404, also for what exists but is not for this person: the same words, so that nothing shows through."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def not_a_page(request):
    """405: the address of a button, opened like a page, say from the browser's history."""
    return render(request, "405.html", status=405)


@requires_csrf_token
def csrf_failure(request, reason=""):
    """The form's security token is out of date, mostly after signing in again in another window.

    Keeps what was typed for the owner of the form, and says where it is.
    """
    try:
        posted = request.POST
    except (*TOO_LARGE, UnreadablePostError) as problem:
        return bad_request(request, problem)
    path = posted.get("next") and safe_next(request)
    if request.path == resolve_url("accounts:login") and request.user.is_authenticated:
        return redirect(path or "/")  # the sign-in form was still open in a second window
    kept = set_aside.keep(request)
    owner = set_aside.read_token(request)
    back = kept.path if kept else owner[1] if owner else ""
    if back and not request.user.is_authenticated:
        back = f"{resolve_url('accounts:login')}?{urlencode({'next': back, **({'kept': 1} if kept else {})}, safe='/')}"
    context = {
        "kept": kept,
        "back": back,
        "by_other": bool(owner and request.user.is_authenticated and owner[0] != request.user.pk),
    }
    if getattr(request, "htmx", None):
        return above_the_page(render(request, "accounts/_csrf.html", context, status=403))
    return render(request, "403_csrf.html", context, status=403)
