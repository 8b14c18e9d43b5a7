"""Readers in a process of their own: each asks again as soon as its answer is complete.

    python -m bench.load <port> <path> <connections> <seconds> [cookie ...]

With several cookies each request is the next member's. Further lines of a request's head may stand
behind its cookie, each after CR LF: a browser that has the page asks with `If-None-Match`.

Prints one line of JSON: answers, seconds, and how long single answers took (milliseconds).
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle

from bench.answers import told


async def main(port: int, path: str, connections: int, seconds: float, cookies: list[str]) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
    requests = [f"{head}Cookie: {cookie}\r\n\r\n".encode() for cookie in cookies]
    turns = cycle(requests or [f"{head}\r\n".encode()])
    took: list[float] = []
    begin = time.perf_counter()
    await asyncio.gather(*(_read(port, turns, seconds, took) for _ in range(connections)))
    print(json.dumps(told(took, begin)))


async def _read(port: int, turns: Iterator[bytes], seconds: float, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    end = time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end:
        writer.write(next(turns))
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 200"):
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
        elif not head.startswith(b"HTTP/1.1 304"):  # which has no body
            raise SystemExit(head.decode())
        took.append(time.perf_counter() - begin)
    writer.close()


if __name__ == "__main__":
    port, path, connections, seconds, *cookies = sys.argv[1:]
    asyncio.run(main(int(port), path, int(connections), float(seconds), cookies))
