"""Workers for tests: run what is due now, with the memory of a fresh process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from forum.jobs import periods, worker
from tests.jobs import sample_tasks  # noqa: F401  # registers the tasks


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    periods._enqueued.clear()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def work_until_idle() -> Callable[[], int]:
    """Runs every due job in this thread and gives how many there were."""

    def run() -> int:
        count = 0
        while worker.work_once("test"):
            count += 1
        return count

    return run
