"""Deliveries for the administrator to look at: whether mail goes out, and why not. No case content.

And the groups of units: their webhooks are typed in here and shown to nobody again.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from accounts.models import Grant
from institutions.admin_base import CongressAdmin, CongressForm, congress_ids

from .groups import check_url, host_of
from .models import Delivery, UnitGroup


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
    list_select_related = ["notice__user", "digest__user", "post__unit"]
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
        return rows.filter(Q(notice__congress__in=mine) | Q(post__congress__in=mine) | of_digest)

    def in_scope(self, request, obj):
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="收件人")
    def recipient(self, row):
        return str(row.post.unit if row.post_id else (row.digest or row.notice).user)

    @admin.display(description="内容")
    def what(self, row):
        if row.digest_id:
            return f"{row.digest.day:%Y-%m-%d} 每日汇总"
        if row.post_id:
            return f"{row.post.content['day']} 单位汇总" if row.post.content else "催办（单位）"
        return row.notice.get_topic_display()

    @admin.display(description="下次尝试")
    def next_try(self, row):
        return row.next_try_at if row.state == Delivery.State.WAITING else None


class UnitGroupForm(CongressForm):
    """Address and secret are written, never read: left empty they stay as they are."""

    url = forms.CharField(
        label="机器人地址",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"size": 80, "autocomplete": "off"}),
        help_text="从群机器人的设置里整段复制。保存后不再显示；不改就留空。",
    )
    secret = forms.CharField(
        label="加签密钥",
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"size": 60, "autocomplete": "off"}),
        help_text="钉钉机器人选“加签”时给的密钥（SEC 开头）。保存后不再显示；不改就留空。企业微信不用填。",
    )

    def clean_url(self):
        url = self.cleaned_data["url"].strip() or self.instance.url
        if not url:
            raise ValidationError("请填机器人地址。")
        try:
            check_url(url)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return url

    def clean_secret(self):
        return self.cleaned_data["secret"].strip() or self.instance.secret


@admin.register(UnitGroup)
class UnitGroupAdmin(CongressAdmin):
    """The groups of a congress's units. Of the address only the host is shown."""

    form = UnitGroupForm
    list_display = ["name", "unit", "kind", "host", "has_secret", "is_active", "congress"]
    list_filter = ["kind", "is_active", "congress"]
    list_select_related = ["unit", "congress"]
    search_fields = ["name", "unit__name"]
    search_help_text = "按群名、单位查找"
    autocomplete_fields = ["unit"]
    readonly_fields = ["host", "has_secret"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "congress",
                    "unit",
                    "kind",
                    "name",
                    "url",
                    "host",
                    "secret",
                    "has_secret",
                    "is_active",
                ],
                "description": "催办和每天一行件数发到这个群，不写代表姓名和正文。",
            },
        )
    ]

    @admin.display(description="服务器")
    def host(self, row):
        return host_of(row) or "—"

    @admin.display(description="已设密钥", boolean=True)
    def has_secret(self, row):
        return bool(row.secret)
