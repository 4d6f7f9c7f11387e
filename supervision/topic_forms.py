"""Forms of the key topics: one per action, each with the version of the page and the number of the request."""

import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.utils import timezone

from core.dates import cn_date
from core.forms import PlainDateInput
from proposals.attachments import AttachmentsField
from proposals.forms import PlainText
from proposals.forms.base import RowsField
from proposals.models import Proposal

from .models import RoleKind, TopicRole
from .topic_actions import LISTABLE, late_cases

SPLIT = re.compile(r"[\s,，、;；]+")
MAX_CASES = 60
FIRST_YEAR = 2000


def day(label, **kwargs):
    """A date, written by the browser's own field."""
    return forms.DateField(
        label=label,
        widget=PlainDateInput(),
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": f"请填写{label}。"},
        **kwargs,
    )


class NumbersField(PlainText):
    """编号 of cases, one per line or divided by 、. Cleans to proposals of `congress_id`, in the order written."""

    congress_id = None

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "写编号，一行一个，也可以用顿号隔开，如 2026-086、2026-闭006。")
        super().__init__(rows=4, max_length=2000, **kwargs)

    def clean(self, value):
        numbers = list(dict.fromkeys(filter(None, SPLIT.split(super().clean(value) or ""))))
        if len(numbers) > MAX_CASES:
            raise ValidationError(f"一次最多写 {MAX_CASES} 件。")
        found = Proposal.objects.filter(congress_id=self.congress_id, number__in=numbers)
        by_number = {proposal.number: proposal for proposal in found}
        if missing := [number for number in numbers if number not in by_number]:
            raise ValidationError(f"没有找到编号：{'、'.join(missing[:10])}。请核对。")
        off = [number for number in numbers if by_number[number].status not in LISTABLE]
        if off:
            raise ValidationError(f"{'、'.join(off[:10])}还没有立案，或者已经撤回、不作建议处理，不能列入。")
        return [by_number[number] for number in numbers]


class TopicForm(forms.Form):
    """Base of all. `effect` is the line above the button: what follows when it is sent."""

    effect = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, topic, user, step=None, initial=None):
        self.topic, self.user, self.step = topic, user, step
        self.today = timezone.localdate()
        start = {"version": topic.version, "request_id": uuid.uuid4()}
        super().__init__(data, files, initial=start | self.starts() | (initial or {}))
        self.prepare()

    def starts(self):
        """Initial values out of the topic or the step."""
        return {}

    def prepare(self):
        """Offer the choices that depend on the topic."""

    def action_data(self):
        """What `perform` gets: the cleaned fields without the two hidden ones."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "request_id")}


class ProposeForm(TopicForm):
    effect = "先作为拟列专题，只有人大机关看得到；主任会议决定后才告诉承办单位和代表。"
    year = forms.IntegerField(
        label="年度",
        error_messages={"invalid": "年度写四位数字，如 2026。", "required": "请填写年度。"},
    )
    title = PlainText(label="专题名称", max_length=60, help_text="按主题归类，如：澜江流域治理。")
    reason = PlainText(
        label="列为重点的理由",
        rows=3,
        max_length=500,
        help_text="涉及面、群众反映、往年办理、与当年工作的关系。",
    )
    cases = NumbersField(label="包含哪些建议")

    def starts(self):
        return {"year": self.today.year}

    def prepare(self):
        self.fields["cases"].congress_id = self.topic.congress_id

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= self.today.year + 1:
            raise ValidationError(f"年度应在 {FIRST_YEAR} 到 {self.today.year + 1} 之间。")
        return year


class EditForm(TopicForm):
    title = PlainText(label="专题名称", max_length=60)
    reason = PlainText(label="列为重点的理由", rows=3, max_length=500)

    def starts(self):
        return {"title": self.topic.title, "reason": self.topic.reason}


class DecisionFields(forms.Form):
    """主任会议 that decided, when, under which number; the scan is kept with the history."""

    meeting = PlainText(
        label="主任会议", max_length=100, help_text="如：市十六届人大常委会第五十八次主任会议"
    )
    decided_on = day("决定日期")
    document_no = PlainText(label="文号", max_length=60, required=False, help_text="如：澜人常主〔2026〕9号")
    files = AttachmentsField(label="会议纪要扫描件")

    def clean_decided_on(self):
        on = self.cleaned_data["decided_on"]
        if on and on > timezone.localdate():
            raise ValidationError("决定日期不能晚于今天。")
        return on


class DecideForm(DecisionFields, TopicForm):
    effect = "六方人员、承办单位和代表都会收到消息；专题排在本年度最后，次序可以再调整。"
    reason = PlainText(label="列为重点的理由", rows=3, max_length=500)
    field_order = ("meeting", "decided_on", "document_no", "reason", "files")

    def starts(self):
        return {"reason": self.topic.reason}


class LaterDecision(DecisionFields, TopicForm):
    """A change of the list: by 主任会议 once it is decided; before that the reason will do."""

    why = PlainText(label="理由", rows=3, max_length=500)
    field_order = ("cases", "case", "why", "meeting", "decided_on", "document_no", "files")

    def prepare(self):
        if self.topic.decided_on is None:
            for name in ("meeting", "decided_on", "document_no", "files"):
                del self.fields[name]

    def clean_decided_on(self):
        on = super().clean_decided_on()
        if on and on < self.topic.decided_on:
            raise ValidationError(f"早于列为重点的日期 {cn_date(self.topic.decided_on, self.today)}。")
        return on


class AddCasesForm(LaterDecision):
    cases = NumbersField(label="加入哪些建议")

    def prepare(self):
        super().prepare()
        self.fields["cases"].congress_id = self.topic.congress_id


class CaseChoice(forms.ModelChoiceField):
    """One case of the topic."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Proposal.objects.none(),
            empty_label="（请选择）",
            error_messages={"required": "请选择一件建议。", "invalid_choice": "这件不在专题里，请重新选择。"},
            **kwargs,
        )

    def label_from_instance(self, case):
        return f"{case.number_text} {case}"


