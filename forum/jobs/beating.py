"""Workers say every few seconds that they live, for `/readyz` and `manage.py doctor`."""

import logging
import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress

from django.db import Error as DatabaseAway
from django.db import connection

from forum.operation import actions

EVERY_S = 10.0

logger = logging.getLogger(__name__)


def start(workers: Sequence[threading.Thread], stop: threading.Event) -> threading.Thread | None:
    """Say so in a thread until stop is set, or until one of the workers has died.

    A worker at a long job lives as well; that jobs wait too long is told by their age.
    """
    if not workers:
        return None
    thread = threading.Thread(target=_beat, args=(workers, stop), name="beating", daemon=True)
    thread.start()
    return thread


def process_name() -> str:
    """A name no other living process with workers has."""
    return f"{socket.gethostname()[:40]}.{os.getpid()}"


def _beat(workers: Sequence[threading.Thread], stop: threading.Event) -> None:
    name = process_name()
    while all(worker.is_alive() for worker in workers):
        try:
            actions.beat(name)
        except DatabaseAway:
            logger.info("The sign of life could not be written.", exc_info=True)
        finally:
            connection.close()
        if stop.wait(EVERY_S):
            with suppress(DatabaseAway):
                actions.fall_silent(name)
            connection.close()
            return
    logger.error("A worker of this process has died.")
