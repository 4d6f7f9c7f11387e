"""系统管理: Django's administration for congress administrators (an active `admin` grant) and the superuser."""

from django.contrib.admin import AdminSite
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

    def login(self, request, extra_context=None):
        """There is one sign-in page; who is signed in but no administrator finds nothing here."""
        if request.user.is_authenticated:
            return redirect("/")
        target = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': target})}")
