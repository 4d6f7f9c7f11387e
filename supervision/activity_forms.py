"""Forms of 督办活动: plan, change, cancel, hold, files, invitations. They clean and word input; whether a step may
happen is activity_steps' to say."""

import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Grant, Role, User
from core.forms import PlainDateInput
from deputies.models import Deputy
from institutions.models import Committee, Unit
from proposals.attachments import AttachmentsField
from proposals.deputy_lookup import deputy_named
from proposals.forms import PlainText
from proposals.forms.base import RowsField
from proposals.models import Cosignature, Proposal
from proposals.status import CosignState

from .models import ActivityKind, RoleKind
from .topic_people import units_of_cases

BETWEEN = re.compile(r"[、，,;；\n]+")
DATE_ERRORS = {"invalid": "日期写成 2026-05-06 这样。", "required": "请填日期。"}


def day_field(label, **kwargs):
    """A date of the browser's own picker."""
    return forms.DateField(label=label, widget=PlainDateInput(), error_messages=DATE_ERRORS, **kwargs)


class StepForm(forms.Form):
    """Base of all: the version of the page and the number of the request travel with it. `activity` may be None while
    one is planned; `about` is the topic or the case."""

    verb = ""
    effect = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, doing=None, subject=None, initial=None):
        self.doing, self.subject = doing, subject
        start = {"version": getattr(subject, "version", 1), "request_id": uuid.uuid4()}
        super().__init__(data, files, initial=start | (initial or {}))

    def step_data(self):
        """What the step gets: the cleaned fields without the two hidden ones."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "request_id")}


class NamesField(PlainText):
    """Names, several to a line or one a line; cleans to a list of texts."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("required", False)
        super().__init__(rows=2, **kwargs)

    def clean(self, value):
        return [name.strip() for name in BETWEEN.split(super().clean(value)) if name.strip()]


def found_by_name(names, find):
    """The rows that these names stand for. Raises ValidationError with every name that stands for none."""
    rows, errors = [], []
    for name in names:
        try:
            rows.append(find(name))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return rows


def unit_named(congress_id):
    """A function from a unit's name or short name to the unit in use."""
    units = Unit.objects.in_use().filter(congress_id=congress_id)

    def find(name):
        found = units.filter(Q(name=name) | Q(short_name=name)).first()
        if found is None:
            raise ValidationError(f"没有找到叫“{name}”的单位。请写全称或简称。")
        return found

    return find


def deputy_finder(congress_id):
    """A function from 姓名 (or 姓名 代表证号) to the deputy in office."""
    deputies = Deputy.objects.filter(congress_id=congress_id, in_office=True)
    return lambda name: deputy_named(name, deputies)


def deputies_concerned(cases, topic=None):
    """Deputies behind these cases (a queryset): the leads, the confirmed co-signers, those among the topic's sides."""
    signed = Cosignature.objects.filter(proposal__in=cases.values("pk"), state=CosignState.CONFIRMED)
    wanted = Q(pk__in=cases.order_by().values("lead")) | Q(pk__in=signed.order_by().values("deputy"))
    if topic is not None:
        sides = topic.roles.filter(kind=RoleKind.DEPUTY, deputy__isnull=False)
        wanted |= Q(pk__in=sides.order_by().values("deputy"))
    return Deputy.objects.filter(wanted, in_office=True).select_related("delegation").order_by("pk")


