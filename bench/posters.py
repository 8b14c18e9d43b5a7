"""Members in a process of their own who reply: each again as soon as the answer is complete.

    python -m bench.posters <ports> <connections> <seconds> <threads> <session key> [...]

Ports and threads are separated by commas; connections, members and threads are taken by turns.
Every text is different, as people's are.

Prints one line of JSON: replies, errors by status, seconds, and how long single answers took
(milliseconds).
"""

import asyncio
import itertools
import json
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.answers import told
from bench.serving import TOKEN, WORDS

WORDS_OF_A_REPLY = 30


class Posters:
    """What all connections share: whose turn it is, and what came back."""

    def __init__(self, threads: list[str], keys: list[str]) -> None:
        self.turns: Iterator[tuple[str, str]] = zip(itertools.cycle(threads), itertools.cycle(keys))
        self.took: list[float] = []
        self.errors: Counter[str] = Counter()

    def request(self, port: int) -> bytes:
        """The next member's reply to the next thread."""
        thread, key = next(self.turns)
        words = " ".join(random.choices(WORDS, k=WORDS_OF_A_REPLY))
        fields = {"body": f"{words} {uuid.uuid4()}", "body_format": "markdown"}
        body = urlencode({**fields, "once": str(uuid.uuid4())})
        return (
            f"POST /threads/{thread}/replies/ HTTP/1.1\r\nHost: localhost:{port}\r\n"
            f"Cookie: sessionid={key}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            f"X-Fragment: 1\r\nOrigin: http://localhost:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    async def write(self, port: int, seconds: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        end = time.perf_counter() + seconds
        while (begin := time.perf_counter()) < end:
            writer.write(self.request(port))
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            self.took.append(time.perf_counter() - begin)
            if not head.startswith(b"HTTP/1.1 2"):
                self.errors[head[9:12].decode()] += 1
        writer.close()


async def main(
    ports: list[int], connections: int, seconds: float, threads: list[str], keys: list[str]
) -> None:
    posters = Posters(threads, keys)
    begin = time.perf_counter()
    places = itertools.islice(itertools.cycle(ports), connections)
    await asyncio.gather(*(posters.write(port, seconds) for port in places))
    print(json.dumps({**told(posters.took, begin), "errors": posters.errors}))


if __name__ == "__main__":
    ports, connections, seconds, threads, *keys = sys.argv[1:]
    asyncio.run(
        main(
            [int(port) for port in ports.split(",")],
            int(connections),
            float(seconds),
            threads.split(","),
            keys,
        )
    )
