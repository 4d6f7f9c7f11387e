"""The form of the reply editor (写答复): one answer per concrete request, class, document, commitments.

A draft is kept as far as it can be: what is refused keeps its stored value, everything else is saved.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from django import forms

from core.dates import cn_date, cn_time

from .attachments import AttachmentsField
from .forms import CONTROL, PhoneText, PlainText
from .models import Reply
from .status import AssignmentStatus, PointState, ReplyClass
from .workflow import promising
from .workflow.guards import promise_date_objection

MAX_ANSWER = 20_000
MAX_COMMITMENTS = 30
# What becomes of an open promise of an earlier round.
GOES_ON, REPLACED = "goes_on", "replaced"
EARLIER_MARKS = [(GOES_ON, "继续"), (REPLACED, "由新的代替")]
WHAT_LENGTH, OWNER_LENGTH = 300, 100
PLAIN_FIELDS = (
    "opening",
    "reply_class",
    "is_oral",
    "doc_no",
    "contact_person",
    "contact_phone",
    "is_public",
    "no_contact_reason",
)


@dataclass
class CommitmentRow:
    """One row of 承诺事项 as typed."""

    what: str = ""
    promised_on: str = ""
    owner: str = ""
    errors: list = field(default_factory=list)

    @property
    def is_blank(self):
        return not (self.what or self.promised_on or self.owner)

    @property
    def as_kept(self):
        """The row as the draft keeps it, half-written ones too; sending asks for all three."""
        return {"what": self.what, "promised_on": self.promised_on, "owner": self.owner}

    def check(self, today):
        """Fill `errors`; a date in another common spelling becomes ISO."""
        for label, text, limit in (("事项", self.what, WHAT_LENGTH), ("责任人", self.owner, OWNER_LENGTH)):
            if len(text) > limit:
                self.errors.append(f"{label}最多 {limit} 字，您写了 {len(text)} 字，请删减。")
        if self.promised_on:
            self.promised_on = _iso(self.promised_on)
            if objection := promise_date_objection(self.promised_on, today):
                self.errors.append(f"{objection}。")


def _iso(typed):
    """A typed date as ISO text; what is no date stays as it is."""
    numbers = re.fullmatch(r"\s*(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?\s*", typed)
    try:
        return date(*map(int, numbers.groups())).isoformat() if numbers else typed
    except ValueError:
        return typed


class ReplyForm(forms.Form):
    """Everything of one reply. `draft_version` is autosave's counter; `version` and `request_id` go to 送审签."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    opening = PlainText(label="开头", required=False, rows=3, max_length=5000)
    reply_class = forms.ChoiceField(label="答复类别", required=False, choices=ReplyClass)
    is_oral = forms.BooleanField(label="当面答复，代表已在记录上签名", required=False)
    doc_no = PlainText(label="文号", required=False, max_length=60)
    contact_person = PlainText(label="联系人", required=False, max_length=60)
    contact_phone = PhoneText(label="电话", required=False, max_length=40)
    is_public = forms.TypedChoiceField(
        label="公开",
        required=False,
        choices=(("1", "主动公开"), ("0", "不予公开")),
        coerce=lambda value: value == "1",
        empty_value=True,
    )
    no_contact_reason = PlainText(label="没有沟通的，写明原因", required=False, max_length=300)
    files = AttachmentsField(label="附件")

    def __init__(self, data=None, files=None, *, case, place):
        self.case, self.place, self.stored = case, place, case.reply(place)
        if self.stored is None:
            self.stored = Reply(assignment=place)
        self.late_places = [co for co in case.co_places(place) if co.status != AssignmentStatus.ANSWERED]
        super().__init__(data, files, initial=self._initial())
        if not case.rules.switch("oral_reply_record"):
            del self.fields["is_oral"]
        for number, _ in enumerate(case.proposal.points, start=1):
            self._add_answer(number)
        for co in self.late_places:
            self.fields[f"late_{co.pk}"] = PlainText(
                label=f"{co.unit}的意见没到，写明原因", required=False, rows=2, max_length=500
            )
            self.initial[f"late_{co.pk}"] = self.stored.late_opinions.get(str(co.pk), "")
        self.earlier = promising.earlier_open(case, place)
        for promise in self.earlier:
            name = f"earlier_{promise.pk}"
            self.fields[name] = forms.ChoiceField(
                label=f"以前的承诺：{promise.what}", required=False, choices=EARLIER_MARKS
            )
            self.initial[name] = REPLACED if promise.pk in self.stored.replaces else GOES_ON
        self.commitments = self._typed_commitments() if self.is_bound else _rows(self.stored)

    def _initial(self):
        initial = {name: getattr(self.stored, name) for name in PLAIN_FIELDS}
        return initial | {
            "is_public": "1" if self.stored.is_public else "0",
            "draft_version": self.stored.draft_version if self.stored.pk else "",
            "version": self.place.version,
            "request_id": uuid.uuid4(),
        }

    def _add_answer(self, number):
        kept = self._kept_answer(number)
        self.fields[f"state_{number}"] = forms.ChoiceField(
            label=f"第 {number} 条落实情况", required=False, choices=[("", "选落实情况"), *PointState.choices]
        )
        self.fields[f"answer_{number}"] = PlainText(
            label=f"第 {number} 条答复", required=False, rows=4, max_length=MAX_ANSWER
        )
        self.initial |= {f"state_{number}": kept.get("state", ""), f"answer_{number}": kept.get("text", "")}

    def _kept_answer(self, number):
        answers = self.stored.answers
        return answers[number - 1] if number <= len(answers) else {}

    def _typed_commitments(self):
        columns = (self.data.getlist(f"commitment_{name}") for name in ("what", "on", "owner"))
        rows = [
            CommitmentRow(*(CONTROL.sub("", text).strip() for text in row))
            for row in zip_longest(*columns, fillvalue="")
        ]
        dropped = self.data.get("drop_commitment", "")
        return [row for n, row in enumerate(rows, start=1) if not row.is_blank and str(n) != dropped]

    def clean(self):
        for row in self.commitments:
            row.check(self.case.today)
        if len(self.commitments) > MAX_COMMITMENTS:
            self.add_error(
                None, f"承诺事项最多 {MAX_COMMITMENTS} 项，您写了 {len(self.commitments)} 项，请合并。"
            )
        elif numbers := [str(n) for n, row in enumerate(self.commitments, start=1) if row.errors]:
            self.add_error(None, f"第 {'、'.join(numbers)} 项承诺没有保存，请按提示改好。")
        return super().clean()

    @property
    def answers(self):
        """Per concrete request: number, text of the request, the two bound fields."""
        return [
            (number, point, self[f"state_{number}"], self[f"answer_{number}"])
            for number, point in enumerate(self.case.proposal.points, start=1)
        ]

    @property
    def earlier_fields(self):
        """(promise, bound field) of the unit's promises of earlier rounds that go on."""
        return [(promise, self[f"earlier_{promise.pk}"]) for promise in self.earlier]

    @property
    def late_fields(self):
        """The bound field of each co-opinion that is not in: {place pk: field}."""
        return {co.pk: self[f"late_{co.pk}"] for co in self.late_places}

    @property
    def typed_draft_version(self):
        """The draft counter of the page; None where nothing had been saved yet."""
        return self.cleaned_data.get("draft_version")

    def to_save(self):
        """What drafts.save_reply takes: all that passed; the rest as it was kept before."""
        cleaned = self.cleaned_data
        fields = {name: cleaned[name] for name in PLAIN_FIELDS if name in cleaned}
        fields.setdefault("is_oral", False)
        fields["answers"] = [
            {
                "state": cleaned.get(f"state_{n}", self._kept_answer(n).get("state", "")),
                "text": cleaned.get(f"answer_{n}", self._kept_answer(n).get("text", "")),
            }
            for n, _ in enumerate(self.case.proposal.points, start=1)
        ]
        reasons = {
            str(co.pk): cleaned.get(f"late_{co.pk}", self.initial[f"late_{co.pk}"]) for co in self.late_places
        }
        fields["late_opinions"] = {pk: reason for pk, reason in reasons.items() if reason.strip()}
        if self.earlier:
            marks = {p.pk: cleaned.get(f"earlier_{p.pk}") for p in self.earlier}
            fields["replaces"] = [pk for pk, mark in marks.items() if mark == REPLACED]
        if not self.non_field_errors():
            fields["planned_commitments"] = [row.as_kept for row in self.commitments]
        return fields

    def problems(self):
        """(id of the control, its label, sentence) for everything refused, in the page's order."""
        found = []
        for name, errors in self.errors.items():
            if name == forms.forms.NON_FIELD_ERRORS:
                found += [("commitments", "承诺事项", error) for error in errors]
            else:
                found += [(f"id_{name}", self.fields[name].label, error) for error in errors]
        return found


