"""Our launcher's server with an application that tests can steer from outside.

The live part is the forum's own; beside it stand a stream kept in memory, a slow answer, an echo
of the scope, and a socket that is flooded. Started by tests as a process of its own.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import threading
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django.setup()

from forum.live import streams  # noqa: E402  # Django's set-up comes first
from forum.live.announcing import publish  # noqa: E402
from forum.live.hub import HUB  # noqa: E402
from forum_site import asgi  # noqa: E402
from forum_site.launching.server import serve  # noqa: E402


class ProbeStream(streams.Stream):
    kind = "probe"
    numbers: dict[int, int] = {}

    def may_listen(self, viewer: Any, pk: int) -> bool:
        return pk < 900

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        return {pk: self.numbers.get(pk, 0) for pk in pks}


class AttendedStream(ProbeStream):
    """One whose listeners are told who else is there."""

    kind = "attended"
    shows_presence = True


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket" and scope["path"] == "/flood/":
        await _flood(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/probe/"):
        given = dict(parse_qsl(scope["query_string"].decode()))
        answer = await PROBES[scope["path"].removeprefix("/probe/")](scope, receive, **given)
        body = json.dumps(answer).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
    else:
        await asgi.application(scope, receive, send)


async def _set(scope: Any, receive: Any, pk: str, seq: str) -> str:
    """A commit whose hint is lost."""
    ProbeStream.numbers[int(pk)] = int(seq)
    return "set"


async def _announce(
    scope: Any, receive: Any, pk: str, seq: str, html: str = "", delay: str = "0"
) -> str:
    """A commit in a thread that the loop knows nothing of, as an embedded worker's."""
    ProbeStream.numbers[int(pk)] = int(seq)
    message = {"type": "change", "stream": f"probe.{pk}", "seq": int(seq)}
    if html:
        message["html"] = {"pl": f"pl {html}", "en": f"en {html}"}
    threading.Timer(float(delay), publish, args=(message,)).start()
    return "announced"


async def _slow(scope: Any, receive: Any, seconds: str) -> str:
    await asyncio.sleep(float(seconds))
    return "slept"


async def _scope(scope: Any, receive: Any) -> dict[str, Any]:
    return {"client": scope["client"][0], "root_path": scope["root_path"]}


async def _size(scope: Any, receive: Any) -> int:
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    return size


async def _counts(scope: Any, receive: Any) -> dict[str, int]:
    return {
        "sockets": len(HUB.register.sockets),
        "healed": HUB.counts.healed,
        "too_slow": HUB.counts.too_slow,
    }


async def _frozen(scope: Any, receive: Any) -> int:
    return gc.get_freeze_count()


PROBES = {
    "set": _set,
    "announce": _announce,
    "slow": _slow,
    "scope": _scope,
    "size": _size,
    "counts": _counts,
    "frozen": _frozen,
}


async def _flood(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Write to a socket until its page is seen not to read; say on standard error how much."""
    await receive()
    await send({"type": "websocket.accept"})
    unsent, written = scope["extensions"]["forum.unsent_bytes"], 0
    while unsent() < 512 * 1024 and written < 200 * 2**20:
        await send({"type": "websocket.send", "text": "x" * 16_384})
        written += 16_384
        await asyncio.sleep(0)
    sys.stderr.write(f"flooded: written={written} unsent={unsent()}\n")
    await send({"type": "websocket.close", "code": 4013})
    await receive()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    wanted = parser.parse_args().port
    streams.register(ProbeStream())
    streams.register(AttendedStream())
    serve(application, "127.0.0.1", wanted, lambda port: print(f"http://localhost:{port}/"))  # noqa: T201
