"""How forms look everywhere but in the administration: one field template for all of them."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`{{ form.name.as_field_group }}` gives label, control, error and hint in our own marks."""

    field_template_name = "forms/field.html"
