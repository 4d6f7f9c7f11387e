"""The guided form in which a deputy writes (提建议): title, 情况, 分析, numbered 具体建议, and what goes with them.

Nothing is required while it is a draft; what still blocks submission is the workflow's to say.
"""

from datetime import timedelta

from django import forms
from django.core.cache import cache
from django.utils import timezone

from deputies.models import Session
from institutions.models import Unit

from .attachments import AttachmentsField
from .forms import CONTROL, PlainText
from .models import Category
from .status import Source

TITLE_ADVISED = 40
TEXT_MAX, POINT_MAX, POINTS_MAX = 5000, 1000, 20
# From how long before a session opens to how long after it closes a proposal may be handed in as 大会件.
SESSION_BEFORE, SESSION_AFTER = timedelta(days=30), timedelta(days=7)
OWN_SOURCES = (Source.RECESS, Source.STATION, Source.INSPECTION)
CHOICES_SECONDS = 60


class WriteForm(forms.Form):
    """Cleans to the fields of drafts.save_draft. A field with an error keeps what was typed and is not saved."""

    title = PlainText(
        label="标题",
        required=False,
        max_length=100,
        widget=forms.Textarea(attrs={"rows": 1, "data-one-line": ""}),
    )
    situation = PlainText(label="情况", required=False, max_length=TEXT_MAX, rows=5)
    analysis = PlainText(label="分析", required=False, max_length=TEXT_MAX, rows=4)
    category = forms.ChoiceField(label="类别", required=False)
    suggested_units = PlainText(
        label="建议承办单位",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    source = forms.ChoiceField(label="在哪里提的", choices=Source, widget=forms.RadioSelect, required=False)
    session = forms.ChoiceField(label="会议", required=False)
    open_wanted = forms.ChoiceField(
        label="是否同意公开",
        choices=[("1", "同意公开"), ("0", "不公开")],
        widget=forms.RadioSelect,
        required=False,
    )
    hides_proposer = forms.BooleanField(
        label="对承办单位保密我的身份",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    files = AttachmentsField(label="附件")
    scans = AttachmentsField(label="签名的纸质建议扫描件（提交前附上）")

    def __init__(self, proposal, data=None, files=None):
        self.proposal = proposal
        self.choices = choices_of(proposal.congress_id)
        initial = {
            name: getattr(proposal, name)
            for name in ("title", "situation", "analysis", "suggested_units", "source", "hides_proposer")
        }
        initial |= {
            "category": proposal.category_id or "",
            "session": proposal.session_id or "",
            "open_wanted": "1" if proposal.open_wanted else "0",
        }
        super().__init__(data, files, initial=initial)
        if not proposal.is_written_by_staff:
            del self.fields["scans"]
        self.fields["category"].choices = [("", "还没有选")] + [
            (category.pk, category.name) for category in self._categories()
        ]
        self.sessions = self._sessions()
        self.fields["session"].choices = [(session.pk, session.name) for session in self.sessions]
        sources = [*([Source.SESSION] if self.sessions else []), *OWN_SOURCES]
        if proposal.source not in sources:
            sources.append(Source(proposal.source))
        self.fields["source"].choices = [(source.value, source.label) for source in sources]
        self.points = clean_points(data.getlist("point")) if data is not None else list(proposal.points)
        self.point_errors = {}

    def _categories(self):
        """Those in use, and the one it has already."""
        found = self.choices["categories"]
        mine = self.proposal.category
        return found if mine is None or mine in found else [*found, mine]

    def _sessions(self):
        """Sessions near or under way, and the one it has already."""
        today = timezone.localdate()
        near = [
            session
            for session in self.choices["sessions"]
            if session.opens_on - SESSION_BEFORE <= today <= session.closes_on + SESSION_AFTER
        ]
        mine = self.proposal.session
        return near if mine is None or mine in near else [mine, *near]

    @property
    def title_excess(self):
        """By how many characters the title as typed is longer than advised; 0 or less where it is not."""
        return len(self["title"].value() or "") - TITLE_ADVISED

    @property
    def title_advised(self):
        return TITLE_ADVISED

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_category(self):
        return self._chosen(self._categories(), "category")

    def clean_session(self):
        return self._chosen(self.sessions, "session")

    def _chosen(self, rows, name):
        return next((row for row in rows if str(row.pk) == self.cleaned_data[name]), None)

    def clean_open_wanted(self):
        value = self.cleaned_data["open_wanted"]
        return value == "1" if value else self.proposal.open_wanted

    def clean_source(self):
        return self.cleaned_data["source"] or self.proposal.source

    def clean(self):
        cleaned = super().clean()
        # A 大会件 belongs to a session; the only one near need not be chosen.
        if cleaned.get("source") == Source.SESSION:
            cleaned["session"] = cleaned.get("session") or (self.sessions[0] if self.sessions else None)
        elif "source" in cleaned:
            cleaned["session"] = None
        for number, point in enumerate(self.points, start=1):
            if len(point) > POINT_MAX:
                self.point_errors[number] = (
                    f"第 {number} 条最多 {POINT_MAX} 字，您写了 {len(point)} 字，请删减或分成两条。"
                )
        if len([point for point in self.points if point.strip()]) > POINTS_MAX:
            self.point_errors[len(self.points)] = (
                f"具体建议最多 {POINTS_MAX} 条，您写了 {len(self.points)} 条，请合并，或分成两件建议。"
            )
        if not self.point_errors:
            cleaned["points"] = [point.strip() for point in self.points if point.strip()]
        return cleaned

    def is_valid(self):
        return super().is_valid() and not self.point_errors

    def rearrange(self, what, number):
        """Move or delete a point, before validation: what is up, down or del, number counts from 1."""
        index, points = number - 1, self.points
        if what == "del" and 0 <= index < len(points):
            del points[index]
        other = index + {"up": -1, "down": 1}.get(what, 0)
        if what in ("up", "down") and 0 <= index < len(points) and 0 <= other < len(points):
            points[index], points[other] = points[other], points[index]

    @property
    def error_count(self):
        """How many fields and points have to be changed."""
        return len(self.errors) + len(self.point_errors)

    def savable(self):
        """The fields without an error, as drafts.save_draft takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("files", "scans")}


def clean_points(points):
    """Points as posted, without control characters, line ends as \\n."""
    return [CONTROL.sub("", point.replace("\r\n", "\n").replace("\r", "\n")) for point in points]


def choices_of(congress_id):
    """Categories, sessions and unit names of a congress; up to a minute old."""
    key = f"writing-choices:{congress_id}"
    found = cache.get(key)
    if found is None:
        of_congress = {"congress_id": congress_id}
        units = Unit.objects.in_use().filter(**of_congress, is_hub=False).order_by("pk")
        found = {
            "categories": list(Category.objects.filter(**of_congress, is_active=True)),
            "sessions": list(Session.objects.filter(**of_congress).order_by("-opens_on")[:10]),
            "units": list(units.values_list("name", flat=True)),
        }
        cache.set(key, found, CHOICES_SECONDS)
    return found
