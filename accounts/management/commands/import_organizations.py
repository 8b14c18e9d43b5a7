"""`manage.py import_organizations FILE.csv`: takes a public list into the directory."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import actions
from accounts.actions.importing import Plan
from accounts.importing import Reading, Remark, read_organizations
from forum.lib.csv_files import NotCsv

NAMES_SHOWN = 10
REMARKS_SHOWN = 200


class Command(BaseCommand):
    help = "Takes organizations from a CSV file as profiles that nobody speaks for yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="described in docs/import/README.md")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        reading = self._read(file)
        plan = actions.plan_import(reading.rows)
        self._tell(reading, plan)
        if dry_run:
            self.stdout.write(_("This was a preview: nothing was changed."))
            return
        try:
            actions.import_organizations(plan=plan)
        except IntegrityError as error:
            sentence = _("The directory changed meanwhile, and nothing was taken. Try again.")
            raise CommandError(sentence) from error

    def _read(self, file: Path) -> Reading:
        try:
            return read_organizations(file.read_bytes())
        except NotCsv as error:
            raise CommandError(f"{file.name}: {error}") from error
        except OSError as error:
            raise CommandError(_("The file cannot be opened: %s") % file) from error

    def _tell(self, reading: Reading, plan: Plan) -> None:
        self._remark(sorted([*reading.faults, *plan.faults], key=lambda each: each.line))
        self._remark(reading.notes)
        names = [row.profile.name for row in plan.added]
        for name in names[:NAMES_SHOWN]:
            self.stdout.write(f"  + {name}")
        if len(names) > NAMES_SHOWN:
            self.stdout.write("  …")
        for sentence, rows in (
            (_("New profiles"), plan.added),
            (_("Brought up to date"), plan.changed),
            (_("Already as the list says"), plan.unchanged),
            (_("Kept by their own people, not touched"), plan.claimed),
            (_("Lines left out"), [*reading.faults, *plan.faults]),
        ):
            self.stdout.write(f"{sentence}: {len(rows)}")

    def _remark(self, remarks: Iterable[Remark]) -> None:
        remarks = list(remarks)
        for remark in remarks[:REMARKS_SHOWN]:
            line = _("Line %(number)d") % {"number": remark.line}
            self.stderr.write(f"{line}: {remark.sentence}")
        more = len(remarks) - REMARKS_SHOWN
        if more > 0:
            self.stderr.write(
                ngettext("… and %(count)d more line", "… and %(count)d more lines", more)
                % {"count": more}
            )
