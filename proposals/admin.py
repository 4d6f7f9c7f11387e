"""Administration of what a congress sets for itself: categories and its rule set (办法). Never cases."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse

from institutions.admin_base import CongressAdmin, CongressInline

from .admin_forms import ClockRuleForm, ClockRuleFormSet, NewRuleSetForm, PresetForm, RuleSetForm, switch_name
from .models import Category, ClockRule, ReplyLetter, RuleSet, SecretEvent, SecretStub
from .presets import CLOCKS, PRESETS, SWITCHES, find_preset
from .rules import install_preset, load_rules, rules_of_preset
from .status import ClockKind
from .workflow.rebuilding import follow_rules

ONLY_FUTURE = "改动只影响以后开始的期限；正在计算的期限仍按开始时的规定，每个期限都记着自己的依据。"


@admin.register(Category)
class CategoryAdmin(CongressAdmin):
    list_display = ["name", "order", "is_active", "congress"]
    list_filter = ["is_active", "congress"]
    search_fields = ["name"]
    search_help_text = "按名称查找"
    fields = ["congress", "name", "order", "is_active"]


class SecretEventInline(CongressInline, admin.TabularInline):
    model = SecretEvent
    congress_path = "stub__congress"
    fields = readonly_fields = ["action", "at", "actor_name"]
    max_num = 0
    can_delete = False

    def has_change_permission(self, request, obj=None):
        return False

    has_add_permission = has_change_permission


@admin.register(SecretStub)
class SecretStubAdmin(CongressAdmin):
    """To read: the office registers them on its own page, and nothing removes them."""

    deletable = False
    inlines = [SecretEventInline]
    list_display = ["number", "registered_on", "closed_on", "registered_by", "congress"]
    list_filter = ["congress"]
    fields = ["congress", "number", "registered_on", "registered_by", "closed_on"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request):
        return False


class ClockRuleInline(CongressInline, admin.TabularInline):
    """The terms. There are always the same ones: switched on or off, never added or removed."""

    model = ClockRule
    form = ClockRuleForm
    formset = ClockRuleFormSet
    congress_path = "rule_set__congress"
    verbose_name_plural = "期限"
    fields = ["term", "is_on", "value", "unit", "start_code", "start_event", "article", "is_verified"]
    readonly_fields = ["term"]
    max_num = 0
    can_delete = False

    def get_queryset(self, request):
        # 承诺 runs to the promised date, so there is nothing to set.
        return super().get_queryset(request).exclude(kind=ClockKind.COMMITMENT)

    @admin.display(description="期限")
    def term(self, row):
        return CLOCKS[row.kind][0] if row.kind in CLOCKS else ""  # the empty row of the formset


class ReplyLetterInline(CongressInline, admin.TabularInline):
    """How the stored reply classes are printed."""

    model = ReplyLetter
    congress_path = "rule_set__congress"
    verbose_name_plural = "答复类别的字母和文字"
    fields = ["reply_class", "letter", "words"]
    readonly_fields = ["reply_class"]
    max_num = 0
    can_delete = False


@admin.register(RuleSet)
class RuleSetAdmin(CongressAdmin):
    """One page per congress: terms, switches, lights, letters; and changing over to another preset."""

    form = RuleSetForm
    deletable = False
    list_display = ["name", "preset_name", "clocks_on", "unverified", "congress"]
    list_select_related = ["congress"]
    change_form_template = "admin/proposals/ruleset/change_form.html"

    class Media:
        css = {"all": ["css/rules-admin.css"]}

    def has_add_permission(self, request):
        return request.user.is_superuser

    def get_queryset(self, request):
        on = Q(clocks__is_on=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                on_count=Count("clocks", filter=on),
                unverified_count=Count("clocks", filter=on & Q(clocks__is_verified=False)),
            )
        )

    @admin.display(description="来自预设")
    def preset_name(self, row):
        return PRESETS[row.preset].title if row.preset in PRESETS else row.preset

    @admin.display(description="启用的期限")
    def clocks_on(self, row):
        return f"{row.on_count} 个"

    @admin.display(description="未核实")
    def unverified(self, row):
        return f"{row.unverified_count} 个" if row.unverified_count else "没有"

    # --- The form ----------------------------------------------------------------------------------------

    def get_inlines(self, request, obj):
        return [ClockRuleInline, ReplyLetterInline] if obj else []

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["congress", "preset"]})]
        return [
            (None, {"fields": ["congress", "name"], "description": ONLY_FUTURE}),
            ("灯", {"fields": [("yellow_days", "orange_days")]}),
            ("开关", {"fields": [switch_name(code) for code in SWITCHES]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewRuleSetForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        made = install_preset(form.cleaned_data["congress"], form.cleaned_data["preset"])
        obj.pk, obj._state.adding = made.pk, False
        obj.refresh_from_db()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        congress_id = form.instance.congress_id
        transaction.on_commit(lambda: follow_rules(congress_id))

    # --- Another preset ----------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view(self.preset_view)
        return [path("<int:pk>/preset/", view, name="proposals_ruleset_preset"), *super().get_urls()]

    def preset_view(self, request, pk):
        """Choose a preset, see what would change, confirm."""
        row = self.get_object(request, str(pk))
        if not self.has_change_permission(request, row):
            raise Http404
        form = PresetForm(request.POST or None, initial={"preset": row.preset})
        changes = None
        if request.method == "POST" and form.is_valid():
            chosen = form.cleaned_data["preset"]
            if "confirm" in request.POST:
                return self._change_over(request, row, chosen)
            changes = differences(load_rules(row.congress_id), rules_of_preset(find_preset(chosen)))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "form": form,
            "changes": changes,
            "only_future": ONLY_FUTURE,
            "title": f"换用预设：{row.congress}",
            "media": self.media,
        }
        return render(request, "admin/proposals/ruleset/preset.html", context)

    def _change_over(self, request, row, code):
        title = PRESETS[code].title
        with transaction.atomic():
            install_preset(row.congress, code)
            self.log_change(request, row, f"换用预设：{title}")
            transaction.on_commit(lambda: follow_rules(row.congress_id))
        self.message_user(request, f"已换用“{title}”的办法。{ONLY_FUTURE}", messages.SUCCESS)
        return redirect(reverse("admin:proposals_ruleset_change", args=[row.pk]))


def differences(old, new):
    """What changing over would change: a list of (name, words now, words then)."""
    rows = []
    for kind, (name, _) in CLOCKS.items():
        now, then = _term_words(old.clocks.get(kind)), _term_words(new.clocks[kind])
        if kind != ClockKind.COMMITMENT and now != then:
            rows.append((name, now, then))
    for code, spec in SWITCHES.items():
        now, then = spec.words(old.switch(code)), spec.words(new.switch(code))
        if now != then:
            rows.append((spec.label, now, then))
    for name, now, then in (
        ("黄灯（剩余天数）", old.yellow_days, new.yellow_days),
        ("橙灯（剩余天数）", old.orange_days, new.orange_days),
    ):
        if now != then:
            rows.append((name, now, then))
    for code, (letter, words) in new.letters.items():
        now = " ".join(old.letters.get(code, ("", ""))).strip()
        if now != f"{letter} {words}":
            rows.append(("答复类别", now or "没有", f"{letter} {words}"))
    return rows


def _term_words(terms):
    if terms is None or not terms.is_on:
        return "不启用"
    mark = "" if terms.is_verified else "（未核实）"
    return f"自{terms.start_event}之日起 {terms.length_text}{mark}"
