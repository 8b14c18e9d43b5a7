"""A process that keeps to one core, and what it starts."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from forum.lib import apart, one_core
from tests.live.serving import ROOT

HOLD = """
import os, sys
from pathlib import Path
from forum.lib import one_core
with one_core.kept(Path(sys.argv[1])):
    print(*sorted(os.sched_getaffinity(0)), flush=True)
    sys.stdin.read()
"""
PRINT = "import os, sys; sys.stdin.read(); print(*sorted(os.sched_getaffinity(0)))"


class Machine:
    """Stands in for the system: so many processors, two of each core where they are paired."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.allowed: set[int] = set()
        self._place = place / "cpu"
        monkeypatch.setattr(one_core, "PROCESSORS", self._place)
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(self.allowed))
        monkeypatch.setattr(os, "sched_setaffinity", self.set)

    def set(self, pid: int, processors: set[int]) -> None:
        self.allowed = set(processors)

    def has(self, *siblings: str) -> None:
        """Each processor's siblings, as the system lists them; a processor of each text."""
        self.allowed = set(range(len(siblings)))
        for number, text in enumerate(siblings):
            listed = self._place / f"cpu{number}/topology/thread_siblings_list"
            listed.parent.mkdir(parents=True)
            listed.write_text(f"{text}\n")


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@contextmanager
def another_process(directory: Path) -> Iterator[set[int]]:
    """The processors of another process that keeps to one core."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield {int(number) for number in process.stdout.readline().split()}
        finally:
            process.communicate("")


def kept_in(directory: Path) -> set[int]:
    """What this process has while it keeps to one core."""
    with one_core.kept(directory):
        return os.sched_getaffinity(0)


def test_the_last_core_is_taken_and_given_back(machine, tmp_path):
    machine.has("0", "1", "2", "3")
    assert kept_in(tmp_path) == {3}
    assert machine.allowed == {0, 1, 2, 3}


@pytest.mark.parametrize("listed", [("0-1", "0-1", "2-3", "2-3"), ("0,1", "0,1", "2,3", "2,3")])
def test_two_threads_of_hardware_are_one_core(machine, tmp_path, listed):
    machine.has(*listed)
    assert kept_in(tmp_path) == {2, 3}


def test_the_fastest_core_is_taken_first(machine, tmp_path):
    machine.has("0", "1", "2", "3")
    for number, khz in enumerate(("3000000", "4200000", "4200000", "3000000")):
        told = one_core.PROCESSORS / f"cpu{number}/cpufreq/cpuinfo_max_freq"
        told.parent.mkdir()
        told.write_text(f"{khz}\n")
    assert kept_in(tmp_path) == {2}


def test_only_what_the_process_was_given_counts(machine, tmp_path):
    machine.has("0,2", "1,3", "0,2", "1,3")
    machine.allowed = {0, 1, 2}
    assert kept_in(tmp_path) == {1}


def test_of_one_core_there_is_nothing_to_choose(machine, tmp_path):
    machine.has("0-1", "0-1")
    assert kept_in(tmp_path) == {0, 1}
    assert not list(tmp_path.glob("*.lock"))


def test_without_a_list_each_processor_is_a_core(machine, tmp_path):
    machine.allowed = {4, 5}
    assert kept_in(tmp_path) == {5}


def test_a_system_that_forbids_it_is_left_alone(machine, tmp_path, monkeypatch):
    machine.has("0", "1")

    def forbid(pid: int, processors: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", forbid)
    assert kept_in(tmp_path) == {0, 1}
    assert kept_in(tmp_path / "nowhere") == {0, 1}


def test_a_system_without_it_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    with one_core.kept(tmp_path):
        pass


def test_each_process_takes_another_core_while_there_are_any(tmp_path):
    allowed = os.sched_getaffinity(0)
    number = len(one_core.cores_of(allowed))
    with ExitStack() as stack:
        taken = [stack.enter_context(another_process(tmp_path)) for _ in range(number)]
        assert set().union(*taken) == allowed
        assert sum(len(core) for core in taken) == len(allowed)
        with another_process(tmp_path) as late:
            assert late == allowed
    with another_process(tmp_path) as next_one:
        assert next_one == taken[0]


def test_threads_of_before_and_of_later_keep_to_it(tmp_path):
    allowed = os.sched_getaffinity(0)
    begun = threading.Event()
    seen: list[set[int]] = []

    def look() -> None:
        begun.wait()
        seen.append(os.sched_getaffinity(0))

    early, late = threading.Thread(target=look), threading.Thread(target=look)
    early.start()
    with one_core.kept(tmp_path):
        late.start()
        begun.set()
        for each in (early, late):
            each.join()
    assert seen == [one_core.cores_of(allowed)[0]] * 2
    assert os.sched_getaffinity(0) == allowed


def test_programs_run_where_there_is_room(tmp_path):
    allowed = os.sched_getaffinity(0)
    program = tmp_path / "program.py"
    program.write_text(PRINT)
    with one_core.kept(tmp_path):
        done = apart.run(program, given=b"", seconds=30)
    assert done is not None
    assert {int(number) for number in done.stdout.split()} == allowed


def test_two_that_were_given_halves_of_one_core_know_of_each_other(machine, tmp_path):
    """As containers with processors of their own may be."""
    machine.has("0,2", "1,3", "0,2", "1,3")
    machine.allowed = {0, 1}
    claimed: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_core, "_is_ours_now", lambda file, core: claimed.append(core))
        assert kept_in(tmp_path) == {0, 1}
        machine.allowed = {2, 3}
        assert kept_in(tmp_path) == {2, 3}
    assert claimed == [1, 0, 1, 0]


def test_machines_that_share_the_directory_do_not_share_the_claims(tmp_path, monkeypatch):
    kernel = tmp_path / "boot_id"
    kernel.write_text("00000000-0000-0000-0000-000000000000\n")
    with another_process(tmp_path) as taken:
        monkeypatch.setattr(one_core, "KERNEL", kernel)
        assert kept_in(tmp_path) == taken


def test_a_program_that_has_ended_is_no_error(tmp_path):
    with one_core.kept(tmp_path), subprocess.Popen(["true"]) as ended:
        ended.wait()
        one_core.let_go(ended.pid)
    assert ended.returncode == 0
