from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.calendars import on_calendar_change
        from notifications import agenda
        from proposals import key_items, panels

        from . import duties, nav, topic_conditions, topic_duties, topic_panel
        from .agenda import agenda_of
        from .calendars import calendar_published

        on_calendar_change(calendar_published)
        agenda.register(agenda_of)
        nav.register_entries()
        # 重点督办
        panels.register(topic_panel.panels)
        key_items.register(topic_conditions.KeyItems())
        duties.register(topic_duties.open_steps)
