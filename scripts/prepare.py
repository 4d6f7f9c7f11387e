"""Bring database and static files up to date before a start; the first time, load the demonstration data.

Each step is skipped where nothing changed, so that a second start is quick and keeps all data.
"""

import hashlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def main():
    call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        collect_static()
    load_data()


def collect_static():
    """Collect static files unless they are, to the byte's time and size, those collected last."""
    found = sorted(
        f"{path} {stat.st_size} {stat.st_mtime_ns}"
        for finder in get_finders()
        for path, storage in finder.list([])
        for stat in [os.stat(storage.path(path))]
    )
    print_now = hashlib.sha256("\n".join(found).encode()).hexdigest()
    stamp = settings.VAR_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == print_now and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(print_now)


def load_data():
    """Seed the calendar with years it lacks, and load the demonstration into an empty database."""
    from core.calendars import seed_calendar
    from institutions.models import Congress

    seed_calendar()
    if settings.LOAD_DEMO and not Congress.objects.exists():
        print("首次启动，正在装入演示数据（约需两分钟）……", flush=True)
        call_command("load_demo", verbosity=0)


main()
