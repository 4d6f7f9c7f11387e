"""Deliveries for the administrator to look at: whether mail goes out, and why not. No case content."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q

from accounts.models import Grant
from institutions.admin_base import CongressAdmin, congress_ids

from .models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(CongressAdmin):
    """Read only. A delivery belongs to the congresses in which its recipient holds a grant."""

    deletable = False
    list_display = [
        "recipient",
        "what",
        "channel",
        "address",
        "state",
        "attempts",
        "next_try",
        "sent_at",
        "error",
    ]
    list_filter = ["state", "channel"]
    list_select_related = ["notice__user", "digest__user"]
    search_fields = ["address", "notice__user__name", "digest__user__name"]
    search_help_text = "按姓名、地址查找"
    fields = ["recipient", "what", "channel", "address", "state", "attempts", "next_try", "sent_at", "error"]
    readonly_fields = fields

    def get_queryset(self, request):
        rows = admin.ModelAdmin.get_queryset(self, request)
        mine = congress_ids(request)
        if mine is None:
            return rows
        grants = Grant.objects.filter(congress__in=mine)
        of_digest = Exists(grants.filter(user=OuterRef("digest__user")))
        return rows.filter(Q(notice__congress__in=mine) | of_digest)

    def in_scope(self, request, obj):
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="收件人")
    def recipient(self, row):
        return str((row.digest or row.notice).user)

    @admin.display(description="内容")
    def what(self, row):
        return f"{row.digest.day:%Y-%m-%d} 每日汇总" if row.digest_id else "催办"

    @admin.display(description="下次尝试")
    def next_try(self, row):
        return row.next_try_at if row.state == Delivery.State.WAITING else None
