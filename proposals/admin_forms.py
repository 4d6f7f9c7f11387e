"""Forms of the administration of rule sets: switches as fields of their own, terms that make sense."""

from django import forms
from django.core.exceptions import ValidationError

from institutions.admin_base import CongressForm

from .models import ClockRule, RuleSet
from .presets import CLOCKS, PRESETS, START_EVENTS, SWITCHES, clean_switches
from .status import ClockKind

MOST = {ClockRule.Unit.DAY: 1000, ClockRule.Unit.WORKDAY: 500, ClockRule.Unit.MONTH: 60}
# A ceiling may not be shorter than the term that it is the ceiling of.
CEILINGS = ((ClockKind.REPLY, ClockKind.REPLY_COMPLEX), (ClockKind.REDO, ClockKind.REDO_CEILING))


def switch_name(code):
    """The form field of a switch."""
    return f"switch_{code}"


def _switch_field(spec):
    if spec.most:
        error = f"请填 0 到 {spec.most} 的整数，0 是不用。"
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), error)
        return forms.IntegerField(
            label=spec.label,
            help_text=spec.help,
            min_value=0,
            max_value=spec.most,
            error_messages=messages,
        )
    if spec.choices:
        return forms.ChoiceField(label=spec.label, choices=spec.choices, help_text=spec.help)
    return forms.BooleanField(label=spec.label, required=False, help_text=spec.help)


class BaseRuleSetForm(CongressForm):
    """Name, lights and every switch of one rule set."""

    class Meta:
        model = RuleSet
        fields = ["congress", "name", "yellow_days", "orange_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, spec in SWITCHES.items():
            if switch_name(code) in self.fields:
                self.fields[switch_name(code)].initial = self.instance.switches.get(code, spec.default)

    def clean(self):
        data = super().clean()
        yellow, orange = data.get("yellow_days"), data.get("orange_days")
        if yellow is not None and orange is not None and yellow <= orange:
            self.add_error("yellow_days", "黄灯要比橙灯早：黄灯的剩余天数应大于橙灯的。")
        chosen = {code: data[switch_name(code)] for code in SWITCHES if switch_name(code) in data}
        try:
            self.instance.switches = clean_switches({**self.instance.switches, **chosen})
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return data


RuleSetForm = type(
    "RuleSetForm",
    (BaseRuleSetForm,),
    {switch_name(code): _switch_field(spec) for code, spec in SWITCHES.items()},
)


class NewRuleSetForm(CongressForm):
    """A congress without a rule set starts from a preset."""

    preset = forms.ChoiceField(label="预设", choices=[(p.code, p.title) for p in PRESETS.values()])

    class Meta:
        model = RuleSet
        fields = ["congress"]


class PresetForm(forms.Form):
    """Which preset to change over to."""

    preset = forms.ChoiceField(label="换用哪个预设", choices=[(p.code, p.title) for p in PRESETS.values()])


class ClockRuleForm(forms.ModelForm):
    """One term. Which starting events there are depends on the kind; their words follow the choice."""

    class Meta:
        model = ClockRule
        fields = ["is_on", "value", "unit", "start_code", "start_event", "article", "is_verified"]
        widgets = {
            "value": forms.NumberInput(attrs={"min": 1, "size": 4}),
            "start_event": forms.TextInput(attrs={"size": 16}),
            "article": forms.TextInput(attrs={"size": 40}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = CLOCKS[self.instance.kind][1] if self.instance.kind in CLOCKS else START_EVENTS
        choices = [(code, START_EVENTS[code]) for code in codes]
        self.fields["start_code"] = forms.ChoiceField(label="起算事件", choices=choices)
        self.fields["start_event"].required = False

    def clean(self):
        data = super().clean()
        value, unit = data.get("value"), data.get("unit")
        if data.get("is_on") and value is not None and value < 1:
            self.add_error("value", "启用的期限至少为 1。不需要这个期限时，取消“启用”。")
        elif value is not None and unit in MOST and value > MOST[unit]:
            self.add_error("value", f"{ClockRule.Unit(unit).label}数最多 {MOST[unit]}，请检查数值和单位。")
        if data.get("start_code") in START_EVENTS and (
            not data.get("start_event")
            or ("start_code" in self.changed_data and "start_event" not in self.changed_data)
        ):
            data["start_event"] = START_EVENTS[data["start_code"]]
        return data


class ClockRuleFormSet(forms.BaseInlineFormSet):
    """All terms of a rule set together."""

    def clean(self):
        super().clean()
        rows = {
            form.instance.kind: form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None)
        }
        for kind, ceiling in CEILINGS:
            low, high = rows.get(kind), rows.get(ceiling)
            if not (low and high and low.get("is_on") and high.get("is_on")):
                continue
            same_unit = low.get("unit") == high.get("unit")
            if (
                same_unit
                and None not in (low.get("value"), high.get("value"))
                and high["value"] < low["value"]
            ):
                raise ValidationError(f"“{ClockKind(ceiling).label}”不能短于“{ClockKind(kind).label}”期限。")
