"""Signs of life: heartbeats of the timer and the worker, and how each periodic job last went.

They must never stop what they only watch, so a database that is away is logged and passed over.
"""

import logging
import time
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from .models import Heartbeat, JobRun

logger = logging.getLogger(__name__)


def beat(name):
    """Write that `name` (beat, worker) is alive now."""
    _write(Heartbeat, name, at=timezone.now())


@contextmanager
def job(name):
    """Keep on record when the enclosed job began and ended; yields a dict for its counts. Errors pass through."""
    started, clock, counts = timezone.now(), time.monotonic(), {}
    _write(JobRun, name, started_at=started)
    try:
        yield counts
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:300]
        _write(JobRun, name, started_at=started, failed_at=timezone.now(), error=words)
        raise
    seconds = round(time.monotonic() - clock, 2)
    _write(
        JobRun,
        name,
        started_at=started,
        finished_at=timezone.now(),
        seconds=seconds,
        counts=counts,
        failed_at=None,
        error="",
    )


def _write(model, name, **fields):
    try:
        if not model.objects.filter(name=name).update(**fields):
            model.objects.bulk_create([model(name=name, **fields)], ignore_conflicts=True)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("%s of %s was not written: %s", model.__name__, name, error)
