"""Several processes with Redis between them, and Redis that dies and comes back."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.live.client import PROBING
from tests.live.serving import Serving

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server"),
]


class Redis:
    """A Redis of the test's own, which it may kill."""

    def __init__(self, place: Path) -> None:
        self.place = place
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self.place,
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.05)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@contextmanager
def joined(server: Serving) -> Iterator[ClientConnection]:
    with connect(server.socket_url(), origin=server.origin) as page:
        page.send(json.dumps({"join": {"probe.1": 0}}))
        assert frame(page)["type"] == "now"
        yield page


def frame(page: ClientConnection, timeout: float = 15) -> dict[str, Any]:
    return json.loads(page.recv(timeout=timeout))


def announce(server: Serving, seq: int) -> None:
    answer = httpx.get(server.url(f"/probe/announce?pk=1&seq={seq}&html=post"), timeout=20)
    assert answer.status_code == 200


def test_processes_share_changes_and_add_up_their_readers(tmp_path: Path, redis: Redis) -> None:
    with (
        Serving(tmp_path / "a", command=PROBING, REDIS_URL=redis.url) as one,
        Serving(tmp_path / "b", command=PROBING, REDIS_URL=redis.url) as two,
        joined(one) as here,
        joined(two) as there,
    ):
        announce(one, 1)
        for page in (here, there):
            assert frame(page)["html"] == "pl post"
        for page in (here, there):
            page.send(json.dumps({"join": {"attended.1": 0}}))
            assert frame(page)["type"] == "now"
        for page in (here, there):
            told = frame(page)
            assert (told["type"], told["readers"]) == ("presence", 2)


def test_redis_that_dies_loses_no_change_and_is_used_again(tmp_path: Path, redis: Redis) -> None:
    with (
        Serving(tmp_path / "a", command=PROBING, REDIS_URL=redis.url) as server,
        joined(server) as page,
    ):
        announce(server, 1)
        assert frame(page)["type"] == "change"
        redis.kill()
        announce(server, 2)
        assert frame(page) == {"type": "now", "stream": "probe.1", "seq": 2}
        redis.start()
        seq, kind, end = 2, "now", time.monotonic() + 40
        while kind == "now" and time.monotonic() < end:
            seq += 1
            announce(server, seq)
            kind = frame(page)["type"]
        assert kind == "change"


def test_a_server_that_starts_without_redis_takes_it_up_later(tmp_path: Path, redis: Redis) -> None:
    redis.kill()
    with (
        Serving(tmp_path / "a", command=PROBING, REDIS_URL=redis.url) as server,
        joined(server) as page,
    ):
        announce(server, 1)
        assert frame(page)["type"] == "now"
        redis.start()
        seq, kind, end = 1, "now", time.monotonic() + 40
        while kind == "now" and time.monotonic() < end:
            seq += 1
            announce(server, seq)
            kind = frame(page)["type"]
        assert kind == "change"
