"""The formula in the browser: shown, tried, changed with a reason and kept as versions, frozen by the 评议."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from proposals.status import AssignmentRole
from supervision.models import Review, ReviewVote, ScoreFormula
from supervision.record.formulas import in_force, items_of
from supervision.record.presets import PRESETS
from tests.cast import scan
from tests.proposals.told import plain

from .world import begun

YEAR = timezone.localdate().year
ADDRESS = f"/units/record/formula/edit/?year={YEAR}"


@pytest.fixture
def office(cast):
    begun(cast, now=timezone.now(), civil=AssignmentRole.LEAD)
    client = Client()
    client.force_login(cast.su)
    return client


def filled(rows, **more):
    """The form's fields with these lines."""
    data = {
        "title": "办理质量评分办法",
        "source": "主任会议通过",
        "mode": "points",
        "reason": "按新办法",
        "min_ratings": "10",
        "min_cases": "5",
        "seen": "",
        "request_id": str(uuid.uuid4()),
        "items-TOTAL_FORMS": str(len(rows)),
        "items-INITIAL_FORMS": "0",
    }
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in row.items()}
    return data | more


REPLY = {"name": "按期答复", "how": "ratio", "top": "reply_on_time", "bottom": "reply_due", "points": "60"}
SIGN = {"name": "按期签收", "how": "ratio", "top": "sign_on_time", "bottom": "sign_due", "points": "40"}
RECALL = {"name": "退回重答", "how": "deduct", "top": "recalled", "each": "1.5", "cap": "6"}
LEVELS = {"name": "满意", "how": "levels", "top": "first_result_satisfied", "bottom": "first_rated"}


def test_a_change_is_a_new_version_with_its_reason(cast, office):
    assert "用的是系统示例" in plain(office.get(f"/units/record/formula/?year={YEAR}"))
    assert office.post(ADDRESS, filled([SIGN, REPLY, RECALL])).status_code == 302
    first = ScoreFormula.objects.get()
    assert (first.version, first.made_by, first.reason) == (1, "苏婉仪", "按新办法")
    assert first.items[2] == {**RECALL}
    second = filled([SIGN | {"points": "30"}, REPLY | {"points": "70"}], seen=str(first.pk), reason="重答复")
    assert office.post(ADDRESS, second).status_code == 302
    assert in_force(cast.congress, YEAR).row.version == 2
    shown = plain(office.get(f"/units/record/formula/?year={YEAR}"))
    assert "第 2 版" in shown
    assert "重答复" in shown
    # The year after goes on with it, other years before do not.
    assert in_force(cast.congress, YEAR + 1).row.version == 2
    assert in_force(cast.congress, YEAR - 1).is_builtin


def test_sent_twice_is_kept_once(office):
    data = filled([SIGN, REPLY])
    assert [office.post(ADDRESS, data).status_code for _ in range(2)] == [302, 302]
    assert ScoreFormula.objects.count() == 1


def test_a_trial_keeps_nothing(cast, office):
    page = office.post(ADDRESS, filled([SIGN, REPLY], preview="1", unit=str(cast.units["civil"].pk)))
    text = plain(page)
    assert "试算：市民政局，还没有保存" in text
    assert "没有可计的件，不计分" in text
    assert not ScoreFormula.objects.exists()


