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
        wait_until(lambda: not files(folder, "ready") and not files(folder, "taken"))
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
