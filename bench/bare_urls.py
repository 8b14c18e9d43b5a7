"""The forum's addresses and `/bare/`: what Django, its middleware and the launcher cost alone."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from forum.live import announcing
from forum.live.hub import Hub
from forum_site.urls import urlpatterns as urls_of_the_forum

MARKS: list[tuple[str, str, float, float]] = []  # stage, stream, the clock, the processor's time


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@csrf_exempt
def broadcast(request: HttpRequest) -> HttpResponse:
    """A ready-made frame to every listener of a stream: the hub and the sockets, nothing else."""
    announcing.publish(
        {
            "type": "change",
            "stream": request.POST["stream"],
            "seq": int(request.POST["seq"]),
            "html": {"pl": "x" * int(request.POST["size"])},
        }
    )
    return HttpResponse("ok")


def marks(_request: HttpRequest) -> HttpResponse:
    """When the changes since the last call were announced and written, by the machine's clock."""
    found = MARKS[:]
    MARKS.clear()
    return JsonResponse({"marks": found, "cpu": time.process_time()})


def _mark(stage: str, stream: str) -> None:
    MARKS.append((stage, stream, time.monotonic(), time.process_time()))


class _Watched:
    """The two places of the live room that a benchmark looks at, as they are but for a mark."""

    publish = staticmethod(announcing.publish)
    change = Hub._change


def _publish(message: dict[str, Any]) -> None:
    if message["type"] == "change":
        _mark("announced", message["stream"])
    _Watched.publish(message)


async def _change(hub: Hub, stream: str, seq: int, html: dict[str, str]) -> None:
    _mark("taken", stream)
    await _Watched.change(hub, stream, seq, html)
    _mark("written", stream)


announcing.publish = _publish
Hub._change = _change  # type: ignore[method-assign]  # of this process only

urlpatterns = [
    *urls_of_the_forum,
    path("bare/", bare),
    path("bare/django/", bare),  # through another handler: bench/bare_asgi.py
    path("bare/broadcast/", broadcast),
    path("bare/marks/", marks),
]
