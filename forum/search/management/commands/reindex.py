"""Make the index anew, while the forum goes on."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from forum.search import sources
from forum.search.actions import index
from forum.search.models import Entry

BATCH = 200
TOLD_EVERY_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Makes the index of the search anew in small steps, while the forum goes on; what is there "
        "is found until it is replaced. Stopped, it goes on with --after of the line it wrote last."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=sources.kinds(), help="only things of this kind")
        parser.add_argument("--after", type=int, default=0, help="begin behind this number")

    def handle(self, *args: Any, kind: str | None, after: int, **options: Any) -> None:
        for each in [kind] if kind else sources.kinds():
            self._one_kind(each, after)

    def _one_kind(self, kind: str, after: int) -> None:
        done, told = 0, time.monotonic()
        while pks := sources.find(kind).pks_after(after, BATCH):
            with transaction.atomic():
                index(kind, pks)
            after, done = pks[-1], done + len(pks)
            if time.monotonic() - told > TOLD_EVERY_SECONDS:
                told = time.monotonic()
                self.stdout.write(f"{kind}: {done} (--kind {kind} --after {after})")
        gone = Entry.objects.filter(kind=kind, object_pk__gt=after).delete()[0]
        self.stdout.write(f"{kind}: {done}, taken out {gone}")
