"""系统管理: Django's administration for congress administrators (an active `admin` grant) and superusers."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth.views import LogoutView
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.grants import may_administer


class CongressAdminSite(AdminSite):
    site_header = "代表建议办理系统 · 系统管理"
    site_title = "系统管理"
    index_title = "机构、人员和规则"
    site_url = "/"
    empty_value_display = "—"

    def has_permission(self, request):
        """A superuser or somebody with an admin grant in force; `is_staff` plays no part."""
        return may_administer(request.user)

    def admin_view(self, view, cacheable=False):
        """For everybody else signed in, the administration does not exist."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    # There is one page for signing in, one for leaving, one for the password.

    def login(self, request, extra_context=None):
        target = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        if request.user.is_authenticated:
            return redirect("admin:index" if self.has_permission(request) else "/")
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': target})}")

    def logout(self, request, extra_context=None):
        return LogoutView.as_view()(request)

    def password_change(self, request, extra_context=None):
        return redirect("accounts:password_change")
