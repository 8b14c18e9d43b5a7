"""Whose account is not erased while something is done with it, and who waits for whom.

A lock of its own and not the member's row: at its commit whatever refers to a member asks for the
key of that row, and holds a thread by then, while an erasure takes the threads first. Whoever needs
a member to stay says so here, before taking any other lock.
Source: docs/decisions/0025-export-and-erasure.md.
"""

from django.db import connection, transaction

from forum.lib.prepared import planned_cursor, this_database

# Any number of ours: the first half of a pair whose second half is the member's.
ERASING_LOCK = 20_121_116


def keep(*pks: int | None) -> None:
    """Keep these members from being erased until commit; who is being erased, is erased first.

    Locks: one a member that erasures alone wait for, before all others. Queries: one on PostgreSQL.
    """
    assert transaction.get_connection().in_atomic_block
    known = sorted({pk for pk in pks if pk is not None})
    if not known or connection.vendor != "postgresql":
        return  # SQLite lets one transaction write at a time
    _execute("SELECT pg_advisory_xact_lock_shared(%s, pk) FROM unnest(%s::int[]) pk", known)


def let_go(pk: int) -> None:
    """Wait until nobody keeps the member, and let nobody do so until commit.

    Locks: as `keep`, before all others. Queries: one on PostgreSQL.
    """
    assert transaction.get_connection().in_atomic_block
    if connection.vendor == "postgresql":
        _execute("SELECT pg_advisory_xact_lock(%s, %s)", pk)


def _execute(statement: str, given: int | list[int]) -> None:
    with planned_cursor(this_database()) as cursor:
        cursor.execute(statement, [ERASING_LOCK, given])
