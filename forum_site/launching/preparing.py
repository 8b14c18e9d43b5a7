"""What must be true before the first request: tables, translations, content, static files."""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.utils.translation.reloader import translation_file_changed

from accounts.models import User
from forum.moderation.actions.rulebook import publish_first_rules

# Any number of ours: several processes that start together prepare one after the other.
PREPARING_LOCK = 20_121_115


def compile_catalogues() -> None:
    """Compile the translations and forget what was loaded of them before."""
    call_command("compile_catalogues", stdout=io.StringIO())
    # The checks before a command already translated: what they loaded may be older, or nothing.
    translation_file_changed(None, Path("django.mo"))


def prepare(*, with_demo: bool) -> None:
    """Make the database and the static files ready; quick when they are."""
    with _one_at_a_time():
        call_command("migrate", interactive=False, verbosity=0)
        publish_first_rules()  # the rules that came with the program, where there are none yet
        if with_demo and settings.DEBUG and "demo" in get_commands() and _is_empty():
            call_command("demo")
    # WhiteNoise warns of a missing directory even where it serves from the sources (DEBUG).
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not settings.DEBUG:
        _collect_static_files()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield  # the launcher's lock file lets one process at SQLite
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING_LOCK])


def _is_empty() -> bool:
    return not User.objects.exists()


def _collect_static_files() -> None:
    """Collect only when a file changed: compressing them takes longer than all the rest."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    current = _fingerprint()
    if mark.is_file() and mark.read_text() == current:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(current)


def _fingerprint() -> str:
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            lines.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
