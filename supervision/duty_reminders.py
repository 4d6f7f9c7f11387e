"""Reminders of duties beside the clocks (duties.py): the same stages, words and people as of a clock."""

from core.dates import cn_date, cn_days_left
from core.workdays import days_left
from institutions.models import Congress
from notifications.models import Notice
from proposals.status import HolderKind

from .duties import open_duties
from .models import DUTY, Reminder
from .telling import CHUNK, KEY_COLUMNS, Thing, Told, put_away


def remind_of_duties(desk):
    """Make the reminders of duties that are due; put away those of duties that nobody owes any more. Returns how
    many reminders are new."""
    scopes = dict(Congress.objects.filter(is_active=True).values_list("pk", "code"))
    made, still_open = 0, set()
    # All read before the first is written: see core.chunks.
    duties = [duty for duty in open_duties() if duty.congress_id in scopes]
    for start in range(0, len(duties), CHUNK):
        chunk = duties[start : start + CHUNK]
        still_open.update(duty.key for duty in chunk)
        made += desk.tell(_thing(desk, duty, scopes[duty.congress_id]) for duty in chunk)
    _put_away_others(still_open)
    return made


def _thing(desk, duty, scope):
    plan = desk.plan(duty.congress_id, DUTY)
    signs = duty.holder_kind == HolderKind.SIGNER
    words = _words(desk, duty, "") + (f"，{duty.otherwise}" if duty.otherwise else "")
    told = [Told(duty.seat, plan.for_signer() if signs else plan, Notice.Kind.TODO, words, duty.url)]
    waits = _words(desk, duty, f"等{duty.unit}" if duty.unit else "")
    if duty.is_of_unit and not signs:
        seat = (str(HolderKind.SIGNER), duty.holder_id)
        told.append(Told(seat, plan.for_signer(), Notice.Kind.WAIT, waits, duty.url))
    if duty.holder_kind != HolderKind.LIAISON:
        seat = (str(HolderKind.LIAISON), duty.congress_id)
        told.append(Told(seat, plan.for_assigning_side(), Notice.Kind.WAIT, waits, duty.url))
    return Thing(
        duty_key=duty.key,
        congress_id=duty.congress_id,
        scope=scope,
        started_on=duty.started_on,
        due_on=duty.due_on,
        told=tuple(told),
    )


def _words(desk, duty, by):
    left = cn_days_left(days_left(duty.due_on, desk.today))
    return f"{left}：{by}{duty.verb}“{duty.words}”{duty.number}，{cn_date(duty.due_on, desk.today)}到期"


def _put_away_others(still_open):
    """Mark what was told of duties that are done as read (办完自动消失)."""
    rows = Reminder.objects.filter(clock__isnull=True, is_over=False).only(*KEY_COLUMNS).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        if over := [row for row in chunk if row.duty_key not in still_open]:
            put_away(over)
