"""The forum's only consumer: it knows sockets and the live protocol, no model and no room."""

import contextlib
import time
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY

from forum.lib.networks import network_of
from forum.live.hub import HUB
from forum.live.sockets import Socket
from forum.live.wire import Close, read_wish

MESSAGE_MAX_BYTES = 8 * 1024
STREAMS_PER_SOCKET = 200
WISHES_PER_SECOND = 5
WISHES_AT_ONCE = 20


class LiveConsumer(AsyncWebsocketConsumer):
    """One socket of one open page."""

    # Not configured: Channels makes neither a channel nor a receiving task for each socket.
    channel_layer_alias = "none: the hub has the channel"

    socket: Socket | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one socket until it is gone.

        Channels would keep a second task waiting for each socket, beside the server's own.
        """
        self.scope, self.channel_layer, self.base_send = scope, None, send
        with contextlib.suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels would visit its one shared database thread for each message; the hub has its own.
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        HUB.start()
        self._wishes = Allowance(WISHES_PER_SECOND, WISHES_AT_ONCE)
        socket = self._describe()
        # Read, and held by every layer above for as long as the page is open.
        self.scope["headers"].clear()
        self.scope["cookies"].clear()
        await self.accept()
        # Accepted first: a browser cannot read the reason of a refused handshake.
        if HUB.register.enter(socket, limit_per_address=settings.LIVE_SOCKETS_PER_ADDRESS):
            self.socket = socket
        else:
            await self.close(int(Close.TOO_MANY))

    def _describe(self) -> Socket:
        session = self.scope["session"]
        client = self.scope.get("client") or ["", 0]
        return Socket(
            viewer=self.scope["user"],
            language=_language(self.scope["query_string"]),
            address=network_of(client[0]),
            send=self.send,
            close=self.close,
            unsent_bytes=self.scope.get("extensions", {}).get("forum.unsent_bytes", lambda: 0),
            session_key=session.session_key,
            # Loaded when the user was: this reads no database.
            session_hash=session.get(HASH_SESSION_KEY, ""),
        )

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.socket is None or self.socket not in HUB.register.sockets:
            return
        if text_data is None or len(text_data.encode()) > MESSAGE_MAX_BYTES:
            await HUB.close(self.socket, Close.NOT_UNDERSTOOD)
        elif not self._wishes.take():
            await HUB.close(self.socket, Close.TOO_MANY)
        else:
            await self._grant(self.socket, text_data)

    async def _grant(self, socket: Socket, text: str) -> None:
        wish = read_wish(text)
        if wish is None:
            await HUB.close(socket, Close.NOT_UNDERSTOOD)
            return
        for name in wish.leave:
            if name in socket.streams:
                HUB.register.unlisten(socket, name)
        if len(socket.streams.union(wish.join)) > STREAMS_PER_SOCKET:
            await HUB.close(socket, Close.TOO_MANY)
            return
        if wish.join:
            await HUB.join(socket, wish.join)
        for name, organization in wish.writing.items():
            await HUB.write(socket, name, organization)

    async def disconnect(self, code: int) -> None:
        if self.socket is not None:
            HUB.register.leave(self.socket)


class Allowance:
    """How often something may happen: a burst, then so many a second."""

    __slots__ = ("_at", "_at_once", "_left", "_per_second")

    def __init__(self, per_second: float, at_once: int) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._left = float(at_once)
        self._at = time.monotonic()

    def take(self) -> bool:
        """Use one up; False where none is left."""
        at = time.monotonic()
        self._left = min(self._at_once, self._left + (at - self._at) * self._per_second)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _language(query: bytes) -> str:
    wished = parse_qs(query.decode("ascii", "replace")).get("language", [""])[0]
    return wished if wished in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
