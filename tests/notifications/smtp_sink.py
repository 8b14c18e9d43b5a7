"""A real mail server on this machine that keeps what it takes.

with Sink() as sink:
    ...
    sink.mails[0].recipients
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.proof.services import free_port


@dataclass
class Taken:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Sink:
    """`answer` may refuse a recipient; taking a mail lasts up to `slowest_s`."""

    answer: Callable[[str], str] = lambda address: "250 OK"
    slowest_s: float = 0
    mails: list[Taken] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.port = free_port()
        self._chance = random.Random(7)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd asks for these names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        answer = self.answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        message = message_from_bytes(bytes(envelope.content), policy=policy.default)
        self.mails.append(Taken(str(envelope.mail_from), list(envelope.rcpt_tos), message))
        # Taken, but not yet said: whoever is killed now does not know.
        await asyncio.sleep(self._chance.uniform(0, self.slowest_s))
        return "250 OK"
