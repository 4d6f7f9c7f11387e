from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "账号与授权"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.scopes import register_scopes

        register_scopes(calendar_scopes)


def calendar_scopes(request):
    """Return (code, name) of the congresses whose own calendar rows the person may edit."""
    from institutions.models import Congress

    congresses = Congress.objects.filter(is_active=True)
    if not request.user.is_superuser:
        congresses = congresses.filter(pk__in=request.user.administered_congresses())
    return list(congresses.values_list("code", "name"))


class AdminConfig(admin.AdminConfig):
    """Django's administration, open to congress administrators by their grant."""

    default = False
    default_site = "accounts.admin_site.CongressAdminSite"
    verbose_name = "系统管理"
