"""Units' records of the demonstration: a formula of its own for this year, and last year's 评议 by the committee."""

from datetime import date

from accounts.models import Role
from institutions.models import Unit
from institutions.succession import acting_unit
from proposals.models import Assignment

from ..models import Review, ReviewVote, ScoreFormula, VoteResult
from ..record.presets import EXAMPLE
from ..record.reviews import result_of

# 满意、基本满意、不满意、弃权 of 61 present, by turns.
BALLOTS = ((52, 7, 1, 1), (47, 11, 2, 1), (55, 5, 0, 1), (40, 16, 4, 1), (44, 13, 3, 1), (38, 17, 5, 1))
PRESENT = 61
REMARK = "答复能按时送达，但列入计划的事项落实偏慢，请逐项列出时限。"


def tell(desk):
    """Give one congress its formula and, where units handled cases of last year, the votes on them."""
    congress, times = desk.tenant.congress, desk.times
    officer = desk.tenant.staff[Role.LIAISON][0]
    year = times.today.year
    made = times.moment(times.ago(130), desk.rng)
    ScoreFormula.objects.create(
        congress=congress,
        year=year - 1,
        title=f"代表建议办理质量评分办法（{year - 1} 年版）",
        source="主任会议通过，分值是示例",
        items=[dict(item) for item in EXAMPLE.items],
        # In a province with few ratings per unit nobody would be ranked otherwise.
        ranks_complete_only=False,
        reason="首次制定",
        made_by=str(officer),
        made_at=made,
        request_id=desk.fresh_id(),
    )
    units = _units_of(congress, year - 1)
    if units:
        _review(desk, officer, year, units)


def _units_of(congress, year):
    """The units that had cases of this year, those replaced by who acts for them now."""
    places = Assignment.objects.filter(congress=congress, proposal__number__startswith=f"{year}-")
    keys = {acting_unit(pk) for pk in places.values_list("unit", flat=True)}
    return list(Unit.objects.filter(pk__in=keys, is_hub=False).order_by("pk"))


def _review(desk, officer, year, units):
    congress, times = desk.tenant.congress, desk.times
    held = max(times.ago(100), min(times.ago(5), date(year, 1, 20)))
    at = times.moment(held, desk.rng)
    review = Review.objects.create(
        congress=congress,
        year=year - 1,
        meeting=f"{congress.office_name}会议",
        held_on=held,
        released_on=held,
        released_by=str(officer),
        made_by=str(officer),
        made_at=at,
        request_id=desk.fresh_id(),
    )
    rows = []
    for number, unit in enumerate(units):
        names = ("satisfied", "basically", "dissatisfied", "abstained")
        numbers = dict(zip(names, BALLOTS[number % len(BALLOTS)], strict=True)) | {"present": PRESENT}
        result = result_of(review, numbers)
        rows.append(
            ReviewVote(
                review=review,
                unit=unit,
                **numbers,
                result=result,
                remark=REMARK if result == VoteResult.BASICALLY else "",
                entered_by=officer,
                entered_name=str(officer),
                entered_at=at,
                request_id=desk.fresh_id(),
            )
        )
    ReviewVote.objects.bulk_create(rows)
