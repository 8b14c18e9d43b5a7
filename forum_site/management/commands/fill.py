"""`manage.py fill`: load data, to see and measure the forum at size."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from forum_site.filling import CATEGORY, fill

SHOWN_FROM = 10_000  # posts in a thread whose address is printed


class Command(BaseCommand):
    help = "Adds threads with many posts in bulk; each run adds more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, required=True)
        parser.add_argument("--posts", type=int, required=True, help="in all threads together")
        parser.add_argument(
            "--thread-of", type=int, metavar="POSTS", help="so many posts stand in one thread"
        )
        parser.add_argument("--seed", type=int, help="the same number gives the same shapes")
        parser.add_argument("--anyway", action="store_true", help="also where DEBUG is off")

    def handle(self, *, threads: int, posts: int, **options: Any) -> None:
        if not settings.DEBUG and not options["anyway"]:
            raise CommandError(
                "This writes invented posts among those of your members, and DEBUG is off here. "
                "Where you want it nevertheless: add --anyway"
            )
        largest = options["thread_of"] or -(-posts // max(threads, 1))
        if threads < 1 or not 1 <= largest <= posts - (threads - 1):
            raise CommandError("Every thread needs a post: give more posts than threads.")
        begin = time.monotonic()
        for thread in fill(threads, posts, largest, options["seed"]):
            if thread.last_number >= SHOWN_FROM or thread.last_number == options["thread_of"]:
                self.stdout.write(f"{settings.SITE_URL}{thread.get_absolute_url()} {thread.title}")
        seconds = time.monotonic() - begin
        self.stdout.write(f"{posts} posts in {threads} threads of “{CATEGORY}”, {seconds:.1f} s")
