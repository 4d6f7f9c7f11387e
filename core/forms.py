"""Forms of the calendar's administration pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseModelFormSet

from core.builtin import builtin_calendar
from core.calendar_import import EXAMPLE, LineError, check_day, parse_notice
from core.calendars import load_calendar
from core.models import NATIONAL, CalendarDay, CalendarYear
from core.workdays import Calendar

MAX_SHOWN_ERRORS = 20
NEEDS_DAY_OFF = "全国的安排至少要有一个放假日；只有年份没有日子，会把节假日都算成工作日。"


class PlainDateInput(forms.DateInput):
    """The browser's own date field: compact, and without the admin's picker and its time-zone warning."""

    input_type = "date"

    def __init__(self, attrs=None, format="%Y-%m-%d"):
        super().__init__(attrs, format)


def base_calendar(scope: str) -> Calendar:
    """What the days of `scope` are laid over: the plain week, or for a place the national calendar."""
    return Calendar() if scope == NATIONAL else load_calendar()


class CalendarYearForm(forms.ModelForm):
    """The head of a year; the scope is chosen among those that the user may edit."""

    class Meta:
        model = CalendarYear
        fields = ["scope", "year", "source", "published_on"]

    scopes: dict[str, str] = {}  # set by the admin for each request

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "scope" in self.fields:
            self.fields["scope"] = _scope_field(self.scopes)


class NoticeForm(forms.Form):
    """A notice pasted as text; everything is taken or nothing."""

    year = forms.IntegerField(
        label="年份",
        min_value=2000,
        max_value=2100,
        error_messages=dict.fromkeys(["min_value", "max_value", "invalid"], "年份应是 2000 到 2100 的整数。"),
    )
    source = forms.CharField(
        label="通知文号", max_length=100, required=False, help_text="例如：国办发明电〔2026〕1号"
    )
    published_on = forms.DateField(
        label="发布日期",
        required=False,
        widget=PlainDateInput,
    )
    text = forms.CharField(
        label="放假和调休日",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18, "cols": 50, "class": "vLargeTextField"}),
        help_text=f"每行一天，或一段：{EXAMPLE}；2027-02-07 至 2027-02-13 休 春节；2027-02-20 班 春节。",
        error_messages={
            "required": "请粘贴放假安排，每行一天。",
            "null_characters_not_allowed": "文字里有看不见的控制字符，请去掉后再提交。",
        },
    )
    replace = forms.BooleanField(
        label="整体替换这一年原有的日子",
        required=False,
        help_text="不勾选：只新增或更改上面列出的日子，其余不动。",
    )

    def __init__(self, *args, scopes: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"scope": _scope_field(scopes), **self.fields}

    def clean(self):
        data = super().clean()
        if {"scope", "year", "text"} <= data.keys():
            days, errors = parse_notice(data["text"], data["year"], base_calendar(data["scope"]))
            if errors:
                more = len(errors) - MAX_SHOWN_ERRORS
                shown = errors[:MAX_SHOWN_ERRORS] + ([f"另有 {more} 行也要改。"] if more > 0 else [])
                self.add_error("text", [*shown, "所有行都没有保存，改好后请再次提交。"])
            elif self._lacks_day_off(data, days):
                self.add_error("text", NEEDS_DAY_OFF)
            data["days"] = days
        return data

    @staticmethod
    def _lacks_day_off(data: dict, days: dict) -> bool:
        if data["scope"] != NATIONAL or any(not is_workday for is_workday, _ in days.values()):
            return False
        year = data["year"]
        known = builtin_calendar().is_published(year) or CalendarYear.objects.filter(
            scope=NATIONAL, year=year
        )
        return data["replace"] or not known


def _scope_field(scopes: dict[str, str]) -> forms.ChoiceField:
    # TypedChoiceField would turn the national scope's empty code into None.
    return forms.ChoiceField(
        label="适用范围",
        choices=list(scopes.items()),
        required=NATIONAL not in scopes,
        error_messages={"invalid_choice": "您不能修改这个范围的日历。"},
    )


class CalendarDayForm(forms.ModelForm):
    """One day within its year. The date of a kept row is fixed: delete it and add another instead."""

    class Meta:
        model = CalendarDay
        fields = ["date", "is_workday", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["date"].disabled = True


class CalendarDayFormSet(BaseModelFormSet):
    """The days of one year in one scope. They belong together by scope and year, not by a foreign key."""

    def __init__(self, data=None, files=None, instance=None, queryset=None, save_as_new=False, **kwargs):
        self.instance = instance
        queryset = CalendarDay.objects.none()
        if instance is not None and instance.pk:
            queryset = CalendarDay.objects.filter(scope=instance.scope, date__year=instance.year)
        super().__init__(data, files, queryset=queryset.order_by("date"), **kwargs)

    @classmethod
    def get_default_prefix(cls):
        return "days"

    def clean(self):
        super().clean()
        base = base_calendar(self.instance.scope)
        seen = set()
        has_day_off = False
        for form in self.forms:
            day = form.cleaned_data.get("date") if hasattr(form, "cleaned_data") else None
            if not day or form.cleaned_data.get("DELETE"):
                continue
            is_workday = form.cleaned_data.get("is_workday", False)
            has_day_off |= not is_workday
            if day.year != self.instance.year:
                form.add_error(
                    "date", f"{day} 不在 {self.instance.year} 年，请到 {day.year} 年的安排里填写。"
                )
            elif day in seen:
                form.add_error("date", f"{day} 写了两次。")
            seen.add(day)
            try:
                check_day(day, is_workday, base)
            except LineError as error:
                form.add_error("is_workday", str(error))
        if self.instance.scope == NATIONAL and not has_day_off:
            raise ValidationError(NEEDS_DAY_OFF)

    def save_new(self, form, commit=True):
        """Two people adding the same day at once: the later one counts."""
        day = form.save(commit=False)
        day.scope = self.instance.scope
        if not commit:
            return day
        values = {"is_workday": day.is_workday, "name": day.name}
        return CalendarDay.objects.update_or_create(scope=day.scope, date=day.date, defaults=values)[0]
