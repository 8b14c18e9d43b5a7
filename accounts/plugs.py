"""What higher rooms want to be told of accounts, which must not know them.

Each room plugs itself in, in its own apps.py. The functions are called inside the transaction, so
that a job they write is a row of it; what goes out waits for the commit by itself.
"""

from collections.abc import Callable

# A case needs the register's facts: called with the case's pk.
facts_wanted: list[Callable[[int], object]] = []
# Somebody may speak for fewer or more: open sockets must be judged again.
rights_changed: list[Callable[[], object]] = []


def want_facts(case_pk: int) -> None:
    for plug in facts_wanted:
        plug(case_pk)


def tell_rights_changed() -> None:
    for plug in rights_changed:
        plug()
