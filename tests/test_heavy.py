"""Tests that share a server run on one worker, or each worker would start that server anew."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.floors import ROOT

TESTS = """
import time, pytest
@pytest.mark.parametrize("number", range(8))
def test_a_number(number):
    time.sleep(0.05)
"""
RAN = re.compile(r"\[(gw\d)\].* (tests/\S+)::")


def test_a_file_with_a_server_stays_on_one_worker_and_others_are_spread(tmp_path: Path) -> None:
    heavy = ["tests/live/test_a.py", "tests/browser/test_b.py"]
    shared = ["tests/production/test_c.py", "tests/production/test_d.py"]
    light = ["tests/lib/test_e.py"]
    for name in [*heavy, *shared, *light]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TESTS)
    workers = _workers_of_files(tmp_path)
    assert {name: len(workers[name]) for name in heavy} == dict.fromkeys(heavy, 1)
    assert len(set.union(*(workers[name] for name in shared))) == 1
    assert {name: len(workers[name]) for name in light} == dict.fromkeys(light, 2)


def _workers_of_files(place: Path) -> dict[str, set[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.heavy", "-p", "no:django", "-n", "2", "-v"]
        + ["-c", os.devnull, "--rootdir", str(place), "--import-mode=importlib", "tests"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    workers: dict[str, set[str]] = defaultdict(set)
    for worker, file in RAN.findall(done.stdout):
        workers[file].add(worker)
    return workers
