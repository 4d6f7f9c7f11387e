"""Forms of the actions beside the main road."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Role
from deputies.models import Session
from institutions.succession import units_stood_for

from ..attachments import AttachmentsField
from ..models import Category, Proposal
from ..public import numbers_to_look_at
from ..status import RecallKind, ReplyClass, Source
from ..workflow.correcting import recall_outcomes
from ..workflow.engine import holder
from ..workflow.table import TABLE
from .base import ActionForm, ByProxy, PlacementFields, PlainText, ReasonForm
from .story import RateForm


def _day(label, **kwargs):
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-05-06 这样。", "required": f"请填写{label}。"},
        **kwargs,
    )


# --- Answers ------------------------------------------------------------------------------------------


class AnswerForm(ActionForm):
    words = PlainText(label="答复", rows=4, max_length=2000)


class AnswerObjectionForm(AnswerForm):
    effect = "代表看得到；要改承办单位的，另用“调整承办”。"
    # Which of several; without it the oldest.
    objection = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AnswerUrgeForm(ByProxy, AnswerForm):
    effect = "催办的一方和代表都看得到。"


# --- The office ---------------------------------------------------------------------------------------


class CheckForm(ActionForm):
    effect = "初核意见给联工委和代表看，不影响立案。"
    words = PlainText(
        label="初核意见", rows=3, max_length=500, help_text="格式、签名、一事一议等是否符合要求。"
    )


class UndoReviewForm(ReasonForm):
    effect = "回到待审查，重新计算审查期限；已有编号保留。"


class AmendForm(ActionForm):
    effect = "改前改后都记入办理经过，告诉领衔和附议代表。"
    title = PlainText(label="标题", max_length=100)
    category = forms.ModelChoiceField(
        label="类别", queryset=Category.objects.none(), required=False, empty_label="（没有定）"
    )
    source = forms.ChoiceField(label="来源", choices=Source)
    session = forms.ModelChoiceField(
        label="会议", queryset=Session.objects.none(), required=False, empty_label="（不是大会件）"
    )
    open_wanted = forms.BooleanField(label="代表同意公开", required=False)
    reason = PlainText(label="更正的理由", rows=2, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        proposal = self.case.proposal
        self.fields["category"].queryset = Category.objects.filter(congress_id=proposal.congress_id)
        self.fields["session"].queryset = Session.objects.filter(congress_id=proposal.congress_id)
        for name in ("title", "source", "open_wanted"):
            self.initial.setdefault(name, getattr(proposal, name))
        self.initial.setdefault("category", proposal.category_id)
        self.initial.setdefault("session", proposal.session_id)


class ChangeLeadForm(ReasonForm):
    effect = "请这位代表表态；同意后由其领衔，原领衔代表转为附议。"
    deputy = forms.ChoiceField(
        label="请谁领衔",
        widget=forms.RadioSelect,
        error_messages={"required": "请选由哪位代表领衔。"},
    )
    reason = PlainText(label="原领衔代表不能履职的情况", rows=3, max_length=1000)
    field_order = ["deputy", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._deputies = {str(c.deputy_id): c.deputy for c in self.case.confirmed_cosignatures()}
        self.fields["deputy"].choices = [
            (pk, f"{d.name}（{d.delegation}）") for pk, d in self._deputies.items()
        ]

    def clean_deputy(self):
        return self._deputies[self.cleaned_data["deputy"]]


class MergeForm(ActionForm):
    effect = "两件连在一起办理，各自保留编号、答复、送达和测评。"
    other = PlainText(label="与哪一件并案", max_length=30, help_text="写编号，如 2026-086。")

    def clean_other(self):
        number = self.cleaned_data["other"].strip()
        found = (
            Proposal.objects.visible_to(self.user)
            .filter(congress_id=self.case.proposal.congress_id, number=number)
            .first()
        )
        if found is None:
            raise ValidationError(f"没有找到编号为 {number} 的建议。")
        return found


class PlanForm(PlacementFields, ActionForm):
    effect = "只是拟办：不交给单位，也不计算期限。"
    asks_views = forms.BooleanField(
        label="征求这些单位的意见",
        required=False,
        help_text="单位可以看正文并表示同意或不同意；不使用本系统的单位请用书面征求。",
    )
    words = PlainText(label="给单位的话", required=False, rows=2, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_units(self.case.proposal.congress_id)
        self.start_from_plan()


class GiveViewForm(ActionForm):
    effect = "联工委在交办会前看到。"
    agrees = forms.TypedChoiceField(
        label="是否同意拟由你单位办理",
        choices=(("yes", "同意"), ("no", "不同意")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选同意或不同意。"},
    )
    words = PlainText(
        label="意见",
        required=False,
        rows=3,
        max_length=1000,
        help_text="不同意的，写明职能依据和建议的单位。",
    )


class AdjustForm(PlacementFields, ActionForm):
    """The whole placement wanted on one level: the congress's own, or that of one hub's children."""

    effect = "新单位开始计算期限；去掉的单位不再办理；告诉单位和代表。"
    reason = PlainText(label="理由", rows=3, max_length=500)
    is_reform = forms.BooleanField(
        label="因机构改革调整", required=False, help_text="答复期限按原来的起算日，不重新计算。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.parent = self._own_place()
        level = self.parent.pk if self.parent else None
        places = [p for p in self.case.round_places if p.parent_id == level]
        self.offer_units(
            self.case.proposal.congress_id, parent=self.parent, also=[place.unit_id for place in places]
        )
        self.start_from(places)

    def _own_place(self):
        """A hub's staff adjust the children of the hub's place; the office the congress's own places, also where it
        works for a hub as well."""
        grant = holder(TABLE["adjust"], self.case, self.subject, self.user)
        if grant is None or grant.role != Role.HUB:
            return None
        hubs = units_stood_for(grant.unit_id)
        return next((p for p in self.case.round_places if p.unit_id in hubs), None)

    def action_data(self):
        return super().action_data() | {"parent_id": self.parent.pk if self.parent else None}


class PublishForm(ActionForm):
    effect = "在公开页上展示标题、正文、答复和承诺，不展示电话和评价。"
    has_looked = forms.BooleanField(
        label="已看过代表和单位的公开意见，内容不涉及国家秘密、商业秘密、个人隐私",
        error_messages={"required": "请核对后再公开。"},
    )

    def numbers(self):
        """What the public pages will take out of the texts: (where, number); the office looks at each."""
        return numbers_to_look_at(self.case)


class UnpublishForm(ReasonForm):
    effect = "公开页上不再展示。"


# --- The units and the hub ----------------------------------------------------------------------------


class DispatchForm(PlacementFields, ActionForm):
    effect = "下属单位开始计算签收、申请退回期限；答复期限仍自交办之日起算。"
    words = PlainText(label="办理要求", required=False, rows=2, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_units(self.case.proposal.congress_id, parent=self.subject)
        if self.subject.role == "co":
            del self.fields["lead"], self.fields["separate"]
        elif self.subject.role == "separate":
            del self.fields["lead"], self.fields["co"]


class AskReturnForm(ByProxy, ReasonForm):
    effect = "由交办的一方裁定；裁定前不用签收。"
    reason = PlainText(label="理由", rows=3, max_length=1000)
    basis = PlainText(label="职能依据", rows=2, max_length=500, help_text="“三定”规定或法律法规的哪一条。")
    suggested = PlainText(
        label="建议改交的单位",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        help_text="写单位全称；不知道该谁办的可以不填，由交办的一方定。",
    )


class ApproveReturnForm(PlacementFields, ActionForm):
    effect = "退回的单位不再办理，新单位开始计算期限。"
    reason = PlainText(label="意见", rows=2, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        place = self.subject
        parent = self.case.place(place.parent_id) if place.parent_id else None
        others = [p for p in self.case.siblings(place) if p.pk != place.pk]
        self.offer_units(self.case.proposal.congress_id, parent=parent, also=[p.unit_id for p in others])
        is_typed = place.role in self.initial
        self.start_from(others)
        if not is_typed:
            self._start_with_suggested()

    def _start_with_suggested(self):
        """The unit that the request names stands in the place that becomes free."""
        place = self.subject
        request = self.case.pending("return", place)
        words = request.details.get("suggested", "").strip() if request else ""
        # Iterated, not filtered: the table of units shows the same rows anyway.
        offered = self.fields["lead"].queryset
        unit = next((u for u in offered if words and words in (u.name, u.short_name)), None)
        if unit is None or unit.pk == place.unit_id:
            return
        if place.role == "lead":
            self.initial["lead"] = unit.pk
        else:
            self.initial[place.role] = [*self.initial[place.role], unit.pk]


class RefuseReturnForm(ReasonForm):
    effect = "由原单位继续办理，视为已签收。"
    reason = PlainText(label="不同意的理由", rows=3, max_length=500)


class AskExtensionForm(ByProxy, ReasonForm):
    effect = "裁定前期限照算；裁定后告诉代表。"
    until = _day("延期到")
    reason = PlainText(label="理由", rows=3, max_length=1000)
    progress = PlainText(label="目前进展", rows=3, max_length=1000)
    field_order = ["until", "reason", "progress"]


class EndorseForm(ActionForm):
    effect = "签意见后由联工委决定。"
    words = PlainText(label="意见", rows=3, max_length=500)


class DecideExtensionForm(ActionForm):
    effect = "批准的，答复期限改为新日期；代表和单位都会知道。"
    is_granted = forms.TypedChoiceField(
        label="决定",
        choices=(("yes", "批准"), ("no", "不批准")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选批准或不批准。"},
    )
    until = _day("延期到", required=False)
    reason = PlainText(
        label="意见", required=False, rows=3, max_length=500, help_text="不批准的必须写明理由。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        request = self.case.pending("extension", self.subject)
        if request:
            self.initial.setdefault("until", request.details.get("until"))


class ReturnOpinionForm(ByProxy, ReasonForm):
    effect = "会办单位另有一段补正期限。"
    reason = PlainText(label="请会办单位补充什么", rows=3, max_length=500)

    def acting_place(self):
        """The lead returns the opinion; where there is none any more, the action is refused anyway."""
        return self.case.lead_place(self.subject) or self.subject


class RecallForm(ReasonForm):
    effect = "原答复全文保留；改好后重新送审签、重新送达。"
    recall = forms.ChoiceField(
        label="收回的性质",
        choices=RecallKind,
        widget=forms.RadioSelect,
        error_messages={"required": "请选是更正还是退回重答。"},
    )
    reason = PlainText(label="理由", rows=3, max_length=500)
    field_order = ["recall", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recall"].choices = list(recall_outcomes(self.case, self.subject).items())


class CorrectClassForm(ReasonForm):
    effect = "告诉单位和代表；改为要落实的类别时，承诺事项进入台账。"
    reply_class = forms.ChoiceField(
        label="改为",
        choices=ReplyClass,
        widget=forms.RadioSelect,
        error_messages={"required": "请选改为哪一类。"},
    )
    what = PlainText(
        label="承诺事项", required=False, max_length=300, help_text="改为正在解决、列入计划时填。"
    )
    promised_on = _day("完成日期", required=False)
    owner = PlainText(label="责任人", required=False, max_length=100)
    reason = PlainText(label="理由", rows=3, max_length=500)
    field_order = ["reply_class", "what", "promised_on", "owner", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rules = self.case.rules
        self.fields["reply_class"].choices = [(code, rules.class_text(code)) for code in ReplyClass.values]

    def clean(self):
        cleaned = super().clean()
        filled = [bool(cleaned.get(name)) for name in ("what", "promised_on", "owner")]
        if any(filled) and not all(filled):
            raise ValidationError("承诺事项要写全：做什么、何时完成、谁负责。")
        return cleaned

    def action_data(self):
        data = super().action_data()
        what, on, owner = data.pop("what"), data.pop("promised_on"), data.pop("owner")
        promise = [{"what": what, "promised_on": on.isoformat(), "owner": owner}] if what else []
        return data | {"commitments": promise}


class RateProxyForm(RateForm):
    effect = "代表马上知道，5 个工作日内可以改写。"
    files = AttachmentsField(label="代表签名的征询意见表扫描件", required=True)


EXCEPTION_FORMS = {
    "answer_objection": AnswerObjectionForm,
    "check": CheckForm,
    "undo_review": UndoReviewForm,
    "amend": AmendForm,
    "change_lead": ChangeLeadForm,
    "merge": MergeForm,
    "unmerge": ReasonForm,
    "plan": PlanForm,
    "give_view": GiveViewForm,
    "adjust": AdjustForm,
    "publish": PublishForm,
    "unpublish": UnpublishForm,
    "dispatch": DispatchForm,
    "ask_return": AskReturnForm,
    "approve_return": ApproveReturnForm,
    "refuse_return": RefuseReturnForm,
    "ask_extension": AskExtensionForm,
    "endorse_extension": EndorseForm,
    "decide_extension": DecideExtensionForm,
    "return_opinion": ReturnOpinionForm,
    "recall_reply": RecallForm,
    "correct_class": CorrectClassForm,
    "rate_proxy": RateProxyForm,
    "answer_urge": AnswerUrgeForm,
}
