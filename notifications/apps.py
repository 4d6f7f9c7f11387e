from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts.models import Role
        from accounts.nav import register

        from .services import unread_count

        name = "notifications:notices"
        register(None, "消息", name, 90, unread_count, icon="bell", slots=("tool",))
        # Deputies work on phones: their bottom bar has it too.
        register({Role.DEPUTY}, "消息", name, 90, unread_count, icon="bell", slots=("tab",))
