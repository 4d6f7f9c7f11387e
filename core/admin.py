"""Administration of the working calendar: years with their days, a whole-year view, pasting a notice.

Who may edit what is decided by `core.scopes`, not by Django's model permissions: superusers edit the national
calendar, others the scopes that a provider gives them; the national one they may look at.
"""

from datetime import date

from django.contrib import admin, messages
from django.contrib.admin.checks import InlineModelAdminChecks
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Count, DateField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.forms import DateField as DateFormField
from django.forms.models import modelformset_factory
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html

from core import scopes
from core.calendars import calendar_changed, delete_year, load_calendar, save_year
from core.forms import CalendarDayForm, CalendarDayFormSet, CalendarYearForm, NoticeForm, PlainDateInput
from core.models import NATIONAL, CalendarDay, CalendarYear
from core.strip import year_months
from core.workdays import days_in


class _DayInlineChecks(InlineModelAdminChecks):
    def _check_exclude_of_parent_model(self, obj, parent_model):
        return []  # the days have no foreign key to the year

    def _check_relation(self, obj, parent_model):
        return []


class CalendarDayInline(InlineModelAdmin):
    """The days of the year, edited in place."""

    model = CalendarDay
    template = "admin/edit_inline/tabular.html"
    checks_class = _DayInlineChecks
    extra = 3
    formfield_overrides = {DateField: {"widget": PlainDateInput, "form_class": DateFormField}}

    def get_formset(self, request, obj=None, **kwargs):
        editable = self.has_change_permission(request, obj)
        return modelformset_factory(
            CalendarDay,
            form=CalendarDayForm,
            formset=CalendarDayFormSet,
            formfield_callback=lambda field, **kw: self.formfield_for_dbfield(field, request, **kw),
            extra=self.extra if editable else 0,
            can_delete=editable,
        )

    def has_view_permission(self, request, obj=None):
        return True  # whoever may see the year may see its days

    def has_change_permission(self, request, obj=None):
        return obj is None or obj.scope in scopes.scopes_for(request)

    has_add_permission = has_delete_permission = has_change_permission


def _count_days(**which):
    days = CalendarDay.objects.filter(scope=OuterRef("scope"), date__year=OuterRef("year"), **which)
    # Grouped by a constant column: without it the default ordering would split the count.
    return Coalesce(Subquery(days.order_by().values("scope").annotate(n=Count("pk")).values("n")), 0)


@admin.register(CalendarYear)
class CalendarYearAdmin(admin.ModelAdmin):
    form = CalendarYearForm
    inlines = [CalendarDayInline]
    list_display = ["year", "scope_name", "days_set", "source", "published_on", "whole_year"]
    formfield_overrides = {DateField: {"widget": PlainDateInput, "form_class": DateFormField}}
    search_fields = ["year", "source"]
    search_help_text = "按年份或文号查找"
    list_per_page = 50
    actions = None  # removing a year is rare and done one by one, from its page
    change_list_template = "admin/core/calendaryear/change_list.html"

    class Media:
        css = {"all": ["core/calendar.css"]}

    def scopes_for(self, request) -> dict[str, str]:
        """The scopes this user may edit, as code → name."""
        return scopes.scopes_for(request)

    # --- Who may do what ---------------------------------------------------------------------------------

    def has_module_permission(self, request):
        return bool(self.scopes_for(request))

    def has_view_permission(self, request, obj=None):
        mine = self.scopes_for(request)
        return bool(mine) and (obj is None or obj.scope == NATIONAL or obj.scope in mine)

    def has_add_permission(self, request):
        return bool(self.scopes_for(request))

    def has_change_permission(self, request, obj=None):
        mine = self.scopes_for(request)
        return bool(mine) if obj is None else obj.scope in mine

    has_delete_permission = has_change_permission

    def get_queryset(self, request):
        names = {NATIONAL: scopes.NATIONAL_NAME, **self.scopes_for(request)}
        label = Case(*(When(scope=code, then=Value(name)) for code, name in names.items()))
        return (
            super()
            .get_queryset(request)
            .filter(scope__in=names)
            .annotate(
                scope_label=label,
                off_count=_count_days(is_workday=False),
                makeup_count=_count_days(is_workday=True),
            )
        )

    # --- What is shown -----------------------------------------------------------------------------------

    def get_fields(self, request, obj=None):
        return ["scope_name" if obj else "scope", "year", "source", "published_on"]

    def get_readonly_fields(self, request, obj=None):
        # The days belong to the year by these two, so they stay as they were entered.
        return ["scope_name", "year"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"scopes": self.scopes_for(request)})

    @admin.display(description="适用范围", ordering="scope")
    def scope_name(self, row):
        return row.scope_label

    @admin.display(description="放假、调休")
    def days_set(self, row):
        return f"休 {row.off_count} 天，班 {row.makeup_count} 天"

    @admin.display(description="查看")
    def whole_year(self, row):
        return format_html(
            '<a href="{}">全年日历</a>', reverse("admin:core_calendaryear_whole", args=[row.pk])
        )

    # --- Saving ------------------------------------------------------------------------------------------

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        calendar_changed(form.instance.scope, {form.instance.year})

    def delete_model(self, request, obj):
        delete_year(obj)

    # --- Own pages ---------------------------------------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name="core_calendaryear_import"),
            path("<int:pk>/whole/", wrap(self.whole_view), name="core_calendaryear_whole"),
            *super().get_urls(),
        ]

    def import_view(self, request):
        """Paste a notice; all of its lines are taken or none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NoticeForm(request.POST or None, scopes=self.scopes_for(request))
        if request.method == "POST" and form.is_valid():
            row = self._save_notice(request, form.cleaned_data)
            return redirect("admin:core_calendaryear_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": "导入放假通知",
        }
        context["media"] = self.media
        return render(request, "admin/core/calendaryear/import.html", context)

    def _save_notice(self, request, data) -> CalendarYear:
        with transaction.atomic():
            row = save_year(
                data["year"],
                data["days"],
                scope=data["scope"],
                source=data["source"],
                published_on=data["published_on"],
                replace=data["replace"],
            )
            self.log_change(request, row, f"导入 {len(data['days'])} 天的放假安排")
        message = f"已保存 {row.year} 年的 {len(data['days'])} 天。受影响的期限会自动重算。"
        self.message_user(request, message, messages.SUCCESS)
        return row

    def whole_view(self, request, pk):
        """The twelve months of a year as they count in the row's scope."""
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        calendar = load_calendar(row.scope)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "title": f"{row.year} 年全年日历",
            "months": year_months(row.year, calendar),
            "workdays": sum(map(calendar.is_workday, days_in(date(row.year, 1, 1), date(row.year, 12, 31)))),
            "media": self.media,
        }
        return render(request, "admin/core/calendaryear/whole.html", context)
