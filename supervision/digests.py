"""The digests (每日汇总): one per person and day, its content fixed when it is made, sent through deliveries."""

from collections import defaultdict
from itertools import groupby

from django.db import transaction

from accounts.models import Grant, Role
from core.calendars import load_calendar
from institutions.models import Congress
from notifications import outbox
from notifications.models import Digest, Notice

from .agenda import Sorter, merge, waiting_rows
from .contacts import contact_duties
from .digest_words import by_day, headline
from .duties import open_duties
from .models import Reminder
from .people import users_by_seat
from .quiet_lines import quiet_lines
from .unit_posts import make_unit_posts

CHUNK = 500
ROWS = 2000
# Of these seats what others owe is a cause for a digest by itself: they are told so that they push.
PUSHING = frozenset({"signer", "hub", "liaison"})


def make_digests(today, congress_ids=None):
    """Make today's digest for everybody who has something to do; returns how many are new.

    One pass over all that waits, then a transaction per 500 people. A person who has today's digest keeps it
    as it was made. `congress_ids`: only for who holds a grant there; what it says spans all their congresses.
    """
    seats = _sorted_seats(today)
    people = None if congress_ids is None else _people_of(congress_ids, today)
    keys = defaultdict(list)
    for key, users in users_by_seat(today).items():
        if key in seats:
            for user_id in users:
                if people is None or user_id in people:
                    keys[user_id].append(key)
    made, wanted_people = 0, sorted(keys)
    is_week_start = _first_workday_of_week(today)
    for start in range(0, len(wanted_people), CHUNK):
        wanted = {pk: [(key, seats[key]) for key in keys[pk]] for pk in wanted_people[start : start + CHUNK]}
        made += _make_chunk(today, wanted, is_week_start)
    make_unit_posts(today, seats, congress_ids)
    return made


def _sorted_seats(today):
    """{(holder kind, id): Seat} of everybody."""
    workdays = _workdays(today)
    sorter = Sorter(today, workday_of=lambda congress_id: workdays[congress_id])
    sorter.take_duties(duty for duty in open_duties() if duty.congress_id in workdays)
    sorter.take_duties(contact_duties(today))
    for seat, line in quiet_lines(today, [pk for pk, is_workday in workdays.items() if is_workday]):
        sorter.seats[seat].quiet.append(line)
    return sorter.take(waiting_rows(today).iterator(chunk_size=ROWS))


def _people_of(congress_ids, today):
    grants = Grant.objects.in_force(today).filter(congress__in=congress_ids)
    return set(grants.values_list("user_id", flat=True))


def _workdays(today):
    """{congress id: whether people work there today}."""
    by_scope = {}
    for pk, code in Congress.objects.filter(is_active=True).values_list("pk", "code"):
        by_scope[pk] = load_calendar(code).is_workday(today)
    return by_scope


def _first_workday_of_week(today):
    """Whether drafts left lying, or silence, are worth a digest of their own today: once a week."""
    calendar = load_calendar()
    monday = today.toordinal() - today.weekday()
    before = (today.fromordinal(day) for day in range(monday, today.toordinal()))
    return calendar.is_workday(today) and not any(calendar.is_workday(day) for day in before)


def _make_chunk(today, wanted, is_week_start):
    causes = {pk: pairs for pk, pairs in wanted.items() if _is_cause(pairs, is_week_start)}
    with transaction.atomic():
        have = set(Digest.objects.filter(day=today, user__in=causes).values_list("user_id", flat=True))
        missing = [pk for pk in causes if pk not in have]
        news, grants = _news(missing), _grants(missing, today)
        digests = [
            Digest(user_id=pk, day=today, content=_content(causes[pk], grants[pk], news.get(pk, 0)))
            for pk in missing
        ]
        Digest.objects.bulk_create(digests, ignore_conflicts=True)
        _queue(today, missing)
    return len(digests)


def _queue(today, user_ids):
    """The deliveries of new digests: by email, and by SMS for who is reminded by SMS today."""
    by_sms = Reminder.objects.filter(made_on=today, by_sms=True, user__in=user_ids)
    outbox.queue_digests(today, user_ids, set(by_sms.values_list("user_id", flat=True)))


def _is_cause(pairs, is_week_start):
    return any(
        seat.todo_count
        or (seat.wait_count and kind in PUSHING)
        or ((seat.drafts or seat.quiet) and is_week_start)
        for (kind, _), seat in pairs
    )


def _news(user_ids):
    """{user id: number of unread notices that ask for nothing}."""
    rows = Notice.objects.filter(kind=Notice.Kind.INFO, user__in=user_ids, read_at__isnull=True).order_by(
        "user_id"
    )
    return {pk: len(list(group)) for pk, group in groupby(rows.values_list("user_id", flat=True))}


def _grants(user_ids, today):
    """{user id: grants in force, first first}."""
    found = defaultdict(list)
    grants = Grant.objects.in_force(today).filter(user__in=user_ids).order_by("pk")
    for grant in grants.select_related(
        "congress", "unit", "committee", "delegation", "deputy__delegation", "user"
    ):
        found[grant.user_id].append(grant)
    return found


def _content(pairs, grants, news):
    """The digest as JSON: plain words, so that it reads the same whenever it is looked at or sent again."""
    seats = [seat for _, seat in pairs]
    todo, todo_count = merge(seats, "todo")
    wait, wait_count = merge(seats, "wait")
    soon, soon_count = merge(seats, "soon")
    overdue = sum(seat.overdue for seat in seats)
    return {
        "headline": headline(todo_count, overdue, wait_count),
        "greeting": greeting(grants),
        "place": grants[0].place,
        "office": grants[0].congress.office_name,
        "phone": grants[0].congress.liaison_phone,
        "todo": {"count": todo_count, "lines": [line.as_json() for line in todo]},
        "wait": {"count": wait_count, "lines": [line.as_json() for line in wait]},
        "soon": {"count": soon_count, "days": by_day(soon)},
        "drafts": sum(seat.drafts for seat in seats),
        "quiet": [line for seat in seats for line in seat.quiet],
        "news": news,
        "home": home_of(grants),
    }


def greeting(grants):
    """陈晓岚，您好; a deputy's name stands in no email."""
    if any(grant.role == Role.DEPUTY for grant in grants):
        return "代表，您好"
    return f"{grants[0].user.name}，您好"


# The page where each role's work begins, for the button at the end of the mail.
HOMES = {
    Role.HANDLER: "打开收件箱",
    Role.SIGNER: "打开待签发",
    Role.LIAISON: "打开工作台",
    Role.HUB: "打开分办台",
}


def home_of(grants):
    """The words of the mail's button; it leads to the start page, which knows the way."""
    return next((HOMES[grant.role] for grant in grants if grant.role in HOMES), "打开系统")
