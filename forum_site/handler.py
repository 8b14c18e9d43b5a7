"""Django for one HTTP request: a single step of one thread, out of a fixed number of them.

Source: docs/decisions/0050-one-thread-a-request.md.
"""

import asyncio
import contextvars
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


class ThreadHandler(ASGIHandler):
    """Answers requests in threads of its own: middleware, view, and the end of the transaction.

    Django's handler goes from the event loop to a thread and back for the middleware, for the view
    and for the end, and starts that thread anew for each request. All of ours is synchronous.
    """

    def __init__(self, threads: int) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

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
        context = contextvars.copy_context()
        response = await asyncio.get_running_loop().run_in_executor(
            self._threads, context.run, self._answer, scope, body
        )
        await self.send_response(response, send)

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
                response.close()


def _whole(response: HttpResponseBase) -> HttpResponse:
    """The answer with all of its body, as Django's handler makes it of what is not asynchronous."""
    whole = HttpResponse(b"".join(response), status=response.status_code)
    whole.headers, whole.cookies = response.headers, response.cookies
    return whole
