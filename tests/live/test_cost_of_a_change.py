"""What a change costs the hub: the same for a few sockets and for hundreds."""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers

from accounts.models import User
from accounts.rules import Viewer
from forum.live import streams, wire
from tests.live.probes import FakePage, MemoryStream, running, until
from tests.live.test_hub import change, hint


@pytest.fixture
def memory() -> Iterator[MemoryStream]:
    channel_layers.backends.clear()
    stream = MemoryStream()
    stream.numbers[1] = 17
    streams.register(stream)
    yield stream
    streams._kinds.pop("memory")
    channel_layers.backends.clear()


@pytest.mark.parametrize("count", [2, 300])
async def test_a_change_is_written_once_for_each_language_and_never_asks(
    memory: MemoryStream, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """However many different members listen: the cost of a socket is one frame, and no question."""
    asked, made = [], []
    judge, write = MemoryStream.may_listen, wire._frame

    def may_listen(stream: MemoryStream, viewer: Viewer, pk: int) -> bool:
        asked.append(viewer)
        return judge(stream, viewer, pk)

    def frame(**parts: Any) -> str:
        made.append(parts["type"])
        return write(**parts)

    monkeypatch.setattr(MemoryStream, "may_listen", may_listen)
    monkeypatch.setattr(wire, "_frame", frame)
    async with running() as hub:
        pages = [
            FakePage(hub, viewer=User(pk=pk), language=("pl", "en")[pk % 2])
            for pk in range(1, count + 1)
        ]
        for page in pages:  # as members who were admitted before
            hub.register.listen(page.socket, "memory.1")
            page.socket.waiting.clear()
        assert (asked, made, memory.reads) == ([], [], 0)
        await hint(change(18, html={"pl": "<p>pl</p>", "en": "<p>en</p>"}))
        await until(lambda: all(page.frames for page in pages))
        assert made == ["change", "change"]
        assert (asked, memory.reads) == ([], 0)
        await FakePage(hub).join("memory.1")
        assert len(asked) == memory.reads == 1  # a join asks
