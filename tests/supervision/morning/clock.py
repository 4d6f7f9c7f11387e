"""The queue's programs with a clock that is put forward: `celery -A tests.supervision.morning.clock worker`.

For tests alone: by MOVED_CLOCK_SECONDS, which nothing else reads.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(
    datetime.now(UTC) + timedelta(seconds=int(os.environ["MOVED_CLOCK_SECONDS"])), tick=True
).start()

from config.celery import app  # noqa: E402, F401
