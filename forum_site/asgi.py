"""The forum as an ASGI application: HTTP behind a bound, sockets behind a check of their origin.

Source: docs/decisions/0008-launcher.md.
"""

import asyncio
import os
from typing import Any
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http.request import split_domain_port, validate_host

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django = get_asgi_application()

from forum.live.consumers import LiveConsumer  # noqa: E402  # models need Django's set-up first

Scope = dict[str, Any]

WAITING_PER_TURN = 50  # requests that may wait for each one that is served
BUSY = b"Serwer jest chwilowo przeci\xc4\x85\xc5\xbcony. / The server is busy, try again soon.\n"

live = AuthMiddlewareStack(LiveConsumer.as_asgi())
denied = WebsocketDenier.as_asgi()


class Turns:
    """Lets a bounded number of requests into Django, which starts a thread for each.

    Those that wait hold their bodies in memory, so they are bounded as well.
    """

    def __init__(self, at_once: int) -> None:
        self._semaphore = asyncio.Semaphore(at_once)
        self._places = at_once * (WAITING_PER_TURN + 1)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if not self._places:
            await _answer(send, 503, BUSY, (b"retry-after", b"5"))
            return
        self._places -= 1
        try:
            async with self._semaphore:
                await django(scope, receive, send)
        finally:
            self._places += 1


turns = Turns(settings.MAX_CONCURRENT_REQUESTS)


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """Every request and every socket of the forum."""
    if scope["type"] == "websocket":
        is_welcome = scope["path"] == "/live/" and is_own_origin(scope["headers"])
        await (live if is_welcome else denied)(scope, receive, send)
    elif scope["path"] == "/healthz":
        # Outside the bound: a busy server is alive.
        await _answer(send, 200, b"ok\n")
    else:
        await turns(scope, receive, send)


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


async def _answer(send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    length = (b"content-length", str(len(body)).encode())
    head = [plain, length, (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
