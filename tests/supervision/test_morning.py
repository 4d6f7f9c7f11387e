"""A morning with 500 recipients, real programs and what may befall them. What is counted are rows and mails.

On SQLite with the queue in a folder, on PostgreSQL with Redis where there is one: in each run of the suite the
one that belongs together.
"""

import os
import random
import threading
import time
from collections import Counter

import pytest
from django.conf import settings

from .morning.installation import LEASE, Installation, PostgresBase, SqliteBase, build_scene, fresh
from .morning.scene import PEOPLE
from .morning.sink import Sink

pytestmark = pytest.mark.slow

IS_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
REDIS = os.environ.get("TEST_REDIS_URL", "") if IS_POSTGRES else ""
SEED = 20260507
DAY = 86400


def broker():
    if not REDIS:
        return {"CELERY_BROKER_URL": "safefs://localhost"}
    return {"CELERY_BROKER_URL": REDIS, "CELERY_QUEUE": f"morning-{os.getpid()}-{time.monotonic_ns()}"}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The scene, built once."""
    folder = tmp_path_factory.mktemp("morning")
    base = PostgresBase(settings.DATABASES["default"]) if IS_POSTGRES else SqliteBase(folder)
    try:
        base.told = build_scene(base, folder)
        yield base
    finally:
        base.close()


@pytest.fixture
def sink():
    sink = Sink(seconds=0.003)
    yield sink
    sink.stop()


@pytest.fixture
def there(base, sink, tmp_path):
    """An installation of which nothing runs yet."""
    there = Installation(base, fresh(tmp_path / "var"), base.told, sink, broker())
    yield there
    there.close()
    if REDIS:
        _empty_redis(there.environment["CELERY_QUEUE"])


def _empty_redis(queue):
    import redis

    client = redis.Redis.from_url(REDIS)
    client.delete(queue, f"_kombu.binding.{queue}")
    held = client.hgetall("unacked")
    mine = [tag for tag, raw in held.items() if queue.encode() in raw]
    if mine:
        client.hdel("unacked", *mine)
        client.zrem("unacked_index", *mine)


def until(condition, there, limit=90):
    """Wait for what must come."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, there.tail()
        time.sleep(0.02)


def digests(there):
    """{(user, day): content} of every digest; fails where a person has two of one day."""
    rows = there.rows("SELECT user_id, day, content FROM notifications_digest")
    found = {(user, str(day)): str(content) for user, day, content in rows}
    assert len(found) == len(rows)
    return found


def all_sent(there):
    return not there.one("SELECT count(*) FROM notifications_delivery WHERE state <> 'sent'")


def morning_done(there, days=1):
    finished = "SELECT count(*) FROM supervision_dailyrun WHERE finished_at IS NOT NULL"
    return there.one(finished) == days and all_sent(there)


def assert_everybody_has(there, *, days=1, mails_exactly=None):
    """One digest a day for each of the 500 and at least one mail of it, every repetition the same."""
    assert Counter(day for _, day in digests(there)) and len({day for _, day in digests(there)}) == days
    people = "SELECT count(*) FROM notifications_digest d JOIN accounts_user u ON u.id = d.user_id"
    per_day = there.rows(f"{people} WHERE u.email LIKE 'p%@example.test' GROUP BY d.day")
    assert per_day == [(PEOPLE,)] * days
    by_message = {}
    for to, subject, number, body in there.sink.mails:
        by_message.setdefault((to, number), set()).add((subject, body))
    assert all(len(texts) == 1 for texts in by_message.values())
    per_person = Counter(to for to, _ in by_message)
    assert {to: per_person[to] for to in there.told["people"]} == dict.fromkeys(there.told["people"], days)
    if mails_exactly is not None:
        ours = Counter(to for to, *_ in there.sink.mails if to in set(there.told["people"]))
        assert set(ours.values()) == {mails_exactly}
    duplicates = "SELECT user_id, key FROM notifications_notice GROUP BY user_id, key HAVING count(*) > 1"
    assert there.rows(duplicates) == []


class Clerk(threading.Thread):
    """Signs for one case after the other through the pages, sending each form until it is taken."""

    def __init__(self, there):
        super().__init__(daemon=True)
        self.there, self.outcomes, self.error = there, [], None

    def run(self):
        try:
            for place in self.there.told["places"]:
                path = f"/assignments/{place}/accept/"
                fields = self.there.form_of(path)
                for _ in range(2):  # and once more, as if the answer had been lost
                    self.outcomes.append(self.there.insist(path, fields)[0])
                time.sleep(1)
        except BaseException as error:
            self.error = error


