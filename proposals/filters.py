"""Filters of the registry (建议总表), and what of them the judged side must not use to find things out.

A unit must learn neither a rating nor `disputed` nor a hidden name by filtering: conditions on those are
narrowed to the proposals it sees openly (access.seen_openly) or, for ratings, to its own released ones.
"""

from django import forms
from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q

from deputies.models import Delegation, Deputy, Session
from institutions.models import Unit

from . import key_items
from .conditions import Conditions, Words, day, select
from .lights import GREEN, ORANGE, RED, YELLOW, light_range
from .masking import named_in_text
from .models import Assignment, Category, Proposal
from .quiet import quiet_by
from .search import is_found, search
from .status import (
    BEING_RATED,
    HIDDEN_FROM_UNITS,
    AssignmentRole,
    AssignmentStatus,
    ProposalStatus,
    ReplyClass,
    Satisfaction,
    Source,
)

CHOICES_SECONDS = 300
BEING_RATED_CODE = "being_rated"
SILENT = "silent"
RATED = [*Satisfaction.choices, (SILENT, "未表态")]
ROLES = AssignmentRole.choices
# 多次退回 is between the units and the office, so only the congress filters by it.
# 没有动静 is for those who push, and for the unit itself.
QUIET = "quiet"
MARKS = [("returned", "多次退回"), (QUIET, "▲ 没有动静"), ("merged", "并案"), ("published", "已公开")]
MARKED = {
    "returned": Q(returns_asked__gt=1),
    "merged": Q(merge_group__isnull=False),
    "published": Q(published_on__isnull=False),
}
LISTED = [choice for choice in ProposalStatus.choices if choice[0] != ProposalStatus.DRAFT]


# --- Choices ------------------------------------------------------------------------------------------


def choices_of(congress_ids):
    """Sessions, delegations, categories and units to choose from, cached per congress for five minutes."""
    found = {"session": [], "delegation": [], "category": [], "unit": []}
    for congress_id in congress_ids:
        key = f"filter-choices:{congress_id}"
        mine = cache.get(key)
        if mine is None:
            mine = {
                name: [(str(pk), label) for pk, label in rows.values_list("pk", "name")]
                for name, rows in (
                    ("session", Session.objects.filter(congress_id=congress_id)),
                    ("delegation", Delegation.objects.filter(congress_id=congress_id)),
                    ("category", Category.objects.filter(congress_id=congress_id)),
                    ("unit", Unit.objects.filter(congress_id=congress_id)),
                )
            }
            cache.set(key, mine, CHOICES_SECONDS)
        for name, rows in mine.items():
            found[name] += rows
    return found


def light_choices(rules):
    """Lights as ranges of days left."""
    orange, yellow = rules.orange_days, rules.yellow_days
    return [
        (RED, "■ 已超期"),
        (ORANGE, f"◆ {orange} 天内到期"),
        (YELLOW, f"▲ {orange + 1}—{yellow} 天到期"),
        (GREEN, f"● {yellow} 天以后到期"),
    ]


def _marks(reader):
    """多次退回 for the congress; 没有动静 for it and for units."""
    hidden = set() if reader.is_congress else {"returned"} | (set() if reader.unit_ids else {QUIET})
    return [mark for mark in MARKS if mark[0] not in hidden]


# --- The filter set -----------------------------------------------------------------------------------


class RegistryForm(forms.Form):
    """The form behind the filters: refuses ranges that end before they begin."""

    def clean(self):
        cleaned = super().clean()
        for name in DAYS:
            first, last = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if first and last and first > last:
                self.add_error(f"{name}_to", "结束日期早于开始日期。")
        return cleaned


DAYS = {"submitted": "提交", "filed": "立案", "due": "到期", "replied": "答复"}


