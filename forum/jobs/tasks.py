"""Kinds of background work: a function, made into something that can be enqueued.

The shape is that of Django 6's `django.tasks`. A handler may run more than once for one job (its
worker may die between the work and the note that it is done), so it must bear being repeated.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Generic, ParamSpec

from django.db import transaction
from django.utils import timezone

from forum.jobs import waking
from forum.jobs.models import Job
from forum.lib.prepared_insert import PreparedInsert

P = ParamSpec("P")

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
# Done jobs are kept this long (upkeep.py); the key of a period must outlive the period.
KEEP_DONE = timedelta(days=14)

_JOB = PreparedInsert(Job)


class GiveUp(Exception):
    """Raised by a handler for what no repetition cures: the job is given up at once."""


@dataclass(frozen=True, slots=True)
class Task(Generic[P]):
    """A kind of job with its handler; made by `task` or `periodic`.

    Units: `lease` is how long one run may take before another worker may begin the same job.
    """

    kind: str
    handler: Callable[P, None]
    attempts: int = ATTEMPTS
    lease: timedelta = LEASE
    every: timedelta | None = None
    run_at: datetime | None = None
    unique_key: str | None = None

    def using(
        self,
        *,
        run_at: datetime | None = None,
        after: timedelta = timedelta(0),
        unique_key: str | None = None,
    ) -> "Task[P]":
        """The same task with terms for what is enqueued next.

        `run_at` is the earliest moment, `after` is added to it (to now, where there is none). A
        `unique_key` names an occasion: until done jobs are cleared it is enqueued only once.
        """
        if after:
            run_at = (run_at or timezone.now()) + after
        return replace(self, run_at=run_at, unique_key=unique_key)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """Write the job as a row of the caller's transaction; a worker runs it after the commit.

        Raises: TypeError for arguments that the handler does not take or JSON does not know.
        Queries: one, with a unique key two.
        """
        job = self._job(*args, **kwargs)
        if self.unique_key is None:
            _JOB.write(job)
        else:
            Job.objects.bulk_create([job], ignore_conflicts=True)
            job = Job.objects.get(unique_key=self.unique_key)
        transaction.on_commit(waking.wake)
        return job

    def _job(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        return Job(
            kind=self.kind,
            args=_signature(self.handler).bind(*args, **kwargs).arguments,
            run_at=self.run_at or timezone.now(),
            unique_key=self.unique_key,
        )

    def call(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run the handler here and now, without a job."""
        self.handler(*args, **kwargs)


# Finding it out takes longer than writing the job.
_signature = cache(inspect.signature)


TASKS: dict[str, Task[...]] = {}


def task(
    kind: str, *, attempts: int = ATTEMPTS, lease: timedelta = LEASE
) -> Callable[[Callable[P, None]], Task[P]]:
    """Make the function below a task. Its module must be imported in its room's `ready()`."""

    def register(handler: Callable[P, None]) -> Task[P]:
        return _registered(Task(kind, handler, attempts, lease))

    return register


def periodic(
    kind: str, *, every: timedelta, attempts: int = ATTEMPTS, lease: timedelta = LEASE
) -> Callable[[Callable[[], None]], Task[[]]]:
    """Make the function below a task that workers enqueue by themselves, once in every period.

    Units: periods are counted from 1 January 1970 UTC, so a daily one begins at midnight UTC.
    """
    assert every < KEEP_DONE, "the key of a period would be cleared before the period ends"

    def register(handler: Callable[[], None]) -> Task[[]]:
        return _registered(Task(kind, handler, attempts, lease, every))

    return register


def _registered(made: Task[P]) -> Task[P]:
    assert made.kind not in TASKS, f"two tasks are called {made.kind}"
    TASKS[made.kind] = made
    return made
