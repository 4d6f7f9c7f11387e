"""Forms of 发现的问题 and 整改事项."""

from django import forms

from institutions.models import Unit
from proposals.attachments import AttachmentsField
from proposals.forms import PlainText

from .activity_forms import StepForm, day_field
from .models import TaskOutcome


class _GivesToUnit(forms.Form):
    """To whom, what exactly, by when."""

    unit = forms.ModelChoiceField(
        label="交给哪个单位整改",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="（先记下，暂不交办）",
        error_messages={"invalid_choice": "没有这个单位，请重新选择。"},
    )
    demand = PlainText(label="整改要求", rows=3, max_length=500, required=False)
    responsible = PlainText(
        label="责任人", max_length=60, required=False, help_text="如：市水利局副局长 周启明。"
    )
    due_on = day_field("整改期限", required=False, help_text="这一天是工作日，当天还算按期。")

    def offer_units(self, units):
        """These units (those at work on the case, where it is a single one), else all in use of the congress."""
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("pk")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("unit") and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "请填整改期限。")
        return cleaned


class FindForm(_GivesToUnit, StepForm):
    verb = "记下问题"
    field_order = ["words", "is_shown", "unit", "demand", "responsible", "due_on"]
    words = PlainText(label="发现的问题", rows=3, max_length=300)
    is_shown = forms.BooleanField(
        label="给代表看",
        required=False,
        help_text="不勾的只有人大机关和整改单位看得到；勾上后，代表看得到问题和整改的结果。",
    )


class GiveForm(_GivesToUnit, StepForm):
    verb = "交单位整改"
    effect = "单位会收到消息，按期报整改结果和佐证，由联工委或对口专委会核实。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].required = self.fields["due_on"].required = True
        self.fields["unit"].empty_label = "请选择"
        self.fields["unit"].error_messages["required"] = "请选整改单位。"


class ShowForm(StepForm):
    """A button: show the finding to the deputies, or no longer."""

    verb = "改好"
    is_shown = forms.BooleanField(label="给代表看", required=False)

    def __init__(self, *args, finding, initial=None, **kwargs):
        super().__init__(*args, initial={"is_shown": finding.is_shown} | (initial or {}), **kwargs)


class _Evidence(StepForm):
    """What a unit says of a task. Entered on its behalf (代录) it comes with the signed paper."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.doing and self.doing.is_proxy:
            self.fields["files"].label = "单位签字盖章的材料扫描件"
            self.fields["files"].required = True


class ProgressForm(_Evidence):
    verb = "报进展"
    words = PlainText(label="进展", rows=4, max_length=1000, help_text="做到哪一步，还差什么，什么时候做完。")
    files = AttachmentsField(label="照片和材料")


class ReportForm(_Evidence):
    verb = "报整改结果"
    effect = "报了以后由联工委或对口专委会核实：已整改、部分整改或未整改。"
    words = PlainText(
        label="整改结果", rows=6, max_length=1000, help_text="逐项写做了什么、数量、地点、日期。"
    )
    files = AttachmentsField(label="佐证（照片、文件）", required=True)


class VerifyForm(StepForm):
    """核实. Nothing is preselected; what is not wholly put right goes on to another date or ends with the words."""

    verb = "核实"
    outcome = forms.ChoiceField(
        label="核实结果",
        choices=TaskOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选核实结果。"},
    )
    words = PlainText(label="核实情况", rows=4, max_length=1000, help_text="怎么核实的，看到了什么。")
    due_on = day_field("没有全部整改的，新的期限", required=False)
    closes = forms.BooleanField(
        label="不再跟踪这一项",
        required=False,
        help_text="部分整改、未整改而不再跟踪的，在核实情况里写明理由。",
    )
    files = AttachmentsField(label="核实的照片和材料")


class MoveForm(StepForm):
    verb = "改期限"
    effect = "单位会收到新的期限和说明；原来的期限留在经过里。"
    due_on = day_field("新的期限")
    reason = PlainText(label="为什么改", rows=3, max_length=500)


def units_for(activity, places):
    """The units that a task may go to (a list): of a topic any in use, of a single case those with a place in it."""
    if activity.topic_id:
        return list(Unit.objects.in_use().filter(congress=activity.congress_id).order_by("pk"))
    return list({place.unit_id: place.unit for place in places}.values())
