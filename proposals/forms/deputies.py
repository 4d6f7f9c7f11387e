"""Forms of what deputies decide beside writing and rating: withdrawing, objecting, taking over the lead."""

from django import forms

from ..workflow.withdrawing import consent_is_needed
from .base import ActionForm, ByDelegation, PlainForm, PlainText, ReasonForm


class WithdrawForm(ByDelegation, ReasonForm):
    effect = "撤回后停止办理，不能恢复。"
    reason = PlainText(label="撤回的理由", rows=3, max_length=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if consent_is_needed(self.case):
            self.effect = "附议代表都同意后撤回，停止办理，不能恢复；同意以前照常办理。"


class ConsentForm(PlainForm):
    effect = "附议代表都同意后，建议撤回，停止办理。"


class TakeLeadForm(PlainForm):
    effect = "同意后由您领衔：以后的答复送您，满意度由您测评。"


class RefuseWithdrawForm(ReasonForm):
    effect = "撤回申请到此为止，建议继续办理；领衔代表看得到理由。"
    reason = PlainText(label="不同意的理由", rows=3, max_length=1000)


class ObjectForm(ByDelegation, ActionForm):
    effect = "联工委会答复您；承办单位看不到。"
    about = forms.ChoiceField(
        label="对什么有异议",
        widget=forms.RadioSelect,
        error_messages={"required": "请选对什么有异议。"},
    )
    words = PlainText(label="情况", rows=4, max_length=2000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = [(f"unit:{p.pk}", f"{p.unit}：不该由它承办，或者漏了单位") for p in self.case.round_places]
        contacts = [
            (
                f"contact:{c.pk}",
                f"{c.on:%-m月%-d日}{c.get_mode_display()}的沟通记录：没有这次沟通，或内容有出入",
            )
            for c in self.case.contacts
        ]
        self.fields["about"].choices = places + contacts

    def action_data(self):
        data = super().action_data()
        return data | {"about_text": dict(self.fields["about"].choices)[data["about"]]}


class RefuseLeadForm(ReasonForm):
    effect = "由联工委另请附议代表领衔。"
    reason = PlainText(label="谢绝的理由", rows=3, max_length=500)


DEPUTY_FORMS = {
    "withdraw": WithdrawForm,
    "consent_withdraw": ConsentForm,
    "refuse_withdraw": RefuseWithdrawForm,
    "object": ObjectForm,
    "take_lead": TakeLeadForm,
    "refuse_lead": RefuseLeadForm,
}
