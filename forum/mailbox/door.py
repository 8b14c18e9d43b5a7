"""The door for mail servers: LMTP or SMTP on an address of this machine, by aiosmtpd.

Recipients that nobody has are refused at once, so that the sending server tells its own user. What
is said yes to has been kept. Source: docs/decisions/0036-mail-in.md.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from forum.mailbox.actions.taking import Fate, take_in
from forum.mailbox.addresses import named_by, takes_bounces
from forum.operation import maintenance

# For one command, and for the whole of one mail: a line a minute does not keep a place for ever.
PATIENCE_S = 120
COMMANDS_MAX = {"DATA": 200, "*": 1_000}  # of each kind in one connection
LINE_MAX_BYTES = 64 * 1024  # RFC 5321 says 1,000; some programs never wrapped a line
CLOSING_S = 20  # for mails that are on their way when the door closes
THREADS = 4  # that keep mails; the database is the bound
IDENTITY = "Forum"

ANSWERS = {
    Fate.TAKEN: "250 2.0.0 Taken",
    Fate.REPEATED: "250 2.0.0 Taken before",
    Fate.BOUNCE: "250 2.0.0 Noted",
    Fate.UNKNOWN: "550 5.1.1 Nobody here has this address",
    Fate.LATER: "451 4.7.1 Too many mails for this address, try again later",
}
READ_ONLY = "451 4.3.2 Read-only for maintenance, try again later"
FULL = b"421 4.3.2 Too many connections, try again later\r\n"

Kind = Literal["lmtp", "smtp"]

logger = logging.getLogger(__name__)


@dataclass
class Door:
    """Who is inside, and what is said to them."""

    most: int = field(default_factory=lambda: settings.INBOUND_CONNECTIONS)
    patience_s: float = PATIENCE_S
    inside: set[SMTP] = field(default_factory=set)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def protocol(self, kind: Kind) -> asyncio.Protocol:
        """What talks to the next one who comes."""
        if len(self.inside) >= self.most:
            return _Full()
        made = _LMTP if kind == "lmtp" else _SMTP
        talking: asyncio.Protocol = made(
            self,
            data_size_limit=settings.INBOUND_MAX_BYTES,
            timeout=self.patience_s,
            command_call_limit=COMMANDS_MAX,
            ident=IDENTITY,
            loop=asyncio.get_running_loop(),
        )
        return talking

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            # LMTP answers for each recipient, aiosmtpd once: the others come in a mail each.
            return "452 4.5.3 One recipient at a time"
        if not is_known(address, envelope.mail_from or ""):
            return ANSWERS[Fate.UNKNOWN]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if maintenance.current():
            # The sending server keeps the mail and comes again, for days.
            return READ_ONLY
        content = envelope.content or b""
        assert isinstance(content, bytes), "decode_data is off"
        raw = _with_sender(content, envelope.mail_from or "")
        loop = asyncio.get_running_loop()
        return ANSWERS[await loop.run_in_executor(self.pool, _take, raw, envelope.rcpt_tos[0])]

    async def handle_exception(self, error: Exception) -> str:
        # For now, not for good: the sending server keeps the mail and tries again.
        logger.error("A mail could not be taken in", exc_info=error)
        return "451 4.3.0 Try again later"


class _Counted(SMTP):
    """Knows the door that it talks at, and is counted while it does."""

    line_length_limit = LINE_MAX_BYTES

    def __init__(self, door: Door, **options: Any) -> None:
        super().__init__(door, **options)
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._door.inside.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._door.inside.discard(self)
        super().connection_lost(error)


class _SMTP(_Counted):
    pass


class _LMTP(_Counted, LMTP):
    pass


class _Full(asyncio.Protocol):
    """Says that there is no room, and goes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(FULL)
        transport.close()


def is_known(address: str, sender: str) -> bool:
    """Whether mails for this address are taken: a reply address, also one that has ended, since its
    writer is told so; the forum's own only for reports, which have no sender. Queries: none."""
    return named_by(address) is not None or (sender in ("", "<>") and takes_bounces(address))


async def serve(places: dict[Kind, tuple[str, int]], stop: asyncio.Event, door: Door) -> None:
    """Talk to whoever comes until stop is set; mails that are on their way then are taken."""
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(partial(door.protocol, kind), host, port)
        for kind, (host, port) in places.items()
    ]
    await stop.wait()
    for server in servers:
        server.close()
    try:
        async with asyncio.timeout(CLOSING_S):
            while door.inside:
                await asyncio.sleep(0.1)
    except TimeoutError:
        logger.warning("%s connections are cut off", len(door.inside))
    door.pool.shutdown(wait=True)


def _take(raw: bytes, recipient: str) -> Fate:
    close_old_connections()
    try:
        return take_in(raw, recipient)
    finally:
        close_old_connections()


def _with_sender(content: bytes, sender: str) -> bytes:
    """What the last mail server on the way writes above a mail. Source: RFC 5321, 4.4."""
    address = "" if sender in ("", "<>") else sender
    return b"Return-Path: <" + address.encode("ascii", "replace") + b">\r\n" + content
