"""The arithmetic of formulas: by hand, at the edges, and what a preset says."""

import random
from decimal import Decimal

import pytest

from supervision.models import FormulaMode
from supervision.record.figures import FIGURES
from supervision.record.formulas import faults, items_of
from supervision.record.presets import EXAMPLE, FENGYANG, HAINAN, PRESETS, QINGDAO, SHENZHEN
from supervision.record.scoring import Item, Level, ranked, score, tenth


def is_rating(code):
    return code in FIGURES and FIGURES[code].is_rating


def of(preset, counts, **options):
    grades = preset.mode == FormulaMode.GRADES
    return score(items_of(preset.items), counts, grades=grades, is_rating=is_rating, **options)


# The numbers of the design's picture (市民政局): 30/31, 18/19, 9/9, 9/10, 4/5, six ratings, one recall.
PICTURE = {
    "sign_on_time": 30,
    "sign_due": 31,
    "contacted": 18,
    "lead": 19,
    "reply_on_time": 9,
    "reply_due": 9,
    "opinion_on_time": 9,
    "opinion_due": 10,
    "promise_kept": 4,
    "promise_due": 5,
    "first_result_satisfied": 5,
    "first_rated": 6,
    "recalled": 1,
}


def test_the_example_by_hand():
    result = of(EXAMPLE, PICTURE)
    points = [line.points for line in result.lines]
    assert points == [*map(Decimal, ("9.7", "14.2", "25.0", "9.0", "16.0")), None, Decimal("-1.0")]
    assert (result.subtotal, result.full, result.total) == (Decimal("72.9"), Decimal(80), Decimal("91.1"))
    assert result.lines[0].worked == "30 ÷ 31 × 10"
    assert result.lines[5].left_out == "测评不足 10 件，暂不计分"
    assert result.lacks_ratings
    assert result.left_out_names == ["首轮结果满意"]


def test_with_enough_ratings_the_line_counts():
    result = of(
        EXAMPLE, PICTURE | {"first_rated": 10, "first_result_satisfied": 7, "first_result_basically": 2}
    )
    line = result.lines[5]
    assert line.worked == "（7 + 2 × 0.6） ÷ 10 × 20"
    assert line.points == Decimal("16.4")
    assert (result.full, result.total) == (Decimal(100), Decimal("89.3"))
    assert not result.lacks_ratings


@pytest.mark.parametrize(
    ("number", "wanted"),
    [("0.05", "0.1"), ("0.25", "0.3"), ("0.35", "0.4"), ("-0.05", "-0.1"), ("2.449", "2.4")],
)
def test_half_is_rounded_up(number, wanted):
    assert tenth(Decimal(number)) == Decimal(wanted)


def test_nothing_to_count_is_left_out():
    result = of(EXAMPLE, {"sign_on_time": 1, "sign_due": 2})
    assert [line.left_out for line in result.lines[1:5]] == ["没有可计的件，不计分"] * 4
    assert (result.subtotal, result.full, result.total) == (Decimal("5.0"), Decimal(10), Decimal("50.0"))


def test_a_unit_with_nothing_has_no_score():
    result = of(EXAMPLE, {})
    assert result.total is None
    assert result.full == 0


def test_deductions_stop_at_their_cap_and_at_zero():
    items = [Item("基础", "given", points=Decimal(10)), Item("扣", "deduct", top="recalled", each=Decimal(3))]
    assert score(items, {"recalled": 5}).total == 0
    capped = [items[0], Item("扣", "deduct", top="recalled", each=Decimal(3), cap=Decimal(4))]
    result = score(capped, {"recalled": 5})
    assert (result.subtotal, result.total) == (Decimal("6.0"), Decimal("60.0"))
    assert result.lines[1].worked == "5 × 3，扣满 4"
    assert score(capped, {"recalled": 0}).lines[1].points == 0


@pytest.mark.parametrize(("top", "points"), [(98, 10), (97, 6), (90, 6), (89, 0), (0, 0), (100, 10)])
def test_levels(top, points):
    levels = (Level(Decimal(90), Decimal(6)), Level(Decimal(98), Decimal(10)))
    item = Item("率", "levels", top="a", bottom="b", levels=levels)
    result = score([item], {"a": top, "b": 100})
    assert result.subtotal == points
    assert result.full == 10


