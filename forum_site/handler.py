"""Django for one HTTP request: a single step of one thread, out of a fixed number of them.

Source: docs/decisions/0050-one-thread-a-request.md and 0052-few-at-a-time.md.
"""

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

logger = logging.getLogger(__name__)


# Python runs one thread at a time: more that compute at once only take it from each other, a fifth
# of their time with sixteen. So few begin; those that wait let the next one in, forty a second.
AT_A_TIME = 2
LOOK_S = 0.05
BUSY = 0.7  # of one processor: who comes in now would get none of it
LONG_S = 0.3  # no longer does anybody hold up others, as an export that computes for a minute


class Lanes:
    """Lets few requests run at a time, but does not count those that wait for something."""

    def __init__(self, at_a_time: int = AT_A_TIME, look_s: float = LOOK_S) -> None:
        self._free = asyncio.Semaphore(at_a_time)
        self._look_s = look_s

    async def take(self) -> "Lane":
        """Wait for a lane."""
        await self._free.acquire()
        return Lane(self._free, self._look_s)


class Lane:
    """One of them, taken: given back at the end, or once the process does little meanwhile."""

    def __init__(self, free: asyncio.Semaphore, look_s: float) -> None:
        self._free: asyncio.Semaphore | None = free
        self._look_s = look_s
        self._ends = asyncio.get_running_loop().time() + LONG_S
        self._look_later()

    def give_back(self) -> None:
        """Let the next one in, once."""
        if self._free is not None:
            self._look.cancel()
            self._free.release()
            self._free = None

    def _look_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._since, self._used = loop.time(), time.process_time()
        self._look = loop.call_later(self._look_s, self._look_now)

    def _look_now(self) -> None:
        now = asyncio.get_running_loop().time()
        used = time.process_time() - self._used
        if used > BUSY * (now - self._since) and now < self._ends:
            self._look_later()
        else:
            self.give_back()


class ThreadHandler(ASGIHandler):
    """Answers requests in threads of its own: middleware, view, and the end of the response.

    Django's handler goes from the event loop to a thread and back for the middleware, for the view
    and for the end, and starts that thread anew for each request. All of ours is synchronous.
    """

    def __init__(self, at_once: int) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._at_once = at_once
        self._lanes = Lanes()
        self._threads = self._new_threads()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Mapping[str, Any]]],
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            lane = await self._lanes.take()
        except asyncio.CancelledError:
            body.close()
            raise
        try:
            response = await self._in_a_thread(scope, body)
        finally:
            lane.give_back()
        await self.send_response(response, send)

    async def _in_a_thread(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        context = contextvars.copy_context()
        work = self._threads.submit(context.run, self._answer, scope, body)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            if work.cancel():  # it had not begun
                body.close()
            elif not work.done():
                self._leave_threads()
            raise

    def _new_threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._at_once, thread_name_prefix="request")

    def _leave_threads(self) -> None:
        """Whoever comes next has other threads: the server gave up one of these, which may never
        return. The rest end with what they do."""
        self._threads.shutdown(wait=False)
        self._threads = self._new_threads()

    def _answer(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        """The answer, complete and closed: nothing of it is left to be asked of the database."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            request, refusal = self.create_request(scope, body)
            response: Any = refusal if request is None else self.get_response(request)
            response._handler_class = self.__class__  # whom its end is signalled to come from
            if isinstance(response, FileResponse):
                response.block_size = self.chunk_size
            try:
                return _whole(response) if response.streaming else response
            finally:
                _close(response)


def _close(response: HttpResponseBase) -> None:
    """End the request. What was written is committed: a failure here must not hide that."""
    try:
        response.close()
    except Exception:
        logger.exception("The end of a request failed")


def _whole(response: HttpResponseBase) -> HttpResponse:
    """The answer with all of its body, as Django's handler makes it of what is not asynchronous."""
    whole = HttpResponse(b"".join(response), status=response.status_code)
    whole.headers, whole.cookies = response.headers, response.cookies
    return whole
