"""The administration sees one congress: base classes that scope lists, choices, filters and single objects.

Permission rests on the admin grant, not on Django's model permissions.  What belongs to another congress does not
exist here: lists leave it out, choices do not offer or accept it, its address answers 404.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.filters import RelatedFieldListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import Http404

from institutions.models import Congress


def congress_ids(request):
    """Return the ids of the congresses that the person may administer; None for all of them (superuser)."""
    return None if request.user.is_superuser else request.user.administered_congresses()


def scoped(admin_site, model, request):
    """Return the rows of `model` that may be chosen: those its own administration shows."""
    try:
        model_admin = admin_site.get_model_admin(model)
    except NotRegistered:
        model_admin = None
    if isinstance(model_admin, CongressScope):
        return model_admin.get_queryset(request)
    rows, mine = model._default_manager.all(), congress_ids(request)
    return rows if mine is None or not has_congress(model) else rows.filter(congress__in=mine)


def has_congress(model):
    """Return whether the rows of `model` say themselves which congress they belong to."""
    try:
        return model._meta.get_field("congress").related_model is Congress
    except FieldDoesNotExist:
        return False


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A filter by a related row that lists only those of the person's congresses."""

    def field_choices(self, field, request, model_admin):
        rows = scoped(model_admin.admin_site, field.remote_field.model, request)
        return [(row.pk, str(row)) for row in rows[:200]]


class CongressForm(forms.ModelForm):
    """Refuses a reference into another congress, even where the person administers both."""

    def _post_clean(self):
        super()._post_clean()
        home = getattr(self.instance, "congress_id", None)
        for field in self.instance._meta.fields:
            chosen = self.cleaned_data.get(field.name) if field.is_relation else None
            if chosen is None or home is None or not has_congress(type(chosen)):
                continue
            if chosen.congress_id != home:
                self.add_error(field.name, f"“{chosen}”不属于这个人大，请重新选择。")


class CongressScope:
    """What lists and inlines have in common.

    `congress_path` leads from the model to its congress: "congress", "rule_set__congress"; "pk" for congresses.
    """

    congress_path = "congress"
    form = CongressForm

    def in_scope(self, request, obj):
        """Return whether the row belongs to a congress of this person."""
        mine = congress_ids(request)
        return mine is None or self._congress_of(obj) in mine

    def _congress_of(self, obj):
        *steps, last = self.congress_path.split("__")
        for step in steps:
            obj = getattr(obj, step)
        return obj.pk if last == "pk" else getattr(obj, f"{last}_id")

    def get_queryset(self, request):
        rows, mine = super().get_queryset(request), congress_ids(request)
        return rows if mine is None else rows.filter(**{f"{self.congress_path}__in": mine})

    def get_field_queryset(self, db, db_field, request):
        return scoped(self.admin_site, db_field.remote_field.model, request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Related rows are edited on their own pages: the pop-ups only clutter the forms.
        for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field

    def settle_congress(self, request, form, obj):
        """Fix the congress in the form class: of an existing row always, of a new one where there is one choice.

        A disabled field rather than a read-only one, so that uniqueness within the congress is still checked.
        """
        field = form.base_fields.get("congress")
        if field is None:
            return
        mine = congress_ids(request)
        only = mine is not None and len(mine) == 1
        if only:
            field.initial = next(iter(mine))
            field.widget = forms.HiddenInput()
        field.disabled = only or obj is not None

    def has_view_permission(self, request, obj=None):
        return obj is None or self.in_scope(request, obj)

    has_change_permission = has_view_permission

    def has_add_permission(self, request, obj=None):
        return True

    def has_delete_permission(self, request, obj=None):
        return False


class CongressAdmin(CongressScope, admin.ModelAdmin):
    """Base of every model's administration. Rows can be removed only while nothing refers to them."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    deletable = True

    def has_module_permission(self, request):
        return True

    def has_add_permission(self, request):
        return True

    def has_delete_permission(self, request, obj=None):
        return self.deletable and obj is not None and self.in_scope(request, obj) and not in_use(obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # removing is rare and done one by one
        return actions

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        self.settle_congress(request, form, obj)
        return form

    def get_list_display(self, request):
        columns = list(super().get_list_display(request))
        return columns if self._sees_several(request) else [name for name in columns if name != "congress"]

    def get_list_filter(self, request):
        names = [
            n for n in super().get_list_filter(request) if n != "congress" or self._sees_several(request)
        ]
        return [self._scoped_filter(name) for name in names]

    def _scoped_filter(self, name):
        if isinstance(name, str) and isinstance(self.opts.get_field(name), models.ForeignKey):
            return (name, ScopedRelatedFilter)
        return name

    def _sees_several(self, request):
        mine = congress_ids(request)
        return mine is None or len(mine) > 1


class CongressInline(CongressScope):
    """Scoped rows inside the form of a row that is scoped itself; beside `TabularInline` or `StackedInline`."""

    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        self.settle_congress(request, formset.form, None)
        return formset

    def has_view_permission(self, request, obj=None):
        return True  # `obj` is the row around it, which the person has got hold of already

    has_change_permission = has_add_permission = has_view_permission


def in_use(obj):
    """Return whether any row refers to `obj`."""
    for relation in obj._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: obj})
        if rows.exists():
            return True
    return False
