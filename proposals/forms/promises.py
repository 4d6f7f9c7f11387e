"""Forms of what is done about a promise (承诺): progress, date, verification, confirmation, look-back."""

from django import forms

from ..attachments import AttachmentsField
from ..status import CommitmentStatus
from .base import ActionForm, ByDelegation, ByProxy, PlainText, ReasonForm

OUTCOMES = [
    (status.value, status.label)
    for status in (CommitmentStatus.KEPT, CommitmentStatus.PARTLY, CommitmentStatus.BROKEN)
]


def _later_day(label, **kwargs):
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": f"请填写{label}。"},
        **kwargs,
    )


def _outcome(label):
    return forms.ChoiceField(
        label=label,
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "请选兑现、部分兑现或未兑现。"},
    )


class ReportProgressForm(ByProxy, ActionForm):
    effect = "代表和联工委看得到；选了已经完成的，联工委来核实。"
    words = PlainText(
        label="进展",
        rows=4,
        max_length=2000,
        help_text="写做到了哪一步：数量、地点、时间，例如：已建成 1 处，2 处在施工。",
    )
    is_done = forms.BooleanField(label="已经完成，请核实", required=False)
    evidence = AttachmentsField(label="证据（照片、验收单等）")


class MoveDateForm(ByProxy, ActionForm):
    effect = "说明马上送代表，代表看过会记下；原来的日期保留，计改期 1 次。"
    promised_on = _later_day("改到哪一天")
    words = PlainText(
        label="为什么要改期",
        rows=4,
        max_length=2000,
        help_text="代表会看到全文。写明卡在哪里、已经做了什么、新的日期凭什么做得到。",
    )


class VerifyForm(ActionForm):
    effect = "告诉单位，请代表确认；没有全部兑现的进入回头看，单位要写说明。"
    outcome = _outcome("核实结果")
    words = PlainText(
        label="核实情况", rows=4, max_length=1000, help_text="写怎样核实的、看到什么、还差多少。"
    )


class ConfirmForm(ByDelegation, ActionForm):
    effect = "告诉联工委和单位；与核实结果不同的，联工委重新核实。"
    outcome = _outcome("您看做到了没有")
    words = PlainText(
        label="您的话",
        rows=4,
        max_length=1000,
        required=False,
        help_text="没有做到或只做到一部分的，请写明。",
    )


class ExplainPromiseForm(ByProxy, ActionForm):
    effect = "说明马上送代表和联工委。"
    words = PlainText(
        label="没有兑现的原因",
        rows=5,
        max_length=2000,
        help_text="代表会看到全文。写明原因、已经做到的部分、接下来怎么办。",
    )


class ReopenPromiseForm(ReasonForm):
    effect = "承诺重新跟踪，按新的日期计时；告诉单位和代表。"
    promised_on = _later_day("重新约定的完成日期")
    reason = PlainText(label="理由", rows=3, max_length=500)
    field_order = ["promised_on", "reason"]


class SettleLookBackForm(ActionForm):
    effect = "回头看到此了结，不再提醒；结果告诉代表和单位。"
    words = PlainText(label="了结的结果", rows=4, max_length=1000, help_text="代表会看到这段话。")


class MarkSolvedForm(ReasonForm):
    effect = "答复类别转为已解决；首次类别保留，告诉单位和代表。"
    reason = PlainText(label="说明", rows=3, max_length=500)


PROMISE_FORMS = {
    "report_progress": ReportProgressForm,
    "move_date": MoveDateForm,
    "verify": VerifyForm,
    "confirm": ConfirmForm,
    "explain_promise": ExplainPromiseForm,
    "reopen_promise": ReopenPromiseForm,
    "settle_look_back": SettleLookBackForm,
    "mark_solved": MarkSolvedForm,
}
