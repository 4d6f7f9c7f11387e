"""The arithmetic of a formula (评分办法): counts in, lines and a total out. Pure: no database, no Django.

Points are rounded half up to a tenth, line by line, and the total adds what is printed, so that anybody can check
the sheet by hand. A line that has nothing to count, or too few ratings, is left out, and the rest scaled to 100.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
GOOD, PASS, FAIL = "良好", "合格", "不合格"


@dataclass(frozen=True)
class Level:
    """分档: from this share (%) up the line gets so many points."""

    at: Decimal
    points: Decimal


@dataclass(frozen=True)
class Item:
    """One line of a formula. Which fields count depends on `how`:

    ratio: (top + also × factor) ÷ bottom × points.   levels: the first level that top ÷ bottom × 100 reaches.
    deduct: each × top taken off, at most cap (0: no cap).   given: points whatever is counted.
    grade: 良好 from good_at % and 合格 from pass_at %, 不合格 below; `fault` above 0 bars 良好 where it is
    only tolerated, and is 不合格 where `fault_fails`.
    """

    name: str
    how: str
    top: str = ""
    also: str = ""
    factor: Decimal = Decimal(0)
    bottom: str = ""
    points: Decimal = Decimal(0)
    each: Decimal = Decimal(0)
    cap: Decimal = Decimal(0)
    levels: tuple = ()
    good_at: Decimal = Decimal(100)
    pass_at: Decimal = Decimal(0)
    fault: str = ""
    fault_fails: bool = True

    @property
    def full(self):
        """The most that the line can add."""
        if self.how == "levels":
            return max((level.points for level in self.levels), default=Decimal(0))
        return self.points if self.how in ("ratio", "given") else Decimal(0)


@dataclass
class Line:
    """One line of a score: the item, what was put in, and what came out; `left_out` says why it does not count."""

    item: Item
    top: int = 0
    also: int = 0
    bottom: int = 0
    worked: str = ""
    points: Decimal | None = None
    grade: str = ""
    left_out: str = ""


@dataclass
class Score:
    """The result: lines, the sum of their points out of `full`, and that scaled to 100 (None where nothing counts).

    `grade` instead of points where the formula grades; `lacks_ratings` where a line waits for more ratings.
    """

    lines: list = field(default_factory=list)
    subtotal: Decimal = Decimal(0)
    full: Decimal = Decimal(0)
    total: Decimal | None = None
    grade: str = ""
    lacks_ratings: bool = False

    @property
    def left_out_names(self):
        return [line.item.name for line in self.lines if line.left_out and line.item.how != "deduct"]


def tenth(number):
    """Rounded half up to one place, as people do it by hand (never the banker's way)."""
    return Decimal(number).quantize(TENTH, rounding=ROUND_HALF_UP)


def plain(number):
    """A number without needless zeros: 10, 0.6."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def score(items, counts, *, grades=False, min_ratings=10, is_rating=lambda code: False):
    """The Score of a unit. `counts`: {figure: number}; `is_rating(code)`: whether a figure counts ratings."""
    result = Score()
    for item in items:
        line = _line(item, counts)
        too_few = line.bottom < min_ratings and any(map(is_rating, (item.top, item.bottom, item.fault)))
        if item.how not in ("deduct", "given") and too_few:
            line.points, line.grade, line.worked = None, "", ""
            line.left_out = f"测评不足 {min_ratings} 件，暂不计分"
            result.lacks_ratings = True
        result.lines.append(line)
    if grades:
        result.grade = _overall([line.grade for line in result.lines if not line.left_out])
        return result
    counted = [line for line in result.lines if not line.left_out]
    result.full = sum((line.item.full for line in counted), Decimal(0))
    result.subtotal = sum((line.points for line in counted), Decimal(0))
    if result.full:
        result.total = tenth(max(result.subtotal, Decimal(0)) / result.full * 100)
    return result


def _line(item, counts):
    """What one item comes to."""
    line = Line(item, counts.get(item.top, 0), counts.get(item.also, 0), counts.get(item.bottom, 0))
    if item.how == "given":
        line.points, line.worked = tenth(item.points), plain(item.points)
    elif item.how == "deduct":
        _deduct(line)
    elif not line.bottom:
        line.left_out = "没有可计的件，不计分"
    else:
        {"ratio": _ratio, "levels": _levels, "grade": _grade}[item.how](line, counts)
    return line


def _deduct(line):
    item = line.item
    taken, line.worked = item.each * line.top, f"{line.top} × {plain(item.each)}"
    if item.cap and taken > item.cap:
        taken, line.worked = item.cap, f"{line.worked}，扣满 {plain(item.cap)}"
    line.points = tenth(-taken) if taken else tenth(0)


def _share(line):
    """top (+ also × factor) ÷ bottom, never above 1."""
    return min((line.top + line.also * line.item.factor) / Decimal(line.bottom), Decimal(1))


def _ratio(line, counts):
    item = line.item
    top = f"（{line.top} + {line.also} × {plain(item.factor)}）" if item.also else str(line.top)
    line.worked = f"{top} ÷ {line.bottom} × {plain(item.points)}"
    line.points = tenth(_share(line) * item.points)


def _levels(line, counts):
    share = _share(line) * 100
    reached = [level for level in line.item.levels if share >= level.at]
    best = max(reached, key=lambda level: level.at, default=None)
    line.worked = f"{line.top} ÷ {line.bottom}" + (
        f"，达到 {plain(best.at)}%" if best else "，没有达到任何一档"
    )
    line.points = tenth(best.points if best else 0)


def _grade(line, counts):
    item, share = line.item, _share(line) * 100
    faults = counts.get(item.fault, 0) if item.fault else 0
    line.worked = f"{line.top} ÷ {line.bottom}" + (f"，另有 {faults} 件" if faults else "")
    if faults and item.fault_fails:
        line.grade = FAIL
    elif share >= item.good_at and not faults:
        line.grade = GOOD
    else:
        line.grade = PASS if share >= item.pass_at else FAIL


def _overall(grades):
    """One 不合格 makes the whole 不合格; 良好 only where all are."""
    if not grades:
        return ""
    if FAIL in grades:
        return FAIL
    return GOOD if all(grade == GOOD for grade in grades) else PASS


def ranked(totals):
    """{unit: place} of the given {unit: total}: the highest first, equal totals share a place (1, 1, 3)."""
    in_order = sorted(totals.values(), reverse=True)
    return {unit: in_order.index(total) + 1 for unit, total in totals.items()}
