"""催办: the form of one case, the words for many, and the office's own phrases (催办用语)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..models import UrgePhrase
from ..workflow.engine import holder
from ..workflow.table import TABLE
from ..workflow.urging import LONGEST, PLACEHOLDERS, reached_by, unknown_placeholders
from .base import ActionForm, PlainText

KNOWN = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
MOST_DAYS = 60


def _clean_placeholders(words):
    """The words, refused where braces hold what nobody can fill in."""
    if unknown := unknown_placeholders(words):
        names = "、".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{names} 填不出来。花括号里能写的有：{KNOWN}。")
    return words


class UrgeWords(forms.Form):
    """What is said to the units, and by when they are to answer."""

    words = PlainText(
        label="催办内容",
        rows=3,
        max_length=500,
        help_text=f"{KNOWN} 按每件填好；发出前可以改。",
    )
    answer_by = forms.DateField(
        label="请在哪天回复",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="当天回复也算按时；不填就不定日期。",
        error_messages={"invalid": "日期写成 2026-05-06 这样。"},
    )

    def clean_words(self):
        return _clean_placeholders(self.cleaned_data["words"])

    def clean_answer_by(self):
        day, today = self.cleaned_data["answer_by"], timezone.localdate()
        if day and day < today:
            raise ValidationError("请回复的日期不能早于今天。")
        if day and day > today + LONGEST:
            raise ValidationError("请回复的日期离今天不能超过一年。")
        return day


class UrgeForm(UrgeWords, ActionForm):
    """One case: all units at work are ticked."""

    effect = "勾选的单位马上收到，记入办理经过。"
    places = forms.MultipleChoiceField(
        label="催办哪些单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "有的单位已经不在办理，请刷新后再选。"},
    )

    field_order = ["places", "words", "answer_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = [(str(place.pk), str(place.unit)) for place in self.reached]
        self.initial.setdefault("places", [str(place.pk) for place in self.reached])

    @property
    def reached(self):
        """Whom it reaches."""
        grant = holder(TABLE["urge"], self.case, self.subject, self.user)
        return reached_by(self.case, grant) if grant else []

    def action_data(self):
        data = super().action_data()
        chosen = set(data.pop("places"))
        return data | {"places": [place for place in self.reached if str(place.pk) in chosen]}


class PhraseForm(forms.ModelForm):
    """One 催办用语 of the office."""

    name = PlainText(label="名称", max_length=30)
    words = PlainText(label="用语", rows=3, max_length=500, help_text=f"按每件填好：{KNOWN}")
    answer_days = forms.IntegerField(
        label="几个工作日内回复",
        min_value=0,
        max_value=MOST_DAYS,
        help_text="0 是不定日期。",
        error_messages={
            "required": "请填 0 到 60 的整数，0 是不定日期。",
            "invalid": "请填 0 到 60 的整数，0 是不定日期。",
            "min_value": "请填 0 到 60 的整数，0 是不定日期。",
            "max_value": "最多 60 个工作日。",
        },
    )

    class Meta:
        model = UrgePhrase
        fields = ["name", "words", "answer_days"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = UrgePhrase.objects.filter(congress=self.instance.congress_id, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"已有一条叫“{name}”，请换个名称，或者直接改那一条。")
        return name

    def clean_words(self):
        return _clean_placeholders(self.cleaned_data["words"])


URGE_FORMS = {"urge": UrgeForm}
