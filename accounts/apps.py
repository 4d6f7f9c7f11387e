from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = "账号与授权"
    default_auto_field = "django.db.models.BigAutoField"


class AdminConfig(admin.AdminConfig):
    """Django's administration, open to congress administrators by their grant."""

    default = False
    default_site = "accounts.admin_site.CongressAdminSite"
    verbose_name = "系统管理"
