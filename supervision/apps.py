from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.calendars import on_calendar_change
        from notifications import agenda
        from proposals import asking, key_items, panels
        from proposals.demo import after
        from proposals.workflow import hooks

        from . import (
            activity_panels,
            duties,
            following,
            instruction_duties,
            instruction_panel,
            instructions,
            nav,
            topic_conditions,
            topic_duties,
            topic_panel,
        )
        from .agenda import agenda_of
        from .calendars import calendar_published
        from .demo.activities import tell as tell_activities
        from .demo.instructions import tell as tell_instructions
        from .demo.promises import tell as tell_promises
        from .demo.records import tell as tell_records
        from .demo.reminders import tell as tell_reminders
        from .demo.topics import tell as tell_topics
        from .stages import escalation_of
        from .unit_posts import post_urge

        on_calendar_change(calendar_published)
        agenda.register(agenda_of)
        asking.register_escalations(escalation_of)
        hooks.after("urge", post_urge)
        after.register(50, tell_reminders)
        nav.register_entries()
        # 批示、专委会
        instructions.register_hooks()
        following.register_hooks()
        panels.register(instruction_panel.instruction_panel)
        panels.register(instruction_panel.committee_panel, is_followed=instruction_panel.is_followed)
        duties.register(instruction_duties.owed_answers)
        duties.register(instruction_duties.overseen, kinds={duties.COMMITTEE})
        # 重点督办
        panels.register(topic_panel.panels, is_in_a_topic=topic_panel.is_in_a_topic)
        key_items.register(topic_conditions.KeyItems())
        duties.register(topic_duties.open_steps)
        after.register(10, tell_topics)
        after.register(20, tell_instructions)
        # 承诺
        after.register(30, tell_promises)
        # 单位办理情况
        after.register(40, tell_records)
        # 督办活动、整改事项
        panels.register(activity_panels.case_panels, has_activities=activity_panels.has_activities)
        panels.register_inbox(
            activity_panels.inbox_panels,
            tasks=activity_panels.open_tasks_number,
            late_tasks=activity_panels.late_tasks_number,
        )
        duties.register(activity_panels.open_tasks)
        after.register(20, tell_activities)
