"""One server for one SQLite file."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _


class AlreadyRunning(Exception):
    """Another server holds the lock; the text is the sentence the operator reads."""


def hold(database: Path) -> TextIO:
    """Take the lock beside the database file and hold it while the result stays open.

    Raises: AlreadyRunning where another process holds it.
    """
    file = database.with_name(f"{database.name}.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise AlreadyRunning(
            _(
                "The forum already runs on %(database)s (process %(holder)s). "
                "Stop it first, or give this one its own DATA_DIR."
            )
            % {"database": database, "holder": holder or "?"}
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
