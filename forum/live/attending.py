"""The hub's word on who reads and writes: it counts its sockets, tells pages and other processes.

Every two seconds at most, and only what changed. Source: docs/decisions/0020-presence.md.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import DatabaseError

from forum.live import rules, streams, wire
from forum.live.doorkeeper import Reader
from forum.live.presence import Presence, Shown
from forum.live.sockets import Register, Socket

logger = logging.getLogger(__name__)

TELL_SECONDS = 2.0
SOCKETS_PER_TURN = 200
VOICES_PER_SOCKET = 20  # that a page may have judged

Send = Callable[[Socket, str], Awaitable[None]]
Publish = Callable[[dict[str, Any]], Awaitable[None]]


class Attending:
    """Presence among the sockets of one process. All methods belong to the event loop."""

    def __init__(self, register: Register, *, send: Send, publish: Publish) -> None:
        self.presence = Presence()
        self.is_silent = False  # while it is not known who may still listen
        self._register = register
        self._send = send
        self._publish = publish

    async def work(self) -> None:
        """Tell for ever; whoever runs this starts it again when the layer fails."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            await self.tell()

    async def tell(self) -> None:
        """Tell the listeners what is new to them, then the other processes."""
        self.presence.read(self._readers())
        if not self.is_silent:
            for stream, shown in self.presence.news().items():
                await self._tell(stream, shown)
        for hint in self.presence.hints():
            await self._publish(hint)

    async def greet(self, socket: Socket, stream: str) -> None:
        """Tell one who has just come what the others know."""
        shown = self.presence.shown(stream)
        if shown != Shown() and not self.is_silent:
            await self._send(socket, wire.presence(stream, shown, socket.viewer.pk))

    async def writes(
        self, socket: Socket, stream: str, organization: int | None, reader: Reader
    ) -> None:
        """The page says that its member writes there (None: no longer).

        In whose voice they may be shown is judged once for each socket and voice.
        """
        member = socket.viewer.pk
        if member is None or not self._attends(socket, stream):
            return
        if organization is None:
            self.presence.write(stream, member, None)
            return
        if organization not in socket.voices and len(socket.voices) < VOICES_PER_SOCKET:
            try:
                voice = await reader.read(rules.voice_of, (socket.viewer, organization))
            except DatabaseError:
                logger.exception("A voice could not be judged")
                return  # a hint is not worth a socket
            socket.voices[organization] = voice
        voice = socket.voices.get(organization)
        if voice is not None and self._attends(socket, stream):
            self.presence.write(stream, member, voice)

    def _attends(self, socket: Socket, stream: str) -> bool:
        """Whether the socket listens there, by right, and others are told of it."""
        is_admitted = stream in socket.streams and stream not in socket.waiting
        return is_admitted and streams.shows_presence(stream)

    def _readers(self) -> dict[str, int]:
        """How many people read each stream here: a member with three windows is one."""
        counts = {}
        for stream in self._register.streams():
            if not streams.shows_presence(stream):
                continue
            members: set[int] = set()
            guests = 0
            for socket in self._register.listeners(stream):
                if stream in socket.waiting:
                    continue
                if socket.viewer.pk is None:
                    guests += 1
                elif rules.is_shown(socket.viewer):
                    members.add(socket.viewer.pk)
            counts[stream] = guests + len(members)
        return counts

    async def _tell(self, stream: str, shown: Shown) -> None:
        text = wire.presence(stream, shown)
        writers = {pk for pk, _ in shown.writers}
        for count, socket in enumerate(self._register.listeners(stream), 1):
            if stream in socket.streams and stream not in socket.waiting:
                is_writer = socket.viewer.pk in writers
                own = wire.presence(stream, shown, socket.viewer.pk) if is_writer else text
                await self._send(socket, own)
            if count % SOCKETS_PER_TURN == 0:
                await asyncio.sleep(0)
