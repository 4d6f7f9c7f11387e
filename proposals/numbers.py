"""编号: 2026-086 at a session, 2026-闭006 in recess; one series per congress and session or year, never reused."""

from django.db.models import F

from .models import NumberSequence


def next_number(congress_id, *, session, today):
    """The next number of the congress's series: of `session`, or with None of this year's recess.

    To be called inside a transaction: a number that comes to nothing leaves a gap.
    """
    series, form = (str(session.year), "{}-{:03d}") if session else (f"{today.year}-闭", "{}{:03d}")
    NumberSequence.objects.get_or_create(congress_id=congress_id, series=series)
    mine = NumberSequence.objects.filter(congress_id=congress_id, series=series)
    # The conditional-free UPDATE takes the row: two officers filing at once get two numbers.
    mine.update(last=F("last") + 1)
    return form.format(series, mine.values_list("last", flat=True).get())
