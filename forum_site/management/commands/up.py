"""`manage.py up`: the whole forum in one process, from an empty machine to an address."""

import contextlib
import os
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from channels.routing import get_default_application
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.utils import translation
from django.utils.translation import gettext as _

from forum.jobs import beating
from forum.jobs.worker import start_embedded
from forum.lib import one_core
from forum.operation import maintenance
from forum_site import environment
from forum_site.launching.locking import AlreadyRunning, hold
from forum_site.launching.preparing import compile_catalogues, prepare
from forum_site.launching.server import CannotListen, ensure_free, serve

EXIT_SECONDS = 3  # for threads that hang in a view after the drain
WORKER_SECONDS = 5
ANY_ADDRESS = {"0.0.0.0", "::", "[::]"}  # noqa: S104  # compared, not bound
LOCAL_ADDRESSES = {"127.0.0.1", "::1", "[::1]", *ANY_ADDRESS}


class Command(BaseCommand):
    help = "Prepares the database and starts the forum: web, live updates and background jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=environment.number("PORT", 8000))
        parser.add_argument(
            "--workers",
            type=int,
            default=settings.EMBEDDED_WORKERS,
            help="threads for background jobs in this process; 0 where `worker` runs apart",
        )
        parser.add_argument(
            "--no-demo", action="store_true", help="leave an empty database empty (DEBUG only)"
        )
        parser.add_argument(
            "--prepared",
            action="store_true",
            help="start at once: `prepare` has made the database and the static files ready",
        )

    def handle(
        self,
        *,
        host: str,
        port: int,
        workers: int,
        no_demo: bool,
        prepared: bool,
        **_options: Any,
    ) -> None:
        compile_catalogues()
        with translation.override(settings.LANGUAGE_CODE):
            try:
                lock = self._hold_database()
                ensure_free(host, port)
                if not prepared:
                    prepare(with_demo=not no_demo)
                with _one_core():
                    self._run(host, port, workers)
            except AlreadyRunning as refusal:
                raise CommandError(str(refusal)) from None
            except CannotListen as reason:
                raise CommandError(_cannot_listen(host, port, str(reason))) from None
            except KeyboardInterrupt:
                raise CommandError(_("Stopped before the start."), returncode=130) from None
        if lock is not None:
            lock.close()

    def _hold_database(self) -> TextIO | None:
        if connection.vendor != "sqlite":
            return None
        return hold(Path(str(connection.settings_dict["NAME"])))

    def _run(self, host: str, port: int, workers: int) -> None:
        stop = threading.Event()
        # First of all: a worker must not begin a job while nobody writes.
        maintenance.look()
        threads = start_embedded(workers, stop)
        signs = [maintenance.watch(stop), beating.keep(threads, stop)]
        try:
            # Imported only now: WhiteNoise looks once which static files there are.
            serve(get_default_application(), host, port, lambda bound: self._say_where(host, bound))
        finally:
            stop.set()
            _leave_even_if_threads_hang()
            for thread in filter(None, [*threads, *signs]):
                thread.join(WORKER_SECONDS)
            _close_databases()

    def _say_where(self, host: str, port: int) -> None:
        name = "localhost" if host in LOCAL_ADDRESSES else host
        address = f"http://{name}:{port}/"
        self.stdout.write(_("Forum: %(address)s (Ctrl-C stops it)") % {"address": address})
        self.stdout.flush()


def _one_core() -> contextlib.AbstractContextManager[None]:
    """While it runs; source: docs/decisions/0055-one-core.md."""
    if settings.KEEP_TO_ONE_CORE:
        return one_core.kept(settings.DATA_DIR)
    return contextlib.nullcontext()


def _cannot_listen(host: str, port: int, reason: str) -> str:
    return _(
        "The forum cannot listen on %(host)s:%(port)s: %(reason)s. "
        "Stop what uses this port, or choose another: PORT=8001."
    ) % {"host": host, "port": port, "reason": reason}


def _leave_even_if_threads_hang() -> None:
    """Python waits at its end for every thread; one that hangs in a view would hold us for ever."""

    def leave() -> None:
        os._exit(0)

    timer = threading.Timer(WORKER_SECONDS + EXIT_SECONDS, leave)
    timer.daemon = True
    timer.start()


def _close_databases() -> None:
    for each in connections.all():
        each.close()
        if hasattr(each, "close_pool"):
            each.close_pool()
