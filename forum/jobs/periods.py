"""Periodic work: each period has one job, whoever among the workers writes it first."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from forum.jobs.tasks import TASKS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_enqueued: dict[str, datetime] = {}  # what this process has already seen to, by kind


def enqueue_periods() -> None:
    """Write the jobs of the periods that have begun, unless another worker has.

    Queries: none, but for the first look in a period.
    """
    now = timezone.now()
    for kind, task in TASKS.items():
        if task.every is None:
            continue
        begin = period_begin(now, task.every)
        if _enqueued.get(kind) != begin:
            task.using(unique_key=f"{kind}@{begin:%Y-%m-%dT%H:%M:%S}").enqueue()
            _enqueued[kind] = begin


def period_begin(now: datetime, every: timedelta) -> datetime:
    """The beginning of the period that now lies in."""
    return EPOCH + (now - EPOCH) // every * every
