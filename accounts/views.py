"""Signing in and out, the password, one's own page."""

import logging
import re

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth import views as auth
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import set_aside
from accounts.auth import lockout_name
from accounts.forms import ChangePasswordForm, ProfileForm, SignInForm
from accounts.models import SetAsideForm

logger = logging.getLogger("security")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def safe_next(request, default="/"):
    """Return the local path in `next`, or `default` for one that leaves the site or is no path."""
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_local = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if is_local and target.startswith("/") else default


class SignIn(auth.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"kept": self.request.GET.get("kept") == "1"}

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ChangePassword(auth.PasswordChangeView):
    """Ends every other session of the person: Django ties sessions to the password."""

    template_name = "accounts/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("accounts:profile")

    def get_success_url(self):
        return safe_next(self.request, default=str(self.success_url))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"next": safe_next(self.request, default="")}

    def form_valid(self, form):
        response = super().form_valid(form)
        messages.success(self.request, "密码已改。在别处登录的都已退出。")
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def profile(request):
    """个人信息: what one may act as, the email, large type, texts set aside."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "邮箱已保存。")
        return redirect("accounts:profile")
    kept = SetAsideForm.objects.filter(user=request.user, created_at__gte=timezone.now() - set_aside.KEEP)
    context = {
        "form": form,
        "grants": request.user.active_grants(),
        "kept": [{"row": row, "texts": _texts(row)} for row in kept],
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def _texts(row):
    """What the person typed, told from hidden fields and selections by its Chinese characters."""
    return [value for values in row.fields["data"].values() for value in values if HAN.search(value)]


@require_POST
def big_type(request):
    """Keep the choice of large or standard type with the person, and go back to the page."""
    request.user.big_type = request.POST.get("big") == "1"
    request.user.save(update_fields=["big_type"])
    return HttpResponseRedirect(safe_next(request))


@require_POST
def discard_set_aside(request, pk):
    """Throw away a text set aside; only one's own."""
    SetAsideForm.objects.filter(pk=pk, user=request.user).delete()
    messages.info(request, "已放弃登录过期前写的内容。")
    return HttpResponseRedirect(safe_next(request))


@sensitive_post_parameters()
def locked_out(request, response=None, credentials=None):
    """The answer after too many wrong passwords (django-axes): when to try again, and what else to do."""
    name = lockout_name(request, credentials)
    logger.warning("locked out name=%s address=%s", name, request.axes_ip_address)
    last = (
        AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address)
        .order_by("-attempt_time")
        .first()
    )
    until = (last.attempt_time if last else timezone.now()) + get_cool_off(request)
    context = {"until": timezone.localtime(until), "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked_out.html", context, status=429)
