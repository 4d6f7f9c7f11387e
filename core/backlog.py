"""What waits in the queue, whichever broker keeps it."""

import time
from dataclasses import dataclass

from celery import current_app
from kombu.exceptions import OperationalError


@dataclass(frozen=True)
class Backlog:
    """Messages waiting, seconds that the oldest has waited (None: none, or not known), messages in work."""

    waiting: int
    age: float | None
    running: int


def backlog():
    """The Backlog of the queue; None when the broker does not answer within its second."""
    try:
        with current_app.connection_for_write() as connection:
            # What Redis raises once it is connected (it hangs, wants a password) is none of kombu's own errors.
            faults = (*connection.connection_errors, *connection.channel_errors)
            try:
                return _of(connection.default_channel)
            except faults:
                return None
    except (OperationalError, OSError):
        return None


def _of(channel):
    queue = current_app.conf.task_default_queue
    if not hasattr(channel, "backlog"):
        return Backlog(channel._size(queue), None, 0)
    waiting, oldest, running = channel.backlog(queue)
    # Not below zero: the clock may have been put back since.
    return Backlog(waiting, None if oldest is None else max(0.0, time.time() - oldest), running)


def tidy_queue(days):
    """Remove what senders and strangers left in the queue's folder `days` ago or earlier; returns how many."""
    try:
        with current_app.connection_for_write() as connection:
            channel = connection.default_channel
            return channel.tidy(time.time() - days * 86400) if hasattr(channel, "tidy") else 0
    except (OperationalError, OSError):
        return 0
