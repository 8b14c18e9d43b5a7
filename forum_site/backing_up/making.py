"""Making a backup while people write: one moment of the database, then the files."""

import hashlib
import io
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import django
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from forum_site.backing_up import Failed, places, tables
from forum_site.backing_up.archive import ROWS, Manifest, Table, Writer, writing


def make(target: Path) -> Manifest:
    """Write the backup; the file appears under its name only when it is whole.

    Raises: Failed where a file of this name is there already, or nothing can be written.
    """
    if target.exists():
        raise Failed(_("%(path)s exists already. A backup overwrites nothing.") % {"path": target})
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with places.new_file(part) as file:
            manifest = write(file)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)  # unlike a rename it never replaces what came meanwhile
    except OSError as error:
        raise Failed(
            _("The backup cannot be written to %(path)s: %(why)s")
            % {"path": target, "why": error.strerror or error}
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def write(target: BinaryIO) -> Manifest:
    """Write the backup to an open file. Raises: OSError."""
    manifest = Manifest(
        made_at=timezone.now().isoformat(),
        site_url=settings.SITE_URL,
        vendor=connection.vendor,
        versions={"python": platform.python_version(), "django": django.get_version()},
        migrations=[],
    )
    with writing(target) as writer:
        with one_moment():
            applied = MigrationRecorder(connection).applied_migrations()
            manifest.migrations = sorted(list(key) for key in applied)
            for model in tables.kept_models():
                manifest.tables[model._meta.label] = _write_rows(writer, model)
            named = set(tables.files_named())
        # After the rows: a file that came meanwhile is one too many; one that was deleted
        # meanwhile, or was lost before, is missing, and the manifest says so.
        for name, root in places.places().items():
            _write_files(writer, manifest, name, root)
        manifest.missing = sorted(named - manifest.files.keys())
        writer.add_manifest(manifest)
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at the first reading; nobody who writes has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    # Django's own transactions take SQLite's write lock (settings: IMMEDIATE). This one reads.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_rows(writer: Writer, model: tables.Model) -> Table:
    """A tar says a member's size before its content, so the lines pass through a file."""
    digest, count = hashlib.sha256(), 0
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as lines:
        for line in tables.lines_of(model):
            digest.update(line)
            lines.write(line)
            count += 1
        size = lines.tell()
        lines.seek(0)
        writer.add(f"{ROWS}{model._meta.label}", lines, size)
    return Table(count, digest.hexdigest(), tables.columns_of(model))


def _write_files(writer: Writer, manifest: Manifest, place: str, root: Path) -> None:
    for path in places.files_in(root):
        name = f"{place}/{path.relative_to(root).as_posix()}"
        try:
            content = path.read_bytes()  # bounded by what may be uploaded
        except FileNotFoundError:
            continue  # deleted meanwhile
        writer.add(name, io.BytesIO(content), len(content))
        manifest.files[name] = [len(content), hashlib.sha256(content).hexdigest()]
