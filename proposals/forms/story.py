"""One form per action that asks for something. They clean and word input; whether it may happen is the table's."""

from django import forms

from deputies.models import Deputy

from ..attachments import AttachmentsField
from ..deputy_lookup import deputy_named
from ..models import Category, Cosignature
from ..status import ContactMode, ContactStage, DeclineOutcome, RedoCause, Satisfaction
from ..workflow.guards import WORDS_WANTED
from .base import (
    ActionForm,
    ByDelegation,
    ByProxy,
    PhoneText,
    PlacementFields,
    PlainForm,
    PlainText,
    ProxyForm,
    ReasonForm,
)


class ReturnForm(ReasonForm):
    effect = "建议退回给领衔代表，改好后可以再提交。"
    reason = PlainText(
        label="修改意见",
        rows=4,
        max_length=1000,
        help_text="代表会看到这段话。写明哪里要改、怎样改，例如：一事一议，请分成两件。",
    )


class DeclineForm(ReasonForm):
    effect = "这件到此为止，理由告诉领衔和附议代表。"
    outcome = forms.ChoiceField(
        label="去向",
        choices=DeclineOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个去向。"},
    )
    reason = PlainText(label="理由", rows=4, max_length=1000, help_text="代表会看到这段话。")
    field_order = ["outcome", "reason"]


