"""A clock that was ahead: what was written by it waits no longer than it was meant to."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from forum.jobs import clock, leases
from forum.jobs.models import Job
from tests.jobs.sample_tasks import note

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time_of_day() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def an_hour_ahead(write: Callable[[], object], time_of_day: time_machine.Traveller) -> None:
    time_of_day.shift(HOUR)
    write()
    time_of_day.shift(-HOUR)


def test_a_job_from_the_future_is_done_now(time_of_day: time_machine.Traveller) -> None:
    an_hour_ahead(lambda: note.enqueue("c", "code"), time_of_day)
    assert leases.claim("a") is None
    assert clock.bring_back() == 1
    job = leases.claim("a")
    assert job is not None
    assert (job.args["word"], job.created_at) == ("code", NOON)
    assert clock.bring_back() == 0


def test_what_was_to_wait_still_waits_as_long(time_of_day: time_machine.Traveller) -> None:
    ten = timedelta(minutes=10)
    an_hour_ahead(lambda: note.using(after=ten).enqueue("c", "letter"), time_of_day)
    clock.bring_back()
    assert leases.claim("a") is None
    time_of_day.shift(ten)
    assert leases.claim("a") is not None


def test_what_is_for_a_time_of_its_own_stays_due_then(time_of_day: time_machine.Traveller) -> None:
    day = NOON + timedelta(days=3)
    an_hour_ahead(lambda: note.using(run_at=day).enqueue("c", "reminder"), time_of_day)
    assert clock.bring_back() == 1
    job = Job.objects.get()
    assert (job.run_at, job.created_at) == (day, NOON)
    assert clock.bring_back() == 0


def test_clocks_that_differ_a_little_change_nothing(time_of_day: time_machine.Traveller) -> None:
    job = note.enqueue("c", "now")
    time_of_day.shift(-clock.TOLERANCE)
    assert clock.bring_back() == 0
    job.refresh_from_db()
    assert job.run_at == NOON


def test_what_was_meant_for_a_later_day_is_not_from_the_future() -> None:
    note.using(run_at=NOON + timedelta(days=3)).enqueue("c", "reminder")
    assert clock.bring_back() == 0


def test_workers_look_now_and_then(
    monkeypatch: pytest.MonkeyPatch, time_of_day: time_machine.Traveller
) -> None:
    monkeypatch.setattr(clock, "_next_look", 0.0)
    seconds = iter([100.0, 100.0 + clock.LOOK_EVERY_S - 1, 100.0 + clock.LOOK_EVERY_S])
    monkeypatch.setattr(clock.time, "monotonic", lambda: next(seconds))
    clock.look()
    an_hour_ahead(lambda: note.enqueue("c", "code"), time_of_day)
    clock.look()
    assert leases.claim("a") is None
    clock.look()
    assert leases.claim("a") is not None
