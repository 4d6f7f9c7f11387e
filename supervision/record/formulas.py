"""Which formula (评分办法) is in force for a year, how it is kept, and the Items of its JSON.

Data, not code: a congress without a formula of its own uses the example; a year without one, that of the year
before it. Every change is a new version with who, when and why. Once a year's 评议 is released its formula stands.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from institutions.models import Congress

from ..models import FormulaMode, Review, ScoreFormula
from .figures import FIGURES
from .presets import EXAMPLE
from .scoring import Item, Level, ranked, score

HOWS = {
    "ratio": "按比例计分",
    "levels": "分档计分",
    "deduct": "逐件扣分",
    "given": "固定分",
    "grade": "定等次",
}
NUMBERS = ("factor", "points", "each", "cap", "good_at", "pass_at")
TEXTS = ("name", "how", "top", "also", "bottom", "fault")


class Stale(Exception):
    """Somebody else changed the formula meanwhile; `latest` is what stands now."""

    def __init__(self, latest):
        super().__init__("stale")
        self.latest = latest


class Frozen(Exception):
    """The year's 评议 is released: its formula stands."""


@dataclass(frozen=True)
class InForce:
    """The formula that a year is scored by; the row of the built-in example was never saved."""

    row: ScoreFormula

    @property
    def items(self):
        return items_of(self.row.items)

    @property
    def grades(self):
        return self.row.mode == FormulaMode.GRADES

    @property
    def is_builtin(self):
        return self.row.pk is None

    def score(self, counts):
        """The Score of a unit with these counts."""
        return score(
            self.items,
            counts,
            grades=self.grades,
            min_ratings=self.row.min_ratings,
            is_rating=lambda code: code in FIGURES and FIGURES[code].is_rating,
        )

    def places(self, scores, all_counts):
        """{unit: rank} among those with enough cases and a complete score; grades are not ranked."""
        if self.grades:
            return {}
        totals = {
            unit: result.total
            for unit, result in scores.items()
            if self.why_unranked(result, all_counts[unit]) == "" and result.total is not None
        }
        return ranked(totals)

    def why_unranked(self, result, counts):
        """Why a unit takes no part in the ranking, in words; empty where it does."""
        if cases_of(counts) < self.row.min_cases:
            return f"不足 {self.row.min_cases} 件，不排名"
        if result.lacks_ratings and self.row.ranks_complete_only:
            return "测评件数不够，暂不排名"
        return "没有计分，不排名" if result.total is None and not self.grades else ""


def cases_of(counts):
    """How much a unit handles: its own replies and the co-opinions."""
    return counts["lead"] + counts["co"]


def items_of(rows):
    """The Items of a formula's JSON."""
    return [_item(row) for row in rows]


def _item(row):
    numbers = {name: Decimal(str(row[name])) for name in NUMBERS if row.get(name) not in (None, "")}
    texts = {name: row.get(name, "") for name in TEXTS}
    levels = tuple(Level(Decimal(at), Decimal(points)) for at, points in row.get("levels", ()))
    fails = {"fault_fails": bool(row["fault_fails"])} if "fault_fails" in row else {}
    return Item(**texts, **numbers, levels=levels, **fails)


def from_preset(preset, congress, year):
    """An unsaved ScoreFormula of a preset."""
    return ScoreFormula(
        congress=congress,
        year=year,
        version=0,
        title=preset.name,
        source=preset.source,
        mode=preset.mode,
        items=[dict(item) for item in preset.items],
    )


def in_force(congress, year):
    """The formula that `year` is scored by: its newest version, else the nearest earlier year's, else the example.

    One query.
    """
    rows = ScoreFormula.objects.filter(congress=congress, year__lte=year)
    return InForce(rows.order_by("-year", "-version").first() or from_preset(EXAMPLE, congress, year))


def is_frozen(congress, year):
    """Whether the year's 评议 was released, so that its formula is not changed any more."""
    return Review.objects.filter(congress=congress, year=year, released_on__isnull=False).exists()


def keep(formula, *, seen, actor, request_id):
    """Add the next version of a year's formula and return the row.

    `seen` is the primary key of the row that the editor started from (None for the example). The same request
    twice gives the same row. Raises Stale and Frozen.
    """
    if found := ScoreFormula.objects.filter(request_id=request_id).first():
        return found
    try:
        with transaction.atomic():
            _hold(formula.congress_id)
            if is_frozen(formula.congress, formula.year):
                raise Frozen
            latest = in_force(formula.congress, formula.year).row
            if latest.pk != seen:
                raise Stale(latest)
            formula.version = latest.version + 1 if latest.year == formula.year else 1
            formula.made_by, formula.made_at = str(actor), timezone.now()
            formula.request_id = request_id
            formula.save(force_insert=True)
    except IntegrityError:
        # Two at once: whoever came second is shown what the first one kept.
        if found := ScoreFormula.objects.filter(request_id=request_id).first():
            return found
        raise Stale(in_force(formula.congress, formula.year).row) from None
    return formula


def _hold(congress_id):
    """One change or release at a time in a congress, so that nothing is kept beside a release."""
    Congress.objects.select_for_update().get(pk=congress_id)


def pin(congress, year, actor):
    """Give a year that is being judged a formula of its own, so that no later change reaches it. Call it inside the
    transaction that releases the 评议; returns the row."""
    _hold(congress.pk)
    row = in_force(congress, year).row
    if row.pk and row.year == year:
        return row
    row.pk, row.year, row.version = None, year, 1
    row._state.adding = True
    row.reason, row.made_by, row.made_at = "随年度评议固定", str(actor), timezone.now()
    row.request_id = ScoreFormula._meta.get_field("request_id").default()
    row.save(force_insert=True)
    return row


def faults(mode, rows):
    """What is wrong with a formula's lines as a whole: sentences, none where it can be used."""
    found = []
    if not rows:
        return ["至少要有一个项目。"]
    names = [row["name"] for row in rows]
    found += [f"“{name}”写了两次，请合并或改名。" for name in dict.fromkeys(names) if names.count(name) > 1]
    for row in rows:
        unknown = [row.get(key) for key in ("top", "also", "bottom", "fault")]
        found += [
            f"“{row['name']}”用到的指标“{code}”系统里没有。"
            for code in unknown
            if code and code not in FIGURES
        ]
    if mode == FormulaMode.GRADES:
        found += [
            f"“{row['name']}”要选“定等次”：按等次的办法不计分。" for row in rows if row["how"] != "grade"
        ]
        return found
    found += [
        f"“{row['name']}”不能选“定等次”：按项目计分的办法只计分。" for row in rows if row["how"] == "grade"
    ]
    full = sum((_item(row).full for row in rows if row["how"] != "grade"), Decimal(0))
    if not found and full != 100:
        found.append(f"各项满分合计要等于 100，现在是 {full:f}。扣分不算在内。")
    return found
