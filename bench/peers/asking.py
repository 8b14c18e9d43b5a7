"""Readers and writers with many addresses, in a process of their own; bench/load.py has but one.

    python -m bench.peers.asking < what.json

What: port, connections, seconds, requests (method, path, headers, body). They are sent by turns;
UNIQUE in a body becomes another word each time. Prints what bench.load prints, and how many failed:
a server that breaks down under writers (500, a deadlock) is a figure, not the end.
"""

import asyncio
import json
import re
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from bench.answers import told
from bench.peers.peer import UNIQUE

BROKEN = re.compile(rb"http/1.1 5")
LOGIN = re.compile(rb"location: \S*login")
DONE = {b"200", b"201", b"302", b"303"}  # a form that was taken redirects to the new post


async def main(what: dict[str, Any]) -> None:
    turns = cycle(what["requests"])
    took: list[float] = []
    failed: list[bytes] = []
    begin = time.perf_counter()
    ask = _ask(what["port"], turns, what["seconds"], took, failed)
    await asyncio.gather(*(ask() for _ in range(what["connections"])))
    print(json.dumps({**told(took, begin), "failed": len(failed)}))


def _ask(
    port: int,
    turns: Iterator[dict[str, Any]],
    seconds: float,
    took: list[float],
    failed: list[bytes],
) -> Any:
    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        end = time.perf_counter() + seconds
        while (begin := time.perf_counter()) < end:
            request = next(turns)
            writer.write(_written(port, request))
            head = await _answer(reader, request)
            if BROKEN.match(head):
                failed.append(head)
            else:
                took.append(time.perf_counter() - begin)
            if b"connection: close" in head:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        writer.close()

    return ask


def _written(port: int, request: dict[str, Any]) -> bytes:
    body = request.get("body", "").replace(UNIQUE, str(uuid.uuid4())).encode()
    headers = {"Host": f"localhost:{port}", **request.get("headers", {})}
    if body:
        headers["Content-Length"] = str(len(body))
    lines = [f"{request['method']} {request['path']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader, request: dict[str, Any]) -> bytes:
    """The head of one answer, in small letters, when it has been read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length or 0))
    is_known = head.split()[1] in DONE or BROKEN.match(head)
    if not is_known or LOGIN.search(head):
        raise SystemExit(f"{request['path']}: {head.decode()}\n{body.decode()[:2000]}")
    return head


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
