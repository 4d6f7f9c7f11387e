"""kombu's Redis transport, with two things more: a bare call waits only once (see `calls.py`), so that nothing
piles up while no worker is there, and each message tells when it was sent, so that the queue's age is known.
"""

import time

from kombu.transport import TRANSPORT_ALIASES, redis
from kombu.utils.json import loads

from .calls import bare_call

for _scheme in ("redis", "rediss"):
    TRANSPORT_ALIASES[_scheme] = "config.redisbroker:Transport"

# Bare calls wait once each, so a queue longer than this holds other things and is not searched further.
LOOK_AT = 100


class Channel(redis.Channel):
    """A channel that leaves out what already waits. Two senders at the same instant may both put theirs."""

    def _put(self, queue, message, **kwargs):
        call = bare_call(message)
        if call and call in self._waiting_calls(queue):
            return
        message["headers"]["sent_at"] = time.time()
        super()._put(queue, message, **kwargs)

    def _waiting_calls(self, queue):
        with self.conn_or_acquire() as client:
            found = client.lrange(self._q_for_pri(queue, 0), 0, LOOK_AT - 1)
        return {bare_call(loads(item)) for item in found}

    def backlog(self, queue):
        """How many messages wait, since when the oldest does (seconds since 1970, None where unknown), and how
        many are being worked on, or were when their worker was killed."""
        with self.conn_or_acquire() as client:
            last = client.lindex(self._q_for_pri(queue, 0), -1)
            running = client.hlen(self.unacked_key)
        oldest = loads(last)["headers"].get("sent_at") if last else None
        return self._size(queue), oldest, running


class Transport(redis.Transport):
    """What kombu looks up for broker URLs beginning with `redis` or `rediss`."""

    Channel = Channel
