"""Bulk-loads a congress with its proposals, past any `perform`: bench is the one exception.

Everything a page reads is there as the workflow would have left it: places, clocks with their rules, replies
point by point, ratings, contacts, hash-chained events, whom the case waits on, the text index, notices.
"""

import random
from collections import defaultdict
from datetime import date
from types import SimpleNamespace

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Grant, Role, User
from core.calendars import seed_calendar
from deputies.models import Delegation, Deputy, Session, Term
from institutions.models import Committee, Congress, Level, Unit
from proposals.models import Category
from proposals.rules import install_preset, load_rules
from proposals.search import write_docs

from .copies import multiply
from .stories import OPEN_STATES, ORDER, Story
from .texts import Texts

SEED = "建议"
BATCH = 1000
# So many are told one by one; more are copies of these.
TOLD = 2000
OPEN_SHARE = 0.05
UNITS = 44
DEPUTIES = 1000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华国文建玉兰春"
CATEGORIES = ("财政经济", "农业农村", "社会建设", "教科文卫", "环资城建", "民主法制", "其他")
DELEGATIONS = 14
SESSIONS = 9


class Rows:
    """Collects rows of many models with primary keys given beforehand, and inserts them together."""

    def __init__(self):
        self.last = defaultdict(int)
        self.waiting = defaultdict(list)

    def add(self, model, **fields):
        """A new row; its key follows the last one of its model."""
        self.last[model] += 1
        row = model(pk=self.last[model], **fields)
        self.waiting[model].append(row)
        return row

    def insert(self, *models):
        """Write what was collected for these models, in their order."""
        for model in models:
            model.objects.bulk_create(self.waiting.pop(model, []), batch_size=BATCH)


def load(size, *, seed=SEED, open_share=OPEN_SHARE, say=lambda words: None):
    """Fill an empty, migrated database with `size` proposals, the open ones last.

    Returns a namespace: congress, office, handler and deputy (users), unit (the handler's), size.
    """
    told = min(size, TOLD)
    blocks, rest = divmod(size, told)
    if rest:
        raise ValueError(f"more than {TOLD} proposals come in whole blocks of {TOLD}")
    rng = random.Random(f"{seed}:{size}")
    rows = Rows()
    place = _place(rng, rows)
    texts = Texts(rng)
    story = Story(place, rng, rows)
    first_open = told - max(round(told * open_share), min(told, len(OPEN_STATES)))
    for start in range(0, told, BATCH):
        with transaction.atomic():
            proposals = [
                story.tell(index, texts.draw(), is_open=index >= first_open, share=index / told)
                for index in range(start, min(start + BATCH, told))
            ]
            rows.insert(ORDER[0])
            write_docs(proposals)
            rows.insert(*ORDER[1:])
        say(f"{start + len(proposals)} 件")
    if blocks > 1:
        multiply(rows.last, blocks - 1, say)
    _move_sequences([User, Grant, Deputy, *ORDER])
    return place


def _place(rng, rows):
    """The congress, its units, deputies and people, as a namespace."""
    seed_calendar()
    congress = Congress.objects.create(
        code="bench", name="测试省人民代表大会", office_name="测试省人大常委会", level=Level.PROVINCE
    )
    install_preset(congress, "general")
    Committee.objects.create(congress=congress, name="社会建设委员会")
    this_year = timezone.localdate().year
    term = Term.objects.create(congress=congress, number=14, name="第十四届", starts_on=date(2023, 1, 10))
    place = SimpleNamespace(
        congress=congress,
        rules=load_rules(congress.pk),
        units=[Unit.objects.create(congress=congress, name=f"省第{n:02d}厅") for n in range(1, UNITS + 1)],
        categories=[Category.objects.create(congress=congress, name=name) for name in CATEGORIES],
        sessions=[_session(congress, term, n, this_year - SESSIONS + n) for n in range(1, SESSIONS + 1)],
    )
    delegations = [
        Delegation.objects.create(congress=congress, name=f"第{n}代表团") for n in range(1, DELEGATIONS + 1)
    ]
    place.deputies = [
        rows.add(
            Deputy,
            congress=congress,
            term=term,
            delegation=rng.choice(delegations),
            name=rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=2)),
            card_no=f"14{n:05d}",
        )
        for n in range(DEPUTIES)
    ]
    _people(place, rows)
    rows.insert(Deputy, User, Grant)
    return place


def _session(congress, term, number, year):
    return Session.objects.create(
        congress=congress,
        term=term,
        number=number,
        name=f"十四届人大{number}次会议",
        year=year,
        opens_on=date(year, 1, 15),
        closes_on=date(year, 1, 20),
    )


def _people(place, rows):
    """One account for the office, two per unit, one per deputy."""

    def person(username, name, role, **target):
        user = rows.add(User, username=username, name=name, password="!", must_change_password=False)
        rows.add(Grant, user=user, congress=place.congress, role=role, **target)
        return user

    place.office = person("office", "苏婉仪", Role.LIAISON)
    place.handlers = [
        person(f"handler{unit.pk}", f"{unit.name}经办", Role.HANDLER, unit=unit) for unit in place.units
    ]
    place.signers = [
        person(f"signer{unit.pk}", f"{unit.name}签发", Role.SIGNER, unit=unit) for unit in place.units
    ]
    place.deputy_users = [
        person(f"deputy{deputy.pk}", deputy.name, Role.DEPUTY, deputy=deputy) for deputy in place.deputies
    ]
    place.unit, place.handler, place.deputy = place.units[2], place.handlers[2], place.deputy_users[0]


def _move_sequences(models):
    """PostgreSQL does not notice keys that were given to it."""
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
