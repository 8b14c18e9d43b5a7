"""Fakes at the border of the hub: a stream kept in memory, and sockets that write into a list."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser

from accounts.rules import Viewer
from forum.live import announcing, streams
from forum.live.hub import Hub
from forum.live.sockets import Socket

SOON_S = 5


class MemoryStream(streams.Stream):
    """A kind of stream whose numbers and rights a test sets."""

    kind = "memory"

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.forbidden: set[tuple[int | None, int]] = set()
        self.reads = 0
        self.before_read = lambda: None

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        return (viewer.pk, pk) not in self.forbidden

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        self.reads += 1
        self.before_read()
        return {pk: self.numbers[pk] for pk in pks if pk in self.numbers}

    def changes(self, pk: int, since: int) -> streams.Changes:
        return streams.Changes(self.numbers[pk], f"<p>since {since}</p>", more=False)


class FakePage:
    """A socket whose frames stay in a list."""

    def __init__(
        self,
        hub: Hub,
        *,
        viewer: Viewer | None = None,
        language: str = "pl",
        session_key: str | None = None,
    ) -> None:
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.unsent = 0
        self.hub = hub
        self.socket = Socket(
            viewer=viewer or AnonymousUser(),
            language=language,
            address="192.0.2.1",
            send=self._take,
            close=self._close,
            unsent_bytes=lambda: self.unsent,
            session_key=session_key,
            session_hash=viewer.get_session_auth_hash() if viewer else "",
        )
        assert hub.register.enter(self.socket, limit_per_address=10_000)

    async def join(self, *names: str) -> None:
        await self.hub.join(self.socket, names)

    async def _take(self, text: str) -> None:
        self.frames.append(json.loads(text))

    async def _close(self, code: int) -> None:
        self.code = code


@asynccontextmanager
async def running(heartbeat_seconds: float = 60) -> AsyncIterator[Hub]:
    """A hub at work on this test's loop."""
    hub = Hub(heartbeat_seconds=heartbeat_seconds)
    hub.start()
    try:
        await until(lambda: hub.is_listening)
        yield hub
    finally:
        await hub.stop()


async def until(is_true: Any) -> None:
    """Wait for it; fail where it does not come."""
    async with asyncio.timeout(SOON_S):
        while not is_true():
            await asyncio.sleep(0.005)


async def hint(message: dict[str, Any]) -> None:
    """Send what another process would have sent to this hub."""
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(announcing.GROUP, message)
