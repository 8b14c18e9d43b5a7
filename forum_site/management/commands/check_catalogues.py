"""Prove that every text of the forum has its Polish, and that English shows the msgids."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from forum_site import catalogue_checks
from forum_site.catalogues import SourceProblem


class Command(BaseCommand):
    help = (
        "Fails with a list where a translation is missing, fuzzy, obsolete or has other "
        "placeholders, where the plural rule is wrong, or where a template's text is not marked."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = list(catalogue_checks.faults(settings.ROOT))
        except SourceProblem as problem:
            raise CommandError(str(problem)) from problem
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"The catalogues have {len(found)} faults.")
        self.stdout.write("Every text is complete in every language.")
