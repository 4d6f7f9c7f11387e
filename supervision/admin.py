"""Administration of the reminder stages, and of the daily runs to look at."""

from django.contrib import admin

from institutions.admin_base import CongressAdmin

from .models import DailyRun, ReminderPlan
from .reminder_settings import PLAN_FIELDS, note_changes, plan_of


@admin.register(ReminderPlan)
class ReminderPlanAdmin(CongressAdmin):
    """Kinds of clocks without a row here have the default stages."""

    deletable = False  # changed instead, so that the history tells of it
    list_display = ["kind", "before", "on_day", "every", "congress"]
    list_filter = ["congress"]
    fieldsets = [
        (
            None,
            {
                "fields": ["congress", "kind", *PLAN_FIELDS],
                "description": "没有列出的期限按默认提醒：到期前 30、15、7、3、1 天，当天，超期后每 7 天。"
                "超期第 1 天告诉签发人，满 7 天告诉联工委。只在工作日提醒，当天到期和超期的除外。"
                "联工委在“提醒设置”里也能改，改动都有记录。",
            },
        )
    ]

    def save_model(self, request, obj, form, change):
        before = plan_of(obj.congress, obj.kind)
        super().save_model(request, obj, form, change)
        note_changes(before, obj, actor=request.user)


@admin.register(DailyRun)
class DailyRunAdmin(admin.ModelAdmin):
    """Whether the daily run was done, and what it did: for the operator alone, it spans all congresses."""

    list_display = ["day", "started_at", "finished_at", "done"]
    ordering = ["-day"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="结果")
    def done(self, row):
        words = {
            "recomputed": "重算期限",
            "silent": "未表态",
            "reminders": "提醒",
            "digests": "汇总",
        }
        return "，".join(f"{label} {row.counts[key]}" for key, label in words.items() if key in row.counts)
