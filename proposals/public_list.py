"""The public list: what may be chosen, searching by words, and the order. Counts are of published ones alone."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, OuterRef, Sum

from core.privacy import without_numbers

from .conditions import Conditions, Words, select
from .models import Assignment, Proposal
from .search import INVISIBLE, search
from .status import AssignmentRole, AssignmentStatus, ReplyClass

# The first is the default.
SORTS = {"published": "最近公开", "number": "按编号"}
MAX_WORDS = 100
KEPT_SECONDS = 60
# A year may be searched for, a longer number only as a 编号: what the pages take out must not be found either.
LONG_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}")


@dataclass
class Facets:
    """What the published proposals of a congress fall into."""

    # Equal for the same set of published proposals: what is kept by it never counts one that was taken back.
    mark: str = ""
    total: int = 0
    newest: date | None = None
    # (year, number), (key, name, number), (key, name)
    years: list = field(default_factory=list)
    categories: list = field(default_factory=list)
    units: list = field(default_factory=list)

    @classmethod
    def of(cls, published, congress):
        """Count the published proposals of a congress; one query, two more where the set is not known yet."""
        found = published.order_by().aggregate(n=Count("pk"), keys=Sum("pk"), newest=Max("published_on"))
        mark = f"public:{congress.pk}:{found['n']}:{found['keys']}:{found['newest']}"
        facets = cache.get(mark)
        if facets is None:
            facets = cls(mark, found["n"], found["newest"])
            facets._count(published)
            cache.set(mark, facets, KEPT_SECONDS)
        return facets

    def _count(self, published):
        kind = ("category__order", "category", "category__name")
        rows = published.order_by().values_list("filed_on__year", *kind).annotate(n=Count("pk"))
        years, categories = Counter(), Counter()
        for year, order, category, name, number in rows:
            if year:
                years[year] += number
            if category:
                categories[order, category, name] += number
        self.years = sorted(years.items(), reverse=True)
        self.categories = [(pk, name, categories[order, pk, name]) for order, pk, name in sorted(categories)]
        answering = _answering(proposal__in=published.order_by().values("pk")).order_by("unit").distinct()
        self.units = list(answering.values_list("unit", "unit__name"))


def _answering(**conditions):
    """Places whose reply a public page shows."""
    places = Assignment.objects.filter(
        status=AssignmentStatus.ANSWERED, round=F("proposal__round"), **conditions
    )
    return places.exclude(role=AssignmentRole.CO)


class PublicFilter(Conditions):
    """The conditions of the public list. What is invalid is told and left out."""

    words = Words(label="关键词", max_length=MAX_WORDS, method="by_words")
    year = select("年份", "全部年份")
    category = select("内容", "全部内容")
    unit = select("承办单位", "全部单位")
    reply_class = select("答复类别", "全部类别")

    class Meta:
        model = Proposal
        fields = []

    def __init__(self, data, published, *, facets, rules):
        super().__init__(data, published)
        offered = {
            "year": [(str(year), f"{year} 年（{number}）") for year, number in facets.years],
            "category": [(str(pk), f"{name}（{number}）") for pk, name, number in facets.categories],
            "unit": [(str(pk), name) for pk, name in facets.units],
            "reply_class": [(code, rules.class_text(code)) for code in ReplyClass.values],
        }
        for name, choices in offered.items():
            self.filters[name].extra["choices"] = choices
            self.filters[name].extra["error_messages"] = {"invalid_choice": "没有这个选项，已忽略。"}

    def by_words(self, queryset, name, value):
        plain = []
        for word in INVISIBLE.sub("", unicodedata.normalize("NFKC", value)).split():
            if LONG_NUMBER.search(word) or without_numbers(word) != word:
                queryset = queryset.filter(number__icontains=word)
            else:
                plain.append(word)
        # Words would find a hidden proposer (隐名) whose name stands in the text.
        return search(queryset.filter(hides_proposer=False), " ".join(plain)) if plain else queryset

    def _by_year(self, queryset, name, value):
        return queryset.filter(filed_on__year=value)

    def _by_unit(self, queryset, name, value):
        return queryset.filter(Exists(_answering(proposal=OuterRef("pk"), unit=value)))

    def _by_reply_class(self, queryset, name, value):
        told = _answering(proposal=OuterRef("pk"), reply__reply_class=value, reply__is_public=True)
        return queryset.filter(Exists(told))


def ordered(queryset, sort):
    """The queryset in the order of SORTS; the primary key decides between equals."""
    if sort == "number":
        return queryset.order_by("number", "pk")
    return queryset.order_by("-published_on", "-pk")
