"""承诺台账: tabs, filters and order of the ledger, and its rows for the page and for a file."""

from datetime import MAXYEAR, MINYEAR
from itertools import islice

from django import forms
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When

from core.dates import cn_date
from institutions.models import Unit
from proposals.conditions import Conditions, Words, select
from proposals.masking import hide_rows
from proposals.models import LookBack
from proposals.status import CommitmentStatus, Confirmation

from .implementation import DISPUTED, IS_OPEN, LIVE, WAITING_TO_VERIFY, is_due, is_late

SOON_DAYS = 30
CHUNK = 500
FOLLOWED, ALL_YEARS = "", "all"


def tabs_of(today, soon):
    """{code: (label, condition)} of the tabs; `soon` is the last day that counts as near."""
    looking = LookBack.objects.filter(commitment=OuterRef("pk"), closed_on=None)
    return {
        "all": ("全部", Q()),
        "verify": ("待核实", WAITING_TO_VERIFY),
        "late": ("超期", is_late(today)),
        "soon": (
            f"{SOON_DAYS} 天内到期",
            Q(status=CommitmentStatus.OPEN, promised_on__gte=today, promised_on__lte=soon),
        ),
        "moved": ("改过期", Q(moves__gt=0)),
        "disputed": ("代表有异议", DISPUTED),
        "looking": ("回头看", Q(Exists(looking))),
    }


OUTCOMES = [
    ("due", "到期的"),
    ("not_due", "没到期"),
    ("open", "没报完成"),
    *[(s.value, s.label) for s in CommitmentStatus if s != CommitmentStatus.OPEN],
    ("looked_back", "列入过回头看"),
]
CONFIRMATIONS = [
    ("agreed", "已确认"),
    ("disputed", "有异议"),
    (Confirmation.SILENT.value, "未表态"),
    ("none", "还没有确认"),
]


class LedgerFilter(Conditions):
    """The conditions of the ledger: words, unit, year of the reply, outcome, confirmation. Invalid ones are told."""

    words = Words(label="事项、建议编号、代表", max_length=200, method="by_words")
    unit = select("承办单位", "全部承办单位")
    year = Words(label="年度", method="by_year", max_length=9)
    outcome = select("核实结果", "全部核实结果")
    confirmed = select("代表确认", "代表确认：全部")

    class Meta:
        model = None
        fields = []
        form = forms.Form

    def __init__(self, data, queryset, *, today, units, hides_names):
        self.today, self.hides_names = today, hides_names
        super().__init__(data, queryset)
        self.form.fields["unit"].choices = [("", "全部承办单位"), *units]
        self.form.fields["outcome"].choices = [("", "全部核实结果"), *OUTCOMES]
        self.form.fields["confirmed"].choices = [("", "代表确认：全部"), *CONFIRMATIONS]

    def by_words(self, queryset, name, value):
        for word in value.split():
            named = Q(proposal__lead__name__icontains=word)
            if self.hides_names:
                # 隐名: a unit finds nobody by a name that it does not see.
                named &= Q(proposal__hides_proposer=False)
            queryset = queryset.filter(Q(what__icontains=word) | Q(proposal__number__icontains=word) | named)
        return queryset

    def _by_unit(self, queryset, name, value):
        return queryset.filter(unit_id=int(value))

    def by_year(self, queryset, name, value):
        if not value.isdecimal():
            return queryset
        is_year = MINYEAR <= int(value) <= MAXYEAR
        return queryset.filter(reply__issued_on__year=int(value)) if is_year else queryset.none()

    def _by_outcome(self, queryset, name, value):
        conditions = {
            "due": is_due(self.today),
            "not_due": ~is_due(self.today),
            "open": is_late(self.today),
            "looked_back": Q(Exists(LookBack.objects.filter(commitment=OuterRef("pk")))),
        }
        return queryset.filter(conditions.get(value, Q(status=value)))

    def _by_confirmed(self, queryset, name, value):
        conditions = {
            "agreed": Q(confirmed=F("status")),
            "disputed": DISPUTED,
            "none": Q(confirmed=""),
        }
        return queryset.filter(conditions.get(value, Q(confirmed=value)))


def units_in(promises):
    """(key, name) of every unit that promised something, by name; one query."""
    units = Unit.objects.filter(pk__in=promises.order_by().values("unit"))
    return [(str(pk), name) for pk, name in units.order_by("name", "pk").values_list("pk", "name")]


def followed(promises, today):
    """在跟踪和今年到期: what is still followed, and what was due or verified this year."""
    of_this_year = Q(promised_on__year=today.year) | Q(verified_on__year=today.year)
    return promises.filter(LIVE | WAITING_TO_VERIFY | of_this_year)


def counted(promises, tabs):
    """{code: number} of each tab; one query."""
    columns = {
        f"n_{code}": Count("pk", filter=condition) for code, (_, condition) in tabs.items() if condition
    }
    counts = promises.order_by().aggregate(n_all=Count("pk"), **columns)
    return {code: counts[f"n_{code}"] for code in tabs}


def in_order(promises, today):
    """按要办的先后: late, to be verified, open by date, the verified ones last, newest first."""
    rank = Case(
        When(is_late(today), then=Value(0)),
        When(WAITING_TO_VERIFY, then=Value(1)),
        When(IS_OPEN, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return promises.annotate(rank=rank).order_by(
        "rank", F("verified_on").desc(nulls_last=True), "promised_on", "pk"
    )


# --- As a file ------------------------------------------------------------------------------------------

COLUMNS = (
    *("编号", "建议", "领衔代表", "承诺事项", "承办单位", "责任人", "原定日期", "完成日期", "改期次数"),
    *("最近进展", "报告完成", "核实结果", "核实日期", "代表确认", "确认日期"),
)


def _shown(rows, hides_names):
    """The rows one by one, in each piece without the names that are hidden from the reader."""
    found = rows.iterator(chunk_size=CHUNK)
    while piece := list(islice(found, CHUNK)):
        hide_rows([row for row in piece if hides_names and row.proposal.hides_proposer])
        yield from piece


def sheet_rows(promises, hides_names, today):
    """The ledger as rows for a spreadsheet, the heads first. Where the proposer is hidden, no name stands in it."""
    yield COLUMNS
    rows = promises.select_related("proposal__lead", "proposal__delegation", "unit")
    for each in _shown(rows, hides_names):
        is_hidden = hides_names and each.proposal.hides_proposer
        title = "" if is_hidden else each.proposal.title
        yield (
            each.proposal.number,
            title,
            "" if is_hidden else each.proposal.proposer_name,
            each.what,
            each.unit.name,
            each.owner,
            each.original_on.isoformat(),
            each.promised_on.isoformat(),
            each.moves,
            f"{cn_date(each.progress_on, today)}：{each.progress}" if each.progress else "",
            each.done_on.isoformat() if each.done_on else "",
            each.status_text,
            each.verified_on.isoformat() if each.verified_on else "",
            each.get_confirmed_display() if each.confirmed else "",
            each.confirmed_on.isoformat() if each.confirmed_on else "",
        )
