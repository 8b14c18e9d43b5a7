"""Daphne inside our own process: bounds, the client's true address, and a clean end.

Daphne's command line gives neither a body limit, a backlog, a header strip, nor a drain.
Source: docs/decisions/0008-launcher.md.
"""

import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

# First: it installs the reactor on asyncio, before anything else of Twisted is imported.
from daphne import http_protocol
from daphne.server import Server, twisted_loop
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred

from forum.live import announcing
from forum.live.hub import HUB
from forum.live.wire import Close
from forum_site.launching import newcomers
from forum_site.launching.requests import BoundedRequest

reactor: Any = installed_reactor  # of a class chosen at run time

BACKLOG = 2048  # connections; Twisted's 50 makes a returning crowd wait for seconds
HTTP_SECONDS = 60  # a request that takes longer is answered 503
PING_SECONDS = 15
PONG_SECONDS = 10
HANDSHAKE_SECONDS = 30  # a thousand sockets that come back at once wait for their sessions
DRAIN_SECONDS = 8
ARRIVING_SECONDS = 0.25  # for connections that the kernel has accepted and we have not
# Of a WebSocket message in both directions: 16 KiB of HTML, escaped as JSON, must fit. What pages
# send is bounded further by the consumer.
FRAME_MAX_BYTES = 128 * 1024
CLOSING_SECONDS = 2
TICK_SECONDS = 0.05


class CannotListen(Exception):
    """The address cannot be listened on; the text is the system's reason."""


class ForumServer(Server):
    """Daphne's server with the client's address behind proxies and a drain at its end."""

    is_draining = False
    failure: str | None = None

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        # Daphne loses the port in the Deferred's result; the drain must close it.
        self.ports = [*getattr(self, "ports", []), port]
        self.on_listening(port.getHost().port)

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        self.stop()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope.get("client"):
            scope["client"][0] = client_address(scope["client"][0], scope["headers"])
        if scope["type"] == "websocket":
            scope["extensions"] = {"forum.unsent_bytes": lambda: unsent_bytes(protocol.transport)}
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> "Deferred[None]":
        """Drain instead. Daphne's own raises KeyError at a half-received upload, and crashes."""
        return Deferred.fromFuture(asyncio.ensure_future(self.drain(), loop=twisted_loop))

    async def drain(self) -> None:
        """Stop listening, send sockets away, let requests finish for a while, cancel the rest."""
        self.is_draining = True
        for port in getattr(self, "ports", []):
            newcomers.overlook(port.socket)
        await asyncio.sleep(ARRIVING_SECONDS)
        for port in getattr(self, "ports", []):
            await port.stopListening().asFuture(twisted_loop)
        self._send_sockets_away()
        await _until(lambda: not any(self._running_requests()), DRAIN_SECONDS)
        await _until(lambda: not any(self._open_sockets()), CLOSING_SECONDS)
        await _until(lambda: not _has_unsent_answers(), CLOSING_SECONDS)
        await _until(announcing.is_all_sent, CLOSING_SECONDS)
        await HUB.stop()
        await _cancel_everything()

    def _send_sockets_away(self) -> None:
        for protocol in list(self._open_sockets()):
            with contextlib.suppress(Exception):
                if protocol.state == protocol.STATE_OPEN:
                    protocol.serverClose(code=int(Close.COME_BACK))
                elif protocol.state == protocol.STATE_CONNECTING:
                    protocol.serverReject()

    def _open_sockets(self) -> Iterator[WebSocketProtocol]:
        for protocol, details in self.connections.items():
            if isinstance(protocol, WebSocketProtocol) and "disconnected" not in details:
                yield protocol

    def _running_requests(self) -> Iterator[BoundedRequest]:
        for protocol, details in self.connections.items():
            task = details.get("application_instance")
            if isinstance(protocol, BoundedRequest) and task is not None and not task.done():
                yield protocol


def serve(application: Any, host: str, port: int, on_listening: Callable[[int], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; a second Ctrl-C ends the process at once.

    Raises: CannotListen.
    """
    _allow_many_files()
    http_protocol.WebRequest = BoundedRequest  # the name Daphne's factory looks up
    interface = host.strip("[]").replace(":", r"\:")
    server = ForumServer(
        application,
        endpoints=[f"tcp:port={port}:interface={interface}:backlog={BACKLOG}"],
        signal_handlers=False,
        http_timeout=HTTP_SECONDS,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        websocket_connect_timeout=HANDSHAKE_SECONDS,
        websocket_handshake_timeout=HANDSHAKE_SECONDS,
        websocket_max_message_size=FRAME_MAX_BYTES,
        websocket_max_frame_size=FRAME_MAX_BYTES,
        server_name="",
    )
    server.on_listening = on_listening
    _stop_on_signals()
    announcing.publish_through(twisted_loop)
    # Python would now and then look through all that was loaded for garbage: a tenth of a second in
    # which nobody is answered. Source: docs/decisions/0056-no-garbage-among-what-stays.md.
    gc.freeze()
    server.run()
    if server.failure is not None:
        raise CannotListen(server.failure)


def ensure_free(host: str, port: int) -> None:
    """Try the address before anything slow is done. Raises: CannotListen."""
    try:
        (family, *_, address), *_ = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotListen(error.strerror or str(error)) from error


def client_address(peer: str, headers: list[tuple[bytes, bytes]]) -> str:
    """The address of the client: the peer, or what the trusted proxies say about it.

    Each proxy adds its own peer at the end; what stands further left was sent by the client.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = b",".join(value for name, value in headers if name == b"x-forwarded-for")
    addresses = [part.strip() for part in forwarded.decode("latin-1").split(",")]
    if not proxies or not forwarded or len(addresses) < proxies:
        return peer
    return addresses[-proxies] or peer


def unsent_bytes(transport: Any) -> int:
    """What was written to a connection and its client has not taken yet.

    Twisted 26.10 shows it in no public way; twisted/internet/abstract.py, FileDescriptor.write.
    """
    if transport is None:
        return 0
    return len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def _stop_on_signals() -> None:
    asked: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        if asked and number == signal.SIGINT:
            os._exit(1)
        if not asked:
            reactor.callFromThread(reactor.stop)
        asked.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _allow_many_files() -> None:
    """Every socket is a file: take all that the system grants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _has_unsent_answers() -> bool:
    return any(hasattr(writer, "dataBuffer") for writer in reactor.getWriters())


async def _until(is_done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_done() and time.monotonic() < end:
        await asyncio.sleep(TICK_SECONDS)


async def _cancel_everything() -> None:
    """Cancel what is left; a view that hangs in its thread cannot be waited for."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1)
