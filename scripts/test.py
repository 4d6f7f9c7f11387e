"""Everything that must hold before a change lands. See `make test`.

Static checks, then the tests: on SQLite always, on PostgreSQL and with Redis where those servers answer, in
a real Chromium where there is one. Says at the end what was left out; with CI set, nothing may be.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CI = bool(os.environ.get("CI"))
FAST = "--fast" in sys.argv
PARALLEL = ("-n", "2")
POSTGRES_PORT = os.environ.get("PGPORT", "5432")
MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'proposals_test') THEN
        CREATE ROLE proposals_test;
    END IF;
END $$;
ALTER ROLE proposals_test LOGIN CREATEDB PASSWORD :'password';
"""

results = []  # (name, outcome), in the order they ran


def main():
    """Run all checks and return the exit status."""
    os.chdir(ROOT)
    if "--lint" in sys.argv:
        lint()
    elif FAST:
        tests("测试（SQLite，快）", "not browser and not slow", *PARALLEL)
    else:
        lint()
        everything()
    print("\n" + "─" * 60)
    for name, outcome in results:
        print(f"{outcome}　{name}")
    left_out = any(outcome == "略过" for _name, outcome in results)
    failed = any(outcome == "不过" for _name, outcome in results)
    if CI and left_out:
        print("CI 下不允许略过任何一项。")
    return 1 if failed or (CI and left_out) else 0


def lint():
    """Style, templates, known weaknesses, Django's own checks, forgotten migrations."""
    check("ruff check", PYTHON, "-m", "ruff", "check", ".")
    check("ruff format", PYTHON, "-m", "ruff", "format", "--check", ".")
    check("djlint", PYTHON, "-m", "djlint", "--lint", "--quiet", "templates")
    check("bandit", PYTHON, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", ".")
    check("manage.py check", PYTHON, "manage.py", "check", "--fail-level", "WARNING")
    check("makemigrations --check", PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")


def everything():
    postgres, redis = postgres_url(), redis_url()
    chromium = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    redis_env = {"TEST_REDIS_URL": redis} if redis else {}

    tests("测试（SQLite）", "not browser", *PARALLEL, **redis_env)
    if not redis:
        leave_out("Redis 测试：127.0.0.1:6379 没有应答。可用 TEST_REDIS_URL 指明")
    if postgres:
        outside = "not browser and not process"
        tests("测试（PostgreSQL）", outside, *PARALLEL, DATABASE_URL=postgres, **redis_env)
    else:
        leave_out("PostgreSQL 测试：没有可用的服务器。可用 TEST_DATABASE_URL 指明（须能建库）")
    if not chromium:
        leave_out("浏览器测试：本机没有 Chromium")
        return
    tests("浏览器测试（SQLite）", "browser", *PARALLEL)
    if postgres:
        tests("主线（浏览器，PostgreSQL）", "story", DATABASE_URL=postgres)


def tests(name, markers, *options, **environment):
    """Run the tests that carry these markers."""
    command = [PYTHON, "-m", "pytest", "-q", "-m", markers, *options]
    # Exit status 5 means no test carries the marker; that must be noticed too.
    check(name, *command, **environment)


def check(name, *command, **environment):
    """Run one command, show its output, note how it went and how long it took."""
    print(f"\n── {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # Never the database of this installation; test databases are made beside it.
        environment.setdefault("DATABASE_URL", f"sqlite:///{folder}/unused.sqlite3")
        done = subprocess.run(command, env={**os.environ, **environment}, check=False)
    seconds = time.monotonic() - started
    results.append((f"{name}（{seconds:.0f} 秒）", "不过" if done.returncode else "通过"))


def leave_out(why):
    print(f"\n── 略过{why}", flush=True)
    results.append((why, "略过"))


def redis_url():
    """Return the address of a Redis server that answers, or None."""
    if os.environ.get("TEST_REDIS_URL"):
        return os.environ["TEST_REDIS_URL"]
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        return None
    return "redis://127.0.0.1:6379/15"


def postgres_url():
    """Return the address of a PostgreSQL where databases may be created, or None.

    TEST_DATABASE_URL wins. Else a local server is asked: first without password, then, for root, by making
    a role as the server's own administrator.
    """
    wanted = os.environ.get("TEST_DATABASE_URL")
    if wanted:
        return wanted
    for user in ("postgres", os.environ.get("USER", "root")):
        url = f"postgres://{user}@127.0.0.1:{POSTGRES_PORT}/proposals"
        if may_create_databases(url):
            return url
    if os.geteuid() == 0 and shutil.which("psql"):
        return own_role()
    return None


def own_role():
    """Make the role `proposals_test` with a new password through the server's administrator."""
    password = secrets.token_hex(16)
    script = f"\\set password {password}\n{MAKE_ROLE}"
    command = ["su", "postgres", "-c", "psql -q -v ON_ERROR_STOP=1"]
    done = subprocess.run(command, input=script, text=True, capture_output=True, cwd="/", check=False)
    url = f"postgres://proposals_test:{password}@127.0.0.1:{POSTGRES_PORT}/proposals"
    return url if done.returncode == 0 and may_create_databases(url) else None


def may_create_databases(url):
    try:
        connection = psycopg2.connect(url.removesuffix("proposals") + "postgres", connect_timeout=2)
    except psycopg2.OperationalError:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        allowed = cursor.fetchone()[0]
    connection.close()
    return allowed


if __name__ == "__main__":
    sys.exit(main())
