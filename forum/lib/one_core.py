"""A process keeps to one core of the machine, which no other process that does so takes.

Python runs one thread at a time. Where its threads are spread over the machine, each hand-over of
that turn goes to a core that must fetch anew what the last one has at hand.
Source: docs/decisions/0055-one-core.md.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# Of the running kernel: machines that share DATA_DIR do not take each other's cores for their own.
KERNEL = Path("/proc/sys/kernel/random/boot_id")
PROCESSORS = Path("/sys/devices/system/cpu")
MOST_PROCESSORS = 8192  # of one machine; Linux knows as many

_allowed: set[int] = set()  # what the process had before it kept to one core


@contextlib.contextmanager
def kept(directory: Path) -> Iterator[None]:
    """Keep this process, with all its threads, to a core that nobody has claimed.

    `directory` is where the forum's processes note their claims. Nothing changes where there is one
    core only, where each is claimed, or where the system does not let a process choose.
    """
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    cores = cores_of(allowed)
    claims = _claim_one(cores, directory / "cores.lock") if len(cores) > 1 else None
    if claims is None:
        yield
        return
    _allowed.update(allowed)
    try:
        yield
    finally:
        _allowed.clear()
        with claims, contextlib.suppress(OSError):  # the machine may have fewer by now
            _run_on(allowed)


def let_go(pid: int) -> None:
    """Let a program that this process started run on every core: it shares nothing with it."""
    if _allowed:
        with contextlib.suppress(OSError):  # it has ended
            os.sched_setaffinity(pid, _allowed)


def cores_of(processors: set[int]) -> list[set[int]]:
    """These processors by core: the fastest core first, of equal ones the last, since what devices
    ask for is mostly done by the first."""
    cores = {min(core): core for core in (_siblings(each) & processors for each in processors)}
    return [cores[first] for first in sorted(cores, key=lambda it: (_speed(it), it), reverse=True)]


def _claim_one(cores: list[set[int]], place: Path) -> BinaryIO | None:
    """Run on the first core that is free; the file by which it is ours while that is open."""
    with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
        claims = stack.enter_context(place.open("ab"))
        for core in cores:
            if _is_ours_now(claims, min(_siblings(min(core)))):
                _run_on(core)
                stack.pop_all()
                return claims
    return None


def _is_ours_now(claims: BinaryIO, core: int) -> bool:
    """Claim the core, unless another process has: a locked byte of the file, which stays empty."""
    machine = int(KERNEL.read_text().replace("-", "")[:8], 16)
    try:
        fcntl.lockf(claims, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, machine * MOST_PROCESSORS + core)
    except (BlockingIOError, PermissionError):  # one or the other, by the system
        return False
    return True


def _run_on(processors: set[int]) -> None:
    """All threads there are, and those that they start meanwhile; later ones inherit it."""
    done: set[str] = set()
    while threads := set(os.listdir("/proc/self/task")) - done:
        for thread in threads:
            with contextlib.suppress(ProcessLookupError):  # it has ended
                os.sched_setaffinity(int(thread), processors)
        done |= threads


def _siblings(processor: int) -> set[int]:
    """The processors that are one core, as two threads of it are; this one alone if not known."""
    found = {processor}
    with contextlib.suppress(OSError, ValueError):
        listed = (PROCESSORS / f"cpu{processor}/topology/thread_siblings_list").read_text()
        for part in listed.split(","):
            first, _, last = part.partition("-")
            found.update(range(int(first), int(last or first) + 1))
    return found


def _speed(processor: int) -> int:
    """The highest frequency of the processor in kHz; 0 where the system does not tell."""
    with contextlib.suppress(OSError, ValueError):
        return int((PROCESSORS / f"cpu{processor}/cpufreq/cpuinfo_max_freq").read_text())
    return 0