class DeputiesField(RowsField):
    """Ticks, each with the deputy's delegation."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(queryset=Deputy.objects.none(), required=False, **kwargs)

    def label_from_instance(self, deputy):
        return f"{deputy.name}（{deputy.delegation}）"


class _InvitesDeputies(forms.Form):
    """Whom to ask: those concerned by ticks, others by name."""

    deputies = DeputiesField(label="邀请代表")
    more_deputies = NamesField(label="另邀代表", help_text="写全名，用顿号隔开；重名时写“姓名 代表证号”。")

    def offer_deputies(self, cases, topic, congress_id):
        self.congress_id = congress_id
        self.fields["deputies"].queryset = deputies_concerned(cases, topic)

    def clean(self):
        cleaned = super().clean()
        try:
            more = found_by_name(cleaned.get("more_deputies") or [], deputy_finder(self.congress_id))
        except ValidationError as error:
            self.add_error("more_deputies", error)
        else:
            cleaned["deputies"] = list({d.pk: d for d in [*cleaned.get("deputies", ()), *more]}.values())
            cleaned.pop("more_deputies", None)
        return cleaned


class PlanForm(_InvitesDeputies, StepForm):
    """安排活动, and the same for changing one that is planned."""

    verb = "安排活动"
    field_order = [
        "kind", "name", "on", "begins_at", "place", "chair", "purpose", "leaders", "committees", "units",
        "more_units", "deputies", "more_deputies", "others",
    ]  # fmt: skip
    kind = forms.ChoiceField(
        label="方式",
        choices=[("", "请选择"), *ActivityKind.choices],
        error_messages={"required": "请选活动的方式。"},
    )
    name = PlainText(
        label="活动名称", max_length=60, required=False, help_text="如：沿江巡查。不填就用方式的名称。"
    )
    on = day_field("日期", help_text="已经开展过的，填开展的日期，下一步登记纪要和照片。")
    begins_at = forms.TimeField(
        label="时间",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "时间写成 15:00 这样。"},
    )
    place = PlainText(label="地点", max_length=100, required=False)
    chair = PlainText(label="谁带队、主持", max_length=60, required=False, help_text="如：沈若川副主任带队。")
    purpose = PlainText(label="内容和要求", rows=3, max_length=1000, required=False)
    leaders = RowsField(
        label="参加的领导", queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    committees = RowsField(
        label="参加的专委会",
        queryset=Committee.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    units = RowsField(
        label="参加的单位", queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    more_units = NamesField(label="另请单位", help_text="写全称或简称，用顿号隔开。")
    others = PlainText(
        label="其他参加人员", max_length=300, required=False, help_text="如：新闻媒体 2 人、特邀专家张工。"
    )

    def __init__(self, *args, topic=None, proposal=None, initial=None, **kwargs):
        super().__init__(*args, initial=initial, **kwargs)
        congress_id = (topic or proposal).congress_id
        cases = topic.cases.all() if topic else Proposal.objects.filter(pk=proposal.pk)
        self.offer_deputies(cases, topic, congress_id)
        self._offer_bodies(topic, cases, congress_id)

    def _offer_bodies(self, topic, cases, congress_id):
        grants = Grant.objects.in_force().filter(congress_id=congress_id)
        leading = grants.filter(role__in=(Role.LEADER, Role.GOV_LEADER), user__is_active=True)
        self.fields["leaders"].queryset = User.objects.filter(pk__in=leading.values("user")).order_by("pk")
        self.fields["committees"].queryset = Committee.objects.filter(
            congress_id=congress_id, is_active=True
        ).order_by("pk")
        at_work = {unit.pk for unit in units_of_cases(list(cases))}
        if topic is not None:
            sides = topic.roles.filter(unit__isnull=False).values_list("unit_id", flat=True)
            at_work |= set(sides)
        if self.subject is not None:
            at_work |= set(self.subject.units.values_list("pk", flat=True))
        self.fields["units"].queryset = Unit.objects.filter(pk__in=at_work).order_by("pk")
        for name in ("units", "leaders", "committees", "deputies"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        try:
            more = found_by_name(cleaned.get("more_units") or [], unit_named(self.congress_id))
        except ValidationError as error:
            self.add_error("more_units", error)
        else:
            cleaned["units"] = list({u.pk: u for u in [*cleaned.get("units", ()), *more]}.values())
            cleaned.pop("more_units", None)
        return cleaned


class ChangeForm(PlanForm):
    """改动安排: a new day or place asks the deputies again."""

    verb = "保存改动"
    effect = "改了日期、时间或地点的，会通知参加的单位，并请代表重新答复。"

    def __init__(self, *args, subject, initial=None, **kwargs):
        start = {
            name: getattr(subject, name) for name in ("kind", "name", "on", "begins_at", "place", "chair")
        }
        start |= {"others": subject.others, "purpose": subject.purpose}
        for name in ("leaders", "committees", "units"):
            start[name] = [row.pk for row in getattr(subject, name).all()]
        start["deputies"] = [invitation.deputy_id for invitation in subject.invitations.all()]
        super().__init__(*args, subject=subject, initial=start | (initial or {}), **kwargs)


class CancelForm(StepForm):
    verb = "取消活动"
    effect = "取消以后通知被邀请的代表和参加的单位。"
    reason = PlainText(label="取消的原因", rows=3, max_length=500)


class InviteForm(_InvitesDeputies, StepForm):
    verb = "发出邀请"
    effect = "代表会收到消息，在手机上答复能否参加。已经邀请过的不会再发。"

    def __init__(self, *args, cases, topic, congress_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_deputies(cases, topic, congress_id)
        known = [invitation.deputy_id for invitation in self.subject.invitations.all()]
        choices = self.fields["deputies"].queryset.exclude(pk__in=known)
        self.fields["deputies"].queryset = choices
        if not choices.exists():
            del self.fields["deputies"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("deputies"):
            raise ValidationError("还没有选要邀请的代表。")
        return cleaned


class HoldForm(StepForm):
    """登记开展情况: 纪要, who came, the problems one a line, photos and papers."""

    verb = "登记开展情况"
    on = day_field("实际日期")
    chair = PlainText(label="谁带队、主持", max_length=60, required=False)
    words = PlainText(
        label="纪要",
        rows=8,
        max_length=5000,
        help_text="写看到的、听到的、数到的：时间、地点、数量，当场定了什么。",
    )
    came = DeputiesField(label="到会的代表")
    more_came = NamesField(label="另外到会的代表", help_text="没有书面邀请也来了的，写全名，用顿号隔开。")
    findings = PlainText(
        label="发现的问题",
        rows=4,
        max_length=3000,
        required=False,
        help_text="一行写一个问题。保存后再一个一个交给单位整改。",
    )
    files = AttachmentsField(label="照片和材料")
    shares_minutes = forms.BooleanField(
        label="纪要、照片给参加的代表和单位看",
        required=False,
        help_text="不勾的只有人大机关看得到。",
    )

    def __init__(self, *args, subject, initial=None, **kwargs):
        invited = list(subject.invitations.all())
        start = {
            "on": subject.on,
            "chair": subject.chair,
            "words": subject.minutes,
            "shares_minutes": subject.shares_minutes,
            "came": [i.deputy_id for i in invited if (i.came if subject.is_held else i.state == "accepted")],
        }
        super().__init__(*args, subject=subject, initial=start | (initial or {}), **kwargs)
        deputies = Deputy.objects.filter(pk__in=[i.deputy_id for i in invited]).select_related("delegation")
        self.fields["came"].queryset = deputies.order_by("pk")
        if not invited:
            del self.fields["came"]
        if subject.is_held:
            self.verb = "保存改动"
            del self.fields["findings"], self.fields["files"]

    def clean_findings(self):
        lines = [line.strip() for line in self.cleaned_data["findings"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            if len(line) > 300:
                raise ValidationError(f"第 {number} 个问题有 {len(line)} 字，每个最多 300 字，请分开写。")
        return lines

    def clean(self):
        cleaned = super().clean()
        congress_id = self.subject.congress_id
        try:
            # Also those who have left office since: they were there.
            everybody = Deputy.objects.filter(congress_id=congress_id)
            more = found_by_name(cleaned.get("more_came") or [], lambda name: deputy_named(name, everybody))
        except ValidationError as error:
            self.add_error("more_came", error)
        else:
            cleaned["came"] = list({d.pk: d for d in [*cleaned.get("came", ()), *more]}.values())
            cleaned.pop("more_came", None)
        return cleaned


class FilesForm(StepForm):
    verb = "保存照片和材料"
    files = AttachmentsField(label="照片和材料", required=True)


class AnswerForm(StepForm):
    """代表答复邀请. No answer is preselected."""

    verb = "答复"
    comes = forms.TypedChoiceField(
        label="能参加吗",
        choices=[("yes", "参加"), ("no", "不能参加")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选能不能参加。"},
    )
    reason = PlainText(
        label="不能参加的原因", max_length=200, required=False, help_text="选“不能参加”的请写一句。"
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("comes") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", "请写不能参加的原因。")
        return cleaned


class OpinionForm(StepForm):
    verb = "留下意见"
    effect = "意见和照片给联工委和专委会看，承办单位看不到。"
    words = PlainText(label="您的意见", rows=5, max_length=1000)
    files = AttachmentsField(label="照片")

    def __init__(self, *args, subject=None, initial=None, **kwargs):
        start = {"words": subject.words} if subject is not None else {}
        super().__init__(*args, subject=subject, initial=start | (initial or {}), **kwargs)
