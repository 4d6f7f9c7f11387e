"""Forms of instructions (批示) on a key topic; on a case the actions' own forms serve (proposals/forms)."""

import uuid

from django import forms
from django.utils import timezone

from proposals.attachments import AttachmentsField
from proposals.forms import PlainText
from proposals.forms.supervising import SentenceField
from proposals.workflow.instructing import MARKS

from . import topic_instructions
from .topic_forms import day


class OnceForm(forms.Form):
    """Carries the number of the request, so that the same form sent twice is done once."""

    effect = ""
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_id", uuid.uuid4())

    def once(self):
        """Data and number for the action."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "request_id"}
        return {"data": data, "request_id": self.cleaned_data["request_id"] or uuid.uuid4()}


class TopicInstructForm(OnceForm):
    """A sentence chosen or words of one's own, to whom, and the day by which an answer is asked for."""

    effect = "马上通知对方，记入督办经过；到期没回的会提醒。批示不改期限和承办单位。"
    sentence = SentenceField(label="选一句")
    words = PlainText(label="自己写", rows=3, required=False, max_length=1000)
    recipients = forms.MultipleChoiceField(
        label="送给谁",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选批示送给谁。", "invalid_choice": "单位有变动，请重新选送给谁。"},
    )
    due_on = day("回复日")

    def __init__(self, *args, topic, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        units = topic_instructions.units_of(topic)
        choices = [(topic_instructions.OFFICE, "联工委")] + [(str(unit.pk), str(unit)) for unit in units]
        self.fields["recipients"].choices = choices
        self.initial.setdefault("recipients", [code for code, _ in choices])
        self.initial.setdefault("due_on", topic_instructions.default_due(topic, today))
        self.fields["sentence"].offer(topic_instructions.sentences(topic, today), self["sentence"].value())

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("sentence") and not cleaned.get("words") and not self.errors:
            self.add_error("words", "请选一句，或者自己写。")
        return cleaned

    def once(self):
        """The sentence and the own words as one text."""
        found = super().once()
        sentence = found["data"].pop("sentence")
        found["data"]["words"] = "\n".join(filter(None, [sentence, found["data"]["words"]]))
        return found


class AnswerForm(OnceForm):
    effect = "作批示的领导和联工委马上看到；由联工委看过后标记是否已执行。"
    words = PlainText(label="办理情况", rows=5, max_length=2000, help_text="办了什么、结果怎样、还差什么。")
    files = AttachmentsField(label="材料")


class MarkForm(OnceForm):
    effect = "告诉作批示的领导，记入督办经过。"
    mark = forms.ChoiceField(
        label="执行到哪一步",
        choices=MARKS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选正在执行或已执行。"},
    )
    words = PlainText(label="执行情况", rows=3, max_length=1000, required=False)
