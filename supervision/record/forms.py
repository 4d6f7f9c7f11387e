"""Forms of the scoring formula and of the yearly votes: what is typed, checked with sentences that say what to do."""

import uuid
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils import timezone

from core.forms import PlainDateInput
from proposals.attachments import check_upload
from proposals.forms.base import PlainText

from ..models import FormulaMode
from .figures import FIGURES
from .formulas import HOWS, faults
from .kinds import KINDS

KIND_WORDS = {
    "places": "办理件",
    "terms": "期限",
    "requests": "申请和催办",
    "contacts": "沟通",
    "recalls": "答复收回",
    "promises": "承诺",
    "tasks": "督办整改",
}
EMPTY_ROWS, MOST_ROWS = 3, 20
SEEN_ERRORS = {"invalid": "请刷新页面后再提交。"}


def figure_choices():
    """Every figure to choose from, in groups."""
    groups = [
        (KIND_WORDS[kind.code], [(f.code, f.label) for f in FIGURES.values() if f.kind is kind])
        for kind in KINDS
    ]
    return [("", "—"), *groups]


class Points(forms.DecimalField):
    """A number of points or percent, with at most two places."""

    def __init__(self, *, label, maximum=100, **kwargs):
        super().__init__(
            label=label,
            min_value=0,
            max_value=maximum,
            max_digits=6,
            decimal_places=2,
            required=False,
            **kwargs,
        )
        wrong = f"{label}写 0 到 {maximum} 的数，最多两位小数。"
        self.error_messages |= dict.fromkeys(("invalid", "max_digits", "max_decimal_places"), wrong)
        for validator in self.validators:
            validator.message = wrong

    def validate(self, value):
        super().validate(value)
        if value is not None and not value.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"])

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (InvalidOperation, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"]) from None


def _figure(label, **kwargs):
    wrong = {"invalid_choice": f"{label}里没有这个指标，请重新选择。"}
    return forms.ChoiceField(
        label=label, choices=figure_choices, required=False, error_messages=wrong, **kwargs
    )


class ItemForm(forms.Form):
    """One line of a formula; an empty name leaves it out."""

    name = PlainText(label="项目", max_length=30, required=False)
    how = forms.ChoiceField(
        label="算法",
        choices=list(HOWS.items()),
        required=False,
        error_messages={"invalid_choice": "没有这种算法，请重新选择。"},
    )
    top = _figure("分子（扣分项：计什么）")
    bottom = _figure("分母")
    points = Points(label="满分")
    also = _figure("另加的指标")
    factor = Points(label="另加的折算", maximum=1)
    each = Points(label="每件（次）扣分")
    cap = Points(label="最多扣分（0 不封顶）")
    levels = PlainText(
        label="各档", max_length=200, required=False, help_text="达到百分之几得几分：98=10，90=6"
    )
    good_at = Points(label="良好（%）")
    pass_at = Points(label="合格（%）")
    fault = _figure("有就不合格的指标")

    def clean_levels(self):
        text = self.cleaned_data["levels"].replace("，", ",").replace("；", ",").replace(";", ",")
        levels = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            at, sign, points = part.partition("=")
            try:
                pair = Decimal(at.strip().rstrip("%")), Decimal(points.strip())
            except InvalidOperation:
                pair = ()
            if not sign or not pair or not all(n.is_finite() and 0 <= n <= 100 for n in pair):
                raise forms.ValidationError(f"“{part}”看不懂。请写成 98=10，90=6，数在 0 到 100 之间。")
            levels.append([f"{number:f}" for number in pair])
        return levels

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("name"):
            # Whoever filled the rest of a line forgot its name.
            if any(cleaned.get(name) for name in ("top", "bottom", "points", "each", "levels")):
                self.add_error("name", "请填写项目的名称；不要这一项的，把这一行都清空。")
            return cleaned
        needed = {
            "ratio": ("top", "bottom", "points"),
            "levels": ("top", "bottom", "levels"),
            "deduct": ("top", "each"),
            "given": ("points",),
            "grade": ("top", "bottom", "good_at"),
        }[cleaned.get("how") or "ratio"]
        for name in needed:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(
                    name, f"“{HOWS[cleaned.get('how') or 'ratio']}”要填{self.fields[name].label}。"
                )
        return cleaned

    def row(self):
        """The line as the formula keeps it: plain JSON, only what its way of counting uses; None for an empty one."""
        cleaned = self.cleaned_data
        if not cleaned.get("name"):
            return None
        how = cleaned["how"] or "ratio"
        used = {
            "ratio": ("top", "also", "factor", "bottom", "points"),
            "levels": ("top", "also", "factor", "bottom", "levels"),
            "deduct": ("top", "each", "cap"),
            "given": ("points",),
            "grade": ("top", "bottom", "good_at", "pass_at", "fault"),
        }[how]
        row = {"name": cleaned["name"], "how": how}
        for name in used:
            value = cleaned.get(name)
            if value not in (None, "", []):
                row[name] = f"{value:f}" if isinstance(value, Decimal) else value
        return row


ItemFormSet = forms.formset_factory(ItemForm, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def initial_rows(items):
    """What the lines of a formula look like in the form."""
    rows = []
    for item in items:
        levels = "，".join(f"{at}={points}" for at, points in item.get("levels", ()))
        rows.append(item | {"levels": levels})
    return rows


class FormulaForm(forms.Form):
    """The head of a formula."""

    title = PlainText(label="名称", max_length=60)
    source = PlainText(label="依据", max_length=200, required=False, help_text="哪个文件、第几条")
    mode = forms.ChoiceField(
        label="方式",
        choices=FormulaMode.choices,
        error_messages={"invalid_choice": "没有这种方式，请重新选择。", "required": "请选择方式。"},
    )
    min_ratings = forms.IntegerField(
        label="满意项最少测评件数",
        min_value=1,
        max_value=100,
        help_text="少于这个数，和测评有关的项目暂不计分",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "写 1 到 100 的整数。"
        ),
    )
    min_cases = forms.IntegerField(
        label="参加排名最少件数",
        min_value=5,
        max_value=100,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "写 5 到 100 的整数；不足 5 件的单位不排名。"
        ),
    )
    ranks_complete_only = forms.BooleanField(label="有暂不计分项目的单位不参加排名", required=False)
    reason = PlainText(label="修改原因", rows=2, max_length=300)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, error_messages=SEEN_ERRORS)
    request_id = forms.UUIDField(widget=forms.HiddenInput, error_messages=SEEN_ERRORS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("min_ratings", "min_cases"):
            for validator in self.fields[name].validators:
                validator.message = self.fields[name].error_messages["invalid"]

    def check_rows(self, rows):
        """Add what is wrong with the lines as a whole; returns whether they can be used."""
        found = faults(self.cleaned_data.get("mode", FormulaMode.POINTS), rows)
        for sentence in found:
            self.add_error(None, sentence)
        return not found


class ReviewForm(forms.Form):
    """A meeting that votes on units: when, which year, and by which shares the result follows."""

    year = forms.ChoiceField(
        label="评议年度", error_messages={"invalid_choice": "没有这个年度，请重新选择。"}
    )
    meeting = PlainText(label="会议", max_length=100, help_text="如：市人大常委会第三十二次会议")
    held_on = forms.DateField(
        label="评议日期",
        widget=PlainDateInput,
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": "请填写评议日期。"},
    )
    satisfied_share = forms.IntegerField(
        label="满意票占到会人数达到（%）定为满意",
        min_value=1,
        max_value=100,
        initial=70,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "写 1 到 100 的整数。"
        ),
    )
    basic_share = forms.IntegerField(
        label="满意和基本满意票合计达到（%）定为基本满意",
        min_value=1,
        max_value=100,
        initial=50,
        help_text="达不到的定为不满意",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "写 1 到 100 的整数。"
        ),
    )
    scan = forms.FileField(label="票决结果扫描件", required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=SEEN_ERRORS)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), f"{year} 年度") for year in years]
        for name in ("satisfied_share", "basic_share"):
            for validator in self.fields[name].validators:
                validator.message = "写 1 到 100 的整数。"
        self.fields["scan"].error_messages["empty"] = "这是空文件，没有内容。请检查后重新选择。"

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise forms.ValidationError("评议日期不能晚于今天。")
        if held_on.year < 2000:
            raise forms.ValidationError("评议日期太早，请核对年份。")
        return held_on

    def clean_scan(self):
        scan = self.cleaned_data.get("scan")
        return check_upload(scan) if scan else None


