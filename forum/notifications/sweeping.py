"""When the worker looks for deliveries that are due: jobs at round times, one for many of them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from forum.jobs.periods import period_begin
from forum.jobs.tasks import TASKS

ROUND = timedelta(seconds=10)
TASK = "notifications.sweep"


def sweep_at(moments: Collection[datetime]) -> None:
    """Have the worker look at these moments, or up to ten seconds later; in the transaction.

    Queries: two for each round time among them that nobody has named yet.
    """
    for moment in sorted({_rounded(moment) for moment in moments}):
        key = f"{TASK}@{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        TASKS[TASK].using(run_at=moment, unique_key=key).enqueue()


def _rounded(moment: datetime) -> datetime:
    return period_begin(moment, ROUND) + ROUND
