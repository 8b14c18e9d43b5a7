"""HTTP requests as the launcher takes them: a bounded body, no forged mount point."""

import time
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.internet import reactor as installed_reactor

reactor: Any = installed_reactor  # of a class chosen at run time

LINGER_SECONDS = 2  # to read on after a refusal: a reset would destroy the answer on its way

PAGE = (
    '<!DOCTYPE html><html lang="pl"><meta charset="utf-8"><title>413</title>'
    "<h1>To za dużo naraz</h1><p>Największa dopuszczalna wielkość to {mebibytes} MB. "
    "Wróć do poprzedniej strony: wpisany tekst nadal tam jest. "
    "Zmniejsz plik lub dołącz mniej plików naraz i spróbuj ponownie.</p>"
    '<p lang="en">Too much at once: the limit is {mebibytes} MB. Go back, your text is still '
    "there; choose a smaller file, or fewer at once.</p></html>"
)


class BoundedRequest(WebRequest):
    """A request whose body may not pass MAX_BODY_BYTES.

    Daphne would take a body of any size into memory before Django runs (its issue 226).
    Source: docs/decisions/0008-launcher.md.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django reads forms; Twisted would parse each a first time, on the event loop.
        self._parsePOSTFormSubmission = False
        self._received_bytes = 0
        self._is_refused = False
        self._begun_at: float | None = None  # seconds of a clock that nobody sets

    def gotLength(self, length: int | None) -> None:  # noqa: N802  # Twisted's name
        super().gotLength(length)
        if length is not None and length > settings.MAX_BODY_BYTES:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        self._received_bytes += len(data)
        if self._is_refused:
            return
        if self._received_bytes > settings.MAX_BODY_BYTES:
            self._refuse()
            return
        super().handleContentChunk(data)

    def process(self) -> Any:
        if self._is_refused:
            self.channel.loseConnection()
            return None
        self._begun_at = time.monotonic()
        # Daphne would honour it from any client, and every address on the page would begin with it.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        if self.server.is_draining:
            self.channel.persistent = False
            self.responseHeaders.setRawHeaders(b"Connection", [b"close"])
        return super().process()

    def duration(self) -> float:
        """How long the request takes by now. Units: seconds.

        Daphne's own asks the time of day: a clock that is set forward ended whatever was under way.
        """
        return 0 if self._begun_at is None else time.monotonic() - self._begun_at

    def _refuse(self) -> None:
        """Answer 413 at once, then read on for a moment and close."""
        self._is_refused = True
        self.requestHeaders.removeHeader(b"expect")
        body = PAGE.format(mebibytes=settings.MAX_BODY_BYTES // 2**20).encode()
        head = (
            "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
            f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n"
        )
        transport = self.channel.transport
        transport.unregisterProducer()  # a half-close waits for producers to be gone
        transport.write(head.encode() + body)
        transport.loseWriteConnection()
        reactor.callLater(LINGER_SECONDS, transport.abortConnection)
