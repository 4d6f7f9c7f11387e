from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = "建议办理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from institutions.succession import on_succession_change

        from .nav import register_entries
        from .workflow.rebuilding import hand_over

        register_entries()
        on_succession_change(hand_over)