def differences(form, reply):
    """{field name: text of the other version} where `reply`, saved by a colleague, differs from what is typed."""
    return {
        name: other or "（空）"
        for name, typed, kept, other in _compared(form, reply)
        if str(typed or "").replace("\r\n", "\n").strip() != str(kept).strip()
    }


def _compared(form, reply):
    """(field name, typed value, kept value, kept value in words) for all that a reply consists of."""
    for number, _, state, answer in form.answers:
        kept = reply.answers[number - 1] if number <= len(reply.answers) else {}
        yield answer.name, answer.value(), kept.get("text", ""), kept.get("text", "")
        chosen = kept.get("state", "")
        yield state.name, state.value(), chosen, dict(PointState.choices).get(chosen, "没有选")
    for name in ("opening", "doc_no", "contact_person", "contact_phone", "no_contact_reason"):
        yield name, form[name].value(), getattr(reply, name), getattr(reply, name)
    rules, chosen = form.case.rules, reply.reply_class
    words = rules.class_text(chosen) if chosen else "没有选"
    yield "reply_class", form["reply_class"].value(), chosen, words
    if "is_oral" in form.fields:
        words = "当面答复" if reply.is_oral else "书面答复"
        yield "is_oral", "1" if form["is_oral"].value() else "", "1" if reply.is_oral else "", words
    words = "主动公开" if reply.is_public else "不予公开"
    yield "is_public", form["is_public"].value() or "1", "1" if reply.is_public else "0", words
    for pk, late in form.late_fields.items():
        kept = reply.late_opinions.get(str(pk), "")
        yield late.name, late.value(), kept, kept
    typed, kept = ([_in_words(row) for row in rows] for rows in (form.commitments, _rows(reply)))
    yield "commitments", "\n".join(typed), "\n".join(kept), "\n".join(kept) or "没有承诺事项"


def _rows(reply):
    return [CommitmentRow(**promise) for promise in reply.planned_commitments]


def _in_words(row):
    return f"{row.what}，{row.promised_on}，{row.owner}"


def saved_words(reply, today):
    """When and by whom the draft was last saved, for the head of the page; empty before the first time."""
    if reply is None or not reply.edited_by:
        return ""
    on = cn_date(reply.edited_at, today)
    day = "" if on == cn_date(today, today) else f"{on} "
    return f"{day}{cn_time(reply.edited_at)} {reply.edited_by}保存"
