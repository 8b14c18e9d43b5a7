"""Take mails from a mail server beside the forum, by LMTP or SMTP."""

import asyncio
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.mailbox.door import Door, Kind, serve
from forum.operation import maintenance

DEFAULT_PLACE = "127.0.0.1:2424"


class Command(BaseCommand):
    help = (
        "Takes answers by e-mail from a mail server until SIGTERM or Ctrl-C. Neither encrypted nor "
        "with a password: keep it on this machine, or in a network of your own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lmtp", metavar="HOST:PORT", help=f"by LMTP ({DEFAULT_PLACE})")
        parser.add_argument("--smtp", metavar="HOST:PORT", help="by SMTP")

    def handle(self, *args: Any, lmtp: str | None, smtp: str | None, **options: Any) -> None:
        if not settings.REPLY_ADDRESS:
            raise CommandError("Set REPLY_ADDRESS first: without it no mail is an answer.")
        places: dict[Kind, tuple[str, int]] = {}
        if lmtp or not smtp:
            places["lmtp"] = _place(lmtp or DEFAULT_PLACE)
        if smtp:
            places["smtp"] = _place(smtp)
        for kind, (host, port) in places.items():
            self.stdout.write(f"Mails come in by {kind.upper()} at {host}:{port}.")
        self.stdout.flush()
        is_over = threading.Event()
        maintenance.look()
        maintenance.watch(is_over)
        asyncio.run(_until_stopped(places))
        is_over.set()
        self.stdout.write("The door is closed.")


async def _until_stopped(places: dict[Kind, tuple[str, int]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(places, stop, Door())


def _place(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal() and int(port) < 2**16):
        raise CommandError(f"Say where as HOST:PORT, not {text}")
    return host.strip("[]"), int(port)
