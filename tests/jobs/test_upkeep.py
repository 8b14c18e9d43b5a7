"""Daily tidying removes what is old, and only that."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from forum.jobs.models import Job
from forum.jobs.upkeep import clear_jobs, clear_sessions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_sessions_that_ran_out_are_removed() -> None:
    for name, days in [("old", -1), ("new", 1)]:
        Session.objects.create(
            session_key=name, session_data="", expire_date=timezone.now() + days * DAY
        )
    clear_sessions.call()
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_old_finished_jobs_are_removed() -> None:
    now = timezone.now()
    Job.objects.create(kind="old done", done_at=now - 15 * DAY)
    Job.objects.create(kind="new done", done_at=now - 13 * DAY)
    Job.objects.create(kind="old failed", failed_at=now - 91 * DAY)
    Job.objects.create(kind="new failed", failed_at=now - 89 * DAY)
    Job.objects.create(kind="waiting", run_at=now + DAY, created_at=now - 100 * DAY)
    clear_jobs.call()
    assert sorted(job.kind for job in Job.objects.all()) == ["new done", "new failed", "waiting"]


def test_a_kind_nobody_knows_is_given_up_after_a_day() -> None:
    now = timezone.now()
    stray = Job.objects.create(kind="test.forgotten", run_at=now - 2 * DAY)
    newer = Job.objects.create(kind="test.forgotten", run_at=now)
    ours = Job.objects.create(kind="test.note", run_at=now - 2 * DAY)
    clear_jobs.call()
    assert list(Job.objects.unfinished().order_by("pk")) == [newer, ours]
    stray.refresh_from_db()
    assert stray.last_error == "No worker knows this kind of job."