def test_killed_at_random_points(there):
    """Web server, worker and timer, with SIGKILL, while digests are made and while mails go out."""
    chance = random.Random(SEED)
    there.start("web", "worker", "beat")
    clerk = Clerk(there)
    clerk.start()
    until(lambda: there.one("SELECT count(*) FROM supervision_dailyrun"), there)
    time.sleep(chance.uniform(0, 0.4))
    seen = {}
    points = [None, *sorted(chance.sample(range(10, PEOPLE - 20), 3))]
    for point, others in zip(points, (["beat"], ["web"], [], ["web", "beat"]), strict=True):
        if point is not None:
            until(lambda point=point: there.sink.count() >= point, there)
        there.kill("worker", *others)
        made = digests(there)
        assert all(made[key] == content for key, content in seen.items()), "another content"
        seen = made
        there.start("worker", *others)
    until(lambda: there.sink.count() >= PEOPLE - 4, there)
    # Who was being told at a kill is told when the lease of the dead is over.
    time.sleep(LEASE)
    there.kill("worker")
    there.start("worker")
    until(lambda: morning_done(there), there)
    clerk.join(90)
    assert clerk.error is None, clerk.error
    made = digests(there)
    assert all(made[key] == content for key, content in seen.items())
    assert_everybody_has(there)
    assert there.rows("SELECT name FROM core_heartbeat ORDER BY name") == [("beat",), ("worker",)]
    # However often they were started, the queue holds each call once at most.
    assert there.waiting() <= 5
    # What the clerk did stands once, whichever of the two answers got lost.
    assert set(clerk.outcomes) == {302}
    done = "SELECT count(*) FROM proposals_proposalevent WHERE action = 'accept' GROUP BY proposal_id"
    assert there.rows(done) == [(1,)] * len(there.told["places"])


def test_mail_server_down_for_a_while(there):
    there.start("worker")
    until(lambda: there.sink.count() >= 100, there)
    there.sink.stop()
    resting = "SELECT count(*) FROM notifications_lane WHERE name = 'email' AND rests_until IS NOT NULL"
    until(lambda: there.one(resting), there)
    # A server that is down is asked by a few messages, not by all.
    assert there.one("SELECT count(*) FROM notifications_delivery WHERE error <> ''") < 10
    made = digests(there)
    there.sink.start()
    there.kill("worker")
    there.start("worker", moved=600)
    until(lambda: morning_done(there), there)
    assert digests(there) == made
    assert_everybody_has(there, mails_exactly=1)


def test_by_cron_twice_at_once_then_the_clock_goes_three_days_on_and_back(there):
    """Without any worker everything is made and sent, by two at once everything once. Then a worker whose clock
    is three days on: one digest more, not three. Then the clock is right again: nothing more."""
    runs = [there.manage("run_daily") for _ in range(2)]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert morning_done(there)
    assert_everybody_has(there, mails_exactly=1)

    there.start("worker", moved=3 * DAY)
    until(lambda: morning_done(there, days=2), there)
    assert_everybody_has(there, days=2, mails_exactly=2)
    before, mails = digests(there), there.sink.count()
    reminders = there.one("SELECT count(*) FROM supervision_reminder")

    there.kill("worker")
    said = there.manage("run_daily").communicate(timeout=120)[0]
    assert "当天已经做过" in said
    assert digests(there) == before
    assert there.sink.count() == mails
    assert there.one("SELECT count(*) FROM supervision_reminder") == reminders


@pytest.mark.postgres
def test_database_restarted_in_the_middle(base, there):
    """Every connection is cut and none is let in for a while."""
    there.start("web", "worker")
    there.insist("/login/")
    until(lambda: there.sink.count() >= 100, there)
    name = there.url.rpartition("/")[2]
    base.order(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    base.order(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    assert there.ask("/health/live")[0] == 503
    time.sleep(LEASE)
    base.order(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert there.insist("/health/live")[0] == 200
    # The next thing that anybody does wakes the worker, without which the timer's next minute would.
    path = f"/assignments/{there.told['places'][0]}/accept/"
    there.insist(path, there.form_of(path))
    there.manage("run_daily").communicate(timeout=90)
    until(lambda: morning_done(there), there)
    assert_everybody_has(there)
