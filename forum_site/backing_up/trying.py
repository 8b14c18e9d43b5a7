"""A trial restore into a database of its own, which is thrown away."""

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import connection
from django.utils.translation import gettext as _

from forum_site import environment
from forum_site.backing_up import Failed

PROGRAM = Path(settings.ROOT) / "manage.py"


def try_out(path: Path) -> str:
    """Restore the backup elsewhere and compare every row; the kind of database it was tried in.

    On PostgreSQL in a database that is created for it, where the forum's user may do that; else in
    an SQLite file. Raises: Failed, with what the restore said.
    """
    with (
        tempfile.TemporaryDirectory(prefix="forum-trial-", dir=settings.DATA_DIR) as place,
        _database(Path(place)) as (kind, address),
    ):
        _restore_elsewhere(path, Path(place), address)
    return kind


def _restore_elsewhere(path: Path, place: Path, address: str) -> None:
    changed = {"DATABASE_URL": address, "DATA_DIR": str(place), "FILES_DIR": str(place / "files")}
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, PROGRAM, "restore", path.resolve(), "--no-index"],
        env=environment.changed(**changed, DJANGO_SETTINGS_MODULE="forum_site.settings"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["?"]
        raise Failed(_("The trial restore failed: %(why)s") % {"why": said[-1]})


@contextmanager
def _database(place: Path) -> Iterator[tuple[str, str]]:
    name = f"forum_trial_{secrets.token_hex(6)}"
    if connection.vendor == "postgresql" and _created(name):
        try:
            parts = urlsplit(environment.text("DATABASE_URL"))
            yield "PostgreSQL", parts._replace(path=f"/{name}").geturl()
        finally:
            _execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    else:
        yield "SQLite", f"sqlite://{place / 'trial.sqlite3'}"


def _created(name: str) -> bool:
    try:
        _execute(f'CREATE DATABASE "{name}"')
    except DatabaseAway:
        return False
    return True


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
