"""The forms of 提醒设置."""

from django import forms

from notifications.models import MessagePlan

from .models import ReminderPlan, parse_days, validate_days
from .reminder_settings import OF_UNITS_ALONE, PLAN_FIELDS, SENDING_FIELDS, WITHOUT_UNIT, fingerprint


class _Form(forms.ModelForm):
    """Remembers what the page showed; what is wrong is said by the field."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    columns = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = fingerprint(self.instance, self.columns)
        for name, field in self.fields.items():
            field.error_messages["required"] = "请填写。"
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = "请填 0 到 365 之间的整数。"
                field.error_messages["max_value"] = "最多 365 天。"
                field.error_messages["min_value"] = "不能小于 0。"
                field.widget.attrs["inputmode"] = "numeric"
            if name in self.columns:
                field.label = self.columns[name]

    def values(self):
        """The settings that were typed in."""
        kept = self.initial | self.cleaned_data  # what the form leaves out stays
        return {name: kept[name] for name in self.columns}


class PlanForm(_Form):
    columns = PLAN_FIELDS

    class Meta:
        model = ReminderPlan
        fields = list(PLAN_FIELDS)
        widgets = {"sms": forms.RadioSelect}
        help_texts = {
            "before": "用逗号隔开，如 30,15,7,3,1；留空表示到期前不提醒。只在工作日提醒。",
            "on_day": "",
            "side_after": "分办的件告诉督查室和联工委，其他告诉联工委。0 表示不告诉。",
            "sms": "有短信的那天，一人一条，说件数和最急的一件。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.kind in WITHOUT_UNIT:
            self.initial = {name: getattr(self.instance, name) for name in self.columns}
            for name in OF_UNITS_ALONE:
                del self.fields[name]

    def clean_before(self):
        validate_days(self.cleaned_data["before"])
        return ",".join(map(str, parse_days(self.cleaned_data["before"])))

    def clean(self):
        data = super().clean()
        if not self.errors and not data["before"] and not data["on_day"] and not data["every"]:
            raise forms.ValidationError("到期前、当天和超期都不提醒，就没有人知道期限到了。请至少留一种。")
        return data


class SendingForm(_Form):
    columns = SENDING_FIELDS

    class Meta:
        model = MessagePlan
        fields = list(SENDING_FIELDS)
        widgets = {"digest_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {
            "digest_at": "工作日这个时间起汇总，每人一封。在几个人大任职的人，按最早的时间收一封。",
        }
        error_messages = {"digest_at": {"invalid": "请填时间，如 08:30。"}}
