"""Administration of accounts and their grants, and the security log."""

from axes.utils import reset as reset_lockout
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from accounts.admin_deputies import open_accounts
from accounts.admin_forms import GrantForm, GrantFormSet, NewUserForm, ResetPasswordForm, UserForm
from accounts.models import Grant, Role, SecurityEvent, User
from accounts.passwords import hand_out
from deputies.admin import DeputyAdmin
from institutions.admin_base import CongressAdmin, CongressInline, congress_ids

admin.site.unregister(Group)  # what people may do rests on grants alone
DeputyAdmin.actions = [*DeputyAdmin.actions, open_accounts]  # accounts stand above deputies


class GrantInline(CongressInline, admin.StackedInline):
    """What the person may act as, in the administrator's own congresses only."""

    model = Grant
    fk_name = "user"
    form = GrantForm
    formset = GrantFormSet
    autocomplete_fields = ["unit", "deputy"]
    fields = [
        ("role", "congress"), ("unit", "delegation"), ("committee", "deputy"),
        ("title", "is_active"), ("starts_on", "ends_on"), "stands_in_for",
    ]  # fmt: skip

    def get_formset(self, request, obj=None, **kwargs):
        # An account without a grant would belong to nobody, and its maker could not find it again.
        least = 1 if obj is None and not request.user.is_superuser else 0
        return super().get_formset(request, obj, min_num=least, validate_min=bool(least), **kwargs)

    def has_change_permission(self, request, obj=None):
        """Nobody gives rights to themself."""
        return request.user.is_superuser or obj is None or obj.pk != request.user.pk

    has_add_permission = has_change_permission

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser  # others untick 有效: what somebody once was stays on record


class RoleFilter(admin.SimpleListFilter):
    title = "角色"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        grants = Grant.objects.filter(user=OuterRef("pk"), role=self.value())
        mine = congress_ids(request)
        return queryset.filter(Exists(grants if mine is None else grants.filter(congress__in=mine)))


@admin.register(User)
class UserAdmin(CongressAdmin):
    """Accounts of people with a grant in the administrator's congresses; superusers are the superuser's business."""

    deletable = False  # accounts are switched off; what people did keeps their name
    inlines = [GrantInline]
    list_display = ["name", "username", "phone", "grants_held", "is_active", "last_login"]
    list_display_links = ["name", "username"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["name", "username", "phone"]
    search_help_text = "按姓名、用户名、手机号查找"
    actions = ["unlock"]
    change_form_template = "admin/accounts/user/change_form.html"

    # --- Who may do what ---------------------------------------------------------------------------------

    def get_queryset(self, request):
        mine = congress_ids(request)
        rows = admin.ModelAdmin.get_queryset(self, request)
        grants = Grant.objects.select_related(
            "congress", "unit", "delegation", "committee", "deputy__delegation"
        )
        if mine is not None:
            grants = grants.filter(congress__in=mine)
            held = Grant.objects.filter(user=OuterRef("pk"), congress__in=mine)
            rows = rows.filter(Exists(held), is_superuser=False)
        return rows.prefetch_related(Prefetch("grants", grants, to_attr="grants_seen"))

    def in_scope(self, request, obj):
        mine = congress_ids(request)
        return mine is None or (not obj.is_superuser and obj.grants.filter(congress__in=mine).exists())

    def owns(self, request, obj):
        """Return whether the whole account is the administrator's: no grant of it lies in another congress."""
        mine = congress_ids(request)
        return mine is None or (
            self.in_scope(request, obj) and not obj.grants.exclude(congress__in=mine).exists()
        )

    # --- The form ----------------------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, form=UserForm if obj else NewUserForm, **kwargs)

    def get_fieldsets(self, request, obj=None):
        who = ["username", "name", "phone", "email"]
        if obj is None:
            return [(None, {"fields": [*who, "password"]})]
        state = ["is_active", "must_change_password", "last_login", "date_joined"]
        if request.user.is_superuser:
            state.append("is_superuser")
        shared = (
            ""
            if self.owns(request, obj)
            else "此账号同时属于别的人大，账号资料由系统总管理员维护；您可以维护下面本人大的授权。"
        )
        return [(None, {"fields": who, "description": shared}), ("状态", {"fields": state})]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        fixed = ["must_change_password", "last_login", "date_joined"]
        if not self.owns(request, obj):
            return ["username", "name", "phone", "email", "is_active", *fixed]
        # Nobody locks themself out.
        return [*fixed, "is_active", "is_superuser"] if obj.pk == request.user.pk else fixed

    def save_model(self, request, obj, form, change):
        if not change:
            typed = form.cleaned_data["password"]
            password = hand_out(obj, typed)
            request.password_to_show = "" if typed else password
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        if request.password_to_show:
            return self._show_passwords(request, [(obj, request.password_to_show)])
        return super().response_add(request, obj, post_url_continue)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        extra = {"may_reset": self.owns(request, user) and user != request.user}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    # --- The list ----------------------------------------------------------------------------------------

    @admin.display(description="授权")
    def grants_held(self, user):
        return "；".join(str(grant) for grant in user.grants_seen if grant.is_active) or "—"

    @admin.action(description="解除登录锁定")
    def unlock(self, request, queryset):
        """Let people who mistyped their password try again at once."""
        for user in queryset:
            reset_lockout(username=user.username)
        self.message_user(request, f"已解除 {len(queryset)} 个账号的登录锁定。", messages.SUCCESS)

    def lookup_allowed(self, lookup, value, request):
        # Else a hash could be found out character by character through the list's address.
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # --- Passwords ---------------------------------------------------------------------------------------

    def get_urls(self):
        reset = self.admin_site.admin_view(self.reset_password)
        return [path("<int:pk>/reset-password/", reset, name="accounts_user_reset"), *super().get_urls()]

    def reset_password(self, request, pk):
        """Give a new initial password; all sessions of the person end."""
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.owns(request, user):
            raise Http404
        if user == request.user:
            return redirect("accounts:password_change")
        form = ResetPasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data["password"]
            password = hand_out(user, typed)
            user.save(update_fields=["password", "must_change_password"])
            reset_lockout(username=user.username)
            self.log_change(request, user, "重设密码")
            if not typed:
                return self._show_passwords(request, [(user, password)])
            self.message_user(request, f"已重设 {user} 的密码，首次登录时必须改掉。", messages.SUCCESS)
            return redirect(reverse("admin:accounts_user_change", args=[user.pk]))
        context = {"title": f"重设密码：{user}", "form": form, "original": user}
        return self._render(request, "reset_password", context)

    def _show_passwords(self, request, pairs):
        """The page is the answer to the form itself, so that the password is stored nowhere in clear."""
        return self._render(request, "passwords", {"title": "初始密码", "pairs": pairs})

    def _render(self, request, name, context):
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        response = render(request, f"admin/accounts/user/{name}.html", {**frame, **context})
        response["Cache-Control"] = "no-store"
        return response


@admin.register(SecurityEvent)
class SecurityEventAdmin(CongressAdmin):
    """安全日志: to read, never to edit."""

    deletable = False
    list_display = ["at", "who", "kind", "words", "congress"]
    list_filter = ["kind", "at", "congress"]
    search_fields = ["who", "words"]
    search_help_text = "按姓名、说明查找"
    date_hierarchy = "at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
