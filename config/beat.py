"""The timer (定时器): Celery's own, with a heartbeat, and without a file that a kill could damage.

When it last sent what is of no consequence: every task asks the database itself whether something is due.
"""

import time

from celery.beat import Scheduler as BaseScheduler

EVERY = 30  # seconds


class Scheduler(BaseScheduler):
    """Keeps the schedule in memory, and leaves a sign of life in the database every half minute."""

    max_interval = EVERY
    _beaten = -EVERY

    def tick(self, *args, **kwargs):
        if time.monotonic() - self._beaten >= EVERY:
            from django.db import close_old_connections

            from core.vitals import beat

            self._beaten = time.monotonic()
            # The timer has no requests or tasks whose end would let go of a broken connection.
            close_old_connections()
            beat("beat")
        return super().tick(*args, **kwargs)
