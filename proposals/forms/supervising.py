"""Forms of leaders and committees: instructions and the answers to them, reports, comments, 督办."""

from django import forms

from accounts.models import Role, User

from .. import instructions
from ..attachments import AttachmentsField
from ..status import RequestKind
from ..workflow import instructing
from ..workflow.engine import holder
from ..workflow.table import TABLE
from .base import MAX_KEY_DIGITS, ActionForm, ByProxy, PlainText, ReasonForm
from .exceptions import _day

NO_CHANGE = "批示不改期限和承办单位；要改交、延期的，由联工委办手续。"


class SentenceField(PlainText):
    """One of some sentences, drawn as big radios. Any text is taken: those offered name a day, and what was offered
    yesterday may be sent today."""

    def __init__(self, **kwargs):
        self.choices = []
        super().__init__(max_length=300, required=False, widget=forms.RadioSelect, **kwargs)

    def offer(self, sentences, chosen):
        """Offer these, and the one chosen before where it is no more among them."""
        texts = sentences + [chosen] * bool(chosen and chosen not in sentences)
        self.choices = self.widget.choices = [(text, text) for text in texts]


class InstructForm(ActionForm):
    """A sentence chosen or words of one's own (or both), to whom, and the day by which an answer is asked for."""

    effect = f"马上通知对方，记入办理经过；到期没回的会提醒。{NO_CHANGE}"
    sentence = SentenceField(label="选一句")
    words = PlainText(
        label="自己写",
        rows=3,
        required=False,
        max_length=1000,
        help_text="可以只选上面一句，也可以选了再补充。",
    )
    recipients = forms.MultipleChoiceField(
        label="送给谁",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "承办单位有变动，请重新选送给谁。"},
    )
    due_on = _day("回复日", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        grant = holder(TABLE["instruct"], self.case, self.subject, self.user)
        offered = instructions.recipients(self.case, grant)
        self.fields["recipients"].choices = [(each.code, each.name) for each in offered]
        self.initial.setdefault("recipients", [each.code for each in offered if each.is_chosen])
        self.initial.setdefault("due_on", instructing.default_due(self.case))
        offered = instructions.sentences(self.case, self.user)
        self.fields["sentence"].offer(offered, self["sentence"].value())

    @property
    def chosen(self):
        """The names of those to whom it goes unless that is changed."""
        wanted = self.initial["recipients"]
        return [name for code, name in self.fields["recipients"].choices if code in wanted]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("sentence") and not cleaned.get("words") and not self.errors:
            self.add_error("words", "请选一句，或者自己写。")
        if not cleaned.get("recipients") and "recipients" not in self.errors and "recipients" in self.data:
            self.add_error("recipients", "请选批示送给谁。")
        return cleaned

    def action_data(self):
        data = super().action_data()
        data["words"] = "\n".join(filter(None, [data.pop("sentence"), data["words"]]))
        if not data["recipients"]:
            del data["recipients"]
        return data


class InstructionField(forms.TypedChoiceField):
    """Which of the open instructions is meant: asked for only where there are several."""

    def __init__(self, **kwargs):
        messages = {
            "required": "请选是哪一条批示。",
            "invalid_choice": "这条批示已经有人处理过，请刷新后再看。",
        }
        super().__init__(coerce=int, widget=forms.RadioSelect, error_messages=messages, **kwargs)

    def offer(self, requests, initial):
        """Offer these Requests; a single one goes without saying, none leaves it to the action to refuse."""
        self.choices = [(str(each.pk), f"{each.asked_by}：{each.reason[:80]}") for each in requests]
        self.required = len(requests) > 1
        if len(requests) <= 1:
            self.widget = forms.HiddenInput()
            initial.setdefault("instruction", str(requests[0].pk) if requests else "")

    def valid_value(self, value):
        """Any key: whether it is open still the action says, which knows a form that is sent twice."""
        return str(value).isdigit() and len(str(value)) <= MAX_KEY_DIGITS

    def clean(self, value):
        """The key of the Request; None where none was named, which means the oldest."""
        return super().clean(value) or None


class AnswerInstructForm(ByProxy, ActionForm):
    effect = "作批示的领导和联工委马上看到；由联工委看过后标记是否已执行。"
    instruction = InstructionField(label="回复哪一条批示")
    words = PlainText(label="办理情况", rows=5, max_length=2000, help_text="办了什么、结果怎样、还差什么。")
    files = AttachmentsField(label="材料")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        owed = self.case.open_requests(RequestKind.INSTRUCTED, self.subject)
        self.fields["instruction"].offer(owed, self.initial)


class MarkInstructForm(ActionForm):
    effect = "告诉作批示的领导，记入办理经过。标为已执行后，没有回复的单位不用再回复。"
    instruction = InstructionField(label="哪一条批示")
    mark = forms.ChoiceField(
        label="执行到哪一步",
        choices=instructing.MARKS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选正在执行或已执行。"},
    )
    words = PlainText(label="执行情况", rows=3, max_length=1000, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        grant = holder(TABLE["mark_instruct"], self.case, self.subject, self.user)
        mine = [
            request
            for request in self.case.open_requests(RequestKind.INSTRUCTION)
            if grant is None or grant.role == Role.LIAISON or request.details["user"] == self.user.pk
        ]
        self.fields["instruction"].offer(mine, self.initial)


class LeaderField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.name


class ReportForm(ActionForm):
    effect = "列入这位领导的“等我拿主意”，作了批示就销去。单位看不到。"
    leader = LeaderField(
        label="报告哪位领导",
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选报告哪位领导。", "invalid_choice": "请选名单里的领导。"},
    )
    words = PlainText(label="请领导定什么", rows=3, max_length=500, help_text="事情到了哪一步，建议怎么办。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        leaders = instructing.leaders_of(self.case.proposal.congress_id, self.case.today)
        self.fields["leader"].queryset = leaders


class CommentForm(ActionForm):
    effect = "只有联工委、专委会和常委会领导看得到，代表和单位看不到。"
    words = PlainText(label="意见", rows=4, max_length=1000)
    to_office = forms.BooleanField(label="请联工委研究", required=False)


class JoinForm(ActionForm):
    effect = "记入办理经过；和联工委一起督办，可以催办、核实。"
    reason = PlainText(label="理由", rows=2, max_length=500, required=False)


class TakeOverForm(ReasonForm):
    effect = "由本委代替联工委督办：催办、核实，单位超期时一并告诉本委。办结、改交仍由联工委办。"
    reason = PlainText(label="接手的理由", rows=3, max_length=500)


class HandBackForm(ReasonForm):
    effect = "记入办理经过；督办由联工委接着做。"
    reason = PlainText(label="理由", rows=3, max_length=500)


SUPERVISION_FORMS = {
    "instruct": InstructForm,
    "answer_instruct": AnswerInstructForm,
    "mark_instruct": MarkInstructForm,
    "report": ReportForm,
    "comment": CommentForm,
    "join_oversight": JoinForm,
    "take_over": TakeOverForm,
    "hand_back": HandBackForm,
}
