"""The folder queue loses nothing: the race of half-written messages, stopping, and killing a worker."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from config import fsbroker

from .queue_probe import note

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "queue"


@pytest.fixture
def queue(folder):
    """An open queue in the folder, as a web process has it."""
    with Connection("safefs://localhost", transport_options={"folder": str(folder)}) as connection:
        yield connection.SimpleQueue("work")


def files(folder, room):
    return sorted(path.name for path in (folder / room).iterdir())


def of_probe(folder, room):
    """What is left for the worker of these tests, which serves a queue of its own."""
    return [name for name in files(folder, room) if ".probe." in name]


class TestOneProcess:
    def test_first_in_first_out(self, queue):
        for number in range(20):
            queue.put({"n": number})
        assert queue.qsize() == 20
        assert [queue.get(timeout=1).payload["n"] for _ in range(20)] == list(range(20))

    def test_half_written_message_is_not_seen(self, queue, folder):
        queue.put("whole")
        (whole,) = (folder / "ready").iterdir()
        # What a sender leaves that was stopped while writing.
        (folder / "ready" / f"{whole.name}.part").write_bytes(whole.read_bytes()[:40])
        assert queue.get(timeout=1).payload == "whole"
        with pytest.raises(queue.Empty):
            queue.get_nowait()

    def test_message_gone_between_looking_and_taking_is_passed_over(self, queue, folder, monkeypatch):
        queue.put("first")
        queue.put("second")
        listed = queue.channel._files("work")
        listed[0].unlink()  # another consumer took it after we had looked
        monkeypatch.setattr(queue.channel, "_files", lambda _queue: listed)
        assert queue.channel._get("work")["body"] is not None
        assert len(files(folder, "taken")) == 1

    def test_what_is_no_message_is_kept_aside_and_stops_nobody(self, queue, folder):
        (folder / "ready" / "00000000000000000001_x.work.msg").write_text("no message", encoding="utf-8")
        queue.put("good")
        assert queue.get(timeout=1).payload == "good"
        assert [name for name in files(folder, "taken") if name.endswith(".bad")]

    def test_acknowledged_message_is_gone(self, queue, folder):
        queue.put("x")
        message = queue.get(timeout=1)
        assert len(files(folder, "taken")) == 1
        message.ack()
        assert files(folder, "ready") == files(folder, "taken") == []

    def test_rejected_message_is_gone(self, queue, folder):
        queue.put("x")
        queue.get(timeout=1).reject()
        assert files(folder, "ready") == files(folder, "taken") == []

    def test_requeued_message_comes_again_once(self, queue, folder):
        queue.put("x")
        queue.get(timeout=1).requeue()
        assert len(files(folder, "ready")) == 1 and files(folder, "taken") == []
        assert queue.get(timeout=1).payload == "x"

    def test_closing_gives_back_what_was_taken_once(self, queue, folder):
        queue.put("x")
        queue.get(timeout=1)
        queue.channel.close()
        assert len(files(folder, "ready")) == 1 and files(folder, "taken") == []

    def test_recover_gives_back_what_a_killed_worker_held(self, queue, folder):
        queue.put("x")
        queue.get(timeout=1)
        assert fsbroker.recover(folder) == 1
        assert len(files(folder, "ready")) == 1 and files(folder, "taken") == []
        assert fsbroker.recover(folder) == 0

    def test_queues_do_not_mix_and_can_be_emptied(self, queue, folder):
        with Connection("safefs://localhost", transport_options={"folder": str(folder)}) as connection:
            other = connection.SimpleQueue("other")
            other.put("y")
            queue.put("x")
            assert (queue.qsize(), other.qsize()) == (1, 1)
            queue.clear()
            assert (queue.qsize(), other.qsize()) == (0, 1)


CALL = {"task": "some.task", "argsrepr": "()", "kwargsrepr": "{}"}


class TestBareCalls:
    """A call without arguments only wakes the worker; one that waits is enough."""

    def test_waits_once_however_often_it_is_sent(self, queue, folder):
        for _ in range(50):
            queue.put({}, headers=CALL)
        queue.put({}, headers=CALL | {"task": "other.task"})
        assert files(folder, "ready") == ["other-task.work.msg", "some-task.work.msg"]

    def test_is_queued_again_once_the_worker_took_it(self, queue, folder):
        queue.put({}, headers=CALL)
        queue.get(timeout=1)
        queue.put({}, headers=CALL)
        queue.put({}, headers=CALL)
        assert (len(files(folder, "ready")), len(files(folder, "taken"))) == (1, 1)
        queue.get(timeout=1)
        assert (len(files(folder, "ready")), len(files(folder, "taken"))) == (0, 2)

    def test_what_a_killed_worker_held_comes_back_once(self, queue, folder):
        for _ in range(2):
            queue.put({}, headers=CALL)
            queue.get(timeout=1)
        queue.put({}, headers=CALL)
        fsbroker.recover(folder)
        assert (files(folder, "ready"), files(folder, "taken")) == (["some-task.work.msg"], [])

    @pytest.mark.parametrize(
        "headers", [{"argsrepr": "(1,)"}, {"kwargsrepr": "{'a': 1}"}, {"eta": "2026-05-06T08:30:00"}]
    )
    def test_a_call_that_says_more_is_always_queued(self, queue, folder, headers):
        for _ in range(3):
            queue.put({}, headers=CALL | headers)
        assert len(files(folder, "ready")) == 3

    def test_keeps_its_place_in_the_order(self, queue):
        queue.put({"n": 1}, headers=CALL)
        time.sleep(0.02)
        queue.put({"n": 2})
        time.sleep(0.02)
        queue.put({"n": 3}, headers=CALL)
        assert [queue.get(timeout=1).payload["n"] for _ in range(2)] == [1, 2]
        with pytest.raises(queue.Empty):
            queue.get_nowait()


class TestBacklog:
    def test_tells_how_many_wait_since_when_and_how_many_are_in_work(self, queue):
        assert queue.channel.backlog("work") == (0, None, 0)
        before = time.time()
        for number in range(3):
            queue.put({"n": number})
        queue.get(timeout=1)
        waiting, oldest, running = queue.channel.backlog("work")
        assert (waiting, running) == (2, 1)
        assert abs(oldest - before) < 5

    def test_leftovers_go_after_their_time_and_nothing_else_does(self, queue, folder):
        queue.put("good")
        for room, name in (
            ("ready", "x.work.msg.part"),
            ("taken", "y~x.work.bad"),
            ("taken", "z~x.work.msg"),
        ):
            (folder / room / name).touch()
        assert queue.channel.tidy(time.time() - 60) == 0
        for room in ("ready", "taken"):
            for path in (folder / room).iterdir():
                os.utime(path, (1, 1))
        assert queue.channel.tidy(time.time() - 60) == 2
        assert len(files(folder, "ready")) == 1
        assert files(folder, "taken") == ["z~x.work.msg"]


@pytest.mark.redis
class TestRedis:
    """The same over Redis, in a queue of its own."""

    @pytest.fixture
    def queue(self):
        name = f"test-{os.getpid()}"
        with Connection(os.environ["TEST_REDIS_URL"]) as connection:
            queue = connection.SimpleQueue(name)
            queue.clear()
            yield queue
            queue.clear()
            queue.channel.queue_delete(name)

    def test_a_bare_call_waits_once_and_again_once_it_was_taken(self, queue):
        for _ in range(20):
            queue.put({}, headers=CALL)
        queue.put({}, headers=CALL | {"argsrepr": "(1,)"})
        assert queue.qsize() == 2
        queue.get(timeout=1).ack()
        queue.put({}, headers=CALL)
        queue.put({}, headers=CALL)
        assert queue.qsize() == 2

    def test_tells_how_many_wait_and_since_when(self, queue):
        name = queue.queue.name
        assert queue.channel.backlog(name)[:2] == (0, None)
        before = time.time()
        queue.put({"n": 1})
        time.sleep(0.05)
        queue.put({"n": 2})
        waiting, oldest, _ = queue.channel.backlog(name)
        assert waiting == 2
        assert 0 <= oldest - before < 0.05


class Worker:
    """A real worker process, started and stopped as `make run` does."""

    def __init__(self, tmp_path, broker):
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CELERY_BROKER_URL": broker,
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        }
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.config.queue_probe", "worker"]
        options = ["--pool", "threads", "--concurrency", "2", "--loglevel", "ERROR", "-Q", "probe"]
        lone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.process = subprocess.Popen([*command, *options, *lone], cwd=ROOT, env=self.environment)

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait(30)


@pytest.fixture
def lines(tmp_path):
    """Return the lines written so far by the probe task."""
    path = tmp_path / "lines"
    path.touch()

    def read():
        return path.read_text(encoding="utf-8").split()

    read.path = str(path)
    return read


def wait_until(condition, limit=60):
    """Wait for what must come; how long it takes on a busy machine is not what is tested."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "等不到"
        time.sleep(0.05)


