"""SQLite connections that outlive a request, as those of psycopg's pool do on PostgreSQL.

Every request closes its connection at its end. A new one must open the file,
map the log and read the whole schema before its first answer: half of what a kept page costs.
Source: docs/decisions/0021-shared-pages.md.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base, operations

IDLE_MAX = 16  # connections; more than that many requests are not served at once
PROBE = "forum_probe"
APPEND_ONLY = "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name GLOB 'append_*'"

# Appending and popping are atomic. Another process, and another file under the same name (a
# restored backup), have other keys.
Key = tuple[int, int, int]
Idle = deque[tuple[str, sqlite3.Connection]]  # each with the options it was opened with
_idle: dict[Key, Idle] = {}


class DatabaseOperations(operations.DatabaseOperations):
    """Empties tables that are append-only as well, as TRUNCATE does on PostgreSQL."""

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """What `flush` runs. Triggers would refuse it: they are lifted meanwhile."""
        with (
            transaction.atomic(using=self.connection.alias),
            self.connection.cursor() as cursor,
        ):
            cursor.execute(APPEND_ONLY)
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {self.quote_name(name)}")
            for sql in sql_list:
                cursor.execute(sql)
            for _name, sql in triggers:
                cursor.execute(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes an idle connection where there is one, and leaves it idle where it is clean."""

    ops_class = DatabaseOperations
    _file: Key | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        self._file = self._key()
        idle = _idle.get(self._file, ()) if self._file else ()
        while idle:
            try:
                options, waiting = idle.pop()
            except IndexError:
                break  # another thread was quicker
            if options == repr(conn_params):
                return _like_new(waiting)
            waiting.close()
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        self._file = self._key()  # the first connection makes the file
        connection.create_function(PROBE, 0, _nothing)
        return connection

    def close_pool(self) -> None:
        """Close what is idle, as at the end of the process; SQLite then tidies up its log."""
        while _idle:
            _key, idle = _idle.popitem()
            while idle:
                idle.pop()[1].close()

    def _close(self) -> None:
        idle = self._place()
        if idle is not None and len(idle) < IDLE_MAX:
            idle.append((repr(self.get_connection_params()), self.connection))
        else:
            super()._close()  # type: ignore[misc]  # Django's own hook

    def _place(self) -> Idle | None:
        """Where the connection may wait for the next request, if it may."""
        if self.connection is None or self._file is None or self._file != self._key():
            return None
        if not self._is_clean():
            return None
        for other in set(_idle) - {self._file}:
            _idle.pop(other, None)
        return _idle.setdefault(self._file, deque())

    def _is_clean(self) -> bool:
        """Whether nothing of the request is left in it: no transaction, no answer half read.

        A cursor that is still open holds the state of the data at its time: whoever came next
        would read the past. SQLite refuses to replace a function while a statement runs.
        """
        if self.in_atomic_block or self.errors_occurred or self.connection.in_transaction:
            return False
        try:
            self.connection.create_function(PROBE, 0, _nothing)
        except sqlite3.Error:
            return False
        return True

    def _key(self) -> Key | None:
        try:
            file = Path(self.settings_dict["NAME"]).stat()
        except (OSError, TypeError, ValueError):
            return None  # in memory, or not made yet
        return (os.getpid(), file.st_dev, file.st_ino)


def _like_new(connection: sqlite3.Connection) -> sqlite3.Connection:
    """As Django opens one: a migration that fails leaves the keys unchecked."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA legacy_alter_table = ON")
    return connection


def _nothing() -> None:
    """The function that the probe replaces."""
