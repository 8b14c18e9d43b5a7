"""Django's PostgreSQL, whose pool survives a restart of the server without a failed request."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks each connection of the pool before its use, in one round trip.

    Django's CONN_HEALTH_CHECKS ask as well, but psycopg_pool 3.3 waits longer after each dead
    connection, and with eight of them gives up after twenty seconds. Here the first dead one has
    all others looked through at once. Source: docs/decisions/0038-production.md.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if not self.pool:
            return connection
        try:
            ConnectionPool.check_connection(connection)
        except OperationalError:
            self.pool.putconn(connection)
            self.pool.check()
            return super().get_new_connection(conn_params)
        return connection
