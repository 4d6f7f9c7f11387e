"""Form controls in the look of the stylesheet."""

from django import forms, template

register = template.Library()

LONG_CHOICE = 16  # characters that still fit a third of a form

CLASSES = (
    (forms.CheckboxInput, "form-check-input"),
    ((forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput), ""),
    (forms.Select, "form-select"),
)


@register.filter
def is_checkbox(field):
    """Return whether the bound field is a single tick, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_radio(field):
    """Return whether the bound field is one choice out of a few, each shown as a big button."""
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def pick_columns(field):
    """Return how many of its choices stand side by side: long words get a line of their own."""
    words = [str(label) for _, label in field.field.choices]
    if max(map(len, words), default=0) > LONG_CHOICE:
        return 1
    return 2 if len(words) in (2, 4) else 3


@register.filter
def styled(field, extra=""):
    """Return the control of a bound field with its class, `extra` classes, and the mark of an error."""
    widget = field.field.widget
    name = next((name for kind, name in CLASSES if isinstance(widget, kind)), "form-control")
    classes = [widget.attrs.get("class", ""), name, extra, "is-bad" if field.errors and name else ""]
    attrs = {"class": " ".join(filter(None, classes))} if any(classes) else {}
    if "maxlength" in widget.attrs:
        # The browser would cut pasted text silently; the form refuses it with a sentence and keeps it.
        attrs["maxlength"] = False
    return field.as_widget(attrs=attrs)
