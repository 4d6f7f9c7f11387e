"""Builds the whole demonstration: people first, then all stories side by side in the order of their times."""

import heapq
import random
import uuid
from datetime import timedelta
from operator import itemgetter

from django.db import models, transaction
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from accounts.models import Role
from core.calendars import load_calendar, seed_calendar
from institutions.models import Congress
from notifications.models import Delivery, Notice

from .. import secret
from ..attachments import discard_on_failure
from ..models import Proposal, ProposalEvent, ReplyDelivery
from . import after, urging
from .people import Registrar, add_second_grant, build_tenant
from .places import CITY, PROVINCE
from .planner import LEFT_OFFICE
from .plans import plan_city, plan_province
from .stories import Story
from .timetable import Timetable
from .topics import load_topics

SEED = "潇南"


class NotEmpty(Exception):
    """The database holds a congress already; the text is the sentence to show."""


class Desk:
    """What the stories of one congress share: numbers of letters, sentences that do not repeat, ids."""

    def __init__(self, tenant, times, seed):
        self.tenant, self.times, self.seed = tenant, times, seed
        self.rng = random.Random(f"{seed}:{tenant.place.code}:desk")
        self.stories = {}  # by the topic's code
        self._letters, self._phones, self._decks = {}, {}, {}

    def say(self, choices):
        """One of the sentences; each is used before any is used again."""
        deck = self._decks.setdefault(choices, [])
        if not deck:
            deck += self.rng.sample(choices, len(choices))
        return deck.pop()

    def document_number(self, unit, day):
        """The next 文号 of that unit and year: 潇财函〔2026〕56号."""
        key = (unit.pk, day.year)
        self._letters[key] = self._letters.get(key, self.rng.randint(8, 60)) + self.rng.randint(1, 6)
        place = self.tenant.place
        return f"{place.document_sign}{self.tenant.specs[unit.pk].sign}函〔{day.year}〕{self._letters[key]}号"

    def office_phone(self, unit):
        """The unit's number, invented once."""
        if unit.pk not in self._phones:
            self._phones[unit.pk] = f"8866 {self.rng.randint(1001, 1998)}"
        return self._phones[unit.pk]

    def fresh_id(self):
        """A request id of this seed, so that two loads write the same histories."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def load(say=print, *, now=None, seed=SEED):
    """Build the demonstration in one transaction; `say` gets progress lines. Raises NotEmpty."""
    if Congress.objects.exists():
        raise NotEmpty(
            "这个数据库里已经有人大的数据，演示数据只装入空的数据库。"
            "要看演示，请用 VAR_DIR 另指一个数据文件夹。"
        )
    now = now or timezone.now()
    with discard_on_failure(), transaction.atomic():
        seed_calendar()
        times = Timetable(load_calendar(), now)
        registrar = Registrar(random.Random(f"{seed}:names"))
        say("建立潇南省和澜江市：单位、代表、工作人员和账号……")
        province = build_tenant(PROVINCE, times.today, registrar)
        city = build_tenant(CITY, times.today, registrar)
        add_second_grant(province, city)
        topics = load_topics()
        for tenant, planned in ((province, plan_province), (city, plan_city)):
            mine = {code: topic for code, topic in topics.items() if topic.level == tenant.congress.level}
            desk = Desk(tenant, times, seed)
            tell_all(desk, planned(tenant, mine, times, seed), say)
            urging.tell(desk)
            after.tell_all(desk)
            _retire(tenant, times)
            _date_stand_ins(tenant, times)
        _settle_notices(now)
    say(f"演示数据已装好：建议 {Proposal.objects.count()} 件，办理经过 {ProposalEvent.objects.count()} 条。")


def tell_all(desk, plans, say):
    """Carry out the steps of all plans in the order of their times, up to now."""
    name, total = desk.tenant.place.name, 0
    tellers = [*(Story(desk, plan).tell() for plan in plans), _register_secrets(desk)]
    due = [(next(teller), number) for number, teller in enumerate(tellers)]
    heapq.heapify(due)
    shown = None
    while due:
        at, number = heapq.heappop(due)
        if at > desk.times.now:
            continue  # would happen later than today: this story stands where it is
        if shown != (quarter := (at.year, (at.month + 2) // 3)):
            shown = quarter
            say(f"{name}：办到 {at.year} 年 {at.month} 月，已走 {total} 步……")
        total += 1
        following = next(tellers[number], None)
        if following is not None:
            heapq.heappush(due, (following, number))
    say(f"{name}：{len(plans)} 件建议，{total} 步。")


def _register_secrets(desk):
    """涉密件, of which only the number is known here: one of the session, one of the recess, the last one done.

    A generator as Story.tell: yields the time of each step before taking it.
    """
    tenant, times, officer = desk.tenant, desk.times, desk.tenant.staff[Role.LIAISON][0]
    received = ((tenant.latest.closes_on, tenant.latest), (times.ago(47), None))
    for day, session in sorted(received, key=itemgetter(0)):
        at = times.moment(day, desk.rng)
        yield at
        stub = secret.register(
            tenant.congress, session=session, on=day, actor=officer, request_id=desk.fresh_id(), now=at
        )
    at = times.moment(times.shift(times.today, -3), desk.rng, after=at)
    yield at
    secret.mark(stub, is_closed=True, actor=officer, request_id=desk.fresh_id(), now=at)


def _retire(tenant, times):
    """A few deputies left office since."""
    for deputy in tenant.deputies:
        if deputy.name in LEFT_OFFICE:
            deputy.in_office, deputy.left_on = False, times.ago(LEFT_OFFICE[deputy.name])
            deputy.save(update_fields=["in_office", "left_on"])


def _date_stand_ins(tenant, times):
    """代班 from three weeks ago to a week and a half from now."""
    until = times.shift(times.today, 8)
    for user in tenant.stand_ins.values():
        user.grants.update(starts_on=times.ago(24), ends_on=until)


def _settle_notices(now):
    """Notices get the time of their event; those of earlier days were read, and no old mail goes out."""
    event = ProposalEvent.objects.filter(
        pk=Cast(Substr(models.OuterRef("key"), len("event:") + 1), models.BigIntegerField())
    )
    notices = Notice.objects.filter(key__startswith="event:")
    notices.update(created_at=models.Subquery(event.values("at")[:1]))
    lately = now - timedelta(days=4)
    notices.filter(created_at__lt=lately).update(read_at=models.F("created_at") + timedelta(hours=3))
    Delivery.objects.filter(state=Delivery.State.WAITING).update(state=Delivery.State.SENT, sent_at=now)
    ReplyDelivery.objects.filter(delivered_at__lt=lately).update(
        read_at=models.F("delivered_at") + timedelta(hours=20)
    )
