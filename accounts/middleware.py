"""Who may pass: sign-in required, the first password changed, nothing typed lost on the way."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts import errors, set_aside


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Ask visitors to sign in; what they were sending is set aside first."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not needs_sign_in(view_func):
            # Asked first: who is there would open the session, and a page for all could no longer be shared.
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        kept = set_aside.keep(request) if request.method == "POST" else None
        query = {REDIRECT_FIELD_NAME: page_to_return_to(request)}
        if kept:
            query["kept"] = "1"
        # One sign-in page for all, the administration included.
        login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query, safe='/')}"
        if request.htmx:
            # The sign-in page must not be swapped into a form; a note above it is shown instead.
            note = render(request, "accounts/_expired.html", {"login": login, "kept": kept}, status=401)
            return errors.above_the_page(note)
        return redirect(login)

    def process_response(self, request, response):
        if request.method == "POST":
            set_aside.taken_up(request, response)
        if not response.has_header("Cache-Control"):
            # On a shared computer, Back after signing out must ask the server. Not no-store, which would make
            # browsers forget what was typed.
            patch_cache_control(response, private=True, no_cache=True)
        return response


def needs_sign_in(view_func):
    """Whether a view is for people signed in, as all are that do not say otherwise (`login_not_required`)."""
    return getattr(view_func, "login_required", True)


def page_to_return_to(request):
    """Return the address to open after signing in: the page that was asked for, or on which the form stands.

    Of a form that does not say so, the page the browser came from; addresses that only take POST are no pages.
    """
    if getattr(request, "htmx", None) or request.method in ("GET", "HEAD"):
        return set_aside.page_of(request)
    owner = set_aside.read_token(request)
    if owner:
        return owner[1]
    referrer = urlsplit(request.headers.get("Referer", ""))
    return (referrer.path or "/") if referrer.netloc == request.get_host() else "/"


class NotAPageMiddleware:
    """Say something where Django answers with an empty page: an address that only takes forms was opened."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = errors.not_a_page(request)
        page["Allow"] = response.get("Allow", "POST")
        return page


class FirstPasswordMiddleware:
    """An initial password, known to whoever handed it out, opens the page for changing it and nothing else."""

    ALLOWED = {"accounts:password_change", "accounts:logout", "accounts:login", "accounts:big_type"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.resolver_match.view_name in self.ALLOWED or not needs_sign_in(view_func):
            return None
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        change = reverse("accounts:password_change")
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": change})
        return redirect(f"{change}?{urlencode({'next': request.get_full_path()}, safe='/')}")
