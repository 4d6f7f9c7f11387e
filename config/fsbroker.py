"""A Celery broker in a folder (`safefs://`): no server, and no message lost when a process is killed.

kombu's own filesystem transport can hand over a half-written message, and forgets a message as soon as a
worker has read it. Here a message appears by an atomic rename, and a worker renames it into `taken/`, where
it stays until the task is acknowledged. `recover` gives back what a killed worker left there, so delivery is
at least once: tasks must bear being run twice. A call that says no more than one already waiting is not
queued twice (see `calls.py`), so the folder stays small however long the worker is away.

One worker process per folder, because `recover` takes back everything that is out. Any number of senders.
"""

import contextlib
import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

from .calls import bare_call

TRANSPORT_ALIASES["safefs"] = "config.fsbroker:Transport"


def recover(folder):
    """Move messages that were taken but never finished back to the queue; return how many there were.

    Call it once, before the only worker of this folder starts.
    """
    ready, taken = _rooms(folder)
    found = sorted(taken.glob("*.msg"))
    for path in found:
        _publish(path, ready / path.name.rpartition("~")[2])
    return len(found)


def _publish(draft, target):
    """Let a finished file appear at once under its name; one that is there already says the same and stays.

    A link rather than a rename, which would overwrite: the file that waits longest tells how long the queue
    has been waiting.
    """
    with contextlib.suppress(FileExistsError):
        os.link(draft, target)
    draft.unlink()


def _rooms(folder):
    ready, taken = Path(folder) / "ready", Path(folder) / "taken"
    ready.mkdir(parents=True, exist_ok=True)
    taken.mkdir(parents=True, exist_ok=True)
    return ready, taken


class QoS(virtual.QoS):
    """Keeps each message's file in `taken/` until the worker says it is done with it."""

    def ack(self, delivery_tag):
        self.channel.finish(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        # Requeueing publishes a new file first (through `_restore`), so nothing is lost in between.
        super().reject(delivery_tag, requeue=requeue)
        self.channel.finish(delivery_tag)


class Channel(virtual.Channel):
    """Queues as files named `<time>_<random>.<queue>.msg`, or `<task>.<queue>.msg` for a bare call; their
    times, then their names, are the order of sending. In `taken/` a mark and `~` stand before the name."""

    QoS = QoS

    def __init__(self, connection, **kwargs):
        super().__init__(connection, **kwargs)
        self.ready, self.taken = _rooms(connection.client.transport_options["folder"])
        self.held = {}  # delivery tag -> file in taken/

    def _put(self, queue, message, **_kwargs):
        # Wall clock, not monotonic: the order must survive a restart of the machine.
        unique = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        call = bare_call(message)
        name = f"{call.replace('.', '-') if call else unique}.{queue}.msg"
        if (self.ready / name).exists():
            return
        draft = self.ready / f"{unique}.part"
        draft.write_text(dumps(message), encoding="utf-8")
        _publish(draft, self.ready / name)

    def _get(self, queue):
        for path in self._files(queue):
            mine = self.taken / f"{uuid.uuid4().hex}~{path.name}"
            try:
                path.rename(mine)
            except FileNotFoundError:
                continue  # another consumer of this process was quicker
            try:
                message = loads(mine.read_text(encoding="utf-8"))
                tag = message["properties"]["delivery_tag"]
            except (ValueError, KeyError, TypeError):
                mine.rename(mine.with_suffix(".bad"))  # not ours; kept for a person to look at
                continue
            self.held[tag] = mine
            return message
        raise Empty()

    def _restore(self, message):
        # A stopping worker publishes again what it had taken; the taken file must go or the task runs twice.
        super()._restore(message)
        self.finish(message.delivery_tag)

    def finish(self, delivery_tag):
        """Forget the file of a message that is done or was published again."""
        path = self.held.pop(delivery_tag, None)
        if path is not None:
            path.unlink(missing_ok=True)

    def _files(self, queue):
        found = []
        for entry in os.scandir(self.ready):
            if entry.name.partition(".")[2] == f"{queue}.msg":
                with contextlib.suppress(FileNotFoundError):  # taken meanwhile
                    found.append((entry.stat().st_mtime_ns, entry.name))
        return [self.ready / name for _, name in sorted(found)]

    def _size(self, queue):
        return len(self._files(queue))

    def _purge(self, queue):
        files = self._files(queue)
        for path in files:
            path.unlink(missing_ok=True)
        return len(files)

    def backlog(self, queue):
        """How many messages wait, since when the oldest does (seconds since 1970, None without any), and how
        many are being worked on."""
        files = self._files(queue)
        oldest = None
        with contextlib.suppress(IndexError, FileNotFoundError):
            oldest = files[0].stat().st_mtime
        return len(files), oldest, sum(1 for _ in self.taken.glob(f"*.{queue}.msg"))

    def tidy(self, before):
        """Remove what nobody will ask for again, older than `before` (seconds since 1970): files that were no
        messages, and drafts of senders that were killed. Returns how many."""
        old = [
            path
            for path in (*self.taken.glob("*.bad"), *self.ready.glob("*.part"))
            if path.stat().st_mtime < before
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


class Transport(virtual.Transport):
    """What kombu looks up for broker URLs beginning with `safefs`."""

    Channel = Channel
    global_state = virtual.BrokerState()
    default_port = 0
    driver_type = "safefs"
    driver_name = "safefs"

    def driver_version(self):
        return "1"
