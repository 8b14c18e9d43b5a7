"""What an operator may do with jobs."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from forum.jobs import waking
from forum.jobs.models import Job


def try_again(jobs: QuerySet[Job]) -> int:
    """Let those among the jobs that were given up begin anew. Gives how many there were."""
    with transaction.atomic():
        count = jobs.exclude(failed_at=None).update(
            failed_at=None, attempts=0, worker="", run_at=timezone.now()
        )
        transaction.on_commit(waking.wake)
    return count
