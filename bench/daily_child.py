"""One step of `bench.daily` in a process of its own: load the open cases, or run the morning and measure it."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from bench import child  # sets Django up

# isort: split
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from core.calendars import load_calendar
from core.workdays import workday_from
from institutions.models import Congress
from notifications.models import Delivery
from proposals.models import Clock, Proposal
from supervision import daily

STEPS = ("recompute_provisional", "mark_silent_replies", "put_away_done", "remind", "make_digests")
ADDRESS = "person{}@example.invalid"


def load(size):
    """Migrate, fill with open cases alone, and give everybody an address."""
    call_command("migrate", interactive=False, verbosity=0)
    if Congress.objects.exists():
        return
    child.fill(size, open_share=1)
    people = list(User.objects.only("pk"))
    for user in people:
        user.email = ADDRESS.format(user.pk)
    User.objects.bulk_update(people, ["email"], batch_size=1000)


def measure(size, report):
    """Run the morning, and the same morning again; write the figures as JSON."""
    seconds = {}
    for name in STEPS:
        _clock(name, seconds)
    facts = {
        "version": child.version(),
        "clocks": Clock.objects.filter(met_on=None, voided_on=None).count(),
        "proposals": Proposal.objects.count(),
        "people": User.objects.count(),
        "load": os.getloadavg()[0],
        "idle": _memory(),
        "runs": {},
    }
    today = _workday()
    for name in ("第一次", "再跑一次"):
        started = time.perf_counter()
        counts = daily.run_daily(today)
        facts["runs"][name] = {
            "seconds": time.perf_counter() - started,
            "counts": {key: count for key, count in counts.items() if not isinstance(count, bool) and count},
        }
        if name == "第一次":
            facts["steps"] = dict(seconds)
    facts["memory"] = _memory()
    facts["unsent"] = Delivery.objects.exclude(state=Delivery.State.SENT).count()
    Path(report).write_text(json.dumps(facts), encoding="utf-8")


def _clock(name, seconds):
    """Have a step of the job note how long it takes."""
    step = getattr(daily, name)

    def timed(*args, **kwargs):
        started = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            seconds[name] = time.perf_counter() - started

    setattr(daily, name, timed)


def _workday():
    """Today, or the next working day: on others only what is due or overdue is told."""
    return workday_from(timezone.localdate(), load_calendar())


def _memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    step, size, report = sys.argv[1:]
    if step == "load":
        load(int(size))
    else:
        measure(int(size), report)