class RegistryFilter(Conditions):
    """Every condition of the registry. Build it with `reader`; what is invalid is told and left out."""

    words = Words(label="关键词", max_length=200, method="by_words")
    status = select("状态", "全部状态")
    session = select("会议", "全部会议")
    source = select("来源", "全部来源")
    category = select("类别", "全部类别")
    delegation = select("代表团", "全部代表团")
    deputy = Words(label="领衔代表", max_length=60, method="by_deputy")
    unit = select("承办单位", "全部承办单位")
    role = select("承办性质")
    light = select("期限", "全部期限")
    reply_class = select("答复类别")
    result = select("办理结果评价")
    attitude = select("办理态度评价")
    key = select("重点督办")
    mark = select("标记")
    submitted_from = day("提交日期从")
    submitted_to = day("提交日期到")
    filed_from = day("立案日期从")
    filed_to = day("立案日期到")
    due_from = day("到期日从")
    due_to = day("到期日到")
    replied_from = day("答复日期从")
    replied_to = day("答复日期到")

    class Meta:
        model = Proposal
        fields = []
        form = RegistryForm

    def __init__(self, data=None, queryset=None, *, reader):
        self.reader = reader
        super().__init__(data, queryset)
        offered = choices_of(reader.congress_ids) | {
            "status": self._statuses(),
            "source": Source.choices,
            "role": ROLES,
            "light": light_choices(reader.rules),
            "reply_class": [(code, self._class_label(code)) for code in ReplyClass.values],
            "result": RATED,
            "attitude": RATED[:-1],
            "mark": _marks(reader),
            "key": key_items.choices_for(reader, (data or {}).get("key", "")),
        }
        for name, choices in offered.items():
            self.filters[name].extra["choices"] = choices
            self.filters[name].extra["error_messages"] = {"invalid_choice": "没有这个选项，已忽略。"}
        if reader.is_judged and not reader.unit_ids and reader.openly is None:
            # A government leader is told no ratings at all.
            del self.filters["result"], self.filters["attitude"]
        if not reader.rules.switch("two_dimensions"):
            self.filters.pop("attitude", None)
        if not offered["key"]:
            del self.filters["key"]

    def _statuses(self):
        if not self.reader.is_judged:
            return LISTED
        being_rated = [(BEING_RATED_CODE, BEING_RATED)]
        if self.reader.openly is not None:
            return LISTED + being_rated
        return [choice for choice in LISTED if choice[0] not in HIDDEN_FROM_UNITS] + being_rated

    def _class_label(self, code):
        rules = self.reader.rules
        return rules.class_text(code)

    # --- Methods: (queryset, name, value) to queryset -------------------------------------------------

    def by_words(self, queryset, name, value):
        """A hidden proposer (隐名) whose name stands in the text is not found by it: only what is shown is found."""
        found = search(queryset, value)
        reader = self.reader
        if not reader.is_judged or not value.strip():
            return found
        masked = found if reader.openly is None else found.exclude(reader.openly)
        by_name = [shown.pk for shown in named_in_text(masked) if not is_found(shown, value)]
        return found.exclude(pk__in=by_name) if by_name else found

    def by_deputy(self, queryset, name, value):
        deputies = Deputy.objects.filter(congress_id__in=self.reader.congress_ids, name__icontains=value)
        found = self._name_is_shown(queryset)
        return found.filter(lead__in=deputies.values("pk"))

    def _name_is_shown(self, queryset):
        """Leave out the proposals whose proposer is hidden from this person (隐名)."""
        if not self.reader.is_judged:
            return queryset
        shown = Q(hides_proposer=False)
        return queryset.filter(shown if self.reader.openly is None else shown | self.reader.openly)

    def _by_key(self, queryset, name, value):
        return key_items.narrow(queryset, self.reader, value)

    def _by_mark(self, queryset, name, value):
        if value == QUIET:
            return queryset.filter(self._quiet())
        return queryset.filter(MARKED[value])

    def _quiet(self):
        """Whether a unit is silent: any for the congress, else the reader's own and those below their hub."""
        reader = self.reader
        silent = quiet_by(reader.rules, reader.today).places().filter(proposal=OuterRef("pk"))
        if reader.is_judged:
            own = reader.open_own_places().filter(pk__in=silent.values("pk"))
            return Exists(own) if reader.openly is None else Exists(own) | (reader.openly & Exists(silent))
        return Exists(silent)

    def _by_delegation(self, queryset, name, value):
        return self._name_is_shown(queryset).filter(delegation=value)

    def _by_status(self, queryset, name, value):
        if value == BEING_RATED_CODE:
            return queryset.filter(status__in=HIDDEN_FROM_UNITS)
        if value in HIDDEN_FROM_UNITS:
            queryset = self.reader.only_openly(queryset)
        return queryset.filter(status=value)

    def _by_unit(self, queryset, name, value):
        places = Assignment.objects.filter(proposal=OuterRef("pk"), unit=value)
        if role := self.form.cleaned_data.get("role"):
            places = places.filter(role=role)
        return queryset.filter(Exists(places.exclude(status=AssignmentStatus.RELEASED)))

    def _by_role(self, queryset, name, value):
        if self.form.cleaned_data.get("unit"):
            return queryset  # asked together with the unit
        reader = self.reader
        every = Assignment.objects.filter(proposal=OuterRef("pk"))
        places = reader.own_places() if reader.is_judged and reader.openly is None else every
        return queryset.filter(Exists(places.filter(role=value).exclude(status=AssignmentStatus.RELEASED)))

    def _by_light(self, queryset, name, value):
        return self._due_between(queryset, *light_range(value, self.reader.today, self.reader.rules))

    def _by_reply_class(self, queryset, name, value):
        places = Assignment.objects.filter(
            proposal=OuterRef("pk"), reply__reply_class=value, reply__issued_at__isnull=False
        )
        return queryset.filter(Exists(places))

    def _by_result(self, queryset, name, value):
        if value == SILENT:
            return self._by_rating(queryset, Q(reply__silent_on__isnull=False))
        return self._by_rating(queryset, Q(reply__rating__result=value))

    def _by_attitude(self, queryset, name, value):
        return self._by_rating(queryset, Q(reply__rating__attitude=value))

    def _by_rating(self, queryset, rated):
        """Rows with such a rating; a unit finds only its own that were released to it (§5)."""
        reader = self.reader
        every = Exists(Assignment.objects.filter(rated, proposal=OuterRef("pk")))
        if not reader.is_judged:
            # What a deputy sees as published shows no rating, so none is found by it either.
            return queryset.filter(reader.openly, every) if reader.is_deputy else queryset.filter(every)
        released = Q(proposal__status__in=(ProposalStatus.CLOSED, ProposalStatus.COORDINATION)) | Q(
            round__lt=F("proposal__round")
        )
        own = Exists(
            Assignment.objects.filter(
                rated & released, proposal=OuterRef("pk"), unit_id__in=self.reader.unit_ids
            )
        )
        return queryset.filter(own if reader.openly is None else own | (reader.openly & every))

    def by_day(self, queryset, name, value):
        column, side = name.rsplit("_", 1)
        if column == "due":
            return self._due_between(queryset, *((value, None) if side == "from" else (None, value)))
        return queryset.filter(**{f"{column}_on__{'gte' if side == 'from' else 'lte'}": value})

    def _due_between(self, queryset, first, last):
        span = Q()
        if first:
            span &= Q(due_on__gte=first)
        if last:
            span &= Q(due_on__lte=last)
        reader = self.reader
        if not reader.is_judged:
            return queryset.filter(span)
        own = Exists(reader.open_own_places().filter(span))
        return queryset.filter(
            own if reader.openly is None else (reader.openly & span) | (~reader.openly & own)
        )
