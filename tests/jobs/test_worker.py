"""Workers run what is due, survive what fails, wake at once and stop cleanly."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation

from forum.jobs import worker
from forum.jobs.actions import try_again
from forum.jobs.management.commands import worker as worker_command
from forum.jobs.models import Job
from tests.jobs.database import database_url
from tests.jobs.sample_tasks import (
    break_in_a_transaction,
    fail,
    give_up,
    note,
    note_language,
    read,
    slow,
)

Work = Callable[[], int]
pytestmark = pytest.mark.django_db


def test_a_due_job_is_run_once(ledger: Path, work_until_idle: Work) -> None:
    job = note.enqueue(str(ledger), "hello")
    work_until_idle()
    assert read(ledger) == ["hello"]
    job.refresh_from_db()
    assert job.done_at is not None
    assert work_until_idle() == 0


def test_a_failing_job_is_logged_and_the_next_one_runs(
    ledger: Path, work_until_idle: Work, caplog: pytest.LogCaptureFixture
) -> None:
    failing = fail.enqueue()
    note.enqueue(str(ledger), "after it")
    work_until_idle()
    assert read(ledger) == ["after it"]
    failing.refresh_from_db()
    assert "this cannot work today" in failing.last_error
    assert (failing.attempts, failing.failed_at, failing.done_at) == (1, None, None)
    assert f"Job test.fail {failing.pk} failed, attempt 1 of 3" in caplog.text


def test_what_no_repetition_cures_is_given_up_at_once(work_until_idle: Work) -> None:
    job = give_up.enqueue()
    work_until_idle()
    job.refresh_from_db()
    assert job.failed_at is not None
    assert (job.attempts, job.last_error) == (1, "this can never work")


def test_a_handler_that_breaks_leaves_no_half_work(work_until_idle: Work) -> None:
    job = break_in_a_transaction.enqueue()
    work_until_idle()
    job.refresh_from_db()
    assert job.attempts == 1
    assert not Job.objects.filter(kind="test.half").exists()


def test_a_handler_speaks_polish_whatever_ran_before(ledger: Path, work_until_idle: Work) -> None:
    note_language.enqueue(str(ledger))
    with translation.override("en"):
        work_until_idle()
    assert read(ledger) == ["pl"]


def test_an_operator_may_let_a_job_try_again(ledger: Path, work_until_idle: Work) -> None:
    note.enqueue(str(ledger), "done")
    given_up = give_up.enqueue()
    work_until_idle()
    assert try_again(Job.objects.all()) == 1
    given_up.refresh_from_db()
    assert (given_up.failed_at, given_up.attempts) == (None, 0)
    assert work_until_idle() == 1
    assert read(ledger) == ["done"]


def test_every_worker_has_a_name_of_its_own() -> None:
    names = {worker.worker_name() for _ in range(10)}
    assert len(names) == 10
    assert all(len(name) <= 60 for name in names)


@pytest.fixture
def embedded() -> Iterator[threading.Event]:
    """Two workers inside this process."""
    stop = threading.Event()
    threads = worker.start_embedded(2, stop)
    yield stop
    stop.set()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def wait_for(condition: Callable[[], object], seconds: float = 5) -> float:
    """Seconds until the condition held; the test fails where it never did."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - begin


@pytest.mark.django_db(transaction=True)
def test_embedded_workers_wake_at_the_commit(embedded: threading.Event, ledger: Path) -> None:
    wait_for(lambda: Job.objects.unfinished().count() == 0 and Job.objects.exists())
    waits = []
    for number in range(5):
        with transaction.atomic():
            note.enqueue(str(ledger), str(number))
        waits.append(wait_for(lambda count=number + 1: len(read(ledger)) == count))
    # Polling alone takes half a second on average; a tap takes milliseconds on an idle machine.
    assert sorted(waits)[2] < 0.4


@pytest.mark.django_db(transaction=True)
def test_a_crash_does_not_stop_the_thread(embedded: threading.Event, ledger: Path) -> None:
    failing = [fail.enqueue() for _ in range(4)]
    wait_for(lambda: Job.objects.filter(kind="test.fail", attempts=1).count() == len(failing))
    note.enqueue(str(ledger), "still here")
    wait_for(lambda: read(ledger) == ["still here"])


@pytest.mark.django_db(transaction=True)
def test_without_a_database_workers_wait_for_it_to_come_back(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "DATABASE_RETRY_S", 0.05)
    note.enqueue(str(ledger), "kept")
    stop = threading.Event()
    with connection.schema_editor() as schema:
        schema.alter_db_table(Job, "jobs_job", "jobs_away")
    try:
        threads = worker.start_embedded(1, stop)
        wait_for(lambda: len(caplog.records) >= 3)
    finally:
        with connection.schema_editor() as schema:
            schema.alter_db_table(Job, "jobs_away", "jobs_job")
    wait_for(lambda: read(ledger) == ["kept"])
    stop.set()
    threads[0].join(5)
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert [bool(record.exc_info) for record in caplog.records][:3] == [True, False, False]


@pytest.mark.django_db(transaction=True)
def test_the_worker_command_finishes_the_job_at_hand_at_sigterm(ledger: Path) -> None:
    at_hand = slow.enqueue(str(ledger), number=1, seconds=0.5)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker_processes", "command"],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: any(line.startswith("begin 1") for line in read(ledger)), seconds=15)
        following = slow.enqueue(str(ledger), number=2, seconds=0.5)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 0
    assert said.endswith("The workers have stopped.\n")
    at_hand.refresh_from_db()
    following.refresh_from_db()
    assert at_hand.done_at is not None
    assert (following.attempts, following.done_at) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_the_worker_command_ends_as_a_fault_where_one_of_its_threads_dies(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other finishes what it has at hand; then whoever started the process starts it anew."""
    monkeypatch.setattr(worker_command, "ALIVE_SECONDS", 0.02)
    monkeypatch.setattr(worker_command.signal, "signal", lambda *_given: None)
    monkeypatch.setattr(threading, "excepthook", lambda _given: None)
    at_hand = slow.enqueue(str(ledger), number=1, seconds=0.5)
    real, begun = worker.work, threading.Event()

    def work(stop: threading.Event) -> None:
        if threading.current_thread().name == "worker-1":
            assert begun.wait(5)
            raise MemoryError
        real(stop)

    def note_that_it_began() -> None:
        wait_for(lambda: read(ledger))
        begun.set()

    monkeypatch.setattr(worker, "work", work)
    noting = threading.Thread(target=note_that_it_began)
    noting.start()
    with pytest.raises(CommandError) as ended:
        call_command("worker", threads=2)
    noting.join()
    assert ended.value.returncode == 1
    at_hand.refresh_from_db()
    assert at_hand.done_at is not None
