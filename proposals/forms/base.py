"""What all forms are made of: text that is cleaned and never cut, version and request number, placements."""

import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from core.phones import LEAST_DIGITS, holds_number
from institutions.models import Unit
from institutions.succession import units_stood_for

from ..attachments import AttachmentsField
from ..status import AssignmentRole

MAX_KEY_DIGITS = 18
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class PlainText(forms.CharField):
    """Text without control and direction characters; line ends as \\n. Too long is refused, never cut."""

    def __init__(self, *, rows=None, **kwargs):
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        if self.max_length:
            limit = f"最多 {self.max_length} 字，您写了 %(show_value)d 字，请删减后再提交。"
            self.error_messages["max_length"] = limit
            # The browser must not cut what is pasted: the server says how much is too much.
            self.widget.attrs.pop("maxlength", None)
            for validator in self.validators:
                if getattr(validator, "code", "") == "max_length":
                    validator.message = limit
        if kwargs.get("required", True):
            self.error_messages["required"] = f"请填写{self.label}。"

    def widget_attrs(self, widget):
        return {}

    def to_python(self, value):
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        return CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))

    def clean(self, value):
        # NUL and the like are dropped, not refused: nobody types them on purpose.
        return super().clean(CONTROL.sub("", value) if isinstance(value, str) else value)


class PhoneText(PlainText):
    """电话 of whoever answers for a document: empty while it is a draft, else a number that can be called."""

    def run_validators(self, value):
        super().run_validators(value)  # how long it is comes first
        if value and not holds_number(value):
            raise ValidationError(f"请写能打通的电话，至少 {LEAST_DIGITS} 位数字。")


class ActionForm(forms.Form):
    """Base of all: the version of the page and the number of the request travel with it.

    `effect` is the line in the bottom bar: what follows when it is sent.
    """

    effect = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, case, subject, user, initial=None):
        self.case, self.subject, self.user = case, subject, user
        start = {"version": subject.version, "request_id": uuid.uuid4()}
        super().__init__(data, files, initial=start | (initial or {}))

    def action_data(self):
        """What `perform` gets: the cleaned fields without the two hidden ones."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "request_id")}


class PlainForm(ActionForm):
    """Nothing to fill in: a button."""


class ReasonForm(ActionForm):
    reason = PlainText(label="理由", rows=4, max_length=1000)


class ScanField(AttachmentsField):
    """The signed paper that every entry on somebody's behalf carries (代录)."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "签名材料扫描件")
        super().__init__(**kwargs)


class ByProxy:
    """代录 for a unit without access: the form asks for the unit's signed paper."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        place = self.acting_place()
        by_unit = any(
            grant.role in ("handler", "signer", "hub") and place.unit_id in units_stood_for(grant.unit_id)
            for grant in self.user.active_grants()
        )
        if not by_unit and not place.unit.has_access:
            self.fields.setdefault("files", ScanField(label="单位签字盖章的材料扫描件"))

    def acting_place(self):
        """The place whose unit acts."""
        return self.subject


class ProxyForm(ByProxy, ActionForm):
    """A button of the unit's own; on its behalf the signed paper."""


class ByDelegation:
    """代表团名义: its staff act each time with the head's signed scan."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.case.proposal.is_delegations:
            self.fields.setdefault("files", ScanField(label="团长签名的扫描件"))


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; an empty choice among them (不另安排) counts for nothing.

    A key beyond any database's numbers is no choice, rather than an error of the driver.
    """

    def clean(self, value):
        keys = [key for key in value or () if key]
        for key in keys:
            if len(str(key)) > MAX_KEY_DIGITS:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(keys)


class UnitsField(RowsField):
    """Several units."""


class PlacementFields(forms.Form):
    """Who handles it: one lead with any co, or at least two separate."""

    lead = forms.ModelChoiceField(
        label="主办", queryset=Unit.objects.none(), required=False, empty_label="（分办时不选）"
    )
    co = UnitsField(
        label="会办", queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    separate = UnitsField(
        label="分办",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="各单位分别答复、分别测评；至少两个，选了分办就不选主办和会办。",
    )

    def offer_units(self, congress_id, *, parent=None, also=()):
        """Offer the congress's units in use; below a hub (`parent`) those of its own system that are no hubs.

        `also` names units that keep their place although they are out of use by now.
        """
        units = Unit.objects.filter(congress_id=congress_id)
        units = units.filter(Q(pk__in=Unit.objects.in_use().values("pk")) | Q(pk__in=also))
        if parent is not None:
            units = units.filter(is_hub=False, system=parent.unit.system)
        for name in ("lead", "co", "separate"):
            self.fields[name].queryset = units.order_by("pk")

    def start_from(self, places):
        """Fill in the placement that stands now."""
        self._start_with((place.unit_id, place.role) for place in places)

    def start_from_plan(self):
        """Fill in the placement saved for the 交办会 (拟办), where there is one."""
        self._start_with((entry["unit"], entry["role"]) for entry in self.case.proposal.plan)

    def _start_with(self, units):
        by_role = {role: [] for role in AssignmentRole}
        for pk, role in units:
            by_role[role].append(pk)
        self.initial.setdefault("lead", next(iter(by_role[AssignmentRole.LEAD]), None))
        self.initial.setdefault("co", by_role[AssignmentRole.CO])
        self.initial.setdefault("separate", by_role[AssignmentRole.SEPARATE])

    def placements(self):
        """The placement as the workflow takes it: a list of {"unit", "role"}."""
        cleaned = self.cleaned_data
        lead = [{"unit": cleaned["lead"], "role": AssignmentRole.LEAD}] if cleaned.get("lead") else []
        others = [
            {"unit": unit, "role": role}
            for name, role in (("co", AssignmentRole.CO), ("separate", AssignmentRole.SEPARATE))
            for unit in cleaned.get(name, ())
        ]
        return lead + others

    def action_data(self):
        data = super().action_data()
        for name in ("lead", "co", "separate"):
            data.pop(name, None)
        return data | {"placements": self.placements()}
