"""The hub: one in each process, between the channel layer and the open sockets.

It owns one layer channel, keeps the register of who listens to what, serialises a change once for
each language and writes it to all. Nothing here queries the database or the layer for each socket
on the way of a change. Source: docs/decisions/0002-hub.md.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from channels.layers import BaseChannelLayer, get_channel_layer

from forum.live import announcing, languages, rules, streams, wire
from forum.live.attending import Attending
from forum.live.doorkeeper import Doorkeeper, Reader
from forum.live.sockets import Register, Socket
from forum.live.wire import Close

logger = logging.getLogger(__name__)

SOCKETS_PER_TURN = 200  # then other work of the loop gets its turn
MAX_UNSENT_BYTES = 512 * 1024  # waiting for a page that does not read
HEARTBEAT_SECONDS = 3.0
STAY_SECONDS = 10.0
ORDER_SECONDS = 0.3  # so long a change waits for the one ahead of it
GRACE_SECONDS = 0.3  # a number read before its own hint arrived is no loss yet
REVALIDATE_SECONDS = 60.0
PAIRS_PER_VISIT = 50  # rights judged in one visit to the database
RETRY_SECONDS = (0.5, 1, 2, 5, 10)


@dataclass(slots=True)
class Counts:
    """What the hub did since it began, for logs, tests and benchmarks."""

    frames: int = 0
    healed: int = 0
    too_slow: int = 0
    restarts: int = 0


class Hub:
    """The meeting place of changes and sockets. All methods belong to the event loop."""

    def __init__(self, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self.register = Register()
        self.counts = Counts()
        self.attending = Attending(self.register, send=self._send, publish=_publish)
        self._heartbeat_seconds = heartbeat_seconds
        self._known: dict[str, int] = {}  # the highest number told of each stream
        self._early: dict[str, dict[int, dict[str, str]]] = {}  # changes ahead of a missing one
        self._releasing: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._channel: str | None = None
        self._is_unjudged = False
        self._is_in_the_group = False

    @property
    def is_listening(self) -> bool:
        """Whether the channel layer reaches this hub at this moment."""
        return self._is_in_the_group

    # --- Life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work on the running loop; calling again is harmless."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self._doorkeeper = Doorkeeper()
        self._reader = Reader("live-truth")
        self._recheck = asyncio.Event()
        announcing.publish_through(loop)
        self._tasks = [
            loop.create_task(self._for_ever(work), name=f"live {work.__name__}")
            for work in (
                self._pump,
                self._stay_in_the_group,
                self._doorkeeper.work,
                self._beat,
                self._revalidate,
                self.attending.work,
            )
        ]

    async def stop(self) -> None:
        """End the hub's tasks; its sockets are left to whoever closes them."""
        tasks = [*self._tasks, *self._releasing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._early.clear()
        self._doorkeeper.reader.close()
        self._reader.close()
        self._tasks, self._loop = [], None

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await work()
            except Exception:
                logger.exception("The live hub failed and starts again: %s", work.__name__)
            self.counts.restarts += 1
            if asyncio.get_running_loop().time() - began > RETRY_SECONDS[-1]:
                failures = 0
            await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
            failures += 1

    # --- Changes --------------------------------------------------------------------------------

    async def _pump(self) -> None:
        layer = _layer()
        try:
            self._channel = await layer.new_channel("live-hub.")
            await layer.group_add(announcing.GROUP, self._channel)
            self._is_in_the_group = True
            while True:
                message = await layer.receive(self._channel)
                for each in message.get("messages", [message]):
                    await self._take(each)
        except Exception:
            # A layer that failed is made like new; else each attempt would leave a channel in it.
            with contextlib.suppress(Exception):
                await layer.flush()
            raise
        finally:
            self._channel, self._is_in_the_group = None, False

    async def _stay_in_the_group(self) -> None:
        # The in-memory layer drops a channel from its groups once a message in it expired.
        while True:
            await asyncio.sleep(STAY_SECONDS)
            if self._channel is not None:
                await _layer().group_add(announcing.GROUP, self._channel)

    async def _take(self, message: dict[str, Any]) -> None:
        try:
            if message["type"] == "change":
                await self._change(message["stream"], message["seq"], message.get("html", {}))
            elif message["type"] == "numbers":
                for stream, seq in message["numbers"].items():
                    await self._change(stream, seq, {})
            elif message["type"] == "kick":
                await self._kick(message["user"], message["session"])
            elif message["type"] == "recheck":
                # Until every socket is judged again, changes pass as numbers without text.
                self._is_unjudged = self.attending.is_silent = True
                self._recheck.set()
            elif message["type"] == "presence":
                self.attending.presence.take(message)
        except Exception:
            logger.exception("A live message was not understood")

    async def _change(self, stream: str, seq: int, html: dict[str, str]) -> None:
        known = self._known.get(stream)
        if html and known is not None and seq > known + 1:
            self._hold(stream, seq, html)
            return
        await self._tell_in_turn(stream, seq, html)

    async def _tell_in_turn(self, stream: str, seq: int, html: dict[str, str]) -> None:
        """The change, and those that waited for it."""
        await self._tell_change(stream, seq, html)
        early = self._early.get(stream, {})
        while following := early.pop(seq := seq + 1, None):
            await self._tell_change(stream, seq, following)

    def _hold(self, stream: str, seq: int, html: dict[str, str]) -> None:
        """Wait a moment for the change ahead of this one: two processes wrote at the same time, and
        every page would fetch what it is about to be sent."""
        if stream not in self._early:
            self._early[stream] = {}
            self._releasing.add(task := asyncio.ensure_future(self._release(stream)))
            task.add_done_callback(self._releasing.discard)
        self._early[stream][seq] = html

    async def _release(self, stream: str) -> None:
        await asyncio.sleep(ORDER_SECONDS)
        for seq, html in sorted(self._early.pop(stream).items()):
            try:
                await self._tell_in_turn(stream, seq, html)
            except Exception:
                logger.exception("A live change that waited could not be told")

    async def _tell_change(self, stream: str, seq: int, html: dict[str, str]) -> None:
        texts: dict[str, str] = {}
        if self._is_unjudged:
            html = {}

        def text(language: str) -> str:
            if language not in texts:
                texts[language] = wire.change(stream, seq, html.get(language))
            return texts[language]

        await self._tell(stream, seq, text)

    async def _tell(self, stream: str, seq: int, text: Callable[[str], str]) -> None:
        listeners = self.register.listeners(stream)
        # Also of whom the heartbeat has not forgotten yet: a page that is loaded anew comes back.
        if listeners or stream in self._known:
            self._known[stream] = max(seq, self._known.get(stream, 0))
        for count, socket in enumerate(listeners, 1):
            if stream in socket.waiting:
                socket.waiting[stream] = max(seq, socket.waiting[stream])
            elif stream in socket.streams:
                await self._send(socket, text(socket.language))
            if count % SOCKETS_PER_TURN == 0:
                await asyncio.sleep(0)

    async def _send(self, socket: Socket, text: str) -> None:
        if socket.unsent_bytes() > MAX_UNSENT_BYTES:
            self.counts.too_slow += 1
            await self.close(socket, Close.TOO_SLOW)
            return
        self.counts.frames += 1
        try:
            await socket.send(text)
        except Exception:
            # One that went away takes frames in silence, so this is a fault of ours: the page
            # comes back and reads what it missed.
            logger.exception("A frame could not be sent")
            await self.close(socket, Close.COME_BACK)

    async def close(self, socket: Socket, code: Close) -> None:
        """Forget the socket and close it."""
        self.register.leave(socket)
        try:
            await socket.close(int(code))  # autobahn accepts no subclass of int
        except Exception:
            logger.exception("A socket could not be closed")

    async def _kick(self, user: int | None, session: str | None) -> None:
        for socket in list(self.register.sockets):
            is_theirs = user is not None and socket.viewer.pk == user
            if is_theirs or (session is not None and socket.session_key == session):
                await self.close(socket, Close.LOGGED_OUT)

    # --- Joining --------------------------------------------------------------------------------

    async def join(self, socket: Socket, names: tuple[str, ...]) -> None:
        """Let the socket listen where it may; register first, then judge and read the number."""
        for name in names:
            self.register.listen(socket, name)
        try:
            verdict = await self._doorkeeper.ask(socket.viewer, names)
        except ConnectionError:
            await self.close(socket, Close.COME_BACK)
            return
        if verdict.viewer is None:
            await self.close(socket, Close.LOGGED_OUT)
            return
        socket.viewer = verdict.viewer
        for name in names:
            if name in socket.streams:  # it may have been closed or have left meanwhile
                await self._admit(socket, name, verdict.numbers.get(name))
        # Of admitted streams alone: a page may invent as many names as it likes.
        heard = {name for name in names if name in socket.streams and name not in socket.waiting}
        await self._say_what_is_heard({languages.heard(name, socket.language) for name in heard})

    async def _admit(self, socket: Socket, name: str, number: int | None) -> None:
        if number is None:
            self.register.unlisten(socket, name)
            await self._send(socket, wire.refused(name))
            return
        number = max(number, socket.waiting.pop(name, 0))
        # Where others listen already they may have missed a hint: the heartbeat compares with what
        # was told to all, not with what this one reads.
        self._known.setdefault(name, number)
        await self._send(socket, wire.now(name, number))
        await self.attending.greet(socket, name)

    async def write(self, socket: Socket, name: str, organization: int | None) -> None:
        """The member of the socket writes there, in that voice; None where they stopped."""
        await self.attending.writes(socket, name, organization, self._reader)

    # --- Truth ----------------------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            await self._tell_the_truth()

    async def _tell_the_truth(self) -> None:
        names = self.register.streams()
        for name in self._known.keys() - set(names):
            del self._known[name]
        if not names:
            return
        numbers = await self._reader.read(streams.numbers, names)
        await asyncio.sleep(GRACE_SECONDS)
        for name in names:
            number = numbers.get(name)
            if number is None:
                await self._end(name)
            elif number > self._known.get(name, 0):
                self.counts.healed += 1
                await self._tell(
                    name, number, partial(_same_in_every_language, wire.now(name, number))
                )
        # Last: a cache that is away must not keep the truth from anybody.
        await self._say_what_is_heard(
            {
                languages.heard(name, language)
                for name, spoken in self.register.languages().items()
                for language in spoken
            }
        )

    async def _say_what_is_heard(self, heard: set[languages.Heard]) -> None:
        for what in heard:
            if not languages.is_said(what):
                try:
                    await self._reader.read(languages.say, what)
                except Exception:
                    # Pages of other processes' changes fetch the text then.
                    logger.exception("It could not be said that somebody listens")

    async def _end(self, name: str) -> None:
        """The stream's owner is gone: whoever was admitted hears it."""
        for socket in self.register.listeners(name):
            if name not in socket.waiting:
                self.register.unlisten(socket, name)
                await self._send(socket, wire.refused(name))

    async def _revalidate(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._recheck.wait(), REVALIDATE_SECONDS)
            self._recheck.clear()
            await self.revalidate()
            self._is_unjudged = self.attending.is_silent = self._recheck.is_set()

    async def revalidate(self) -> None:
        """Close the sockets whose session ended, whose member is suspended, or that lost a right.

        Queries: one for sessions, one for members, and one for each member and stream.
        """
        sockets = list(self.register.sockets)
        pks = {s.viewer.pk for s in sockets if s.viewer.pk is not None}
        keys = {s.session_key for s in sockets if s.session_key and s.viewer.pk is not None}
        members = await self._reader.read(rules.fresh_members, pks)
        sessions = await self._reader.read(rules.open_sessions, keys)
        for socket in sockets:
            if not rules.is_still_logged_in(socket, members, sessions):
                await self.close(socket, Close.LOGGED_OUT)
            elif socket.viewer.pk is not None:
                socket.viewer = members[socket.viewer.pk]
                socket.voices.clear()
        await self._judge_again(sockets)

    async def _judge_again(self, sockets: list[Socket]) -> None:
        pairs = {(s.viewer.pk, name): (s.viewer, name) for s in sockets for name in s.streams}
        rights: dict[rules.Pair, bool] = {}
        questions = list(pairs.values())
        for start in range(0, len(questions), PAIRS_PER_VISIT):
            visit = questions[start : start + PAIRS_PER_VISIT]
            rights |= await self._reader.read(rules.judge, visit)
        for socket in sockets:
            admitted = socket.streams - socket.waiting.keys()
            if not all(rights.get((socket.viewer.pk, name), True) for name in admitted):
                await self.close(socket, Close.RIGHT_LOST)


def _same_in_every_language(frame: str, _: str) -> str:
    return frame


async def _publish(message: dict[str, Any]) -> None:
    await _layer().group_send(announcing.GROUP, message)


def _layer() -> BaseChannelLayer:
    layer = get_channel_layer()
    assert layer is not None
    return layer


HUB = Hub()
