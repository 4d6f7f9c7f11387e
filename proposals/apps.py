from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = "建议办理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from .nav import register_entries

        register_entries()