class FileForm(ActionForm):
    effect = "生成编号，进入待交办；告诉领衔和附议代表。"
    category = forms.ModelChoiceField(
        label="类别",
        queryset=Category.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选类别。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        proposal = self.case.proposal
        self.fields["category"].queryset = Category.objects.filter(
            congress_id=proposal.congress_id, is_active=True
        )
        self.initial.setdefault("category", proposal.category_id)


class AssignForm(PlacementFields, ActionForm):
    effect = "开始计算签收、申请退回、会办意见和答复期限；告诉承办单位和代表。"
    is_complex = forms.BooleanField(
        label="列为复杂件", required=False, help_text="涉及面广、处理难度大的，答复期限按上限计算。"
    )
    reply_due_on = forms.DateField(
        label="要求提前答复的日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。"},
    )
    early_reason = PlainText(label="提前答复的理由", required=False, max_length=200)
    words = PlainText(label="办理要求", required=False, rows=3, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_units(self.case.proposal.congress_id)
        self.start_from_plan()


class OrderRedoForm(PlacementFields, ActionForm):
    cause = forms.ChoiceField(
        label="重新办理的事由",
        choices=RedoCause,
        widget=forms.RadioSelect,
        help_text="再交办的不计入首轮和最终满意情况。",
        error_messages={"required": "请选重新办理的事由。"},
    )
    effect = "开始新一轮办理，原答复和测评保留；告诉承办单位和代表。"
    reason = PlainText(label="具体说明", rows=4, max_length=1000, help_text="承办单位和代表都会看到。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = [place for place in self.case.round_places if place.parent_id is None]
        self.offer_units(self.case.proposal.congress_id)
        self.start_from(places)


class CloseDisputedForm(ReasonForm):
    effect = "这件办结，理由告诉代表，代表的评价照样保留。"
    reason = PlainText(label="研判意见", rows=4, max_length=1000, help_text="代表会看到这段话。")


class SettleForm(ActionForm):
    effect = "这件办结，协调记录告诉代表。"
    record = PlainText(
        label="协调会议和决定", rows=6, max_length=5000, help_text="时间、地点、参加人、作出的决定。"
    )


class InviteForm(ActionForm):
    deputy = PlainText(label="附议代表姓名", max_length=60, help_text="重名时写成“姓名 代表证号”。")

    def clean_deputy(self):
        proposal = self.case.proposal
        deputies = Deputy.objects.filter(congress_id=proposal.congress_id, term_id=proposal.lead.term_id)
        return deputy_named(self.cleaned_data["deputy"], deputies)


class DropForm(ActionForm):
    cosignature = forms.ModelChoiceField(queryset=Cosignature.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cosignature"].queryset = Cosignature.objects.filter(proposal=self.case.proposal)


class CosignForm(ActionForm):
    effect = "您的名字列入附议名单；领衔代表改动正文后会再请您确认。"
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["text_hash"] = self.case.proposal.text_hash


class ContactForm(ActionForm):
    effect = "记入沟通记录，领衔代表看得到，可以提出有出入。"
    stage = forms.ChoiceField(
        label="阶段",
        choices=ContactStage,
        widget=forms.RadioSelect,
        error_messages={"required": "请选是办前、办中还是办后。"},
    )
    mode = forms.ChoiceField(
        label="方式",
        choices=ContactMode,
        widget=forms.RadioSelect,
        error_messages={"required": "请选沟通方式。"},
    )
    on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": "请填写日期。"},
    )
    people = PlainText(
        label="参加人员和职务", max_length=200, help_text="如：副局长 邓佩文等 3 人。", widget=forms.TextInput
    )
    words = PlainText(label="沟通内容和代表意见", rows=4, max_length=2000)
    files = AttachmentsField(label="附件")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", self.case.today)

    def action_data(self):
        return super().action_data() | {"deputy": self.case.proposal.lead}


class ProgressForm(ByProxy, ActionForm):
    effect = "代表马上看得到。"
    words = PlainText(label="进展", rows=4, max_length=500, help_text="做了什么、到哪一步、下一步什么时候。")


class OpinionForm(ActionForm):
    effect = "主办单位马上看得到。"
    words = PlainText(label="会办意见", rows=10, max_length=20000)
    doc_no = PlainText(label="文号", required=False, max_length=60)
    contact_person = PlainText(label="联系人", required=False, max_length=60)
    contact_phone = PhoneText(label="电话", required=False, max_length=40)
    files = AttachmentsField(label="附件")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.case.rules.switch("opinion_signed"):
            self.effect = "送本单位签发人签发，签发后主办单位看得到。"


class ReworkForm(ByProxy, ReasonForm):
    effect = "退回经办修改，理由只有本单位和联工委看得到。"
    reason = PlainText(label="请经办修改什么", rows=4, max_length=1000)


class RateForm(ByDelegation, ActionForm):
    attitude = forms.ChoiceField(
        label="办理态度",
        choices=Satisfaction,
        widget=forms.RadioSelect,
        help_text="是否主动联系、认真听取您的意见",
        error_messages={"required": "请给办理态度选一项。"},
    )
    result = forms.ChoiceField(
        label="办理结果",
        choices=Satisfaction,
        widget=forms.RadioSelect,
        help_text="问题是否解决，或者是否说清了原因",
        error_messages={"required": "请给办理结果选一项。"},
    )
    words = PlainText(
        label="意见", required=False, rows=4, max_length=5000, help_text="任一项选“不满意”时必填"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.case.rules.switch("two_dimensions"):
            del self.fields["attitude"]

    def clean(self):
        """Ask for the words beside their field, far down on a phone; the guard asks again for every caller."""
        cleaned = super().clean()
        marks = (cleaned.get("attitude"), cleaned.get("result"))
        if Satisfaction.DISSATISFIED in marks and not cleaned.get("words", "x").strip():
            self.add_error("words", WORDS_WANTED)
        return cleaned


STORY_FORMS = {
    "invite": InviteForm,
    "drop": DropForm,
    "cosign": CosignForm,
    "refuse_cosign": PlainForm,
    "ask_again": PlainForm,
    "submit": PlainForm,
    "return": ReturnForm,
    "decline": DeclineForm,
    "file": FileForm,
    "assign": AssignForm,
    "accept": ProxyForm,
    "log_contact": ContactForm,
    "note_progress": ProgressForm,
    "give_opinion": OpinionForm,
    "draft_reply": ProxyForm,
    "rework": ReworkForm,
    "take_back": PlainForm,
    "issue": ProxyForm,
    "rate": RateForm,
    "order_redo": OrderRedoForm,
    "close_disputed": CloseDisputedForm,
    "settle": SettleForm,
}
