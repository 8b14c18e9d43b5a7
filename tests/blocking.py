"""Waiting until another connection waits for the one of the test (PostgreSQL)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection

_BLOCKED = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND """
BY_ME = _BLOCKED + "pg_backend_pid() = ANY(pg_blocking_pids(pid))"
BY_ANYBODY = _BLOCKED + "cardinality(pg_blocking_pids(pid)) > 0"


def elsewhere(pool: ThreadPoolExecutor, deed: Callable[[], object]) -> "Future[object]":
    """The deed, begun on a connection of its own, which is closed at its end."""

    def run() -> object:
        try:
            return deed()
        finally:
            connection.close()

    return pool.submit(run)


def wait_until_blocked(outcome: "Future[object]", *, by: str = BY_ME, waiting: int = 1) -> None:
    """Until so many connections wait: for this one, or for anybody.

    Fails where the deed is done instead.
    """
    moment = threading.Event()
    with connection.cursor() as cursor:
        while not outcome.done():
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first
            cursor.execute(by)
            if cursor.fetchone()[0] >= waiting:
                return
            moment.wait(0.01)
    outcome.result()
    pytest.fail("it waited for nobody")
