"""Whether the forum is read-only at this moment, as this process knows it.

The row in the database is the truth. Each process looks at it once a second in a thread of its own,
so that no request costs a query more; a database that does not answer leaves what was known last.
Source: docs/decisions/0044-operation.md.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import Error as DatabaseAway
from django.db import connection
from django.utils.translation import gettext as _

from forum.operation.models import Maintenance

LOOK_S = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """A maintenance that goes on: why, and until when."""

    reason: str
    until: datetime | None


class ReadOnly(Exception):
    """Something would have been written while nobody writes."""

    def __str__(self) -> str:
        return _("The forum is read-only for the time of maintenance.")


_known: State | None = None


def current() -> State | None:
    """The maintenance as this process knows it, at most a second old; None where there is none."""
    return _known


def look() -> State | None:
    """Read the row now. Raises: django.db.Error where the database or the table is away."""
    global _known  # one truth for all threads of the process
    row = Maintenance.objects.first()
    _known = State(row.reason, row.until) if row else None
    return _known


def watch(stop: threading.Event) -> threading.Thread:
    """Look every second until stop is set, first of all now."""
    thread = threading.Thread(target=_watch, args=(stop,), name="maintenance", daemon=True)
    thread.start()
    return thread


def _watch(stop: threading.Event) -> None:
    is_away = False
    while True:
        try:
            look()
            is_away = False
        except DatabaseAway:
            if not is_away:
                logger.warning("Whether there is maintenance cannot be read.", exc_info=True)
            is_away = True
        finally:
            connection.close()
        if stop.wait(LOOK_S):
            return
