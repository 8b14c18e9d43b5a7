"""Workers killed in the middle of their jobs lose none, and never share one within its lease."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from forum.jobs.models import Job
from tests.jobs.database import database_url
from tests.jobs.sample_tasks import SHORT_LEASE, read, slow

JOBS = 300
JOB_S = 0.02
PATIENCE_S = 120  # seconds; a machine with nothing else to do needs five


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_job_and_never_share_one(ledger: Path) -> None:
    for number in range(JOBS):
        slow.enqueue(str(ledger), number=number, seconds=JOB_S)
    kills = _killing_workers_until_all_is_done(ledger)
    runs = _runs(ledger)
    # The test means something only where workers died with a job in their hands.
    cut_off = sum(end is None for of_job in runs.values() for _begin, end in of_job)
    assert kills >= 5
    assert cut_off >= 2
    assert all(any(end for _begin, end in runs[number]) for number in range(JOBS))
    assert not Job.objects.filter(kind="test.slow", done_at=None).exists()
    for of_job in runs.values():
        for (first, ended), (second, _) in pairwise(of_job):
            # A loaded machine may stretch a run beyond its lease: only then may two overlap.
            assert (
                ended is None or ended <= second or second - first > SHORT_LEASE.total_seconds() / 2
            )


def _killing_workers_until_all_is_done(ledger: Path) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker_processes", "killed", str(ledger)],
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        give_up_at = time.monotonic() + PATIENCE_S
        while Job.objects.filter(kind="test.slow").unfinished().exists():
            assert time.monotonic() < give_up_at, "some jobs are never done"
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        kills, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    return int(kills)


def _runs(ledger: Path) -> dict[int, list[tuple[float, float | None]]]:
    """Begin and end of every run of each job, in order; no end where its worker was killed."""
    begun: dict[tuple[int, int], float] = {}
    runs: dict[int, dict[float, float | None]] = defaultdict(dict)
    for line in read(ledger):
        what, number, process, moment = line.split()
        run = int(number), int(process)
        if what == "begin":
            begun[run] = float(moment)
            runs[run[0]][float(moment)] = None
        else:
            runs[run[0]][begun[run]] = float(moment)
    return {number: sorted(of_job.items()) for number, of_job in runs.items()}
