"""The forum as an ASGI application: HTTP behind a bound, sockets behind a check of their origin.

Source: docs/decisions/0008-launcher.md.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import django
from channels.auth import AuthMiddlewareStack
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django.setup(set_prefix=False)

# Models need Django's set-up first.
from forum.lib import scraping  # noqa: E402
from forum.live.consumers import LiveConsumer  # noqa: E402
from forum_site import health, metrics  # noqa: E402
from forum_site.handler import ThreadHandler  # noqa: E402

Scope = dict[str, Any]
Handler = Callable[[Scope, Any, Any], Awaitable[None]]

WAITING_PER_TURN = 50  # requests that may wait for each one that is served
BUSY = b"Serwer jest chwilowo przeci\xc4\x85\xc5\xbcony. / The server is busy, try again soon.\n"

consumer = LiveConsumer.as_asgi()
denied = WebsocketDenier.as_asgi()


async def live(scope: Scope, receive: Any, send: Any) -> None:
    """One socket of whoever the session says it is."""
    await consumer(await _identified(scope), receive, send)


async def _identified(scope: Scope) -> Scope:
    """The scope with its cookies, session and user, as Channels' own layers find them.

    Asked apart: round the consumer they would hold four copies of the scope and as many waiting
    frames for as long as the page is open.
    """
    found: list[Scope] = []

    async def note(known: Scope, _receive: Any, _send: Any) -> None:
        found.append(known)

    await AuthMiddlewareStack(note)(scope, None, None)
    return found[0]


class Turns:
    """Lets a bounded number of requests into Django, as many as it has threads.

    Those that wait hold their bodies in memory, so they are bounded as well.
    """

    def __init__(self, handler: Handler, at_once: int) -> None:
        self._handler = handler
        self._semaphore = asyncio.Semaphore(at_once)
        self._places = at_once * (WAITING_PER_TURN + 1)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if not self._places:
            await _answer(send, 503, BUSY, (b"retry-after", b"5"))
            return
        self._places -= 1
        try:
            async with self._semaphore:
                await self._handler(scope, receive, send)
        finally:
            self._places += 1


turns = Turns(
    ThreadHandler(settings.MAX_CONCURRENT_REQUESTS), at_once=settings.MAX_CONCURRENT_REQUESTS
)


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """Every request and every socket of the forum."""
    if scope["type"] == "websocket":
        is_welcome = scope["path"] == "/live/" and is_own_origin(scope["headers"])
        await (live if is_welcome else denied)(scope, receive, send)
    elif scope["path"] in WATCHED:
        # Outside the bound and of Django: a busy server is alive, and is watched all the more.
        await WATCHED[scope["path"]](scope, send)
    else:
        await turns(scope, receive, send)


async def _healthz(_scope: Scope, send: Any) -> None:
    """The process lives."""
    await _answer(send, 200, b"ok\n")


async def _readyz(_scope: Scope, send: Any) -> None:
    """What it needs lives, too: 200, or 503 with the part that does not (forum_site/health.py)."""
    readiness = await health.ready()
    status = 200 if readiness.is_ready else 503
    await _answer(send, status, readiness.as_json(), kind=b"application/json")


async def _metrics(scope: Scope, send: Any) -> None:
    """Numbers for Prometheus; for everybody else there is no such address."""
    client = scope["client"][0] if scope.get("client") else ""
    if scraping.is_allowed(client, scope["headers"]):
        text = await metrics.exposition()
        await _answer(send, 200, text, kind=metrics.CONTENT_TYPE.encode())
    else:
        await _answer(send, 404, b"Not found\n")


WATCHED = {"/healthz": _healthz, "/readyz": _readyz, "/metrics": _metrics}


def is_own_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a socket's handshake comes from a page of ours.

    Origins are compared whole: Channels' own check by ALLOWED_HOSTS knows no scheme and no port.
    """
    origins = _values(headers, b"origin")
    if len(origins) != 1:
        return False
    return origins[0] in (origin.lower() for origin in settings.CSRF_TRUSTED_ORIGINS) or (
        settings.DEBUG and _is_same_host(origins[0], _values(headers, b"host"))
    )


def _is_same_host(origin: str, hosts: list[str]) -> bool:
    """Development is reached by more names than SITE_URL; the host must still be an allowed one."""
    parts = urlsplit(origin)
    return (
        parts.scheme in {"http", "https"}
        and hosts == [parts.netloc.lower()]
        and validate_host(split_domain_port(hosts[0])[0], settings.ALLOWED_HOSTS)
    )


def _values(headers: list[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in headers if name == wanted]


async def _answer(
    send: Any,
    status: int,
    body: bytes,
    *headers: tuple[bytes, bytes],
    kind: bytes = b"text/plain; charset=utf-8",
) -> None:
    length = (b"content-length", str(len(body)).encode())
    head = [(b"content-type", kind), length, (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
