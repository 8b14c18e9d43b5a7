"""Django's PostgreSQL, whose pool survives a restart of the server without a failed request, and
which plans our prepared questions once."""

import re
import select
import time
from collections.abc import Collection, Sequence
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg import OperationalError
from psycopg.sql import Literal
from psycopg_pool import ConnectionPool

RESTED_S = 1.0  # what rested longer is asked
_PLACE = re.compile(r"(%%|%s)")


def _may_be_dead(connection: Any) -> bool:
    """Raises: OperationalError where it has no line any more."""
    rested = time.monotonic() - getattr(connection, "rests_since", 0.0)
    return rested > RESTED_S or _has_something_to_say(connection.fileno())


def _has_something_to_say(line: int) -> bool:
    """Whether the other end of an idle line sent something or closed it. Units: a descriptor."""
    waiting = select.poll()
    waiting.register(line, select.POLLIN)
    return bool(waiting.poll(0))


class DatabaseOperations(operations.DatabaseOperations):
    """Tells what was asked with its values in it, whichever cursor asked."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        if isinstance(cursor, base.ServerBindingCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a connection of the pool before its use where it may be dead: something can be read from
    it, or it has rested.

    A server that ended has said so or closed the line: both are seen without a round trip, which
    would be one in thirty of a reply. What is lost in silence (a machine without power, a firewall
    that forgets a line) shows only at an answer, so what rested for a second is asked; a busy
    process asks nothing. Django's CONN_HEALTH_CHECKS ask always, but psycopg_pool 3.3 waits longer
    after each dead connection, and with eight of them gives up after twenty seconds. Here the first
    dead one has all others looked through at once.
    Source: docs/decisions/0038-production.md and 0053-cost-of-a-post-again.md.
    """

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if not self.pool:
            return connection
        try:
            if _may_be_dead(connection):
                ConnectionPool.check_connection(connection)
        except OperationalError:
            self.pool.putconn(connection)
            self.pool.check()
            return super().get_new_connection(conn_params)
        return connection

    def _close(self) -> None:
        if self.pool and self.connection is not None:
            self.connection.rests_since = time.monotonic()
        super()._close()  # type: ignore[misc]  # Django's own

    def planned_cursor(self) -> CursorWrapper:
        """A cursor that sends values beside the statement: what it asks often is planned once.

        Other statements carry their values, as Django sends them. Source:
        docs/decisions/0049-prepared-statements.md.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]  # psycopg's
        wrapped: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]  # Django's own
        return wrapped

    def with_constants(self, sql: str, values: Sequence[Any], kept: Collection[int]) -> str:
        """The statement with its values in it as text, but for those at the places that are kept.

        A plan for all values knows the constants then: it may use an index `WHERE depth = 0`.
        """
        self.ensure_connection()
        given = iter(enumerate(values))

        def written(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%%"
            place, value = next(given)
            if place in kept:
                return "%s"
            return Literal(value).as_string(self.connection).replace("%", "%%")

        return _PLACE.sub(written, sql)
