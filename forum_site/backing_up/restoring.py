"""Putting a backup back: checked whole before anything is touched, in one transaction, compared."""

from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from forum.jobs.models import Job
from forum.lib.fragments import forget_names
from forum.operation.models import Beat
from forum_site.backing_up import Failed, places, tables
from forum_site.backing_up.archive import MANIFEST, ROWS, Manifest, checked, members
from forum_site.health import missing_migrations

SHOWN = 5
ALIVE = timedelta(minutes=1)


def restore(path: Path, *, replaces: bool, keeps_jobs: bool) -> Manifest:
    """Put the forum of the backup where this one is.

    The database changes as a whole or not at all; the files are exchanged after it.
    Raises: Failed, before anything was changed, where the backup is damaged or of another version,
    where something is here that may not be replaced, or where the forum still runs; and, with
    everything undone, where what was loaded is not what was kept.
    """
    manifest = checked(path)
    if missing_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    _same_version(manifest)
    _nobody_works()
    if not replaces and not is_empty():
        raise Failed(_("There is a forum here already. --yes-replace-everything deletes it."))
    with places.Staging() as staging:
        with transaction.atomic():
            _empty_all()
            _load(path, staging)
            if not keeps_jobs:
                Job.objects.unfinished().delete()
            connection.check_constraints()
            tables.set_counters()
            _compare(manifest, keeps_jobs=keeps_jobs)
        staging.put()
    # Pages that were rendered of the forum before, where it had the same numbers.
    forget_names()
    return manifest


def is_empty() -> bool:
    """Whether nobody has an account here and no file is kept."""
    return not User.objects.exists() and not places.has_files()


def _same_version(manifest: Manifest) -> None:
    ours = {tuple(each) for each in MigrationRecorder(connection).applied_migrations()}
    theirs = {(app, name) for app, name in manifest.migrations}
    columns = {model._meta.label: tables.columns_of(model) for model in tables.kept_models()}
    told = {name: table.columns for name, table in manifest.tables.items()}
    unlike = [name for name in columns.keys() | told.keys() if columns.get(name) != told.get(name)]
    differing = [*(".".join(each) for each in ours ^ theirs), *unlike]
    if differing:
        raise Failed(
            _(
                "The backup is of another version of the forum (%(what)s). Restore it with that "
                "version, then upgrade."
            )
            % {"what": ", ".join(sorted(differing)[:SHOWN])}
        )


def _nobody_works() -> None:
    if Beat.objects.filter(at__gt=timezone.now() - ALIVE).exists():
        raise Failed(
            _("A worker is running on this database. Stop web and worker first, wait a minute.")
        )


def _empty_all() -> None:
    """Every table, also those that are append-only and those that are not in a backup."""
    call_command(
        "flush", interactive=False, verbosity=0, inhibit_post_migrate=True, reset_sequences=True
    )


def _load(path: Path, staging: places.Staging) -> None:
    models = {model._meta.label: model for model in tables.kept_models()}
    for name, content in members(path):
        if name.startswith(ROWS):
            tables.load(models[name.removeprefix(ROWS)], content)
        elif name != MANIFEST:
            staging.take(*places.place_and_path(name), content)


def _compare(manifest: Manifest, *, keeps_jobs: bool) -> None:
    """Read every row again: as many as there were, and byte for byte the same."""
    wrong = []
    for model in tables.kept_models():
        if model is Job and not keeps_jobs:
            continue
        table = manifest.tables[model._meta.label]
        count, digest = tables.digest_of(model)
        if (count, digest) != (table.rows, table.sha256):
            wrong.append(f"{model._meta.label} ({count} of {table.rows})")
    if wrong:
        raise Failed(
            _("What was restored differs from the backup, nothing was changed: %(what)s")
            % {"what": ", ".join(wrong[:SHOWN])}
        )
