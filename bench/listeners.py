"""Many sockets in one process, which also posts and takes the time until all have it.

    python -m bench.listeners <port> <listeners> <rounds> <thread pk> <its seq> <session key> [...]

The first session posts. With more of them every socket is another member's, else all are guests'.

Replies and bare broadcasts by turns. Prints a line when all listen, then one line of JSON: of every
round the milliseconds from the first byte of the request until the change is announced, until the
first and the last listener has its frame and until the server has written all, the server's
CPU-ms, and the bytes of a frame.
"""

import asyncio
import json
import os
import sys
import time
from typing import Any
from urllib.parse import urlencode

from bench.serving import TOKEN

ORIGIN = "http://localhost"
CONNECTING_AT_ONCE = 50
ROUND_SECONDS = 20
PAUSE_SECONDS = 0.2
SETTLING_SECONDS = 4  # until all know how many read here
WARMING_ROUNDS = 2
CHANGE = b'"type":"change"'


class Round:
    """One posting, done when every listener has its frame."""

    def __init__(self, listeners: int) -> None:
        self.left = listeners
        self.done = asyncio.Event()
        self.first = self.last = 0.0
        self.frame_bytes = 0

    def arrived(self, frame_bytes: int) -> None:
        self.first = self.first or time.monotonic()
        self.left -= 1
        self.frame_bytes = frame_bytes
        if not self.left:
            self.last = time.monotonic()
            self.done.set()


class Listener(asyncio.Protocol):
    """A WebSocket client as small as can be: it joins one stream and counts whole frames."""

    round: Round | None = None

    def __init__(self, stream: str, seq: int, session: str) -> None:
        self.cookie = f"Cookie: sessionid={session}\r\n".encode() if session else b""
        self.buffer = b""
        self.is_open = False
        self.joined = asyncio.Event()
        self.join = json.dumps({"join": {stream: seq}}).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(
            b"GET /live/?language=pl HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: "
            + ORIGIN.encode()
            + b"\r\n"
            + self.cookie
            + b"\r\n"
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open:
            head, end, self.buffer = self.buffer.partition(b"\r\n\r\n")
            if not end:
                self.buffer = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_open = True
            self._send(0x81, self.join)
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 0x89:
            self._send(0x8A, payload)
        elif CHANGE in payload[:200].replace(b" ", b"") and Listener.round is not None:
            Listener.round.arrived(len(payload))
        else:
            self.joined.set()

    def _frame(self) -> tuple[int, bytes] | None:
        data = self.buffer
        if len(data) < 2:
            return None
        length, start = data[1] & 127, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start])
        if len(data) < start + length:
            return None
        self.buffer = data[start + length :]
        return data[0], data[start : start + length]

    def _send(self, opcode: int, payload: bytes) -> None:
        # Masked with zeros, which leaves the text as it is.
        self.transport.write(bytes([opcode, 0x80 | len(payload)]) + bytes(4) + payload)


async def main(
    port: int, listeners: int, rounds: int, thread: int, seq: int, session: str, *members: str
) -> None:
    stream = f"thread.{thread}"
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)
    await asyncio.gather(
        *(_connect(port, stream, seq, gate, member) for member in members or [""] * listeners)
    )
    await asyncio.sleep(SETTLING_SECONDS)
    print("settled", flush=True)
    head = f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
    head += "X-Fragment: 1\r\n"
    body = {"body": "Odpowiedź do zmierzenia. " * 12, "body_format": "markdown"}
    found = {"reply": [], "broadcast": []}
    for number in range(WARMING_ROUNDS + rounds):
        reply = await _round(port, listeners, stream, f"/threads/{thread}/replies/", body, head)
        bare = {"stream": stream, "seq": seq + number + 1, "size": reply["bytes"]}
        broadcast = await _round(port, listeners, stream, "/bare/broadcast/", bare, head)
        if number >= WARMING_ROUNDS:
            found["reply"].append(reply)
            found["broadcast"].append(broadcast)
    print(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # a thousand polite farewells are not measured


async def _connect(port: int, stream: str, seq: int, gate: asyncio.Semaphore, session: str) -> None:
    async with gate:
        loop = asyncio.get_running_loop()
        _transport, listener = await loop.create_connection(
            lambda: Listener(stream, seq, session), "127.0.0.1", port
        )
        await asyncio.wait_for(listener.joined.wait(), 60)


async def _round(
    port: int, listeners: int, stream: str, path: str, fields: dict[str, object], head: str
) -> dict[str, float]:
    before = await _marks(port)
    round_ = Listener.round = Round(listeners)
    begin = time.monotonic()
    asking = asyncio.ensure_future(_post(port, path, fields, head))
    await asyncio.wait_for(round_.done.wait(), ROUND_SECONDS)
    await asking
    await asyncio.sleep(PAUSE_SECONDS)
    after = await _marks(port)
    at = {stage: when for stage, name, when, _ in after["marks"] if name == stream}
    at |= {"first": round_.first, "last": round_.last}
    took = {stage: (when - begin) * 1000 for stage, when in at.items()}
    cpu = (after["cpu"] - before["cpu"]) * 1000
    return {**took, "cpu": cpu, "bytes": round_.frame_bytes}


async def _marks(port: int) -> dict[str, Any]:
    """What the server noted since the last call."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /bare/marks/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


async def _post(port: int, path: str, fields: dict[str, object], head: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = urlencode(fields)
    writer.write(
        (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}Connection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
    )
    answer = await reader.read(200)
    assert b" 20" in answer[:12], answer
    await reader.read()
    writer.close()


if __name__ == "__main__":
    numbers, keys = sys.argv[1:6], sys.argv[6:]
    asyncio.run(main(*map(int, numbers), *keys))