@pytest.fixture
def worker(tmp_path):
    worker = Worker(tmp_path, "safefs://localhost")
    yield worker
    if worker.process and worker.process.poll() is None:
        worker.end(signal.SIGKILL)


def send(broker, options, path, keys):
    with Connection(broker, transport_options=options) as connection:
        for key in keys:
            note.apply_async((path, key), connection=connection, queue="probe", retry=False)


@pytest.mark.slow
@pytest.mark.process
class TestWorkerProcess:
    def test_two_senders_each_message_once(self, worker, lines, folder):
        worker.start()
        senders = [
            threading.Thread(
                target=send,
                args=(
                    "safefs://localhost",
                    {"folder": str(folder)},
                    lines.path,
                    [f"{name}{n}" for n in range(30)],
                ),
            )
            for name in "ab"
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        wait_until(lambda: len(lines()) >= 60)
        worker.end(signal.SIGTERM)
        assert sorted(lines()) == sorted(f"{name}{n}" for name in "ab" for n in range(30))

    def test_stopped_and_started_again_runs_everything_once(self, worker, lines, folder):
        keys = [str(n) for n in range(40)]
        send("safefs://localhost", {"folder": str(folder)}, lines.path, keys)
        worker.start()
        wait_until(lambda: len(lines()) >= 5)
        worker.end(signal.SIGTERM)
        assert len(lines()) < 40
        worker.start()
        wait_until(lambda: len(set(lines())) == 40)
        worker.end(signal.SIGTERM)
        assert sorted(lines()) == sorted(keys)

    def test_killed_and_started_again_loses_nothing(self, worker, lines, folder):
        keys = [str(n) for n in range(40)]
        send("safefs://localhost", {"folder": str(folder)}, lines.path, keys)
        worker.start()
        wait_until(lambda: len(lines()) >= 5)
        worker.end(signal.SIGKILL)
        assert files(folder, "taken")
        worker.start()
        wait_until(lambda: not of_probe(folder, "ready") and not of_probe(folder, "taken"))
        worker.end(signal.SIGTERM)
        # What was under way at the kill runs again: at least once, hence never fewer.
        assert set(lines()) == set(keys)

    @pytest.mark.redis
    def test_the_same_tasks_run_over_redis(self, tmp_path, lines):
        broker = os.environ["TEST_REDIS_URL"]
        worker = Worker(tmp_path, broker)
        worker.start()
        try:
            send(broker, {}, lines.path, ["a", "b", "c"])
            wait_until(lambda: len(lines()) == 3)
        finally:
            worker.end(signal.SIGTERM)
        assert sorted(lines()) == ["a", "b", "c"]


REDIS_OPTIONS = """
from config import settings
import json
print(json.dumps(settings.CELERY_BROKER_TRANSPORT_OPTIONS))
"""


class TestRedisOutOfOrder:
    """A poke to a broker in trouble must fail, not hang: what is to be sent stands in the database anyway."""

    @pytest.fixture
    def options(self, tmp_path):
        environment = {**os.environ, "CELERY_BROKER_URL": "redis://127.0.0.1", "VAR_DIR": str(tmp_path)}
        command = [sys.executable, "-c", REDIS_OPTIONS]
        return json.loads(subprocess.check_output(command, cwd=ROOT, env=environment))

    def test_nobody_listens(self, options, lines):
        with pytest.raises(OperationalError):
            send("redis://127.0.0.1:1/0", options, lines.path, ["x"])
        assert lines() == []

    def test_it_listens_but_never_answers(self, options, lines):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            with pytest.raises(OperationalError):
                send(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", options, lines.path, ["x"])
        assert lines() == []
