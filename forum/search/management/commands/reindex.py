"""Make the index anew, while the forum goes on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.search import sources
from forum.search.actions import Step, steps
from forum.search.typos import forget_words

TOLD_EVERY_SECONDS = 2.0


@dataclass(slots=True)
class Progress:
    """What has been done of one kind. Units: things; `began` is a monotonic clock's seconds."""

    kind: str
    total: int
    after: int
    began: float
    seen: int = 0
    made: int = 0
    removed: int = 0

    def add(self, step: Step) -> None:
        self.after = step.after
        self.seen += step.seen
        self.made += step.made
        self.removed += step.removed

    def line(self) -> str:
        rate = self.seen / max(time.monotonic() - self.began, 0.001)
        share = min(self.seen / max(self.total, 1), 1)
        left = max(self.total - self.seen, 0) / max(rate, 0.001)
        return (
            f"{self.kind}: {self.seen:,} of {self.total:,} ({share:.0%}), {self.made:,} made anew, "
            f"{rate:,.0f} a second, about {left:,.0f} s to go"
        )

    def end(self) -> str:
        seconds = time.monotonic() - self.began
        rate = self.seen / max(seconds, 0.001)
        return (
            f"{self.kind}: {self.seen:,} looked at in {seconds:.1f} s ({rate:,.0f} a second), "
            f"{self.made:,} made anew, {self.removed:,} taken out"
        )


class Command(BaseCommand):
    help = (
        "Brings the index of the search up to date in small steps, while the forum goes on: what "
        "is missing, what an older version of the forum made, what is gone; files are read as "
        "well. Stopped, it goes on where it was when it is started again. With --all everything "
        "is made anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also what is up to date")
        parser.add_argument("--kind", choices=sources.kinds(), help="only things of this kind")
        parser.add_argument(
            "--from", dest="place", metavar="KIND:NUMBER", help="begin behind this thing"
        )

    def handle(
        self, *args: Any, kind: str | None = None, place: str | None = None, **options: Any
    ) -> None:
        kinds = [kind] if kind else sources.kinds()
        first, after = self._begin(kinds, place)
        if options["all"] and kind is None and place is None:
            forget_words()
        for each in kinds[kinds.index(first) :]:
            self._one_kind(each, after if each == first else 0, is_all=options["all"])

    @staticmethod
    def _begin(kinds: Sequence[str], place: str | None) -> tuple[str, int]:
        """The kind to begin with, and the number to begin behind."""
        if place is None:
            return kinds[0], 0
        kind, _colon, number = place.partition(":")
        if kind not in kinds or not number.isdecimal():
            raise CommandError(f"--from is one of {', '.join(kinds)}, a colon and a number.")
        return kind, int(number)

    def _one_kind(self, kind: str, after: int, *, is_all: bool) -> None:
        told = began = time.monotonic()
        progress = Progress(kind, sources.find(kind).count(), after, began)
        try:
            for step in steps(kind, after, is_all=is_all):
                progress.add(step)
                if time.monotonic() - told > TOLD_EVERY_SECONDS:
                    told = time.monotonic()
                    self.stdout.write(progress.line())
        except KeyboardInterrupt:
            raise CommandError(self._how_to_go_on(progress, is_all=is_all)) from None
        self.stdout.write(progress.end())

    @staticmethod
    def _how_to_go_on(progress: Progress, *, is_all: bool) -> str:
        # Without --all the index itself says what is up to date.
        again = f"reindex --all --from {progress.kind}:{progress.after}" if is_all else "reindex"
        return f"Stopped; nothing is lost. {progress.line()}. Go on with: manage.py {again}"
