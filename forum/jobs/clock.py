"""Jobs that were written while a machine's clock was ahead."""

import threading
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from forum.jobs.models import Job

# Clocks of machines that ask the same time servers differ by less.
TOLERANCE = timedelta(seconds=10)
# What is to be done this soon was counted from the clock's now; anything later is meant for a time
# of its own, as the end of a term, which no clock moves.
COUNTED_FROM_NOW_MAX = timedelta(hours=1)
LOOK_EVERY_S = 15.0  # by the clock that nobody sets
ROWS_AT_ONCE = 500

_next_look = 0.0
_lock = threading.Lock()


def look() -> None:
    """Now and then bring jobs from the future into the present.

    Queries: none, but for one look in LOOK_EVERY_S of each process.
    """
    if _is_time():
        while bring_back() == ROWS_AT_ONCE:
            pass


def bring_back() -> int:
    """Make jobs due so long from now as they were to be due from when they were written; those
    for a time of their own stay due then.

    A clock that was an hour ahead and was set right would otherwise leave what was written by it
    waiting for an hour, a code to log in with among it. Returns how many; at most ROWS_AT_ONCE.
    Locks: the rows, but not those that others hold.
    """
    with transaction.atomic():
        now = timezone.now()
        jobs = list(
            Job.objects.unfinished()
            .filter(created_at__gt=now + TOLERANCE)
            .order_by("pk")
            .select_for_update(skip_locked=True)[:ROWS_AT_ONCE]
        )
        for job in jobs:
            if job.run_at - job.created_at <= COUNTED_FROM_NOW_MAX:
                job.run_at -= job.created_at - now
            job.created_at = now
        Job.objects.bulk_update(jobs, ["run_at", "created_at"])
    return len(jobs)


def _is_time() -> bool:
    global _next_look  # one rhythm for all workers of the process
    with _lock:
        now = time.monotonic()
        if now < _next_look:
            return False
        _next_look = now + LOOK_EVERY_S
        return True
