"""The form of 六方责任: one line per person or body, all sides at once."""

from dataclasses import dataclass

from django import forms

from accounts.models import Grant, Role
from deputies.models import Deputy
from institutions.models import Committee
from proposals.forms import PlainText
from proposals.forms.base import PhoneText, RowsField
from proposals.models import Cosignature
from proposals.status import CosignState

from . import topic_people as people
from .models import RoleKind, TopicRole
from .topic_forms import FORM_FOR, TopicForm

SEATS = {RoleKind.LEADER: Role.LEADER, RoleKind.GOV_LEADER: Role.GOV_LEADER, RoleKind.OFFICE: Role.LIAISON}
# So many lines may one side have.
MAX_LINES = 9


@dataclass
class Group:
    """One side on the form: its lines of bound fields, each with a heading where the body is fixed."""

    kind: str
    label: str
    lines: list


class SidesForm(TopicForm):
    """All six sides. What is left empty is nobody; deputies are ticked among those who signed the cases."""

    effect = "新加上的人员会收到消息；承办单位按建议的主办、分办自动列出，只填主要负责人。"
    deputies = RowsField(
        label="代表参与督办",
        queryset=Deputy.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "有一位代表不能选，请重新选择。",
            "invalid_pk_value": "请重新选择代表。",
        },
        help_text="领衔和附议代表；其他代表在督办活动里邀请。",
    )

    def prepare(self):
        self.sides = list(self.topic.roles.select_related("committee", "unit", "deputy", "user"))
        self.persons, self.names = self._persons()
        self.lines = {}
        for kind in (RoleKind.LEADER, RoleKind.GOV_LEADER, RoleKind.COMMITTEE, RoleKind.OFFICE):
            self._add_lines(kind)
        self._add_units()
        self._offer_deputies()

    def _persons(self):
        """({kind: choices}, {(kind, pk): (name, title)}) of whoever may stand on a side."""
        choices = {kind: [] for kind in SEATS}
        names = {}
        grants = Grant.objects.in_force(self.today).filter(
            congress_id=self.topic.congress_id, role__in=SEATS.values(), user__is_active=True
        )
        for grant in grants.select_related("user").order_by("pk"):
            kind = next(kind for kind, role in SEATS.items() if role == grant.role)
            names.setdefault((kind, str(grant.user_id)), (grant.user.name, grant.title))
        for side in self.sides:
            if side.user_id:
                names.setdefault((side.kind, str(side.user_id)), (side.name, side.title))
        for (kind, pk), (name, title) in names.items():
            choices[kind].append((pk, f"{name} {title}".strip()))
        return choices, names

    def _add_lines(self, kind):
        mine = [side for side in self.sides if side.kind == kind]
        count = len(mine) + 1 if kind != RoleKind.OFFICE else max(1, len(mine))
        if self.is_bound:
            sent = sum(f"{kind}_{index}_who" in self.data for index in range(MAX_LINES))
            count = max(1, sent)
        self.lines[kind] = min(count, MAX_LINES)
        choices = self.persons[kind] if kind in SEATS else self._committees(mine)
        for index in range(self.lines[kind]):
            side = mine[index] if index < len(mine) else None
            self._add_line(kind, index, side, choices)

    def _committees(self, mine):
        rows = Committee.objects.filter(congress_id=self.topic.congress_id)
        kept = {side.committee_id for side in mine}
        self.committees = {str(row.pk): row for row in rows if row.is_active or row.pk in kept}
        return [(pk, row.name) for pk, row in self.committees.items()]

    def _add_line(self, kind, index, side, choices):
        empty = "（只写机构）" if kind == RoleKind.OFFICE else "（没有）"
        target = side and (side.committee_id if kind == RoleKind.COMMITTEE else side.user_id)
        self.fields[f"{kind}_{index}_who"] = forms.ChoiceField(
            label=RoleKind(kind).label,
            choices=[("", empty), *choices],
            required=False,
            initial=str(target or ""),
            error_messages={"invalid_choice": "没有这个人选，请重新选择。"},
        )
        if kind == RoleKind.COMMITTEE:
            self._add_text(f"{kind}_{index}_name", "主任委员", side and side.name)
        if kind != RoleKind.OFFICE:
            self._add_text(f"{kind}_{index}_contact", "联系人", side and side.contact)
        self._add_phone(f"{kind}_{index}_phone", side)

    def _add_text(self, name, label, value, length=60):
        self.fields[name] = PlainText(label=label, max_length=length, required=False, initial=value or "")

    def _add_phone(self, name, side):
        value = side.contact_phone if side else ""
        self.fields[name] = PhoneText(label="电话", max_length=40, required=False, initial=value)

    def _add_units(self):
        at_work = people.units_of_cases(self.topic.cases.all())
        known = {side.unit_id: side for side in self.sides if side.unit_id}
        self.at_work = {unit.pk for unit in at_work}
        self.units = {unit.pk: unit for unit in at_work} | {pk: side.unit for pk, side in known.items()}
        for pk in self.units:
            side = known.get(pk)
            self._add_text(f"unit_{pk}_name", "主要负责人", side and side.name)
            self._add_text(f"unit_{pk}_title", "职务", side and side.title)
            self._add_text(f"unit_{pk}_contact", "联系人", side and side.contact)
            self._add_phone(f"unit_{pk}_phone", side)

    def _offer_deputies(self):
        cases = self.topic.cases.all()
        signed = Cosignature.objects.filter(proposal__in=cases, state=CosignState.CONFIRMED)
        known = [side.deputy_id for side in self.sides if side.deputy_id]
        keys = {*cases.values_list("lead", flat=True), *signed.values_list("deputy", flat=True), *known}
        self.fields["deputies"].queryset = Deputy.objects.filter(pk__in=keys).order_by("pk")
        self.fields["deputies"].initial = known
        # Last on the page, as on the card.
        self.fields["deputies"] = self.fields.pop("deputies")

    def groups(self):
        """The sides but the deputies, each with its lines of bound fields (a list of Group)."""
        found = []
        for kind, count in self.lines.items():
            lines = [("", self._line(f"{kind}_{index}_")) for index in range(count)]
            found.append(Group(kind, RoleKind(kind).label, lines))
        units = [(str(unit), self._line(f"unit_{pk}_")) for pk, unit in self.units.items()]
        found.append(Group(RoleKind.UNIT, RoleKind.UNIT.label, units))
        return found

    def _line(self, prefix):
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def clean(self):
        cleaned = super().clean()
        for kind, count in self.lines.items():
            seen = set()
            for index in range(count):
                who = cleaned.get(f"{kind}_{index}_who")
                if who and who in seen:
                    self.add_error(f"{kind}_{index}_who", "同一方里选了两次，请改一个。")
                seen.add(who)
        return cleaned

    def action_data(self):
        return {"sides": [*self._chosen(), *self._of_units(), *self._of_deputies()]}

    def _chosen(self):
        data = self.cleaned_data
        for kind, count in self.lines.items():
            for index in range(count):
                who = data.get(f"{kind}_{index}_who")
                texts = {
                    "contact": data.get(f"{kind}_{index}_contact", ""),
                    "contact_phone": data.get(f"{kind}_{index}_phone", ""),
                }
                if kind == RoleKind.COMMITTEE and who:
                    name = data.get(f"{kind}_{index}_name", "")
                    title = "主任委员" if name else ""
                    committee = self.committees[who]
                    yield TopicRole(kind=kind, committee=committee, name=name, title=title, **texts)
                elif who:
                    name, title = self.names[kind, who]
                    yield TopicRole(kind=kind, user_id=int(who), name=name, title=title, **texts)
                elif kind == RoleKind.OFFICE and index == 0:
                    yield TopicRole(kind=kind, name=self.topic.congress.liaison_name, **texts)

    def _of_units(self):
        data = self.cleaned_data
        for pk, unit in self.units.items():
            name = data[f"unit_{pk}_name"]
            # A unit that no longer has a case stays only while somebody of it is named.
            if pk in self.at_work or name:
                yield TopicRole(
                    kind=RoleKind.UNIT,
                    unit=unit,
                    name=name,
                    title=data[f"unit_{pk}_title"],
                    contact=data[f"unit_{pk}_contact"],
                    contact_phone=data[f"unit_{pk}_phone"],
                )

    def _of_deputies(self):
        for deputy in self.cleaned_data["deputies"]:
            yield TopicRole(kind=RoleKind.DEPUTY, deputy=deputy, name=deputy.name)


FORM_FOR["sides"] = SidesForm
