"""Telling every process of a change, after its commit, from any thread.

The channel layer carries hints: a lost one is healed by the hub's heartbeat and by the pages, so
nothing here may fail the action that calls it. Source: docs/decisions/0002-hub.md.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import translation

from forum.live import languages

logger = logging.getLogger(__name__)

GROUP = "live"  # one for everything: the hub of each process sorts
HTML_MAX_BYTES = 16 * 1024
SENDING_SECONDS = 5
MAX_WAITING = 1_000  # hints; above that they are dropped, the heartbeat tells the number
MOST_AT_ONCE = 20  # hints that go in one message where they come faster than the layer takes them
HINTS = ("change", "numbers")  # the heartbeat heals these; all others go alone, and wait for none

_server_loop: asyncio.AbstractEventLoop | None = None
_waiting: deque[dict[str, Any]] = deque()  # of any thread, to be sent by the loop
_sending: asyncio.Task[None] | None = None  # the loop's
_alone: set[Future[None]] = set()


def announce(stream: str, seq: int, render: Callable[[], str] | None = None) -> None:
    """Tell every listener of the stream that it reached this number, once the change is kept.

    Give `render` only if every listener may see what it returns. It runs after the commit, once
    for each language that somebody listens in to streams of this kind; a text above 16 KiB is left
    out and the pages fetch it.
    Raises: nothing; a failing layer or template is logged.
    """

    def tell() -> None:
        message: dict[str, Any] = {"type": "change", "stream": stream, "seq": seq}
        if render is not None and (html := _in_every_language(stream, render)):
            message["html"] = html
        publish(message)

    transaction.on_commit(tell, robust=True)


def announce_numbers(numbers: Mapping[str, int]) -> None:
    """Tell of many streams at once that each reached its number, after the commit.

    One message for all: thousands of members who are told one thing do not flood the layer.
    """

    def tell() -> None:
        publish({"type": "numbers", "numbers": dict(numbers)})

    if numbers:
        transaction.on_commit(tell, robust=True)


def kick(*, user: int | None = None, session: str | None = None) -> None:
    """Close the sockets of a member or of one session, after the commit: logout, suspension."""
    message = {"type": "kick", "user": user, "session": session}
    transaction.on_commit(lambda: publish(message), robust=True)


def recheck() -> None:
    """Ask every hub to judge the rights of its sockets again, after the commit.

    For actions that close a category or end a mandate; without it the hub asks every minute.
    """
    transaction.on_commit(lambda: publish({"type": "recheck"}), robust=True)


def publish_through(loop: asyncio.AbstractEventLoop) -> None:
    """Name the event loop of this process's server: from now on every thread sends through it."""
    global _server_loop, _sending  # one loop a process, known only once it runs
    if loop is not _server_loop:
        _server_loop, _sending = loop, None
        _waiting.clear()


def is_all_sent() -> bool:
    """Whether nothing waits for the layer, which the end of the process would lose."""
    return not (_waiting or _alone) and (_sending is None or _sending.done())


def publish(message: dict[str, Any]) -> None:
    """Hand a message to the channel layer now. Raises: nothing; failures are logged."""
    try:
        if _server_loop is not None and _server_loop.is_running():
            _send_soon(message, _server_loop)
        else:
            # A worker process or a command: nobody waits here, the layer takes it to the servers.
            async_to_sync(_send)(message)
    except Exception:
        logger.exception("A live message was not sent: %s", message["type"])


def _in_every_language(stream: str, render: Callable[[], str]) -> dict[str, str]:
    texts = {}
    for language in languages.wanted(stream):
        with translation.override(language):
            try:
                text = render()
            except Exception:
                logger.exception("A change of %s could not be rendered", stream)
                return {}
        if text and len(text.encode()) <= HTML_MAX_BYTES:
            texts[language] = text
    return texts


def _send_soon(message: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    # The in-memory layer is not thread-safe and Redis would open a connection for each thread.
    if message["type"] not in HINTS:
        _alone.add(sending := asyncio.run_coroutine_threadsafe(_send_some([message]), loop))
        sending.add_done_callback(_alone.discard)
        return
    if len(_waiting) >= MAX_WAITING:
        logger.error("The channel layer is stuck: a live message was dropped")
        return
    _waiting.append(message)
    loop.call_soon_threadsafe(_keep_sending, loop)


def _keep_sending(loop: asyncio.AbstractEventLoop) -> None:
    global _sending  # held here, or it could be forgotten before it ends
    if _sending is None or _sending.done():
        _sending = loop.create_task(_send_all())


async def _send_all() -> None:
    """Send what waits, in its order; what came while the layer was busy goes together."""
    while _waiting:
        await _send_some([_waiting.popleft() for _ in range(min(len(_waiting), MOST_AT_ONCE))])


async def _send_some(some: list[dict[str, Any]]) -> None:
    try:
        await _send(some[0] if len(some) == 1 else {"type": "several", "messages": some})
    except Exception as error:
        if len(some) == 1 or isinstance(error, TimeoutError):
            logger.error("A live message was not sent: %r", error)
            return
        for each in some:  # one that the layer does not take must not take others with it
            await _send_some([each])


async def _send(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    assert layer is not None
    async with asyncio.timeout(SENDING_SECONDS):
        await layer.group_send(GROUP, message)
