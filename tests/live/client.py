"""A clean-room page: it speaks the live protocol by the book and shares no code with the forum."""

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.live.serving import Serving

PROBING = ("-m", "tests.live.probing_server")


def open_socket(server: Serving, path: str = "/live/", **options: Any) -> ClientConnection:
    options.setdefault("origin", server.origin)
    return connect(server.socket_url(path), **options)


def frame(page: ClientConnection, timeout: float = 10) -> dict[str, Any]:
    return json.loads(page.recv(timeout=timeout))


def join(page: ClientConnection, **streams: int) -> dict[str, Any]:
    page.send(json.dumps({"join": {name.replace("_", "."): at for name, at in streams.items()}}))
    return frame(page)


def close_code(page: ClientConnection, timeout: float = 10) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        page.recv(timeout=timeout)
    return closed.value.rcvd.code if closed.value.rcvd else None