COUNTS = ("satisfied", "basically", "dissatisfied", "abstained")


class VoteForm(forms.Form):
    """The votes on one unit; as a correction it needs a reason."""

    unit = forms.ChoiceField(
        label="单位",
        error_messages={"invalid_choice": "没有这个单位，请重新选择。", "required": "请选择单位。"},
    )
    present = forms.IntegerField(label="到会人数")
    satisfied = forms.IntegerField(label="满意")
    basically = forms.IntegerField(label="基本满意")
    dissatisfied = forms.IntegerField(label="不满意")
    abstained = forms.IntegerField(label="弃权")
    remark = PlainText(label="审议意见", rows=2, max_length=500, required=False)
    reason = PlainText(label="更正原因", max_length=300, required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=SEEN_ERRORS)

    def __init__(self, *args, units, standing, **kwargs):
        """`standing`: {unit: the ReviewVote that stands}; entering one again is a correction."""
        super().__init__(*args, **kwargs)
        self.standing = dict(standing)
        self.fields["unit"].choices = [("", "请选择"), *((str(unit.pk), unit.name) for unit in units)]
        for name in ("present", *COUNTS):
            field = self.fields[name]
            field.widget.attrs |= {"min": 0, "max": 3000}
            words = f"{field.label}写 0 到 3000 的整数。"
            field.error_messages |= dict.fromkeys(("required", "invalid"), words)

    def clean(self):
        cleaned = super().clean()
        numbers = {name: cleaned.get(name) for name in ("present", *COUNTS)}
        for name, number in numbers.items():
            if number is not None and not 0 <= number <= 3000:
                self.add_error(name, f"{self.fields[name].label}写 0 到 3000 的整数。")
        if None in numbers.values() or self.errors:
            return cleaned
        cast = sum(numbers[name] for name in COUNTS)
        if not numbers["present"]:
            self.add_error("present", "到会人数要大于 0。")
        elif cast > numbers["present"]:
            self.add_error("present", f"各项票数合计 {cast} 票，多于到会 {numbers['present']} 人，请核对。")
        standing = self.standing.get(int(cleaned["unit"]))
        is_again = standing is not None and standing.request_id == cleaned["request_id"]
        if standing is not None and not is_again and not cleaned["reason"]:
            self.add_error("reason", "这家单位的票数已经登记过，更正要写明原因；原来的保留。")
        return cleaned