def test_what_somebody_else_changed_is_told_and_nothing_is_lost(cast, office):
    seen = filled([SIGN, REPLY])
    office.post(ADDRESS, filled([SIGN, REPLY]))
    page = office.post(ADDRESS, seen | {"title": "我写的办法"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "苏婉仪刚改过这个办法（第 1 版）" in text
    assert 'value="我写的办法"' in text  # as it was typed, nothing around it
    # Sent again after reading, it goes through.
    again = seen | {"title": "我写的办法", "seen": str(ScoreFormula.objects.get().pk)}
    assert office.post(ADDRESS, again).status_code == 302


@pytest.mark.parametrize(
    ("rows", "more", "sentence"),
    [
        ([SIGN], {}, "各项满分合计要等于 100，现在是 40"),
        ([SIGN | {"top": "nonsense"}, REPLY], {}, "没有这个指标，请重新选择。"),
        ([SIGN | {"points": "abc"}, REPLY], {}, "满分写 0 到 100 的数，最多两位小数。"),
        ([SIGN | {"points": "-5"}, REPLY], {}, "满分写 0 到 100 的数，最多两位小数。"),
        ([SIGN | {"points": "NaN"}, REPLY], {}, "满分写 0 到 100 的数，最多两位小数。"),
        ([SIGN | {"bottom": ""}, REPLY], {}, "“按比例计分”要填分母。"),
        ([SIGN | {"name": ""}, REPLY], {}, "请填写项目的名称"),
        ([SIGN, REPLY, LEVELS | {"levels": "很多=几分"}], {}, "“很多=几分”看不懂。"),
        ([SIGN, REPLY, LEVELS | {"levels": "NaN=5"}], {}, "“NaN=5”看不懂。"),
        ([SIGN, REPLY, REPLY], {}, "“按期答复”写了两次，请合并或改名。"),
        ([SIGN, REPLY], {"reason": " "}, "请填写修改原因。"),
        ([SIGN, REPLY], {"min_cases": "4"}, "不足 5 件的单位不排名。"),
        ([SIGN, REPLY], {"mode": "grades"}, "要选“定等次”"),
        ([], {}, "至少要有一个项目。"),
        ([SIGN, REPLY], {"title": "长" * 61}, "最多 60 字，您写了 61 字"),
    ],
)
def test_what_is_refused_and_kept(office, rows, more, sentence):
    page = office.post(ADDRESS, filled(rows, **more))
    assert page.status_code == 422
    assert sentence in plain(page)
    assert not ScoreFormula.objects.exists()
    if rows:
        assert 'value="40"' in page.content.decode() or more or "points" in rows[0]


def test_forged_forms_are_no_error(office):
    for data in (
        {},
        {"items-TOTAL_FORMS": "x"},
        filled([SIGN] * 30),
        filled([SIGN], request_id="x", seen="x"),
    ):
        assert office.post(ADDRESS, data).status_code == 422


@pytest.mark.parametrize("code", list(PRESETS))
def test_every_preset_can_be_saved_as_it_is_offered(office, code):
    page = office.get(f"{ADDRESS}&preset={code}")
    form, items = page.context["form"], page.context["items"]
    data = {name: form[name].value() for name in form.fields} | {"reason": "采用预设"}
    data |= {"items-TOTAL_FORMS": items.total_form_count(), "items-INITIAL_FORMS": items.initial_form_count()}
    for each in items:
        data |= {each.add_prefix(name): each[name].value() or "" for name in each.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    assert office.post(ADDRESS, data).status_code == 302
    kept = ScoreFormula.objects.get()
    assert items_of(kept.items) == items_of(PRESETS[code].items)


def test_nobody_but_the_office_changes_it(cast, office):
    for key in ("luo", "jiang", "chen", "hub", "lin", "admin"):
        client = Client()
        client.force_login(cast.people[key])
        assert client.post(ADDRESS, filled([SIGN, REPLY])).status_code == 404
    assert not ScoreFormula.objects.exists()


# --- 评议 -------------------------------------------------------------------------------------------------


def meeting(**more):
    return {
        "year": str(YEAR),
        "meeting": "市人大常委会第三十二次会议",
        "held_on": timezone.localdate().isoformat(),
        "satisfied_share": "70",
        "basic_share": "50",
        "request_id": str(uuid.uuid4()),
    } | more


def votes(unit, numbers, **more):
    names = ("present", "satisfied", "basically", "dissatisfied", "abstained")
    fields = dict(zip(names, map(str, numbers), strict=True))
    return {"unit": str(unit.pk), "remark": "", "reason": "", "request_id": str(uuid.uuid4())} | fields | more


@pytest.fixture
def review(cast, office):
    assert office.post("/units/record/reviews/", meeting()).status_code == 302
    return Review.objects.get()


@pytest.mark.parametrize(
    ("numbers", "result"),
    [
        ((40, 28, 10, 2, 0), "satisfied"),
        ((40, 27, 10, 2, 1), "basically"),
        ((40, 10, 10, 15, 5), "basically"),
        ((40, 10, 9, 20, 1), "dissatisfied"),
        ((40, 0, 0, 0, 0), "dissatisfied"),
    ],
)
def test_the_result_follows_from_the_votes(cast, office, review, numbers, result):
    address = f"/units/record/reviews/{review.pk}/"
    assert office.post(address, votes(cast.units["civil"], numbers)).status_code == 302
    assert ReviewVote.objects.get().result == result


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((40, 30, 10, 1, 0), "各项票数合计 41 票，多于到会 40 人，请核对。"),
        ((40, -1, 10, 1, 0), "满意写 0 到 3000 的整数。"),
        ((0, 0, 0, 0, 0), "到会人数要大于 0。"),
        (("", 1, 1, 1, 1), "到会人数写 0 到 3000 的整数。"),
        (("九", 1, 1, 1, 1), "到会人数写 0 到 3000 的整数。"),
        ((99999999999999999999, 1, 1, 1, 1), "到会人数写 0 到 3000 的整数。"),
    ],
)
def test_votes_that_cannot_be(cast, office, review, numbers, sentence):
    page = office.post(f"/units/record/reviews/{review.pk}/", votes(cast.units["civil"], numbers))
    assert page.status_code == 422
    assert sentence in plain(page)
    assert not ReviewVote.objects.exists()


def test_a_correction_keeps_the_old_and_says_why(cast, office, review):
    address, civil = f"/units/record/reviews/{review.pk}/", cast.units["civil"]
    data = votes(civil, (40, 28, 10, 2, 0))
    assert [office.post(address, data).status_code for _ in range(2)] == [302, 302]
    assert ReviewVote.objects.count() == 1
    assert "更正要写明原因" in plain(office.post(address, votes(civil, (40, 20, 18, 2, 0))))
    assert office.post(address, votes(civil, (40, 20, 18, 2, 0), reason="误录")).status_code == 302
    old, new = ReviewVote.objects.order_by("pk")
    assert old.replaced_at
    assert (new.result, new.reason, new.entered_name) == ("basically", "误录", "苏婉仪")
    assert "被更正的票数" in plain(office.get(address))


def test_released_the_unit_sees_its_result_and_the_formula_stands(cast, office, review):
    address, civil = f"/units/record/reviews/{review.pk}/", cast.units["civil"]
    assert "还没有登记票数，不能公布" in plain(office.post(f"{address}release/", follow=True))
    office.post(address, votes(civil, (40, 28, 10, 2, 0)))
    unit = Client()
    unit.force_login(cast.chen)
    own = f"/units/{civil.pk}/record/"
    assert "还没有公布的评议结果" in plain(unit.get(own))
    assert "到会 40 人：满意 28" in plain(office.get(own))
    for _ in range(2):
        assert office.post(f"{address}release/").status_code == 302
    assert "到会 40 人：满意 28" in plain(unit.get(own))
    # The year is pinned to the formula by which it was judged; its form is closed.
    assert ScoreFormula.objects.get().year == YEAR
    assert office.get(ADDRESS).status_code == 302
    assert office.post(ADDRESS, filled([SIGN, REPLY])).status_code == 302
    assert ScoreFormula.objects.count() == 1


def test_a_scan_goes_with_it_and_only_to_the_congress(cast, office):
    office.post("/units/record/reviews/", meeting(scan=scan("票决结果.pdf")))
    review = Review.objects.get()
    address = f"/units/record/reviews/{review.pk}/scan/"
    response = office.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    for key in ("chen", "hub", "lin"):
        client = Client()
        client.force_login(cast.people[key])
        assert client.get(address).status_code == 404
    bad = office.post("/units/record/reviews/", meeting(scan=scan("票决结果.exe")))
    assert bad.status_code == 422
    assert "不是可以上传的类型" in plain(bad)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"held_on": "2999-01-01"}, "评议日期不能晚于今天。"),
        ({"held_on": "昨天"}, "日期写成 2026-05-06 这样。"),
        ({"year": "1990"}, "没有这个年度，请重新选择。"),
        ({"satisfied_share": "101"}, "写 1 到 100 的整数。"),
        ({"meeting": ""}, "请填写会议。"),
    ],
)
def test_a_meeting_that_cannot_be(office, more, sentence):
    page = office.post("/units/record/reviews/", meeting(**more))
    assert page.status_code == 422
    assert sentence in plain(page)
    assert not Review.objects.exists()


def test_others_read_and_change_nothing(cast, office, review):
    address = f"/units/record/reviews/{review.pk}/"
    for key, status in (
        ("luo", 200),
        ("jiang", 200),
        ("chen", 404),
        ("hub", 404),
        ("lin", 404),
        ("admin", 404),
    ):
        client = Client()
        client.force_login(cast.people[key])
        assert client.get(address).status_code == status
        assert client.post(address, votes(cast.units["civil"], (40, 1, 1, 1, 1))).status_code == 404
        assert client.post(f"{address}release/").status_code == 404
        assert client.post("/units/record/reviews/", meeting()).status_code == 404
    stranger = Client()
    stranger.force_login(cast.stranger.liaison)
    assert stranger.get(address).status_code == 404
    assert not ReviewVote.objects.exists()
