"""Databases of the bench's own: made, found again, dropped. What it did not make it refuses to touch."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql

from scripts.test import postgres_url

NAME = "bench_proposals"
# Written into what we make: the comment of a PostgreSQL database, the application id of an SQLite file.
MARK = "made by python -m bench"
MARK_ID = 0x62656E63


class NotOurs(Exception):
    """A database of our name that the bench did not make; the text is the sentence to show."""


class Absent(Exception):
    """No such server; the text is the sentence to show."""


class SQLite:
    """A file in the work folder."""

    vendor = "sqlite"

    def __init__(self, size, folder):
        self.path = Path(folder) / f"{NAME}_{size}.sqlite3"
        self.url = f"sqlite:///{self.path}"

    @property
    def exists(self):
        """Whether the file is there; raises NotOurs where somebody else made it."""
        if not self.path.exists():
            return False
        with closing(sqlite3.connect(self.path)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != MARK_ID:
                raise NotOurs(
                    f"{self.path} 不是性能测试建立的，不会动它。请移开，或用 --folder 换一个文件夹。"
                )
        return True

    def make(self):
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(f"PRAGMA application_id = {MARK_ID}")
            connection.commit()

    def drop(self):
        if self.exists:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


class PostgreSQL:
    """A database of the local server."""

    vendor = "postgresql"

    def __init__(self, size, folder):
        server = postgres_url()
        if server is None:
            raise Absent("没有可用的 PostgreSQL。可用 TEST_DATABASE_URL 指明一个可以建库的地址。")
        self.name = f"{NAME}_{size}"
        self.server = server.rpartition("/")[0]
        self.url = f"{self.server}/{self.name}"

    def _ask(self, statement, *values, fetch=False):
        connection = psycopg2.connect(f"{self.server}/postgres")
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(self.name)), values)
            return cursor.fetchone() if fetch else None

    @property
    def exists(self):
        """Whether the database is there; raises NotOurs where somebody else made it."""
        row = self._ask(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            self.name,
            fetch=True,
        )
        if row is not None and row[0] != MARK:
            raise NotOurs(f"PostgreSQL 里的 {self.name} 不是性能测试建立的，不会动它。请改名或删除后再试。")
        return row is not None

    def make(self):
        self._ask("CREATE DATABASE {}")
        self._ask("COMMENT ON DATABASE {} IS %s", MARK)

    def drop(self):
        if self.exists:
            self._ask("DROP DATABASE {}")


KINDS = {kind.vendor: kind for kind in (SQLite, PostgreSQL)}