class RemoveCaseForm(LaterDecision):
    effect = "移出后不再按重点督办，办理期限不变；督办经过保留。"
    case = CaseChoice(label="移出哪一件")

    def prepare(self):
        super().prepare()
        self.fields["case"].queryset = self.topic.cases.order_by("number", "pk")


class DropForm(LaterDecision):
    effect = "专题里的建议可以列入别的专题；这个专题的经过保留，不能恢复。"


class ConcludeForm(TopicForm):
    effect = "结题后不再加减建议、不再提醒；整改事项和承诺照常跟踪。"
    summary = PlainText(
        label="结题小结",
        rows=8,
        max_length=3000,
        help_text="解决了什么，还有什么没解决、由谁接着办，代表评价如何。",
    )
    ended_on = day("结题日期")

    def starts(self):
        return {"ended_on": self.today}

    def clean_ended_on(self):
        on = self.cleaned_data["ended_on"]
        if on > self.today:
            raise ValidationError("结题日期不能晚于今天。")
        decided_on = self.topic.decided_on
        if decided_on and on < decided_on:
            raise ValidationError(f"早于列为重点的日期 {cn_date(decided_on, self.today)}。")
        return on


class MoveForm(TopicForm):
    by = forms.TypedChoiceField(
        label="往哪边移",
        choices=[("-1", "往前一位"), ("1", "往后一位")],
        coerce=int,
        widget=forms.RadioSelect,
    )


class PrintPlanForm(TopicForm):
    on = day("印发日期")

    def starts(self):
        return {"on": self.topic.plan_printed_on or self.today}

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("印发日期不能晚于今天。")
        return on


class AddStepForm(TopicForm):
    effect = "到期前按提醒阶段提醒负责的一方。"
    planned_on = day("计划日期")
    words = PlainText(label="做什么", max_length=100, help_text="如：沿江巡查，查看排口和堆放点")
    who = RowsField(
        label="谁负责",
        queryset=TopicRole.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请选择谁负责。",
            "invalid_choice": "有一方已经不在六方责任里，请重新选择。",
            "invalid_pk_value": "有一方已经不在六方责任里，请重新选择。",
        },
    )

    def prepare(self):
        order = Case(*(When(kind=kind, then=place) for place, kind in enumerate(RoleKind)))
        sides = self.topic.roles.select_related("committee", "unit")
        self.fields["who"].queryset = sides.order_by(order, "pk")

    def clean_planned_on(self):
        on = self.cleaned_data["planned_on"]
        if abs(on.year - self.topic.year) > 2:
            raise ValidationError("计划日期离这个年度太远，请核对年份。")
        return on


class DoneForm(TopicForm):
    on = day("完成日期")
    words = PlainText(label="完成情况", rows=2, max_length=200, required=False)

    def starts(self):
        return {"on": self.today}

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("完成日期不能晚于今天。")
        return on


class WhyForm(TopicForm):
    why = PlainText(label="理由", rows=2, max_length=300)


class RescheduleForm(WhyForm):
    effect = "原来的日期留在经过里。"
    planned_on = day("改到哪天")
    field_order = ("planned_on", "why")

    def starts(self):
        return {"planned_on": self.step.planned_on}

    def clean_planned_on(self):
        on = self.cleaned_data["planned_on"]
        if on == self.step.planned_on:
            raise ValidationError("日期没有改动。")
        if abs(on.year - self.topic.year) > 2:
            raise ValidationError("计划日期离这个年度太远，请核对年份。")
        return on


class ReportForm(TopicForm):
    effect = "牵头领导马上收到消息，记入督办经过。"
    case = CaseChoice(label="报告哪一件")
    words = PlainText(
        label="报告什么", rows=3, max_length=200, help_text="承办单位怎么说、请领导做什么，如：建议约谈。"
    )

    def prepare(self):
        keys = [case.pk for case in late_cases(self.topic, self.today)]
        self.fields["case"].queryset = Proposal.objects.filter(pk__in=keys).order_by("due_on", "pk")


class BriefForm(TopicForm):
    effect = "写了的以您写的为准，不再自动更新；清空的恢复自动生成。"
    issue = PlainText(label="期号", max_length=40, required=False, help_text="如：第 4 期（总第 17 期）")
    headline = PlainText(label="标题", max_length=80, required=False)
    progress = PlainText(label="进展", rows=4, max_length=500, required=False)
    problems = PlainText(label="问题", rows=5, max_length=900, required=False, help_text="一行一条。")
    advice = PlainText(label="建议", rows=5, max_length=900, required=False, help_text="一行一条。")
    report_to = PlainText(label="报", max_length=80, required=False)
    copy_to = PlainText(label="送", max_length=80, required=False)
    contact = PlainText(label="联系人", max_length=60, required=False)

    def starts(self):
        return dict(self.topic.brief)

    def action_data(self):
        return {"texts": super().action_data()}


FORM_FOR = {
    "edit": EditForm,
    "decide": DecideForm,
    "add_cases": AddCasesForm,
    "remove_case": RemoveCaseForm,
    "drop": DropForm,
    "conclude": ConcludeForm,
    "move": MoveForm,
    "print_plan": PrintPlanForm,
    "add_step": AddStepForm,
    "report": ReportForm,
    "brief_text": BriefForm,
    "done": DoneForm,
    "undo": WhyForm,
    "reschedule": RescheduleForm,
    "remove": WhyForm,
}
