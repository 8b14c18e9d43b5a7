"""`manage.py restore FILE`: the forum of a backup, in place of this one."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from forum_site.backing_up import Failed
from forum_site.backing_up.restoring import restore
from forum_site.backing_up.trying import try_out
from forum_site.launching.locking import AlreadyRunning, hold
from forum_site.management.commands.backup import told


class Command(BaseCommand):
    help = "Puts a backup back, into an empty installation of the same version."
    # The database may have no tables yet.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the backup; - takes it from the standard input")
        parser.add_argument(
            "--yes-replace-everything",
            action="store_true",
            help="delete the forum that is here, its rows and its files",
        )
        parser.add_argument(
            "--trial",
            action="store_true",
            help="restore into a database of its own, compare every row, throw it away",
        )
        parser.add_argument(
            "--without-jobs",
            action="store_true",
            help="leave out what waited to be done, such as mails. Periodic work begins anew all "
            "the same: a machine for trying things out is quiet only with SMTP_HOST, IMAP_URL, "
            "VAPID_PRIVATE_KEY and KRS_LOOKUP_URL empty",
        )
        parser.add_argument(
            "--no-index", action="store_true", help="make the index of the search later: reindex"
        )

    def handle(self, *, file: str, trial: bool, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE), _found(file) as path:
            try:
                if trial:
                    self._trial(path)
                else:
                    self._restore(path, **options)
            except (Failed, AlreadyRunning) as reason:
                raise CommandError(str(reason)) from None

    def _trial(self, file: Path) -> None:
        kind = try_out(file)
        self.stdout.write(
            _("Tried out: restored into %(kind)s, every row is the same.") % {"kind": kind}
        )

    def _restore(
        self,
        file: Path,
        *,
        yes_replace_everything: bool,
        without_jobs: bool,
        no_index: bool,
        **_options: Any,
    ) -> None:
        with ExitStack() as stack:
            if connection.vendor == "sqlite":
                stack.enter_context(hold(Path(str(connection.settings_dict["NAME"]))))
            manifest = restore(file, replaces=yes_replace_everything, keeps_jobs=not without_jobs)
            self.stdout.write(told(manifest))
            if no_index:
                self.stdout.write(_("The search finds nothing before: manage.py reindex"))
            else:
                call_command("reindex", stdout=self.stdout)


@contextmanager
def _found(file: str) -> Iterator[Path]:
    """The backup as a file, which is read twice; what comes by the input is kept meanwhile."""
    if file != "-":
        if not Path(file).is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        yield Path(file)
        return
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR) as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)
