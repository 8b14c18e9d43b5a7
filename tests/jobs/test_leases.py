"""Claims: one holder at a time, for a while; then done, later, or given up."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from forum.jobs import leases
from forum.jobs.models import Job
from tests.jobs.sample_tasks import fail, leased, note

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_the_job_that_has_been_due_longest_is_claimed_first() -> None:
    note.enqueue("l", "now")
    note.using(run_at=NOON - timedelta(hours=1)).enqueue("l", "long ago")
    note.using(after=timedelta(seconds=1)).enqueue("l", "not yet")
    words = [job.args["word"] for job in iter(lambda: leases.claim("a"), None)]
    assert words == ["long ago", "now"]


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(clock: time_machine.Traveller) -> None:
    leased.enqueue()
    job = leases.claim("a")
    assert job is not None
    assert (job.worker, job.attempts, job.run_at) == ("a", 1, NOON + timedelta(minutes=2))
    clock.shift(timedelta(minutes=2) - timedelta(microseconds=1))
    assert leases.claim("b") is None
    clock.shift(timedelta(microseconds=1))
    again = leases.claim("b")
    assert again is not None
    assert (again.pk, again.worker, again.attempts) == (job.pk, "b", 2)


@pytest.mark.parametrize("second", ["b", "a"])
def test_whoever_lost_the_lease_can_no_longer_say_how_it_ended(
    clock: time_machine.Traveller, second: str
) -> None:
    leased.enqueue()
    late = leases.claim("a")
    clock.shift(timedelta(minutes=2))
    holder = leases.claim(second)
    assert late is not None
    assert holder is not None
    assert not leases.finish(late)
    assert not leases.postpone(late, "late")
    assert not leases.give_up(late, "late")
    holder.refresh_from_db()
    assert (holder.done_at, holder.failed_at, holder.last_error) == (None, None, "")
    assert leases.finish(holder)
    assert not leases.finish(holder)


def test_a_done_job_forgets_its_arguments() -> None:
    note.enqueue("ledger", "a code that lets someone in")
    job = leases.claim("a")
    assert job is not None
    assert leases.finish(job)
    job.refresh_from_db()
    assert (job.args, job.done_at) == ({}, NOON)
    assert leases.claim("a") is None


def test_a_postponed_job_waits_longer_after_each_attempt() -> None:
    for attempts, longest_s in [(1, 30), (2, 60), (3, 120), (8, 3840), (20, 6 * 60 * 60)]:
        delays = [leases.delay(attempts).total_seconds() for _ in range(200)]
        assert longest_s / 2 <= min(delays) < max(delays) <= longest_s
        assert len(set(delays)) > 100  # never in step with each other


def test_a_postponed_job_is_due_again_after_its_delay(clock: time_machine.Traveller) -> None:
    fail.enqueue()
    job = leases.claim("a")
    assert job is not None
    assert leases.postpone(job, "no luck")
    job.refresh_from_db()
    assert NOON + timedelta(seconds=15) <= job.run_at <= NOON + timedelta(seconds=30)
    assert (job.worker, job.last_error, job.failed_at) == ("", "no luck", None)
    assert leases.claim("a") is None
    clock.shift(timedelta(seconds=30))
    assert leases.claim("a") is not None


def test_the_last_attempt_gives_the_job_up_and_keeps_it(clock: time_machine.Traveller) -> None:
    fail.enqueue()
    for _ in range(3):
        job = leases.claim("a")
        assert job is not None
        leases.postpone(job, "no luck " + "." * 5000 + " the end")
        clock.shift(timedelta(days=1))
    kept = Job.objects.get()
    assert kept.failed_at == NOON + timedelta(days=2)
    assert kept.last_error.endswith("the end")
    assert len(kept.last_error) == leases.ERROR_MAX_CHARS
    assert leases.claim("a") is None


def test_a_job_that_kills_its_workers_is_given_up(clock: time_machine.Traveller) -> None:
    leased.enqueue()
    for _ in range(2):
        assert leases.claim("a") is not None
        clock.shift(timedelta(hours=1))
    note.enqueue("l", "the next one")
    claimed = leases.claim("a")
    assert claimed is not None
    assert claimed.args["word"] == "the next one"
    assert (
        Job.objects.get(kind="test.leased").last_error == "Every attempt ended without an answer."
    )


def test_a_kind_that_this_version_does_not_know_is_left_for_others() -> None:
    Job.objects.create(kind="test.from_tomorrow", run_at=NOON)
    assert leases.claim("a") is None
    assert Job.objects.unfinished().count() == 1


def test_looking_in_vain_costs_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        assert leases.claim("a") is None


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_moment_get_different_jobs() -> None:
    for number in range(40):
        note.enqueue("l", str(number))
    claimed: list[int] = []
    together = threading.Barrier(4)

    def claim_all() -> None:
        together.wait()
        while (job := leases.claim(threading.current_thread().name)) is not None:
            claimed.append(job.pk)
        connection.close()

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 40
