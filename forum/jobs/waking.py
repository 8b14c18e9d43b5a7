"""A tap on the shoulder of workers in this process; those in others notice by polling."""

import threading

_something_to_do = threading.Event()


def wake() -> None:
    """Let a waiting worker of this process look for jobs now."""
    _something_to_do.set()


def wait(seconds: float) -> None:
    """Return when woken, at the latest after the given time.

    The tap is taken back before the caller looks, so one that comes while it looks is not lost.
    """
    _something_to_do.wait(seconds)
    _something_to_do.clear()
