"""What the tests of notifications share: the worker's part, run at once, and what came of it."""

import time

from django.utils import timezone

from accounts.models import User
from forum.jobs.models import Job
from forum.jobs.tasks import TASKS
from forum.notifications.bell import bell_of
from forum.notifications.listing import page_of
from forum.notifications.models import Notification

WORKER_PATIENCE_S = 30


def work() -> None:
    """Run every job of this room that waits, those that they write too."""
    waiting = Job.objects.unfinished().filter(kind__startswith="notifications.")
    while job := waiting.order_by("pk").first():
        TASKS[job.kind].handler(**job.args)
        Job.objects.filter(pk=job.pk).delete()


def wait_for_the_worker() -> None:
    """Return once a worker elsewhere has done the jobs of this room whose time has come."""
    jobs = Job.objects.unfinished().filter(kind__startswith="notifications.")
    until = time.monotonic() + WORKER_PATIENCE_S
    while jobs.exclude(worker="", run_at__gt=timezone.now()).exists():
        assert time.monotonic() < until, "no worker did the jobs"
        time.sleep(0.1)


def told(member: User) -> list[tuple[str, int]]:
    """The kinds and counts of what is unread for the member, in the order of their making."""
    work()
    unread = Notification.objects.filter(user=member).unread().order_by("pk")
    return list(unread.values_list("kind", "count"))


def titles(member: User, *, is_unread_only: bool = False) -> list[str]:
    """The sentences of the member's list, as the page shows them."""
    work()
    page = page_of(member, 0, "", "/notifications/", is_unread_only=is_unread_only)
    return [row.told.title for group in page.items for row in group.rows]


def unread(member: User) -> int:
    """What the bell counts, before the worker has done more."""
    return bell_of(member).count
