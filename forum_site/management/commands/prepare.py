"""`manage.py prepare`: what must be done once before several processes start with `--prepared`."""

from typing import Any

from django.core.management.base import BaseCommand

from forum_site.launching.preparing import compile_catalogues, prepare


class Command(BaseCommand):
    help = "Migrates the database and collects the static files; quick where nothing changed."

    def handle(self, **_options: Any) -> None:
        compile_catalogues()
        prepare(with_demo=False)
        self.stdout.write("The database and the static files are ready.")
