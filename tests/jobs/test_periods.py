"""Periodic work is done once in every period, however many workers look at the clock."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from forum.jobs import periods
from forum.jobs.models import Job
from forum.jobs.periods import enqueue_periods, period_begin
from forum.jobs.tasks import TASKS, periodic

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def rings() -> Iterator[list[datetime]]:
    """When the hourly bell rang; it rings only in the test that asks for it."""
    rings: list[datetime] = []
    periodic("test.bell", every=HOUR)(lambda: rings.append(datetime.now(UTC)))
    yield rings
    del TASKS["test.bell"]


def bells() -> list[str | None]:
    return list(Job.objects.filter(kind="test.bell").values_list("unique_key", flat=True))


def test_a_period_has_one_job_for_all_workers(rings: list[datetime]) -> None:
    enqueue_periods()
    periods._enqueued.clear()  # another worker, in another process
    enqueue_periods()
    assert bells() == ["test.bell@2026-11-23T12:00:00"]


def test_each_period_is_rung_once(
    rings: list[datetime], work_until_idle: Callable[[], int], clock: time_machine.Traveller
) -> None:
    for _ in range(6):  # three hours in steps of half an hour
        work_until_idle()
        clock.shift(HOUR / 2)
    assert rings == [NOON, NOON + HOUR, NOON + 2 * HOUR]


def test_periods_in_which_nobody_worked_are_not_made_up_for(
    rings: list[datetime], work_until_idle: Callable[[], int], clock: time_machine.Traveller
) -> None:
    work_until_idle()
    clock.shift(5 * HOUR)
    work_until_idle()
    assert rings == [NOON, NOON + 5 * HOUR]


def test_a_second_look_in_a_period_costs_nothing(django_assert_num_queries: object) -> None:
    enqueue_periods()
    with django_assert_num_queries(0):
        enqueue_periods()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_write_one_job(rings: list[datetime]) -> None:
    together = threading.Barrier(2)

    def look() -> None:
        together.wait()
        for kind in TASKS:
            periods._enqueued.pop(kind, None)
        enqueue_periods()
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bells()) == 1


@pytest.mark.parametrize(
    ("every", "begin"),
    [
        (timedelta(minutes=5), NOON + timedelta(minutes=55)),
        (HOUR, NOON),
        (timedelta(days=1), NOON - 12 * HOUR),
    ],
)
def test_periods_begin_at_round_moments(every: timedelta, begin: datetime) -> None:
    assert period_begin(NOON + timedelta(minutes=59), every) == begin
