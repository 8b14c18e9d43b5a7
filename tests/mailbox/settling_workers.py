"""A program of the tests: workers that settle letters, a random one killed again and again.

It ends when no letter waits any more, and prints how many workers were killed.
"""

import os
import random
import signal
import sys
import threading
import time

import django

django.setup()

from django.db import connection  # noqa: E402  # only now are the models known
from django.utils import timezone  # noqa: E402

from forum.jobs.models import Job  # noqa: E402
from forum.jobs.worker import work  # noqa: E402
from forum.mailbox.models import Inbound  # noqa: E402

WORKERS = 2
LOOK_EVERY_S = 0.05
LETTERS_A_KILL = 2
PATIENCE_S = 120


def main() -> None:
    children = [_fork() for _ in range(WORKERS)]
    kills, settled = 0, 0
    until = time.monotonic() + PATIENCE_S
    while (waiting := Inbound.objects.waiting().count()) and time.monotonic() < until:
        done = Inbound.objects.count() - waiting
        if done >= settled + LETTERS_A_KILL:
            settled, kills = done, kills + 1
            _kill(children.pop(random.randrange(WORKERS)))
            # The lease of who was killed ends now, and not in five minutes.
            held = Job.objects.unfinished().filter(kind="mailbox.settle").exclude(worker="")
            held.update(run_at=timezone.now(), attempts=0)
            children.append(_fork())
        time.sleep(LOOK_EVERY_S)
    for child in children:
        _kill(child)
    sys.stdout.write(f"{kills}\n")


def _fork() -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        work(threading.Event())
        os._exit(0)
    return child


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
