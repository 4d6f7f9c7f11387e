from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.calendars import on_calendar_change
        from notifications import agenda

        from .agenda import agenda_of
        from .calendars import calendar_published

        on_calendar_change(calendar_published)
        agenda.register(agenda_of)
