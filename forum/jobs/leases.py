"""Who holds a job: claiming it for a while, and giving it back done, for later, or for good."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from forum.jobs.models import Job
from forum.jobs.tasks import TASKS

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
ERROR_MAX_CHARS = 2000

_chance = random.SystemRandom()


def claim(worker: str) -> Job | None:
    """The job that has been due the longest, now held by this worker until its lease ends.

    Locks: the job's row for the moment of the claim; rows that others are claiming are skipped. On
    SQLite the transaction itself is the lock (IMMEDIATE). Queries: one, or three and a transaction.
    Source: docs/decisions/0006-jobs.md.
    """
    while Job.objects.due(timezone.now()).known(TASKS.keys()).exists():
        with transaction.atomic():
            now = timezone.now()
            job = (
                Job.objects.due(now)
                .known(TASKS.keys())
                .longest_due_first()
                .select_for_update(skip_locked=True)
                .first()
            )
            if job is None:
                return None
            if job.attempts < TASKS[job.kind].attempts:
                return _held(job, worker, now)
            # Every run took its worker with it: nobody was left to count the failure.
            give_up(job, "Every attempt ended without an answer.")
    return None


def _held(job: Job, worker: str, now: datetime) -> Job:
    job.worker = worker
    job.attempts += 1
    job.run_at = now + TASKS[job.kind].lease
    job.save(update_fields=["worker", "attempts", "run_at"])
    return job


def finish(job: Job) -> bool:
    """Note the job as done and forget its arguments (mails hold codes and private words).

    False where the lease ran out and another worker holds the job by now.
    """
    return bool(Job.objects.held_as(job).update(done_at=timezone.now(), args={}, last_error=""))


def postpone(job: Job, error: str) -> bool:
    """Give the job back for later, or for good where this was its last attempt.

    False where another worker holds the job by now.
    """
    if job.attempts >= TASKS[job.kind].attempts:
        return give_up(job, error)
    return bool(
        Job.objects.held_as(job).update(
            run_at=timezone.now() + delay(job.attempts), worker="", last_error=_cut(error)
        )
    )


def give_up(job: Job, error: str) -> bool:
    """Keep the job, with its arguments, for a person to look at."""
    return bool(Job.objects.held_as(job).update(failed_at=timezone.now(), last_error=_cut(error)))


def delay(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts: doubling, capped, never in step."""
    longest = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return longest * _chance.uniform(0.5, 1)


def _cut(error: str) -> str:
    # The end of a traceback says what happened.
    return error[-ERROR_MAX_CHARS:]
