"""Tasks that only tests enqueue; what they did is read from a ledger file."""

import os
import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import translation

from forum.jobs.models import Job
from forum.jobs.tasks import GiveUp, task

SHORT_LEASE = timedelta(seconds=1)


def write(ledger: str, line: str) -> None:
    # One short write to a file opened for appending is never torn, whoever else writes.
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{line}\n".encode())
    os.close(file)


def read(ledger: Path) -> list[str]:
    return ledger.read_text().splitlines() if ledger.exists() else []


@task("test.note")
def note(ledger: str, word: str) -> None:
    write(ledger, word)


@task("test.language")
def note_language(ledger: str) -> None:
    write(ledger, str(translation.get_language()))


@task("test.fail", attempts=3)
def fail() -> None:
    raise RuntimeError("this cannot work today")


@task("test.give_up", attempts=3)
def give_up() -> None:
    raise GiveUp("this can never work")


@task("test.break", attempts=3)
def break_in_a_transaction() -> None:
    with transaction.atomic():
        Job.objects.create(kind="test.half")
        raise RuntimeError("after half of the work")


@task("test.leased", attempts=2, lease=timedelta(minutes=2))
def leased() -> None:
    pass


@task("test.slow", attempts=100, lease=SHORT_LEASE)
def slow(ledger: str, number: int, seconds: float) -> None:
    write(ledger, f"begin {number} {os.getpid()} {time.monotonic()}")
    time.sleep(seconds)
    write(ledger, f"end {number} {os.getpid()} {time.monotonic()}")
