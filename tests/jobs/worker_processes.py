"""A program of the tests.

`command` runs the worker command; `killed <ledger>` keeps killing workers.
"""

import os
import random
import signal
import sys
import threading
from pathlib import Path

import django
from django.core.management import call_command

django.setup()

from forum.jobs.worker import work  # noqa: E402  # only now are the models known
from tests.jobs import sample_tasks  # noqa: E402

WORKERS = 3
LINES_A_KILL = 30  # a run writes two lines into the ledger
LOOK_EVERY_S = 0.02


def run_command() -> None:
    call_command("worker", threads=1)


def keep_killing(ledger: str) -> None:
    """Three workers; after every few runs a random one is killed, until SIGTERM comes.

    Counted in runs and not in time, so that workers get on with it on a loaded machine too.
    """
    is_over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    children = [_fork() for _ in range(WORKERS)]
    kills = 0
    while not is_over.wait(LOOK_EVERY_S):
        if len(sample_tasks.read(Path(ledger))) >= (kills + 1) * LINES_A_KILL:
            _kill(children.pop(random.randrange(WORKERS)))
            children.append(_fork())
            kills += 1
    for child in children:
        _kill(child)
    sys.stdout.write(f"{kills}\n")


def _fork() -> int:
    """A worker that has everything imported already and no connection of its parent."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work(threading.Event())
    return child


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    {"command": run_command, "killed": keep_killing}[sys.argv[1]](*sys.argv[2:])
