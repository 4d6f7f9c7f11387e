"""Measures pages and actions through the whole Django stack, in process: no network, no web server."""

import statistics
import time
import uuid
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.models import Assignment, Clock, Proposal
from proposals.status import AssignmentRole, AssignmentStatus, ProposalStatus
from proposals.workflow import Case
from proposals.workflow import waiting as turns

WARM = 3
PAGE = 2000
PAGE_SIZE = 25
# A rare word, one that stands in an eighth of the proposals, one that stands in every fifth.
WORDS = {"少见": "盲道", "一般": "养老", "常见": "群众"}


@dataclass
class Figure:
    """What was measured of one page or action; times in milliseconds of the best run."""

    who: str
    label: str
    p50: float
    p95: float
    cpu: float
    sql: float
    queries: int
    kilobytes: float
    note: str = ""


class Clockwork:
    """Adds up the time spent waiting for the database."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self, execute, *args):
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.seconds += time.perf_counter() - started


class Seat:
    """One signed-in person."""

    def __init__(self, who, user):
        self.who = who
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
        self.client.force_login(user)

    def get(self, url):
        response = self.client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response

    def post(self, url, fields):
        token = self.client.cookies["csrftoken"].value
        response = self.client.post(url, fields | {"csrfmiddlewaretoken": token})
        assert response.status_code == 302, (url, response.status_code, response.content.decode()[:2000])
        return response


def measure(place, *, requests, runs, flushes=True, only=""):
    """Return a Figure per page, then per action. `flushes`: also with the commit flushed to disk (or not).

    Each run goes through all of them, so that a busy minute of the machine spoils one run of each and not all
    runs of one.
    """
    items = [item for item in _items(place, flushes) if only in item.label]
    for item in items:
        for _ in range(WARM):
            item.call()
    for _ in range(runs):
        for item in items:
            item.run(requests)
    return [item.figure() for item in items]


class Item:
    """One page or action; keeps the best medians of its runs. `prepare` comes before each call, uncounted."""

    def __init__(self, who, label, call, *, prepare=None, note="", is_flushed=None):
        self.who, self.label, self.note = who, label, note
        self.prepare, self.ask, self.is_flushed = prepare or (lambda: None), call, is_flushed
        self.best = None

    def call(self):
        self.prepare()
        return self.ask()

    def run(self, requests):
        """Time so many calls."""
        _flush(self.is_flushed)
        walls, cpus, sqls = [], [], []
        for _ in range(requests):
            self.prepare()
            clockwork = Clockwork()
            with connection.execute_wrapper(clockwork):
                cpu, wall = time.process_time(), time.perf_counter()
                self.ask()
                walls.append(time.perf_counter() - wall)
                cpus.append(time.process_time() - cpu)
            sqls.append(clockwork.seconds)
        run = [
            statistics.median(walls),
            percentile(walls, 95),
            statistics.median(cpus),
            statistics.median(sqls),
        ]
        self.best = [min(pair) for pair in zip(self.best or run, run, strict=True)]

    def figure(self):
        """What came out, with the queries of one more call."""
        self.prepare()
        with CaptureQueriesContext(connection) as queries:
            response = self.ask()
        p50, p95, cpu, sql = (seconds * 1000 for seconds in self.best)
        size = len(response.content) / 1024
        return Figure(self.who, self.label, p50, p95, cpu, sql, len(queries), size, self.note)


def _items(place, flushes):
    for who, user in (("联工委", place.office), ("承办单位", place.handler), ("代表", place.deputy)):
        seat = Seat(who, user)
        for label, url, note in _pages(place, who):
            yield Item(who, label, lambda seat=seat, url=url: seat.get(url), note=note)
    seat = Seat("承办单位", place.handler)
    for is_flushed in (False, True) if flushes else (None,):
        words = {None: "", False: "（不等落盘）", True: "（等落盘）"}[is_flushed]
        for label, kind in (("签收", Accept), ("登记沟通", LogContact)):
            action = kind(seat, place)
            yield Item("承办单位", f"{label}{words}", action, prepare=action.prepare, is_flushed=is_flushed)


def percentile(values, percent):
    """The smallest value that so many per cent of them do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


