"""Run workers in a process of their own, where the web processes have none (EMBEDDED_WORKERS=0)."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.jobs import beating, waking
from forum.jobs.worker import start_embedded
from forum.lib import scraping
from forum.operation import maintenance

ALIVE_SECONDS = 5.0


class Command(BaseCommand):
    help = (
        "Runs background jobs until SIGTERM or Ctrl-C; the jobs at hand are finished first. Where "
        "a thread dies it ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=2, help="jobs run at once (2)")
        parser.add_argument(
            "--alive",
            type=Path,
            metavar="FILE",
            help="touched every few seconds while all threads live, for a health check",
        )
        parser.add_argument(
            "--metrics",
            metavar="HOST:PORT",
            help="where this process's numbers are given to Prometheus, as /metrics",
        )

    def handle(
        self, *args: Any, threads: int, alive: Path | None, metrics: str | None, **options: Any
    ) -> None:
        if metrics:
            _give_numbers(metrics)
        stop = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()
            waking.wake()
            signal.signal(number, signal.SIG_DFL)  # a second signal ends at once

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        maintenance.look()
        maintenance.watch(stop)
        workers = start_embedded(threads, stop)
        says_so = beating.start(workers, stop)
        self.stdout.write(f"{threads} workers wait for jobs.")
        self.stdout.flush()
        has_lost_one = _watch(workers, stop, alive)
        if says_so is not None:
            says_so.join(ALIVE_SECONDS)
        if has_lost_one:
            raise CommandError("A worker has died: the others have stopped. Start it anew.")
        self.stdout.write("The workers have stopped.")


def _watch(workers: list[threading.Thread], stop: threading.Event, alive: Path | None) -> bool:
    """Wait for the end of all; whether one of them ended before it was told to.

    Fewer workers than were asked for would only be noticed by the work that comes late: the others
    finish what they have at hand, and whoever started the process starts it anew.
    """
    has_lost_one = False
    while any(worker.is_alive() for worker in workers):
        if all(worker.is_alive() for worker in workers):
            if alive is not None:
                alive.touch()
        elif not stop.is_set():
            has_lost_one = True
            stop.set()
            waking.wake()
        for worker in workers:
            worker.join(ALIVE_SECONDS)
    return has_lost_one or not stop.is_set()


def _give_numbers(place: str) -> None:
    host, colon, port = place.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal()):
        raise CommandError(f"Say where the numbers are given as HOST:PORT, not {place}")
    try:
        scraping.serve(host.strip("[]"), int(port))
    except (OSError, OverflowError) as error:
        raise CommandError(f"Nothing can be given at {place}: {error}") from error
