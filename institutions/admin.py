"""Administration of congresses, units and committees."""

from django.contrib import admin

from institutions.admin_base import CongressAdmin
from institutions.models import Committee, Congress, Unit
from institutions.succession import succession_changed


@admin.register(Congress)
class CongressesAdmin(CongressAdmin):
    """An administrator looks after the names and telephone of the own congress; the superuser adds congresses."""

    congress_path = "pk"
    deletable = False
    list_display = ["name", "office_name", "liaison_name", "liaison_phone", "level", "is_active", "is_public"]
    search_fields = ["name", "office_name"]
    search_help_text = "按名称查找"
    fields = [
        "name",
        "code",
        "level",
        "office_name",
        "liaison_name",
        "liaison_phone",
        "is_active",
        "is_public",
    ]

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.is_superuser else ["name", "code", "level", "is_active"]

    def has_add_permission(self, request):
        return request.user.is_superuser


@admin.register(Unit)
class UnitAdmin(CongressAdmin):
    list_display = ["name", "short_name", "system", "is_hub", "phone", "is_active", "successor", "congress"]
    list_filter = ["is_active", "system", "is_hub", "congress"]
    list_select_related = ["successor", "congress"]
    search_fields = ["name", "short_name"]
    search_help_text = "按名称、简称查找"
    autocomplete_fields = ["successor"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "congress",
                    "name",
                    "short_name",
                    "system",
                    "is_hub",
                    "has_access",
                    "phone",
                    "mailbox",
                    "is_active",
                ]
            },
        ),
        ("机构改革", {"fields": ["abolished_on", "successor"]}),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "successor" in form.changed_data:
            succession_changed(obj.pk)


@admin.register(Committee)
class CommitteeAdmin(CongressAdmin):
    list_display = ["name", "is_active", "congress"]
    list_filter = ["is_active", "congress"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    fields = ["congress", "name", "is_active"]
