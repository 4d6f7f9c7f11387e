"""What the filters of every list are made of: cheap fields, and a filter set that tells by what it filters."""

import copy
from dataclasses import dataclass
from functools import lru_cache

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from core.dates import cn_date

from .forms import PlainText


@dataclass(frozen=True)
class Active:
    """One condition in force: its parameter, label and value in words."""

    name: str
    label: str
    words: str


class CheapCopy:
    """A filter whose copies, one per request, share what nobody changes: Django's deep copies, option by option,
    would be a tenth of a page's time."""

    def __deepcopy__(self, memo):
        copied = copy.copy(self)
        copied.extra = dict(self.extra)
        copied.method = self.method  # binds the method to the copy
        return copied


@lru_cache(maxsize=256)
def _options(choices, chosen):
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (code, mark_safe(" selected") if str(code) == chosen else "", label)  # nosec B308 B703
            for code, label in choices
        ),
    )


class PlainSelect(forms.Select):
    """A select written in one go: Django's own renders a template per option, and there are a hundred."""

    def render(self, name, value, attrs=None, renderer=None):
        options = _options(tuple(self.choices), "" if value is None else str(value))
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", attributes, options)


class PlainInput(forms.TextInput):
    """An input written without a template, of which there are a dozen."""

    def render(self, name, value, attrs=None, renderer=None):
        given = {"type": self.input_type, "name": name, **(attrs or {})}
        if (text := self.format_value(value)) is not None:
            given["value"] = text
        return format_html("<input{}>", flatatt(self.build_attrs(self.attrs, given)))


class PlainDay(PlainInput, forms.DateInput):
    """The same for dates."""

    input_type = "date"


class ChoiceField(django_filters.fields.ChoiceField):
    def __deepcopy__(self, memo):
        return forms.Field.__deepcopy__(self, memo)  # the choices are the same for every copy


class Words(CheapCopy, django_filters.CharFilter):
    field_class = PlainText

    def __init__(self, *args, **kwargs):
        super().__init__(*args, widget=PlainInput, **kwargs)


class Choice(CheapCopy, django_filters.ChoiceFilter):
    field_class = ChoiceField


class Day(CheapCopy, django_filters.DateFilter):
    pass


def select(label, empty="不限"):
    """A condition chosen from a list that the filter set offers at each request."""
    return Choice(label=label, method="by_choice", empty_label=empty, choices=(), widget=PlainSelect)


def day(label):
    return Day(
        label=label,
        method="by_day",
        widget=PlainDay(format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。"},
    )


class Conditions(django_filters.FilterSet):
    """A filter set that tells in words what it filters by, and which conditions it could not understand."""

    def active(self):
        """The conditions in force: a list of Active, in the form's order."""
        found = []
        if not self.is_bound:
            return found
        self.form.is_valid()  # fills cleaned_data with what was understood
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, ""):
                continue
            labels = dict(getattr(field, "choices", ()))
            words = cn_date(value) if hasattr(value, "year") else labels.get(value, value)
            found.append(Active(name, field.label, words))
        return found

    def problems(self):
        """(label, sentence) of every condition that could not be understood and was left out."""
        return [
            (self.form.fields[name].label, " ".join(messages))
            for name, messages in self.form.errors.items()
            if name in self.form.fields
        ]

    def by_choice(self, queryset, name, value):
        return getattr(self, f"_by_{name}", self._by_column)(queryset, name, value)

    def _by_column(self, queryset, name, value):
        return queryset.filter(**{name: value})
