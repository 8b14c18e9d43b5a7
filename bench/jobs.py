#!/usr/bin/env python3
"""How many jobs a second: enqueued one by one, then done by 1, 2 and 4 worker threads.

    python -m bench.jobs [number of jobs]

Runs on a database of its own, made for the purpose and removed again: SQLite in DATA_DIR, or a test
database beside the one of DATABASE_URL. The handler does nothing, so this is the cost of the queue.
"""

import os
import sys
import threading
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django.setup()

from django.conf import settings  # noqa: E402  # only now are the models known
from django.db import connection  # noqa: E402
from django.test.utils import get_runner  # noqa: E402

from forum.jobs.models import Job  # noqa: E402
from forum.jobs.tasks import task  # noqa: E402
from forum.jobs.worker import work_once  # noqa: E402

WORKERS = (1, 2, 4)


def main(count: int) -> None:
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        measure(count)
    finally:
        runner.teardown_databases(databases)


def measure(count: int) -> None:
    done = threading.Semaphore(0)
    nothing = task("bench.nothing")(done.release)
    print(f"{connection.vendor}, {count} jobs")

    def enqueue() -> None:
        for _ in range(count):
            nothing.enqueue()

    def work() -> None:
        while work_once(threading.current_thread().name):
            pass
        connection.close()

    for workers in WORKERS:
        Job.objects.all().delete()
        print(f"enqueue                {count / seconds(enqueue):6.0f} jobs/s")
        rate = count / seconds(lambda number=workers: together(number, work))
        assert all(done.acquire(blocking=False) for _ in range(count)), "jobs were lost"
        print(f"done by {workers} threads       {rate:6.0f} jobs/s")


def together(count: int, target: Callable[[], None]) -> None:
    threads = [threading.Thread(target=target) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def seconds(action: Callable[[], None]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