GOOD_UNIT = {
    "sign_on_time": 20,
    "sign_due": 20,
    "reply_on_first_date": 9,
    "reply_due": 10,
    "first_result_satisfied": 9,
    "first_rated": 10,
}


@pytest.mark.parametrize(
    ("change", "grades", "whole"),
    [
        ({}, ["良好", "良好", "良好"], "良好"),
        ({"sign_on_time": 18}, ["合格", "良好", "良好"], "合格"),
        ({"sign_on_time": 17}, ["不合格", "良好", "良好"], "不合格"),
        ({"reply_on_first_date": 7}, ["良好", "合格", "良好"], "合格"),
        ({"reply_over_half_year": 1}, ["良好", "不合格", "良好"], "不合格"),
        ({"first_result_satisfied": 7, "first_result_basically": 3}, ["良好", "良好", "合格"], "合格"),
        ({"first_result_dissatisfied": 1}, ["良好", "良好", "不合格"], "不合格"),
        # Nine ratings say nothing yet: the other two decide.
        ({"first_rated": 9, "first_result_dissatisfied": 1}, ["良好", "良好", ""], "良好"),
    ],
)
def test_the_three_grades_of_shenzhen(change, grades, whole):
    result = of(SHENZHEN, GOOD_UNIT | change)
    assert [line.grade for line in result.lines] == grades
    assert result.grade == whole
    assert result.total is None


def test_hainan_fengyang_and_qingdao():
    rated = {"first_rated": 10, "first_attitude_satisfied": 10, "first_result_satisfied": 8}
    assert of(HAINAN, rated | {"reply_on_time": 3, "reply_due": 4}).total == Decimal("89.0")
    counts = {"final_rated": 50, "final_result_satisfied": 40, "final_result_basically": 9, "sign_late": 2}
    assert of(FENGYANG, counts | {"recalled": 1}).total == Decimal("96.0")
    counts = {
        "promise_kept": 1,
        "promise_due": 2,
        "reply_on_time": 1,
        "reply_due": 1,
        "contacted": 1,
        "lead": 1,
    }
    # 落实 half of 45, no ratings yet: 52.5 of 75.
    assert of(QINGDAO, counts).total == Decimal("70.0")
    weights = {item.name: item.full for item in items_of(QINGDAO.items)}
    assert weights["承诺落实"] > weights["最终结果满意"]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_every_preset_can_be_used(preset):
    assert faults(preset.mode, [dict(item) for item in preset.items]) == []
    assert preset.source


def test_what_is_wrong_with_a_formula():
    row = {"name": "甲", "how": "ratio", "top": "replied", "bottom": "lead", "points": "60"}
    assert faults("points", []) == ["至少要有一个项目。"]
    assert "各项满分合计要等于 100，现在是 60。扣分不算在内。" in faults("points", [row])
    assert "“甲”写了两次，请合并或改名。" in faults("points", [row, row])
    assert any("没有" in each for each in faults("points", [row | {"top": "nonsense", "points": "100"}]))
    assert any("定等次" in each for each in faults("grades", [row]))
    assert any("定等次" in each for each in faults("points", [row | {"how": "grade"}]))


def test_equal_scores_share_a_place():
    totals = {"a": Decimal(90), "b": Decimal(95), "c": Decimal(90), "d": Decimal(80)}
    assert ranked(totals) == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_scores_stay_between_nought_and_a_hundred():
    """Whatever the counts: the total is what the printed lines add up to, scaled, within 0 and 100."""
    dice = random.Random(4)
    for _ in range(300):
        counts = {code: dice.choice((0, 0, 1, 2, 5, 9, 10, 40)) for code in FIGURES}
        for preset in PRESETS.values():
            result = of(preset, counts)
            if preset.mode == FormulaMode.GRADES:
                continue
            assert result.subtotal == sum(line.points for line in result.lines if not line.left_out)
            assert result.full == sum(line.item.full for line in result.lines if not line.left_out)
            if result.total is not None:
                assert 0 <= result.total <= 100
