"""`manage.py backup FILE`: rows and files of the whole forum in one file, while people write."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum_site.backing_up import Failed
from forum_site.backing_up.archive import Manifest
from forum_site.backing_up.making import make, write
from forum_site.backing_up.trying import try_out

NAMES_SHOWN = 5  # the others stand in manifest.json


class Command(BaseCommand):
    help = (
        "Writes the whole forum into one file (.tar.gz), readable by its owner only. Keys and "
        "passwords (.env) are not in it. With - it goes to the standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="where it goes; it must not exist. - is the output")
        parser.add_argument(
            "--verify", action="store_true", help="restore it for trial and compare every row"
        )

    def handle(self, *, file: str, verify: bool, **_options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                if file == "-":
                    self._to_the_output(verify=verify)
                else:
                    self._to_a_file(Path(file), verify=verify)
            except Failed as reason:
                raise CommandError(str(reason)) from None

    def _to_the_output(self, *, verify: bool) -> None:
        if verify:
            raise CommandError(_("Try out what went to the output later: restore FILE --trial"))
        if sys.stdout.isatty():
            raise CommandError(_("A backup is nothing for the screen: write it to a file."))
        self.stderr.write(told(write(sys.stdout.buffer)), self.style.NOTICE)

    def _to_a_file(self, target: Path, *, verify: bool) -> None:
        self.stdout.write(told(make(target)))
        if verify:
            kind = try_out(target)
            self.stdout.write(
                _("Tried out: restored into %(kind)s, every row is the same.") % {"kind": kind}
            )


def told(manifest: Manifest) -> str:
    """What the backup holds, for the operator, and what it should hold and does not."""
    held = _("%(rows)s rows of %(tables)s tables and %(files)s files (%(size)s).") % {
        "rows": manifest.rows_count,
        "tables": len(manifest.tables),
        "files": len(manifest.files),
        "size": filesizeformat(manifest.files_bytes),
    }
    return f"{held} {_missing(manifest)}".strip()


def _missing(manifest: Manifest) -> str:
    count = len(manifest.missing)
    if not count:
        return ""
    return ngettext(
        "%(count)s file is missing: it was deleted meanwhile or lost before (%(names)s).",
        "%(count)s files are missing: they were deleted meanwhile or lost before (%(names)s).",
        count,
    ) % {"count": count, "names": ", ".join(manifest.missing[:NAMES_SHOWN])}
