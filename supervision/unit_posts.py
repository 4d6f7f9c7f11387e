"""What a unit gets as a whole: its digest in the shared mailbox, a line of counts in its group, urges in both."""

from django.db import transaction
from django.db.models import Q

from core.dates import cn_date
from institutions.models import Unit
from institutions.succession import acting_unit
from notifications import outbox
from notifications.models import UnitPost
from notifications.services import post_to_units
from proposals.asking import form_url

from .agenda import merge
from .digest_words import by_day, headline
from .people import UNIT_KINDS
from .words import thing_words

CHUNK = 500


def make_unit_posts(today, seats, congress_ids=None):
    """The unit digests of `today` from the sorted seats, for units with a mailbox or group; one per unit and day."""
    units = Unit.objects.in_use(today).filter(~Q(mailbox="") | Q(groups__is_active=True)).distinct()
    units = units.filter(congress__is_active=True).select_related("congress").order_by("pk")
    if congress_ids is not None:
        units = units.filter(congress__in=congress_ids)
    posts = []
    for unit in units:
        own = [seats[kind, unit.pk] for kind in sorted(UNIT_KINDS) if (kind, unit.pk) in seats]
        if own and any(seat.todo_count for seat in own):
            posts.append(_post(unit, own, today))
    for start in range(0, len(posts), CHUNK):
        with transaction.atomic():
            outbox.make_posts(posts[start : start + CHUNK])


def _post(unit, seats, today):
    todo, todo_count = merge(seats, "todo")
    soon, soon_count = merge(seats, "soon")
    overdue = sum(seat.overdue for seat in seats)
    counts = f"今天有 {todo_count} 件要办"
    counts += f"，其中 {overdue} 件超期" if overdue else ""
    counts += f"；另有 {soon_count} 件半个月内到期" if soon_count else ""
    content = {
        "day": today.isoformat(),
        "headline": headline(todo_count, overdue, 0).replace("要您办", "要你单位办"),
        "greeting": f"{unit}，您好",
        "place": str(unit),
        "office": unit.congress.office_name,
        "phone": unit.congress.liaison_phone,
        "todo": {"count": todo_count, "lines": [line.as_json() for line in todo]},
        "wait": {"count": 0, "lines": []},
        "soon": {"count": soon_count, "days": by_day(soon)},
        "drafts": 0,
        "news": 0,
        "home": "打开收件箱",
        "is_units": True,
    }
    return UnitPost(
        unit=unit,
        congress=unit.congress,
        key=f"digest:{today.isoformat()}",
        words=f"{unit}（{cn_date(today, today)}）：{counts}。",
        url="/",
        content=content,
    )


def post_urge(case, subject, data, event):
    """After 催办: the units that were urged hear it in mailbox and group as well. What the urge says in its own words
    stays behind the sign-in: it may name the deputy (隐名)."""
    proposal = case.proposal
    for place in (place for place in case.places if place.pk in case.urged):
        due_on = data.get("answer_by") or place.due_on
        due = f"，{cn_date(due_on, case.today)}到期" if due_on else ""
        post_to_units(
            {acting_unit(place.unit_id)},
            congress_id=proposal.congress_id,
            words=f"{case.grant.place}催办{proposal.number}“{thing_words(proposal.title)}”{due}，请登录回复。",
            url=form_url("answer_urge", proposal.pk, place.pk),
            key=f"event:{event.pk}:{place.pk}",
        )
