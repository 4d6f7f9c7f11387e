"""Administration of terms, sessions, delegations and deputies."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone

from deputies.models import Delegation, Deputy, Session, Term
from institutions.admin_base import CongressAdmin, CongressForm


class TermForm(CongressForm):
    def clean(self):
        data = super().clean()
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "届满日期不晚于开始日期，请核对。")
        return data


@admin.register(Term)
class TermAdmin(CongressAdmin):
    form = TermForm
    list_display = ["name", "number", "starts_on", "ends_on", "congress"]
    list_filter = ["congress"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    fields = ["congress", "number", "name", "starts_on", "ends_on"]


class SessionForm(CongressForm):
    def clean(self):
        data = super().clean()
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "闭幕日期早于开幕日期，请核对。")
        return data


@admin.register(Session)
class SessionAdmin(CongressAdmin):
    form = SessionForm
    list_display = ["name", "term", "year", "opens_on", "closes_on", "congress"]
    list_filter = ["term", "congress"]
    list_select_related = ["term", "congress"]
    search_fields = ["name", "year"]
    search_help_text = "按名称、年度查找"
    fields = ["congress", "term", "number", "name", "year", "opens_on", "closes_on"]


@admin.register(Delegation)
class DelegationAdmin(CongressAdmin):
    list_display = ["name", "is_active", "congress"]
    list_filter = ["is_active", "congress"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    fields = ["congress", "name", "is_active"]


class DeputyForm(CongressForm):
    def clean(self):
        data = super().clean()
        if data.get("in_office") and data.get("left_on"):
            raise forms.ValidationError("填了离任日期，就要去掉“在任”。")
        if data.get("in_office") is False and not data.get("left_on"):
            self.add_error("left_on", "请填写离任日期。")
        return data


@admin.register(Deputy)
class DeputyAdmin(CongressAdmin):
    form = DeputyForm
    list_display = [
        "name", "card_no", "delegation", "constituency", "position", "phone", "in_office", "term", "congress",
    ]  # fmt: skip
    list_filter = ["in_office", "delegation", "term", "congress"]
    list_select_related = ["delegation", "term", "congress"]
    search_fields = ["name", "card_no", "phone", "constituency"]
    search_help_text = "按姓名、代表证号、电话、选举单位查找"
    fieldsets = [
        (None, {"fields": ["congress", "term", "delegation", "name", "card_no"]}),
        ("联系", {"fields": ["constituency", "position", "phone", "email"]}),
        ("任职", {"fields": ["in_office", "left_on"]}),
    ]
    actions = ["mark_left"]

    @admin.action(description="标记离任（今天起）")
    def mark_left(self, request, queryset):
        """Leaving office ends new rights; the person still sees the own proposals (代表法)."""
        number = queryset.filter(in_office=True).update(in_office=False, left_on=timezone.localdate())
        self.message_user(request, f"已标记 {number} 位代表离任。", messages.SUCCESS)
