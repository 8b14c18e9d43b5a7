"""Workers say every few seconds that they live, for `/readyz` and `manage.py doctor`.

Whoever looks whether they do is the one who starts them again: `keep`.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from django.db import Error as DatabaseAway
from django.db import connection

from forum.jobs import worker
from forum.operation import actions

EVERY_S = 10.0

logger = logging.getLogger(__name__)


def start(workers: Sequence[threading.Thread], stop: threading.Event) -> threading.Thread | None:
    """Say so in a thread until stop is set, or until one of the workers has died.

    A worker at a long job lives as well; that jobs wait too long is told by their age.
    """
    return _start(workers, stop, None)


def keep(workers: list[threading.Thread], stop: threading.Event) -> threading.Thread | None:
    """Say so until stop is set, and start every worker again that has died.

    For a process that does more than work off jobs: its pages must not end with a worker. Where a
    new one dies as well, time after time, no sign of life is given, and `/readyz` tells.
    """
    return _start(workers, stop, partial(worker.replace_dead, workers, stop))


def process_name() -> str:
    """A name no other living process with workers has."""
    return f"{socket.gethostname()[:40]}.{os.getpid()}"


def _start(
    workers: Sequence[threading.Thread], stop: threading.Event, replace: Callable[[], None] | None
) -> threading.Thread | None:
    if not workers:
        return None
    thread = threading.Thread(
        target=_beat, args=(workers, stop, replace), name="beating", daemon=True
    )
    thread.start()
    return thread


def _beat(
    workers: Sequence[threading.Thread], stop: threading.Event, replace: Callable[[], None] | None
) -> None:
    name = process_name()
    while True:
        if all(each.is_alive() for each in workers):
            _say(name)
        elif replace is not None:
            replace()
        elif not stop.is_set():
            logger.error("A worker of this process has died.")
            return
        if stop.wait(EVERY_S):
            with suppress(DatabaseAway):
                actions.fall_silent(name)
            connection.close()
            return


def _say(name: str) -> None:
    try:
        actions.beat(name)
    except DatabaseAway:
        logger.info("The sign of life could not be written.", exc_info=True)
    finally:
        connection.close()
