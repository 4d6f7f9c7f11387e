"""One database, one size, in a process of its own: made ready, filled unless it is already, measured.

Started by `python -m bench`, with DATABASE_URL and VAR_DIR set; writes the figures as JSON.
"""

import dataclasses
import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from bench import load, measure
from institutions.models import Congress, Unit
from proposals.models import Proposal

GIN = importlib.import_module("proposals.migrations.0002_text_search").POSTGRESQL[-1]


def main(size, requests, runs, only, report):
    """Fill where nothing is yet, then measure and write the report."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    seconds = None
    if not Congress.objects.exists():
        started = time.monotonic()
        fill(size)
        seconds = time.monotonic() - started
    assert Proposal.objects.count() == size, "the database holds another number of proposals"
    settings.ROOT_URLCONF = "bench.urls"
    figures = [
        dataclasses.asdict(figure)
        for figure in measure.measure(_people(), requests=requests, runs=runs, only=only)
    ]
    facts = {
        "version": version(),
        "bytes": _bytes(),
        "load_seconds": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    Path(report).write_text(json.dumps({"facts": facts, "figures": figures}), encoding="utf-8")


def fill(size, **options):
    """Load, with the text index of PostgreSQL built once at the end; `options` are those of load.load."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute("SET synchronous_commit TO off")
            cursor.execute("SET maintenance_work_mem TO '512MB'")
            cursor.execute("DROP INDEX proposals_searchdoc_tsv")
        load.load(size, say=lambda words: print(f"\r  已装入 {words}", end="", flush=True), **options)
        print()
        if is_postgresql:
            cursor.execute(GIN)
            cursor.execute("VACUUM ANALYZE")


def _people():
    """The people that `load` made, found again."""
    unit = Unit.objects.order_by("pk")[2]
    names = {"office": "office", "handler": f"handler{unit.pk}", "deputy": "deputy1"}
    people = {name: User.objects.get(username=username) for name, username in names.items()}
    return SimpleNamespace(unit=unit, **people)


def version():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"


def _bytes():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
        return os.path.getsize(settings.DATABASES["default"]["NAME"])


if __name__ == "__main__":
    size, requests, runs, only, report = sys.argv[1:]
    main(int(size), int(requests), int(runs), only, report)
