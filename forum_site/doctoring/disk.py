"""Room, places in the file system, and whether the forum may write where it must."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from forum_site.doctoring import Finding, fault, notice, well

LITTLE, TOO_LITTLE = 0.15, 0.05  # of all there is
TOO_LITTLE_BYTES = 500 * 1024**2


def room() -> Iterator[Finding]:
    """Each directory of the forum's own: there, writable, with room."""
    for name in ("DATA_DIR", "FILES_DIR", "PRIVATE_DIR"):
        root = Path(getattr(settings, name))
        if name == "PRIVATE_DIR" and not root.exists():
            continue  # made with the first document
        yield from _of(name, root)


def _of(name: str, root: Path) -> Iterator[Finding]:
    what = f"{name} ({root})"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root) as file:
            file.write(b"x")
        told = os.statvfs(root)
    except OSError as error:
        yield fault(
            what,
            _("The forum cannot write there: %(why)s.") % {"why": error.strerror},
            _("Check the owner of the directory, and whether the disk is full or read-only."),
        )
        return
    free_bytes = told.f_bavail * told.f_frsize
    share = told.f_bavail / told.f_blocks if told.f_blocks else 1
    inodes = told.f_favail / told.f_files if told.f_files else 1  # some systems have none
    how = _("%(size)s are free (%(share)s%%).") % {
        "size": filesizeformat(free_bytes),
        "share": round(share * 100),
    }
    if free_bytes < TOO_LITTLE_BYTES or share < TOO_LITTLE or inodes < TOO_LITTLE:
        how += "" if inodes >= TOO_LITTLE else " " + _("No more files can be made.")
        yield fault(what, how, _("Make room now: when it is full nobody can write."))
    elif min(share, inodes) < LITTLE:
        yield notice(what, how, _("Make room soon: old backups, images of earlier versions, logs."))
    else:
        yield well(what, how)


def database_size() -> Iterator[Finding]:
    """How much the database takes."""
    try:
        yield well(_("Size of the database"), filesizeformat(_size_bytes()))
    except (DatabaseAway, OSError):
        return  # told by the look at the database


def _size_bytes() -> int:
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return sum(Path(f"{name}{end}").stat().st_size for end in ("", "-wal") if _is(name, end))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _is(name: str, end: str) -> bool:
    return Path(f"{name}{end}").is_file()
