"""Who looks whether the workers live: says so, and starts those again that have died."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forum.jobs import beating, worker
from forum.operation.models import Beat
from tests.jobs.sample_tasks import note, read
from tests.jobs.test_worker import wait_for
from tests.live.serving import Serving

pytestmark = pytest.mark.django_db(transaction=True)
DEATHS = [MemoryError("no room"), SystemExit(3)]


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beating, "EVERY_S", 0.02)


@pytest.fixture
def kept() -> Iterator[Callable[[], list[threading.Thread]]]:
    """Starts two workers as `manage.py up` does."""
    stop, started = threading.Event(), []

    def start() -> list[threading.Thread]:
        workers = worker.start_embedded(2, stop)
        started.append((workers, beating.keep(workers, stop)))
        return workers

    yield start
    stop.set()
    for workers, keeper in started:
        keeper.join(5)
        for each in workers:
            each.join(5)
        assert not any(each.is_alive() for each in [keeper, *workers])


@pytest.mark.parametrize("death", DEATHS)
def test_a_worker_that_dies_is_started_again(
    kept: Callable[[], list[threading.Thread]],
    ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    death: BaseException,
) -> None:
    real, deaths = worker.work, []

    def dies_once(stop: threading.Event) -> None:
        if len(deaths) < 2:
            deaths.append(threading.current_thread())
            raise death
        real(stop)

    monkeypatch.setattr(worker, "work", dies_once)
    workers = kept()
    # One that is about to die lives for a moment more.
    wait_for(lambda: len(deaths) == 2 and not set(workers) & set(deaths))
    wait_for(lambda: all(each.is_alive() for each in workers))
    note.enqueue(str(ledger), "after both had died")
    wait_for(lambda: read(ledger) == ["after both had died"])
    wait_for(Beat.objects.exists)
    for name in ("worker-1", "worker-2"):
        assert f"{name} has died and was started again." in caplog.text
    assert type(death).__name__ in caplog.text  # the traceback stands in the log


def test_where_every_new_one_dies_no_sign_of_life_is_given(
    kept: Callable[[], list[threading.Thread]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def dies(_stop: threading.Event) -> None:
        raise MemoryError

    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        real(thread)
        if thread.name.startswith("worker-"):
            thread.join(5)  # on a busy machine the keeper would find it not dead yet

    monkeypatch.setattr(worker, "work", dies)
    monkeypatch.setattr(threading.Thread, "start", start)
    kept()
    wait_for(lambda: caplog.text.count("was started again") >= 6)
    assert not Beat.objects.exists()


def test_a_thread_that_cannot_be_started_is_tried_again(
    kept: Callable[[], list[threading.Thread]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real, refused = threading.Thread.start, []

    def start(thread: threading.Thread) -> None:
        if thread.name == "worker-1" and deaths and len(refused) < 2:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        real(thread)

    work, deaths = worker.work, []

    def dies_once(stop: threading.Event) -> None:
        if threading.current_thread().name == "worker-1" and not deaths:
            deaths.append(1)
            return
        work(stop)

    monkeypatch.setattr(worker, "work", dies_once)
    monkeypatch.setattr(threading.Thread, "start", start)
    workers = kept()
    wait_for(lambda: len(refused) == 2 and all(each.is_alive() for each in workers))
    assert caplog.text.count("No thread can be started") == 2


def test_the_end_of_all_is_no_death(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    workers = worker.start_embedded(2, stop)
    keeper = beating.keep(workers, stop)
    wait_for(Beat.objects.exists)
    stop.set()
    for each in [*workers, keeper]:
        each.join(5)
    assert not Beat.objects.exists()
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.server
def test_the_launcher_starts_its_worker_again(tmp_path: Path) -> None:
    command = ("-m", "tests.jobs.dying_workers", "--no-demo", "--workers", "1")
    with Serving(tmp_path, command=command) as forum:
        end = time.monotonic() + 30
        while "worker-1 has died and was started again." not in forum.log():
            assert time.monotonic() < end, forum.log()
            time.sleep(0.05)
        while forum.run("from forum.operation.models import Beat; print(Beat.objects.count())") == (
            "0"
        ):
            assert time.monotonic() < end, forum.log()
            time.sleep(0.2)
        assert forum.stop() == 0
