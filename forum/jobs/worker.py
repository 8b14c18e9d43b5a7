"""Workers: threads that claim jobs and run them, inside the web process or in one of their own."""

import logging
import os
import secrets
import socket
import threading
import traceback

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import close_old_connections, connection
from django.utils import translation

from forum.jobs import clock, leases, waking
from forum.jobs.models import Job
from forum.jobs.periods import enqueue_periods
from forum.jobs.tasks import TASKS, GiveUp
from forum.lib import metrics, tracing
from forum.operation import maintenance

POLL_S = 1.0  # jobs of other processes, and jobs whose time has come, are noticed by looking
DATABASE_RETRY_S = 3.0

logger = logging.getLogger(__name__)


def start_embedded(count: int, stop: threading.Event) -> list[threading.Thread]:
    """Start so many workers in this process. They end after the job at hand once stop is set.

    Daemon threads: whoever cannot wait for them may leave; a job cut off is run again later.
    """
    threads = [_new(f"worker-{number}", stop) for number in range(1, count + 1)]
    for thread in threads:
        thread.start()
    return threads


def replace_dead(workers: list[threading.Thread], stop: threading.Event) -> None:
    """Start a new worker in the place of each that has ended, unless all were told to.

    A new thread and not the same function again: whatever the dead one left broken in its own
    memory, a connection or a language, goes with it. Its job is run again when its lease is over.
    """
    for place, worker in enumerate(workers):
        if worker.is_alive() or stop.is_set():
            continue
        following = _new(worker.name, stop)
        try:
            following.start()
        except RuntimeError:
            logger.exception("No thread can be started in the place of %s.", worker.name)
            continue
        workers[place] = following
        logger.error("%s has died and was started again.", worker.name)


def _new(name: str, stop: threading.Event) -> threading.Thread:
    return threading.Thread(target=_work_to_the_end, args=(stop,), name=name, daemon=True)


def _work_to_the_end(stop: threading.Event) -> None:
    """Python itself would say nothing of a SystemExit, and the rest beside the log."""
    try:
        work(stop)
    except BaseException:
        logger.critical("A worker ended by an error that nobody foresaw.", exc_info=True)
    finally:
        connection.close()  # else the pool would wait for it for ever


def work(stop: threading.Event) -> None:
    """Run jobs until stop is set; without a database, wait for it to come back."""
    name = worker_name()
    is_away = False
    while not stop.is_set():
        if maintenance.current():
            # Every job writes, if only that it is done: jobs wait, as their writers do.
            stop.wait(POLL_S)
            continue
        try:
            has_worked = work_once(name)
        except DatabaseAway:
            # Said once with its traceback: a database may stay away for an hour.
            logger.warning("The worker waits for the database.", exc_info=not is_away)
            is_away = True
            connection.close()
            stop.wait(DATABASE_RETRY_S)
            continue
        is_away = False
        if not has_worked:
            # A worker that waits holds no connection: the pool is for those who work.
            close_old_connections()
            if not stop.is_set():
                waking.wait(POLL_S)


def work_once(name: str) -> bool:
    """Run one due job, if there is one. Raises: django.db.Error where the database is away."""
    clock.look()
    enqueue_periods()
    job = leases.claim(name)
    if job is not None:
        with tracing.named(f"job-{job.pk}"):
            _run(job)
    return job is not None


def worker_name() -> str:
    """A name no other worker has, telling where it runs."""
    return f"{socket.gethostname()[:30]}.{os.getpid()}.{secrets.token_hex(4)}"


def _run(job: Job) -> None:
    task = TASKS[job.kind]
    try:
        with translation.override(settings.LANGUAGE_CODE):
            task.handler(**job.args)
    except GiveUp as reason:
        # Why stands in the row: what a mail server says may name people, and the log must not.
        logger.warning("Job %s is given up, its row says why", job)
        is_ours, outcome = leases.give_up(job, str(reason)), "given up"
    except Exception:
        logger.exception("Job %s failed, attempt %s of %s", job, job.attempts, task.attempts)
        is_ours, outcome = leases.postpone(job, traceback.format_exc()), "failed"
    else:
        is_ours, outcome = leases.finish(job), "done"
    metrics.JOBS.labels(job.kind, outcome).inc()
    if not is_ours:
        logger.warning("Job %s took longer than its lease and may run twice", job)