# --- What is measured ---------------------------------------------------------------------------------------


def _pages(place, who):
    """(label, address, note) of the pages of one person, the registry's first."""
    if who == "代表":
        return [("我的建议", reverse("proposals:my"), "")]
    registry = reverse("proposals:registry")
    user = place.office if who == "联工委" else place.handler
    visible = Proposal.objects.visible_to(user).exclude(status=ProposalStatus.DRAFT)
    total = visible.count()
    page = min(PAGE, -(-total // PAGE_SIZE))
    pages = [
        ("空页", reverse("bench-empty"), "只读会话和账号"),
        ("总表首页", registry, f"{total} 件"),
        (
            "总表，状态和单位（办理中）",
            f"{registry}?status={ProposalStatus.HANDLING}&unit={place.unit.pk}",
            "",
        ),
        ("总表，状态和单位（办结）", f"{registry}?status={ProposalStatus.CLOSED}&unit={place.unit.pk}", ""),
        ("总表，第 2,000 页", f"{registry}?page={page}", f"第 {page} 页"),
    ]
    for kind, word in WORDS.items():
        pages.append((f"总表，两字词（{kind}）", f"{registry}?words={word}", word))
    pages.append(("建议页", reverse("proposals:case", args=[_full_case(place).pk]), ""))
    if who == "联工委":
        return [*pages, ("工作台", reverse("proposals:worklist"), "")]
    return [*pages, ("收件箱", reverse("proposals:inbox"), "")]


def _full_case(place):
    """A closed case of the handler's unit with as much on it as any."""
    leads = Assignment.objects.filter(unit=place.unit, proposal__status=ProposalStatus.CLOSED)
    found = leads.filter(role=AssignmentRole.LEAD).order_by("-proposal__event_count", "-pk")
    return (found.first() or leads.first()).proposal


def _flush(is_flushed):
    """Have a commit wait for the disk, or not. SQLite in WAL mode does not by default; PostgreSQL does."""
    if is_flushed is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET synchronous_commit TO {'on' if is_flushed else 'off'}")
        else:
            cursor.execute(f"PRAGMA synchronous={'FULL' if is_flushed else 'NORMAL'}")


class Accept:
    """签收 by POST; before each the place is put back to 待签收, which is not counted."""

    code = "accept"
    fields = {}
    status = AssignmentStatus.PENDING

    def __init__(self, seat, place):
        self.seat = seat
        seat.get("/inbox/")  # for the CSRF cookie
        open_places = Assignment.objects.filter(
            unit=place.unit,
            round=1,
            proposal__status=ProposalStatus.HANDLING,
        )
        self.pks = list(open_places.order_by("pk").values_list("pk", flat=True)[:40])
        assert self.pks, "the unit has no open place"
        self.turn = 0

    def prepare(self):
        """The next place in the state that the action starts from, and what its form would post."""
        self.turn += 1
        place = Assignment.objects.get(pk=self.pks[self.turn % len(self.pks)])
        self.put_back(place)
        self.url = reverse("proposals:place_action", args=[place.pk, self.code])
        self.data = {
            **self.fields,
            "version": place.version,
            "request_id": uuid.uuid4(),
            "on": place.opened_on,
        }

    def put_back(self, place):
        accepted_on = None if self.status == AssignmentStatus.PENDING else place.opened_on
        Assignment.objects.filter(pk=place.pk).update(status=self.status, accepted_on=accepted_on)
        clocks = Clock.objects.filter(assignment=place)
        if self.status == AssignmentStatus.PENDING:
            clocks.filter(kind="first_contact").delete()
            clocks.filter(kind="accept").update(met_on=None)
        case = Case.load(place.proposal_id)
        turns.rewrite(case)
        case.save_touched()

    def __call__(self):
        return self.seat.post(self.url, self.data)


class LogContact(Accept):
    """登记沟通 by POST, with a page of words."""

    code = "log_contact"
    status = AssignmentStatus.ACCEPTED
    fields = {
        "stage": "before",
        "mode": "visit",
        "people": "副厅长等 3 人",
        "words": "与代表当面沟通，代表介绍了走访情况，希望先解决最急的一件，并写明完成时间。" * 3,
    }
