"""Programs and database of one installation, started, killed and asked as an operator would."""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[3]
SCENE = [sys.executable, "-m", "tests.supervision.morning.scene"]
LEASE = 2


def _run_module():
    spec = importlib.util.spec_from_file_location("run", ROOT / "scripts" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SqliteBase:
    """A database in a file; copies are cheap."""

    def __init__(self, folder):
        self.folder, self.scene = folder, folder / "scene.sqlite3"
        self.url = f"sqlite:///{self.scene}"
        self.number = 0

    def copy(self):
        """The address of a fresh copy of the scene, and how to ask it: (url, connect)."""
        self.number += 1
        path = self.folder / f"copy{self.number}.sqlite3"
        with (
            contextlib.closing(sqlite3.connect(self.scene)) as old,
            contextlib.closing(sqlite3.connect(path)) as new,
        ):
            old.backup(new)
        return f"sqlite:///{path}", lambda: sqlite3.connect(path, timeout=20)

    def close(self):
        pass


class PostgresBase:
    """A database of a server; copies are made by the server."""

    def __init__(self, server):
        self.server, self.names = server, []
        self.url = self._url(self._create(""))

    def _create(self, template):
        name = f"test_morning_{os.getpid()}_{len(self.names)}"
        self.order(f"DROP DATABASE IF EXISTS {name}")
        self.order(f"CREATE DATABASE {name} {template}")
        self.names.append(name)
        return name

    def _url(self, name):
        s = self.server
        login = urllib.parse.quote(s["USER"], safe="") + (
            ":" + urllib.parse.quote(s["PASSWORD"], safe="") if s["PASSWORD"] else ""
        )
        return f"postgres://{login}@{s['HOST'] or '127.0.0.1'}:{s['PORT'] or 5432}/{name}"

    def copy(self):
        name = self._create(f"TEMPLATE {self.names[0]}")
        return self._url(name), lambda: psycopg2.connect(self._url(name))

    def order(self, command):
        """Run a command that stands outside every transaction."""
        connection = psycopg2.connect(self._url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(command)
        finally:
            connection.close()

    def close(self):
        for name in reversed(self.names):
            self.order(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def build_scene(base, var):
    """Fill the base's first database; returns what the scene tells."""
    done = subprocess.run(SCENE, cwd=ROOT, env=environment(base.url, var), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def environment(database, var, **more):
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "VAR_DIR": str(var),
        "DIGEST_HOUR": "00:00",
        "DELIVERY_LEASE_SECONDS": str(LEASE),
        "LOG_LEVEL": "ERROR",
        "DEBUG": "true",  # pages without collected static files
    }
    return {**os.environ, **own, **more}


class Installation:
    """Web server, worker and timer over a copy of the scene."""

    def __init__(self, base, var, told, sink, broker):
        self.told, self.sink, self.running = told, sink, {}
        self.url, self.connect = base.copy()
        self.port = _free_port()
        self.log = open(var / "log", "ab")  # noqa: SIM115 - closed by `close`
        mail = f"smtp://127.0.0.1:{sink.port}"
        self.environment = environment(self.url, var, EMAIL_URL=mail, **broker)
        run = _run_module()
        self.commands = {"web": run.web(self.port), "worker": run.worker(), "beat": run.beat()}

    # --- Programs ---------------------------------------------------------------------------------------

    def start(self, *names, moved=0):
        """Start these programs, their clock put forward by `moved` seconds."""
        for name in names:
            command, own = list(self.commands[name]), dict(self.environment)
            if moved:
                command[command.index("config")] = "tests.supervision.morning.clock"
                own["MOVED_CLOCK_SECONDS"] = str(moved)
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=own, stdout=self.log, stderr=self.log, start_new_session=True
            )

    def kill(self, *names):
        """SIGKILL, children included, at once."""
        for name in names:
            process = self.running.pop(name)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self):
        self.kill(*list(self.running))
        self.log.close()

    def manage(self, *words):
        """A management command that runs beside them."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    # --- The database -----------------------------------------------------------------------------------

    def rows(self, query):
        """What the database holds, read from outside the programs."""
        connection = self.connect()
        try:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()
        finally:
            connection.close()

    def one(self, query):
        return self.rows(query)[0][0]

    def waiting(self):
        """How many messages wait in the queue."""
        code = "from core.backlog import backlog; print(backlog().waiting)"
        return int(self.manage("shell", "-v", "0", "-c", code).communicate(timeout=60)[0])

    # --- Pages ------------------------------------------------------------------------------------------

    def ask(self, path, fields=None):
        """GET, or POST `fields`; returns (status, text). Raises OSError where nobody answers."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        token = "x" * 32
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=data,
            headers={
                "Cookie": f"{self.told['cookie']}; csrftoken={token}",
                **({"X-CSRFToken": token} if data else {}),
            },
        )
        try:
            with _opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def insist(self, path, fields=None):
        """Ask until somebody answers and not with an error of the server, as a person does."""
        deadline = time.monotonic() + 60
        while True:
            try:
                status, text = self.ask(path, fields)
                if status < 500:
                    return status, text
            except OSError:
                pass
            assert time.monotonic() < deadline, f"{path} 没有应答"
            time.sleep(0.1)

    def form_of(self, path):
        """The hidden fields of the form at this address."""
        _, text = self.insist(path)
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
        return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}

    def tail(self):
        """The end of what the programs said, for a test that fails."""
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")[-3000:]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fresh(folder):
    """An empty folder of this name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
